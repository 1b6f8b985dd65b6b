/* SPDX-License-Identifier: MIT */
/* Sections are of RFC 8461. */
#include "mta_sts.h"

#include "zone.h"

static struct mta_sts_record find(const char *domain)
{
    struct mta_sts_record record;
    RUN(mta_sts_find, domain, &record);
    return record;
}

static struct mta_sts_policy read_policy(const char *body)
{
    struct mta_sts_policy policy;
    mta_sts_read(slice_of(body), &policy);
    return policy;
}

/* ---- the record, section 3.1 ---- */

/* The example of section 3.1. */
static void finds_the_record(void **state)
{
    (void)state;
    zone_text("_mta-sts.example.com", "v=STSv1; id=20160831085700Z;");
    zone_text("_mta-sts.example.com", "another text");
    const struct mta_sts_record record = find("example.com");
    assert_int_equal(record.found, POLICY_RECORD_ONE);
    assert_slice(record.id, "20160831085700Z");
}

static void takes_no_id_that_senders_ignore(void **state)
{
    (void)state;
    const struct {
        const char *text, *id;
    } cases[] = {
        { "v=STSv1; id=12345678901234567890123456789012", "12345678901234567890123456789012" },
        { "v=STSv1; id=123456789012345678901234567890123", "" },
        { "v=STSv1; id=2016-08-31", "" },
        { "v=STSv1; id=", "" },
        { "v=STSv1", "" },
        { "v=STSv1; ext=1; id=1", "1" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)zone_set_up(NULL);
        zone_text("_mta-sts.example.com", cases[i].text);
        assert_slice(find("example.com").id, cases[i].id);
    }
}

/* Section 3.1: several records are as none. */
static void tells_records_apart_from_none_and_from_no_answer(void **state)
{
    (void)state;
    assert_int_equal(find("example.com").found, POLICY_RECORD_NONE);
    zone_text("_mta-sts.example.net", "v=STSv1; id=1");
    zone_text("_mta-sts.example.net", "v=STSv1; id=2");
    assert_int_equal(find("example.net").found, POLICY_RECORD_SEVERAL);
    zone_status("_mta-sts.example.org", RECORD_TXT, ANSWER_SERVFAIL);
    const struct mta_sts_record unknown = find("example.org");
    assert_int_equal(unknown.found, POLICY_RECORD_UNKNOWN);
    assert_int_equal(unknown.record.status, ANSWER_SERVFAIL);
}

/* ---- the policy, section 3.2 ---- */

/* The example of section 3.2. */
static void reads_a_policy(void **state)
{
    (void)state;
    const struct mta_sts_policy policy =
        read_policy("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\n"
                    "mx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n");
    assert_int_equal(policy.fault, MTA_STS_WELL);
    assert_int_equal(policy.mode, MTA_STS_ENFORCE);
    assert_int_equal(policy.max_age_s, 604800);
    assert_int_equal(policy.mx_count, 3);
    assert_slice(policy.mx[1], "*.example.net");
}

static void takes_line_feeds_blanks_and_unknown_fields(void **state)
{
    (void)state;
    const struct mta_sts_policy policy =
        read_policy("mode:testing \nversion:   STSv1\nfuture: x\nmax_age: 0\n\nmx: a.example");
    assert_int_equal(policy.fault, MTA_STS_WELL);
    assert_int_equal(policy.mode, MTA_STS_TESTING);
    assert_slice(policy.mx[0], "a.example");
}

/* Section 3.2: the first of a field counts, but for mx. */
static void takes_the_first_of_a_field(void **state)
{
    (void)state;
    const struct mta_sts_policy policy = read_policy(
        "version: STSv1\nmode: none\nmode: enforce\nmax_age: 1\nmax_age: 2\nversion: STSv2\n");
    assert_int_equal(policy.fault, MTA_STS_WELL);
    assert_int_equal(policy.mode, MTA_STS_NONE);
    assert_int_equal(policy.max_age_s, 1);
}

