/* SPDX-License-Identifier: MIT */
/* Patterns over words: '*' stands for any bytes, '?' for one, ASCII case is ignored, and a pattern
 * is anchored at both ends. */
#ifndef GATEPOST_PATTERN_H
#define GATEPOST_PATTERN_H

#include "text.h"

#include <stdbool.h>

/* In time proportional to the product of the lengths, whatever the bytes. */
bool pattern_matches(const char *pattern, struct slice words);

/* The same for host names: '*' does not reach over a dot. */
bool pattern_matches_host(const char *pattern, struct slice host);

#endif
