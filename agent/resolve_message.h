/* SPDX-License-Identifier: MIT */
/* What resolve.c sends and receives, in types of c-ares, which stay out of resolve.h. */
#ifndef GATEPOST_RESOLVE_MESSAGE_H
#define GATEPOST_RESOLVE_MESSAGE_H

#include "resolve.h"

#include <ares.h>

#define MESSAGE_TEXT_MAX 16384 /* bytes of TXT, TLSA or CAA kept of a reply; more set `cut` */

/* The question for a name; the caller destroys it. NULL when there is no memory. */
ares_dns_record_t *message_question(const char *name, enum record_type type) MUST_USE;

/* Reads the reply to the question for name: records, cut, authenticated, and cname where it has
   any. The result says what became of the question. *into_target is left alone but for one case:
   the reply ends with a CNAME, and its target, which lives in the arena, is to be asked next. */
enum answer_status message_read(const ares_dns_record_t *reply, const char *name,
                                enum record_type type, struct arena *arena,
                                struct answer *into_answer, const char **into_target) MUST_USE;

/* True when DNS does not tell the two names apart. */
bool message_same_name(const char *a, const char *b);

#endif
