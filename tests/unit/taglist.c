/* SPDX-License-Identifier: MIT */
#include "taglist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct taglist list;

static bool read_list(const char *text)
{
    return taglist_read(slice_of(text), &list);
}

/* RFC 6376 section 3.2 */
static void reads_tags_with_blanks_around_names_and_values(void **state)
{
    (void)state;
    assert_true(read_list(" v=1;\r\n\ta_1 = x y\r\n z ;b=;B==;"));
    assert_int_equal(list.count, 4);
    assert_true(slice_is(taglist_value(&list, "v", ""), "1"));
    assert_true(slice_is(taglist_value(&list, "a_1", ""), "x y\r\n z"));
    assert_true(slice_is(taglist_find(&list, "a_1")->room, " x y\r\n z "));
    assert_int_equal(taglist_value(&list, "b", "otherwise").len, 0);
    assert_true(slice_is(taglist_value(&list, "B", ""), "="));
    assert_null(taglist_find(&list, "V"));
    assert_true(slice_is(taglist_value(&list, "V", "otherwise"), "otherwise"));
}

static void refuses_what_is_no_list(void **state)
{
    (void)state;
    static const char *const cases[] = { "",      ";",      " ",    "v",     "v=1;;a=2", "v=1; ;",
                                         "=1",    "1a=2",   "_=1",  "v-1=2", "v=1;v=2",  "a b=1",
                                         "v=1;b", "\xc3=1", ";v=1", "v=1; a" };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (read_list(cases[i]))
            fail_msg("taken for a list: %s", cases[i]);
        assert_int_equal(list.count, 0);
    }
}

static void reads_thirty_two_tags_and_not_one_more(void **state)
{
    (void)state;
    char buffer[512];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    for (int i = 0; i < TAGLIST_MAX; i++)
        text_add_format(&text, "t%d=%d;", i, i);
    assert_true(read_list(buffer));
    assert_int_equal(list.count, TAGLIST_MAX);
    text_add_string(&text, "more=1");
    assert_false(read_list(buffer));
}

static void finds_words_between_colons(void **state)
{
    (void)state;
    assert_true(taglist_has(SLICE("To :\r\n from: date"), "From"));
    assert_true(taglist_has(SLICE("s"), "s"));
    assert_false(taglist_has(SLICE("x-from:fro m"), "from"));
    assert_false(taglist_has(SLICE(""), "s"));
}

static void assert_decodes(const char *digits, const char *expected)
{
    uint8_t bytes[16];
    size_t len = 99;
    assert_true(taglist_base64(slice_of(digits), bytes, sizeof bytes, &len));
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(bytes, expected, len);
}

/* RFC 4648 section 10 */
static void decodes_base64_with_blanks_anywhere(void **state)
{
    (void)state;
    assert_decodes("", "");
    assert_decodes("Zg==", "f");
    assert_decodes("Zm8=", "fo");
    assert_decodes("Zm9v", "foo");
    assert_decodes(" Z m9\r\n\tvYg = = ", "foob");
    assert_decodes("Zm9vYmE=", "fooba");
    assert_decodes("Zm9vYmFy", "foobar");
    assert_decodes("+/+/", "\xfb\xff\xbf");
}

static void refuses_what_is_no_base64_or_too_long(void **state)
{
    (void)state;
    static const char *const cases[] = { "Z",    "Zg",       "Zg=",     "Zg===", "Z===",
                                         "====", "Zg==Zg==", "Z=g=",    "Z==g",  "Zm9v=",
                                         "Zm-v", "Zm9v.",    "\"Zm9v\"" };
    uint8_t bytes[3];
    size_t len = 99;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (taglist_base64(slice_of(cases[i]), bytes, sizeof bytes, &len))
            fail_msg("taken for base64: %s", cases[i]);
    assert_int_equal(len, 99);
    assert_true(taglist_base64(SLICE("Zm9v"), bytes, sizeof bytes, &len));
    assert_int_equal(len, 3);
    assert_false(taglist_base64(SLICE("Zm9vYg=="), bytes, sizeof bytes, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_tags_with_blanks_around_names_and_values),
        cmocka_unit_test(refuses_what_is_no_list),
        cmocka_unit_test(reads_thirty_two_tags_and_not_one_more),
        cmocka_unit_test(finds_words_between_colons),
        cmocka_unit_test(decodes_base64_with_blanks_anywhere),
        cmocka_unit_test(refuses_what_is_no_base64_or_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
