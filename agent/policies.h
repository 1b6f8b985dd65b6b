/* SPDX-License-Identifier: MIT */
/* The lanes that ask names: for the domain's records, the resolvers, the blocklists. */
#ifndef GATEPOST_POLICIES_H
#define GATEPOST_POLICIES_H

#include "suite.h"

/* Opens those that can be asked from the start, that of dns.mx before all others. Each act has a
   lane of its own, so that none waits for another. */
void policies_open(struct suite *suite);

/* Opens those of dns.blocklist as soon as there is anything to look up: what the settings name at
   once, this office's address when a mail server has told it. True when it opened any. */
bool policies_open_lists(struct suite *suite);

/* Whether there is: rank 0 what the settings name, 1 the address that was told. */
bool policies_have_subject(const struct suite *suite, size_t rank);

/* At the end of a run: tells where CAA records forbid certificates that were met. */
void policies_judge_issuers(struct suite *suite);

#endif
