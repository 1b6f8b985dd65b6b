/* SPDX-License-Identifier: MIT */
#include "spf_cases.h"
#include "spf_zone.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const problems[] = {
    [SPF_NO_PROBLEM] = "no problem",
    [SPF_NO_ANSWER] = "no answer",
    [SPF_SEVERAL_RECORDS] = "several records",
    [SPF_MALFORMED] = "malformed",
    [SPF_TARGET_WITHOUT_RECORD] = "target without record",
    [SPF_LOOP] = "loop",
    [SPF_TOO_MANY_LOOKUPS] = "too many lookups",
    [SPF_TOO_MANY_VOIDS] = "too many empty answers",
    [SPF_TOO_MANY_HOSTS] = "too many hosts",
};

static struct spf_outcome outcome;

/* ---- the tables ---- */

static void judge(const struct spf_case *row, const struct row *rows, enum patience how)
{
    struct address client;
    const char *helo = row->helo == NULL ? "mail.sender.example" : row->helo;
    const char *domain = strrchr(row->sender, '@');
    struct spf_question question = { .domain = domain == NULL ? helo : domain + 1,
                                     .client = &client,
                                     .sender = row->sender[0] == '\0' ? NULL : row->sender,
                                     .helo = helo };
    assert_true(port_address_read(row->client, &client));
    use_zone(rows, how);
    evaluate(&question, &outcome);
    if (outcome.result != row->result || outcome.problem != row->problem)
        fail_msg("%s: %s (%s): %s, %s; not %s, %s", row->section, row->words, row->sender,
                 spf_result_name(outcome.result), problems[outcome.problem],
                 spf_result_name(row->result), problems[row->problem]);
}

static void judge_all(const struct spf_case *rows, size_t count, const struct row *records)
{
    for (size_t i = 0; i < count; i++)
        for (enum patience how = AT_ONCE; how <= NEWEST_FIRST; how++)
            judge(&rows[i], records, how);
}

static void judges_the_domain_before_its_record(void **state)
{
    (void)state;
    judge_all(initial_cases, COUNT(initial_cases), initial_zone);
}

static void tells_no_record_from_no_answer(void **state)
{
    (void)state;
    judge_all(lookup_cases, COUNT(lookup_cases), lookup_zone);
}

static void finds_the_one_record_among_others(void **state)
{
    (void)state;
    judge_all(select_cases, COUNT(select_cases), select_zone);
}

static void evaluates_terms_from_left_to_right(void **state)
{
    (void)state;
    judge_all(evaluation_cases, COUNT(evaluation_cases), evaluation_zone);
}

static void matches_everybody_by_all(void **state)
{
    (void)state;
    judge_all(all_cases, COUNT(all_cases), all_zone);
}

static void matches_whom_an_included_record_passes(void **state)
{
    (void)state;
    judge_all(include_cases, COUNT(include_cases), include_zone);
}

static void matches_addresses_of_a_host(void **state)
{
    (void)state;
    judge_all(a_cases, COUNT(a_cases), a_zone);
}

static void matches_addresses_of_mail_servers(void **state)
{
    (void)state;
    judge_all(mx_cases, COUNT(mx_cases), mx_zone);
}

static void matches_names_that_lead_back_to_the_address(void **state)
{
    (void)state;
    judge_all(ptr_cases, COUNT(ptr_cases), ptr_zone);
}

static void matches_networks(void **state)
{
    (void)state;
    judge_all(ip_cases, COUNT(ip_cases), ip_zone);
}

static void matches_what_exists(void **state)
{
    (void)state;
    judge_all(exists_cases, COUNT(exists_cases), exists_zone);
}

static void follows_redirects_and_ignores_other_modifiers(void **state)
{
    (void)state;
    judge_all(modifier_cases, COUNT(modifier_cases), modifier_zone);
}

static void expands_macros(void **state)
{
    (void)state;
    judge_all(macro_cases, COUNT(macro_cases), macro_zone);
}

static void keeps_the_limits(void **state)
{
    (void)state;
    judge_all(limit_cases, COUNT(limit_cases), limit_zone);
}

