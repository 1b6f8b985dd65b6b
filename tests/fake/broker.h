/* SPDX-License-Identifier: MIT */
/* uplink.h for a broker that the test plays: it acknowledges, it is away, it gives commands. */
#ifndef GATEPOST_FAKE_BROKER_H
#define GATEPOST_FAKE_BROKER_H

#include "../../agent/message.h"

#include <stdbool.h>

struct fake_broker {
    bool away;         /* nobody answers; what is handed over now is lost */
    bool withholds;    /* takes messages and acknowledges none */
    unsigned sessions; /* how often the agent came online */
    /* A message has arrived; an acknowledgement follows, so that it may come again. NULL: nobody
       listens. */
    void (*hear)(const struct message *message);
};

extern struct fake_broker fake_broker;

/* The line breaks; the agent notices at once, and again at each attempt. */
void fake_broker_leave(void);

/* The next attempt succeeds, at the latest after UPLINK_WAIT_MAX_MS. */
void fake_broker_return(void);

/* Says a command, one at a time, while the agent is online. The words are the caller's, and live.
 */
void fake_broker_command(const char *words);

#endif
