/* SPDX-License-Identifier: MIT */
/* What the mailboxes of one agent have in common, and when the run of each has last seen it well:
   the office, a provider and its servers, a domain. Only what was OK is kept, and only what a run
   asked itself: nothing is lent twice. */
#ifndef GATEPOST_COMMONS_H
#define GATEPOST_COMMONS_H

#include "digest.h"
#include "loan.h"
#include "suite.h"

/* What the last runs of one account have seen. */
struct commons_account {
    int64_t seen_ms[CHECK_COUNT];  /* port_now_ms scale; 0: not seen, or not well */
    uint8_t provider[DIGEST_SIZE]; /* profile and servers of the last run; of all is meant the
                                      same, else it is another provider */
    char mx[LOAN_MX_TEXT_MAX];     /* see struct loan; "" where they do not fit */
    bool mx_authenticated;
};

/* In the order of the settings' accounts. All of it lies in static memory, of which only that of
   accounts that are there is ever touched. */
struct commons {
    struct commons_account accounts[SETTINGS_ACCOUNTS_MAX];
};

/* Settings change. */
void commons_forget(struct commons *commons, const struct settings *settings);

/* Fills the loan of an order, whose account is one of its settings', with what runs of others have
   seen since (port_now_ms scale). False when there is nothing. */
bool commons_lend(const struct commons *commons, const struct order *order, int64_t since_ms,
                  struct loan *into_loan) MUST_USE;

/* Learns from a run that has ended. What is not well is lent to nobody any more. */
void commons_learn(struct commons *commons, const struct suite *suite);

#endif
