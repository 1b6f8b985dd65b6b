/* SPDX-License-Identifier: MIT */
/* Who is to blame when a broker hangs up. */
#include "hangup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define GOOD 7
#define BAD  8

static struct hangup hangup;
static uint64_t blamed;

static void begin(void)
{
    hangup = (struct hangup){ .cautious = false };
    blamed = 0;
}

/* A connection on which one message is answered, and then the broker hangs up on another. */
static enum hangup_blame connection(uint64_t answered, uint64_t unanswered)
{
    (void)hangup_online(&hangup);
    hangup_subscribed(&hangup);
    hangup_published(&hangup, answered);
    hangup_answered(&hangup, answered);
    hangup_published(&hangup, unanswered);
    return hangup_count(&hangup, &blamed);
}

static enum hangup_blame connection_without_subscription(void)
{
    (void)hangup_online(&hangup);
    return hangup_count(&hangup, &blamed);
}

static void becomes_cautious_before_it_blames(void **state)
{
    (void)state;
    begin();
    (void)hangup_online(&hangup);
    hangup_subscribed(&hangup);
    hangup_published(&hangup, GOOD);
    assert_true(hangup_may_publish(&hangup));
    hangup_published(&hangup, BAD);
    assert_int_equal(hangup_count(&hangup, &blamed), HANGUP_NOBODY);
    assert_true(hangup_online(&hangup));
    assert_true(hangup_may_publish(&hangup));
    hangup_published(&hangup, GOOD);
    assert_false(hangup_may_publish(&hangup));
    hangup_answered(&hangup, GOOD);
    assert_true(hangup_may_publish(&hangup));
}

static void gives_up_the_message_that_was_alone_each_time(void **state)
{
    (void)state;
    begin();
    assert_int_equal(connection(GOOD, BAD), HANGUP_NOBODY); /* it may have been another one */
    for (int i = 1; i < HANGUP_MAX; i++)
        assert_int_equal(connection(GOOD + 100 * (uint64_t)i, BAD), HANGUP_NOBODY);
    assert_int_equal(connection(GOOD, BAD), HANGUP_MESSAGE);
    assert_int_equal(blamed, BAD);
    assert_int_equal(connection(GOOD, BAD + 1), HANGUP_NOBODY);
}

static void blames_no_message_that_got_through_in_between(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < HANGUP_MAX; i++)
        assert_int_equal(connection(GOOD, BAD), HANGUP_NOBODY);
    (void)hangup_online(&hangup);
    hangup_subscribed(&hangup);
    hangup_published(&hangup, BAD);
    hangup_answered(&hangup, BAD);
    for (int i = 1; i < HANGUP_MAX; i++)
        assert_int_equal(connection(GOOD, BAD), HANGUP_NOBODY);
    assert_int_equal(connection(GOOD, BAD), HANGUP_MESSAGE);
}

static void blames_nobody_when_nothing_was_under_way(void **state)
{
    (void)state;
    begin();
    for (int i = 0; i < 3 * HANGUP_MAX; i++) {
        (void)hangup_online(&hangup);
        hangup_subscribed(&hangup);
        assert_int_equal(hangup_count(&hangup, &blamed), HANGUP_NOBODY);
    }
}

static void gives_up_the_subscription_that_is_never_accepted(void **state)
{
    (void)state;
    begin();
    for (int i = 1; i < HANGUP_MAX; i++)
        assert_int_equal(connection_without_subscription(), HANGUP_NOBODY);
    assert_true(hangup_online(&hangup));
    hangup_published(&hangup, GOOD);
    assert_int_equal(hangup_count(&hangup, &blamed), HANGUP_SUBSCRIPTION);
    assert_false(hangup_online(&hangup));
    assert_int_equal(blamed, 0);
}

static void a_connection_that_lasts_clears_everybody(void **state)
{
    (void)state;
    begin();
    for (int i = 1; i < HANGUP_MAX; i++)
        (void)connection_without_subscription();
    hangup_steady(&hangup);
    assert_int_equal(connection_without_subscription(), HANGUP_NOBODY);
    for (int i = 0; i < HANGUP_MAX; i++)
        (void)connection(GOOD, BAD);
    hangup_steady(&hangup);
    hangup_published(&hangup, GOOD);
    assert_true(hangup_may_publish(&hangup));
    assert_int_equal(connection(GOOD, BAD), HANGUP_NOBODY);
    assert_int_equal(connection(GOOD, BAD), HANGUP_NOBODY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(becomes_cautious_before_it_blames),
        cmocka_unit_test(gives_up_the_message_that_was_alone_each_time),
        cmocka_unit_test(blames_no_message_that_got_through_in_between),
        cmocka_unit_test(blames_nobody_when_nothing_was_under_way),
        cmocka_unit_test(gives_up_the_subscription_that_is_never_accepted),
        cmocka_unit_test(a_connection_that_lasts_clears_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
