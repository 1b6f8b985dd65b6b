/* SPDX-License-Identifier: MIT */
#include "json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct json json;

static bool begin(const char *text)
{
    return json_begin(&json, slice_of(text));
}

static void finds_members_by_their_path(void **state)
{
    (void)state;
    int64_t number = 0;
    bool flag = false;
    assert_true(begin("{\"a\": {\"b\": \"text\", \"n\": 42, \"f\": true}}"));
    assert_true(slice_is(json_text(&json, "a/b"), "text"));
    assert_true(json_number(&json, "a/n", &number));
    assert_int_equal(number, 42);
    assert_true(json_flag(&json, "a/f", &flag));
    assert_true(flag);
    json_end(&json);
}

static void takes_nothing_of_another_type(void **state)
{
    (void)state;
    int64_t number = 7;
    bool flag = true;
    assert_true(begin("{\"t\": \"1\", \"n\": 1.5, \"f\": 0, \"o\": {}, \"z\": null}"));
    assert_int_equal(json_text(&json, "n").len, 0);
    assert_int_equal(json_text(&json, "o").len, 0);
    assert_int_equal(json_text(&json, "z").len, 0);
    assert_int_equal(json_text(&json, "t/b").len, 0);
    assert_false(json_number(&json, "t", &number));
    assert_false(json_number(&json, "n", &number));
    assert_false(json_number(&json, "none", &number));
    assert_false(json_flag(&json, "f", &flag));
    assert_int_equal(number, 7);
    assert_true(flag);
    json_end(&json);
}

static void counts_the_members_of_an_array(void **state)
{
    (void)state;
    assert_true(begin("{\"a\": [\"x\", {\"b\": \"y\"}], \"0\": \"z\"}"));
    assert_true(slice_is(json_text(&json, "a/0"), "x"));
    assert_true(slice_is(json_text(&json, "a/1/b"), "y"));
    assert_true(slice_is(json_text(&json, "0"), "z"));
    assert_int_equal(json_text(&json, "a/2").len, 0);
    assert_int_equal(json_text(&json, "a/b").len, 0);
    json_end(&json);
}

static void tells_upper_from_lower_case(void **state)
{
    (void)state;
    assert_true(begin("{\"State\": \"ok\"}"));
    assert_int_equal(json_text(&json, "state").len, 0);
    json_end(&json);
}

/* Beyond 2^53 a double is no longer the number that was written. */
static void keeps_only_numbers_that_are_exact(void **state)
{
    (void)state;
    int64_t number = 0;
    assert_true(begin("{\"a\": 9007199254740991, \"b\": 9007199254740993, \"c\": -1e300}"));
    assert_true(json_number(&json, "a", &number));
    assert_int_equal(number, INT64_C(9007199254740991));
    assert_false(json_number(&json, "b", &number));
    assert_false(json_number(&json, "c", &number));
    json_end(&json);
}

static void takes_nothing_but_an_object(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",          "[]",           "\"text\"", "12",      "null",
        "{\"a\": 1", "{\"a\": 1} x", "<html>",   "{'a':1}", "{\"a\": \"\\u0000b\"}"
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (begin(others[i]))
            fail_msg("%s was taken", others[i]);
}

static void reads_no_deeper_than_it_may(void **state)
{
    (void)state;
    assert_true(begin("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}"));
    json_end(&json);
    assert_false(begin("{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_members_by_their_path),
        cmocka_unit_test(takes_nothing_of_another_type),
        cmocka_unit_test(counts_the_members_of_an_array),
        cmocka_unit_test(tells_upper_from_lower_case),
        cmocka_unit_test(keeps_only_numbers_that_are_exact),
        cmocka_unit_test(takes_nothing_but_an_object),
        cmocka_unit_test(reads_no_deeper_than_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
