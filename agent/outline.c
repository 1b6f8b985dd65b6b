/* SPDX-License-Identifier: MIT */
#include "outline.h"

#include <stdint.h>
#include <string.h>

struct cursor {
    struct slice text;
    size_t at, line_start;
    int line;
    size_t values;
    const char *fault;              /* the first one; NULL while there is none */
    size_t path[OUTLINE_DEPTH_MAX]; /* ordinals of the value that is being read */
    const size_t *wanted;           /* ordinals of the value that is looked for; NULL: none is */
    size_t wanted_depth;
    int wanted_line;
};

static bool fail(struct cursor *cursor, const char *words)
{
    if (cursor->fault == NULL)
        cursor->fault = words;
    return false;
}

/* NUL at the end, too: it can start nothing. */
static char peek(const struct cursor *cursor)
{
    return cursor->at < cursor->text.len ? cursor->text.at[cursor->at] : '\0';
}

static bool take(struct cursor *cursor, char wanted)
{
    if (peek(cursor) != wanted)
        return false;
    cursor->at++;
    return true;
}

static void pass_space(struct cursor *cursor)
{
    for (;;) {
        char c = peek(cursor);
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return;
        cursor->at++;
        if (c == '\n') {
            cursor->line++;
            cursor->line_start = cursor->at;
        }
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool digits(struct cursor *cursor)
{
    if (!is_digit(peek(cursor)))
        return fail(cursor, "a digit is missing here");
    while (is_digit(peek(cursor)))
        cursor->at++;
    return true;
}

static bool number(struct cursor *cursor)
{
    (void)take(cursor, '-'); /* it may be absent */
    if (take(cursor, '0')) {
        if (is_digit(peek(cursor)))
            return fail(cursor, "a number does not begin with 0");
    } else if (!digits(cursor)) {
        return false;
    }
    if (take(cursor, '.') && !digits(cursor))
        return false;
    if (!take(cursor, 'e') && !take(cursor, 'E'))
        return true;
    if (!take(cursor, '+'))
        (void)take(cursor, '-'); /* it may be absent */
    return digits(cursor);
}

static bool hexadecimal(struct cursor *cursor, unsigned *into_code)
{
    static const char values[] = "0123456789abcdefABCDEF";
    *into_code = 0;
    for (int i = 0; i < 4; i++) {
        char c = peek(cursor);
        const char *digit = c == '\0' ? NULL : strchr(values, c);
        if (digit == NULL)
            return fail(cursor, "\\u wants four hexadecimal digits");
        size_t value = (size_t)(digit - values);
        *into_code = *into_code * 16 + (unsigned)(value < 16 ? value : value - 6);
        cursor->at++;
    }
    return true;
}

/* \u0000 would end the text early in C; half of a surrogate pair is no character. */
static bool unicode(struct cursor *cursor)
{
    unsigned code, second;
    if (!hexadecimal(cursor, &code))
        return false;
    if (code == 0 || (code >= 0xDC00 && code <= 0xDFFF))
        return fail(cursor, "this \\u is no character");
    if (code < 0xD800 || code > 0xDBFF)
        return true;
    if (!take(cursor, '\\') || !take(cursor, 'u'))
        return fail(cursor, "the second half of a \\u pair is missing here");
    if (!hexadecimal(cursor, &second))
        return false;
    if (second < 0xDC00 || second > 0xDFFF)
        return fail(cursor, "this is not the second half of a \\u pair");
    return true;
}

static bool escape(struct cursor *cursor)
{
    char c = peek(cursor);
    if (c == '\0' || strchr("\"\\/bfnrtu", c) == NULL)
        return fail(cursor, "a backslash in a text is written twice");
    cursor->at++;
    return c != 'u' || unicode(cursor);
}

static bool string(struct cursor *cursor)
{
    cursor->at++;
    for (;;) {
        if (cursor->at >= cursor->text.len || peek(cursor) == '\n' || peek(cursor) == '\r')
            return fail(cursor, "the closing quote (\") is missing on this line");
        if (take(cursor, '"'))
            return true;
        if (take(cursor, '\\')) {
            if (!escape(cursor))
                return false;
            continue;
        }
        if ((unsigned char)peek(cursor) < 0x20)
            return fail(cursor, "a control character, which no text may hold");
        cursor->at++;
    }
}

static bool literal(struct cursor *cursor, const char *word)
{
    if (!slice_starts(slice_from(cursor->text, cursor->at), word))
        return fail(cursor, "a text stands in double quotes (\")");
    cursor->at += strlen(word);
    return true;
}

static bool value(struct cursor *cursor, size_t depth);

static bool key(struct cursor *cursor)
{
    if (peek(cursor) != '"')
        return fail(cursor, "a key in double quotes (\") is missing here");
    if (!string(cursor))
        return false;
    pass_space(cursor);
    if (!take(cursor, ':'))
        return fail(cursor, "a colon (:) is missing before this");
    pass_space(cursor);
    return true;
}

static void arrive(struct cursor *cursor, size_t depth, size_t ordinal)
{
    cursor->path[depth] = ordinal;
    if (cursor->wanted == NULL || cursor->wanted_depth != depth + 1 || cursor->wanted_line != 0)
        return;
    if (memcmp(cursor->path, cursor->wanted, (depth + 1) * sizeof *cursor->wanted) == 0)
        cursor->wanted_line = cursor->line;
}

/* An object or an array, at its bracket. */
static bool children(struct cursor *cursor, size_t depth, bool keyed)
{
    const char closing = keyed ? '}' : ']';
    if (depth >= OUTLINE_DEPTH_MAX)
        return fail(cursor, "too many brackets within each other");
    cursor->at++;
    pass_space(cursor);
    if (take(cursor, closing))
        return true;
    for (size_t ordinal = 0;; ordinal++) {
        arrive(cursor, depth, ordinal);
        if (keyed && !key(cursor))
            return false;
        if (!value(cursor, depth + 1))
            return false;
        pass_space(cursor);
        if (take(cursor, closing))
            return true;
        if (cursor->at >= cursor->text.len)
            return fail(cursor, keyed ? "the closing } is missing" : "the closing ] is missing");
        if (!take(cursor, ','))
            return fail(cursor, "a comma is missing before this");
        pass_space(cursor);
        if (peek(cursor) == '}' || peek(cursor) == ']')
            return fail(cursor, "the comma before this is one too many");
    }
}

static bool value(struct cursor *cursor, size_t depth)
{
    if (++cursor->values > OUTLINE_VALUES_MAX)
        return fail(cursor, "too many values");
    char c = peek(cursor);
    if (c == '{' || c == '[')
        return children(cursor, depth, c == '{');
    if (c == '"')
        return string(cursor);
    if (c == '-' || is_digit(c))
        return number(cursor);
    if (c == 't' || c == 'f' || c == 'n')
        return literal(cursor, c == 't' ? "true" : c == 'f' ? "false" : "null");
    if (c == '/' || c == '#')
        return fail(cursor, "no comment can stand here");
    if (c == '\0' || c == ',' || c == '}' || c == ']')
        return fail(cursor, "a value is missing here");
    return fail(cursor, "a text stands in double quotes (\")");
}

static bool whole(struct cursor *cursor)
{
    if (slice_starts(cursor->text, "\xEF\xBB\xBF")) {
        cursor->at = 3; /* the mark that some editors put in front of UTF-8 */
        cursor->line_start = 3;
    }
    pass_space(cursor);
    if (!value(cursor, 0))
        return false;
    pass_space(cursor);
    if (cursor->at < cursor->text.len)
        return fail(cursor, "this stands after the end");
    return true;
}

static int column(const struct cursor *cursor)
{
    int count = 1;
    for (size_t i = cursor->line_start; i < cursor->at; i++)
        count += ((unsigned char)cursor->text.at[i] & 0xC0) != 0x80;
    return count;
}

void outline_blank_comments(char *text, size_t len)
{
    bool in_string = false, in_comment = false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n') {
            in_string = in_comment = false; /* no text goes on over the end of its line */
        } else if (in_string && text[i] == '\\' && i + 1 < len && text[i + 1] != '\n') {
            i++;
        } else if (in_string || (text[i] == '"' && !in_comment)) {
            in_string = in_string != (text[i] == '"');
        } else if (in_comment || (text[i] == '/' && i + 1 < len && text[i + 1] == '/')) {
            in_comment = true;
            text[i] = ' ';
        }
    }
}

bool outline_check(struct slice text, struct outline_fault *into_fault)
{
    struct cursor cursor = { .text = text, .line = 1 };
    if (whole(&cursor))
        return true;
    *into_fault = (struct outline_fault){ cursor.line, column(&cursor), cursor.fault };
    return false;
}

int outline_line(struct slice text, const size_t *ordinals, size_t depth)
{
    struct cursor cursor = { .text = text, .line = 1, .wanted = ordinals, .wanted_depth = depth };
    (void)whole(&cursor); /* accepted before; only the line is wanted now */
    return depth == 0 ? 1 : cursor.wanted_line;
}
