/* SPDX-License-Identifier: MIT */
/* From the findings of all checks to root causes: decides the account.* checks and those that are
   decided from others, takes away what another finding explains, and names who must do what. */
#ifndef GATEPOST_DIAGNOSIS_H
#define GATEPOST_DIAGNOSIS_H

#include "budget.h"
#include "inference.h"
#include "ledger.h"
#include "profile.h"

#include <stddef.h>

#define DIAGNOSIS_ROOTS_MAX 8

struct root {
    const struct raised *raised; /* finding, evidence and params */
    enum confidence confidence;
    enum remedy remedy; /* usually the finding's own */
    enum rule rule;     /* how it was concluded; NO_RULE where a peer said it */
    enum rule sure_by;  /* why it is as sure as that */
    struct objection against[OBJECTIONS_MAX];
    size_t against_count;
};

struct diagnosis {
    enum status verdict;                    /* OK healthy, WARNING, FAILED, UNKNOWN */
    struct root roots[DIAGNOSIS_ROOTS_MAX]; /* lowest layer first, then the worst first */
    size_t root_count;
    /* What to do, in order, each once: remedy and the params that fill its words. */
    struct {
        enum remedy remedy;
        const struct params *params;
    } remedies[DIAGNOSIS_ROOTS_MAX];
    size_t remedy_count;
    struct explained explained[LEDGER_RAISED_MAX]; /* of each finding in the ledger, in its order */
};

/* Decides. Writes the account.* entries into the ledger. budget tells when the secret was last
 * accepted. */
void diagnose(struct ledger *ledger, const struct profile *profile, const struct budget *budget,
              struct diagnosis *into_diagnosis);

/* The exit status of `gatepost check`, in the habit of monitoring plugins: 0 healthy, 1 warning, 2
 * failed, 3 unknown. */
int diagnosis_exit_status(enum status verdict);

#endif
