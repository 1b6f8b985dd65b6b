/* SPDX-License-Identifier: MIT */
#include "dialect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ROOM 4096

/* One reply as a peer sends it. */
struct sample {
    enum dialect dialect;
    const char *tag;
    const char *bytes;
    const char *code, *said;
};

/* clang-format off */
static const struct sample samples[] = {
    { DIALECT_SMTP, "",   "220 mail.example.net ESMTP\r\n",                    "220", "220 mail.example.net ESMTP" },
    { DIALECT_SMTP, "",   "250-a\r\n250-b c\r\n250 d\r\n",                     "250", "250 d" },
    { DIALECT_SMTP, "",   "220-a\r\n220\r\n",                                  "220", "220" },
    { DIALECT_SMTP, "",   "550-first\r\n550 second\r\n",                       "550", "550-first" },
    { DIALECT_SMTP, "",   "250 ends in a bare line feed\n",                    "250", "250 ends in a bare line feed" },
    { DIALECT_IMAP, "",   "* OK ready\r\n",                                    "OK",  "OK ready" },
    { DIALECT_IMAP, "",   "* BYE full\r\n",                                    "BYE", "BYE full" },
    { DIALECT_IMAP, "",   "* PREAUTH you are in\r\n",                          "PREAUTH", "PREAUTH you are in" },
    { DIALECT_IMAP, "g1", "* 3 EXISTS\r\n* OK [ALERT] x\r\ng1 NO [EXPIRED] y\r\n", "NO", "NO [EXPIRED] y" },
    { DIALECT_IMAP, "g1", "+ go on\r\n",                                       "+",   "+ go on" },
    { DIALECT_IMAP, "g2", "* 1 FETCH (BODY[] {9}\r\ng2 OK no\r)\r\ng2 OK yes\r\n", "OK", "OK yes" },
    { DIALECT_IMAP, "g2", "* 1 FETCH (A {2}\r\nxx B {0}\r\n)\r\ng2 BAD z\r\n",   "BAD", "BAD z" },
    { DIALECT_POP,  "",   "+OK ready <1.2@mail>\r\n",                        "OK",  "+OK ready <1.2@mail>" },
    { DIALECT_POP,  "",   "-ERR [SYS/TEMP] full\r\n",                        "ERR", "-ERR [SYS/TEMP] full" },
    { DIALECT_POP,  "PASS", "+ok\r\n",                                       "ok",  "+ok" },
    { DIALECT_POP,  "AUTH", "+ \r\n",                                        "+",   "+ " },
    { DIALECT_POP,  "AUTH", "+\n",                                           "+",   "+" },
    { DIALECT_POP,  "CAPA", "+OK list\r\nUSER\r\nSASL PLAIN\r\n.\r\n",      "OK",  "+OK list" },
    { DIALECT_POP,  "CAPA", "+OK\r\n..\r\n-ERR\r\n.x\r\n.\r\n",            "OK",  "+OK" },
    { DIALECT_POP,  "CAPA", "-ERR what?\r\n",                               "ERR", "-ERR what?" },
    { DIALECT_HTTP, "",   "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",    "302", "HTTP/1.1 302 Found" },
    { DIALECT_HTTP, "",   "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",  "200", "HTTP/1.1 200 OK" },
    { DIALECT_HTTP, "",   "HTTP/1.1 204 No Content\r\n\r\n",                    "204", "HTTP/1.1 204 No Content" },
    { DIALECT_HTTP, "",   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: u\r\n\r\n", "200", "HTTP/1.1 200 OK" },
    { DIALECT_HTTP, "",   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "404", "HTTP/1.1 404 No" },
    { DIALECT_HTTP, "",   "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "200", "HTTP/1.1 200 OK" },
};
/* clang-format on */

static enum frame look(enum dialect dialect, const char *tag, struct slice bytes, bool ended,
                       struct reply *into_reply)
{
    *into_reply = (struct reply){ 0 };
    return dialect_reply(dialect, bytes, tag, ended, ROOM, into_reply);
}

static enum frame look_at(enum dialect dialect, const char *tag, const char *bytes)
{
    struct reply reply;
    return look(dialect, tag, slice_of(bytes), false, &reply);
}

static void finds_where_a_reply_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *sample = &samples[i];
        struct reply reply;
        struct slice bytes = slice_of(sample->bytes);
        assert_int_equal(look(sample->dialect, sample->tag, bytes, false, &reply), FRAME_WHOLE);
        assert_int_equal(reply.length, bytes.len);
        assert_true(slice_is(reply.code, sample->code));
        assert_true(slice_is(reply.said, sample->said));
    }
}

