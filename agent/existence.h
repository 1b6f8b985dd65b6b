/* SPDX-License-Identifier: MIT */
/* Whether a domain is there at all, who answers for it, and whether what records point at is there.
   Names have no dot at the end. */
#ifndef GATEPOST_EXISTENCE_H
#define GATEPOST_EXISTENCE_H

#include "resolve.h"

#include <stdbool.h>

#define EXISTENCE_LABELS_MAX 10 /* of a name; of a longer one nothing is known */

enum existence_state {
    EXISTENCE_WELL,
    EXISTENCE_MISSING,     /* the name above answers, and says that this one does not exist: never
                              registered, run out, taken out of the zone, or misspelt */
    EXISTENCE_UNDELEGATED, /* it exists, yet no name server is named for it below its last label: on
                              hold or run out at its registrar */
    EXISTENCE_BROKEN,      /* the name above is well, and the servers of this one give no answer */
    EXISTENCE_UNKNOWN,     /* the names above give no answer either: not this domain's fault */
};

struct existence {
    enum existence_state state;
    const char *where;            /* MISSING: the highest name that does not exist; BROKEN: the one
                                     whose servers fail; WELL: the zone's name. Else NULL. A piece
                                     of the name asked for */
    const struct answer *servers; /* WELL: the zone's NS records */
    enum answer_status status;    /* of the answer that decided */
};

/* False while an answer is on its way. */
bool existence_judge(ask_fn *ask, void *asker, const char *domain, struct existence *into) MUST_USE;

/* True when the answer leads through a CNAME to a name that does not exist; the CNAME's last target
   is answer->cname. */
bool existence_dangles(const struct answer *answer);

#endif
