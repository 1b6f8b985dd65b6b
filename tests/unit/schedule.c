/* SPDX-License-Identifier: MIT */
/* What is due when, on a clock that the tests turn. */
#include "schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ACCOUNTS 20
#define GATEWAYS 200
#define MINUTE   INT64_C(60000)
#define HOUR     (60 * MINUTE)

static struct account_settings accounts[ACCOUNTS];
static char addresses[ACCOUNTS][40];
static struct schedule schedule;

static struct settings office(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(addresses[i], sizeof addresses[i], "user%zu@example.com", i);
        accounts[i] = (struct account_settings){ .address = addresses[i] };
    }
    return (struct settings){
        .light_period_s = 900,
        .login_period_s = 3600,
        .loop_period_s = 21600,
        .accounts = accounts,
        .account_count = count,
    };
}

/* Runs of each cost that begin before until_ms, when each takes no time and the loop wakes for each
   as schedule_next_ms says. */
struct tally {
    unsigned runs[COST_LOOP + 1];
};

static struct tally keep_until(int64_t *now_ms, int64_t until_ms)
{
    struct tally tally = { { 0 } };
    struct due due;
    while (*now_ms < until_ms) {
        while (schedule_due(&schedule, *now_ms, &due)) {
            schedule_began(&schedule, &due, *now_ms);
            tally.runs[due.cost]++;
        }
        int64_t next_ms = schedule_next_ms(&schedule);
        assert_true(next_ms > *now_ms);
        *now_ms = next_ms < until_ms ? next_ms : until_ms;
    }
    return tally;
}

static void runs_each_cost_once_in_its_period_for_a_week(void **state)
{
    (void)state;
    const struct settings settings = office(1);
    int64_t now_ms = 12345;
    schedule_begin(&schedule, &settings, "router", now_ms);
    struct tally week = keep_until(&now_ms, now_ms + 7 * 24 * HOUR);
    assert_int_equal(week.runs[COST_LOOP], 7 * 24 / 6);
    assert_int_equal(week.runs[COST_LOGIN] + week.runs[COST_LOOP], 7 * 24 + 7 * 24 / 6);
    assert_int_equal(week.runs[COST_LIGHT], 7 * 24 * 4);
}

static void spreads_gateways_and_accounts_over_the_period(void **state)
{
    (void)state;
    static const int64_t periods_ms[] = { 15 * MINUTE, HOUR };
    static unsigned per_minute[60];
    const struct settings settings = office(ACCOUNTS);
    for (enum cost cost = COST_LIGHT; cost <= COST_LOGIN; cost++) {
        memset(per_minute, 0, sizeof per_minute);
        for (unsigned i = 0; i < GATEWAYS; i++) {
            char gateway[24];
            (void)snprintf(gateway, sizeof gateway, "gateway-%u", i);
            schedule_begin(&schedule, &settings, gateway, 0);
            for (size_t j = 0; j < ACCOUNTS; j++)
                per_minute[(schedule.accounts[j].due_ms[cost] - 1) / MINUTE]++;
        }
        unsigned minutes = (unsigned)(periods_ms[cost] / MINUTE);
        for (unsigned i = 0; i < minutes; i++)
            assert_in_range(per_minute[i], 1, 2 * GATEWAYS * ACCOUNTS / minutes);
    }
}

static void gives_the_same_slots_after_a_restart(void **state)
{
    (void)state;
    const struct settings settings = office(3);
    schedule_begin(&schedule, &settings, "router", 0);
    const int64_t first_ms = schedule.accounts[2].due_ms[COST_LOGIN];
    schedule_begin(&schedule, &settings, "router", first_ms + 5);
    assert_int_equal(schedule.accounts[2].due_ms[COST_LOGIN], first_ms + HOUR);
    schedule_begin(&schedule, &settings, "another", 0);
    assert_int_not_equal(schedule.accounts[2].due_ms[COST_LOGIN], first_ms);
}

/* A device that slept, or a run that took hours. */
static void makes_no_storm_of_what_is_late(void **state)
{
    (void)state;
    const struct settings settings = office(ACCOUNTS);
    schedule_begin(&schedule, &settings, "router", 0);
    int64_t now_ms = 50 * HOUR;
    bool seen[ACCOUNTS] = { false };
    struct due due;
    unsigned runs = 0;
    while (schedule_due(&schedule, now_ms, &due)) {
        assert_int_equal(due.cost, COST_LOOP);
        assert_false(seen[due.account]);
        seen[due.account] = true;
        schedule_began(&schedule, &due, now_ms);
        runs++;
    }
    assert_int_equal(runs, ACCOUNTS);
    assert_true(schedule_next_ms(&schedule) <= now_ms + 15 * MINUTE);
}