/* ---- what an outcome tells ---- */

static void evaluate_for(const struct row *rows, const char *domain, const char *from)
{
    struct address client;
    struct spf_question question = { .domain = domain, .client = &client };
    assert_true(port_address_read(from, &client));
    use_zone(rows, AT_ONCE);
    evaluate(&question, &outcome);
}

static bool term_is(const char *words)
{
    return slice_is(outcome.term, words);
}

static void names_the_term_that_decided(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:provider.example redirect=rest.example" },
        { "provider.example", "TXT", "v=spf1 ip4:192.0.2.1 -all" },
        { "rest.example", "TXT", "v=spf1 ip4:192.0.2.2 ~all" },
        END_OF_ZONE,
    };
    evaluate_for(rows, "shop.example", "192.0.2.1");
    assert_true(term_is("include:provider.example"));
    assert_string_equal(outcome.where, "shop.example");
    evaluate_for(rows, "shop.example", "192.0.2.3");
    assert_int_equal(outcome.result, SPF_SOFTFAIL);
    assert_true(term_is("~all"));
    assert_string_equal(outcome.where, "rest.example");
    assert_int_equal(outcome.all, '~');
    assert_true(slice_is(outcome.record, "v=spf1 include:provider.example redirect=rest.example"));
}

static void tells_the_qualifier_of_the_all_that_counts(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:provider.example ~all -all" },
        { "provider.example", "TXT", "v=spf1 redirect=inner.example" },
        { "inner.example", "TXT", "v=spf1 ip4:192.0.2.1 -all" },
        END_OF_ZONE,
    };
    evaluate_for(rows, "shop.example", "192.0.2.1");
    assert_int_equal(outcome.result, SPF_PASS);
    assert_int_equal(outcome.all, '~');
    evaluate_for(rows, "shop.example", "192.0.2.2");
    assert_true(term_is("~all"));
    assert_string_equal(outcome.where, "shop.example");
}

static void names_no_term_where_none_matched(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:provider.example" },
        { "provider.example", "TXT", "v=spf1 -all" },
        END_OF_ZONE,
    };
    evaluate_for(rows, "shop.example", "192.0.2.1");
    assert_int_equal(outcome.result, SPF_NEUTRAL);
    assert_int_equal(outcome.term.len, 0);
    assert_int_equal(outcome.all, '\0');
}

static void names_the_term_and_the_record_of_a_problem(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:provider.example -all" },
        { "provider.example", "TXT", "v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.300 -all" },
        END_OF_ZONE,
    };
    evaluate_for(rows, "shop.example", "192.0.2.1");
    assert_int_equal(outcome.problem, SPF_MALFORMED);
    assert_true(term_is("ip4:198.51.100.300"));
    assert_string_equal(outcome.where, "provider.example");
    assert_int_equal(outcome.all, '-');
}

static void tells_which_domain_has_several_records(void **state)
{
    (void)state;
    evaluate_for(select_zone, "two.example", ADDRESS);
    assert_int_equal(outcome.records, 2);
    assert_string_equal(outcome.where, "two.example");
    assert_true(slice_is(outcome.record, "v=spf1 -all"));
}

static void tells_how_the_missing_answer_failed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:broken.example -all" },
        { "broken.example", "!servfail", "" },
        END_OF_ZONE,
    };
    evaluate_for(rows, "shop.example", ADDRESS);
    assert_int_equal(outcome.answer, ANSWER_SERVFAIL);
    assert_string_equal(outcome.where, "broken.example");
    evaluate_for(rows, "missing.example", ADDRESS);
    assert_int_equal(outcome.answer, ANSWER_NXDOMAIN);
}

static void counts_up_to_the_match_only(void **state)
{
    (void)state;
    evaluate_for(limit_zone, "ten.example", ADDRESS);
    assert_int_equal(outcome.lookups, 10);
    assert_int_equal(outcome.voids, 1);
    evaluate_for(limit_zone, "early.example", ADDRESS);
    assert_int_equal(outcome.lookups, 0);
    assert_int_equal(asked_count, 1);
}

