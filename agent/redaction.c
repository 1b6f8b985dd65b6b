/* SPDX-License-Identifier: MIT */
#include "redaction.h"

#include <string.h>

/* What may stand in an address without quotes: atext of RFC 5321 section 4.1.2 and dots, and bytes
   of RFC 6531. */
static bool is_of_address(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    return (unsigned char)c >= 0x80 || (c != '\0' && strchr(".!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool is_of_domain(char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    return (unsigned char)c >= 0x80 || c == '-' || c == '.';
}

/* The address around the at sign at `at`; empty where there is none. */
static struct slice address_around(struct slice words, size_t at)
{
    size_t begin = at, end = at + 1;
    while (begin > 0 && is_of_address(words.at[begin - 1]))
        begin--;
    while (end < words.len && is_of_domain(words.at[end]))
        end++;
    while (end > at + 1 && words.at[end - 1] == '.') /* the end of a sentence */
        end--;
    if (begin == at || end == at + 1)
        return (struct slice){ NULL, 0 };
    return (struct slice){ words.at + begin, end - begin };
}

void redaction_add(struct text *text, struct slice words, const char *keep)
{
    for (size_t at = 0; at < words.len; at++) {
        if (words.at[at] != '@')
            continue;
        struct slice address = address_around(words, at);
        if (address.len == 0 || slice_is_nocase(address, keep))
            continue;
        size_t before = (size_t)(address.at - words.at);
        text_add(text, (struct slice){ words.at, before });
        text_add_string(text, "[address]");
        words = slice_from(words, before + address.len);
        at = (size_t)-1; /* from the front of what is left */
    }
    text_add(text, words);
}
