/* SPDX-License-Identifier: MIT */
#include "header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_slice(struct slice slice, const char *expected)
{
    char text[256];
    text_put(text, sizeof text, slice);
    assert_string_equal(text, expected);
}

static void walks_the_fields_and_stops_at_the_body(void **state)
{
    (void)state;
    struct slice rest = SLICE("One: first\r\nTwo \t:\r\n folded\r\n\tagain\r\nThree:\nno field\r\n"
                              "not one: x\r\n: nameless\r\n\r\nBody: x\r\n");
    struct header_field field;
    assert_true(header_next(&rest, &field));
    assert_slice(field.name, "One");
    assert_slice(field.value, " first");
    assert_slice(field.whole, "One: first");
    assert_true(header_next(&rest, &field));
    assert_slice(field.name, "Two");
    assert_slice(field.value, "\r\n folded\r\n\tagain");
    assert_true(header_next(&rest, &field));
    assert_slice(field.name, "Three");
    assert_int_equal(field.value.len, 0);
    assert_false(header_next(&rest, &field));
    assert_slice(rest, "Body: x\r\n");
}

static void finds_the_body_or_none(void **state)
{
    (void)state;
    assert_slice(header_body(SLICE("A: b\r\n\r\n\r\nbody")), "\r\nbody");
    assert_slice(header_body(SLICE("A: b\n\nbody")), "body");
    assert_slice(header_body(SLICE("\r\nbody")), "body");
    assert_int_equal(header_body(SLICE("A: b\r\n \r\nC: d")).len, 0);
    assert_int_equal(header_body(SLICE("")).len, 0);
}

static void skips_comments_within_comments(void **state)
{
    (void)state;
    assert_slice(header_skip(SLICE(" (a (b) \\) c)\r\n\t(d) word")), "word");
    assert_slice(header_skip(SLICE(")")), ")");
    assert_int_equal(header_skip(SLICE(" (never closed \\")).len, 0);
    assert_int_equal(header_skip(SLICE("")).len, 0);
}

static void takes_words_quoted_strings_and_separators(void **state)
{
    (void)state;
    struct slice rest = SLICE(" one(two)three = \"fo;ur \\\" (x)\";\"\" \"open");
    static const char *const words[] = { "one", "three", "=", "fo;ur \\\" (x)", ";", "", "open" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_slice(header_word(&rest, ";="), words[i]);
    assert_int_equal(rest.len, 0);
    assert_int_equal(header_word(&rest, ";=").len, 0);
}

static void cuts_only_at_separators_that_stand_free(void **state)
{
    (void)state;
    struct slice rest = SLICE("a (;(;) \\);) b;\"x;\\\";(\" c;;d\\;e;"), part;
    static const char *const parts[] = { "a (;(;) \\);) b", "\"x;\\\";(\" c", "", "d\\", "e" };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_true(header_cut(&rest, ';', &part));
        assert_slice(part, parts[i]);
    }
    assert_false(header_cut(&rest, ';', &part));
    assert_slice(part, "e");
    rest = SLICE("(open; \\");
    assert_true(header_cut(&rest, ';', &part));
    assert_slice(part, "(open; \\");
    assert_int_equal(rest.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_the_fields_and_stops_at_the_body),
        cmocka_unit_test(finds_the_body_or_none),
        cmocka_unit_test(skips_comments_within_comments),
        cmocka_unit_test(takes_words_quoted_strings_and_separators),
        cmocka_unit_test(cuts_only_at_separators_that_stand_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
