/* SPDX-License-Identifier: MIT */
/* Commands of the fleet: each gets its one answer here, at once. */
#include "keeper_parts.h"
#include "log.h"

#include <string.h>

#define EXPLANATION_MAX 8192
#define WRONG_MAX       200

/* The command that is being answered. */
struct call {
    struct keeper *keeper;
    struct command command;
    const char *reply_topic;
    struct slice correlation;
};

static void answer_with(struct call *call, enum reply_code code, const char *words,
                        const char *result)
{
    struct keeper *keeper = call->keeper;
    const struct reply_facts facts = {
        .id = call->command.id,
        .code = code,
        .words = words,
        .result = result,
    };
    struct payload_head head = outbox_head(&keeper->outbox);
    size_t len;
    if (payload_reply(&head, &facts, keeper->text, sizeof keeper->text, &len)) {
        outbox_reply(&keeper->outbox, head.seq, call->reply_topic, call->correlation,
                     (struct slice){ keeper->text, len });
        return;
    }
    log_error("command", "no memory for an answer");
    outbox_give_up(&keeper->outbox, MESSAGE_REPLY);
}

static void answer(struct call *call, enum reply_code code, const char *words)
{
    answer_with(call, code, words, NULL);
}

/* ---- what is done between two runs ---- */

static bool is_same(const struct fleet_task *a, const struct fleet_task *b)
{
    return strcmp(a->account, b->account) == 0 && a->only == b->only && a->support == b->support &&
           a->language == b->language && a->next == b->next;
}

static void queue(struct call *call, bool support)
{
    struct fleet *fleet = &call->keeper->fleet;
    struct fleet_task task = {
        .only = call->command.only,
        .support = support,
        .language = support ? call->command.language : -1,
        .came_ms = port_now_ms(),
    };
    text_put_string(task.account, sizeof task.account, call->command.account);
    /* The first may be under way: who asks now wants to know what comes after it. */
    size_t first = call->keeper->fleet_began ? 1 : 0;
    for (size_t i = first; i < fleet->count; i++)
        if (is_same(&fleet->task[i], &task)) {
            answer(call, REPLY_QUEUED, "the same was asked for already");
            return;
        }
    if (fleet->count == COMMANDS_WAITING_MAX) {
        answer(call, REPLY_BUSY, "too many commands wait: say it again later");
        return;
    }
    fleet->task[fleet->count++] = task;
    answer(call, REPLY_QUEUED, "");
}

static void drop_first(struct fleet *fleet)
{
    fleet->count--;
    memmove(&fleet->task[0], &fleet->task[1], fleet->count * sizeof fleet->task[0]);
}

/* Accounts may have gone by a reload since the command came. */
const struct account_settings *fleet_account(struct keeper *keeper)
{
    const struct settings *settings = keeper_settings(keeper);
    struct fleet *fleet = &keeper->fleet;
    while (fleet->count > 0) {
        const struct fleet_task *task = &fleet->task[0];
        const struct account_settings *account = NULL;
        if (task->account[0] != '\0')
            account = settings_account(settings, task->account);
        else if (task->next < settings->account_count)
            account = &settings->accounts[task->next];
        if (account != NULL)
            return account;
        drop_first(fleet);
    }
    return NULL;
}

void fleet_done(struct keeper *keeper)
{
    struct fleet *fleet = &keeper->fleet;
    struct fleet_task *task = &fleet->task[0];
    task->next++;
    if (task->account[0] != '\0' || task->next >= keeper_settings(keeper)->account_count)
        drop_first(fleet);
}

/* ---- the verbs ---- */

static void do_run(struct call *call)
{
    queue(call, false);
}

static void do_support(struct call *call)
{
    queue(call, true);
}

static void do_explain(struct call *call)
{
    char room[EXPLANATION_MAX];
    enum language language = LANGUAGE_EN;
    size_t len;
    if (call->command.language >= 0)
        language = (enum language)call->command.language;
    else if (!settings_language(keeper_settings(call->keeper), NULL, &language))
        language = LANGUAGE_EN; /* cannot be: nothing was asked */
    if (!payload_explains(call->command.code))
        answer(call, REPLY_UNKNOWN, "there is no such finding, remedy or check");
    else if (payload_explanation(call->command.code, language, room, sizeof room, &len))
        answer_with(call, REPLY_DONE, "", room);
    else
        answer(call, REPLY_FAILED, "no room for the explanation");
}

