/* SPDX-License-Identifier: MIT */
/* `gatepost support --open-ticket`: the support request becomes a ticket at the provider. Nothing
   but that command gets here. */
#ifndef GATEPOST_TICKETING_H
#define GATEPOST_TICKETING_H

#include "desk.h"
#include "suite.h"

#define TICKET_SUBJECT_MAX 1024 /* bytes of the subject, terminator included */
#define TICKET_BODY_MAX    6144 /* bytes of the body as a JSON string: a request must hold it */

/* Whether the account's settings let a ticket be opened; if not, standard error tells. */
bool ticketing_is_allowed(const struct desk *desk, const struct account_settings *account) MUST_USE;

/* The longest beginning of whole lines that takes at most `room` bytes in a JSON string. */
struct slice ticketing_fit(struct slice lines, size_t room);

/* Opens a ticket with the request that a run led to, and tells on standard error what became of
   it. order and run are those of that run; run is that of the ticket afterwards, and the memory of
   one run is given back. The keys are read again, and wiped. EXITS_DONE: it is opened. */
enum exits ticketing_open(struct desk *desk, const struct order *order, struct run *run) MUST_USE;

#endif
