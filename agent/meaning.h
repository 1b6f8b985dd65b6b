/* SPDX-License-Identifier: MIT */
/* What a failure is called: from a peer's reply, a wire's trouble or an answer of the DNS to a
 * finding. */
#ifndef GATEPOST_MEANING_H
#define GATEPOST_MEANING_H

#include "dialogue.h"

/* Of the dialogue's last reply, which is not the one the step hoped for. The most special knowledge
   first: this provider's, Exchange's incidents, the step's own table, the protocol's ways to ask
   for patience; else the step's `otherwise`. */
enum finding meaning_of_reply(const struct dialogue *dialogue, const struct step *step);

/* Of a wire that failed. */
enum finding meaning_of_trouble(const struct wire *wire);

/* Of an answer; NO_FINDING where there was one, be it that a name or its records do not exist. */
enum finding meaning_of_answer(enum answer_status status);

#endif
