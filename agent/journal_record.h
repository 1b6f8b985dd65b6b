/* SPDX-License-Identifier: MIT */
/* The bytes of the journal: one record after another, each with a sum over its head and one over
   its body, so that where a record begins and ends is known even when its body is damaged. Numbers
   are little-endian. For the journal_*.c files. */
#ifndef GATEPOST_JOURNAL_RECORD_H
#define GATEPOST_JOURNAL_RECORD_H

#include "message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_HEAD_SIZE  36
#define RECORD_STATE_BODY 57
#define RECORD_STATE_SIZE (RECORD_HEAD_SIZE + 2 + RECORD_STATE_BODY) /* empty key and topic */
#define RECORD_MAX        (RECORD_HEAD_SIZE + MESSAGE_KEY_MAX + TOPIC_MAX + MESSAGE_MAX)

enum record_type {
    RECORD_STATE,   /* ids and counts as they are here, whatever stands before */
    RECORD_MESSAGE, /* kept from here on */
    RECORD_REMOVED, /* the message of that id is not kept any more */
    RECORD_LOST,    /* the same, and it counts as dropped */
    RECORD_TYPES
};

struct record {
    enum record_type type;
    struct message message; /* of RECORD_REMOVED and RECORD_LOST: id and kind; of RECORD_STATE: the
                               payload */
};

struct journal_state {
    uint32_t boots;
    uint64_t next;     /* clean: the next id; else the first of the block that was reserved last */
    uint64_t reserved; /* the first id that is not reserved */
    uint64_t skipped, skipped_end; /* not told yet; equal: none */
    struct dropped dropped;
    bool clean; /* the journal was closed here */
};

enum record_found {
    RECORD_WHOLE,
    RECORD_BODY_DAMAGED, /* the head can be believed; key, topic and payload are empty */
    RECORD_CUT,          /* the bytes end within it */
    RECORD_NONE,         /* no record begins here */
};

/* True when the message has a place in a record. */
bool record_fits(const struct message *message) MUST_USE;

size_t record_size(const struct record *record);

/* Writes a record that fits into record_size bytes. */
void record_write(const struct record *record, uint8_t *into);

/* Reads the record that begins with the first of the bytes; its texts are theirs. *into_size is set
   where the head can be believed. */
enum record_found record_read(struct slice bytes, struct record *into_record, size_t *into_size);

void record_state_write(const struct journal_state *state, uint8_t into[RECORD_STATE_SIZE]);

/* False when the payload is no state of this version. */
bool record_state_read(struct slice payload, struct journal_state *into_state) MUST_USE;

#endif
