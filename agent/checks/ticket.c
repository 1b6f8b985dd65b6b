/* SPDX-License-Identifier: MIT */
/* A support ticket at the provider: opened when a person commands it, by one request that is never
   repeated. */
#include "api.h"

#define TICKET                                                                                     \
    "{\"subject\":{subject-json},\"body\":{body-json},\"type\":\"genericRequest\","                \
    "\"serviceName\":{api-service-json}}"

enum phase { TICKET_TO_SAY, TICKET_SAID };

static struct provider_view *view_of(const struct lane *lane)
{
    return &lane->suite->run->ledger.provider;
}

/* ---- what is learned ---- */

static void settle(struct lane *lane, enum ticket_state state, const char *words)
{
    view_of(lane)->ticket = state;
    ledger_fact(&lane->suite->run->ledger, PROVIDER_TICKET, "ticket", "%s", words);
}

/* NewMessageInfo: the ticket's number; an id where it has no number. */
static void take_ticket(struct lane *lane, const struct json *json)
{
    int64_t number = 0;
    lane->notebook.answered =
        json_number(json, "ticketNumber", &number) || json_number(json, "ticketId", &number);
    lane->notebook.answered = lane->notebook.answered && number > 0;
    if (!lane->notebook.answered)
        return;
    char words[24];
    text_put_format(words, sizeof words, "%lld", (long long)number);
    settle(lane, TICKET_OPENED, words);
    view_of(lane)->ticket_number = number;
}

static void hear_ticket(struct lane *lane)
{
    api_take(lane, take_ticket);
    if (!slice_is(lane->dialogue.reply.code, "200"))
        settle(lane, TICKET_NOT_OPENED, "none");
}

/* ---- judges ---- */

static bool is_opened(const struct lane *lane)
{
    return view_of(lane)->ticket == TICKET_OPENED;
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step open_ticket[] = {
    SAY_SECRET("POST {path}\n" API_FIELDS "\n"
               "Content-Type: application/json\n"
               "\n"
               TICKET),
    HEAR_AT(STAGE_AUTH, API_ANSWERS, api_outages, API_UNAVAILABLE),
    LEARN  (hear_ticket),
    JUDGE_AT(STAGE_DATA, is_opened, api_refusals, API_UNAVAILABLE),
    END
};
/* clang-format on */

/* ---- chooser ---- */

static bool fill_holes(struct lane *lane)
{
    const struct order *order = lane->suite->order;
    const char **hole = lane->dialogue.hole;
    hole[HOLE_SUBJECT] = order->ticket->subject;
    hole[HOLE_BODY] = order->ticket->body;
    hole[HOLE_API_SERVICE] = text_copy(lane->suite->arena, provider_api_service(order->account));
    return hole[HOLE_API_SERVICE] != NULL;
}

static const struct step *choose_ticket(struct lane *lane)
{
    if (lane->notebook.phase >= TICKET_SAID)
        return NULL;
    if (!lane->dialogue.on_the_wire)
        return web_again;
    if (!fill_holes(lane)) {
        (void)lane_raise(lane, DEVICE_EXHAUSTED); /* a full ledger counts what it dropped */
        return NULL;
    }
    if (!api_prepare(lane, API_ASKS_TICKET, 0, TICKET)) {
        (void)lane_raise(lane, API_UNAVAILABLE); /* as above */
        lane->spoilt = true;
        return NULL;
    }
    settle(lane, TICKET_UNSURE, "unclear"); /* until an answer is understood */
    lane->notebook.phase = TICKET_SAID;
    return open_ticket;
}

const struct part part_provider_ticket = { choose_ticket, api_dress, api_recover,
                                           SCRIPTS(open_ticket, web_again) };
