/* SPDX-License-Identifier: MIT */
#include "keeper_parts.h"
#include "log.h"
#include "report.h"

#define BUSY_MS         30000 /* another gatepost is at work: logins wait so long */
#define LOCKOUT_MINUTES 60    /* where the profile does not know the provider's */
#define EXPIRY_PERIODS  3     /* of the light runs: a report that is older than that is void */
#define DNS_CHECKS                                                                                 \
    (CHECK_BIT(DEVICE_CLOCK) | CHECK_BIT(OFFICE_LINK) | CHECK_BIT(OFFICE_RESOLVER) |               \
     CHECK_BIT(DNS_MX) | CHECK_BIT(DNS_SRV) | CHECK_BIT(DNS_AUTODISCOVER) | CHECK_BIT(DNS_SPF) |   \
     CHECK_BIT(DNS_DKIM) | CHECK_BIT(DNS_DMARC) | CHECK_BIT(DNS_TLS_RPT) | CHECK_BIT(DNS_CAA))

int64_t keeper_wall_ms(int64_t moment_ms)
{
    int64_t now_ms = port_now_ms();
    if (moment_ms == INT64_MAX)
        return 0;
    return port_wall_ms() + (moment_ms > now_ms ? moment_ms - now_ms : 0);
}

static size_t place_of(const struct keeper *keeper, const struct account_settings *account)
{
    return (size_t)(account - keeper_settings(keeper)->accounts);
}

/* Unknown is not bad: a failure weighs more. */
static unsigned weight_of(enum status verdict)
{
    switch (verdict) {
    case STATUS_PENDING:
    case STATUS_SKIPPED:
    case STATUS_OK:
        return 0;
    case STATUS_WARNING:
        return 1;
    case STATUS_UNKNOWN:
        return 2;
    case STATUS_FAILED:
        return 3;
    }
    return 0;
}

static void note_verdict(struct keeper *keeper, enum status verdict)
{
    if (weight_of(verdict) >= weight_of(keeper->worst))
        keeper->worst = verdict;
}

/* ---- beginning ---- */

/* Without the time no certificate can be judged: then only what needs none is asked. */
static enum round_begun begin(struct keeper *keeper, const struct due *due, check_set only,
                              const char *trigger, int64_t since_ms)
{
    const struct settings *settings = keeper_settings(keeper);
    struct round_task task = {
        .settings = settings,
        .account = &settings->accounts[due->account],
        .state = keeper->state,
        .cost = due->cost,
        .only = only,
        .trigger = trigger,
        .commons = &keeper->commons,
        .since_ms = since_ms,
    };
    if (!keeper->schedule.clock_trusted) {
        task.cost = COST_LIGHT;
        task.only = DNS_CHECKS;
    }
    return round_begin(&keeper->round, &keeper->loop, &task);
}

/* A support request wants to know of logins, but not to wait for test mails. Within a lockout
   window no command makes the agent speak a password. */
static enum cost fleet_cost(const struct keeper *keeper, size_t place, int64_t now_ms)
{
    if (keeper->schedule.accounts[place].login_not_before_ms > now_ms)
        return COST_LIGHT;
    return keeper->fleet.task[0].support ? COST_LOGIN : COST_LOOP;
}

/* What the last round has found is good enough for a support request. */
static bool is_fresh(const struct keeper *keeper, const struct account_settings *account,
                     int64_t now_ms)
{
    const struct round_task *task = &keeper->round.task;
    return keeper->round.finished && task->account == account && task->only == 0 &&
           (task->cost != COST_LIGHT || account->secret_file[0] == '\0') &&
           now_ms - keeper->round_ended_ms < keeper_settings(keeper)->light_period_s * 1000;
}

static bool begin_fleet(struct keeper *keeper, const struct account_settings *account,
                        int64_t now_ms)
{
    const struct fleet_task *task = &keeper->fleet.task[0];
    const struct due due = {
        .account = place_of(keeper, account),
        .cost = fleet_cost(keeper, place_of(keeper, account), now_ms),
    };
    if (task->support && is_fresh(keeper, account, now_ms)) {
        keeper_support(keeper, task->language);
        fleet_done(keeper);
        return true;
    }
    /* Who commands wants to know how it is now: of several mailboxes, what they share is seen once
       after the command. */
    switch (begin(keeper, &due, task->only, "command", task->came_ms)) {
    case ROUND_BEGUN:
        keeper->fleet_began = true;
        return true;
    case ROUND_BUSY:
        keeper->fleet.not_before_ms = now_ms + BUSY_MS;
        return true;
    case ROUND_FAILED:
        fleet_done(keeper);
        return true;
    }
    return false;
}