static enum frame join(char *bytes, struct reply *into_reply)
{
    enum frame frame = look(DIALECT_HTTP, "", slice_of(bytes), false, into_reply);
    dialect_join_chunks(bytes, into_reply);
    return frame;
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

/* What is looked for in a body may begin in one chunk and end in another. */
static void joins_the_chunks_of_a_body(void **state)
{
    (void)state;
    char bytes[] =
        CHUNKED "3\r\nabc\r\n8;x=\"y\"\r\ndefghijk\r\n1\r\n\n\r\n0\r\nT: u\r\n\r\nHTTP/1.1";
    size_t sent = strlen(bytes) - strlen("HTTP/1.1");
    struct reply reply;
    assert_int_equal(join(bytes, &reply), FRAME_WHOLE);
    assert_true(slice_is(reply.body, "abcdefghijk\n"));
    assert_true(slice_is(reply.whole, CHUNKED "abcdefghijk\n"));
    assert_int_equal(reply.length, sent);
    assert_true(slice_is(slice_from(slice_of(bytes), reply.length), "HTTP/1.1"));
    dialect_join_chunks(bytes, &reply); /* once more does nothing */
    assert_true(slice_is(reply.body, "abcdefghijk\n"));
}

/* A page that is longer than what is kept ends within a chunk, or within its mark. */
static void joins_what_is_there_of_a_body_that_was_cut(void **state)
{
    (void)state;
    static const struct {
        const char *body, *joined;
    } cuts[] = {
        { "3\r\nabc\r\n8\r\ndef", "abcdef" },
        { "3\r\nabc\r\n8", "abc" },
        { "3\r\nabc\r", "abc" },
        { "3\r\n", "" },
        { "", "" },
    };
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        char bytes[128];
        struct reply reply = { .chunked = true };
        (void)snprintf(bytes, sizeof bytes, "%s", cuts[i].body);
        reply.body = reply.whole = slice_of(bytes);
        dialect_join_chunks(bytes, &reply);
        assert_true(slice_is(reply.body, cuts[i].joined));
        assert_int_equal(reply.whole.len, reply.body.len);
    }
}

/* RFC 9110 section 9.3.2: the length is that of what GET would have brought. */
static void expects_no_body_after_head(void **state)
{
    (void)state;
    struct slice bytes = SLICE("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 404");
    struct reply reply;
    assert_int_equal(look(DIALECT_HTTP, "HEAD", bytes, false, &reply), FRAME_WHOLE);
    assert_int_equal(reply.body.len, 0);
    assert_true(slice_starts(slice_from(bytes, reply.length), "HTTP/1.1 404"));
    bytes = SLICE("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert_int_equal(look(DIALECT_HTTP, "HEAD", bytes, false, &reply), FRAME_WHOLE);
    assert_int_equal(look(DIALECT_HTTP, "GET", bytes, false, &reply), FRAME_PARTIAL);
}

/* However little of a reply has come: it is not taken for one, and not for rubbish. */
static void waits_for_the_rest_at_every_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *sample = &samples[i];
        struct slice bytes = slice_of(sample->bytes);
        for (size_t len = 0; len < bytes.len; len++) {
            struct reply reply;
            struct slice front = { bytes.at, len };
            if (look(sample->dialect, sample->tag, front, false, &reply) != FRAME_PARTIAL)
                fail_msg("sample %zu, %zu bytes", i, len);
        }
    }
}

static void leaves_what_follows_a_reply(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const struct sample *sample = &samples[i];
        char bytes[512];
        struct reply reply;
        (void)snprintf(bytes, sizeof bytes, "%s%s", sample->bytes, sample->bytes);
        assert_int_equal(look(sample->dialect, sample->tag, slice_of(bytes), false, &reply),
                         FRAME_WHOLE);
        assert_int_equal(reply.length, strlen(sample->bytes));
    }
}

