/* SPDX-License-Identifier: MIT */
/* Single members of a JSON text that a peer sent (RFC 8259). What is read may hold secrets. */
#ifndef GATEPOST_JSON_H
#define GATEPOST_JSON_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

struct json {
    void *root; /* cJSON's */
};

/* False, and nothing is to be ended, where the text is no JSON within outline.h's limits, no
   object, or there is no memory for it. */
bool json_begin(struct json *json, struct slice text) MUST_USE;

/* Wipes it. */
void json_end(struct json *json);

/* A text that the path leads to ("policy/state"; "records/0" for the first of an array; upper and
   lower case differ), which may hold
   anything but NUL and lives until json_end. Empty where there is none, or no text. */
struct slice json_text(const struct json *json, const char *path);

/* A whole number, and true or false. False, and nothing is written, where the path leads to nothing
   of the kind. */
bool json_number(const struct json *json, const char *path, int64_t *into_number) MUST_USE;
bool json_flag(const struct json *json, const char *path, bool *into_flag) MUST_USE;

#endif
