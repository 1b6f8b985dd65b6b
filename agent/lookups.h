/* SPDX-License-Identifier: MIT */
/* Every name is asked once in a run, whoever wants to know. */
#ifndef GATEPOST_LOOKUPS_H
#define GATEPOST_LOOKUPS_H

#include "resolve.h"

#define LOOKUPS_MAX 48 /* different questions of one run */

struct lookups {
    struct resolve *resolve;
    struct question questions[LOOKUPS_MAX];
    size_t count;
    void (*answered)(void *owner); /* called on the loop after each answer */
    void *owner;
};

void lookups_begin(struct lookups *lookups, struct resolve *resolve, void (*answered)(void *owner),
                   void *owner);

/* The answer, or NULL while it is on its way: ask again after `answered`. The first call asks. */
const struct answer *lookups_ask(struct lookups *lookups, const char *name,
                                 enum record_type type) MUST_USE;

#endif
