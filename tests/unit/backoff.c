/* SPDX-License-Identifier: MIT */
#include "backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#define LEAST_MS 1000
#define MOST_MS  300000

static struct backoff backoff;

static int begin(void **state)
{
    (void)state;
    backoff_begin(&backoff, LEAST_MS, MOST_MS);
    return 0;
}

static void doubles_the_ceiling_up_to_its_bound_and_no_further(void **state)
{
    (void)state;
    int64_t ceiling_ms = LEAST_MS;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(backoff.ceiling_ms, ceiling_ms);
        int64_t wait_ms = backoff_next_ms(&backoff);
        assert_in_range(wait_ms, 1, ceiling_ms);
        ceiling_ms = 2 * ceiling_ms < MOST_MS ? 2 * ceiling_ms : MOST_MS;
    }
    assert_int_equal(backoff.ceiling_ms, MOST_MS);
}

/* 2000 waits of which none lies in a fifth of the range: less likely than 1 in 10 to the 190. */
static void spreads_the_waits_over_the_whole_range(void **state)
{
    (void)state;
    bool met[5] = { false };
    for (int i = 0; i < 2000; i++) {
        backoff_reset(&backoff);
        met[(backoff_next_ms(&backoff) - 1) * 5 / LEAST_MS] = true;
    }
    for (int i = 0; i < 5; i++)
        assert_true(met[i]);
}

static void begins_anew_when_all_is_well_again(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        (void)backoff_next_ms(&backoff);
    backoff_reset(&backoff);
    assert_in_range(backoff_next_ms(&backoff), 1, LEAST_MS);
}

static void never_waits_longer_than_a_bound_below_the_first_wait(void **state)
{
    (void)state;
    backoff_begin(&backoff, LEAST_MS, 5);
    for (int i = 0; i < 100; i++)
        assert_in_range(backoff_next_ms(&backoff), 1, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(doubles_the_ceiling_up_to_its_bound_and_no_further, begin),
        cmocka_unit_test_setup(spreads_the_waits_over_the_whole_range, begin),
        cmocka_unit_test_setup(begins_anew_when_all_is_well_again, begin),
        cmocka_unit_test_setup(never_waits_longer_than_a_bound_below_the_first_wait, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
