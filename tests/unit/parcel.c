/* SPDX-License-Identifier: MIT */
#include "parcel.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MARK    "00112233445566778899aabbccddeeff"
#define WALL_MS INT64_C(1795435200000) /* 2026-11-23T12:00:00Z */

static char memory[8192];
static struct arena arena;

static struct slice write_out(void)
{
    struct parcel parcel;
    arena_begin(&arena, memory, sizeof memory);
    parcel_begin(&parcel, PARCEL_OUT, MARK, "anna@example.com", "ben@peer.example");
    return slice_of(parcel_write(&parcel, &arena, "office.example", WALL_MS));
}

static bool has_line(struct slice mail, const char *wanted)
{
    struct slice line;
    while (slice_line(&mail, &line))
        if (slice_is(line, wanted))
            return true;
    return false;
}

static void marks_every_run_anew(void **state)
{
    char first[PARCEL_MARK_MAX], second[PARCEL_MARK_MAX];
    (void)state;
    parcel_new_mark(first);
    parcel_new_mark(second);
    assert_int_equal(strlen(first), 32);
    assert_int_equal(strspn(first, "0123456789abcdef"), 32);
    assert_string_not_equal(first, second);
}

static void tells_both_directions_apart(void **state)
{
    struct parcel out, in;
    char header[200];
    (void)state;
    parcel_begin(&out, PARCEL_OUT, MARK, "a@x", "b@y");
    parcel_begin(&in, PARCEL_IN, MARK, "", "a@x");
    (void)snprintf(header, sizeof header, "Subject: x\r\nX-Gatepost-Token: %s\r\n", in.token);
    assert_true(parcel_is_ours(&in, slice_of(header)));
    assert_false(parcel_is_ours(&out, slice_of(header)));
}

static void writes_a_mail_that_says_what_it_is(void **state)
{
    struct slice mail = write_out();
    (void)state;
    assert_true(has_line(mail, "Date: Mon, 23 Nov 2026 12:00:00 +0000"));
    assert_true(has_line(mail, "From: anna@example.com"));
    assert_true(has_line(mail, "To: ben@peer.example"));
    assert_true(has_line(mail, "Message-ID: <" MARK "-out@office.example>"));
    assert_true(has_line(mail, "X-Gatepost-Token: " MARK "-out"));
    assert_true(has_line(mail, "Auto-Submitted: auto-generated"));
    assert_true(slice_has_nocase(mail, "\r\n\r\ngatepost"));
}

/* RFC 5321 sections 2.3.8, 4.5.2 and 4.5.3.1.6. */
static void writes_lines_that_every_server_takes(void **state)
{
    struct slice mail = write_out(), line;
    size_t len = mail.len;
    (void)state;
    for (size_t i = 0; i < len; i++)
        assert_true(mail.at[i] != '\n' || (i > 0 && mail.at[i - 1] == '\r'));
    while (slice_line(&mail, &line)) {
        assert_true(line.len <= 998);
        assert_false(slice_is(line, "."));
        assert_true(!slice_starts(line, ".") || slice_starts(line, ".."));
        assert_true(line.len == 0 || memchr(line.at, '\r', line.len) == NULL);
    }
}

static void names_itself_where_there_is_no_sender(void **state)
{
    struct parcel parcel;
    (void)state;
    arena_begin(&arena, memory, sizeof memory);
    parcel_begin(&parcel, PARCEL_IN, MARK, "", "anna@example.com");
    struct slice mail = slice_of(parcel_write(&parcel, &arena, "office.example", WALL_MS));
    assert_true(has_line(mail, "From: gatepost <gatepost@office.example>"));
}

static void writes_nothing_into_a_full_arena(void **state)
{
    struct parcel parcel;
    (void)state;
    arena_begin(&arena, memory, PARCEL_MAIL_MAX - 1);
    parcel_begin(&parcel, PARCEL_OUT, MARK, "a@x", "b@y");
    assert_null(parcel_write(&parcel, &arena, "office.example", WALL_MS));
}

static void writes_nothing_that_would_be_cut(void **state)
{
    static char helo[PARCEL_MAIL_MAX];
    struct parcel parcel;
    (void)state;
    memset(helo, 'x', sizeof helo - 1);
    arena_begin(&arena, memory, sizeof memory);
    parcel_begin(&parcel, PARCEL_OUT, MARK, "a@x", "b@y");
    assert_null(parcel_write(&parcel, &arena, helo, WALL_MS));
}

static void knows_its_own_mail_again(void **state)
{
    struct parcel parcel;
    (void)state;
    parcel_begin(&parcel, PARCEL_OUT, MARK, "a@x", "b@y");
    assert_true(parcel_is_ours(&parcel, write_out()));
    assert_true(parcel_is_ours(&parcel, SLICE("x-gatepost-token:\r\n\t" MARK "-out\r\nTo: b\r\n")));
    assert_true(parcel_is_ours(&parcel, SLICE("X-Gatepost-Token: " MARK "-out")));
}

