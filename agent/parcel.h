/* SPDX-License-Identifier: MIT */
/* The two test mails of a run: marked so that they can be found, recognised as ours, and removed.
 */
#ifndef GATEPOST_PARCEL_H
#define GATEPOST_PARCEL_H

#include "arena.h"
#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>

#define PARCEL_MARK_MAX                                                                            \
    33 /* bytes of a run's mark, terminator included: 128 random bits in hexadecimal */
#define PARCEL_TOKEN_MAX 40   /* bytes of a token, terminator included: the mark, "-out" or "-in" */
#define PARCEL_MAIL_MAX  3072 /* bytes of a test mail as it is sent */

enum direction { PARCEL_OUT, PARCEL_IN, PARCELS }; /* from the account; to the account */

enum parcel_state {
    PARCEL_NONE,     /* not sent, and nobody is about to */
    PARCEL_EXPECTED, /* a lane may yet send it */
    PARCEL_SENT,     /* a server took responsibility for it (RFC 5321 section 6.1) */
    PARCEL_ARRIVED,
    PARCEL_BOUNCED,
    PARCEL_LOST, /* not there when patience ended */
};

struct parcel {
    enum parcel_state state;
    char token[PARCEL_TOKEN_MAX];
    const char *from,
        *to; /* as in the header and, `from` being "" for the null reverse-path, in the envelope */
    int64_t sent_ms, arrived_ms; /* port_now_ms */
};

/* A fresh mark for a run; both of its mails can be searched for by it. */
void parcel_new_mark(char into[PARCEL_MARK_MAX]);

void parcel_begin(struct parcel *parcel, enum direction direction, const char *mark,
                  const char *from, const char *to);

/* Writes the whole message (RFC 5322): header with X-Gatepost-Token, body in English and French
   that says what it is. Lines end in CRLF, dots are stuffed, no final dot. NULL when the arena is
   full. */
const char *parcel_write(const struct parcel *parcel, struct arena *arena, const char *helo,
                         int64_t wall_ms);

/* True when a header block belongs to this very test mail: the field X-Gatepost-Token holds its
 * token, whole. */
bool parcel_is_ours(const struct parcel *parcel, struct slice header);

/* True when a header block belongs to a test mail of some run, of this gatepost or another one: it
   has a token of the right form, and the subject and the mark of a mail that no person sent. */
bool parcel_is_one(struct slice header);

/* True when a header block belongs to an answer to it (an echo): In-Reply-To or References name its
 * Message-ID. */
bool parcel_is_answered(const struct parcel *parcel, struct slice header);

#endif
