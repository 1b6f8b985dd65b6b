/* SPDX-License-Identifier: MIT */
/* Sections are of RFC 8659. */
#include "caa.h"

#include "zone.h"

static void add(const char *name, unsigned flags, const char *tag, const char *value)
{
    (void)zone_add(
        name, RECORD_CAA,
        (struct record){ .flags = (uint8_t)flags, .name = tag, .text = slice_of(value) });
}

static struct caa find(const char *name)
{
    struct caa found;
    RUN(caa_find, name, &found);
    return found;
}

/* Section 3: the nearest name that has records, and it alone. */
static void climbs_to_the_nearest_records(void **state)
{
    (void)state;
    add("example.com", 0, "issue", "ca1.example.net");
    add("sub.example.com", 0, "issue", "ca2.example.net");
    const struct caa below = find("x.y.sub.example.com"), other = find("mail.example.com");
    assert_string_equal(below.where, "sub.example.com");
    assert_true(caa_allows(&below, "ca2.example.net", false));
    assert_false(caa_allows(&below, "ca1.example.net", false));
    assert_string_equal(other.where, "example.com");
}

static void allows_everybody_where_nothing_is_set(void **state)
{
    (void)state;
    const struct caa found = find("mail.example.com");
    assert_int_equal(found.state, CAA_NONE);
    assert_true(caa_allows(&found, "ca1.example.net", false));
    assert_string_equal(zone.asked[zone.asked_count - 1], "com");
}

/* Section 3: an authority must not issue when a look-up fails. */
static void knows_nothing_while_an_answer_fails(void **state)
{
    (void)state;
    zone_status("example.com", RECORD_CAA, ANSWER_SERVFAIL);
    const struct caa found = find("mail.example.com");
    assert_int_equal(found.state, CAA_UNKNOWN);
    assert_int_equal(found.answer->status, ANSWER_SERVFAIL);
    assert_false(caa_allows(&found, "ca1.example.net", false));
}

static void asks_no_more_than_it_promises(void **state)
{
    (void)state;
    assert_int_equal(find("a.b.c.d.e.f.g.h.i.j").state, CAA_NONE);
    assert_int_equal(zone.asked_count, CAA_LABELS_MAX);
    (void)zone_set_up(NULL);
    assert_int_equal(find("z.a.b.c.d.e.f.g.h.i.j").state, CAA_UNKNOWN);
    assert_int_equal(zone.asked_count, CAA_LABELS_MAX);
}

/* Section 4.2 and the examples of sections 4.2 to 4.4. */
static void reads_who_may_issue(void **state)
{
    (void)state;
    const struct {
        const char *value;
        bool allowed;
    } cases[] = {
        { "ca1.example.net", true },
        { "CA1.example.net", true },
        { " ca1.example.net ; account=230123", true },
        { "ca2.example.org", false },
        { ";", false },
        { "", false },
        { "%%%%%", false },
        { "xca1.example.net", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)zone_set_up(NULL);
        add("example.com", 0, "issue", cases[i].value);
        const struct caa found = find("example.com");
        assert_int_equal(caa_allows(&found, "ca1.example.net", false), cases[i].allowed);
    }
}

static void allows_each_authority_that_is_named(void **state)
{
    (void)state;
    add("example.com", 0, "issue", ";");
    add("example.com", 0, "issue", "ca1.example.net");
    add("example.com", 0, "issue", "ca2.example.org");
    const struct caa found = find("example.com");
    assert_true(caa_allows(&found, "ca1.example.net", false));
    assert_true(caa_allows(&found, "ca2.example.org", false));
    assert_false(caa_allows(&found, "ca3.example.org", false));
}

/* Section 4.3: issuewild goes before issue for wildcards, and is nothing to other names. */
static void tells_wildcards_from_other_names(void **state)
{
    (void)state;
    add("example.com", 0, "issue", "ca1.example.net");
    add("example.com", 0, "issuewild", "ca2.example.org");
    const struct caa both = find("example.com");
    assert_true(caa_allows(&both, "ca1.example.net", false));
    assert_false(caa_allows(&both, "ca1.example.net", true));
    assert_true(caa_allows(&both, "ca2.example.org", true));
    add("example.net", 0, "issuewild", ";");
    const struct caa wild = find("example.net");
    assert_true(caa_allows(&wild, "ca1.example.net", false));
    assert_false(caa_allows(&wild, "ca1.example.net", true));
    add("example.org", 0, "issue", "ca1.example.net");
    const struct caa plain = find("example.org");
    assert_true(caa_allows(&plain, "ca1.example.net", true));
}

/* Section 4.1: what is critical and not understood forbids. The example of section 4.5. */
static void takes_an_unknown_critical_property_for_a_ban(void **state)
{
    (void)state;
    add("example.com", 0, "issue", "ca1.example.net");
    add("example.com", 128, "tbs", "Unknown");
    const struct caa banned = find("example.com");
    assert_false(caa_allows(&banned, "ca1.example.net", false));
    add("example.net", 128, "issue", "ca1.example.net");
    add("example.net", 0, "tbs", "Unknown");
    const struct caa known = find("example.net");
    assert_true(caa_allows(&known, "ca1.example.net", false));
}

/* Section 4.4: iodef alone restricts nobody. */
static void restricts_nobody_by_a_report_address(void **state)
{
    (void)state;
    add("example.com", 0, "iodef", "mailto:security@example.com");
    const struct caa found = find("example.com");
    assert_int_equal(found.state, CAA_SET);
    assert_true(caa_allows(&found, "ca1.example.net", false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(climbs_to_the_nearest_records),
        TEST(allows_everybody_where_nothing_is_set),
        TEST(knows_nothing_while_an_answer_fails),
        TEST(asks_no_more_than_it_promises),
        TEST(reads_who_may_issue),
        TEST(allows_each_authority_that_is_named),
        TEST(tells_wildcards_from_other_names),
        TEST(takes_an_unknown_critical_property_for_a_ban),
        TEST(restricts_nobody_by_a_report_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
