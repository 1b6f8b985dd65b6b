/* SPDX-License-Identifier: MIT */
#include "dialect.h"

#include <string.h>

#define IMAP_LITERAL_DIGITS 10

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool has_nul(struct slice bytes)
{
    return bytes.len > 0 && memchr(bytes.at, '\0', bytes.len) != NULL;
}

/* Finds the line that starts at *at: its bytes without CRLF, and *at moves behind it. */
static enum frame next_line(struct slice bytes, size_t *at, struct slice *into_line)
{
    struct slice rest = slice_from(bytes, *at);
    const char *end = rest.len > 0 ? memchr(rest.at, '\n', rest.len) : NULL;
    size_t len = end == NULL ? rest.len : (size_t)(end - rest.at);
    if (len > DIALECT_LINE_MAX)
        return FRAME_TOO_LONG;
    struct slice line = { rest.at, len };
    if (has_nul(line))
        return FRAME_GARBLED;
    if (end == NULL)
        return FRAME_PARTIAL;
    *at += len + 1;
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    *into_line = line;
    return FRAME_WHOLE;
}

/* RFC 5321 section 4.2: three digits, then "-" for more lines or a space (or nothing) on the last
 * one. */
static bool is_smtp_line(struct slice line)
{
    return line.len >= 3 && is_digit(line.at[0]) && is_digit(line.at[1]) && is_digit(line.at[2]) &&
           (line.len == 3 || line.at[3] == ' ' || line.at[3] == '-');
}

static enum frame smtp_reply(struct slice bytes, struct reply *into_reply)
{
    struct slice first = { NULL, 0 }, line;
    size_t at = 0;
    do {
        enum frame frame = next_line(bytes, &at, &line);
        /* Bytes that can never become a reply are told at once, without waiting for the end of
         * their line. */
        struct slice begun = slice_from(bytes, at);
        if (frame == FRAME_PARTIAL && begun.len >= 4 && begun.at[3] != '\r' && !is_smtp_line(begun))
            return FRAME_GARBLED;
        if (frame != FRAME_WHOLE)
            return frame;
        if (!is_smtp_line(line) || (first.len > 0 && memcmp(first.at, line.at, 3) != 0))
            return FRAME_GARBLED;
        if (first.len == 0)
            first = line;
    } while (line.len > 3 && line.at[3] == '-');
    bool negative = first.at[0] == '4' || first.at[0] == '5';
    *into_reply = (struct reply){ .whole = { bytes.at, at },
                                  .code = { first.at, 3 },
                                  .said = negative ? first : line,
                                  .length = at };
    return FRAME_WHOLE;
}

/* RFC 3501 section 4.3: a line that ends in {N} is followed by N bytes and goes on behind them. */
static bool ends_in_literal(struct slice line, uint64_t *into_size)
{
    if (line.len < 3 || line.at[line.len - 1] != '}')
        return false;
    size_t open = line.len - 2;
    while (open > 0 && line.at[open] != '{')
        open--;
    struct slice digits = { line.at + open + 1, line.len - open - 2 };
    return line.at[open] == '{' && slice_number(digits, UINT64_MAX / 2, into_size);
}

/* Finds one response, its literals included. */
static enum frame imap_response(struct slice bytes, size_t *at, size_t room,
                                struct slice *into_line)
{
    size_t start = *at;
    struct slice line;
    for (;;) {
        uint64_t size = 0;
        enum frame frame = next_line(bytes, at, &line);
        if (frame != FRAME_WHOLE)
            return frame;
        if (!ends_in_literal(line, &size))
            break;
        if (size > room || *at + size > room)
            return FRAME_TOO_LONG;
        if (*at + size > bytes.len)
            return FRAME_PARTIAL;
        *at += (size_t)size;
    }
    *into_line =
        (struct slice){ bytes.at + start, (size_t)(line.at + line.len - bytes.at) - start };
    return FRAME_WHOLE;
}

static bool imap_accepts(struct slice *line, const char *prefix)
{
    if (!slice_starts(*line, prefix))
        return false;
    *line = slice_from(*line, strlen(prefix));
    return true;
}

