/* SPDX-License-Identifier: MIT */
/* DKIM selectors that were seen in delivered mail, remembered from run to run: the file `selectors`
   in the state directory, a line for each domain, the one that was learned first on top. It holds
   nothing that the next delivered mail does not tell again: a line that cannot be read is left out,
   and a file that cannot be written is done without. */
#ifndef GATEPOST_SELECTORS_H
#define GATEPOST_SELECTORS_H

#include "io.h"
#include "text.h"

#include <stdbool.h>

#define SELECTORS_MAX      100 /* domains; with more of them the oldest goes */
#define SELECTOR_MAX       128 /* bytes of a selector, terminator included */
#define SELECTOR_LINE_MAX  384 /* bytes: a domain, a blank, a selector, a newline */
#define SELECTORS_FILE_MAX (SELECTORS_MAX * SELECTOR_LINE_MAX)

/* The selector that was last seen for the domain (ASCII case ignored). False where none is
   remembered. */
bool selectors_recall(const char *directory, const char *domain, char into[SELECTOR_MAX]) MUST_USE;

/* Remembers it. The file is written only where that changes it. False where it could not be
   remembered: the selector or the domain is longer than a line holds, or holds what no name may,
   or the disk fails. */
bool selectors_remember(const char *directory, const char *domain, struct slice selector) MUST_USE;

#endif
