/* SPDX-License-Identifier: MIT */
/* The provider's own diagnostic, started where the settings want it: the interface is given the
   password, tests the account from the provider's side, and tells what it came to. */
#include "api.h"

#define LOOK_AGAIN_MS 2000 /* the control panel looks as often */

#define PASSWORD "{\"password\":{secret-json}}"

enum phase { DIAGNOSTIC_BEGIN, DIAGNOSTIC_GOES_ON, DIAGNOSTIC_DONE, DIAGNOSTIC_READ };

/* ---- what is learned ---- */

/* Task: its number, and one of todo, doing, done, cancelled, error. */
static void take_task(struct lane *lane, const struct json *json)
{
    struct slice status = json_text(json, "status");
    bool open = slice_is(status, "todo") || slice_is(status, "doing");
    bool over = slice_is(status, "done") || slice_is(status, "cancelled");
    lane->notebook.answered =
        json_number(json, "id", &lane->notebook.task) && lane->notebook.task > 0 && (open || over);
    lane->notebook.phase = over ? DIAGNOSTIC_DONE : DIAGNOSTIC_GOES_ON;
    lane->notebook.look_again_ms = port_now_ms() + LOOK_AGAIN_MS;
}

static void hear_task(struct lane *lane)
{
    api_take(lane, take_task);
}

static void hear_result(struct lane *lane)
{
    api_take(lane, api_take_diagnosis);
    lane->notebook.phase = DIAGNOSTIC_READ;
}

/* ---- judges ---- */

static bool is_under_way(const struct lane *lane)
{
    return lane->notebook.answered && slice_is(lane->dialogue.reply.code, "200");
}

/* ---- scripts ---- */

/* clang-format off */
static const struct step begin_diagnostic[] = {
    SAY_SECRET("POST {path}\n" API_FIELDS "\n"
               "Content-Type: application/json\n"
               "\n"
               PASSWORD),
    HEAR_AT(STAGE_AUTH, API_ANSWERS, api_outages, API_UNAVAILABLE),
    LEARN  (hear_task),
    JUDGE_AT(STAGE_DATA, is_under_way, api_refusals, API_UNAVAILABLE),
    END
};
static const struct step look_at_task[] = {
    SAY_SECRET("GET {path}\n" API_FIELDS),
    HEAR_AT(STAGE_AUTH, API_ANSWERS, api_outages, API_UNAVAILABLE),
    LEARN  (hear_task),
    JUDGE_AT(STAGE_DATA, is_under_way, api_refusals, API_UNAVAILABLE),
    END
};
static const struct step read_result[] = {
    SAY_SECRET("GET {path}\n" API_FIELDS),
    HEAR_AT(STAGE_AUTH, API_ANSWERS, api_outages, API_UNAVAILABLE),
    LEARN  (hear_result),
    JUDGE_AT(STAGE_DATA, is_under_way, api_refusals, API_UNAVAILABLE),
    NOTE   (account_may_send,           ACCOUNT_BLOCKED_FOR_SPAM),
    NOTE   (account_is_subscribed,      ACCOUNT_SUBSCRIPTION_EXPIRED),
    NOTE   (account_is_not_locked,      ACCOUNT_LOCKED),
    END
};
/* clang-format on */

/* ---- chooser ---- */

static bool is_out_of_patience(const struct lane *lane)
{
    int64_t patience_ms = lane->suite->order->account->patience_s * 1000;
    return port_now_ms() - lane->since_ms >= patience_ms;
}

static const struct step *prepared(struct lane *lane, enum api_question question, int64_t task,
                                   const char *body, const struct step *script)
{
    if (api_prepare(lane, question, task, body))
        return script;
    (void)lane_raise(lane, API_SERVICE_UNKNOWN); /* a full ledger counts what it dropped */
    return NULL;
}

static const struct step *choose_diagnostic(struct lane *lane)
{
    struct notebook *notebook = &lane->notebook;
    if (notebook->phase == DIAGNOSTIC_READ && !lane->spoilt)
        ledger_ok(&lane->suite->run->ledger, PROVIDER_DIAGNOSIS);
    if (notebook->phase >= DIAGNOSTIC_READ)
        return NULL;
    if (notebook->phase == DIAGNOSTIC_GOES_ON && is_out_of_patience(lane)) {
        ledger_unknown(&lane->suite->run->ledger, PROVIDER_DIAGNOSIS, REASON_DEADLINE);
        return NULL;
    }
    if (notebook->phase == DIAGNOSTIC_GOES_ON && notebook->look_again_ms > port_now_ms()) {
        lane->wake_ms = notebook->look_again_ms;
        return NULL;
    }
    if (!lane->dialogue.on_the_wire)
        return web_again;
    if (notebook->phase == DIAGNOSTIC_BEGIN)
        return prepared(lane, API_ASKS_DIAGNOSTICS, 0, PASSWORD, begin_diagnostic);
    if (notebook->phase == DIAGNOSTIC_GOES_ON)
        return prepared(lane, API_ASKS_TASKS, notebook->task, "", look_at_task);
    return prepared(lane, API_ASKS_DIAGNOSTICS, 0, "", read_result);
}

const struct part part_provider_diagnosis = { choose_diagnostic, api_dress, api_recover,
                                              SCRIPTS(begin_diagnostic, look_at_task, read_result,
                                                      web_again) };
