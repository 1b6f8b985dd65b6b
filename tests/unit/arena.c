/* SPDX-License-Identifier: MIT */
#include "arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PIECE sizeof(max_align_t)

static alignas(max_align_t) char memory[4 * PIECE];

static void is_aligned_for_any_type_after_an_odd_size(void **state)
{
    (void)state;
    struct arena arena;
    arena_begin(&arena, memory, sizeof memory);
    assert_non_null(arena_take(&arena, 1));
    void *second = arena_take(&arena, PIECE);
    assert_non_null(second);
    assert_int_equal((uintptr_t)second % alignof(max_align_t), 0);
}

static void takes_the_last_byte_and_not_one_more(void **state)
{
    (void)state;
    struct arena arena;
    arena_begin(&arena, memory, sizeof memory);
    assert_non_null(arena_take(&arena, sizeof memory));
    assert_null(arena_take(&arena, 1));
    arena_reset(&arena);
    assert_null(arena_take(&arena, sizeof memory + 1));
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_int_equal(arena.used, 0);
}

static void padding_does_not_reach_past_the_end(void **state)
{
    (void)state;
    struct arena arena;
    arena_begin(&arena, memory, PIECE + 1);
    assert_non_null(arena_take(&arena, PIECE + 1));
    assert_null(arena_take(&arena, 0));
    assert_null(arena_take(&arena, 1));
}

static void gives_zeros_after_a_reset(void **state)
{
    (void)state;
    static const char zeros[PIECE];
    struct arena arena;
    arena_begin(&arena, memory, sizeof memory);
    void *first = arena_take(&arena, PIECE);
    memset(first, 'x', PIECE);
    arena_reset(&arena);
    assert_memory_equal(arena_take(&arena, PIECE), zeros, PIECE);
}

static void remembers_its_peak_over_a_reset(void **state)
{
    (void)state;
    struct arena arena;
    arena_begin(&arena, memory, sizeof memory);
    assert_non_null(arena_take(&arena, 3 * PIECE));
    arena_reset(&arena);
    assert_non_null(arena_take(&arena, 1));
    assert_int_equal(arena.used, 1);
    assert_int_equal(arena.peak, 3 * PIECE);
}

static void fails_the_take_that_a_test_names(void **state)
{
    (void)state;
    struct arena arena;
    arena_begin(&arena, memory, sizeof memory);
    arena.fail_at = 2;
    assert_non_null(arena_take(&arena, 1));
    assert_null(arena_take(&arena, 1));
    assert_non_null(arena_take(&arena, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_aligned_for_any_type_after_an_odd_size),
        cmocka_unit_test(takes_the_last_byte_and_not_one_more),
        cmocka_unit_test(padding_does_not_reach_past_the_end),
        cmocka_unit_test(gives_zeros_after_a_reset),
        cmocka_unit_test(remembers_its_peak_over_a_reset),
        cmocka_unit_test(fails_the_take_that_a_test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
