/* SPDX-License-Identifier: MIT */
#include "../../port/port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PAGE_MOST 65536 /* bytes: no processor that Linux runs on has larger ones here */

static unsigned char memory[8 * PAGE_MOST];

static bool holds(size_t from, size_t to, unsigned char byte)
{
    for (size_t i = from; i < to; i++)
        if (memory[i] != byte)
            return false;
    return true;
}

static void what_lies_beside_the_memory_stays(void **state)
{
    (void)state;
    memset(memory, 'x', sizeof memory);
    port_give_back(memory + 100, sizeof memory - 200);
    assert_true(holds(0, 100, 'x'));
    assert_true(holds(sizeof memory - 100, sizeof memory, 'x'));
}

/* A page that the system took back reads as zeroes; Linux promises so. */
static void whole_pages_within_are_given_back(void **state)
{
    (void)state;
    memset(memory, 'x', sizeof memory);
    port_give_back(memory + 100, sizeof memory - 200);
    assert_true(holds(PAGE_MOST + 100, 6 * PAGE_MOST, 0));
    memset(memory, 'y', sizeof memory);
    assert_true(holds(0, sizeof memory, 'y'));
}

static void less_than_a_page_is_left_alone(void **state)
{
    (void)state;
    memset(memory, 'x', sizeof memory);
    for (size_t at = 0; at < PAGE_MOST; at += 512)
        port_give_back(memory + at, 512);
    assert_true(holds(0, sizeof memory, 'x'));
}

static void the_program_goes_on_after_its_code_was_given_back(void **state)
{
    (void)state;
    static const char constant[] = "still the same";
    port_give_back_program();
    assert_string_equal(constant, "still the same");
    assert_true(port_now_ms() > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_beside_the_memory_stays),
        cmocka_unit_test(whole_pages_within_are_given_back),
        cmocka_unit_test(less_than_a_page_is_left_alone),
        cmocka_unit_test(the_program_goes_on_after_its_code_was_given_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
