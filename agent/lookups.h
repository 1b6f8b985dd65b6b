/* SPDX-License-Identifier: MIT */
/* Every name is asked once in a run, whoever wants to know. */
#ifndef GATEPOST_LOOKUPS_H
#define GATEPOST_LOOKUPS_H

#include "resolve.h"

#define LOOKUPS_MAX       192 /* different questions of one run */
#define LOOKUPS_AWAIT_MAX 16  /* under way at once: the loop has others to serve too */

struct lookups {
    struct resolve *resolve;
    struct question questions[LOOKUPS_MAX];
    size_t count;
    void (*answered)(void *owner); /* called on the loop after each answer */
    void *owner;
};

void lookups_begin(struct lookups *lookups, struct resolve *resolve, void (*answered)(void *owner),
                   void *owner);

/* An ask_fn whose asker is a struct lookups. The answer, or NULL while it is on its way, or has to
   wait its turn behind others: ask again after `answered`. The first call asks. ANSWER_DEVICE when
   there is no room for another question. */
const struct answer *lookups_ask(void *asker, const char *name, enum record_type type) MUST_USE;

#endif
