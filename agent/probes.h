/* SPDX-License-Identifier: MIT */
/* Questions to certain servers alone, beside those that the run asks its resolvers: to each
   resolver by itself, to a zone's own servers, to nobody. */
#ifndef GATEPOST_PROBES_H
#define GATEPOST_PROBES_H

#include "resolve.h"

/* One question, and the servers that it is put to. */
struct probe {
    struct resolve *resolve; /* open while the answer is on its way */
    struct question question;
    const struct answer *answer;
};

struct probes {
    struct address resolvers[RESOLVERS_MAX]; /* of this run, in their order */
    size_t resolver_count;
    struct probe single[RESOLVERS_MAX]; /* to each of them */
    struct probe zone, nobody;
    unsigned asked; /* questions of all probes that are over */
    struct loop *loop;
    struct arena *arena;
    answer_fn *answered; /* called on the loop after each answer, with the question's asker */
    void *owner;
};

void probes_begin(struct probes *probes, struct loop *loop, struct arena *arena,
                  answer_fn *answered, void *owner);

/* The answer, or NULL while it is on its way. The first call asks, those after it must be for the
   same question. ANSWER_DEVICE where this device has no room for it. */
const struct answer *probes_ask(struct probes *probes, struct probe *probe,
                                const struct address *servers, size_t count, const char *name,
                                enum record_type type) MUST_USE;

/* Abandons what is under way. */
void probes_end(struct probes *probes);

#endif
