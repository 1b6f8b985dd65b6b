/* SPDX-License-Identifier: MIT */
#include "stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define NOON_MS INT64_C(1795435200000) /* Mon, 23 Nov 2026 12:00:00 +0000 */

static void assert_reads(const char *date, int64_t expected_ms)
{
    int64_t wall_ms = -1;
    if (!stamp_read_mail(slice_of(date), &wall_ms))
        fail_msg("not read: %s", date);
    if (wall_ms != expected_ms)
        fail_msg("%s: %lld", date, (long long)wall_ms);
}

static void reads_back_what_it_writes(void **state)
{
    (void)state;
    static const int64_t moments_ms[] = { 0,
                                          NOON_MS,
                                          INT64_C(951782400000),      /* 29 Feb 2000 */
                                          INT64_C(1709251199000),     /* the end of 29 Feb 2024 */
                                          INT64_C(4107542400000),     /* 1 Mar 2100, no leap year */
                                          INT64_C(253402300799000) }; /* the end of 9999 */
    for (size_t i = 0; i < sizeof moments_ms / sizeof moments_ms[0]; i++) {
        char text[STAMP_MAX];
        stamp_mail(moments_ms[i], text);
        assert_reads(text, moments_ms[i]);
    }
}

/* RFC 5322 section 3.3 */
static void reads_the_forms_of_today(void **state)
{
    (void)state;
    assert_reads("Mon, 23 Nov 2026 12:00:00 +0000", NOON_MS);
    assert_reads("23 Nov 2026 12:00 +0000", NOON_MS);
    assert_reads(" Mon, 23 Nov 2026 13:30:00 +0130 (CET)", NOON_MS);
    assert_reads("Mon, 23 Nov 2026 04:00:00 -0800 (PST)", NOON_MS);
    assert_reads("Mon, 2 Nov 2026 12:00:00 +0000", NOON_MS - INT64_C(21) * 86400000);
    assert_reads("Wed, 31 Dec 2008 23:59:60 +0000", INT64_C(1230768000000));
}

/* RFC 5322 section 4.3 */
static void reads_the_obsolete_forms(void **state)
{
    (void)state;
    assert_reads("Mon , 23 Nov 26 12 : 00 : 00 GMT", NOON_MS);
    assert_reads("Mon,23 Nov 126 12:00:00 UT", NOON_MS);
    assert_reads("23\r\n\tNov (the (eleventh) \\) month)2026 07:00:00 EST", NOON_MS);
    assert_reads("23 nov 2026 05:00:00 PDT", NOON_MS);
    assert_reads("23 Nov 2026 12:00:00 Z", NOON_MS);
    assert_reads("23 Nov 2026 12:00:00 a", NOON_MS);
    assert_reads("Sat, 1 Jan 00 00:00:00 GMT", INT64_C(946684800000));
    assert_reads("Fri, 1 Jan 49 00:00:00 GMT", INT64_C(2493072000000));
    assert_reads("Fri, 31 Dec 99 00:00:00 GMT", INT64_C(946598400000));
}

static void refuses_what_is_no_date(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "Mon",
        "(Mon, 23 Nov 2026 12:00:00 +0000",
        "Mon, 23 Nov 2026",
        "Mon, 23 Nov 2026 12:00:00",
        "Mon, 23 Nov 2026 12 +0000",
        "Mon, 0 Nov 2026 12:00:00 +0000",
        "Mon, 31 Nov 2026 12:00:00 +0000",
        "Mon, 29 Feb 2026 12:00:00 +0000",
        "Mon, 23 Nov 2026 24:00:00 +0000",
        "Mon, 23 Nov 2026 12:60:00 +0000",
        "Mon, 23 Nov 2026 12:00:61 +0000",
        "Mon, 23 Nov 2026 12:00:00 +000",
        "Mon, 23 Nov 2026 12:00:00 +0060",
        "Mon, 23 Nov 2026 12:00:00 +0000 more",
        "Mon, 23 November 2026 12:00:00 +0000",
        "Mon, 23 Nov 20260 12:00:00 +0000",
        "Mon, 23 Nov 2 12:00:00 +0000",
        "Sun, 1 Jan 50 00:00:00 GMT", /* 1950 */
        "Wed, 31 Dec 1969 12:00:00 +0000",
        "Thu, 1 Jan 1970 00:00:00 +0100",
        "2026-11-23T12:00:00Z",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t wall_ms = -1;
        if (stamp_read_mail(slice_of(cases[i]), &wall_ms))
            fail_msg("%s", cases[i]);
        assert_true(wall_ms == -1);
    }
}

/* The examples of RFC 3339 section 5.8 and what is near them. */
static void reads_the_internet_notation(void **state)
{
    (void)state;
    static const struct {
        const char *stamp;
        int64_t wall_ms;
    } cases[] = {
        { "1970-01-01T00:00:00Z", 0 },
        { "1985-04-12T23:20:50.52Z", INT64_C(482196050000) },
        { "1996-12-19T16:39:57-08:00", INT64_C(851042397000) },
        { "2026-11-23T13:00:00+01:00", INT64_C(1795435200000) },
        { "2026-11-23t12:00:00z", INT64_C(1795435200000) },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t wall_ms = -1;
        if (!stamp_read_rfc3339(slice_of(cases[i].stamp), &wall_ms) || wall_ms != cases[i].wall_ms)
            fail_msg("%s was read as %lld", cases[i].stamp, (long long)wall_ms);
    }
}

static void refuses_what_is_not_the_internet_notation(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "2026-11-23",
        "2026-11-23T12:00:00",
        "2026-11-23 12:00:00Z",
        "2026-13-23T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-11-00T12:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T12:60:00Z",
        "2026-11-23T12:00:00+01",
        "2026-11-23T12:00:00+01:00x",
        "2026-11-23T12:00:00+24:00",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00",
        "yesterday",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        int64_t wall_ms = 7;
        if (stamp_read_rfc3339(slice_of(others[i]), &wall_ms) || wall_ms != 7)
            fail_msg("%s was taken", others[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_it_writes),
        cmocka_unit_test(reads_the_forms_of_today),
        cmocka_unit_test(reads_the_obsolete_forms),
        cmocka_unit_test(refuses_what_is_no_date),
        cmocka_unit_test(reads_the_internet_notation),
        cmocka_unit_test(refuses_what_is_not_the_internet_notation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
