/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <string.h>

/* tolower() follows the locale; protocols do not. */
static char lower(char c)
{
    if (c < 'A' || c > 'Z')
        return c;
    return (char)(c - 'A' + 'a');
}

struct slice slice_of(const char *string)
{
    if (string == NULL)
        return (struct slice){ NULL, 0 };
    return (struct slice){ string, strlen(string) };
}

/* The first len bytes; len is not more than there are. */
static struct slice front(struct slice a, size_t len)
{
    return (struct slice){ a.at, len };
}

bool slice_equal(struct slice a, struct slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

bool slice_is(struct slice a, const char *string)
{
    return slice_equal(a, slice_of(string));
}

bool slice_is_nocase(struct slice a, const char *string)
{
    return slice_equal_nocase(a, slice_of(string));
}

bool slice_starts(struct slice a, const char *prefix)
{
    struct slice start = slice_of(prefix);
    return a.len >= start.len && slice_equal(front(a, start.len), start);
}

bool slice_starts_nocase(struct slice a, const char *prefix)
{
    struct slice start = slice_of(prefix);
    return a.len >= start.len && slice_equal_nocase(front(a, start.len), start);
}

bool slice_ends_nocase(struct slice a, const char *suffix)
{
    struct slice end = slice_of(suffix);
    return a.len >= end.len && slice_equal_nocase(slice_from(a, a.len - end.len), end);
}

size_t slice_find_nocase(struct slice a, const char *needle)
{
    for (size_t i = 0; i < a.len; i++)
        if (slice_starts_nocase(slice_from(a, i), needle))
            return i;
    return a.len;
}

bool slice_has_nocase(struct slice a, const char *needle)
{
    return needle[0] == '\0' || slice_find_nocase(a, needle) < a.len;
}

struct slice slice_from(struct slice a, size_t offset)
{
    if (offset >= a.len)
        return (struct slice){ NULL, 0 };
    return (struct slice){ a.at + offset, a.len - offset };
}

bool slice_cut(struct slice *rest, char separator, struct slice *into_part)
{
    if (rest->len == 0)
        return false;
    const char *end = memchr(rest->at, separator, rest->len);
    size_t len = end == NULL ? rest->len : (size_t)(end - rest->at);
    *into_part = front(*rest, len);
    *rest = slice_from(*rest, len + 1);
    return true;
}

bool slice_lists_nocase(struct slice parts, char separator, const char *word)
{
    struct slice part;
    while (slice_cut(&parts, separator, &part))
        if (slice_is_nocase(part, word))
            return true;
    return false;
}

bool slice_line(struct slice *rest, struct slice *into_line)
{
    const struct slice all = *rest;
    struct slice line;
    if (!slice_cut(rest, '\n', &line))
        return false;
    bool ended = line.len < all.len;
    if (ended && line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    *into_line = line;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice slice_trim(struct slice a)
{
    while (a.len > 0 && is_blank(a.at[0]))
        a = slice_from(a, 1);
    while (a.len > 0 && is_blank(a.at[a.len - 1]))
        a.len--;
    return a;
}

bool slice_number(struct slice a, uint64_t maximum, uint64_t *into_number)
{
    if (a.len == 0)
        return false;
    uint64_t number = 0;
    for (size_t i = 0; i < a.len; i++) {
        if (a.at[i] < '0' || a.at[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(a.at[i] - '0');
        if (digit > maximum || number > (maximum - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    *into_number = number;
    return true;
}

bool slice_milliseconds(struct slice a, int64_t *into_ms)
{
    uint64_t number;
    if (!slice_number(a, INT64_MAX, &number))
        return false;
    *into_ms = (int64_t)number;
    return true;
}
