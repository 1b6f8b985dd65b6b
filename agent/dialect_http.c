/* SPDX-License-Identifier: MIT */
/* HTTP/1.1 for a handful of requests: strict and capped. RFC 9112. */
#include "dialect.h"

#include <string.h>

#define HEAD_MAX 16384 /* bytes of a response head */

/* The length of the head up to and with its empty line; 0 when it is not all there. */
static size_t head_length(struct slice bytes)
{
    for (size_t i = 3; i < bytes.len; i++)
        if (memcmp(bytes.at + i - 3, "\r\n\r\n", 4) == 0)
            return i + 1;
    return 0;
}

/* RFC 9112 section 4: "HTTP/1.1 302 Found". */
static bool read_status(struct slice head, struct slice *into_line, struct slice *into_code)
{
    struct slice rest = head, line;
    if (!slice_line(&rest, &line) || line.len < 12 || !slice_starts(line, "HTTP/1."))
        return false;
    struct slice code = { line.at + 9, 3 };
    uint64_t number = 0;
    if (line.at[8] != ' ' || !slice_number(code, 599, &number) || number < 100)
        return false;
    if (line.len > 12 && line.at[12] != ' ')
        return false;
    *into_line = line;
    *into_code = code;
    return true;
}

bool dialect_header(struct slice whole, const char *name, size_t *state, struct slice *into_value)
{
    size_t end = head_length(whole);
    struct slice head = { whole.at, end > 0 ? end : whole.len };
    struct slice rest = slice_from(head, *state), line;
    size_t name_len = strlen(name);
    bool first = *state == 0;
    while (slice_line(&rest, &line)) {
        *state = head.len - rest.len;
        bool status_line = first;
        first = false;
        if (line.len == 0)
            return false;
        if (status_line || line.len <= name_len || line.at[name_len] != ':' ||
            !slice_starts_nocase(line, name))
            continue;
        *into_value = slice_trim(slice_from(line, name_len + 1));
        return true;
    }
    return false;
}

static bool only_header(struct slice head, const char *name, struct slice *into_value)
{
    size_t state = 0;
    return dialect_header(head, name, &state, into_value);
}

enum body_kind { BODY_NONE, BODY_SIZED, BODY_CHUNKED, BODY_TO_END, BODY_WRONG };

/* RFC 9112 section 6.3. Two lengths that differ, or a length beside an encoding, are how responses
 * are smuggled: refused. */
static enum body_kind body_kind(struct slice head, struct slice code, bool of_head,
                                uint64_t *into_size)
{
    struct slice value;
    size_t state = 0;
    bool chunked = false, sized = false;
    uint64_t size = 0;
    if (dialect_header(head, "Transfer-Encoding", &state, &value)) {
        if (!slice_is_nocase(value, "chunked"))
            return BODY_WRONG;
        chunked = true;
    }
    state = 0;
    while (dialect_header(head, "Content-Length", &state, &value)) {
        uint64_t again = 0;
        if (!slice_number(value, UINT32_MAX, &again) || (sized && again != size))
            return BODY_WRONG;
        size = again;
        sized = true;
    }
    if (chunked && sized)
        return BODY_WRONG;
    if (of_head || slice_is(code, "204") || slice_is(code, "304"))
        return BODY_NONE;
    *into_size = size;
    if (chunked)
        return BODY_CHUNKED;
    return sized ? BODY_SIZED : BODY_TO_END;
}

static bool hex_number(struct slice digits, uint64_t *into_number)
{
    uint64_t number = 0;
    if (digits.len == 0 || digits.len > 8)
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        static const char hex[] = "0123456789abcdef";
        char byte = digits.at[i];
        char lower = (char)(byte >= 'A' && byte <= 'F' ? byte + 32 : byte);
        const char *found = memchr(hex, lower, 16);
        if (found == NULL)
            return false;
        number = number * 16 + (uint64_t)(found - hex);
    }
    *into_number = number;
    return true;
}

/* Walks the chunks that follow the head (RFC 9112 section 7.1). FRAME_WHOLE sets *into_length to
 * the bytes they took. */
static enum frame walk_chunks(struct slice body, size_t *into_length)
{
    size_t at = 0;
    for (;;) {
        struct slice rest = slice_from(body, at), line, size_text;
        if (memchr(rest.at == NULL ? "" : rest.at, '\n', rest.len) == NULL)
            return rest.len > DIALECT_LINE_MAX ? FRAME_GARBLED : FRAME_PARTIAL;
        if (!slice_line(&rest, &line))
            return FRAME_PARTIAL;
        at = body.len - rest.len;
        uint64_t size = 0;
        struct slice parts = line;
        if (!slice_cut(&parts, ';', &size_text) || !hex_number(slice_trim(size_text), &size))
            return FRAME_GARBLED;
        if (size == 0)
            break;
        if (at + size + 2 > body.len)
            return FRAME_PARTIAL;
        at += (size_t)size;
        if (memcmp(body.at + at, "\r\n", 2) != 0)
            return FRAME_GARBLED;
        at += 2;
    }
    struct slice rest = slice_from(body, at), line;
    while (rest.len > 0 && memchr(rest.at, '\n', rest.len) != NULL && slice_line(&rest, &line)) {
        if (line.len == 0) {
            *into_length = body.len - rest.len;
            return FRAME_WHOLE;
        }
    }
    return FRAME_PARTIAL;
}

