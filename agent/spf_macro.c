/* SPDX-License-Identifier: MIT */
#include "spf_macro.h"

#include <string.h>

#define LABEL_MAX 63
#define LETTERS   "slodipvh" /* in any macro; c, r and t are for explanations: section 7.2 */
#define KEPT      256        /* of the end of a name that grows beyond: more than a name has */

/* One piece of a macro-string. */
struct piece {
    struct slice literal; /* empty: a macro with a letter */
    bool is_expand;       /* macro-expand, those without a letter too */
    char letter;          /* lower case */
    bool escaped;         /* the letter was a capital: section 7.3 */
    bool reversed;
    size_t parts; /* to keep, from the right; 0: all */
    struct slice delimiters;
};

/* A name that grows at its right end; what can no longer be part of it is dropped at its left. */
struct tail {
    char at[2 * KEPT];
    size_t len;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* ---- syntax ---- */

/* "%%", "%_", "%-": a percent sign, a blank, and a blank as URLs write it. */
static bool read_escape(struct slice *rest, struct piece *piece)
{
    if (rest->len < 2)
        return false;
    if (rest->at[1] == '%')
        piece->literal = SLICE("%");
    else if (rest->at[1] == '_')
        piece->literal = SLICE(" ");
    else if (rest->at[1] == '-')
        piece->literal = SLICE("%20");
    else
        return false;
    *rest = slice_from(*rest, 2);
    return true;
}

/* The number of parts, which must not be 0. No value has as many parts as the largest kept. */
static bool read_parts(struct slice *body, size_t *into_parts)
{
    size_t len = 0, parts = 0;
    while (len < body->len && is_digit(body->at[len])) {
        if (parts < 10000)
            parts = parts * 10 + (size_t)(body->at[len] - '0');
        len++;
    }
    *body = slice_from(*body, len);
    *into_parts = parts;
    return len == 0 || parts > 0;
}

/* "%{", a letter, transformers, delimiters, "}". */
static bool read_macro(struct slice *rest, struct piece *piece)
{
    struct slice body;
    struct slice after = slice_from(*rest, 2);
    const size_t left = after.len;
    if (!slice_cut(&after, '}', &body) || body.len == left || body.len == 0)
        return false;
    char letter = body.at[0];
    if (!is_letter(letter))
        return false;
    piece->escaped = letter <= 'Z';
    piece->letter = letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
    body = slice_from(body, 1);
    if (!is_one_of(piece->letter, LETTERS "crt") || !read_parts(&body, &piece->parts))
        return false;
    piece->reversed = body.len > 0 && (body.at[0] == 'r' || body.at[0] == 'R');
    if (piece->reversed)
        body = slice_from(body, 1);
    for (size_t i = 0; i < body.len; i++)
        if (!is_one_of(body.at[i], ".-+,/_="))
            return false;
    piece->delimiters = body.len > 0 ? body : SLICE(".");
    *rest = after;
    return true;
}

/* Takes one piece off the front of rest, which is not empty. False when it is malformed. */
static bool read_piece(struct slice *rest, struct piece *into_piece)
{
    *into_piece = (struct piece){ .is_expand = rest->at[0] == '%' };
    if (into_piece->is_expand)
        return rest->len > 1 && rest->at[1] == '{' ? read_macro(rest, into_piece)
                                                   : read_escape(rest, into_piece);
    size_t len = 0;
    while (len < rest->len && rest->at[len] >= '!' && rest->at[len] <= '~' && rest->at[len] != '%')
        len++;
    into_piece->literal = (struct slice){ rest->at, len };
    *rest = slice_from(*rest, len);
    return len > 0;
}

/* toplabel: letters, digits and inner hyphens, not all digits. */
static bool is_top_label(struct slice label)
{
    bool only_digits = true;
    for (size_t i = 0; i < label.len; i++) {
        if (!is_letter(label.at[i]) && !is_digit(label.at[i]) && label.at[i] != '-')
            return false;
        only_digits = only_digits && is_digit(label.at[i]);
    }
    return label.len > 0 && !only_digits && label.at[0] != '-' && label.at[label.len - 1] != '-';
}

/* The end of a domain-spec that does not end in a macro: a dot, a top label, perhaps a dot. */
static bool ends_as_domain(struct slice literal)
{
    if (literal.len > 0 && literal.at[literal.len - 1] == '.')
        literal.len--;
    size_t start = literal.len;
    while (start > 0 && literal.at[start - 1] != '.')
        start--;
    return start > 0 && is_top_label(slice_from(literal, start));
}

bool spf_macro_is_domain(struct slice text)
{
    struct piece piece = { 0 };
    if (text.len == 0)
        return false;
    while (text.len > 0) {
        if (!read_piece(&text, &piece))
            return false;
        if (piece.letter != '\0' && !is_one_of(piece.letter, LETTERS))
            return false;
    }
    return piece.is_expand || ends_as_domain(piece.literal);
}

bool spf_macro_is_string(struct slice text)
{
    struct piece piece;
    while (text.len > 0)
        if (!read_piece(&text, &piece))
            return false;
    return true;
}

bool spf_macro_needs(struct slice text, const char *letters)
{
    struct piece piece;
    while (text.len > 0 && read_piece(&text, &piece))
        if (is_one_of(piece.letter, letters))
            return true;
    return false;
}

/* ---- expansion ---- */

static void push(struct tail *tail, char c)
{
    if (tail->len == sizeof tail->at) {
        memmove(tail->at, tail->at + sizeof tail->at - KEPT, KEPT);
        tail->len = KEPT;
    }
    tail->at[tail->len++] = c;
}

static void push_slice(struct tail *tail, struct slice slice)
{
    for (size_t i = 0; i < slice.len; i++)
        push(tail, slice.at[i]);
}

/* Percent-encoded as RFC 3986 section 2.1 says, but for unreserved characters. */
static void push_value(struct tail *tail, struct slice part, bool escaped)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < part.len; i++) {
        char c = part.at[i];
        if (!escaped || is_letter(c) || is_digit(c) || is_one_of(c, "-._~")) {
            push(tail, c);
            continue;
        }
        push(tail, '%');
        push(tail, digits[(unsigned char)c >> 4]);
        push(tail, digits[(unsigned char)c & 15]);
    }
}

