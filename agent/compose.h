/* SPDX-License-Identifier: MIT */
/* From a template to the bytes of a request, and from a peer's bytes to words that may be shown.
 * The only file that reads a secret to speak it. */
#ifndef GATEPOST_COMPOSE_H
#define GATEPOST_COMPOSE_H

#include "dialogue.h"

#include <stdbool.h>

/* Fills the holes of a step's template. Secret holes stay empty unless the step is SAY_SECRET. */
void compose_line(struct dialogue *dialogue, const struct step *step, struct text *text);

/* The same for a part of a template. */
void compose_fill(const struct dialogue *dialogue, struct slice template, bool secret_allowed,
                  struct text *text);

/* Composes the whole request into dialogue->out, framed for the dialect: CRLF (SMTP), tag and CRLF
   (IMAP), or as compose_http says. False when it does not fit. */
bool compose_request(struct dialogue *dialogue, const struct step *step) MUST_USE;

/* An HTTP request (RFC 9112). The template is one: "METHOD target", then "Name: value" for each
   field, and after an empty line the body. Host, cookies, the length of the body, and the fields
   that every request has are added. A field in which a hole put a line break is not said: the text
   overflows. Remembers the method for the reply. In compose_http.c. */
void compose_http(struct dialogue *dialogue, const struct step *step, struct text *text);

/* True when words contain the dialogue's secret, as it is or in an encoding that it is spoken in.
 */
bool compose_betrays(const struct dialogue *dialogue, struct slice words);

#endif