/* The data of the chunk at the front of rest, which moves behind it; what there is of it where the
 * body was cut. False at the last chunk, or where there is none. */
static bool next_chunk(struct slice *rest, struct slice *into_data)
{
    struct slice line, size_text;
    uint64_t size = 0;
    if (!slice_line(rest, &line) || !slice_cut(&line, ';', &size_text) ||
        !hex_number(slice_trim(size_text), &size) || size == 0)
        return false;
    *into_data = (struct slice){ rest->at, size < rest->len ? (size_t)size : rest->len };
    *rest = slice_from(*rest, into_data->len);
    if (slice_starts(*rest, "\r\n"))
        *rest = slice_from(*rest, 2);
    return true;
}

void dialect_join_chunks(char *bytes, struct reply *reply)
{
    if (!reply->chunked || reply->body.len == 0)
        return;
    size_t begin = (size_t)(reply->body.at - bytes), joined = 0;
    struct slice rest = reply->body, data;
    while (next_chunk(&rest, &data) && data.len > 0) {
        memmove(bytes + begin + joined, data.at, data.len);
        joined += data.len;
    }
    reply->whole.len -= reply->body.len - joined;
    reply->body.len = joined;
    reply->chunked = false;
}

static bool closes(struct slice head)
{
    struct slice value;
    if (only_header(head, "Connection", &value))
        return slice_has_nocase(value, "close");
    return slice_starts(head, "HTTP/1.0");
}

/* How much of the body has to be here, and what is left to throw away. */
static enum frame take_body(struct slice bytes, bool of_head, bool ended, size_t room,
                            struct reply *reply)
{
    struct slice head = reply->whole;
    struct slice body = slice_from(bytes, head.len);
    uint64_t size = 0;
    size_t length = 0;
    enum frame frame = FRAME_WHOLE;
    reply->closes = closes(head);
    switch (body_kind(head, reply->code, of_head, &size)) {
    case BODY_WRONG:
        return FRAME_GARBLED;
    case BODY_NONE:
        break;
    case BODY_SIZED:
        length = (size_t)size < room - head.len ? (size_t)size : room - head.len;
        reply->discard = (size_t)size - length;
        if (body.len < length)
            return FRAME_PARTIAL;
        break;
    case BODY_CHUNKED:
        reply->chunked = true;
        frame = walk_chunks(body, &length);
        if (frame == FRAME_PARTIAL && bytes.len >= room) {
            reply->closes =
                true; /* the rest cannot be told from a next reply: this connection is done */
            length = body.len;
            frame = FRAME_WHOLE;
        }
        break;
    case BODY_TO_END:
        reply->closes = true;
        length = body.len;
        if (!ended && bytes.len < room)
            return FRAME_PARTIAL;
        break;
    }
    reply->body = (struct slice){ body.at, length };
    reply->length = head.len + length;
    reply->whole.len = reply->length;
    return frame;
}

/* What arrives compressed was not asked for (Accept-Encoding: identity) and cannot be judged. */
static bool is_encoded(struct slice head, struct slice *into_line)
{
    struct slice value;
    if (!only_header(head, "Content-Encoding", &value) || slice_is_nocase(value, "identity"))
        return false;
    struct slice line = { head.at, 0 };
    for (struct slice rest = head; slice_line(&rest, &line);)
        if (slice_starts_nocase(line, "Content-Encoding"))
            break;
    *into_line = line;
    return true;
}

/* Up to the end of the head, which is then reply->whole. */
static enum frame read_head(struct slice bytes, struct reply *reply)
{
    static const char start[] = "HTTP/1.";
    size_t known = bytes.len < sizeof start - 1 ? bytes.len : sizeof start - 1;
    if (known > 0 && memcmp(bytes.at, start, known) != 0)
        return FRAME_GARBLED;
    size_t length = head_length(bytes);
    struct slice head = { bytes.at, length > 0 ? length : bytes.len };
    if (head.len > 0 && memchr(head.at, '\0', head.len) != NULL)
        return FRAME_GARBLED;
    if (head.len > HEAD_MAX)
        return FRAME_TOO_LONG;
    if (length == 0)
        return FRAME_PARTIAL;
    *reply = (struct reply){ .whole = head };
    return read_status(head, &reply->said, &reply->code) ? FRAME_WHOLE : FRAME_GARBLED;
}

enum frame dialect_http_reply(struct slice bytes, const char *method, bool ended, size_t room,
                              struct reply *into_reply)
{
    struct reply reply;
    size_t past = 0;
    enum frame frame = read_head(bytes, &reply);
    while (frame == FRAME_WHOLE && reply.code.at[0] == '1') {
        past += reply.whole.len; /* interim (RFC 9110 section 15.2): the real one follows */
        frame = read_head(slice_from(bytes, past), &reply);
    }
    if (frame != FRAME_WHOLE)
        return frame;
    if (is_encoded(reply.whole, &reply.said)) {
        *into_reply = reply;
        return FRAME_GARBLED;
    }
    bool of_head = slice_is(slice_of(method), "HEAD");
    frame = take_body(slice_from(bytes, past), of_head, ended, room - past, &reply);
    if (frame != FRAME_WHOLE)
        return frame;
    reply.length += past;
    *into_reply = reply;
    return FRAME_WHOLE;
}
