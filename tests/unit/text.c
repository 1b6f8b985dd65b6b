/* SPDX-License-Identifier: MIT */
#include "text.h"

#include "arena.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct slice empty = { NULL, 0 };

static void assert_slice(struct slice got, const char *expected)
{
    assert_int_equal(got.len, strlen(expected));
    if (got.len > 0)
        assert_memory_equal(got.at, expected, got.len);
}

static void no_string_is_the_empty_slice(void **state)
{
    (void)state;
    assert_int_equal(slice_of(NULL).len, 0);
    assert_true(slice_equal(slice_of(NULL), slice_of("")));
    assert_true(slice_is(empty, ""));
}

static void compares_bytes_beyond_a_nul(void **state)
{
    (void)state;
    assert_false(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
    assert_true(slice_equal(SLICE("a\0b"), SLICE("a\0b")));
    assert_false(slice_is(SLICE("a\0b"), "a"));
}

static void ignores_case_of_ascii_letters_only(void **state)
{
    (void)state;
    assert_true(slice_equal_nocase(SLICE("StartTLS"), SLICE("STARTtls")));
    assert_false(slice_equal(SLICE("StartTLS"), SLICE("STARTtls")));
    /* These differ by 0x20, as letters do, but are none. */
    assert_false(slice_equal_nocase(SLICE("@["), SLICE("`{")));
    assert_false(slice_equal_nocase(SLICE("\xC4"), SLICE("\xE4")));
}

static void knows_how_a_slice_starts_and_ends(void **state)
{
    (void)state;
    assert_true(slice_starts(SLICE("250-SIZE"), "250-"));
    assert_false(slice_starts(SLICE("250"), "250-"));
    assert_false(slice_starts(SLICE("ehlo"), "EHLO"));
    assert_true(slice_starts_nocase(SLICE("ehlo x"), "EHLO"));
    assert_true(slice_starts(SLICE("a"), ""));
    assert_true(slice_ends_nocase(SLICE("mail.Example.NET"), ".example.net"));
    assert_false(slice_ends_nocase(SLICE("net"), ".net"));
    assert_true(slice_ends_nocase(empty, ""));
}

static void finds_a_word_in_any_case(void **state)
{
    (void)state;
    assert_int_equal(slice_find_nocase(SLICE("AUTH login PLAIN"), "Login"), 5);
    assert_int_equal(slice_find_nocase(SLICE("PLAI"), "PLAIN"), 4);
    assert_true(slice_has_nocase(SLICE("xPLAIN"), "plain"));
    assert_false(slice_has_nocase(SLICE("PLAI"), "plain"));
    assert_false(slice_has_nocase(empty, "plain"));
    assert_true(slice_has_nocase(empty, ""));
}

static void finds_a_whole_part_in_any_case(void **state)
{
    (void)state;
    assert_true(slice_lists_nocase(SLICE("PLAIN login"), ' ', "LOGIN"));
    assert_false(slice_lists_nocase(SLICE("PLAIN-CLIENTTOKEN"), ' ', "PLAIN"));
    assert_false(slice_lists_nocase(empty, ' ', "PLAIN"));
}

static void the_rest_past_the_end_is_empty(void **state)
{
    (void)state;
    assert_slice(slice_from(SLICE("abc"), 1), "bc");
    assert_slice(slice_from(SLICE("abc"), 3), "");
    assert_slice(slice_from(SLICE("abc"), 4), "");
    assert_slice(slice_from(empty, 0), "");
}

static void cuts_at_each_separator(void **state)
{
    (void)state;
    struct slice rest = SLICE("a,,bc,");
    struct slice part;
    assert_true(slice_cut(&rest, ',', &part));
    assert_slice(part, "a");
    assert_true(slice_cut(&rest, ',', &part));
    assert_slice(part, "");
    assert_true(slice_cut(&rest, ',', &part));
    assert_slice(part, "bc");
    assert_false(slice_cut(&rest, ',', &part));
    assert_slice(part, "bc");
}

static void takes_lines_of_both_line_ends(void **state)
{
    (void)state;
    struct slice rest = SLICE("one\r\ntwo\n\r\n\rfour\r");
    struct slice line;
    assert_true(slice_line(&rest, &line));
    assert_slice(line, "one");
    assert_true(slice_line(&rest, &line));
    assert_slice(line, "two");
    assert_true(slice_line(&rest, &line));
    assert_slice(line, "");
    assert_true(slice_line(&rest, &line));
    assert_slice(
        line, "\rfour\r"); /* no line end came: the CR may be half of one, or a byte of the line */
    assert_false(slice_line(&rest, &line));
}

static void trims_blanks_at_both_ends_only(void **state)
{
    (void)state;
    assert_slice(slice_trim(SLICE(" \t a b\r\n ")), "a b");
    assert_slice(slice_trim(SLICE(" \r\n\t")), "");
    assert_slice(slice_trim(empty), "");
}

static void reads_numbers_up_to_the_maximum(void **state)
{
    (void)state;
    uint64_t number = 7;
    assert_true(slice_number(SLICE("65535"), 65535, &number));
    assert_int_equal(number, 65535);
    assert_false(slice_number(SLICE("65536"), 65535, &number));
    assert_false(slice_number(SLICE("4"), 3, &number));
    assert_int_equal(number, 65535);
    assert_true(slice_number(SLICE("000"), 0, &number));
    assert_int_equal(number, 0);
    assert_true(slice_number(SLICE("18446744073709551615"), UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
    assert_false(slice_number(SLICE("18446744073709551616"), UINT64_MAX, &number));
    assert_false(slice_number(SLICE("99999999999999999999999"), UINT64_MAX, &number));
}

static void refuses_what_is_not_only_digits(void **state)
{
    (void)state;
    static const char *const wrong[] = { "", "-1", "+1", " 1", "1 ", "0x1", "1.0", "\xD9\xA1" };
    uint64_t number;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(slice_number(slice_of(wrong[i]), 99, &number));
}

static void fills_a_buffer_to_its_last_byte(void **state)
{
    (void)state;
    char buffer[6];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    text_add_string(&text, "abc");
    text_add(&text, SLICE("de"));
    assert_false(text.overflow);
    assert_string_equal(buffer, "abcde");
    text_add(&text, empty);
    assert_false(text.overflow);
    text_add_string(&text, "f");
    assert_true(text.overflow);
    assert_slice(text_slice(&text), "abcde");
}

static void stays_overflowed_when_shorter_text_follows(void **state)
{
    (void)state;
    char buffer[6];
    struct text text;
    text_begin(&text, buffer, sizeof buffer);
    text_add_string(&text, "ab");
    text_add_format(&text, "%s", "cdef");
    assert_true(text.overflow);
    assert_string_equal(buffer, "ab");
    text_add_string(&text, "c");
    text_add_format(&text, "%d", 1);
    text_add_printable(&text, SLICE("c"));
    assert_string_equal(buffer, "ab");
    assert_true(text.overflow);
}

typedef void add_fn(struct text *text, struct slice slice);

/* What add makes of the slice, or NULL when a buffer of that size is too small. */
static const char *made_in(add_fn *add, struct slice slice, size_t size)
{
    static char buffer[128];
    struct text text;
    assert_true(size <= sizeof buffer);
    text_begin(&text, buffer, size);
    add(&text, slice);
    if (!text.overflow)
        return buffer;
    assert_string_equal(buffer, "");
    assert_int_equal(text.len, 0);
    return NULL;
}

static void encodes_base64_as_the_rfc_does(void **state)
{
    (void)state;
    /* RFC 4648 section 10 */
    assert_string_equal(made_in(text_add_base64, SLICE(""), 64), "");
    assert_string_equal(made_in(text_add_base64, SLICE("f"), 64), "Zg==");
    assert_string_equal(made_in(text_add_base64, SLICE("fo"), 64), "Zm8=");
    assert_string_equal(made_in(text_add_base64, SLICE("foo"), 64), "Zm9v");
    assert_string_equal(made_in(text_add_base64, SLICE("foob"), 64), "Zm9vYg==");
    assert_string_equal(made_in(text_add_base64, SLICE("fooba"), 64), "Zm9vYmE=");
    assert_string_equal(made_in(text_add_base64, SLICE("foobar"), 64), "Zm9vYmFy");
    assert_string_equal(made_in(text_add_base64, SLICE("\xFB\xFF\xBF"), 64), "+/+/");
    assert_string_equal(made_in(text_add_base64, SLICE("\0u\0p"), 64), "AHUAcA==");
}

static void leaves_out_an_encoding_that_does_not_fit_whole(void **state)
{
    (void)state;
    assert_string_equal(made_in(text_add_base64, SLICE("foobar"), 9), "Zm9vYmFy");
    assert_null(made_in(text_add_base64, SLICE("foobar"), 8));
    assert_string_equal(made_in(text_add_form, SLICE("a/"), 5), "a%2F");
    assert_null(made_in(text_add_form, SLICE("a/"), 4));
    assert_string_equal(made_in(text_add_quoted, SLICE("a"), 4), "\"a\"");
    assert_null(made_in(text_add_quoted, SLICE("a"), 3));
    assert_string_equal(made_in(text_add_printable, SLICE("a\x7F"), 6), "a\\x7F");
    assert_null(made_in(text_add_printable, SLICE("a\x7F"), 5));
}

static void encodes_form_values(void **state)
{
    (void)state;
    assert_string_equal(made_in(text_add_form, SLICE("aZ09*-._"), 64), "aZ09*-._");
    assert_string_equal(made_in(text_add_form, SLICE("a b&c=d+e%~"), 64), "a+b%26c%3Dd%2Be%25%7E");
    assert_string_equal(made_in(text_add_form, SLICE("\xC3\xA4\0"), 64), "%C3%A4%00");
}

static void quotes_for_imap(void **state)
{
    (void)state;
    assert_string_equal(made_in(text_add_quoted, SLICE(""), 64), "\"\"");
    assert_string_equal(made_in(text_add_quoted, SLICE("a\"b\\c"), 64), "\"a\\\"b\\\\c\"");
}

static void never_quotes_what_would_end_the_imap_line(void **state)
{
    (void)state;
    assert_null(made_in(text_add_quoted, SLICE("a\r\nA2 DELETE x"), 64));
    assert_null(made_in(text_add_quoted, SLICE("a\n"), 64));
    assert_null(made_in(text_add_quoted, SLICE("\0"), 64));
}

static void shows_text_of_people_as_it_is(void **state)
{
    (void)state;
    static const char plain[] = "550 \\x No M\xC3\xBCller, \xE2\x82\xAC 5 \xF0\x9F\x93\xA7 ~";
    assert_string_equal(made_in(text_add_printable, slice_of(plain), 64), plain);
}

static void shows_controls_as_numbers(void **state)
{
    (void)state;
    add_fn *const add = text_add_printable;
    assert_string_equal(made_in(add, SLICE("a\r\n\0\x1B[2J"), 64), "a\\x0D\\x0A\\x00\\x1B[2J");
    assert_string_equal(made_in(add, SLICE("\xC2\x9B"), 64), "\\xC2\\x9B");
    assert_string_equal(made_in(add, SLICE("\xC2\xA0"), 64), "\xC2\xA0");
    assert_string_equal(made_in(add, SLICE("\xE2\x80\xAE"), 64), "\\xE2\\x80\\xAE");
    assert_string_equal(made_in(add, SLICE("\xE2\x81\xA6"), 64), "\\xE2\\x81\\xA6");
}

static void shows_bytes_that_are_no_utf8_as_numbers(void **state)
{
    (void)state;
    add_fn *const add = text_add_printable;
    assert_string_equal(made_in(add, SLICE("\xFFz"), 64), "\\xFFz");
    assert_string_equal(made_in(add, SLICE("\xC3"), 64), "\\xC3");
    assert_string_equal(made_in(add, SLICE("\xE2\x82"), 64), "\\xE2\\x82");
    assert_string_equal(made_in(add, SLICE("\xE2\x82z"), 64), "\\xE2\\x82z");
    assert_string_equal(made_in(add, SLICE("\xC0\xAF"), 64), "\\xC0\\xAF");
    assert_string_equal(made_in(add, SLICE("\xE0\x9F\xBF"), 64), "\\xE0\\x9F\\xBF");
    assert_string_equal(made_in(add, SLICE("\xED\xA0\x80"), 64), "\\xED\\xA0\\x80");
    assert_string_equal(made_in(add, SLICE("\xF0\x8F\xBF\xBF"), 64), "\\xF0\\x8F\\xBF\\xBF");
    assert_string_equal(made_in(add, SLICE("\xF4\x90\x80\x80"), 64), "\\xF4\\x90\\x80\\x80");
    assert_string_equal(made_in(add, SLICE("\xF4\x8F\xBF\xBF"), 64), "\xF4\x8F\xBF\xBF");
}

static void copies_into_the_arena_or_says_no(void **state)
{
    (void)state;
    alignas(max_align_t) char memory[4 * alignof(max_align_t)];
    struct arena arena;
    arena_begin(&arena, memory, sizeof memory);
    assert_string_equal(text_copy(&arena, empty), "");
    assert_string_equal(text_copy(&arena, SLICE("host")), "host");
    assert_string_equal(text_format(&arena, "%s:%d", "host", 25), "host:25");
    assert_null(text_copy(&arena, SLICE("0123456789abcdef0123456789")));
    assert_null(text_format(&arena, "%64d", 1));
    arena_reset(&arena);
    arena.fail_at = arena.takes + 1;
    assert_null(text_format(&arena, "%d", 1));
}

static void cuts_what_it_puts_to_the_room(void **state)
{
    (void)state;
    char into[4] = "zzz";
    text_put(into, 0, SLICE("a"));
    assert_string_equal(into, "zzz");
    text_put(into, sizeof into, SLICE("abc"));
    assert_string_equal(into, "abc");
    text_put(into, sizeof into, SLICE("abcd"));
    assert_string_equal(into, "abc");
    text_put(into, sizeof into, empty);
    assert_string_equal(into, "");
}

static void never_cuts_a_character_in_two(void **state)
{
    (void)state;
    char into[4];
    text_put(into, sizeof into, SLICE("ab\xC3\xA4"));
    assert_string_equal(into, "ab");
    text_put(into, sizeof into, SLICE("a\xC3\xA4z"));
    assert_string_equal(into, "a\xC3\xA4");
    text_put(into, sizeof into, SLICE("\xF0\x9F\x93\xA7"));
    assert_string_equal(into, "");
}

static void puts_a_whole_format_or_nothing(void **state)
{
    (void)state;
    char into[4] = "zzz";
    assert_true(text_put_format(into, sizeof into, "%d", 123));
    assert_string_equal(into, "123");
    assert_false(text_put_format(into, sizeof into, "%d", 1234));
    assert_string_equal(into, "");
}

static void wipes_all_of_it(void **state)
{
    (void)state;
    char secret[8] = "1234567";
    static const char zeros[6];
    text_wipe(secret + 1, 6);
    assert_int_equal(secret[0], '1');
    assert_memory_equal(secret + 1, zeros, sizeof zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_string_is_the_empty_slice),
        cmocka_unit_test(compares_bytes_beyond_a_nul),
        cmocka_unit_test(ignores_case_of_ascii_letters_only),
        cmocka_unit_test(knows_how_a_slice_starts_and_ends),
        cmocka_unit_test(finds_a_word_in_any_case),
        cmocka_unit_test(finds_a_whole_part_in_any_case),
        cmocka_unit_test(the_rest_past_the_end_is_empty),
        cmocka_unit_test(cuts_at_each_separator),
        cmocka_unit_test(takes_lines_of_both_line_ends),
        cmocka_unit_test(trims_blanks_at_both_ends_only),
        cmocka_unit_test(reads_numbers_up_to_the_maximum),
        cmocka_unit_test(refuses_what_is_not_only_digits),
        cmocka_unit_test(fills_a_buffer_to_its_last_byte),
        cmocka_unit_test(stays_overflowed_when_shorter_text_follows),
        cmocka_unit_test(encodes_base64_as_the_rfc_does),
        cmocka_unit_test(leaves_out_an_encoding_that_does_not_fit_whole),
        cmocka_unit_test(encodes_form_values),
        cmocka_unit_test(quotes_for_imap),
        cmocka_unit_test(never_quotes_what_would_end_the_imap_line),
        cmocka_unit_test(shows_text_of_people_as_it_is),
        cmocka_unit_test(shows_controls_as_numbers),
        cmocka_unit_test(shows_bytes_that_are_no_utf8_as_numbers),
        cmocka_unit_test(copies_into_the_arena_or_says_no),
        cmocka_unit_test(cuts_what_it_puts_to_the_room),
        cmocka_unit_test(never_cuts_a_character_in_two),
        cmocka_unit_test(puts_a_whole_format_or_nothing),
        cmocka_unit_test(wipes_all_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
