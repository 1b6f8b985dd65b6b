/* SPDX-License-Identifier: MIT */
#include "header.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_continued(struct slice rest)
{
    return rest.len > 0 && is_blank(rest.at[0]);
}

/* RFC 5322 section 2.2: printable bytes without the colon. */
static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] <= ' ' || name.at[i] > '~')
            return false;
    return name.len > 0;
}

static bool read_field(struct slice whole, struct header_field *into_field)
{
    const char *colon = memchr(whole.at, ':', whole.len);
    if (colon == NULL)
        return false;
    struct slice name = { whole.at, (size_t)(colon - whole.at) };
    while (name.len > 0 && is_blank(name.at[name.len - 1]))
        name.len--;
    if (!is_name(name))
        return false;
    *into_field = (struct header_field){
        .name = name,
        .value = { colon + 1, whole.len - (size_t)(colon - whole.at) - 1 },
        .whole = whole,
    };
    return true;
}

bool header_next(struct slice *rest, struct header_field *into_field)
{
    struct slice line;
    while (slice_line(rest, &line)) {
        struct slice whole = line;
        if (line.len == 0)
            return false;
        while (is_continued(*rest) && slice_line(rest, &line))
            whole.len = (size_t)(line.at - whole.at) + line.len;
        if (read_field(whole, into_field))
            return true;
    }
    return false;
}

struct slice header_body(struct slice mail)
{
    struct header_field field;
    struct slice rest = mail;
    while (header_next(&rest, &field))
        ;
    return rest;
}

struct slice header_skip(struct slice text)
{
    size_t depth = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.at[at];
        if (c == '\\' && depth > 0)
            at++;
        else if (c == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
        else if (depth == 0 && !is_blank(c) && c != '\r' && c != '\n')
            return slice_from(text, at);
    }
    return (struct slice){ NULL, 0 };
}

bool header_cut(struct slice *rest, char separator, struct slice *into_part)
{
    const struct slice all = *rest;
    size_t depth = 0, at = 0;
    bool quoted = false;
    if (all.len == 0)
        return false;
    for (; at < all.len; at++) {
        char c = all.at[at];
        if (c == separator && depth == 0 && !quoted)
            break;
        if (c == '\\' && (depth > 0 || quoted))
            at++;
        else if (c == '"' && depth == 0)
            quoted = !quoted;
        else if (c == '(' && !quoted)
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
    }
    *into_part = (struct slice){ all.at, at < all.len ? at : all.len };
    *rest = slice_from(all, at + 1);
    return true;
}

static struct slice take_quoted(struct slice *rest)
{
    size_t end = 1;
    while (end < rest->len && rest->at[end] != '"')
        end += rest->at[end] == '\\' && end + 1 < rest->len ? 2 : 1;
    struct slice word = { rest->at + 1, end - 1 };
    *rest = slice_from(*rest, end + 1);
    return word;
}

struct slice header_word(struct slice *rest, const char *separators)
{
    const struct slice text = header_skip(*rest), ends = slice_of(separators);
    size_t len = 0;
    *rest = text;
    if (text.len > 0 && text.at[0] == '"')
        return take_quoted(rest);
    while (len < text.len && memchr(" \t\r\n(", text.at[len], 5) == NULL &&
           (ends.len == 0 || memchr(ends.at, text.at[len], ends.len) == NULL))
        len++;
    if (len == 0 && text.len > 0)
        len = 1;
    *rest = slice_from(text, len);
    return (struct slice){ text.at, len };
}
