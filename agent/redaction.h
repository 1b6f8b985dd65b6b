/* SPDX-License-Identifier: MIT */
/* Words of others that are passed on to a third: e-mail addresses in them become "[address]". */
#ifndef GATEPOST_REDACTION_H
#define GATEPOST_REDACTION_H

#include "text.h"

/* Appends words without the addresses in them; one that is `keep` (ASCII case ignored) stays. */
void redaction_add(struct text *text, struct slice words, const char *keep);

#endif
