/* SPDX-License-Identifier: MIT */
/* From a template to the bytes of a request, and from a peer's bytes to words that may be shown.
 * The only file that reads a secret to speak it. */
#ifndef GATEPOST_COMPOSE_H
#define GATEPOST_COMPOSE_H

#include "dialogue.h"

#include <stdbool.h>

/* Fills the holes of a step's template. Secret holes stay empty unless the step is SAY_SECRET. */
void compose_line(struct dialogue *dialogue, const struct step *step, struct text *text);

/* Composes the whole request into dialogue->out, framed for the dialect: CRLF (SMTP), tag and CRLF
   (IMAP), head and body (HTTP; the template's first line is "GET path", what follows it is a form).
   False when it does not fit. */
bool compose_request(struct dialogue *dialogue, const struct step *step) MUST_USE;

/* True when words contain the dialogue's secret, as it is or in an encoding that it is spoken in.
 */
bool compose_betrays(const struct dialogue *dialogue, struct slice words);

#endif
