/* SPDX-License-Identifier: MIT */
/* HTTP in a transcript: "S> 302 Found" with fields and body, "C> GET /owa/" with cookie, fields,
   and form or body. Lengths are counted here, and every request has the fields that all of them
   have. */
#include "read.h"

#include <string.h>

static char first_bytes[2048], head_bytes[8192], body_bytes[40000];

static void begin(struct reader *reader, bool is_request)
{
    reader->in_http = true;
    reader->is_request = is_request;
    reader->cookie = (struct slice){ NULL, 0 };
    text_begin(&reader->first, first_bytes, sizeof first_bytes);
    text_begin(&reader->head, head_bytes, sizeof head_bytes);
    text_begin(&reader->body, body_bytes, sizeof body_bytes);
}

static void add_hears(struct reader *reader, const char *format, struct slice words)
{
    char buffer[8192];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    text_add_format(&text, format, SLICE_ARG(words));
    if (text.overflow)
        reader_fault(reader, "the request is too long");
    reader_add_line(reader, (struct fake_line){ .kind = LINE_HEARS,
                                                .bytes = reader_keep(reader, text_slice(&text)) });
}

/* RFC 9112 section 3: as gatepost writes every request. */
static void flush_request(struct reader *reader)
{
    const struct fake_peer *peer = &fake.peers[fake.peer_count - 1];
    char number[24];
    struct text length;
    add_hears(reader, "%.*s HTTP/1.1\r\n", text_slice(&reader->first));
    add_hears(reader, "Host: %.*s\r\n", slice_of(peer->host));
    add_hears(reader, "User-Agent: gatepost\r\n%.*s", SLICE(""));
    add_hears(reader, "Accept: text/html, */*;q=0.1\r\n%.*s", SLICE(""));
    add_hears(reader, "Accept-Encoding: identity\r\n%.*s", SLICE(""));
    if (reader->cookie.len > 0)
        add_hears(reader, "Cookie: %.*s\r\n", reader->cookie);
    for (struct slice rest = text_slice(&reader->head), line; slice_line(&rest, &line);)
        add_hears(reader, "%.*s\r\n", line);
    if (reader->body.len > 0 || slice_starts(text_slice(&reader->first), "POST ")) {
        text_begin(&length, number, sizeof number);
        text_add_format(&length, "%zu", reader->body.len);
        add_hears(reader, "Content-Length: %.*s\r\n", text_slice(&length));
    }
    add_hears(reader, "\r\n%.*s", SLICE(""));
    if (reader->body.len > 0)
        add_hears(reader, "%.*s", text_slice(&reader->body));
}

static void flush_response(struct reader *reader)
{
    static char bytes[60000];
    struct text text;
    struct slice head = text_slice(&reader->head);
    text_begin(&text, bytes, sizeof bytes);
    text_add_format(&text, "HTTP/1.1 %.*s\r\n", SLICE_ARG(text_slice(&reader->first)));
    text_add(&text, head);
    if (!slice_has_nocase(head, "Content-Length:") &&
        !slice_has_nocase(head, "Transfer-Encoding:") &&
        !slice_has_nocase(head, "Connection: close"))
        text_add_format(&text, "Content-Length: %zu\r\n", reader->body.len);
    text_add_string(&text, "\r\n");
    text_add(&text, text_slice(&reader->body));
    if (text.overflow)
        reader_fault(reader, "the response is too long");
    reader_add_line(reader, (struct fake_line){ .kind = LINE_SAYS,
                                                .bytes = reader_keep(reader, text_slice(&text)),
                                                .repeat = 1 });
}

void reader_flush_http(struct reader *reader)
{
    if (!reader->in_http)
        return;
    reader->in_http = false;
    if (fake.peer_count == 0 || reader->first.overflow || reader->head.overflow ||
        reader->body.overflow)
        reader_fault(reader, "an HTTP message without a talk, or too long");
    else if (reader->is_request)
        flush_request(reader);
    else
        flush_response(reader);
}

static bool begins_message(bool is_request, struct slice words)
{
    if (is_request)
        return slice_starts(words, "GET ") || slice_starts(words, "POST ") ||
               slice_starts(words, "OPTIONS ");
    return words.len > 3 && words.at[0] >= '1' && words.at[0] <= '9' && words.at[3] == ' ';
}

void reader_http(struct reader *reader, bool is_request, struct slice words)
{
    if (begins_message(is_request, words)) {
        reader_flush_http(reader);
        begin(reader, is_request);
        (void)transcript_expand(&reader->first, words); /* the overflow is looked at in the end */
    } else if (!reader->in_http) {
        reader_fault(reader, "a field of no message");
    } else if (is_request && slice_starts(words, "cookie: ")) {
        reader->cookie = reader_keep(reader, slice_from(words, 8));
    } else if (is_request && slice_starts(words, "form: ")) {
        text_add_string(&reader->head, "Content-Type: application/x-www-form-urlencoded\r\n");
        (void)transcript_expand(&reader->body, slice_from(words, 6));
    } else if (is_request && slice_starts(words, "field: ")) {
        (void)transcript_expand(&reader->head, slice_from(words, 7));
        text_add_string(&reader->head, "\r\n");
    } else if (is_request && slice_starts(words, "| ")) {
        (void)transcript_expand(&reader->body, slice_from(words, 2));
    } else if (!is_request && slice_starts(words, "| ")) {
        (void)transcript_expand(&reader->body, slice_from(words, 2));
    } else if (!is_request) {
        (void)transcript_expand(&reader->head, words);
        text_add_string(&reader->head, "\r\n");
    } else {
        reader_fault(reader, "a request has a cookie, fields, a form or a body");
    }
}
