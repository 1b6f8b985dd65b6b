/* SPDX-License-Identifier: MIT */
/* CAA (RFC 8659): which certification authorities may issue for a name. What is set is told; that
   nothing is set is no fault. */
#ifndef GATEPOST_CAA_H
#define GATEPOST_CAA_H

#include "resolve.h"
#include "text.h"

#include <stdbool.h>

#define CAA_LABELS_MAX 10 /* of a name; of a longer one nothing is known */

enum caa_state {
    CAA_NONE,    /* neither at the name nor above: everybody may issue */
    CAA_SET,     /* see caa_allows */
    CAA_UNKNOWN, /* an answer failed on the way: authorities then do not issue, section 3 */
};

struct caa {
    enum caa_state state;
    const char *where;           /* the name that has records: a piece of the one asked for */
    const struct answer *answer; /* of the last question */
};

/* The records that count for a name: its own, or those of the nearest name above (section 3).
   False while an answer is on its way. */
bool caa_find(ask_fn *ask, void *asker, const char *name, struct caa *into) MUST_USE;

/* Whether the records allow an authority, by the name it goes by in CAA ("letsencrypt.org"), to
   issue a certificate; wildcard: one for "*." and the name (sections 4.2 and 4.3). A critical
   property that this program does not know forbids, as it does to authorities (section 4.1). */
bool caa_allows(const struct caa *caa, const char *authority, bool wildcard);

#endif
