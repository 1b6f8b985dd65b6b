/* SPDX-License-Identifier: MIT */
#include "outline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool is_json(const char *text)
{
    struct outline_fault fault;
    return outline_check(slice_of(text), &fault);
}

static void takes_json(void **state)
{
    (void)state;
    static const char *const right[] = {
        "{}",
        " [ ] ",
        "null",
        "-0.5e+10",
        "[0, -1, 10, 1.25, 1E9, true, false, null]",
        "{\"a\": {\"b\": [\"c\", {\"d\": \"\"}]}}",
        "\"\\\" \\\\ \\/ \\b\\f\\n\\r\\t \\u00e9 \\uD83D\\uDE00 \xC3\xA9\"",
        "\xEF\xBB\xBF{\r\n}\r\n",
    };
    for (size_t i = 0; i < sizeof right / sizeof *right; i++)
        if (!is_json(right[i]))
            fail_msg("%s was refused", right[i]);
}

static void blanks_comments_and_nothing_else(void **state)
{
    (void)state;
    char text[] = "// one\n{ \"a\": \"http://b\", // two \"c\n  \"d\\\"//\": 1 / 2 //";
    outline_blank_comments(text, sizeof text - 1);
    assert_string_equal(text, "      \n{ \"a\": \"http://b\",          \n  \"d\\\"//\": 1 / 2   ");
    char open[] = "\"a // b\n// c\n\"\\\n//";
    outline_blank_comments(open, sizeof open - 1);
    assert_string_equal(open, "\"a // b\n    \n\"\\\n  ");
}

/* clang-format off */
static const char *const wrong[] = {
    "",        " ",          "{",          "[",         "[1",         "[1,",
    "{\"a\"",  "{\"a\":",    "{\"a\":1",   "{\"a\":1,}", "[1,]",    "[1 2]",
    "{1:2}",   "{a:1}",      "{\"a\" 1}",  "'a'",       "tru",        "nulll",
    "01",      "-",          "1.",         ".5",        "1e",         "+1",
    "0x10",    "\"a",        "\"a\nb\"",   "\"\\x\"",   "\"\\u12\"",  "\"\\u0000\"",
    "\"\\uD800\"", "\"\\uD800\\u0041\"", "\"\\uDC00\"", "\"a\tb\"",   "{} {}",
    "[1]]",    "// a\n{}",   "{\"a\":1 # b\n}", "[1}",  "{\"a\":1]",
};
/* clang-format on */

static void refuses_what_is_no_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (is_json(wrong[i]))
            fail_msg("%s was taken for JSON", wrong[i]);
    struct outline_fault fault;
    assert_false(outline_check((struct slice){ "{}\0", 3 }, &fault));
    assert_false(outline_check((struct slice){ "\"\0\"", 3 }, &fault));
}

static void fault_at(const char *text, int line, int column, const char *words)
{
    struct outline_fault fault = { 0 };
    assert_false(outline_check(slice_of(text), &fault));
    assert_int_equal(fault.line, line);
    assert_int_equal(fault.column, column);
    assert_non_null(strstr(fault.words, words));
}

static void says_where_and_what_the_fault_is(void **state)
{
    (void)state;
    fault_at("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3, "comma is missing");
    fault_at("{\n  \"a\": 1,\n}", 3, 1, "one too many");
    fault_at("{\n  \"a: 1\n}", 2, 8, "quote");
    fault_at("{ \"\xC3\xA9\xC3\xA9\" 1 }", 1, 8, "colon");
    fault_at("\xEF\xBB\xBF{ // mine\n}", 1, 3, "double quotes");
    fault_at("{ \"path\": \"C:\\mail\" }", 1, 15, "backslash");
    fault_at("{\n\"a\": [\n1\n", 4, 1, "]");
}

/* Whatever a text is cut to, no byte behind it is looked at: the sanitiser watches. */
static void looks_at_nothing_behind_the_end(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\": [1.5e3, \"\\uD83D\\uDE00x\", true], \"b\": null}";
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        char *cut = malloc(len + 1);
        assert_non_null(cut);
        char *exact = cut + 1; /* its end is the block's */
        memcpy(exact, whole, len);
        struct outline_fault fault;
        assert_false(outline_check((struct slice){ exact, len }, &fault));
        free(cut);
    }
    assert_true(is_json(whole));
}

static void refuses_more_brackets_and_values_than_it_can_hold(void **state)
{
    (void)state;
    assert_true(is_json("[[[[[[[[1]]]]]]]]"));
    assert_false(is_json("[[[[[[[[[1]]]]]]]]]"));

    static char text[2 * OUTLINE_VALUES_MAX + 8];
    struct text list;
    text_begin(&list, text, sizeof text);
    text_add_string(&list, "[0"); /* two values */
    for (size_t i = 2; i < OUTLINE_VALUES_MAX; i++)
        text_add_string(&list, ",0");
    text_add_string(&list, "]");
    assert_true(is_json(text));
    list.len--;
    text_add_string(&list, ",0]");
    assert_false(is_json(text));
}

static void finds_the_line_of_a_value_by_its_ordinals(void **state)
{
    (void)state;
    static const char text[] =
        "{\n \"a\": [ 1,\n  2,\n  { \"b\": 3,\n    \"c\":\n 4 } ],\n \"d\": 5\n}\n";
    const struct slice json = slice_of(text);
    assert_int_equal(outline_line(json, (size_t[]){ 0 }, 1), 2);
    assert_int_equal(outline_line(json, (size_t[]){ 0, 1 }, 2), 3);
    assert_int_equal(outline_line(json, (size_t[]){ 0, 2 }, 2), 4);
    assert_int_equal(outline_line(json, (size_t[]){ 0, 2, 1 }, 3), 5);
    assert_int_equal(outline_line(json, (size_t[]){ 1 }, 1), 7);
    assert_int_equal(outline_line(json, (size_t[]){ 2 }, 1), 0);
    assert_int_equal(outline_line(json, NULL, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_json),
        cmocka_unit_test(blanks_comments_and_nothing_else),
        cmocka_unit_test(refuses_what_is_no_json),
        cmocka_unit_test(says_where_and_what_the_fault_is),
        cmocka_unit_test(looks_at_nothing_behind_the_end),
        cmocka_unit_test(refuses_more_brackets_and_values_than_it_can_hold),
        cmocka_unit_test(finds_the_line_of_a_value_by_its_ordinals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