/* Fills a reply whose status is in line: "OK text", "NO [CODE] text". */
static void imap_status(struct slice bytes, size_t length, struct slice line,
                        struct reply *into_reply)
{
    struct slice rest = line, code = line;
    (void)slice_cut(&rest, ' ', &code); /* a status without text is all code */
    *into_reply = (struct reply){
        .whole = { bytes.at, length }, .code = code, .said = line, .length = length
    };
}

static bool is_imap_greeting(struct slice line)
{
    return slice_starts_nocase(line, "OK") || slice_starts_nocase(line, "PREAUTH") ||
           slice_starts_nocase(line, "BYE");
}

static enum frame imap_reply(struct slice bytes, const char *tag, bool ended, size_t room,
                             struct reply *into_reply)
{
    size_t at = 0;
    size_t tag_len = strlen(tag);
    struct slice farewell = { NULL, 0 };
    for (;;) {
        struct slice line;
        enum frame frame = imap_response(bytes, &at, room, &line);
        if (frame == FRAME_PARTIAL && ended && farewell.len > 0) {
            imap_status(bytes, at, farewell, into_reply);
            return FRAME_WHOLE;
        }
        if (frame != FRAME_WHOLE)
            return frame;
        struct slice said = line;
        if (imap_accepts(&said, "* ")) {
            if (tag_len == 0 && !is_imap_greeting(said))
                return FRAME_GARBLED;
            if (slice_starts_nocase(said, "BYE"))
                farewell = said;
            if (tag_len > 0)
                continue;
        } else if (slice_starts(line, "+") && tag_len > 0) {
            said = line;
        } else if (tag_len == 0 || !imap_accepts(&said, tag) || !imap_accepts(&said, " ")) {
            return FRAME_GARBLED;
        }
        imap_status(bytes, at, said, into_reply);
        return FRAME_WHOLE;
    }
}

/* RFC 1939 section 3, in any case of letters; "+" goes on with AUTH (RFC 5034 section 4). */
static bool pop_status(struct slice line, const char *command, struct slice *into_code)
{
    static const char *const statuses[] = { "+OK", "-ERR" };
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        size_t len = strlen(statuses[i]);
        if (!slice_starts_nocase(line, statuses[i]) || (line.len > len && line.at[len] != ' '))
            continue;
        *into_code = (struct slice){ line.at + 1, len - 1 };
        return true;
    }
    *into_code = (struct slice){ line.at, 1 };
    return strcmp(command, "AUTH") == 0 && (slice_is(line, "+") || slice_starts(line, "+ "));
}

static enum frame pop_reply(struct slice bytes, const char *command, struct reply *into_reply)
{
    struct slice said, code, line;
    size_t at = 0;
    if (bytes.len > 0 && bytes.at[0] != '+' && bytes.at[0] != '-')
        return FRAME_GARBLED; /* told at once, without waiting for the end of its line */
    enum frame frame = next_line(bytes, &at, &said);
    if (frame != FRAME_WHOLE)
        return frame;
    if (!pop_status(said, command, &code))
        return FRAME_GARBLED;
    bool has_list = strcmp(command, "CAPA") == 0 && slice_is_nocase(code, "OK");
    for (line = said; has_list && !slice_is(line, ".");) { /* RFC 2449 section 5 */
        frame = next_line(bytes, &at, &line);
        if (frame != FRAME_WHOLE)
            return frame;
    }
    *into_reply =
        (struct reply){ .whole = { bytes.at, at }, .code = code, .said = said, .length = at };
    return FRAME_WHOLE;
}

enum frame dialect_reply(enum dialect dialect, struct slice bytes, const char *tag, bool ended,
                         size_t room, struct reply *into_reply)
{
    switch (dialect) {
    case DIALECT_SMTP:
        return smtp_reply(bytes, into_reply);
    case DIALECT_IMAP:
        return imap_reply(bytes, tag, ended, room, into_reply);
    case DIALECT_POP:
        return pop_reply(bytes, tag, into_reply);
    case DIALECT_HTTP:
        return dialect_http_reply(bytes, tag, ended, room, into_reply);
    case DIALECT_NONE:
        break;
    }
    return FRAME_GARBLED;
}
