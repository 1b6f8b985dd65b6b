/* SPDX-License-Identifier: MIT */
/* `gatepost explain CODE`: what a finding, remedy or rule means, what a check does. */
#ifndef GATEPOST_EXPLANATION_H
#define GATEPOST_EXPLANATION_H

#include "catalogue.h"
#include "exits.h"

#include <stdbool.h>

/* True for a finding, a remedy, a check or a rule. */
bool explanation_knows(const char *slug);

/* Prints the explanation of a slug on standard output; EXITS_USAGE, and the nearest one on standard
   error, where there is none. */
enum exits explanation_print(const char *slug, enum language language) MUST_USE;

/* Words of the catalogue for a reader who has no case at hand: "{host}" becomes "<host>". Appends
 * to text. */
void explanation_words(const char *words, struct text *text);

#endif
