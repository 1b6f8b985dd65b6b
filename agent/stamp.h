/* SPDX-License-Identifier: MIT */
/* Moments in the notations that are spoken here, always UTC. Wall clock milliseconds since 1970. */
#ifndef GATEPOST_STAMP_H
#define GATEPOST_STAMP_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define STAMP_MAX 40 /* bytes of any stamp, terminator included */

void stamp_rfc3339(int64_t wall_ms, char into[STAMP_MAX]); /* "2026-11-23T12:00:00Z" */
void stamp_mail(int64_t wall_ms,
                char into[STAMP_MAX]); /* "Mon, 23 Nov 2026 12:00:00 +0000", RFC 5322 section 3.3 */
void stamp_imap_day(int64_t wall_ms,
                    char into[STAMP_MAX]); /* "23-Nov-2026", RFC 3501 section 6.4.4 */

/* Reads the date and time of a mail (RFC 5322 section 3.3) with the obsolete forms of section 4.3:
   comments and folds between the parts, years of two and three digits, named zones. A zone that
   means nothing (a military letter, an unknown name) is taken for UTC. The day of the week is not
   looked at. False for anything else, and for moments before 1970. */
bool stamp_read_mail(struct slice date, int64_t *into_wall_ms) MUST_USE;

/* Reads "2026-11-23T12:00:00Z", with a fraction and another zone too (RFC 3339 section 5.6). False
   for anything else, and for moments before 1970. */
bool stamp_read_rfc3339(struct slice stamp, int64_t *into_wall_ms) MUST_USE;

#endif
