/* SPDX-License-Identifier: MIT */
#include "existence.h"

#include "zone.h"

static void delegate(const char *name)
{
    (void)zone_add(name, RECORD_NS, (struct record){ .name = "ns1.example.org" });
}

static struct existence judge(const char *domain)
{
    struct existence found;
    RUN(existence_judge, domain, &found);
    return found;
}

static void finds_the_servers_of_the_zone(void **state)
{
    (void)state;
    delegate("com");
    delegate("example.com");
    zone_status("mail.example.com", RECORD_NS, ANSWER_NODATA);
    const struct existence zone_itself = judge("example.com"), below = judge("mail.example.com");
    assert_int_equal(zone_itself.state, EXISTENCE_WELL);
    assert_string_equal(zone_itself.where, "example.com");
    assert_string_equal(zone_itself.servers->records[0].name, "ns1.example.org");
    assert_int_equal(below.state, EXISTENCE_WELL);
    assert_string_equal(below.where, "example.com");
}

static void tells_that_a_domain_is_gone(void **state)
{
    (void)state;
    delegate("com");
    const struct existence found = judge("example.com");
    assert_int_equal(found.state, EXISTENCE_MISSING);
    assert_string_equal(found.where, "example.com");
}

static void names_the_highest_name_that_is_gone(void **state)
{
    (void)state;
    delegate("com");
    assert_string_equal(judge("a.mail.example.com").where, "example.com");
    delegate("example.net");
    const struct existence below = judge("a.mail.example.net");
    assert_int_equal(below.state, EXISTENCE_MISSING);
    assert_string_equal(below.where, "mail.example.net");
}

static void says_nothing_where_nothing_above_exists_either(void **state)
{
    (void)state;
    assert_int_equal(judge("example.com").state, EXISTENCE_UNKNOWN);
}

static void tells_broken_servers_from_a_broken_resolver(void **state)
{
    (void)state;
    delegate("com");
    zone_status("example.com", RECORD_NS, ANSWER_SERVFAIL);
    const struct existence broken = judge("example.com");
    assert_int_equal(broken.state, EXISTENCE_BROKEN);
    assert_string_equal(broken.where, "example.com");
    zone_status("net", RECORD_NS, ANSWER_SERVFAIL);
    zone_status("example.net", RECORD_NS, ANSWER_SERVFAIL);
    assert_int_equal(judge("example.net").state, EXISTENCE_UNKNOWN);
    zone_status("org", RECORD_NS, ANSWER_TIMED_OUT);
    zone_status("example.org", RECORD_NS, ANSWER_SERVFAIL);
    assert_int_equal(judge("example.org").state, EXISTENCE_UNKNOWN);
    delegate("test");
    zone_status("example.test", RECORD_NS, ANSWER_REFUSED);
    const struct existence refused = judge("example.test");
    assert_int_equal(refused.state, EXISTENCE_UNKNOWN);
    assert_int_equal(refused.status, ANSWER_REFUSED);
}

/* The parent's servers know the name, and name nobody for it. */
static void tells_a_domain_without_name_servers(void **state)
{
    (void)state;
    delegate("com");
    zone_status("example.com", RECORD_NS, ANSWER_NODATA);
    const struct existence found = judge("example.com");
    assert_int_equal(found.state, EXISTENCE_UNDELEGATED);
    assert_null(found.servers);
}

/* The NS records at the end of a CNAME are of another zone. */
static void is_not_led_away_by_an_alias(void **state)
{
    (void)state;
    delegate("com");
    delegate("example.com");
    delegate("www.example.com");
    zone_row("www.example.com", RECORD_NS)->answer.cname = "elsewhere.example.net";
    assert_string_equal(judge("www.example.com").where, "example.com");
    zone_status("old.example.com", RECORD_NS, ANSWER_NXDOMAIN);
    zone_row("old.example.com", RECORD_NS)->answer.cname = "gone.example.net";
    assert_int_equal(judge("old.example.com").state, EXISTENCE_WELL);
}

static void tells_an_alias_to_nowhere(void **state)
{
    (void)state;
    const struct answer gone = { .status = ANSWER_NXDOMAIN };
    const struct answer dangling = { .status = ANSWER_NXDOMAIN, .cname = "gone.example.net" };
    const struct answer empty = { .status = ANSWER_NODATA, .cname = "there.example.net" };
    assert_true(existence_dangles(&dangling));
    assert_false(existence_dangles(&gone));
    assert_false(existence_dangles(&empty));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_servers_of_the_zone),
        TEST(tells_that_a_domain_is_gone),
        TEST(names_the_highest_name_that_is_gone),
        TEST(says_nothing_where_nothing_above_exists_either),
        TEST(tells_broken_servers_from_a_broken_resolver),
        TEST(tells_a_domain_without_name_servers),
        TEST(is_not_led_away_by_an_alias),
        TEST(tells_an_alias_to_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