/* What others have seen within a period of the light runs, a scheduled run need not ask again. */
static int64_t period_ago_ms(const struct keeper *keeper)
{
    return port_now_ms() - keeper_settings(keeper)->light_period_s * 1000;
}

static bool begin_once(struct keeper *keeper)
{
    const struct due due = { .account = keeper->once_next, .cost = COST_LOOP };
    switch (begin(keeper, &due, 0, "schedule", period_ago_ms(keeper))) {
    case ROUND_BEGUN:
        keeper->once_next++;
        return true;
    case ROUND_BUSY:
        return false; /* the ticker comes back */
    case ROUND_FAILED:
        note_verdict(keeper, STATUS_UNKNOWN);
        keeper->once_next++;
        return true;
    }
    return false;
}

static bool begin_due(struct keeper *keeper, int64_t now_ms)
{
    struct due due;
    if (!schedule_due(&keeper->schedule, now_ms, &due))
        return false;
    if (begin(keeper, &due, 0, "schedule", period_ago_ms(keeper)) == ROUND_BUSY)
        schedule_hold_login(&keeper->schedule, due.account, now_ms + BUSY_MS);
    else
        schedule_began(&keeper->schedule, &due, now_ms);
    return true;
}

bool keeper_once_through(const struct keeper *keeper)
{
    return keeper->once_next == keeper_settings(keeper)->account_count && !keeper->round.on &&
           keeper->fleet.count == 0;
}

bool keeper_next(struct keeper *keeper, int64_t now_ms)
{
    const struct account_settings *account = fleet_account(keeper);
    if (account != NULL && now_ms >= keeper->fleet.not_before_ms)
        return begin_fleet(keeper, account, now_ms);
    if (!keeper->orders->once)
        return begin_due(keeper, now_ms);
    return keeper->once_next < keeper_settings(keeper)->account_count && begin_once(keeper);
}

/* ---- what was found ---- */

/* A recovery is no warning. */
static void log_change(const struct event_facts *change)
{
    const char *slug = change->finding == NO_FINDING ? "" : finding_row(change->finding)->slug;
    const char *after = status_name(change->after);
    switch (change->kind) {
    case EVENT_RAISED:
        log_warn("change", "%s: %s raised, now %s", change->account, slug, after);
        break;
    case EVENT_CLEARED:
        log_info("change", "%s: %s cleared, now %s", change->account, slug, after);
        break;
    case EVENT_VERDICT:
        if (change->after == STATUS_OK)
            log_info("change", "%s: now %s", change->account, after);
        else
            log_warn("change", "%s: now %s", change->account, after);
        break;
    }
}

static void keep_event(struct keeper *keeper, const struct event_facts *change)
{
    size_t len;
    struct payload_head head = outbox_head(&keeper->outbox);
    if (payload_event(&head, change, keeper->text, sizeof keeper->text, &len)) {
        outbox_keep(&keeper->outbox, MESSAGE_EVENT, change->account, head.seq,
                    (struct slice){ keeper->text, len });
        return;
    }
    log_error("mqtt", "no memory for an event");
    outbox_give_up(&keeper->outbox, MESSAGE_EVENT);
}

static void tell_changes(struct keeper *keeper)
{
    const struct round *round = &keeper->round;
    struct change_list list;
    changes_of_run(&keeper->changes, &round->order, &round->run, &list);
    for (size_t i = 0; i < list.count; i++) {
        log_change(&list.change[i]);
        keep_event(keeper, &list.change[i]);
    }
    if (!changes_keep(&keeper->changes))
        log_warn("change", "%s cannot be written: a restart tells old findings again",
                 keeper->changes.path);
}

static struct report_ledger ledger_of(struct keeper *keeper)
{
    size_t place = place_of(keeper, keeper->round.task.account);
    const struct payload_head head = outbox_head(&keeper->outbox);
    int64_t next_ms =
        keeper->orders->once ? INT64_MAX : schedule_account_next_ms(&keeper->schedule, place);
    return (struct report_ledger){
        .seq = head.seq,
        .next_due_wall_ms = keeper_wall_ms(next_ms),
        .dropped = head.dropped,
    };
}

static const struct changes_account *known_of(const struct keeper *keeper)
{
    struct slice address = slice_of(keeper->round.task.account->address);
    for (size_t i = 0; i < SETTINGS_ACCOUNTS_MAX; i++)
        if (slice_equal_nocase(slice_of(keeper->changes.accounts[i].address), address))
            return &keeper->changes.accounts[i];
    return NULL;
}