static bool is_delimiter(char c, struct slice delimiters)
{
    return memchr(delimiters.at, c, delimiters.len) != NULL;
}

static size_t count_parts(struct slice value, struct slice delimiters)
{
    size_t parts = 1;
    for (size_t i = 0; i < value.len; i++)
        parts += is_delimiter(value.at[i], delimiters) ? 1 : 0;
    return parts;
}

static void push_in_order(struct tail *tail, struct slice value, const struct piece *piece)
{
    if (value.len == 0)
        return;
    size_t parts = count_parts(value, piece->delimiters);
    size_t skip = piece->parts > 0 && parts > piece->parts ? parts - piece->parts : 0;
    size_t start = 0;
    for (size_t i = 0; i <= value.len; i++) {
        if (i < value.len && !is_delimiter(value.at[i], piece->delimiters))
            continue;
        if (skip > 0) {
            skip--;
        } else {
            push_value(tail, (struct slice){ value.at + start, i - start }, piece->escaped);
            if (i < value.len)
                push(tail, '.');
        }
        start = i + 1;
    }
}

/* Reversed first, then cut from the left: what is kept are the first parts, the last of them
   first. */
static void push_reversed(struct tail *tail, struct slice value, const struct piece *piece)
{
    if (value.len == 0)
        return;
    size_t parts = count_parts(value, piece->delimiters);
    size_t skip = piece->parts > 0 && parts > piece->parts ? parts - piece->parts : 0;
    size_t end = value.len;
    for (size_t i = value.len + 1; i-- > 0;) {
        if (i > 0 && !is_delimiter(value.at[i - 1], piece->delimiters))
            continue;
        if (skip > 0) {
            skip--;
        } else {
            push_value(tail, (struct slice){ value.at + i, end - i }, piece->escaped);
            if (i > 0)
                push(tail, '.');
        }
        end = i > 0 ? i - 1 : 0;
    }
}

static struct slice value_of(char letter, const struct spf_values *values)
{
    switch (letter) {
    case 's':
        return values->sender;
    case 'l':
        return values->local;
    case 'o':
        return values->sender_domain;
    case 'd':
        return values->domain;
    case 'i':
        return values->client;
    case 'p':
        return values->validated;
    case 'v':
        return values->family;
    default:
        return values->helo;
    }
}

static bool is_label(struct slice label)
{
    for (size_t i = 0; i < label.len; i++)
        if (label.at[i] < ' ' || label.at[i] > '~' || label.at[i] == '\\')
            return false;
    return label.len > 0 && label.len <= LABEL_MAX;
}

static bool is_askable(struct slice name)
{
    struct slice label;
    if (name.len == 0 || name.at[name.len - 1] == '.')
        return false;
    while (slice_cut(&name, '.', &label))
        if (!is_label(label))
            return false;
    return true;
}

bool spf_macro_expand(struct slice text, const struct spf_values *values,
                      char into_name[SPF_NAME_SIZE])
{
    struct tail tail = { .len = 0 };
    struct piece piece;
    while (text.len > 0 && read_piece(&text, &piece)) {
        if (piece.literal.len > 0)
            push_slice(&tail, piece.literal);
        else if (piece.reversed)
            push_reversed(&tail, value_of(piece.letter, values), &piece);
        else
            push_in_order(&tail, value_of(piece.letter, values), &piece);
    }
    struct slice label, name = { tail.at, tail.len };
    if (name.len > 0 && name.at[name.len - 1] == '.')
        name.len--;
    while (name.len >= SPF_NAME_SIZE && slice_cut(&name, '.', &label))
        continue;
    if (!is_askable(name))
        return false;
    text_put(into_name, SPF_NAME_SIZE, name);
    return true;
}