static void names_what_makes_a_policy_invalid(void **state)
{
    (void)state;
    const struct {
        const char *body;
        enum mta_sts_fault fault;
        const char *words;
    } cases[] = {
        { "", MTA_STS_NO_VERSION, "" },
        { "<!DOCTYPE html>\n<p>Not here</p>\n", MTA_STS_NO_VERSION, "" },
        { "version: STSv2\nmode: none\nmax_age: 1\n", MTA_STS_NO_VERSION, "version: STSv2" },
        { "version: STSv1\nmax_age: 1\n", MTA_STS_BAD_MODE, "" },
        { "version: STSv1\nmode: Enforce\nmax_age: 1\n", MTA_STS_BAD_MODE, "mode: Enforce" },
        { "version: STSv1\nmode: none\n", MTA_STS_BAD_AGE, "" },
        { "version: STSv1\nmode: none\nmax_age: a week\n", MTA_STS_BAD_AGE, "max_age: a week" },
        { "version: STSv1\nmode: none\nmax_age: 31557601\n", MTA_STS_BAD_AGE, "max_age: 31557601" },
        { "version: STSv1\nmode: enforce\nmax_age: 1\n", MTA_STS_NO_MX, "" },
        { "version: STSv1\nmode: enforce\nmax_age: 1\nmx: *\n", MTA_STS_BAD_MX, "mx: *" },
        { "version: STSv1\nmode: enforce\nmax_age: 1\nmx: a.*.example\n", MTA_STS_BAD_MX,
          "mx: a.*.example" },
        { "version: STSv1\nmode: enforce\nmax_age: 1\nmx a.example\n", MTA_STS_BAD_LINE,
          "mx a.example" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct mta_sts_policy policy = read_policy(cases[i].body);
        assert_int_equal(policy.fault, cases[i].fault);
        assert_slice(policy.words, cases[i].words);
    }
    assert_int_equal(read_policy("version: STSv1\nmode: none\nmax_age: 31557600\n").fault,
                     MTA_STS_WELL);
}

static void reads_no_more_of_a_policy_than_it_says(void **state)
{
    (void)state;
    static char body[MTA_STS_BODY_MAX + 1];
    const char *const head = "version: STSv1\nmode: enforce\nmax_age: 1\nmx: a.example\npad: ";
    const char *const tail = "\nmx: b.example";
    memset(body, 'x', sizeof body);
    memcpy(body, head, strlen(head));
    memcpy(body + sizeof body - strlen(tail), tail, strlen(tail));
    struct mta_sts_policy policy;
    mta_sts_read((struct slice){ body, MTA_STS_BODY_MAX }, &policy);
    assert_int_equal(policy.mx_count, 2);
    mta_sts_read((struct slice){ body, MTA_STS_BODY_MAX + 1 }, &policy);
    assert_int_equal(policy.mx_count, 1);
    assert_int_equal(policy.fault, MTA_STS_WELL);
}

static void keeps_as_many_patterns_as_it_has_room_for(void **state)
{
    (void)state;
    char body[1024];
    struct text text;
    struct mta_sts_policy policy;
    text_begin(&text, body, sizeof body);
    text_add_string(&text, "version: STSv1\nmode: enforce\nmax_age: 1\n");
    for (unsigned i = 0; i < MTA_STS_MX_MAX; i++)
        text_add_string(&text, "mx: a.example\n");
    mta_sts_read(text_slice(&text), &policy);
    assert_int_equal(policy.mx_count, MTA_STS_MX_MAX);
    assert_false(policy.cut);
    text_add_string(&text, "mx: a.example\n");
    mta_sts_read(text_slice(&text), &policy);
    assert_int_equal(policy.mx_count, MTA_STS_MX_MAX);
    assert_true(policy.cut);
}

/* Section 4.1: a wildcard stands for one label, and for the whole of it. */
static void compares_hosts_as_certificates_are_compared(void **state)
{
    (void)state;
    const struct mta_sts_policy policy =
        read_policy("version: STSv1\nmode: enforce\nmax_age: 1\nmx: mail.example.com\n"
                    "mx: *.Example.net\n");
    const struct {
        const char *host;
        bool covered;
    } cases[] = {
        { "mail.example.com", true }, { "Mail.Example.Com", true }, { "a.mail.example.com", false },
        { "mx1.example.net", true },  { "example.net", false },     { "a.mx1.example.net", false },
        { ".example.net", false },    { "mail.example.co", false }, { "", false },
        { "mx1example.net", false },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(mta_sts_covers(&policy, cases[i].host), cases[i].covered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(finds_the_record),
        TEST(takes_no_id_that_senders_ignore),
        TEST(tells_records_apart_from_none_and_from_no_answer),
        TEST(reads_a_policy),
        TEST(takes_line_feeds_blanks_and_unknown_fields),
        TEST(takes_the_first_of_a_field),
        TEST(names_what_makes_a_policy_invalid),
        TEST(reads_no_more_of_a_policy_than_it_says),
        TEST(keeps_as_many_patterns_as_it_has_room_for),
        TEST(compares_hosts_as_certificates_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
