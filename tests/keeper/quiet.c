/* SPDX-License-Identifier: MIT */
/* A day on which nothing changes: it wears no flash and takes no memory. */
#include "office.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define SETTLED          (7 * HOUR) /* each kind of run has been made once */
#define WRITTEN_A_DAY    4096       /* bytes of flash */
#define LOOPS_A_DAY      (4 * OFFICE_ACCOUNTS)
#define LOGINS_A_DAY     (24 * OFFICE_ACCOUNTS)
#define LIGHT_RUNS_A_DAY (96 * OFFICE_ACCOUNTS)

static struct moment {
    uint64_t written;
    size_t heap;
    size_t heard;
} moments[2];

static void look(size_t which)
{
    moments[which] = (struct moment){
        .written = fake.written,
        .heap = mallinfo2().uordblks, /* 0 where a sanitiser keeps the heap */
        .heard = heard_count,
    };
}

static int spend_the_day(void **state)
{
    (void)state;
    const struct office_kind whole = { OFFICE_ACCOUNTS, true, "", 0, false };
    office_begin(&whole);
    office_plan(SETTLED, look, 0);
    office_plan(SETTLED + DAY, look, 1);
    office_plan(SETTLED + DAY, office_stop, 0);
    return office_work();
}

static size_t reports_of_the_day(const char *cost)
{
    size_t count = 0;
    for (size_t i = moments[0].heard; i < moments[1].heard; i++)
        count += heard[i].kind == MESSAGE_REPORT && strcmp(heard[i].cost, cost) == 0;
    return count;
}

/* Else the other tests would test a day without work. */
static void every_run_is_made_and_all_is_well(void **state)
{
    (void)state;
    size_t loops = reports_of_the_day("loop"), logins = reports_of_the_day("login");
    assert_int_equal(loops, LOOPS_A_DAY);
    assert_in_range(loops + logins, LOGINS_A_DAY, LOGINS_A_DAY + LOOPS_A_DAY);
    assert_in_range(loops + logins + reports_of_the_day("light"), LIGHT_RUNS_A_DAY,
                    LIGHT_RUNS_A_DAY + LOGINS_A_DAY + LOOPS_A_DAY);
    for (size_t i = moments[0].heard; i < moments[1].heard; i++) {
        assert_int_not_equal(heard[i].kind, MESSAGE_EVENT);
        if (heard[i].kind == MESSAGE_REPORT)
            assert_string_equal(heard[i].verdict, "ok");
    }
}

static void hardly_anything_is_written(void **state)
{
    (void)state;
    assert_true(moments[1].written - moments[0].written <= WRITTEN_A_DAY);
}

static void no_memory_is_taken(void **state)
{
    (void)state;
    assert_int_equal(moments[1].heap, moments[0].heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_run_is_made_and_all_is_well),
        cmocka_unit_test(hardly_anything_is_written),
        cmocka_unit_test(no_memory_is_taken),
    };
    return cmocka_run_group_tests(tests, spend_the_day, NULL);
}
