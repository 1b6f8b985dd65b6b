/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground.h"

static void hosts_of_one_domain_are_related(void **state)
{
    (void)state;
    assert_false(ground_unrelated("ex4.mail.ovh.net", "mx0.mail.ovh.net"));
    assert_false(ground_unrelated("ovh.net", "EX4.mail.OVH.net"));
    assert_true(ground_unrelated("ex4.mail.ovh.net", "imap.gmail.com"));
    assert_true(ground_unrelated("notovh.net", "mail.ovh.net"));
}

static void an_address_is_related_to_itself_only(void **state)
{
    (void)state;
    assert_false(ground_unrelated("192.0.2.1", "192.0.2.1"));
    assert_true(ground_unrelated("192.0.2.1", "198.51.2.1"));
    assert_true(ground_unrelated("192.0.2.1", "mail.ovh.net"));
}

static bool is_public(const char *text)
{
    struct address address;
    assert_true(port_address_read(text, &address));
    return ground_is_public(&address);
}

static void addresses_that_lead_to_no_server_are_told_from_those_that_do(void **state)
{
    (void)state;
    static const char *const nowhere[] = {
        "0.0.0.0",     "10.1.2.3",   "127.0.0.1",  "100.64.0.1",  "100.127.255.255",
        "169.254.1.1", "172.16.0.1", "172.31.0.1", "192.168.1.1", "::",
        "::1",         "fe80::1",    "fd00::1",
    };
    static const char *const servers[] = {
        "100.63.0.1", "100.128.0.1", "172.15.0.1",  "172.32.0.1",
        "192.0.2.1",  "169.253.0.1", "2001:db8::1",
    };
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        assert_false(is_public(nowhere[i]));
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
        assert_true(is_public(servers[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_of_one_domain_are_related),
        cmocka_unit_test(an_address_is_related_to_itself_only),
        cmocka_unit_test(addresses_that_lead_to_no_server_are_told_from_those_that_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
