/* SPDX-License-Identifier: MIT */
/* Moments in the notations that are spoken here, always UTC. Wall clock milliseconds since 1970. */
#ifndef GATEPOST_STAMP_H
#define GATEPOST_STAMP_H

#include <stdint.h>

#define STAMP_MAX 40 /* bytes of any stamp, terminator included */

void stamp_rfc3339(int64_t wall_ms, char into[STAMP_MAX]); /* "2026-11-23T12:00:00Z" */
void stamp_mail(int64_t wall_ms,
                char into[STAMP_MAX]); /* "Mon, 23 Nov 2026 12:00:00 +0000", RFC 5322 section 3.3 */
void stamp_imap_day(int64_t wall_ms,
                    char into[STAMP_MAX]); /* "23-Nov-2026", RFC 3501 section 6.4.4 */

#endif