static void asks_for_nothing_that_it_does_not_need(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 a:mail.shop.example include:provider.example -all" },
        { "mail.shop.example", "A", ADDRESS },
        { "provider.example", "TXT", "v=spf1 -all" },
        END_OF_ZONE,
    };
    evaluate_for(rows, "shop.example", ADDRESS);
    assert_int_equal(outcome.result, SPF_PASS);
    assert_false(was_asked("provider.example", RECORD_TXT));
}

static void waits_for_the_name_of_the_client_before_it_uses_it(void **state)
{
    (void)state;
    for (enum patience how = AT_ONCE; how <= NEWEST_FIRST; how++) {
        struct address client = { .family = FAMILY_V4, .bytes = { 192, 0, 2, 2 } };
        struct spf_question question = { .domain = "named.example", .client = &client };
        use_zone(macro_zone, how);
        evaluate(&question, &outcome);
        assert_int_equal(outcome.result, SPF_PASS);
        assert_false(was_asked("unknown.rdns.example", RECORD_A));
        assert_false(was_asked("elsewhere.example.rdns.example", RECORD_A));
    }
}

static void does_not_take_an_answer_that_was_cut_for_the_whole(void **state)
{
    (void)state;
    static struct row rows[2 * RESOLVE_RECORDS_MAX + 4];
    size_t count = 0;
    for (size_t i = 0; i < RESOLVE_RECORDS_MAX; i++)
        rows[count++] = (struct row){ "busy.example", "TXT", "site-verification=1" };
    evaluate_for(rows, "busy.example", ADDRESS);
    assert_int_equal(outcome.result, SPF_NONE);
    rows[count++] = (struct row){ "busy.example", "TXT", "v=spf1 -all" };
    evaluate_for(rows, "busy.example", ADDRESS);
    assert_int_equal(outcome.result, SPF_TEMPERROR);
    assert_int_equal(outcome.problem, SPF_NO_ANSWER);
    assert_int_equal(outcome.answer, ANSWER_RECORDS);

    rows[count++] = (struct row){ "shop.example", "TXT", "v=spf1 a:farm.example -all" };
    for (size_t i = 0; i < RESOLVE_RECORDS_MAX; i++)
        rows[count++] = (struct row){ "farm.example", "A", OTHER };
    evaluate_for(rows, "shop.example", ADDRESS);
    assert_int_equal(outcome.result, SPF_FAIL);
    rows[count++] = (struct row){ "farm.example", "A", ADDRESS };
    evaluate_for(rows, "shop.example", ADDRESS);
    assert_int_equal(outcome.result, SPF_TEMPERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_the_domain_before_its_record),
        cmocka_unit_test(tells_no_record_from_no_answer),
        cmocka_unit_test(finds_the_one_record_among_others),
        cmocka_unit_test(evaluates_terms_from_left_to_right),
        cmocka_unit_test(matches_everybody_by_all),
        cmocka_unit_test(matches_whom_an_included_record_passes),
        cmocka_unit_test(matches_addresses_of_a_host),
        cmocka_unit_test(matches_addresses_of_mail_servers),
        cmocka_unit_test(matches_names_that_lead_back_to_the_address),
        cmocka_unit_test(matches_networks),
        cmocka_unit_test(matches_what_exists),
        cmocka_unit_test(follows_redirects_and_ignores_other_modifiers),
        cmocka_unit_test(expands_macros),
        cmocka_unit_test(keeps_the_limits),
        cmocka_unit_test(names_the_term_that_decided),
        cmocka_unit_test(tells_the_qualifier_of_the_all_that_counts),
        cmocka_unit_test(names_no_term_where_none_matched),
        cmocka_unit_test(names_the_term_and_the_record_of_a_problem),
        cmocka_unit_test(tells_which_domain_has_several_records),
        cmocka_unit_test(tells_how_the_missing_answer_failed),
        cmocka_unit_test(counts_up_to_the_match_only),
        cmocka_unit_test(asks_for_nothing_that_it_does_not_need),
        cmocka_unit_test(waits_for_the_name_of_the_client_before_it_uses_it),
        cmocka_unit_test(does_not_take_an_answer_that_was_cut_for_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
