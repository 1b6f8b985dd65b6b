/* SPDX-License-Identifier: MIT */
#include "loan.h"

#include "suite.h"

#define TRUST_MS 30000 /* a run that takes longer is not well */

/* ---- beginning ---- */

/* dns.mx itself, and all that needs its hosts. */
static bool take_mx(struct suite *suite)
{
    const struct loan *loan = suite->order->loan;
    struct answer *answer = arena_take(suite->arena, sizeof *answer);
    struct record *records = arena_take(suite->arena, LOAN_MX_MAX * sizeof *records);
    struct slice rest = slice_of(loan->mx), name;
    if (answer == NULL || records == NULL || rest.len == 0)
        return false;
    *answer = (struct answer){ .status = ANSWER_RECORDS,
                               .records = records,
                               .authenticated = loan->mx_authenticated };
    while (answer->count < LOAN_MX_MAX && slice_cut(&rest, ' ', &name)) {
        const char *copy = text_copy(suite->arena, name);
        if (copy == NULL)
            return false;
        records[answer->count] = (struct record){ .name = copy };
        records[answer->count].priority = (uint16_t)answer->count;
        answer->count++;
    }
    suite->mx = answer;
    return true;
}

void loan_begin(struct suite *suite)
{
    if (suite->order->loan == NULL)
        return;
    suite->lent = suite->order->loan->checks & suite->asked;
    if ((suite->lent & CHECK_BIT(DNS_MX)) != 0 && !take_mx(suite))
        suite->lent &= ~CHECK_BIT(DNS_MX);
}

bool loan_has(const struct suite *suite, enum check check)
{
    return (suite->lent & CHECK_BIT(check)) != 0;
}

/* ---- doubt ---- */

static check_set all_about(enum about about)
{
    check_set checks = 0;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (check_row(check)->about == about)
            checks |= CHECK_BIT(check);
    return checks;
}

/* A warning about the domain, which may stand for years, is no reason to ask the provider anew;
   what is worse, or the mailbox's own, may come from anywhere. */
static check_set doubted_for(const struct raised *raised)
{
    enum about about = check_row(raised->check)->about;
    bool mild = finding_row(raised->finding)->status == STATUS_WARNING;
    if (mild && (about == ABOUT_PROVIDER || about == ABOUT_DOMAIN))
        return all_about(about);
    return CHECK_SET_ALL;
}

/* Whether an answer was looked for, and missed. */
static bool is_missed(enum reason reason)
{
    switch (reason) {
    case REASON_NONE: /* there is a finding that says more */
    case REASON_NOT_ASKED:
    case REASON_NOT_CONFIGURED:
    case REASON_TOO_LITTLE_EVIDENCE:
    case REASON_NO_SECRET:
    case REASON_NOT_OFFERED:
        return false;
    case REASON_REFUSED_BEFORE:
    case REASON_DEADLINE:
    case REASON_INTERRUPTED:
    case REASON_NO_ANSWER:
    case REASON_COUNT:
        break;
    }
    return true;
}

static bool any_missed(const struct ledger *ledger)
{
    for (enum check check = 0; check < CHECK_COUNT; check++) {
        const struct entry *entry = &ledger->checks[check];
        if (entry->asked && (entry->status == STATUS_SKIPPED ||
                             (entry->status == STATUS_UNKNOWN && is_missed(entry->reason))))
            return true;
    }
    return false;
}

static bool takes_long(const struct suite *suite)
{
    int64_t half_ms = (suite->deadline_ms - suite->started_ms) / 2;
    return port_now_ms() - suite->started_ms >= (half_ms < TRUST_MS ? half_ms : TRUST_MS);
}

static check_set doubted(const struct suite *suite)
{
    const struct ledger *ledger = &suite->run->ledger;
    check_set checks = 0;
    if (ledger->dropped > 0 || any_missed(ledger) || takes_long(suite))
        return CHECK_SET_ALL;
    for (size_t i = 0; i < ledger->raised_count; i++)
        checks |= doubted_for(&ledger->raised[i]);
    return checks;
}

/* ---- the end of waiting ---- */

/* Only another lane, or the end of the loan, lets it go on. */
static bool is_stuck(const struct lane *lane)
{
    bool waits = lane->state == LANE_WAITING && (!lane->begun || lane->wake_ms == LOOP_NEVER);
    return lane->state == LANE_OVER || (waits && !lane->ready);
}

static bool all_stuck(const struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++)
        if (!is_stuck(&suite->lanes[i]))
            return false;
    return true;
}

static bool only_loan_waits(const struct suite *suite)
{
    for (size_t i = 0; i < suite->lane_count; i++)
        if (suite->lanes[i].state != LANE_OVER && !suite->lanes[i].waits_for_loan)
            return false;
    return true;
}

bool loan_heed(struct suite *suite)
{
    if (suite->lent == 0 || suite->keeps_loan)
        return false;
    check_set back = doubted(suite) & suite->lent;
    if (back == 0 && !all_stuck(suite))
        return false;
    if (back == 0 && only_loan_waits(suite))
        suite->keeps_loan = true;
    else
        suite->lent &= ~(back == 0 ? CHECK_SET_ALL : back); /* 0: lanes wait for each other */
    for (size_t i = 0; i < suite->lane_count; i++)
        suite->lanes[i].waits_for_loan = false;
    return true;
}

/* ---- what is kept ---- */

void loan_keep(struct suite *suite, enum check check)
{
    struct ledger *ledger = &suite->run->ledger;
    int64_t age_ms = port_now_ms() - suite->order->loan->seen_ms[check];
    ledger->checks[check].seen_wall_ms = port_wall_ms() - age_ms;
    ledger_ok(ledger, check);
}

void loan_fill(struct suite *suite, enum layer from)
{
    if (!suite->keeps_loan)
        return;
    for (enum check check = 0; check < CHECK_COUNT; check++)
        if (loan_has(suite, check) && check_row(check)->layer >= from &&
            suite->run->ledger.checks[check].status == STATUS_PENDING)
            loan_keep(suite, check);
}
