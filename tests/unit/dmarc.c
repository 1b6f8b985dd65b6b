/* SPDX-License-Identifier: MIT */
/* Sections are of RFC 9989. */
#include "dmarc.h"

#include "zone.h"

static struct dmarc_outcome judge(const char *domain)
{
    struct dmarc_outcome outcome;
    RUN(dmarc_judge, domain, &outcome);
    return outcome;
}

static const char *organisation(const char *domain)
{
    const char *found = NULL;
    RUN(dmarc_organisation, domain, &found);
    return found;
}

static struct dmarc_record read_record(const char *text)
{
    struct dmarc_record record;
    dmarc_read(slice_of(text), &record);
    return record;
}

static void assert_fault(const struct dmarc_record *record, enum dmarc_problem problem,
                         const char *words)
{
    for (size_t i = 0; i < record->fault_count; i++)
        if (record->faults[i].problem == problem) {
            assert_slice(record->faults[i].words, words);
            return;
        }
    fail_msg("%s was not found", dmarc_problem_name(problem));
}

/* ---- the record, sections 4.7 and 4.8 ---- */

/* Appendix B.2.1 and B.2.2: monitoring, with a report address. */
static void reads_the_plainest_record(void **state)
{
    (void)state;
    const struct dmarc_record record =
        read_record("v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com");
    assert_int_equal(record.p, DMARC_NONE);
    assert_int_equal(record.sp, DMARC_UNSAID);
    assert_int_equal(record.rua_count, 1);
    assert_true(record.usable && record.well);
    assert_false(record.testing || record.strict_dkim || record.strict_spf);
    assert_int_equal(record.fault_count, 0);
}

static void reads_every_tag(void **state)
{
    (void)state;
    const struct dmarc_record record = read_record(
        "v=DMARC1; rua=mailto:a@example.com , mailto:b@thirdparty.example.net; p=Reject;"
        "sp = quarantine;np=none; adkim=s;aspf=S; t=y; psd=n; fo=1:d:s;"
        "ruf=mailto:auth-reports@example.com; ");
    assert_int_equal(record.p, DMARC_REJECT);
    assert_int_equal(record.sp, DMARC_QUARANTINE);
    assert_int_equal(record.np, DMARC_NONE);
    assert_true(record.strict_dkim && record.strict_spf && record.testing);
    assert_int_equal(record.owner, DMARC_OWNER_ORGANISATION);
    assert_int_equal(record.rua_count, 2);
    assert_int_equal(record.ruf_count, 1);
    assert_slice(record.fo, "1:d:s");
    assert_int_equal(record.fault_count, 0);
}

static void does_not_find_p_within_sp(void **state)
{
    (void)state;
    const struct dmarc_record record = read_record("v=DMARC1; sp=none; p=reject");
    assert_int_equal(record.p, DMARC_REJECT);
    assert_int_equal(record.sp, DMARC_NONE);
    const struct dmarc_record lone = read_record("v=DMARC1; sp=none");
    assert_int_equal(lone.p, DMARC_UNSAID);
    assert_fault(&lone, DMARC_POLICY_MISSING, "v=DMARC1; sp=none");
}