static void do_pause(struct call *call)
{
    struct keeper *keeper = call->keeper;
    int64_t seconds = call->command.seconds;
    keeper->schedule.paused = true;
    keeper->paused_until_ms = seconds == 0 ? INT64_MAX : port_now_ms() + seconds * 1000;
    answer(call, REPLY_DONE, "");
}

static void do_resume(struct call *call)
{
    call->keeper->schedule.paused = false;
    answer(call, REPLY_DONE, "");
}

static void forget_held(struct call *call)
{
    struct keeper *keeper = call->keeper;
    const struct settings *settings = keeper_settings(keeper);
    const struct account_settings *account = settings_account(settings, call->command.account);
    switch (budget_forget(keeper->state, account->address)) {
    case BUDGET_FORGOT:
        /* The one more try is what was asked for; if it is refused, the window begins anew. */
        schedule_hold_login(&keeper->schedule, (size_t)(account - settings->accounts), 0);
        answer(call, REPLY_DONE, "the next run with login tries the password once more");
        break;
    case BUDGET_NOTHING_KEPT:
        answer(call, REPLY_DONE, "nothing was refused");
        break;
    case BUDGET_NOT_STORABLE:
        answer(call, REPLY_FAILED, "the state directory cannot be written");
        break;
    }
}

static void do_forget_refusal(struct call *call)
{
    const char *state = call->keeper->state;
    /* The run would write what it knows over what is forgotten. */
    if (call->keeper->round.held || budget_hold(state, 0) == BUDGET_BUSY) {
        answer(call, REPLY_BUSY, "a run with login is on: say it again later");
        return;
    }
    forget_held(call);
    budget_release(state);
}

static void do_wait(struct call *call)
{
    uplink_wait_until(call->keeper->uplink, port_now_ms() + (int64_t)call->command.seconds * 1000);
    answer(call, REPLY_DONE, "");
}

static void (*const verbs[COMMAND_VERBS])(struct call *call) = {
    [COMMAND_RUN] = do_run,         [COMMAND_EXPLAIN] = do_explain,
    [COMMAND_SUPPORT] = do_support, [COMMAND_PAUSE] = do_pause,
    [COMMAND_RESUME] = do_resume,   [COMMAND_FORGET_REFUSAL] = do_forget_refusal,
    [COMMAND_WAIT] = do_wait,
};

/* MQTT 5 section 3.3.2.3.5 forbids wildcards there. A broker that let them pass would hang up for
   the answer, and again at each repetition. */
static const char *answerable(const char *topic)
{
    return strpbrk(topic, "+#") == NULL ? topic : "";
}

void fleet_command(void *owner, struct slice payload, const char *reply_topic,
                   struct slice correlation)
{
    struct keeper *keeper = owner;
    struct call call = {
        .keeper = keeper,
        .reply_topic = reply_topic == NULL ? "" : answerable(reply_topic),
        .correlation = correlation,
    };
    char wrong[WRONG_MAX] = "";
    bool read = command_read(payload, &call.command, wrong, sizeof wrong);
    if (!command_allowed(&keeper->fleet.rate, port_now_ms())) {
        answer(&call, REPLY_RATE_LIMITED, "too many commands: say it again in a minute");
        return;
    }
    if (reply_topic == NULL) {
        answer(&call, REPLY_MALFORMED, "the response topic is too long");
        return;
    }
    if (!read) {
        answer(&call, REPLY_MALFORMED, wrong);
        return;
    }
    const char *account = call.command.account;
    log_info("command", "%s%s%s", command_verb_name(call.command.verb),
             account[0] == '\0' ? "" : " ", account);
    if (account[0] != '\0' && settings_account(keeper_settings(keeper), account) == NULL) {
        answer(&call, REPLY_UNKNOWN, "there is no such account here");
        return;
    }
    verbs[call.command.verb](&call);
}
