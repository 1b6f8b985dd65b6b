/* SPDX-License-Identifier: MIT */
/* No c-ares for this target: what asks a resolver can be linked, and a test that asks one says so
   and ends as skipped. */
#include "../../agent/resolve.h"

#include <stdio.h>
#include <stdlib.h>

#define SKIPPED 77 /* SKIP_RETURN_CODE of the tests */

static _Noreturn void skip(void)
{
    (void)fputs("this target has no c-ares: skipped\n", stderr);
    exit(SKIPPED);
}

struct resolve *resolve_begin(struct loop *loop, struct arena *arena,
                              const struct address *resolvers, size_t count)
{
    (void)loop;
    (void)arena;
    (void)resolvers;
    (void)count;
    skip();
}

bool resolve_ask(struct resolve *resolve, struct question *question, const char *name,
                 enum record_type type, answer_fn *call, void *asker)
{
    (void)resolve;
    (void)question;
    (void)name;
    (void)type;
    (void)call;
    (void)asker;
    skip();
}

unsigned resolve_asked(const struct resolve *resolve)
{
    (void)resolve;
    skip();
}

bool resolve_all_silent(const struct resolve *resolve)
{
    (void)resolve;
    skip();
}

bool resolve_heard(const struct resolve *resolve, size_t resolver)
{
    (void)resolve;
    (void)resolver;
    skip();
}

void resolve_finish(struct resolve *resolve)
{
    (void)resolve;
}

const char *record_type_name(enum record_type type)
{
    (void)type;
    skip();
}

const char *answer_status_name(enum answer_status status)
{
    (void)status;
    skip();
}