static void refuses_what_is_no_reply(void **state)
{
    (void)state;
    assert_int_equal(look_at(DIALECT_SMTP, "", "HTTP/1.1 400 Bad\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_SMTP, "", "250x\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_SMTP, "", "25\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_SMTP, "", "\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_SMTP, "", "250-a\r\n550 b\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_IMAP, "", "220 mail\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_IMAP, "", "* NO\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "g2 OK\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "g11 OK\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_POP, "", "* OK ready\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_POP, "", "2"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_POP, "", "+OKAY\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_POP, "", "-ERROR\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_POP, "", "\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_HTTP, "", "* OK ready\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_HTTP, "", "HTTP/1.1 2 OK\r\n\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_HTTP, "", "HTTP/1.1 099 x\r\n\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_HTTP, "", "HTTP/2.0 200 OK\r\n\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_NONE, "", "anything"), FRAME_GARBLED);
}

/* Only AUTH is gone on with; elsewhere a lone "+" is no answer (RFC 1939 section 3). */
static void takes_no_challenge_for_an_answer(void **state)
{
    (void)state;
    assert_int_equal(look_at(DIALECT_POP, "AUTH", "+ go on\r\n"), FRAME_WHOLE);
    assert_int_equal(look_at(DIALECT_POP, "", "+ go on\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_POP, "PASS", "+ go on\r\n"), FRAME_GARBLED);
    assert_int_equal(look_at(DIALECT_POP, "CAPA", "+\r\n"), FRAME_GARBLED);
}

static void refuses_nul_bytes(void **state)
{
    struct reply reply;
    (void)state;
    assert_int_equal(look(DIALECT_SMTP, "", SLICE("220 a\0b\r\n"), false, &reply), FRAME_GARBLED);
    assert_int_equal(look(DIALECT_IMAP, "", SLICE("* OK \0\r\n"), false, &reply), FRAME_GARBLED);
    assert_int_equal(look(DIALECT_POP, "CAPA", SLICE("+OK\r\na\0\r\n.\r\n"), false, &reply),
                     FRAME_GARBLED);
    struct slice head = SLICE("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n");
    assert_int_equal(look(DIALECT_HTTP, "", head, false, &reply), FRAME_GARBLED);
}

/* A line of exactly so many bytes before its line feed. */
static struct slice long_line(size_t len)
{
    static char bytes[DIALECT_LINE_MAX + 16];
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, "220 ", 4);
    bytes[len] = '\n';
    return (struct slice){ bytes, len + 1 };
}

static void bounds_a_line(void **state)
{
    struct reply reply;
    (void)state;
    assert_int_equal(look(DIALECT_SMTP, "", long_line(DIALECT_LINE_MAX), false, &reply),
                     FRAME_WHOLE);
    assert_int_equal(look(DIALECT_SMTP, "", long_line(DIALECT_LINE_MAX + 1), false, &reply),
                     FRAME_TOO_LONG);
}

static void does_not_wait_for_a_literal_that_has_no_room(void **state)
{
    char bytes[64];
    (void)state;
    (void)snprintf(bytes, sizeof bytes, "* A {%d}\r\n", ROOM - 12); /* the line itself takes 12 */
    assert_int_equal(look_at(DIALECT_IMAP, "g1", bytes), FRAME_PARTIAL);
    (void)snprintf(bytes, sizeof bytes, "* A {%d}\r\n", ROOM - 11);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", bytes), FRAME_TOO_LONG);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "* A {4294967296}\r\n"), FRAME_TOO_LONG);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "* A {9223372036854775807}\r\n"), FRAME_TOO_LONG);
}

static void takes_what_is_no_size_for_text(void **state)
{
    (void)state;
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "* A {}\r\ng1 OK\r\n"), FRAME_WHOLE);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "* A {-1}\r\ng1 OK\r\n"), FRAME_WHOLE);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "* A 5}\r\ng1 OK\r\n"), FRAME_WHOLE);
    assert_int_equal(look_at(DIALECT_IMAP, "g1", "* A {9{5}\r\n12345\r\ng1 OK\r\n"), FRAME_WHOLE);
}

static void hears_a_farewell_once_the_connection_has_ended(void **state)
{
    struct reply reply;
    struct slice bytes = SLICE("* BYE going down\r\n");
    (void)state;
    assert_int_equal(look(DIALECT_IMAP, "g1", bytes, false, &reply), FRAME_PARTIAL);
    assert_int_equal(look(DIALECT_IMAP, "g1", bytes, true, &reply), FRAME_WHOLE);
    assert_true(slice_is(reply.code, "BYE"));
}

/* Where two readers may differ about a body's length, neither is followed. */
static void refuses_lengths_that_contradict_each_other(void **state)
{
    static const char *const heads[] = {
        "Content-Length: 1\r\nContent-Length: 2\r\n",
        "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 1x\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char bytes[256];
        (void)snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\n%s\r\n1\r\nx\r\n0\r\n\r\n",
                       heads[i]);
        assert_int_equal(look_at(DIALECT_HTTP, "", bytes), FRAME_GARBLED);
    }
    assert_int_equal(look_at(DIALECT_HTTP, "",
                             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
                     FRAME_WHOLE);
}

