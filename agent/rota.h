/* SPDX-License-Identifier: MIT */
/* When each mailbox was last swept of old test mails: the file `swept` in the state directory, a
   line for each. Looking for them costs the server a search of the whole mailbox, so it is done
   once a day. A file that is lost or cannot be read only delays the next sweep. */
#ifndef GATEPOST_ROTA_H
#define GATEPOST_ROTA_H

#include "io.h"

#include <stdbool.h>
#include <stdint.h>

#define ROTA_PERIOD_MS INT64_C(86400000)
#define ROTA_MAX       100 /* mailboxes; with more of them the one swept longest ago goes */
#define ROTA_LINE_MAX  352 /* bytes: milliseconds since 1970, a blank, an address, a newline */
#define ROTA_FILE_MAX  (ROTA_MAX * ROTA_LINE_MAX)

/* Whether the mailbox (ASCII case ignored) is to be swept now, by the wall clock; if so, this is
   written down first, so that a sweep that goes wrong is not tried again at once. A mailbox that is
   not in the file is entered as swept: this device has sent it nothing so far. False too where the
   file cannot be written, for a sweep in every run would be too many. */
bool rota_is_due(const char *directory, const char *address, int64_t wall_ms) MUST_USE;

#endif
