/* SPDX-License-Identifier: MIT */
#include "spf_macro.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The sender of RFC 7208 section 7.4. */
static struct spf_values values_of(const char *client, const char *family)
{
    return (struct spf_values){
        .sender = SLICE("strong-bad@email.example.com"),
        .local = SLICE("strong-bad"),
        .sender_domain = SLICE("email.example.com"),
        .domain = SLICE("email.example.com"),
        .client = slice_of(client),
        .validated = SLICE("unknown"),
        .family = slice_of(family),
        .helo = SLICE("mx.example.com"),
    };
}

static const struct spf_values *sender(void)
{
    static struct spf_values values;
    values = values_of("192.0.2.3", "in-addr");
    return &values;
}

static void expands_the_examples_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
    } examples[] = {
        { "%{s}", "strong-bad@email.example.com" },
        { "%{o}", "email.example.com" },
        { "%{d}", "email.example.com" },
        { "%{d4}", "email.example.com" },
        { "%{d3}", "email.example.com" },
        { "%{d2}", "example.com" },
        { "%{d1}", "com" },
        { "%{dr}", "com.example.email" },
        { "%{d2r}", "example.email" },
        { "%{l}", "strong-bad" },
        { "%{l-}", "strong.bad" },
        { "%{lr}", "strong-bad" },
        { "%{lr-}", "bad.strong" },
        { "%{l1r-}", "strong" },
        { "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com" },
        { "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com" },
        { "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com" },
        { "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com" },
        { "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net" },
    };
    char name[SPF_NAME_SIZE];
    for (size_t i = 0; i < COUNT(examples); i++) {
        assert_true(spf_macro_is_domain(slice_of(examples[i].text)));
        assert_true(spf_macro_expand(slice_of(examples[i].text), sender(), name));
        assert_string_equal(name, examples[i].name);
    }
}

static void expands_the_ipv6_example_of_the_rfc(void **state)
{
    (void)state;
    const struct spf_values values =
        values_of("2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1", "ip6");
    char name[SPF_NAME_SIZE];
    assert_true(spf_macro_expand(SLICE("%{ir}.%{v}._spf.%{d2}"), &values, name));
    assert_string_equal(name, "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
                              "ip6._spf.example.com");
}

static void keeps_empty_parts(void **state)
{
    (void)state;
    struct spf_values values = *sender();
    char name[SPF_NAME_SIZE];
    values.local = SLICE("-a--b-");
    assert_true(spf_macro_is_domain(SLICE("%{l1-}x.example")));
    assert_true(spf_macro_expand(SLICE("x%{l2-}x.example"), &values, name));
    assert_string_equal(name, "xb.x.example");
    assert_true(spf_macro_expand(SLICE("x%{l2r-}x.example"), &values, name));
    assert_string_equal(name, "xa.x.example");
    assert_false(spf_macro_expand(SLICE("%{l-}.example"), &values, name));
    values.local = SLICE("");
    assert_true(spf_macro_expand(SLICE("x%{l}%{lr}.example"), &values, name));
    assert_string_equal(name, "x.example");
}

static void writes_capitals_as_in_a_url(void **state)
{
    (void)state;
    struct spf_values values = *sender();
    char name[SPF_NAME_SIZE];
    values.local = SLICE("a b%c\xC3\xA9~.d");
    assert_true(spf_macro_expand(SLICE("%{L}.example"), &values, name));
    assert_string_equal(name, "a%20b%25c%C3%A9~.d.example");
}

/* "12345678." times repeated, then the rest. */
static struct slice labels(char *into, size_t count, const char *rest)
{
    for (size_t i = 0; i < count; i++)
        memcpy(into + 9 * i, "12345678.", 9);
    memcpy(into + 9 * count, rest, strlen(rest) + 1);
    return slice_of(into);
}

static void cuts_names_of_more_than_253_bytes_from_the_left(void **state)
{
    (void)state;
    char text[2000], name[SPF_NAME_SIZE];
    assert_true(spf_macro_expand(labels(text, 27, "a.example1"), sender(), name));
    assert_int_equal(strlen(name), 253);
    assert_true(spf_macro_expand(labels(text, 27, "a.example1."), sender(), name));
    assert_int_equal(strlen(name), 253);
    assert_true(spf_macro_expand(labels(text, 27, "a.example12"), sender(), name));
    assert_int_equal(strlen(name), 254 - 9);
    assert_true(spf_macro_expand(labels(text, 200, "a.example1"), sender(), name));
    assert_int_equal(strlen(name), 253);
    assert_true(spf_macro_expand(labels(text, 200, "a.example12"), sender(), name));
    assert_int_equal(strlen(name), 254 - 9);
}

static void makes_no_name_out_of_one_endless_label(void **state)
{
    (void)state;
    char text[2000], name[SPF_NAME_SIZE];
    memset(text, 'a', sizeof text);
    assert_false(spf_macro_expand((struct slice){ text, 253 }, sender(), name));
    assert_false(spf_macro_expand((struct slice){ text, sizeof text }, sender(), name));
}

static void needs_only_the_letters_that_are_macros(void **state)
{
    (void)state;
    assert_true(spf_macro_needs(SLICE("%{d}.%{P2r-}.example"), "p"));
    assert_false(spf_macro_needs(SLICE("p%%{d}p.example"), "pd"));
    assert_false(spf_macro_needs(SLICE("%{d}p%-p%_.example"), "sp"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(expands_the_examples_of_the_rfc),
        cmocka_unit_test(expands_the_ipv6_example_of_the_rfc),
        cmocka_unit_test(keeps_empty_parts),
        cmocka_unit_test(writes_capitals_as_in_a_url),
        cmocka_unit_test(cuts_names_of_more_than_253_bytes_from_the_left),
        cmocka_unit_test(makes_no_name_out_of_one_endless_label),
        cmocka_unit_test(needs_only_the_letters_that_are_macros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
