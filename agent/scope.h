/* SPDX-License-Identifier: MIT */
/* What a run asks: which checks its cost, its order and its provider leave. */
#ifndef GATEPOST_SCOPE_H
#define GATEPOST_SCOPE_H

#include "suite.h"

/* All checks that are at most so dear. */
check_set scope_up_to(enum cost cost);

/* The checks of a run: those that were asked for by name, with what they need, or all; no dearer
   than allowed (light ones where there is no secret). Unless asked for by name, those of services
   that the provider does not have are left out; logins with a sort of secret that the account does
   not have always. */
check_set scope_of(const struct order *order);

/* What must be ok or warning before the check: its row's needs, and for logins by token the token.
 */
check_set scope_needs(const struct order *order, enum check check);

/* Marks what was not asked because there is nobody to ask. */
void scope_mark(const struct order *order, struct ledger *ledger);

#endif
