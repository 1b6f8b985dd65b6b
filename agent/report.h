/* SPDX-License-Identifier: MIT */
/* A run as one JSON document: config/report.schema.json. The only file that writes JSON (cJSON). */
#ifndef GATEPOST_REPORT_H
#define GATEPOST_REPORT_H

#include "suite.h"

#include <stdbool.h>
#include <stddef.h>

#define REPORT_MAX 131072 /* bytes, terminator included */

/* Writes the report, terminated and with a newline at its end. False when it does not fit or memory
 * is short. */
bool report_write(const struct order *order, const struct run *run, bool indented, char *into,
                  size_t size, size_t *into_len) MUST_USE;

#endif
