/* SPDX-License-Identifier: MIT */
/* When a mailbox is swept again. */
#include "rota.h"

#define STATE_FILE "swept"
#include "state_directory.h"

#include <string.h>

#define NOON_MS INT64_C(1795435200000) /* 2026-11-23T12:00:00Z */
#define ANNA    "anna@example.com"

static bool is_due(const char *address, int64_t later_ms)
{
    return rota_is_due(directory, address, NOON_MS + later_ms);
}

static void a_new_mailbox_has_nothing_to_sweep_until_a_week_has_passed(void **state)
{
    (void)state;
    assert_false(is_due(ANNA, 0));
    assert_false(is_due(ANNA, ROTA_PERIOD_MS - 1));
    assert_true(is_due(ANNA, ROTA_PERIOD_MS));
}

static void a_mailbox_is_swept_once_a_week(void **state)
{
    (void)state;
    assert_false(is_due(ANNA, 0));
    assert_true(is_due(ANNA, ROTA_PERIOD_MS));
    assert_false(is_due(ANNA, ROTA_PERIOD_MS));
    assert_false(is_due("Anna@Example.COM", 2 * ROTA_PERIOD_MS - 1));
    assert_true(is_due(ANNA, 2 * ROTA_PERIOD_MS));
}

static void every_mailbox_has_its_own_week(void **state)
{
    (void)state;
    assert_false(is_due(ANNA, 0));
    assert_false(is_due("ben@peer.example", ROTA_PERIOD_MS));
    assert_true(is_due(ANNA, ROTA_PERIOD_MS));
    assert_true(is_due("ben@peer.example", 2 * ROTA_PERIOD_MS));
}

/* Else a clock that was once ahead would put the next sweep off for as long. */
static void a_sweep_that_lies_ahead_does_not_count(void **state)
{
    (void)state;
    assert_false(is_due(ANNA, 400 * ROTA_PERIOD_MS));
    assert_true(is_due(ANNA, 0));
    assert_false(is_due(ANNA, 1));
}

static void nothing_is_swept_where_nothing_can_be_written(void **state)
{
    (void)state;
    assert_false(rota_is_due("/proc/nowhere", ANNA, NOON_MS));
    assert_false(rota_is_due("/proc/nowhere", ANNA, NOON_MS + ROTA_PERIOD_MS));
}

static void lines_that_cannot_be_read_are_left_out(void **state)
{
    static const char words[] = "\n \nx anna@example.com\n-5 anna@example.com\n"
                                "1795435200000 anna@example.com\n1795435200000\n1795435200000 ";
    char bytes[200];
    (void)state;
    assert_int_equal(port_file_replace(path, words, strlen(words), 0600), FILE_DONE);
    assert_true(is_due(ANNA, ROTA_PERIOD_MS));
    (void)read_file(bytes, sizeof bytes);
    assert_string_equal(bytes, "1796040000000 anna@example.com\n");
}

static void the_mailbox_swept_longest_ago_makes_room(void **state)
{
    char address[32], bytes[ROTA_FILE_MAX];
    size_t lines = 0;
    (void)state;
    for (int i = 0; i <= ROTA_MAX; i++) {
        (void)snprintf(address, sizeof address, "a%03d@example.com", i);
        assert_false(is_due(address, i));
    }
    size_t size = read_file(bytes, sizeof bytes);
    for (size_t i = 0; i < size; i++)
        lines += bytes[i] == '\n';
    assert_int_equal(lines, ROTA_MAX);
    assert_null(strstr(bytes, "a000@"));
    assert_non_null(strstr(bytes, "a001@"));
    assert_non_null(strstr(bytes, "a100@"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_new_mailbox_has_nothing_to_sweep_until_a_week_has_passed,
                                  forget),
        cmocka_unit_test_teardown(a_mailbox_is_swept_once_a_week, forget),
        cmocka_unit_test_teardown(every_mailbox_has_its_own_week, forget),
        cmocka_unit_test_teardown(a_sweep_that_lies_ahead_does_not_count, forget),
        cmocka_unit_test_teardown(nothing_is_swept_where_nothing_can_be_written, forget),
        cmocka_unit_test_teardown(lines_that_cannot_be_read_are_left_out, forget),
        cmocka_unit_test_teardown(the_mailbox_swept_longest_ago_makes_room, forget),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