static void takes_no_other_mail_for_its_own(void **state)
{
    static const char *const foreign[] = {
        "Subject: " MARK "-out\r\n",
        "X-Gatepost-Token: " MARK "-out2\r\n",
        "X-Gatepost-Token: x" MARK "-out\r\n",
        "X-Gatepost-Token: " MARK "-out\r\n and more\r\n",
        "X-Gatepost-Token:\r\n",
        "X-Gatepost-Token\r\n",
        "Not-X-Gatepost-Token: " MARK "-out\r\n",
        " X-Gatepost-Token: " MARK "-out\r\n",
        "",
    };
    struct parcel parcel;
    (void)state;
    parcel_begin(&parcel, PARCEL_OUT, MARK, "a@x", "b@y");
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (parcel_is_ours(&parcel, slice_of(foreign[i])))
            fail_msg("case %zu", i);
}

/* A server that converts a body for the next one breaks the signature over it. */
static void writes_nothing_that_would_have_to_be_converted(void **state)
{
    struct slice mail = write_out(), line;
    (void)state;
    assert_true(has_line(mail, "Content-Transfer-Encoding: quoted-printable"));
    for (size_t i = 0; i < mail.len; i++)
        assert_true((unsigned char)mail.at[i] < 0x80);
    while (slice_line(&mail, &line))
        assert_true(line.len <= 76); /* RFC 2045 section 6.7 */
}

static void knows_the_mails_of_other_runs(void **state)
{
    static const char other[] = "Subject: gatepost test 0123456789abcdef0123456789abcdef\r\n"
                                "X-Gatepost-Token: 0123456789abcdef0123456789abcdef-in\r\n"
                                "Auto-Submitted: auto-generated\r\n";
    (void)state;
    assert_true(parcel_is_one(write_out()));
    assert_true(parcel_is_one(slice_of(other)));
}

static void takes_no_persons_mail_for_one_of_a_run(void **state)
{
#define SUBJECT_LINE "Subject: gatepost test " MARK "\r\n"
#define TOKEN_LINE   "X-Gatepost-Token: " MARK "-in\r\n"
#define AUTO_LINE    "Auto-Submitted: auto-generated\r\n"
    static const char *const foreign[] = {
        SUBJECT_LINE TOKEN_LINE,
        SUBJECT_LINE AUTO_LINE,
        TOKEN_LINE AUTO_LINE,
        SUBJECT_LINE TOKEN_LINE "Auto-Submitted: no\r\n",
        "Subject: gatepost test\r\n" TOKEN_LINE AUTO_LINE,
        SUBJECT_LINE "X-Gatepost-Token: " MARK "\r\n" AUTO_LINE,
        SUBJECT_LINE "X-Gatepost-Token: " MARK "-on\r\n" AUTO_LINE,
        SUBJECT_LINE "X-Gatepost-Token: " MARK "0-in\r\n" AUTO_LINE,
        "Subject: gatepost test ab\r\nX-Gatepost-Token: ab-in\r\n" AUTO_LINE,
        "Subject: gatepost test 00112233445566778899AABBCCDDEEFF\r\n"
        "X-Gatepost-Token: 00112233445566778899AABBCCDDEEFF-in\r\n" AUTO_LINE,
        "",
    };
    (void)state;
    assert_true(parcel_is_one(SLICE(SUBJECT_LINE TOKEN_LINE AUTO_LINE)));
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (parcel_is_one(slice_of(foreign[i])))
            fail_msg("case %zu", i);
}

static void knows_an_answer_to_it(void **state)
{
    struct parcel parcel;
    (void)state;
    parcel_begin(&parcel, PARCEL_OUT, MARK, "a@x", "b@y");
    assert_true(
        parcel_is_answered(&parcel, SLICE("In-Reply-To: <" MARK "-out@office.example>\r\n")));
    assert_true(parcel_is_answered(
        &parcel, SLICE("References: <other@x>\r\n <" MARK "-out@office.example>\r\nTo: a\r\n")));
    assert_false(
        parcel_is_answered(&parcel, SLICE("In-Reply-To: <" MARK "-in@office.example>\r\n")));
    assert_false(parcel_is_answered(&parcel, SLICE("Subject: Re: " MARK "-out\r\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_every_run_anew),
        cmocka_unit_test(tells_both_directions_apart),
        cmocka_unit_test(writes_a_mail_that_says_what_it_is),
        cmocka_unit_test(writes_lines_that_every_server_takes),
        cmocka_unit_test(names_itself_where_there_is_no_sender),
        cmocka_unit_test(writes_nothing_into_a_full_arena),
        cmocka_unit_test(writes_nothing_that_would_be_cut),
        cmocka_unit_test(knows_its_own_mail_again),
        cmocka_unit_test(takes_no_other_mail_for_its_own),
        cmocka_unit_test(writes_nothing_that_would_have_to_be_converted),
        cmocka_unit_test(knows_the_mails_of_other_runs),
        cmocka_unit_test(takes_no_persons_mail_for_one_of_a_run),
        cmocka_unit_test(knows_an_answer_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
