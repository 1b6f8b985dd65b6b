/* SPDX-License-Identifier: MIT */
/* What the catalogue and the ledger say, in the words of one reader's language. */
#ifndef GATEPOST_WORDING_H
#define GATEPOST_WORDING_H

#include "ledger.h"

#define WORDING_MAX                                                                                \
    2048 /* bytes of one filled text, terminator included; what is longer loses parts */

/* Appends words of the catalogue with their holes filled; the service is named in the reader's
 * language. */
void wording_fill(struct text *text, const char *words, const struct params *params,
                  enum language language);

/* Appends why a check was skipped, or unknown without a finding; nothing where neither is so. brief
 * is for narrow columns. */
void wording_why(struct text *text, const struct entry *entry, bool brief, enum language language);

/* Appends one of the eight results: good, bad, or what is not known and why. */
void wording_result(struct text *text, const struct ledger *ledger, enum result result,
                    enum language language);

/* "certain", or what else may be. */
const char *wording_sure(enum confidence confidence, enum language language);

/* Appends the facts of a check, separated by commas, a comma first where text is not empty. */
void wording_facts(struct text *text, const struct entry *entry, enum language language);

#endif