static void serves_first_who_has_waited_longest(void **state)
{
    (void)state;
    const struct settings settings = office(2);
    struct due due;
    schedule_begin(&schedule, &settings, "router", 0);
    schedule.accounts[0].due_ms[COST_LIGHT] = 2000;
    schedule.accounts[1].due_ms[COST_LIGHT] = 1000;
    assert_true(schedule_due(&schedule, 3000, &due));
    assert_int_equal(due.account, 1);
}

static void speaks_no_password_inside_the_lockout_window(void **state)
{
    (void)state;
    const struct settings settings = office(1);
    int64_t now_ms = 0;
    schedule_begin(&schedule, &settings, "router", now_ms);
    schedule_hold_login(&schedule, 0, 3 * HOUR);
    struct tally held = keep_until(&now_ms, 3 * HOUR);
    assert_int_equal(held.runs[COST_LOGIN] + held.runs[COST_LOOP], 0);
    assert_int_equal(held.runs[COST_LIGHT], 12);
    struct tally after = keep_until(&now_ms, 3 * HOUR + 1);
    assert_int_equal(after.runs[COST_LOGIN] + after.runs[COST_LOOP], 1);
}

static void rests_while_paused_and_goes_on_after(void **state)
{
    (void)state;
    const struct settings settings = office(2);
    struct due due;
    schedule_begin(&schedule, &settings, "router", 0);
    schedule.paused = true;
    assert_false(schedule_due(&schedule, 24 * HOUR, &due));
    assert_int_equal(schedule_next_ms(&schedule), INT64_MAX);
    assert_int_equal(schedule_account_next_ms(&schedule, 0), INT64_MAX);
    schedule.paused = false;
    assert_true(schedule_due(&schedule, 24 * HOUR, &due));
}

static void asks_only_lightly_while_the_clock_is_unset(void **state)
{
    (void)state;
    const struct settings settings = office(1);
    int64_t now_ms = 0;
    schedule_begin(&schedule, &settings, "router", now_ms);
    schedule.clock_trusted = false;
    struct tally unset = keep_until(&now_ms, 8 * HOUR);
    assert_int_equal(unset.runs[COST_LIGHT], 32);
    assert_int_equal(unset.runs[COST_LOGIN] + unset.runs[COST_LOOP], 0);
    schedule.clock_trusted = true;
    struct due due;
    assert_true(schedule_due(&schedule, now_ms, &due));
    assert_int_equal(due.cost, COST_LOOP);
}

static void keeps_the_times_of_accounts_that_stay_at_a_reload(void **state)
{
    (void)state;
    const struct settings before = office(3);
    schedule_begin(&schedule, &before, "router", 0);
    schedule.paused = true;
    schedule_hold_login(&schedule, 2, 7 * HOUR);
    const struct schedule_account old = schedule.accounts[2];
    struct account_settings fewer[2] = { accounts[2], { .address = "new@example.com" } };
    struct settings after = before;
    after.accounts = fewer;
    after.account_count = 2;
    schedule_reload(&schedule, &after, "router", 50);
    assert_memory_equal(&schedule.accounts[0], &old, sizeof old);
    assert_true(schedule.accounts[1].due_ms[COST_LIGHT] > 50);
    assert_int_equal(schedule.accounts[1].login_not_before_ms, 0);
    assert_true(schedule.paused);
}

static void heeds_a_shorter_period_at_a_reload(void **state)
{
    (void)state;
    const struct settings before = office(1);
    schedule_begin(&schedule, &before, "router", 0);
    struct settings after = before;
    after.loop_period_s = 1800;
    schedule_reload(&schedule, &after, "router", 10);
    assert_in_range(schedule.accounts[0].due_ms[COST_LOOP], 11, 10 + HOUR / 2);
}

static void is_never_due_without_accounts(void **state)
{
    (void)state;
    const struct settings settings = office(0);
    struct due due;
    schedule_begin(&schedule, &settings, "router", 0);
    assert_false(schedule_due(&schedule, 24 * HOUR, &due));
    assert_int_equal(schedule_next_ms(&schedule), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_each_cost_once_in_its_period_for_a_week),
        cmocka_unit_test(spreads_gateways_and_accounts_over_the_period),
        cmocka_unit_test(gives_the_same_slots_after_a_restart),
        cmocka_unit_test(makes_no_storm_of_what_is_late),
        cmocka_unit_test(serves_first_who_has_waited_longest),
        cmocka_unit_test(speaks_no_password_inside_the_lockout_window),
        cmocka_unit_test(rests_while_paused_and_goes_on_after),
        cmocka_unit_test(asks_only_lightly_while_the_clock_is_unset),
        cmocka_unit_test(keeps_the_times_of_accounts_that_stay_at_a_reload),
        cmocka_unit_test(heeds_a_shorter_period_at_a_reload),
        cmocka_unit_test(is_never_due_without_accounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
