/* SPDX-License-Identifier: MIT */
/* A run as one JSON document: config/report.schema.json. The only file that writes JSON (cJSON). */
#ifndef GATEPOST_REPORT_H
#define GATEPOST_REPORT_H

#include "message.h"
#include "suite.h"

#include <stdbool.h>
#include <stddef.h>

#define REPORT_MAX 131072 /* bytes, terminator included */

#define REPORT_GATEWAY_MAX 256

/* The gateway's name: the setting, or else the host's own name, which is put into room. */
const char *report_gateway_name(const struct settings *settings, char room[REPORT_GATEWAY_MAX]);

/* What a report has from the series that it is part of. */
struct report_ledger {
    uint64_t seq;
    int64_t next_due_wall_ms; /* when the next one is to be expected; 0: none is */
    struct dropped dropped;
    bool sample; /* a rehearsal, marked as such */
};

/* Writes the report, terminated. ledger is NULL for a single run. indented: for a person, with a
   newline at its end. False when it does not fit or memory is short. */
bool report_write(const struct order *order, const struct run *run,
                  const struct report_ledger *ledger, bool indented, char *into, size_t size,
                  size_t *into_len) MUST_USE;

#endif
