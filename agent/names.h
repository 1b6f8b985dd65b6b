/* SPDX-License-Identifier: MIT */
/* What a person may write where a host or a mailbox is meant. */
#ifndef GATEPOST_NAMES_H
#define GATEPOST_NAMES_H

#include "text.h"

#include <stdbool.h>

#define NAMES_HOST_MAX    253 /* bytes, RFC 1035 section 2.3.4 without the dot at the end */
#define NAMES_LABEL_MAX   63
#define NAMES_LOCAL_MAX   64  /* bytes before the @, RFC 5321 section 4.5.3.1.1 */
#define NAMES_MAILBOX_MAX 254 /* RFC 5321 section 4.5.3.1.3: a path of 256 has two brackets */

/* A host name as RFC 1123 section 2.1 writes it: labels of letters, digits and hyphens, the last
   one not all digits, no dot at the end. An IP address is none. */
bool names_is_host(struct slice text);

/* local-part@domain as RFC 5321 section 4.1.2 writes it without quotes, the domain being a host
 * name. */
bool names_is_mailbox(struct slice text);

/* Text that may be shown and spoken: UTF-8 without control characters. */
bool names_is_plain(struct slice text);

/* Of two words, how many letters must be put in, taken out, replaced or swapped with their
   neighbour to make one the other, is the measure: keeps the nearest to a mistyped one. */
struct nearest {
    const char *typed, *best;
    size_t distance;
};

void nearest_begin(struct nearest *nearest, const char *typed);
void nearest_offer(struct nearest *nearest, const char *candidate);

/* The nearest, or NULL where nothing offered is near enough to have been meant. */
const char *nearest_word(const struct nearest *nearest);

#endif
