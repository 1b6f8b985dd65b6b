/* SPDX-License-Identifier: MIT */
#include "changes.h"

#include "changes_file.h"

#include <string.h>

/* ---- accounts ---- */

static struct changes_account *find(struct changes *changes, const char *address)
{
    for (size_t i = 0; i < SETTINGS_ACCOUNTS_MAX; i++)
        if (strcmp(changes->accounts[i].address, address) == 0)
            return &changes->accounts[i];
    return NULL;
}

void changes_open(struct changes *changes, const char *directory)
{
    memset(changes, 0, sizeof *changes);
    text_put_format(changes->path, sizeof changes->path, "%s/changes", directory);
    changes_file_read(changes);
}

static bool is_configured(const struct settings *settings, const char *address)
{
    for (size_t i = 0; i < settings->account_count; i++)
        if (strcmp(settings->accounts[i].address, address) == 0)
            return true;
    return false;
}

void changes_forget_others(struct changes *changes, const struct settings *settings)
{
    for (size_t i = 0; i < SETTINGS_ACCOUNTS_MAX; i++) {
        struct changes_account *account = &changes->accounts[i];
        if (account->address[0] == '\0' || is_configured(settings, account->address))
            continue;
        *account = (struct changes_account){ .raised_count = 0 };
        changes->unsaved = true;
    }
}

/* ---- what the run says ---- */

static const struct root *root_of(const struct run *run, enum finding finding)
{
    for (size_t i = 0; i < run->diagnosis.root_count; i++)
        if (run->diagnosis.roots[i].raised->finding == finding)
            return &run->diagnosis.roots[i];
    return NULL;
}

/* As the diagnosis weighs it: what is only possible leaves things unknown. */
static bool weighs(const struct root *root)
{
    return root->confidence != CONFIDENCE_POSSIBLE &&
           finding_row(root->raised->finding)->status != STATUS_UNKNOWN;
}

static bool all_roots_weigh(const struct run *run)
{
    for (size_t i = 0; i < run->diagnosis.root_count; i++)
        if (!weighs(&run->diagnosis.roots[i]))
            return false;
    return run->diagnosis.root_count < DIAGNOSIS_ROOTS_MAX; /* else some were left out */
}

static check_set decided_checks(const struct ledger *ledger)
{
    check_set decided = 0;
    for (enum check check = 0; check < CHECK_COUNT; check++) {
        enum status status = ledger->checks[check].status;
        if (status == STATUS_OK || status == STATUS_WARNING || status == STATUS_FAILED)
            decided |= CHECK_BIT(check);
    }
    return decided;
}

static check_set checks_with(const struct ledger *ledger, enum finding finding)
{
    check_set checks = 0;
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].finding == finding)
            checks |= CHECK_BIT(ledger->raised[i].check);
    return checks;
}

/* ---- findings ---- */

/* True when it goes on. */
static bool review(struct changes_raised *raised, const struct run *run)
{
    check_set seen = checks_with(&run->ledger, raised->finding);
    if (seen != 0 && root_of(run, raised->finding) == NULL)
        return !all_roots_weigh(run);
    raised->checks = (raised->checks & ~decided_checks(&run->ledger)) | seen;
    return raised->checks != 0;
}

static struct event_facts *add(struct change_list *list, enum event_kind kind, enum finding finding,
                               int64_t since_ms)
{
    struct event_facts *change = &list->change[list->count++];
    *change = (struct event_facts){ .kind = kind, .finding = finding, .since_wall_ms = since_ms };
    return change;
}

/* Those that are over move from the account to the list. */
static void clear_over(struct changes_account *account, const struct run *run,
                       struct change_list *list)
{
    size_t left = 0;
    for (size_t i = 0; i < account->raised_count; i++) {
        struct changes_raised raised = account->raised[i];
        if (review(&raised, run))
            account->raised[left++] = raised;
        else
            (void)add(list, EVENT_CLEARED, raised.finding, raised.since_ms);
    }
    account->raised_count = left;
}

static bool is_raised(const struct changes_account *account, enum finding finding)
{
    for (size_t i = 0; i < account->raised_count; i++)
        if (account->raised[i].finding == finding)
            return true;
    return false;
}

static void raise_new(struct changes_account *account, const struct run *run,
                      struct change_list *list)
{
    for (size_t i = 0; i < run->diagnosis.root_count; i++) {
        const struct root *root = &run->diagnosis.roots[i];
        enum finding finding = root->raised->finding;
        if (!weighs(root) || is_raised(account, finding) ||
            account->raised_count == CHANGES_RAISED_MAX)
            continue;
        account->raised[account->raised_count++] =
            (struct changes_raised){ .finding = finding,
                                     .checks = checks_with(&run->ledger, finding),
                                     .since_ms = run->finished_wall_ms };
        struct event_facts *change = add(list, EVENT_RAISED, finding, run->finished_wall_ms);
        change->remedy = root->remedy;
        change->confidence = root->confidence;
    }
}

