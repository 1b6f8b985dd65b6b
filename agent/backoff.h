/* SPDX-License-Identifier: MIT */
/* How long to wait before the next attempt: any moment up to a ceiling that doubles with each, so
   that gateways that lost their broker together do not come back together. */
#ifndef GATEPOST_BACKOFF_H
#define GATEPOST_BACKOFF_H

#include <stdint.h>

struct backoff {
    int64_t least_ms, most_ms; /* bounds of the ceiling */
    int64_t ceiling_ms;        /* of the next wait */
};

void backoff_begin(struct backoff *backoff, int64_t least_ms, int64_t most_ms);

/* The next wait, from 1 to the ceiling. */
int64_t backoff_next_ms(struct backoff *backoff);

/* All is well again. */
void backoff_reset(struct backoff *backoff);

#endif
