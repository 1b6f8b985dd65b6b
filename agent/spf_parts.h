/* SPDX-License-Identifier: MIT */
/* What spf.c and spf_hosts.c share. */
#ifndef GATEPOST_SPF_PARTS_H
#define GATEPOST_SPF_PARTS_H

#include "spf.h"
#include "spf_macro.h"
#include "spf_record.h"

/* A record that is being evaluated, and those that led to it. */
struct visit {
    const struct visit *outer; /* NULL: none */
    const char *domain;
    unsigned depth;
    bool own;     /* the domain's, or reached from it by redirects alone */
    bool trusted; /* who passes here passes for the domain */
};

/* One run of spf_evaluate. Once stopped, no further term is evaluated and no result counts. */
struct evaluation {
    const struct spf_question *question;
    struct spf_outcome *outcome;
    struct address client;
    bool walking;
    bool pending; /* an answer is on its way. A walk goes on, to ask what else will be asked */
    bool stopped; /* never in a walk */
    struct spf_values values; /* domain and validated: of the name that is being expanded */
    char dotted[SPF_DOTTED_SIZE];
};

/* What became of the name that a term leads to. */
enum destination {
    DESTINATION_NAME,
    DESTINATION_NONE,    /* no question can be asked with it */
    DESTINATION_UNKNOWN, /* still on its way; or, in a walk, another one for every sender */
};

/* Keeps the problem, unless there is one that counts as much. An empty term is the whole record. */
void spf_note(struct evaluation *run, const struct visit *visit, struct slice term,
              enum spf_problem problem);

/* ASCII case and a dot at the end are ignored. */
bool spf_is_same_name(struct slice a, struct slice b);

/* The answer, with records or void. NULL while it is on its way, and when it is neither, which is
   noted. */
const struct answer *spf_ask(struct evaluation *run, const struct visit *visit, struct slice term,
                             const char *name, enum record_type type);

bool spf_is_void(const struct answer *answer);

/* The name that a term leads to: section 4.8. */
enum destination spf_destination(struct evaluation *run, const struct visit *visit,
                                 const struct spf_term *term, char into_name[SPF_NAME_SIZE]);

/* The client's address and the other one agree as far as the term demands. */
bool spf_is_in_network(const struct address *client, const struct address *network,
                       const struct spf_term *term);

/* True when the client matches a term that is a, mx, ptr or exists; in a walk, when exists would
   match everybody. */
bool spf_matches_hosts(struct evaluation *run, const struct visit *visit,
                       const struct spf_term *term);

#endif
