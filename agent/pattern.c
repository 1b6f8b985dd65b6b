/* SPDX-License-Identifier: MIT */
#include "pattern.h"

static bool same(char want, char byte)
{
    return want == '?' ||
           slice_equal_nocase((struct slice){ &want, 1 }, (struct slice){ &byte, 1 });
}

/* The last star takes one byte more whenever what follows it does not fit. */
static bool matches(const char *pattern, struct slice words, bool stops_at_dots)
{
    const char *star = NULL;
    size_t at = 0, resume = 0;
    while (at < words.len) {
        if (*pattern == '*') {
            star = pattern++;
            resume = at;
        } else if (*pattern != '\0' && same(*pattern, words.at[at])) {
            pattern++;
            at++;
        } else if (star != NULL && !(stops_at_dots && words.at[resume] == '.')) {
            pattern = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

bool pattern_matches(const char *pattern, struct slice words)
{
    return matches(pattern, words, false);
}

bool pattern_matches_host(const char *pattern, struct slice host)
{
    return matches(pattern, host, true);
}
