/* SPDX-License-Identifier: MIT */
/* When an act may begin, and what is recorded of those that never did: needs, the login budget,
 * which connection leads, which way a test mail takes. */
#ifndef GATEPOST_GATE_H
#define GATEPOST_GATE_H

#include "suite.h"

/* The first act of a service: the one that connects. ACT_COUNT when it has none. */
enum act gate_first_act(enum service service);

/* A test mail that no lane can send any more is not waited for. */
void gate_settle_parcels(struct suite *suite);

/* At the end of a run: every check that is still pending gets the reason why. */
void gate_settle(struct suite *suite);

#endif
