/* SPDX-License-Identifier: MIT */
/* What several findings mean together. Decides the checks that ask nothing themselves (clock,
   resolver, account.*), and replaces findings by the one that tells it better: a dead IPv6 instead
   of a server that is down, a spam block instead of a wrong password. */
#ifndef GATEPOST_JUDGEMENT_H
#define GATEPOST_JUDGEMENT_H

#include "budget.h"
#include "ledger.h"
#include "profile.h"

/* After this no check is PENDING. A finding raised here has the evidence of the one it was
 * concluded from, with step "". */
void judgement_pass(struct ledger *ledger, const struct profile *profile,
                    const struct budget *budget);

#endif
