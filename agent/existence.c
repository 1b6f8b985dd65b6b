/* SPDX-License-Identifier: MIT */
#include "existence.h"

#include <string.h>

static const char *above(const char *name)
{
    const char *dot = strchr(name, '.');
    return dot == NULL || dot[1] == '\0' ? NULL : dot + 1;
}

/* What is said of a name that exists: of an alias, the records are another's. */
static bool is_there(const struct answer *answer)
{
    return answer->status == ANSWER_RECORDS || answer->status == ANSWER_NODATA ||
           existence_dangles(answer);
}

/* Servers that fail are told from a resolver that fails by what is said of the name above; refusals
   and silence are the resolver's own. */
static enum existence_state suspicion(enum answer_status status)
{
    if (status == ANSWER_NXDOMAIN)
        return EXISTENCE_MISSING;
    return status == ANSWER_SERVFAIL ? EXISTENCE_BROKEN : EXISTENCE_UNKNOWN;
}

/* Of the names that do not exist, or whose servers fail, finds the highest. Up to the last label,
   nothing can be said: it is misspelt, or the resolver is ill. False while an answer is on its way.
 */
static bool look_above(ask_fn *ask, void *asker, const char *name, struct existence *into)
{
    enum existence_state state = suspicion(into->status);
    for (size_t i = 0; i < EXISTENCE_LABELS_MAX && state != EXISTENCE_UNKNOWN; i++) {
        const char *next = above(name);
        const struct answer *answer = next == NULL ? NULL : ask(asker, next, RECORD_NS);
        if (answer == NULL)
            return next == NULL;
        if (is_there(answer)) {
            into->state = state;
            into->where = name;
            return true;
        }
        into->status = answer->status;
        state = suspicion(answer->status);
        name = next;
    }
    return true;
}

static void settle(struct existence *into, const char *zone, const struct answer *servers)
{
    bool delegated = zone != NULL;
    into->state = delegated ? EXISTENCE_WELL : EXISTENCE_UNDELEGATED;
    into->where = zone;
    into->servers = delegated ? servers : NULL;
}

bool existence_judge(ask_fn *ask, void *asker, const char *domain, struct existence *into)
{
    *into = (struct existence){ .state = EXISTENCE_UNKNOWN };
    const char *name = domain;
    for (size_t i = 0; i < EXISTENCE_LABELS_MAX; i++) {
        const struct answer *answer = ask(asker, name, RECORD_NS);
        if (answer == NULL)
            return false;
        into->status = answer->status;
        if (!is_there(answer))
            return look_above(ask, asker, name, into);
        if (answer->status == ANSWER_RECORDS && answer->cname == NULL) {
            settle(into, above(name) != NULL || name == domain ? name : NULL, answer);
            return true;
        }
        name = above(name);
        if (name == NULL)
            return true;
    }
    return true;
}

bool existence_dangles(const struct answer *answer)
{
    return answer->status == ANSWER_NXDOMAIN && answer->cname != NULL;
}