static bool is_root(const struct diagnosis *diagnosis, enum finding finding)
{
    for (size_t i = 0; i < diagnosis->root_count; i++)
        if (diagnosis->roots[i].raised->finding == finding)
            return true;
    return false;
}

/* A run of the cheaper checks cannot see what only a login or a test mail shows: it must not make a
 * sick mailbox look well. */
static bool overlooks_something(const struct keeper *keeper)
{
    const struct changes_account *known = known_of(keeper);
    for (size_t i = 0; known != NULL && i < known->raised_count; i++)
        if (!is_root(&keeper->round.run.diagnosis, known->raised[i].finding))
            return true;
    return false;
}

static int64_t period_s(const struct keeper *keeper, enum cost cost)
{
    const struct settings *settings = keeper_settings(keeper);
    if (cost == COST_LIGHT)
        return settings->light_period_s;
    return cost == COST_LOGIN ? settings->login_period_s : settings->loop_period_s;
}

/* What the broker keeps is the last whole report: neither a part that a command asked for takes its
   place, nor a cheaper run that overlooks what is known to be wrong. */
static void tell_report(struct keeper *keeper)
{
    const struct round *round = &keeper->round;
    char *room = outbox_report_room(&keeper->outbox);
    struct report_ledger ledger = ledger_of(keeper);
    size_t len;
    if (!report_write(&round->order, &round->run, &ledger, false, room, MESSAGE_MAX, &len)) {
        log_error("mqtt", "no room for the report of %s", round->task.account->address);
        outbox_give_up(&keeper->outbox, MESSAGE_REPORT);
        return;
    }
    enum cost cost = round->task.cost;
    bool whole = (round->task.only == 0 || !keeper->fleet_began) &&
                 (cost == COST_LOOP || !overlooks_something(keeper));
    uint32_t expiry_s = (uint32_t)(EXPIRY_PERIODS * period_s(keeper, cost));
    outbox_report(&keeper->outbox, round->task.account->address, ledger.seq, len, whole, expiry_s);
}

static void hold_logins(struct keeper *keeper, int64_t now_ms)
{
    int minutes = keeper->round.profile.lockout_minutes;
    if (minutes <= 0)
        minutes = LOCKOUT_MINUTES;
    schedule_hold_login(&keeper->schedule, place_of(keeper, keeper->round.task.account),
                        now_ms + (int64_t)minutes * 60000);
}

void keeper_end_round(struct keeper *keeper, int64_t now_ms)
{
    enum status verdict = keeper->round.run.diagnosis.verdict;
    keeper->round_ended_ms = now_ms;
    note_verdict(keeper, verdict);
    log_info("check", "%s: %s, %s", keeper->round.task.account->address,
             cost_name(keeper->round.task.cost), status_name(verdict));
    if (round_was_refused(&keeper->round))
        hold_logins(keeper, now_ms);
    tell_changes(keeper);
    if (keeper->outbox.journal != NULL)
        tell_report(keeper);
    if (!keeper->fleet_began)
        return;
    if (keeper->fleet.task[0].support)
        keeper_support(keeper, keeper->fleet.task[0].language);
    keeper->fleet_began = false;
    fleet_done(keeper);
}

/* ---- support requests ---- */

static struct support_history history_of(const struct keeper *keeper)
{
    struct support_history history = { { 0 } };
    const struct diagnosis *diagnosis = &keeper->round.run.diagnosis;
    const struct changes_account *known = known_of(keeper);
    for (size_t i = 0; known != NULL && i < diagnosis->root_count; i++)
        for (size_t j = 0; j < known->raised_count; j++)
            if (known->raised[j].finding == diagnosis->roots[i].raised->finding)
                history.since_wall_ms[i] = known->raised[j].since_ms;
    return history;
}

void keeper_support(struct keeper *keeper, int language)
{
    const struct round *round = &keeper->round;
    const struct support_history history = history_of(keeper);
    const struct report_ledger ledger = ledger_of(keeper);
    enum language chosen = language < 0 ? LANGUAGE_EN : (enum language)language;
    size_t len;
    if (language < 0 && !settings_language(keeper_settings(keeper), NULL, &chosen))
        chosen = LANGUAGE_EN; /* cannot be: nothing was asked */
    if (support_json(&round->order, &round->run, chosen, &history, &ledger, keeper->text,
                     sizeof keeper->text, &len)) {
        outbox_keep(&keeper->outbox, MESSAGE_SUPPORT, round->task.account->address, ledger.seq,
                    (struct slice){ keeper->text, len });
        return;
    }
    log_error("mqtt", "no room for the support request of %s", round->task.account->address);
    outbox_give_up(&keeper->outbox, MESSAGE_SUPPORT);
}