/* ---- the verdict ---- */

/* A run that was asked for single checks, or was broken off, tells nothing about the rest. */
static bool asks_all(const struct order *order, const struct run *run)
{
    return order->only == 0 && !run->interrupted;
}

static void count_unknown(struct changes_account *account, const struct order *order,
                          const struct run *run)
{
    if (!asks_all(order, run))
        return;
    if (run->diagnosis.verdict == STATUS_UNKNOWN) {
        if (account->unknown_runs == 0 || order->cost > account->unknown_cost)
            account->unknown_cost = order->cost;
        account->unknown_runs++;
    } else if (order->cost >= account->unknown_cost) {
        account->unknown_runs = 0;
        account->unknown_cost = COST_LIGHT;
    }
}

static bool has_raised(const struct changes_account *account, enum status status)
{
    for (size_t i = 0; i < account->raised_count; i++)
        if (finding_row(account->raised[i].finding)->status == status)
            return true;
    return false;
}

/* What the account comes to where nothing is raised, and unknown is not settled. */
static enum status calm_verdict(const struct changes_account *account, bool all_asked)
{
    bool known = account->unknown_runs == 0;
    if (account->verdict == STATUS_FAILED || account->verdict == STATUS_WARNING)
        return known ? STATUS_OK : STATUS_UNKNOWN; /* what it was for is over */
    return known && all_asked ? STATUS_OK : account->verdict;
}

static enum status verdict_after(const struct changes_account *account, bool all_asked)
{
    if (has_raised(account, STATUS_FAILED))
        return STATUS_FAILED;
    if (account->unknown_runs >= CHANGES_UNKNOWN_RUNS)
        return STATUS_UNKNOWN;
    if (has_raised(account, STATUS_WARNING))
        return STATUS_WARNING;
    return calm_verdict(account, all_asked);
}

/* ---- a run ---- */

static void begin_pending(struct changes *changes, const char *address)
{
    const struct changes_account *known = find(changes, address);
    changes->pending = (struct changes_account){ .verdict = STATUS_PENDING };
    if (known != NULL)
        changes->pending = *known;
    text_put_string(changes->pending.address, sizeof changes->pending.address, address);
}

void changes_of_run(struct changes *changes, const struct order *order, const struct run *run,
                    struct change_list *into_list)
{
    struct changes_account *account = &changes->pending;
    struct change_list cleared = { .count = 0 };
    into_list->count = 0;
    begin_pending(changes, order->account->address);
    clear_over(account, run, &cleared);
    raise_new(account, run, into_list);
    for (size_t i = 0; i < cleared.count; i++)
        into_list->change[into_list->count++] = cleared.change[i];
    count_unknown(account, order, run);
    enum status before = account->verdict;
    enum status after = verdict_after(account, asks_all(order, run));
    if (after != before && into_list->count == 0)
        (void)add(into_list, EVENT_VERDICT, NO_FINDING, account->since_ms);
    if (after != before)
        account->since_ms = run->finished_wall_ms;
    account->verdict = after;
    int64_t mark_ms = account->mark_ms;
    if (into_list->count > 0) /* the clock may have been set back */
        account->mark_ms = run->finished_wall_ms > mark_ms ? run->finished_wall_ms : mark_ms + 1;
    for (size_t i = 0; i < into_list->count; i++) {
        struct event_facts *change = &into_list->change[i];
        change->account = order->account->address;
        change->mark_wall_ms = mark_ms;
        change->run = run->id;
        change->before = before;
        change->after = after;
    }
}

/* ---- keeping ---- */

static bool is_same_raised(const struct changes_raised *a, const struct changes_raised *b)
{
    return a->finding == b->finding && a->checks == b->checks && a->since_ms == b->since_ms;
}

/* In what the file says. */
static bool is_same(const struct changes_account *a, const struct changes_account *b)
{
    if (a->verdict != b->verdict || a->since_ms != b->since_ms ||
        a->raised_count != b->raised_count ||
        (a->verdict == STATUS_UNKNOWN && a->unknown_cost != b->unknown_cost))
        return false;
    for (size_t i = 0; i < a->raised_count; i++)
        if (!is_same_raised(&a->raised[i], &b->raised[i]))
            return false;
    return true;
}

bool changes_keep(struct changes *changes)
{
    const struct changes_account *pending = &changes->pending;
    if (pending->address[0] != '\0') {
        struct changes_account *account = find(changes, pending->address);
        bool known = account != NULL;
        if (!known)
            account = find(changes, ""); /* a free place */
        if (account == NULL)
            return false; /* more accounts than can be configured */
        changes->unsaved = changes->unsaved || !known || !is_same(account, pending);
        *account = *pending;
        changes->pending.address[0] = '\0';
    }
    if (changes->unsaved)
        changes->unsaved = !changes_file_write(changes);
    return !changes->unsaved;
}
