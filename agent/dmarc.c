/* SPDX-License-Identifier: MIT */
#include "dmarc.h"

#include "policy_record.h"

#include <string.h>

#define PREFIX  "_dmarc."
#define VERSION "DMARC1"

/* ---- the walk up the tree, section 4.10 ---- */

struct stop {
    const char *domain; /* a piece of the one where the walk began */
    struct slice text;  /* of the only record there; empty where there is none */
    enum dmarc_owner owner;
};

struct walk {
    struct stop stops[DMARC_QUERIES_MAX];
    size_t count;
    enum answer_status trouble; /* ANSWER_RECORDS where there was none */
};

static size_t count_labels(const char *domain)
{
    size_t labels = domain[0] != '\0' ? 1 : 0;
    for (; *domain != '\0'; domain++)
        labels += *domain == '.' ? 1 : 0;
    return labels;
}

/* One label less, or NULL. */
static const char *parent_of(const char *domain)
{
    const char *dot = strchr(domain, '.');
    return dot == NULL || dot[1] == '\0' ? NULL : dot + 1;
}

/* Steps 5 and 8: of a long name, the seven labels at its end come next. */
static const char *next_target(const char *domain)
{
    const char *next = parent_of(domain);
    for (size_t labels = count_labels(domain); labels > DMARC_QUERIES_MAX && next != NULL; labels--)
        next = parent_of(next);
    return next;
}

static enum policy_record visit(ask_fn *ask, void *asker, struct stop *stop,
                                struct policy_record_found *found)
{
    struct dmarc_record record;
    enum policy_record result =
        policy_record_find(ask, asker, PREFIX, stop->domain, VERSION, found);
    if (result == POLICY_RECORD_ONE) {
        dmarc_read(found->text, &record);
        stop->text = found->text;
        stop->owner = record.owner;
    }
    return result;
}

/* False while an answer is on its way. */
static bool walk(ask_fn *ask, void *asker, const char *domain, struct walk *into)
{
    struct policy_record_found found;
    *into = (struct walk){ .trouble = ANSWER_RECORDS };
    for (const char *at = domain; at != NULL && into->count < DMARC_QUERIES_MAX;
         at = next_target(at)) {
        struct stop *stop = &into->stops[into->count];
        *stop = (struct stop){ .domain = at };
        enum policy_record result = visit(ask, asker, stop, &found);
        if (result == POLICY_RECORD_PENDING)
            return false;
        into->count++;
        if (result == POLICY_RECORD_UNKNOWN) {
            into->trouble = found.status;
            return true;
        }
        if (stop->owner == DMARC_OWNER_ORGANISATION ||
            (stop->owner == DMARC_OWNER_SUFFIX && at != domain))
            return true;
    }
    return true;
}

/* Section 4.10.2, of a walk without trouble. Only the last stop can have ended it. */
static const char *choose_organisation(const struct walk *walked)
{
    const struct stop *last = &walked->stops[walked->count - 1];
    if (last->owner == DMARC_OWNER_ORGANISATION)
        return last->domain;
    if (last->owner == DMARC_OWNER_SUFFIX && walked->count > 1) {
        const char *below = walked->stops[0].domain;
        while (parent_of(below) != NULL && parent_of(below) != last->domain)
            below = parent_of(below);
        return below;
    }
    for (size_t i = walked->count; i > 0; i--)
        if (walked->stops[i - 1].text.len > 0)
            return walked->stops[i - 1].domain;
    return walked->stops[0].domain;
}

bool dmarc_organisation(ask_fn *ask, void *asker, const char *domain,
                        const char **into_organisation)
{
    struct walk walked;
    if (!walk(ask, asker, domain, &walked))
        return false;
    *into_organisation = walked.trouble == ANSWER_RECORDS ? choose_organisation(&walked) : NULL;
    return true;
}

/* ---- the policy, section 4.10.1 ---- */

static void note(struct dmarc_record *record, enum dmarc_problem problem, struct slice words)
{
    if (words.len > 0 && record->fault_count < DMARC_PROBLEMS_MAX)
        record->faults[record->fault_count++] = (struct dmarc_fault){ problem, words };
}

static void settle(struct dmarc_outcome *outcome, const char *where, enum dmarc_policy policy)
{
    outcome->where = where;
    outcome->result = outcome->record.usable ? DMARC_FOUND : DMARC_UNUSABLE;
    if (outcome->record.usable)
        outcome->policy = outcome->record.well ? policy : DMARC_NONE;
}

static enum dmarc_policy first_said(enum dmarc_policy a, enum dmarc_policy b)
{
    return a != DMARC_UNSAID ? a : b;
}

/* The record of a domain above rules this one. False while it is not known whether this one exists,
   which decides between sp and np. */
static bool inherit(ask_fn *ask, void *asker, const char *domain, const struct stop *stop,
                    struct dmarc_outcome *into)
{
    struct dmarc_record above;
    dmarc_read(stop->text, &above);
    enum dmarc_policy policy = first_said(above.sp, above.p);
    if (above.np != DMARC_UNSAID && above.np != policy) {
        const struct answer *answer = ask(asker, domain, RECORD_MX);
        if (answer == NULL)
            return false;
        if (answer->status == ANSWER_NXDOMAIN)
            policy = above.np;
    }
    for (size_t i = 0; i < into->record.fault_count; i++)
        note(&above, into->record.faults[i].problem, into->record.faults[i].words);
    into->record = above;
    settle(into, stop->domain, policy);
    return true;
}

static bool judge_above(ask_fn *ask, void *asker, const char *domain, struct dmarc_outcome *into)
{
    struct walk walked;
    if (!walk(ask, asker, domain, &walked))
        return false;
    if (walked.trouble != ANSWER_RECORDS) {
        into->result = DMARC_UNKNOWN;
        into->status = walked.trouble;
        return true;
    }
    const char *organisation = choose_organisation(&walked);
    const struct stop *last = &walked.stops[walked.count - 1];
    const struct stop *ruling = last->owner == DMARC_OWNER_SUFFIX ? last : NULL;
    for (size_t i = 0; i < walked.count; i++)
        if (walked.stops[i].domain == organisation && walked.stops[i].text.len > 0)
            ruling = &walked.stops[i];
    return ruling == NULL || inherit(ask, asker, domain, ruling, into);
}

bool dmarc_judge(ask_fn *ask, void *asker, const char *domain, struct dmarc_outcome *into)
{
    struct policy_record_found found;
    enum policy_record own = policy_record_find(ask, asker, PREFIX, domain, VERSION, &found);
    *into = (struct dmarc_outcome){ .result = DMARC_ABSENT, .status = found.status };
    if (own == POLICY_RECORD_PENDING)
        return false;
    if (own == POLICY_RECORD_UNKNOWN) {
        into->result = DMARC_UNKNOWN;
        return true;
    }
    if (own == POLICY_RECORD_ONE)
        dmarc_read(found.text, &into->record);
    if (own == POLICY_RECORD_SEVERAL)
        note(&into->record, DMARC_SEVERAL_RECORDS, found.text);
    note(&into->record, DMARC_VERSION_NOT_FIRST, found.passed_over);
    if (own != POLICY_RECORD_ONE)
        return judge_above(ask, asker, domain, into);
    settle(into, domain, into->record.p);
    return true;
}
