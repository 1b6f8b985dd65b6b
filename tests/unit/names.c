/* SPDX-License-Identifier: MIT */
#include "names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static bool mailbox(const char *text)
{
    return names_is_mailbox(slice_of(text));
}

static bool host(const char *text)
{
    return names_is_host(slice_of(text));
}

static void takes_host_names(void **state)
{
    (void)state;
    assert_true(host("ex4.mail.ovh.net"));
    assert_true(host("xn--bcher-kva.example"));
    assert_true(host("3com.com"));
    assert_true(host("localhost"));
}

static void refuses_what_is_no_host_name(void **state)
{
    (void)state;
    static const char *const wrong[] = { "",          ".",           "a..b",         "a.",
                                         ".a",        "-a.b",        "a-.b",         "a_b.c",
                                         "192.0.2.1", "2001:db8::1", "b\xC3\xBC.de", "a b.c",
                                         "a.b:587",   "a.b/",        "[192.0.2.1]" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (host(wrong[i]))
            fail_msg("\"%s\" was taken for a host name", wrong[i]);
}

static void takes_labels_of_63_bytes_and_names_of_253(void **state)
{
    (void)state;
    char name[260];
    memset(name, 'a', sizeof name);
    name[63] = '.';
    name[64] = 'b';
    name[65] = '\0';
    assert_true(host(name));
    memmove(name + 1, name, 66);
    assert_false(host(name));

    memset(name, 'a', sizeof name);
    for (size_t i = 60; i < 250; i += 60)
        name[i] = '.';
    name[253] = '\0';
    assert_true(host(name));
    name[253] = 'a';
    name[254] = '\0';
    assert_false(host(name));
}

static void takes_mailboxes_without_quotes(void **state)
{
    (void)state;
    assert_true(mailbox("anna@example.com"));
    assert_true(mailbox("anna.b+test@mail.example.com"));
    assert_true(mailbox("o'neill/x=y@example.com"));
}

static void refuses_what_is_no_mailbox(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "anna",
        "@example.com",
        "anna@",
        "an na@example.com",
        "a..b@ex.de",
        ".a@ex.de",
        "a.@ex.de",
        "\"a b\"@ex.de",
        "a@b@ex.de",
        "a@192.0.2.1",
        "a@[192.0.2.1]",
        "<a@ex.de>",
        "a@ex.de\r\nRSET",
        "\xC3\xA4@ex.de",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (mailbox(wrong[i]))
            fail_msg("\"%s\" was taken for a mailbox", wrong[i]);
    assert_false(names_is_mailbox((struct slice){ "a\0b@ex.de", 9 }));
}

static void takes_local_parts_of_64_bytes_and_mailboxes_of_254(void **state)
{
    (void)state;
    char address[300];
    memset(address, 'a', sizeof address);
    address[64] = '@';
    address[80] = '\0';
    assert_true(mailbox(address));
    memmove(address + 1, address, 81);
    assert_false(mailbox(address));

    memset(address, 'a', sizeof address);
    address[64] = '@';
    for (size_t i = 100; i < 250; i += 50)
        address[i] = '.';
    address[254] = '\0';
    assert_true(mailbox(address));
    address[254] = 'a';
    address[255] = '\0';
    assert_false(mailbox(address));
}

static void tells_plain_text_from_bytes_wherever_a_character_lies(void **state)
{
    (void)state;
    char text[200];
    for (size_t before = 0; before < 140; before++) {
        memset(text, 'x', sizeof text);
        memcpy(text + before, "\xE2\x82\xAC", 3);
        assert_true(names_is_plain((struct slice){ text, sizeof text }));
        text[before + 2] = 'x';
        assert_false(names_is_plain((struct slice){ text, sizeof text }));
    }
    assert_true(names_is_plain(SLICE("")));
    assert_false(names_is_plain(SLICE("a\nb")));
    assert_false(names_is_plain(SLICE("a\x7F")));
    assert_false(names_is_plain(SLICE("caf\xE9")));
}

static const char *nearest_of(const char *typed)
{
    struct nearest nearest;
    nearest_begin(&nearest, typed);
    nearest_offer(&nearest, "profile");
    nearest_offer(&nearest, "secret_file");
    nearest_offer(&nearest, "host");
    return nearest_word(&nearest);
}

static void suggests_the_word_that_was_probably_meant(void **state)
{
    (void)state;
    assert_string_equal(nearest_of("profil"), "profile");
    assert_string_equal(nearest_of("porfile"), "profile");
    assert_string_equal(nearest_of("secretfile"), "secret_file");
    assert_string_equal(nearest_of("hots"), "host");
}

static void suggests_nothing_far_fetched(void **state)
{
    (void)state;
    assert_null(nearest_of("colour"));
    assert_null(nearest_of(""));
    assert_null(nearest_of("a very long word, much longer than any word that there is anywhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_host_names),
        cmocka_unit_test(refuses_what_is_no_host_name),
        cmocka_unit_test(takes_labels_of_63_bytes_and_names_of_253),
        cmocka_unit_test(takes_mailboxes_without_quotes),
        cmocka_unit_test(refuses_what_is_no_mailbox),
        cmocka_unit_test(takes_local_parts_of_64_bytes_and_mailboxes_of_254),
        cmocka_unit_test(tells_plain_text_from_bytes_wherever_a_character_lies),
        cmocka_unit_test(suggests_the_word_that_was_probably_meant),
        cmocka_unit_test(suggests_nothing_far_fetched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
