/* SPDX-License-Identifier: MIT */
/* What the broker's reason codes mean for the uplink. */
#ifndef GATEPOST_REFUSAL_H
#define GATEPOST_REFUSAL_H

#include "session.h"
#include "uplink.h"

enum uplink_trouble refusal_trouble(enum session_reason reason);

/* True when a message that was refused so will be refused again, for now at least. */
bool refusal_is_final(enum session_reason reason);

/* Of a final one: a rule, or the message itself. */
enum uplink_refusal refusal_of(enum session_reason reason);

#endif
