/* SPDX-License-Identifier: MIT */
/* Brokers that hang up where others refuse: MQTT 3.1.1 has no refusal of a message, and RabbitMQ
   gives none in MQTT 5 either. What was to blame is found out by handing over one message at a
   time, and is given up after HANGUP_MAX times in a row, so that what is behind it gets through. No
   I/O. */
#ifndef GATEPOST_HANGUP_H
#define GATEPOST_HANGUP_H

#include "io.h"

#include <stdbool.h>
#include <stdint.h>

#define HANGUP_MAX 5 /* in a row: the message, or the subscription, is given up */

struct hangup {
    bool cautious; /* the broker has hung up: one message at a time from now on */
    bool waiting;  /* for the answer to a message */
    uint64_t id;   /* of the message that was handed over last */
    uint64_t suspect;
    unsigned times;        /* the broker has hung up on the suspect, in a row */
    bool subscribed;       /* the broker has accepted our subscription on this connection */
    unsigned unsubscribed; /* times in a row that it hung up and had not */
    bool without_commands; /* the subscription is given up */
};

enum hangup_blame {
    HANGUP_NOBODY, /* or not yet */
    HANGUP_MESSAGE,
    HANGUP_SUBSCRIPTION,
};

/* A connection was accepted. True when commands are to be subscribed to on it. */
bool hangup_online(struct hangup *hangup);

/* The broker has accepted the subscription. */
void hangup_subscribed(struct hangup *hangup);

/* True when a message may be handed over now. */
bool hangup_may_publish(const struct hangup *hangup) MUST_USE;

void hangup_published(struct hangup *hangup, uint64_t id);

/* The broker has acknowledged or refused it. */
void hangup_answered(struct hangup *hangup, uint64_t id);

/* The connection has lasted: what ended those before may have been the line. */
void hangup_steady(struct hangup *hangup);

/* The broker has closed a connection that it had accepted, for no reason that would pass. Says what
   is to be given up now; of a message into_id. */
enum hangup_blame hangup_count(struct hangup *hangup, uint64_t *into_id);

#endif
