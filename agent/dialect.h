/* SPDX-License-Identifier: MIT */
/* Where a reply ends, and how a request is framed: SMTP (RFC 5321), IMAP (RFC 3501), POP (RFC
 * 1939), HTTP/1.1 (RFC 9112). Pure functions over bytes. */
#ifndef GATEPOST_DIALECT_H
#define GATEPOST_DIALECT_H

#include "io.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

enum dialect { DIALECT_NONE, DIALECT_SMTP, DIALECT_IMAP, DIALECT_POP, DIALECT_HTTP } COMPACT;

#define DIALECT_LINE_MAX                                                                           \
    8192 /* bytes of one line; SMTP allows 512, IMAP greetings and HTTP headers run longer */

enum frame {
    FRAME_PARTIAL, /* more bytes are needed */
    FRAME_WHOLE,
    FRAME_GARBLED,  /* this is not the protocol: NUL, bare text, impossible length */
    FRAME_TOO_LONG, /* longer than this device is willing to hear */
};

struct reply {
    struct slice whole; /* all bytes of the reply; for HTTP the head and the part of the body that
                           was kept */
    struct slice code;  /* "250"; "OK", "NO", "BAD", "BYE", "PREAUTH" or "+"; POP: "OK", "ERR" or
                           "+"; "302" */
    struct slice said;  /* what the peer said, one line for a person: code and text of the last line
                           (SMTP, IMAP), first line (POP), status line (HTTP) */
    struct slice body;  /* HTTP only */
    size_t length;  /* bytes of the input that the reply took; trailing ones are not part of it */
    size_t discard; /* HTTP: bytes of body still to come that are to be read and thrown away; 0 when
                       all is here */
    bool closes;    /* HTTP: the peer will close, or the body ends where the connection does */
    bool chunked;   /* HTTP: the body is still in chunks: see dialect_join_chunks */
};

/* Looks for one whole reply at the start of bytes. tag is IMAP's of the command last sent, "" for a
   greeting; or POP's command itself, since a reply to CAPA is a list; or HTTP's method of the
   request, since a reply to HEAD has no body; ended says that the
   peer closed the connection; room is how many bytes the caller can hold at most. FRAME_WHOLE fills
   into_reply. */
enum frame dialect_reply(enum dialect dialect, struct slice bytes, const char *tag, bool ended,
                         size_t room, struct reply *into_reply);

/* The value of an HTTP header field of a reply, trimmed; false when it has none. The first where
   there are several; *state is 0 at first and lets the next call find the next one. */
bool dialect_header(struct slice whole, const char *name, size_t *state, struct slice *into_value);

/* Makes one piece of a body that came in chunks (RFC 9112 section 7.1), in its place: `body` and
   `whole` are then what was meant, `length` stays what was sent. bytes are those that dialect_reply
   has found the reply in. What follows a broken chunk is left out. */
void dialect_join_chunks(char *bytes, struct reply *reply);

/* The HTTP part of dialect_reply; in dialect_http.c. */
enum frame dialect_http_reply(struct slice bytes, const char *method, bool ended, size_t room,
                              struct reply *into_reply);

#endif
