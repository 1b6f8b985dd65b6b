/* SPDX-License-Identifier: MIT */
/* What is broken below the domain: this device's clock and links, the office's resolver, way out
   and middleboxes, the internet line. What is broken there explains what fails above. */
#ifndef GATEPOST_JUDGEMENT_OFFICE_H
#define GATEPOST_JUDGEMENT_OFFICE_H

#include "ground.h"
#include "ledger.h"
#include "profile.h"

/* Before a run has asked anything: raises office.no-link, and skips everything else, where this
   device has no address at all. True then. */
bool judgement_no_link(struct ledger *ledger, const struct ground *ground);

/* True where something was tried and got no answer: a server of the account, or a resolver. */
bool judgement_missed_any(const struct ledger *ledger, const struct ground *ground);

/* At the end of a run, before judgement_pass: decides what the connections of the run show. */
void judgement_office(struct ledger *ledger, const struct ground *ground,
                      const struct profile *profile);

/* The part of judgement_pass that needs nothing but the findings: clock and resolver where nothing
   else decided them, IPv6 that leads nowhere. */
void judgement_office_rest(struct ledger *ledger);

/* ---- parts of these, in judgement_clock.c and judgement_egress.c ---- */

void judgement_clock(struct ledger *ledger, const struct ground *ground);
void judgement_clock_rest(struct ledger *ledger);

/* Where the provider's own word (ledger->provider) differs from what the other checks came to; in
   judgement_provider.c. */
void judgement_provider(struct ledger *ledger, const char *domain);

/* Ports that are closed on the way out, and hosts that have shut out this office's address. */
void judgement_egress(struct ledger *ledger, const struct ground *ground);

/* What a failure to connect means where another family, or another MX host, did connect. */
void judgement_families(struct ledger *ledger);

#endif
