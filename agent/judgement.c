/* SPDX-License-Identifier: MIT */
#include "judgement.h"

#include "inference.h"
#include "judgement_office.h"
#include "logins.h"

/* Why an account.* check cannot be decided. */
static enum reason undecided(const struct ledger *ledger)
{
    const struct login *row;
    for (size_t i = 0; (row = login_row(i)) != NULL; i++)
        if (ledger->checks[row->check].asked)
            return REASON_TOO_LITTLE_EVIDENCE;
    return REASON_NOT_ASKED;
}

/* The checks that ask nothing themselves, where no rule has decided them. */
static void leave_open(struct ledger *ledger, check_set decided)
{
    static const enum check accounts[] = { ACCOUNT_SENDING, ACCOUNT_SUBSCRIPTION, ACCOUNT_LOCK };
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
        bool unsent = accounts[i] == ACCOUNT_SENDING && !ledger->checks[MAIL_SEND].asked;
        if ((decided & CHECK_BIT(accounts[i])) == 0)
            ledger_unknown(ledger, accounts[i], unsent ? REASON_NOT_ASKED : undecided(ledger));
    }
}

static void tell_lock(struct ledger *ledger, const struct profile *profile)
{
    for (size_t i = 0; i < ledger->raised_count; i++)
        if (ledger->raised[i].finding == ACCOUNT_LOCKED && profile->lockout_minutes > 0)
            ledger->raised[i].params.value[PARAM_MINUTES] =
                text_format(ledger->arena, "%d", profile->lockout_minutes);
}

static void settle(struct ledger *ledger)
{
    for (enum check i = 0; i < CHECK_COUNT; i++) {
        struct entry *entry = &ledger->checks[i];
        if (entry->status == STATUS_PENDING)
            ledger_unknown(ledger, i, entry->asked ? REASON_TOO_LITTLE_EVIDENCE : REASON_NOT_ASKED);
        if (entry->status != STATUS_SKIPPED || entry->because == CHECK_COUNT)
            continue;
        const struct entry *cause = &ledger->checks[entry->because];
        if (cause->status == STATUS_SKIPPED && cause->because != CHECK_COUNT)
            entry->because = cause->because; /* the one that really stopped it */
    }
}

void judgement_pass(struct ledger *ledger, const struct profile *profile,
                    const struct budget *budget)
{
    judgement_office_rest(ledger);
    leave_open(ledger, inference_conclude(ledger, budget));
    tell_lock(ledger, profile);
    settle(ledger);
}
