/* SPDX-License-Identifier: MIT */
/* Reads the signs that the rules reason from. Every sign is a pure question. */
#ifndef GATEPOST_SIGNS_H
#define GATEPOST_SIGNS_H

#include "budget.h"
#include "ledger.h"
#include "rules.h"

#include <stdbool.h>

struct scene {
    const struct ledger *ledger;
    const struct budget *budget;
    const struct raised *about; /* the finding in question; NULL where signs are of the whole run */
};

/* What shows it: a finding, or the outcome of a check. */
struct proof {
    const struct raised *raised; /* or NULL */
    enum check check;            /* CHECK_COUNT where no check shows it */
};

/* True when the sign is there. */
bool sign_holds(enum sign sign, const struct scene *scene, struct proof *into_proof);

/* The same for those of the finding in question, in signs_about.c. */
bool sign_about(enum sign sign, const struct scene *scene, struct proof *into_proof);

/* True when all signs of the row are there and none of those that must not be; then into_proofs has
   a proof for each of row->all, and empty ones after them. */
bool signs_fit(const struct rule_row *row, const struct scene *scene,
               struct proof into_proofs[RULE_SIGNS_MAX]);

/* How many different services asked to come back later. */
unsigned signs_busy_services(const struct ledger *ledger);

#endif
