/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "timepiece.h"

#define NOON INT64_C(1795435200000) /* 2026-11-23T12:00:00Z */

static struct timepiece timepiece;
static const struct time_witness *witness;

static int begin(void **state)
{
    (void)state;
    timepiece = (struct timepiece){ .count = 0 };
    return 0;
}

static void greet(const char *host, const char *words)
{
    struct reply reply = { .whole = slice_of(words),
                           .code = { words, 3 },
                           .said = slice_of(words) };
    timepiece_hear(&timepiece, DIALECT_SMTP, &reply, host, NOON);
}

static void answer(const char *host, const char *head)
{
    struct reply reply = { .whole = slice_of(head), .code = SLICE("200"), .said = SLICE("") };
    timepiece_hear(&timepiece, DIALECT_HTTP, &reply, host, NOON);
}

static enum clock_verdict judge(void)
{
    return timepiece_judge(&timepiece, &witness);
}

/* ---- what is heard ---- */

static void exchange_tells_the_time_when_it_greets(void **state)
{
    (void)state;
    greet("ex4.example",
          "220 ex4.example Microsoft ESMTP MAIL Service ready at Mon, 23 Nov 2026 13:10:00 +0100");
    assert_int_equal(timepiece.count, 1);
    assert_int_equal(timepiece.witnesses[0].ahead_ms, 600000);
}

static void sendmail_tells_it_behind_a_semicolon(void **state)
{
    (void)state;
    greet("mx.example", "220 mx.example ESMTP Sendmail 8.17.1; Mon, 23 Nov 2026 11:50:00 GMT");
    assert_int_equal(timepiece.count, 1);
    assert_int_equal(timepiece.witnesses[0].ahead_ms, -600000);
}

static void a_greeting_without_a_date_tells_nothing(void **state)
{
    (void)state;
    greet("mx.example", "220 mx.example ESMTP Postfix");
    greet("mx.example", "220 mx.example ready at your service");
    greet("mx.example", "250 ready at Mon, 23 Nov 2026 13:10:00 +0100");
    assert_int_equal(judge(), CLOCK_UNWITNESSED);
}

static void a_web_server_tells_it_in_every_reply(void **state)
{
    (void)state;
    answer("web.example",
           "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 12:00:02 GMT\r\nServer: x\r\n\r\n");
    assert_int_equal(judge(), CLOCK_AGREES);
}

static void a_reply_out_of_a_cache_tells_an_old_time(void **state)
{
    (void)state;
    answer("web.example",
           "HTTP/1.1 200 OK\r\nDate: Mon, 23 Nov 2026 09:00:00 GMT\r\nAge: 10800\r\n\r\n");
    assert_int_equal(judge(), CLOCK_UNWITNESSED);
}

static void a_host_is_one_witness_however_often_it_speaks(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        greet("ex4.example", "220 ex4 ready at Mon, 23 Nov 2026 13:00:00 +0000");
    greet("EX4.example", "220 ex4 ready at Mon, 23 Nov 2026 13:00:00 +0000");
    assert_int_equal(timepiece.count, 1);
    assert_int_equal(judge(), CLOCK_DISPUTED);
}

static void keeps_as_many_witnesses_as_it_has_room_for(void **state)
{
    (void)state;
    static char hosts[TIMEPIECE_WITNESSES_MAX + 1][2];
    for (size_t i = 0; i <= TIMEPIECE_WITNESSES_MAX; i++) {
        hosts[i][0] = (char)('a' + i);
        greet(hosts[i], "220 x ready at Mon, 23 Nov 2026 12:00:00 +0000");
        assert_int_equal(timepiece.count,
                         i < TIMEPIECE_WITNESSES_MAX ? i + 1 : TIMEPIECE_WITNESSES_MAX);
    }
}

/* ---- who is believed ---- */

static void two_that_agree_on_another_time_are_right(void **state)
{
    (void)state;
    greet("a.example", "220 a ready at Mon, 23 Nov 2026 12:12:00 +0000");
    greet("b.example", "220 b ready at Mon, 23 Nov 2026 12:12:30 +0000");
    assert_int_equal(judge(), CLOCK_WRONG);
    assert_int_equal(witness->ahead_ms, 720000);
}

static void two_that_differ_in_opposite_ways_prove_nothing(void **state)
{
    (void)state;
    greet("a.example", "220 a ready at Mon, 23 Nov 2026 12:12:00 +0000");
    greet("b.example", "220 b ready at Mon, 23 Nov 2026 11:48:00 +0000");
    assert_int_equal(judge(), CLOCK_DISPUTED);
}

static void two_against_two_is_a_dispute(void **state)
{
    (void)state;
    greet("a.example", "220 a ready at Mon, 23 Nov 2026 12:12:00 +0000");
    greet("b.example", "220 b ready at Mon, 23 Nov 2026 12:12:00 +0000");
    greet("c.example", "220 c ready at Mon, 23 Nov 2026 12:00:00 +0000");
    greet("d.example", "220 d ready at Mon, 23 Nov 2026 12:00:00 +0000");
    assert_int_equal(judge(), CLOCK_DISPUTED);
}

static void five_minutes_are_tolerated_and_not_a_second_more(void **state)
{
    (void)state;
    greet("a.example", "220 a ready at Mon, 23 Nov 2026 12:05:00 +0000");
    greet("b.example", "220 b ready at Mon, 23 Nov 2026 12:05:00 +0000");
    assert_int_equal(judge(), CLOCK_AGREES);
    assert_null(witness);
    timepiece.count = 0;
    greet("a.example", "220 a ready at Mon, 23 Nov 2026 12:05:01 +0000");
    greet("b.example", "220 b ready at Mon, 23 Nov 2026 12:05:01 +0000");
    assert_int_equal(judge(), CLOCK_WRONG);
}

#define TEST(name) cmocka_unit_test_setup(name, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(exchange_tells_the_time_when_it_greets),
        TEST(sendmail_tells_it_behind_a_semicolon),
        TEST(a_greeting_without_a_date_tells_nothing),
        TEST(a_web_server_tells_it_in_every_reply),
        TEST(a_reply_out_of_a_cache_tells_an_old_time),
        TEST(a_host_is_one_witness_however_often_it_speaks),
        TEST(keeps_as_many_witnesses_as_it_has_room_for),
        TEST(two_that_agree_on_another_time_are_right),
        TEST(two_that_differ_in_opposite_ways_prove_nothing),
        TEST(two_against_two_is_a_dispute),
        TEST(five_minutes_are_tolerated_and_not_a_second_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
