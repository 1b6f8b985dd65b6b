/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "commons.h"

#define SEEN_MS INT64_C(100000)

static struct commons commons;
static struct account_settings accounts[3];
static struct settings settings;
static struct profile profile;
static struct run run;
static struct suite suite;
static struct order order;
static struct loan loan;
static struct record records[LOAN_MX_MAX + 1];
static struct answer mx;

static int begin(void **state)
{
    (void)state;
    static const char *const addresses[] = { "anna@a.example", "bob@a.example", "carl@c.example" };
    for (size_t i = 0; i < 3; i++)
        accounts[i] = (struct account_settings){ .address = addresses[i], .host = "" };
    settings = (struct settings){ .accounts = accounts, .account_count = 3 };
    profile =
        (struct profile){ .name = "p", .imap = { "imap.example.net", 993, SECURITY_IMPLICIT } };
    order = (struct order){ .settings = &settings, .account = &accounts[0], .profile = &profile };
    memset(&run, 0, sizeof run);
    records[0] = (struct record){ .name = "mx.example.net" };
    mx = (struct answer){ .status = ANSWER_RECORDS, .records = records, .count = 1 };
    suite = (struct suite){ .order = &order, .run = &run, .mx = &mx, .started_ms = SEEN_MS };
    commons_forget(&commons, &settings);
    return 0;
}

static void find(enum check check, enum status status)
{
    run.ledger.checks[check].asked = true;
    run.ledger.checks[check].status = status;
}

/* Anna's run has seen the domain, the provider, the office and her mailbox to be well. */
static void anna_is_well(void)
{
    find(DNS_MX, STATUS_OK);
    find(TLS_IMAP, STATUS_OK);
    find(OFFICE_RESOLVER, STATUS_OK);
    find(IMAP_LOGIN, STATUS_OK);
    commons_learn(&commons, &suite);
}

static check_set lent_to(size_t place)
{
    struct order other = order;
    other.account = &accounts[place];
    if (!commons_lend(&commons, &other, SEEN_MS, &loan))
        return 0;
    return loan.checks;
}

#define OF_ALL      CHECK_BIT(OFFICE_RESOLVER)
#define OF_PROVIDER (OF_ALL | CHECK_BIT(TLS_IMAP))
#define OF_DOMAIN   (OF_PROVIDER | CHECK_BIT(DNS_MX))

static void lends_to_each_what_is_his_too(void **state)
{
    (void)state;
    anna_is_well();
    assert_int_equal(lent_to(1), OF_DOMAIN);
    assert_string_equal(loan.mx, "mx.example.net");
    assert_int_equal(loan.seen_ms[DNS_MX], SEEN_MS);
    assert_int_equal(lent_to(2), OF_PROVIDER);
}

static void lends_nobody_what_he_has_seen_himself(void **state)
{
    (void)state;
    anna_is_well();
    assert_int_equal(lent_to(0), 0);
}

static void knows_a_provider_by_his_servers(void **state)
{
    (void)state;
    anna_is_well();
    profile.imap.host = "imap2.example.net";
    assert_int_equal(lent_to(1), OF_ALL);
}

static void expects_other_records_of_a_domain_by_other_settings(void **state)
{
    (void)state;
    anna_is_well();
    accounts[1].expected_mx = (struct setting_list){ { "mx.example.org" }, 1 };
    assert_int_equal(lent_to(1), OF_PROVIDER);
}

static void lends_nothing_that_is_older_than_wanted(void **state)
{
    (void)state;
    anna_is_well();
    assert_false(commons_lend(&commons, &order, SEEN_MS + 1, &loan));
    order.account = &accounts[1];
    assert_false(commons_lend(&commons, &order, SEEN_MS + 1, &loan));
    assert_true(commons_lend(&commons, &order, SEEN_MS, &loan));
}

static void lends_on_nothing_that_was_borrowed(void **state)
{
    (void)state;
    find(TLS_IMAP, STATUS_OK);
    run.ledger.checks[TLS_IMAP].seen_wall_ms = 1;
    commons_learn(&commons, &suite);
    assert_int_equal(lent_to(1), 0);
}

static void takes_back_from_all_what_one_has_seen_to_be_bad(void **state)
{
    (void)state;
    anna_is_well();
    order.account = &accounts[2];
    memset(&run, 0, sizeof run);
    find(TLS_IMAP, STATUS_WARNING);
    commons_learn(&commons, &suite);
    assert_int_equal(lent_to(1), OF_DOMAIN & ~CHECK_BIT(TLS_IMAP));
}

static void lends_as_many_mx_hosts_as_have_room(void **state)
{
    (void)state;
    static char name[LOAN_MX_TEXT_MAX + 1];
    memset(name, 'm', LOAN_MX_TEXT_MAX);
    records[0].name = name + 1;
    anna_is_well();
    assert_int_equal(lent_to(1), OF_DOMAIN);
    assert_string_equal(loan.mx, name + 1);
    records[0].name = name; /* one too long */
    commons_learn(&commons, &suite);
    assert_int_equal(lent_to(1), OF_DOMAIN);
    assert_string_equal(loan.mx, ""); /* whoever borrows it asks for them */
    mx.count = LOAN_MX_MAX + 1;
    for (size_t i = 0; i < mx.count; i++)
        records[i].name = "m";
    commons_learn(&commons, &suite);
    assert_true(lent_to(1) != 0);
    assert_string_equal(loan.mx, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(lends_to_each_what_is_his_too, begin),
        cmocka_unit_test_setup(lends_nobody_what_he_has_seen_himself, begin),
        cmocka_unit_test_setup(knows_a_provider_by_his_servers, begin),
        cmocka_unit_test_setup(expects_other_records_of_a_domain_by_other_settings, begin),
        cmocka_unit_test_setup(lends_nothing_that_is_older_than_wanted, begin),
        cmocka_unit_test_setup(lends_on_nothing_that_was_borrowed, begin),
        cmocka_unit_test_setup(takes_back_from_all_what_one_has_seen_to_be_bad, begin),
        cmocka_unit_test_setup(lends_as_many_mx_hosts_as_have_room, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
