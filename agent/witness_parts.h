/* SPDX-License-Identifier: MIT */
/* What the files of the witness share. */
#ifndef GATEPOST_WITNESS_PARTS_H
#define GATEPOST_WITNESS_PARTS_H

#include "header.h"
#include "witness.h"

/* Adds an Authentication-Results field's results, if it has the authserv-id that counts: that of
   `wanted`, or where that is NULL that of the first such field. */
void witness_add_results(struct witness *witness, const char *wanted, struct slice value);

/* Reads a Received-SPF field. */
void witness_read_spf(struct slice value, struct witness_result *into_result);

/* The fields of ARC that were seen: a bit for each instance. */
#define WITNESS_ARC_MAX 50 /* instances, RFC 8617 section 4.2.1 */
struct witness_arc {
    uint64_t seals, signatures, results;
    bool twice;
};

void witness_note_arc(struct witness *witness, struct witness_arc *arc,
                      const struct header_field *field);
void witness_end_arc(struct witness *witness, const struct witness_arc *arc);

/* Fills in what witness.h says of times, once all hops are there. */
void witness_time(struct witness *witness, int64_t sent_ms, int64_t seen_ms);

#endif
