/* SPDX-License-Identifier: MIT */
/* Answers to commands on their way to the broker: in memory only, in the order in which they were
   given, each kept until the broker has acknowledged it. */
#ifndef GATEPOST_REPLIES_H
#define GATEPOST_REPLIES_H

#include "message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPLIES_MAX       128   /* answers that wait */
#define REPLIES_BYTES_MAX 65536 /* of their topics, correlations and payloads together */

struct replies_entry {
    uint64_t id;
    size_t topic_len, correlation_len, payload_len;
    bool handed; /* to the uplink, on the connection that is open */
};

struct replies {
    struct replies_entry reply[REPLIES_MAX];
    size_t count, used;
    char bytes[REPLIES_BYTES_MAX]; /* of each: topic, NUL, correlation, payload */
};

/* Adds an answer; everything is copied. False when there is no room. */
bool replies_add(struct replies *replies, const struct message *message) MUST_USE;

/* The first answer that is not handed over; false when there is none. Its pointers live until the
   next change. */
bool replies_next(const struct replies *replies, struct message *into_message) MUST_USE;

void replies_handed(struct replies *replies, uint64_t id);

bool replies_has(const struct replies *replies, uint64_t id);

/* The broker has it, or will never take it. False when the id is no answer's. */
bool replies_remove(struct replies *replies, uint64_t id);

/* The connection is gone: what was not acknowledged is to be handed over again. */
void replies_rewind(struct replies *replies);

#endif
