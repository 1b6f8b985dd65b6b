/* SPDX-License-Identifier: MIT */
#include "ticketing.h"

#include "delivery.h"
#include "support.h"
#include "wording.h"

#include <stdio.h>

enum note { NOTE_OPENED, NOTE_NOT_OPENED, NOTE_UNSURE, NOTE_CUT, NOTES };

/* clang-format off */
static const char *const notes[NOTES][LANGUAGES] = {
    [NOTE_OPENED] = {
        "The provider has opened ticket {found}.",
        "Le fournisseur a ouvert le ticket {found}." },
    [NOTE_NOT_OPENED] = {
        "No ticket was opened.",
        "Aucun ticket n'a été ouvert." },
    [NOTE_UNSURE] = {
        "The request for a ticket was sent, but got no clear answer: whether the ticket was opened is "
        "not known. Look at the provider's site before you ask for it again.",
        "La demande de ticket est partie, mais sans réponse claire : on ne sait pas si le ticket a été "
        "ouvert. Regardez sur le site du fournisseur avant de recommencer." },
    [NOTE_CUT] = {
        "(The request was longer; this is its beginning.)",
        "(La demande était plus longue ; en voici le début.)" },
};
/* clang-format on */

/* ---- whether ---- */

bool ticketing_is_allowed(const struct desk *desk, const struct account_settings *account)
{
    const char *file = desk->settings.file;
    if (account->open_ticket != 0)
        return true;
    const struct settings_trouble trouble = {
        .file = file != NULL ? file : SETTINGS_DEFAULT_FILE,
        .key = "open_ticket",
        .found = "\"no\", so that --open-ticket may not open a ticket for this account",
        .wanted = "\"on-command\", with \"api_key_file\" and \"api_service\"",
        .mend = "set \"open_ticket\" to \"on-command\" in the account, or leave --open-ticket out",
    };
    desk_complain(&trouble);
    return false;
}

/* ---- what it says ---- */

/* Bytes that one of the text takes in a JSON string, as {body-json} writes it. */
static size_t cost_of(char c)
{
    if ((unsigned char)c < 0x20)
        return 6;
    return c == '"' || c == '\\' ? 2 : 1;
}

struct slice ticketing_fit(struct slice lines, size_t room)
{
    size_t cost = 0, whole = 0;
    for (size_t i = 0; i < lines.len; i++) {
        cost += cost_of(lines.at[i]);
        if (cost > room)
            return (struct slice){ lines.at, whole };
        if (lines.at[i] == '\n')
            whole = i + 1;
    }
    return lines;
}

static const char *cut(struct desk *desk, struct slice request)
{
    const char *note = notes[NOTE_CUT][desk->language];
    struct slice whole = ticketing_fit(request, TICKET_BODY_MAX - slice_of(note).len);
    if (whole.len == request.len)
        return text_copy(&desk->kept, request);
    return text_format(&desk->kept, "%.*s%s", SLICE_ARG(whole), note);
}

/* In the memory that outlives the run which it is about. */
static bool write_ticket(struct desk *desk, const struct order *order, const struct run *run,
                         struct api_ticket *into_ticket)
{
    char room[TICKET_SUBJECT_MAX];
    struct text subject;
    size_t len = 0;
    char *request = arena_take(&desk->work, SUPPORT_MAX);
    if (request == NULL || !delivery_markdown(desk, order, run, request, SUPPORT_MAX, &len))
        return false;
    text_begin(&subject, room, sizeof room);
    support_subject(order, run, desk->language, &subject);
    into_ticket->subject = text_copy(&desk->kept, text_slice(&subject));
    into_ticket->body = cut(desk, (struct slice){ request, len });
    return !subject.overflow && into_ticket->subject != NULL && into_ticket->body != NULL;
}

/* ---- what became of it ---- */

static void say(const struct desk *desk, const char *const words[LANGUAGES],
                const struct params *params)
{
    char room[WORDING_MAX];
    struct text text;
    text_begin(&text, room, sizeof room);
    wording_fill(&text, words[desk->language], params, desk->language);
    (void)fprintf(stderr, "gatepost: %s\n", room); /* nowhere else to say it */
}

static enum exits tell(const struct desk *desk, const struct run *run)
{
    static const enum note told[] = {
        [TICKET_NOT_OPENED] = NOTE_NOT_OPENED,
        [TICKET_UNSURE] = NOTE_UNSURE,
        [TICKET_OPENED] = NOTE_OPENED,
    };
    const struct provider_view *view = &run->ledger.provider;
    char number[24];
    text_put_format(number, sizeof number, "%lld", (long long)view->ticket_number);
    const struct params params = { .value[PARAM_FOUND] = number };
    say(desk, notes[told[view->ticket]], &params);
    if (view->ticket == TICKET_OPENED)
        return EXITS_DONE;
    for (size_t i = 0; i < run->diagnosis.root_count; i++) {
        const struct raised *raised = run->diagnosis.roots[i].raised;
        say(desk, finding_row(raised->finding)->title, &raised->params);
        say(desk, finding_row(raised->finding)->cause, &raised->params);
    }
    return EXITS_NO_TICKET;
}

enum exits ticketing_open(struct desk *desk, const struct order *order, struct run *run)
{
    struct api_ticket ticket;
    struct settings_trouble trouble;
    if (!write_ticket(desk, order, run, &ticket)) {
        (void)fputs("gatepost: no memory for the ticket\n", stderr); /* nowhere else to say it */
        return EXITS_SYSTEM;
    }
    if (!settings_api_key(order->account->api_key_file, &desk->kept, order->api_key, &trouble)) {
        desk_complain(&trouble);
        return EXITS_CONFIG;
    }
    (void)fflush(stdout); /* the request is there whatever comes of this; looked at by main */
    struct order opening = *order;
    opening.only = CHECK_BIT(PROVIDER_TICKET);
    opening.cost = COST_LIGHT;
    opening.ticket = &ticket;
    arena_reset(&desk->work);
    suite_run(&opening, &desk->work, NULL, run);
    return tell(desk, run);
}
