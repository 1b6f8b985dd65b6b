/* SPDX-License-Identifier: MIT */
/* Who may send mail for a domain: the Sender Policy Framework, RFC 7208. Evaluated for one sending
   address; or, without one, walked: every include and redirect is visited, to judge the records and
   to count what they cost.

   Chosen where the RFC leaves it open: a name with an empty label, one of more than 63 bytes, or a
   byte that no question can carry is not asked for and does not match (section 4.8). A domain that
   leads to itself is an error at once. %{p} is the validated name, or "unknown" (section 7.3). No
   explanation is fetched, but its syntax counts. */
#ifndef GATEPOST_SPF_H
#define GATEPOST_SPF_H

#include "io.h"
#include "resolve.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

#define SPF_LOOKUPS_MAX  10   /* terms that ask the DNS, section 4.6.4 */
#define SPF_VOIDS_MAX    2    /* of these, with an empty answer; section 4.6.4 */
#define SPF_HOSTS_MAX    10   /* asked for one mx or ptr, section 4.6.4 */
#define SPF_DEPTH_MAX    10   /* records within each other below the domain's own */
#define SPF_COUNTED_MAX  20   /* terms that a walk counts */
#define SPF_INCLUDED_MAX 2048 /* bytes of the names that are kept */

/* Section 2.6. */
enum spf_result {
    SPF_NONE,
    SPF_NEUTRAL,
    SPF_PASS,
    SPF_FAIL,
    SPF_SOFTFAIL,
    SPF_TEMPERROR,
    SPF_PERMERROR,
};

/* Why the result is temperror or permerror. */
enum spf_problem {
    SPF_NO_PROBLEM,
    SPF_NO_ANSWER,             /* temperror: a question was not answered; `answer` tells how */
    SPF_SEVERAL_RECORDS,       /* of one domain, section 4.5 */
    SPF_MALFORMED,             /* the term is none, or stands twice; sections 4.6 and 6 */
    SPF_TARGET_WITHOUT_RECORD, /* of an include or a redirect, sections 5.2 and 6.1 */
    SPF_LOOP,                  /* the term leads to a domain whose record led to it */
    SPF_TOO_MANY_LOOKUPS,      /* more than SPF_LOOKUPS_MAX; the term is the first one more */
    SPF_TOO_MANY_VOIDS,        /* more than SPF_VOIDS_MAX */
    SPF_TOO_MANY_HOSTS,        /* more than SPF_HOSTS_MAX for an mx */
};

/* The caller's; every string must stay until the evaluation is done. */
struct spf_question {
    ask_fn *ask; /* answers must stay as long as the outcome is read */
    void *asker;
    const char *domain;           /* whose record; a dot at its end is ignored */
    const struct address *client; /* the sending server; NULL: walk */
    const char *sender;           /* local-part@domain; NULL: postmaster@domain; section 4.3 */
    const char *helo;             /* NULL: the domain */
};

struct spf_outcome {
    /* Of a walk: what a server gets that no term names. A record that cannot be used is a permerror
       even where another question went without an answer. */
    enum spf_result result;
    enum spf_problem problem;  /* the first that was met */
    enum answer_status answer; /* none: to the question for the record, PENDING where the domain is
                                  no name; NO_ANSWER: to the one that failed, RECORDS where it held
                                  more than RESOLVE_RECORDS_MAX */

    /* With a problem: the term that has it, empty where it is the record as a whole. Without: the
       term that decided, empty where none matched. And the domain whose record it stands in. */
    struct slice term;
    char where[RESOLVE_NAME_MAX];

    struct slice record; /* the domain's own, the first of several; like `term` in the asker's
                            memory */
    unsigned records;    /* how many it has */
    char all; /* qualifier of its `all`, or of the one it redirects to, as far as that was read;
                 NUL: none */

    unsigned lookups; /* terms that ask the DNS: as far as it was evaluated; of a walk: of the whole
                         tree, up to SPF_COUNTED_MAX */
    unsigned voids;   /* of these, up to SPF_LOOKUPS_MAX: answered with nothing */
    unsigned hidden;  /* terms of a walk that lead to a name which depends on the sender */

    /* Domains whose senders pass, by include or redirect, as far as it was evaluated: each ends in
       a NUL. Read with spf_includes. */
    char included[SPF_INCLUDED_MAX];
    size_t included_len;
    bool included_cut; /* there were more */
};

/* Evaluates, or walks. False while an answer is on its way: then *into_outcome means nothing, and
   it is to be called again when one has come in. An evaluation asks for what it needs next, of one
   mx or ptr for all hosts; at most 1 + SPF_LOOKUPS_MAX * (1 + SPF_HOSTS_MAX) different questions,
   and SPF_HOSTS_MAX + 1 for %{p}. A walk asks for all that one record leads to at once; at most 121
   for the most unlucky tree, seldom more than 20. */
bool spf_evaluate(const struct spf_question *question, struct spf_outcome *into_outcome) MUST_USE;

/* True when the record, or one that it includes or redirects to, includes the domain in such a way
   that its senders pass: not after `all`, and not with a qualifier other than '+'. */
bool spf_includes(const struct spf_outcome *outcome, const char *domain);

const char *spf_result_name(enum spf_result result); /* "softfail", section 2.6 */

#endif