/* Section 4.10.1: without a policy that is well, an address for reports keeps a record alive. */
static void takes_a_record_without_policy_only_with_a_report_address(void **state)
{
    (void)state;
    const struct {
        const char *text;
        bool usable, well;
    } cases[] = {
        { "v=DMARC1", false, false },
        { "v=DMARC1; rua=mailto:a@example.com", true, false },
        { "v=DMARC1; rua=a@example.com", false, false },
        { "v=DMARC1; p=rejct", false, false },
        { "v=DMARC1; p=rejct; rua=mailto:a@example.com", true, false },
        { "v=DMARC1; p=reject; sp=all", false, false },
        { "v=DMARC1; p=reject; np=all; rua=mailto:a@example.com", true, false },
        { "v=DMARC1; p=reject", true, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct dmarc_record record = read_record(cases[i].text);
        assert_int_equal(record.usable, cases[i].usable);
        assert_int_equal(record.well, cases[i].well);
    }
}

static void names_what_is_wrong_with_a_record(void **state)
{
    (void)state;
    const struct {
        const char *text;
        enum dmarc_problem problem;
        const char *words;
    } cases[] = {
        { "v=DMARC1; p=rejct", DMARC_POLICY_INVALID, "p=rejct" },
        { "v=DMARC1; p=none; sp = all", DMARC_POLICY_INVALID, "sp = all" },
        { "v=DMARC1; p=none; adkim=strict", DMARC_TAG_INVALID, "adkim=strict" },
        { "v=DMARC1; p=none; t=1", DMARC_TAG_INVALID, "t=1" },
        { "v=DMARC1; p=none; psd=yes", DMARC_TAG_INVALID, "psd=yes" },
        { "v=DMARC1; p=none; fo=2", DMARC_TAG_INVALID, "fo=2" },
        { "v=DMARC1; p=none; pct=100", DMARC_TAG_REMOVED, "pct=100" },
        { "v=DMARC1; p=none; rf=afrf", DMARC_TAG_REMOVED, "rf=afrf" },
        { "v=DMARC1; p=none; ri=86400", DMARC_TAG_REMOVED, "ri=86400" },
        { "v=DMARC1; p=none; policy=x", DMARC_TAG_UNKNOWN, "policy=x" },
        { "v=DMARC1; p=none; p=reject", DMARC_TAG_TWICE, "p=reject" },
        { "v=DMARC1; p=none, rua", DMARC_POLICY_INVALID, "p=none, rua" },
        { "v=DMARC1; p=none; reject", DMARC_TAG_MALFORMED, "reject" },
        { "v=DMARC1; p=none; rua=", DMARC_TAG_MALFORMED, "rua=" },
        { "v=DMARC1; p=none; rua=a@example.com", DMARC_REPORT_URI_INVALID, "a@example.com" },
        { "v=DMARC1; p=none; ruf=mailto:a", DMARC_REPORT_URI_INVALID, "mailto:a" },
        { "v=DMARC1; p=none; rua=mailto:a@example.com!10m", DMARC_REPORT_SIZE_REMOVED,
          "mailto:a@example.com!10m" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct dmarc_record record = read_record(cases[i].text);
        assert_int_equal(record.fault_count, 1);
        assert_fault(&record, cases[i].problem, cases[i].words);
    }
}

static void keeps_room_for_the_gravest_fault(void **state)
{
    (void)state;
    const struct dmarc_record record =
        read_record("v=DMARC1;a=1;b=1;c=1;d=1;e=1;f=1;g=1;h=1;i=1;j=1;p=x");
    assert_true(record.fault_count < DMARC_PROBLEMS_MAX);
    assert_fault(&record, DMARC_POLICY_INVALID, "p=x");
}

/* ---- which record, sections 4.10 and 4.10.1 ---- */

static void takes_the_record_of_the_domain_itself(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v=DMARC1; p=quarantine; sp=reject");
    const struct dmarc_outcome outcome = judge("example.com");
    assert_int_equal(outcome.result, DMARC_FOUND);
    assert_int_equal(outcome.policy, DMARC_QUARANTINE);
    assert_string_equal(outcome.where, "example.com");
    assert_int_equal(zone.asked_count, 1);
}

static void finds_none_where_none_is(void **state)
{
    (void)state;
    const struct dmarc_outcome outcome = judge("mail.example.com");
    assert_int_equal(outcome.result, DMARC_ABSENT);
    assert_null(outcome.where);
    assert_int_equal(zone.asked_count, 3); /* up to _dmarc.com */
    assert_string_equal(zone.asked[2], "_dmarc.com");
}

static void inherits_the_policy_for_subdomains(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v=DMARC1; p=none; sp=reject");
    const struct dmarc_outcome outcome = judge("a.mail.example.com");
    assert_int_equal(outcome.result, DMARC_FOUND);
    assert_int_equal(outcome.policy, DMARC_REJECT);
    assert_string_equal(outcome.where, "example.com");
}

static void inherits_p_where_nothing_is_said_of_subdomains(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v=DMARC1; p=reject");
    assert_int_equal(judge("mail.example.com").policy, DMARC_REJECT);
}

/* np is for names that do not exist, sp for those that do. */
static void asks_whether_a_subdomain_exists_where_that_matters(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v=DMARC1; p=none; sp=quarantine; np=reject");
    zone_status("mail.example.com", RECORD_MX, ANSWER_NODATA);
    assert_int_equal(judge("mail.example.com").policy, DMARC_QUARANTINE);
    assert_int_equal(judge("gone.example.com").policy, DMARC_REJECT);
}

/* Section 4.10.1: only the domain, its organization and its public suffix are looked at. */
static void passes_over_a_record_between_domain_and_organisation(void **state)
{
    (void)state;
    zone_text("_dmarc.mail.example.com", "v=DMARC1; p=reject");
    zone_text("_dmarc.example.com", "v=DMARC1; p=none");
    assert_int_equal(judge("a.mail.example.com").policy, DMARC_NONE);
}

static void falls_back_on_the_record_of_a_public_suffix(void **state)
{
    (void)state;
    zone_text("_dmarc.bank", "v=DMARC1; p=reject; psd=y; rua=mailto:a@registry.bank");
    zone_status("example.bank", RECORD_MX, ANSWER_RECORDS);
    const struct dmarc_outcome outcome = judge("example.bank");
    assert_int_equal(outcome.result, DMARC_FOUND);
    assert_int_equal(outcome.policy, DMARC_REJECT);
    assert_string_equal(outcome.where, "bank");
}

static void discards_several_records_of_one_name(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v=DMARC1; p=none");
    zone_text("_dmarc.example.com", "v=DMARC1; p=reject");
    const struct dmarc_outcome outcome = judge("example.com");
    assert_int_equal(outcome.result, DMARC_ABSENT);
    assert_int_equal(outcome.record.fault_count, 1);
    assert_int_equal(outcome.record.faults[0].problem, DMARC_SEVERAL_RECORDS);
}

static void tells_of_discarded_records_where_one_above_rules(void **state)
{
    (void)state;
    zone_text("_dmarc.mail.example.com", "v=DMARC1; p=none");
    zone_text("_dmarc.mail.example.com", "v=DMARC1; p=reject");
    zone_text("_dmarc.example.com", "v=DMARC1; p=quarantine");
    const struct dmarc_outcome outcome = judge("mail.example.com");
    assert_int_equal(outcome.policy, DMARC_QUARANTINE);
    assert_int_equal(outcome.record.faults[0].problem, DMARC_SEVERAL_RECORDS);
}

/* Section 4.7: DMARC1 exactly, and first. */
static void passes_over_what_does_not_begin_with_its_version(void **state)
{
    (void)state;
    const char *const texts[] = { "v=dmarc1; p=none", "p=none; v=DMARC1", " v=DMARC1; p=none",
                                  "v=DMARC1.1; p=none", "\"v=DMARC1; p=none\"" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        (void)zone_set_up(NULL);
        zone_text("_dmarc.example.com", texts[i]);
        const struct dmarc_outcome outcome = judge("example.com");
        assert_int_equal(outcome.result, DMARC_ABSENT);
        assert_fault(&outcome.record, DMARC_VERSION_NOT_FIRST, texts[i]);
    }
}

static void takes_blanks_where_the_grammar_has_them(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v = DMARC1 ; p = reject ;");
    zone_text("_dmarc.example.com", "some other text");
    const struct dmarc_outcome outcome = judge("example.com");
    assert_int_equal(outcome.policy, DMARC_REJECT);
    assert_int_equal(outcome.record.fault_count, 0);
}

static void knows_nothing_while_an_answer_is_missing(void **state)
{
    (void)state;
    zone_status("_dmarc.example.com", RECORD_TXT, ANSWER_SERVFAIL);
    assert_int_equal(judge("example.com").result, DMARC_UNKNOWN);
    const struct dmarc_outcome outcome = judge("mail.example.com");
    assert_int_equal(outcome.result, DMARC_UNKNOWN);
    assert_int_equal(outcome.status, ANSWER_SERVFAIL);
    assert_int_equal(outcome.policy, DMARC_UNSAID);
}

static void calls_a_useless_record_by_its_name(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v=DMARC1");
    const struct dmarc_outcome outcome = judge("example.com");
    assert_int_equal(outcome.result, DMARC_UNUSABLE);
    assert_int_equal(outcome.policy, DMARC_UNSAID);
    assert_string_equal(outcome.where, "example.com");
}

static void counts_a_bad_policy_as_none(void **state)
{
    (void)state;
    zone_text("_dmarc.example.com", "v=DMARC1; p=reject; sp=x; rua=mailto:a@example.com");
    assert_int_equal(judge("example.com").policy, DMARC_NONE);
}

/* The example of section 4.10: thirteen labels, eight questions. */
static void skips_labels_of_a_long_name(void **state)
{
    (void)state;
    const char *const names[] = {
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    };
    assert_int_equal(judge("a.b.c.d.e.f.g.h.i.j.mail.example.com").result, DMARC_ABSENT);
    assert_int_equal(zone.asked_count, DMARC_QUERIES_MAX);
    for (size_t i = 0; i < DMARC_QUERIES_MAX; i++)
        assert_string_equal(zone.asked[i], names[i]);
}

static void asks_for_every_label_of_a_name_of_eight(void **state)
{
    (void)state;
    assert_int_equal(judge("a.b.c.d.e.f.example.com").result, DMARC_ABSENT);
    assert_int_equal(zone.asked_count, 8);
    assert_string_equal(zone.asked[1], "_dmarc.b.c.d.e.f.example.com");
    (void)zone_set_up(NULL);
    assert_int_equal(judge("z.a.b.c.d.e.f.example.com").result, DMARC_ABSENT);
    assert_int_equal(zone.asked_count, 8);
    assert_string_equal(zone.asked[1], "_dmarc.b.c.d.e.f.example.com");
}

/* ---- organizations, section 4.10.2 ---- */

/* The three examples of section 4.10.2. */
static void finds_the_organisation(void **state)
{
    (void)state;
    zone_text("_dmarc.mail.example.com", "v=DMARC1; p=none");
    zone_text("_dmarc.example.com", "v=DMARC1; p=none");
    assert_string_equal(organisation("a.mail.example.com"), "example.com");

    (void)zone_set_up(NULL);
    zone_text("_dmarc.mail.example.com", "v=DMARC1; p=none; psd=n");
    zone_text("_dmarc.example.com", "v=DMARC1; p=none");
    assert_string_equal(organisation("a.mail.example.com"), "mail.example.com");

    (void)zone_set_up(NULL);
    zone_text("_dmarc.com", "v=DMARC1; p=none; psd=y");
    assert_string_equal(organisation("a.mail.example.com"), "example.com");
}

static void takes_a_domain_for_its_own_organisation_where_nothing_is_said(void **state)
{
    (void)state;
    assert_string_equal(organisation("a.mail.example.com"), "a.mail.example.com");
}

/* Step 2: at the first name psd=y does not end the walk, and is not a suffix of itself. */
static void lets_a_public_suffix_be_its_own_organisation(void **state)
{
    (void)state;
    zone_text("_dmarc.gov.example", "v=DMARC1; p=none; psd=y");
    assert_string_equal(organisation("gov.example"), "gov.example");
    zone_text("_dmarc.example", "v=DMARC1; p=none");
    assert_string_equal(organisation("gov.example"), "example");
    assert_string_equal(organisation("a.b.gov.example"), "b.gov.example");
}

static void does_not_guess_at_an_organisation(void **state)
{
    (void)state;
    zone_text("_dmarc.mail.example.com", "v=DMARC1; p=none");
    zone_status("_dmarc.example.com", RECORD_TXT, ANSWER_TIMED_OUT);
    assert_null(organisation("mail.example.com"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_the_plainest_record),
        TEST(reads_every_tag),
        TEST(does_not_find_p_within_sp),
        TEST(takes_a_record_without_policy_only_with_a_report_address),
        TEST(names_what_is_wrong_with_a_record),
        TEST(keeps_room_for_the_gravest_fault),
        TEST(takes_the_record_of_the_domain_itself),
        TEST(finds_none_where_none_is),
        TEST(inherits_the_policy_for_subdomains),
        TEST(inherits_p_where_nothing_is_said_of_subdomains),
        TEST(asks_whether_a_subdomain_exists_where_that_matters),
        TEST(passes_over_a_record_between_domain_and_organisation),
        TEST(falls_back_on_the_record_of_a_public_suffix),
        TEST(discards_several_records_of_one_name),
        TEST(tells_of_discarded_records_where_one_above_rules),
        TEST(passes_over_what_does_not_begin_with_its_version),
        TEST(takes_blanks_where_the_grammar_has_them),
        TEST(knows_nothing_while_an_answer_is_missing),
        TEST(calls_a_useless_record_by_its_name),
        TEST(counts_a_bad_policy_as_none),
        TEST(skips_labels_of_a_long_name),
        TEST(asks_for_every_label_of_a_name_of_eight),
        TEST(finds_the_organisation),
        TEST(takes_a_domain_for_its_own_organisation_where_nothing_is_said),
        TEST(lets_a_public_suffix_be_its_own_organisation),
        TEST(does_not_guess_at_an_organisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
