/* SPDX-License-Identifier: MIT */
/* SPF records as RFC 7208 section 12 writes them, term by term. */
#ifndef GATEPOST_SPF_RECORD_H
#define GATEPOST_SPF_RECORD_H

#include "../port/port.h"
#include "text.h"

#include <stdbool.h>

enum spf_kind {
    SPF_KIND_MALFORMED, /* no term at all, or one with an argument that it cannot have */
    SPF_KIND_ALL,
    SPF_KIND_INCLUDE,
    SPF_KIND_A,
    SPF_KIND_MX,
    SPF_KIND_PTR,
    SPF_KIND_IP4,
    SPF_KIND_IP6,
    SPF_KIND_EXISTS,
    SPF_KIND_REDIRECT,
    SPF_KIND_EXP,
    SPF_KIND_OTHER, /* a modifier that the RFC does not know: to be ignored, section 6 */
};

struct spf_term {
    enum spf_kind kind;
    char qualifier;         /* of a mechanism: '+', '-', '?' or '~'; '+' where none is written */
    struct slice text;      /* the whole, as it stands in the record */
    struct slice target;    /* domain-spec, macros not expanded; empty where none is written */
    struct address network; /* of ip4 and ip6 */
    unsigned prefix_v4, prefix_v6; /* bits that must agree; 32 and 128 where none are written */
};

/* True when the TXT record is one of SPF, whatever its terms: section 4.5. */
bool spf_is_record(struct slice text);

/* The terms of a record for which spf_is_record holds. */
struct slice spf_terms(struct slice record);

/* Takes one term off the front. False when there is none left. */
bool spf_next_term(struct slice *terms, struct spf_term *into_term);

#endif
