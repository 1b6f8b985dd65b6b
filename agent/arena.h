/* SPDX-License-Identifier: MIT */
/* Memory of one job: taken piece by piece from one block, given back as a whole. */
#ifndef GATEPOST_ARENA_H
#define GATEPOST_ARENA_H

#include "io.h"

#include <stddef.h>

struct arena {
    char *base; /* the caller's, aligned for any type */
    size_t size, used;
    size_t peak;  /* the highest `used` since arena_begin */
    long fail_at; /* tests: the take with this number (from 1) fails; 0 for none */
    long takes;   /* since arena_begin */
};

void arena_begin(struct arena *arena, void *base, size_t size);

/* Zeroed memory, aligned for any type, that lives until arena_reset; NULL when the arena is full.
 */
void *arena_take(struct arena *arena, size_t size) MUST_USE;

/* Gives everything back; peak stays. */
void arena_reset(struct arena *arena);

#define ARENA_NEW(arena, type) ((type *)arena_take((arena), sizeof(type)))

#endif
