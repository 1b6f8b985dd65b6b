/* SPDX-License-Identifier: MIT */
/* Where things stand in a JSON text (RFC 8259), which cJSON does not tell; and, before cJSON reads
   it, whether it is JSON at all - strictly, and in words for the person who wrote it. */
#ifndef GATEPOST_OUTLINE_H
#define GATEPOST_OUTLINE_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

#define OUTLINE_DEPTH_MAX  8    /* objects and arrays within each other */
#define OUTLINE_VALUES_MAX 8192 /* values in one text: bounds what cJSON allocates for it */

struct outline_fault {
    int line, column;  /* from 1; the column counts characters */
    const char *words; /* "a comma is missing before this" */
};

/* True when the text is JSON within the limits; else into_fault names the first fault. */
bool outline_check(struct slice text, struct outline_fault *into_fault) MUST_USE;

/* Makes comments blank in place, from // to the end of the line; lines and columns stay. For files
   that people write: JSON itself has none. */
void outline_blank_comments(char *text, size_t len);

/* The line (from 1) of a value in a text that outline_check accepts; where it is an object's
   member, the line of its key. ordinals lead to it from the root, counting from 0: { 4, 2 } is the
   third child of the root's fifth. 0 when there is none. */
int outline_line(struct slice text, const size_t *ordinals, size_t depth);

#endif