static void refuses_chunks_without_a_size(void **state)
{
    static const char *const bodies[] = { "x\r\n", "\r\n", "-1\r\n", "123456789\r\n",
                                          "1\r\nabc\r\n" };
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        char bytes[256];
        (void)snprintf(bytes, sizeof bytes,
                       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s0\r\n\r\n",
                       bodies[i]);
        assert_int_equal(look_at(DIALECT_HTTP, "", bytes), FRAME_GARBLED);
    }
}

static void refuses_compression_that_nobody_asked_for(void **state)
{
    (void)state;
    assert_int_equal(
        look_at(DIALECT_HTTP, "",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"),
        FRAME_GARBLED);
    assert_int_equal(
        look_at(DIALECT_HTTP, "",
                "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 1\r\n\r\nx"),
        FRAME_WHOLE);
}

static void keeps_what_fits_of_a_large_page(void **state)
{
    static char bytes[ROOM];
    struct reply reply;
    (void)state;
    int head = snprintf(bytes, sizeof bytes, "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
    memset(bytes + head, 'x', sizeof bytes - (size_t)head);
    struct slice all = { bytes, sizeof bytes }, less = { bytes, sizeof bytes - 1 };
    assert_int_equal(look(DIALECT_HTTP, "", less, false, &reply), FRAME_PARTIAL);
    assert_int_equal(look(DIALECT_HTTP, "", all, false, &reply), FRAME_WHOLE);
    assert_int_equal(reply.body.len, ROOM - (size_t)head);
    assert_int_equal(reply.discard, 10000 - (ROOM - (size_t)head));
    assert_false(reply.closes);
}

static void ends_a_body_without_length_with_the_connection(void **state)
{
    struct reply reply;
    struct slice bytes = SLICE("HTTP/1.1 200 OK\r\n\r\nhello");
    (void)state;
    assert_int_equal(look(DIALECT_HTTP, "", bytes, false, &reply), FRAME_PARTIAL);
    assert_int_equal(look(DIALECT_HTTP, "", bytes, true, &reply), FRAME_WHOLE);
    assert_true(slice_is(reply.body, "hello"));
    assert_true(reply.closes);
}

static void knows_when_the_server_will_close(void **state)
{
    static const struct {
        const char *bytes;
        bool closes;
    } cases[] = {
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false },
        { "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", true },
        { "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n", true },
        { "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct reply reply;
        assert_int_equal(look(DIALECT_HTTP, "", slice_of(cases[i].bytes), false, &reply),
                         FRAME_WHOLE);
        assert_int_equal(reply.closes, cases[i].closes);
    }
}

static void finds_every_field_of_a_name(void **state)
{
    struct slice head =
        SLICE("HTTP/1.1 200 Set-Cookie: no\r\nset-cookie: a=1\r\nSet-Cookie-2: no\r\n"
              "X: Set-Cookie: no\r\nSET-COOKIE:  b=2 \r\n\r\nSet-Cookie: no\r\n");
    struct slice value;
    size_t at = 0;
    (void)state;
    assert_true(dialect_header(head, "Set-Cookie", &at, &value));
    assert_true(slice_is(value, "a=1"));
    assert_true(dialect_header(head, "Set-Cookie", &at, &value));
    assert_true(slice_is(value, "b=2"));
    assert_false(dialect_header(head, "Set-Cookie", &at, &value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_where_a_reply_ends),
        cmocka_unit_test(joins_the_chunks_of_a_body),
        cmocka_unit_test(joins_what_is_there_of_a_body_that_was_cut),
        cmocka_unit_test(expects_no_body_after_head),
        cmocka_unit_test(waits_for_the_rest_at_every_byte),
        cmocka_unit_test(leaves_what_follows_a_reply),
        cmocka_unit_test(refuses_what_is_no_reply),
        cmocka_unit_test(takes_no_challenge_for_an_answer),
        cmocka_unit_test(refuses_nul_bytes),
        cmocka_unit_test(bounds_a_line),
        cmocka_unit_test(does_not_wait_for_a_literal_that_has_no_room),
        cmocka_unit_test(takes_what_is_no_size_for_text),
        cmocka_unit_test(hears_a_farewell_once_the_connection_has_ended),
        cmocka_unit_test(refuses_lengths_that_contradict_each_other),
        cmocka_unit_test(refuses_chunks_without_a_size),
        cmocka_unit_test(refuses_compression_that_nobody_asked_for),
        cmocka_unit_test(keeps_what_fits_of_a_large_page),
        cmocka_unit_test(ends_a_body_without_length_with_the_connection),
        cmocka_unit_test(knows_when_the_server_will_close),
        cmocka_unit_test(finds_every_field_of_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
