/* SPDX-License-Identifier: MIT */
/* Selectors of DKIM that outlive a run. */
#include "selectors.h"

#define STATE_FILE "selectors"
#include "state_directory.h"

#include <string.h>

static void write_file(const char *words)
{
    assert_int_equal(port_file_replace(path, words, strlen(words), 0600), FILE_DONE);
}

static void a_selector_is_known_in_the_next_run(void **state)
{
    char selector[SELECTOR_MAX] = "";
    (void)state;
    assert_true(selectors_remember(directory, "example.com", SLICE("ovhex123-selector1")));
    assert_true(selectors_remember(directory, "other.example", SLICE("google")));
    assert_true(selectors_recall(directory, "Example.COM", selector));
    assert_string_equal(selector, "ovhex123-selector1");
    assert_false(selectors_recall(directory, "ample.com", selector));
}

static void a_new_selector_takes_the_place_of_the_old_one(void **state)
{
    char bytes[200], selector[SELECTOR_MAX];
    (void)state;
    assert_true(selectors_remember(directory, "example.com", SLICE("one")));
    assert_true(selectors_remember(directory, "other.example", SLICE("other")));
    assert_true(selectors_remember(directory, "example.com", SLICE("two")));
    assert_true(selectors_recall(directory, "example.com", selector));
    assert_string_equal(selector, "two");
    (void)read_file(bytes, sizeof bytes);
    assert_string_equal(bytes, "other.example other\nexample.com two\n");
}

static void a_selector_that_is_known_is_not_written_again(void **state)
{
    (void)state;
    assert_true(selectors_remember(directory, "example.com", SLICE("one")));
    write_file("example.com one\nno line of ours\n");
    assert_true(selectors_remember(directory, "example.com", SLICE("one")));
    char bytes[200];
    (void)read_file(bytes, sizeof bytes);
    assert_string_equal(bytes, "example.com one\nno line of ours\n");
}

static void lines_that_are_none_are_passed_over(void **state)
{
    char selector[SELECTOR_MAX];
    (void)state;
    write_file(
        "\n example.com\nexample.com \nexample.com a b\nexample.com ../etc\nexample.com good\n");
    assert_true(selectors_recall(directory, "example.com", selector));
    assert_string_equal(selector, "good");
}

static void what_no_name_may_hold_is_not_remembered(void **state)
{
    char selector[SELECTOR_MAX];
    (void)state;
    assert_false(selectors_remember(directory, "example.com", SLICE("")));
    assert_false(selectors_remember(directory, "example.com", SLICE("a\nexample.org b")));
    assert_false(selectors_remember(directory, "example.com", SLICE("a b")));
    assert_false(selectors_recall(directory, "example.com", selector));
}

static void the_longest_selector_fits_and_one_more_does_not(void **state)
{
    char longest[SELECTOR_MAX + 1], selector[SELECTOR_MAX];
    (void)state;
    memset(longest, 'a', sizeof longest);
    longest[60] = longest[120] = '.';
    assert_false(
        selectors_remember(directory, "example.com", (struct slice){ longest, SELECTOR_MAX }));
    assert_true(
        selectors_remember(directory, "example.com", (struct slice){ longest, SELECTOR_MAX - 1 }));
    assert_true(selectors_recall(directory, "example.com", selector));
    assert_int_equal(strlen(selector), SELECTOR_MAX - 1);
}

static void the_oldest_goes_when_there_are_too_many(void **state)
{
    char selector[SELECTOR_MAX], domain[32];
    (void)state;
    for (unsigned i = 0; i <= SELECTORS_MAX; i++) {
        (void)snprintf(domain, sizeof domain, "d%u.example", i);
        assert_true(selectors_remember(directory, domain, SLICE("s")));
    }
    assert_false(selectors_recall(directory, "d0.example", selector));
    assert_true(selectors_recall(directory, "d1.example", selector));
    assert_true(selectors_recall(directory, "d100.example", selector));
}

static void where_nothing_can_be_written_nothing_is_remembered(void **state)
{
    char selector[SELECTOR_MAX];
    (void)state;
    assert_false(selectors_remember("/proc/none", "example.com", SLICE("one")));
    assert_false(selectors_recall("/proc/none", "example.com", selector));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_selector_is_known_in_the_next_run, forget),
        cmocka_unit_test_teardown(a_new_selector_takes_the_place_of_the_old_one, forget),
        cmocka_unit_test_teardown(a_selector_that_is_known_is_not_written_again, forget),
        cmocka_unit_test_teardown(lines_that_are_none_are_passed_over, forget),
        cmocka_unit_test_teardown(what_no_name_may_hold_is_not_remembered, forget),
        cmocka_unit_test_teardown(the_longest_selector_fits_and_one_more_does_not, forget),
        cmocka_unit_test_teardown(the_oldest_goes_when_there_are_too_many, forget),
        cmocka_unit_test(where_nothing_can_be_written_nothing_is_remembered),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
