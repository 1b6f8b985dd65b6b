/* SPDX-License-Identifier: MIT */
/* A clock that is not set at the start, and one that is set anew while the agent works. */
#include "office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define CLOCK_IS_SET (3 * HOUR + 4 * MINUTE) /* between two statuses */
#define STEP_AT      (9 * HOUR)

static const struct office_kind few = { 4, true, "", 0, false };

static void set_clock(size_t unused)
{
    (void)unused;
    fake.clock_trusted = true;
}

static void step_forward(size_t unused)
{
    (void)unused;
    fake.wall_offset_ms += 400 * DAY;
}

static void step_back(size_t unused)
{
    (void)unused;
    fake.wall_offset_ms -= 400 * DAY;
}

static bool is_early(const struct heard *message)
{
    return message->at_ms - FAKE_START_MS < CLOCK_IS_SET;
}

static size_t count_reports(size_t account, const char *cost, bool early)
{
    size_t count = 0;
    for (size_t i = 0; i < heard_count; i++)
        count += heard[i].kind == MESSAGE_REPORT && heard[i].account == account &&
                 strcmp(heard[i].cost, cost) == 0 && is_early(&heard[i]) == early;
    return count;
}

static unsigned early_dials;

static void note_dials(size_t unused)
{
    (void)unused;
    early_dials = fake.dials;
}

static int start_without_a_clock(void **state)
{
    (void)state;
    office_begin(&few);
    fake.clock_trusted = false;
    office_plan(CLOCK_IS_SET, note_dials, 0);
    office_plan(CLOCK_IS_SET, set_clock, 0);
    office_plan(CLOCK_IS_SET + 7 * HOUR, office_stop, 0);
    return office_work();
}

static void names_are_asked_for_and_no_server_while_it_is_not_set(void **state)
{
    (void)state;
    for (size_t account = 0; account < few.accounts; account++) {
        assert_in_range(count_reports(account, "light", true), 12, 13); /* each quarter */
        assert_int_equal(count_reports(account, "login", true), 0);
        assert_int_equal(count_reports(account, "loop", true), 0);
    }
    for (size_t i = 0; i < heard_count && is_early(&heard[i]); i++)
        if (heard[i].kind == MESSAGE_REPORT) {
            assert_string_equal(heard[i].clock, "unset");
            /* link, resolver, MX, SRV, SPF, DMARC, TLS-RPT, CAA; no DKIM selector is known yet */
            assert_int_equal(heard[i].decided, 8);
        }
    assert_int_equal(early_dials, 0);
}

static void all_checks_are_made_when_it_is_set(void **state)
{
    (void)state;
    for (size_t account = 0; account < few.accounts; account++) {
        assert_in_range(count_reports(account, "light", false), 20, 28);
        assert_in_range(
            count_reports(account, "login", false) + count_reports(account, "loop", false), 7, 9);
        assert_in_range(count_reports(account, "loop", false), 1, 2);
    }
    for (size_t i = 0; i < heard_count; i++)
        if (heard[i].kind == MESSAGE_REPORT && !is_early(&heard[i])) {
            assert_string_equal(heard[i].clock, "trusted");
            assert_string_equal(heard[i].verdict, "ok");
        }
}

static void the_broker_hears_of_it_at_once(void **state)
{
    (void)state;
    const struct heard *first = NULL;
    for (size_t i = 0; i < heard_count && first == NULL; i++)
        if (heard[i].kind == MESSAGE_STATUS && strcmp(heard[i].clock, "trusted") == 0)
            first = &heard[i];
    assert_non_null(first);
    assert_in_range(first->at_ms - FAKE_START_MS, CLOCK_IS_SET, CLOCK_IS_SET + MINUTE);
}

static void no_mailbox_is_called_sick_for_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < heard_count; i++) {
        assert_string_equal(heard[i].finding, "");
        assert_string_not_equal(heard[i].verdict, "failed");
        assert_false(heard[i].kind == MESSAGE_EVENT && is_early(&heard[i]));
    }
}

/* ---- steps ---- */

static void work_for_a_day(void)
{
    office_plan(DAY, office_stop, 0);
    assert_int_equal(office_work(), 0);
}

static void steps_of_the_clock_move_no_run(void **state)
{
    (void)state;
    static struct heard undisturbed[2048];
    office_begin(&few);
    work_for_a_day();
    size_t count = heard_count;
    assert_in_range(count, 24 * 4 * few.accounts, sizeof undisturbed / sizeof *undisturbed);
    memcpy(undisturbed, heard, count * sizeof *heard);
    office_begin(&few);
    office_plan(STEP_AT, step_forward, 0);
    office_plan(2 * STEP_AT, step_back, 0);
    work_for_a_day();
    assert_int_equal(heard_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(heard[i].kind, undisturbed[i].kind);
        assert_int_equal(heard[i].account, undisturbed[i].account);
        assert_int_equal(heard[i].at_ms, undisturbed[i].at_ms);
        assert_string_equal(heard[i].cost, undisturbed[i].cost);
        assert_string_equal(heard[i].verdict, undisturbed[i].verdict);
    }
}

int main(void)
{
    const struct CMUnitTest unset[] = {
        cmocka_unit_test(names_are_asked_for_and_no_server_while_it_is_not_set),
        cmocka_unit_test(all_checks_are_made_when_it_is_set),
        cmocka_unit_test(the_broker_hears_of_it_at_once),
        cmocka_unit_test(no_mailbox_is_called_sick_for_it),
    };
    const struct CMUnitTest steps[] = { cmocka_unit_test(steps_of_the_clock_move_no_run) };
    int failed = cmocka_run_group_tests(unset, start_without_a_clock, NULL);
    return failed + cmocka_run_group_tests(steps, NULL, NULL);
}
