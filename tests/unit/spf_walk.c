/* SPDX-License-Identifier: MIT */
/* RFC 7208 without a sending address: are the records right, what do they cost, whom do they
   include. */
#include "spf_zone.h"

#define END_OF_ZONE { NULL, NULL, NULL }

static struct spf_outcome outcome;

static void walk_patiently(const struct row *rows, const char *domain, enum patience how)
{
    struct spf_question question = { .domain = domain };
    use_zone(rows, how);
    evaluate(&question, &outcome);
}

static void walk(const struct row *rows, const char *domain)
{
    struct spf_outcome first;
    walk_patiently(rows, domain, AT_ONCE);
    first = outcome;
    for (enum patience how = OLDEST_FIRST; how <= NEWEST_FIRST; how++) {
        walk_patiently(rows, domain, how);
        assert_int_equal(outcome.result, first.result);
        assert_int_equal(outcome.problem, first.problem);
        assert_int_equal(outcome.lookups, first.lookups);
        assert_int_equal(outcome.voids, first.voids);
        assert_int_equal(outcome.included_len, first.included_len);
        assert_string_equal(outcome.where, first.where);
    }
}

static void tells_what_a_stranger_gets(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "hard.example", "TXT", "v=spf1 ip4:0.0.0.0/0 ip6:::/0 include:provider.example -all" },
        { "soft.example", "TXT", "v=spf1 include:provider.example ~all" },
        { "open.example", "TXT", "v=spf1 +all" },
        { "endless.example", "TXT", "v=spf1 include:provider.example" },
        { "moved.example", "TXT", "v=spf1 redirect=hard.example" },
        { "careless.example", "TXT", "v=spf1 include:open.example include:provider.example -all" },
        { "provider.example", "TXT", "v=spf1 ip4:192.0.2.0/24 -all" },
        END_OF_ZONE,
    };
    walk(rows, "hard.example");
    assert_int_equal(outcome.result, SPF_FAIL);
    assert_int_equal(outcome.all, '-');
    walk(rows, "soft.example");
    assert_int_equal(outcome.result, SPF_SOFTFAIL);
    walk(rows, "open.example");
    assert_int_equal(outcome.result, SPF_PASS);
    walk(rows, "endless.example");
    assert_int_equal(outcome.result, SPF_NEUTRAL);
    assert_int_equal(outcome.all, '\0');
    walk(rows, "moved.example");
    assert_int_equal(outcome.result, SPF_FAIL);
    assert_int_equal(outcome.all, '-');
    assert_string_equal(outcome.where, "hard.example");
    walk(rows, "careless.example");
    assert_int_equal(outcome.result, SPF_PASS);
    assert_true(slice_is(outcome.term, "include:open.example"));
    assert_int_equal(outcome.lookups, 2);
    walk(rows, "missing.example");
    assert_int_equal(outcome.result, SPF_NONE);
    assert_int_equal(outcome.records, 0);
}

static void counts_the_lookups_of_the_whole_tree(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 a include:one.example include:two.example -all" },
        { "shop.example", "A", "192.0.2.1" },
        { "one.example", "TXT", "v=spf1 ip4:192.0.2.9 include:two.example ~all" },
        { "two.example", "TXT", "v=spf1 a:shop.example ptr exists:%{i}.list.example -all a mx" },
        END_OF_ZONE,
    };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_FAIL);
    assert_int_equal(outcome.lookups, 3 + 1 + 3 + 3);
}

static void follows_no_redirect_beside_all(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 redirect=other.example ~all" },
        { "other.example", "TXT", "v=spf1 a -all" },
        END_OF_ZONE,
    };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_SOFTFAIL);
    assert_int_equal(outcome.lookups, 0);
    assert_false(spf_includes(&outcome, "other.example"));
}

static void counts_on_when_there_are_too_many(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "ten.example", "TXT", "v=spf1 include:nine.example -all" },
        { "nine.example", "TXT", "v=spf1 a a a a a a a a a -all" },
        { "nine.example", "A", "192.0.2.1" },
        { "more.example", "TXT",
          "v=spf1 include:nine.example a:x.example include:two.example -all" },
        { "two.example", "TXT", "v=spf1 a:y.example mx:z.example -all" },
        { "all.example", "TXT", "v=spf1 include:nine.example include:nine.example -all" },
        { "most.example", "TXT", "v=spf1 include:all.example include:all.example -all" },
        END_OF_ZONE,
    };
    walk(rows, "ten.example");
    assert_int_equal(outcome.result, SPF_FAIL);
    assert_int_equal(outcome.lookups, 10);
    walk(rows, "more.example");
    assert_int_equal(outcome.result, SPF_PERMERROR);
    assert_int_equal(outcome.problem, SPF_TOO_MANY_LOOKUPS);
    assert_true(slice_is(outcome.term, "a:x.example"));
    assert_int_equal(outcome.lookups, 14);
    walk(rows, "all.example");
    assert_int_equal(outcome.lookups, SPF_COUNTED_MAX);
    walk(rows, "most.example");
    assert_int_equal(outcome.lookups, SPF_COUNTED_MAX);
}

static void knows_whose_senders_pass(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT",
          "v=spf1 include:Mail.Provider.example. ?include:maybe.example ~include:soft.example "
          "-include:bad.example redirect=rest.example" },
        { "mail.provider.example", "TXT",
          "v=spf1 include:inner.example -all include:late.example" },
        { "inner.example", "TXT", "v=spf1 ip4:192.0.2.1 -all" },
        { "maybe.example", "TXT", "v=spf1 include:behind-maybe.example -all" },
        { "soft.example", "TXT", "v=spf1 ip4:192.0.2.2 -all" },
        { "bad.example", "TXT", "v=spf1 ip4:192.0.2.3 -all" },
        { "behind-maybe.example", "TXT", "v=spf1 ip4:192.0.2.4 -all" },
        { "rest.example", "TXT", "v=spf1 include:last.example -all" },
        { "last.example", "TXT", "v=spf1 ip4:192.0.2.5 -all" },
        { "late.example", "TXT", "v=spf1 ip4:192.0.2.6 -all" },
        END_OF_ZONE,
    };
    walk(rows, "shop.example");
    assert_int_equal(outcome.problem, SPF_NO_PROBLEM);
    assert_true(spf_includes(&outcome, "mail.provider.example"));
    assert_true(spf_includes(&outcome, "MAIL.provider.example."));
    assert_true(spf_includes(&outcome, "inner.example"));
    assert_true(spf_includes(&outcome, "rest.example"));
    assert_true(spf_includes(&outcome, "last.example"));
    assert_false(spf_includes(&outcome, "provider.example"));
    assert_false(spf_includes(&outcome, "maybe.example"));
    assert_false(spf_includes(&outcome, "behind-maybe.example"));
    assert_false(spf_includes(&outcome, "soft.example"));
    assert_false(spf_includes(&outcome, "bad.example"));
    assert_false(spf_includes(&outcome, "late.example"));
    assert_false(spf_includes(&outcome, "shop.example"));
    assert_false(spf_includes(&outcome, ""));
}

static void tells_when_there_are_more_includes_than_it_keeps(void **state)
{
    (void)state;
    static char record[SPF_COUNTED_MAX * 300], name[RESOLVE_NAME_MAX];
    const struct row rows[] = { { "shop.example", "TXT", record }, END_OF_ZONE };
    const size_t kept = SPF_INCLUDED_MAX / sizeof name;
    struct text text;
    text_begin(&text, record, sizeof record);
    text_add_string(&text, "v=spf1");
    memset(name, 'a', sizeof name - 1);
    for (size_t dot = 62; dot < sizeof name - 1; dot += 63)
        name[dot] = '.';
    for (size_t i = 0; i <= kept; i++) {
        name[0] = (char)('a' + i);
        text_add_format(&text, " include:%s", name);
        walk_patiently(rows, "shop.example", AT_ONCE);
        assert_int_equal(outcome.included_cut, i == kept);
        assert_int_equal(spf_includes(&outcome, name), i < kept);
    }
}

static void finds_what_is_wrong_in_any_record(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:good.example include:bad.example ~all" },
        { "good.example", "TXT", "v=spf1 ip4:192.0.2.0/24 -all" },
        { "bad.example", "TXT", "v=spf1 ipv4:192.0.2.0/24 include:good.example -all" },
        { "hollow.example", "TXT", "v=spf1 include:nothing.example include:good.example ~all" },
        { "nothing.example", "A", "192.0.2.1" },
        { "double.example", "TXT", "v=spf1 include:two.example ~all" },
        { "two.example", "TXT", "v=spf1 -all" },
        { "two.example", "TXT", "v=spf1 ~all" },
        { "ring.example", "TXT", "v=spf1 include:ring2.example a:x.example ~all" },
        { "ring2.example", "TXT", "v=spf1 include:RING.example ~all" },
        END_OF_ZONE,
    };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_PERMERROR);
    assert_int_equal(outcome.problem, SPF_MALFORMED);
    assert_true(slice_is(outcome.term, "ipv4:192.0.2.0/24"));
    assert_string_equal(outcome.where, "bad.example");
    assert_int_equal(outcome.lookups, 3);
    walk(rows, "hollow.example");
    assert_int_equal(outcome.problem, SPF_TARGET_WITHOUT_RECORD);
    assert_true(slice_is(outcome.term, "include:nothing.example"));
    assert_string_equal(outcome.where, "hollow.example");
    assert_int_equal(outcome.records, 1);
    walk(rows, "double.example");
    assert_int_equal(outcome.problem, SPF_SEVERAL_RECORDS);
    assert_string_equal(outcome.where, "two.example");
    walk(rows, "ring.example");
    assert_int_equal(outcome.problem, SPF_LOOP);
    assert_string_equal(outcome.where, "ring2.example");
    assert_int_equal(outcome.lookups, 3);
}

static void blames_what_stays_broken_before_what_did_not_answer(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "slow.example", "!timeout", "" },
        { "shop.example", "TXT", "v=spf1 include:slow.example -all" },
        { "both.example", "TXT",
          "v=spf1 include:slow.example include:wrong.example include:hollow.example -all" },
        { "wrong.example", "TXT", "v=spf1 ipv4:192.0.2.1 -all" },
        END_OF_ZONE,
    };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_TEMPERROR);
    assert_int_equal(outcome.answer, ANSWER_TIMED_OUT);
    assert_string_equal(outcome.where, "slow.example");
    walk(rows, "both.example");
    assert_int_equal(outcome.result, SPF_PERMERROR);
    assert_int_equal(outcome.problem, SPF_MALFORMED);
    assert_string_equal(outcome.where, "wrong.example");
}

static void counts_hosts_that_have_no_address_of_either_family(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "six.example", "AAAA", "2001:db8::1" },
        { "four.example", "A", "192.0.2.1" },
        { "two.example", "TXT", "v=spf1 a:six.example a:four.example a:no1.example mx -all" },
        { "three.example", "TXT", "v=spf1 a:no1.example mx exists:no2.example -all" },
        END_OF_ZONE,
    };
    walk(rows, "two.example");
    assert_int_equal(outcome.result, SPF_FAIL);
    assert_int_equal(outcome.voids, 2);
    walk(rows, "three.example");
    assert_int_equal(outcome.problem, SPF_TOO_MANY_VOIDS);
    assert_true(slice_is(outcome.term, "exists:no2.example"));
}

static void finds_an_mx_with_too_many_hosts(void **state)
{
    (void)state;
    struct row rows[14] = { { "shop.example", "TXT", "v=spf1 mx -all" } };
    for (size_t i = 1; i <= SPF_HOSTS_MAX; i++)
        rows[i] = (struct row){ "shop.example", "MX", "mail.shop.example" };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_FAIL);
    rows[SPF_HOSTS_MAX + 1] = (struct row){ "shop.example", "MX", "" };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_FAIL);
    rows[SPF_HOSTS_MAX + 2] = (struct row){ "shop.example", "MX", "mail.shop.example" };
    walk(rows, "shop.example");
    assert_int_equal(outcome.problem, SPF_TOO_MANY_HOSTS);
}

static void says_when_a_name_depends_on_the_sender(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:%{i}._ip.%{h}._helo.%{d}.list.example ~all" },
        { "each.example", "TXT",
          "v=spf1 include:%{s}.x.example include:%{l}.x.example a:%{i}.x.example mx:%{p}.x.example "
          "exists:%{v}.x.example redirect=%{H}.x.example" },
        { "plain.example", "TXT", "v=spf1 include:_spf.%{d} include:%{o}.list.example ~all" },
        { "_spf.plain.example", "TXT", "v=spf1 -all" },
        { "plain.example.list.example", "TXT", "v=spf1 -all" },
        END_OF_ZONE,
    };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_SOFTFAIL);
    assert_int_equal(outcome.lookups, 1);
    assert_int_equal(outcome.hidden, 1);
    assert_int_equal(asked_count, 1);
    walk(rows, "each.example");
    assert_int_equal(outcome.problem, SPF_NO_PROBLEM);
    assert_int_equal(outcome.lookups, 6);
    assert_int_equal(outcome.hidden, 6);
    assert_int_equal(asked_count, 1);
    walk(rows, "plain.example");
    assert_int_equal(outcome.result, SPF_SOFTFAIL);
    assert_int_equal(outcome.hidden, 0);
    assert_true(spf_includes(&outcome, "plain.example.list.example"));
}

static void asks_for_all_includes_of_a_record_at_once(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 include:one.example include:two.example a:three.example" },
        { "one.example", "TXT", "v=spf1 -all" },
        { "two.example", "TXT", "v=spf1 -all" },
        { "three.example", "A", "192.0.2.1" },
        END_OF_ZONE,
    };
    struct spf_question question = { .ask = ask_zone, .domain = "shop.example" };
    use_zone(rows, OLDEST_FIRST);
    assert_false(spf_evaluate(&question, &outcome));
    assert_int_equal(asked_count, 1);
    assert_true(let_one_in());
    assert_false(spf_evaluate(&question, &outcome));
    assert_true(was_asked("one.example", RECORD_TXT));
    assert_true(was_asked("two.example", RECORD_TXT));
    assert_true(was_asked("three.example", RECORD_A));
}

static void asks_for_no_more_ahead_than_the_limit(void **state)
{
    (void)state;
    static char record[1000];
    const struct row rows[] = { { "shop.example", "TXT", record }, END_OF_ZONE };
    struct spf_question question = { .ask = ask_zone, .domain = "shop.example" };
    struct text text;
    text_begin(&text, record, sizeof record);
    text_add_string(&text, "v=spf1");
    for (char letter = 'a'; letter < 'a' + SPF_LOOKUPS_MAX + 3; letter++)
        text_add_format(&text, " include:%c.example a:%c.example", letter, letter);
    use_zone(rows, OLDEST_FIRST);
    assert_false(spf_evaluate(&question, &outcome));
    assert_true(let_one_in());
    assert_false(spf_evaluate(&question, &outcome));
    assert_int_equal(asked_count, 1 + SPF_LOOKUPS_MAX);
}

/* A tree without end, whose every record has ten terms that ask; answers come in the worst order.
 */
static void asks_no_more_than_it_promises(void **state)
{
    (void)state;
    static const struct row includes[] = {
        { "*", "TXT",
          "v=spf1 include:a.%{d} include:b.%{d} include:c.%{d} include:d.%{d} include:e.%{d} "
          "include:f.%{d} include:g.%{d} include:h.%{d} include:i.%{d} include:j.%{d}" },
        END_OF_ZONE,
    };
    static const struct row hosts[] = {
        { "*", "TXT",
          "v=spf1 include:a.%{d} a:b.%{d} a:c.%{d} a:d.%{d} a:e.%{d} a:f.%{d} a:g.%{d} a:h.%{d} "
          "a:i.%{d} a:j.%{d}" },
        END_OF_ZONE,
    };
    walk(includes, "x.example");
    assert_int_equal(outcome.problem, SPF_TOO_MANY_LOOKUPS);
    assert_int_equal(outcome.lookups, SPF_COUNTED_MAX);
    assert_true(asked_count <= 121);
    walk(hosts, "x.example");
    assert_int_equal(outcome.problem, SPF_TOO_MANY_LOOKUPS);
    assert_true(asked_count <= 121);
}

static void ends_a_chain_of_includes(void **state)
{
    (void)state;
    static const struct row rows[] = { { "*", "TXT", "v=spf1 include:a.%{d}" }, END_OF_ZONE };
    walk(rows, "x.example");
    assert_int_equal(outcome.problem, SPF_TOO_MANY_LOOKUPS);
    assert_int_equal(outcome.lookups, SPF_LOOKUPS_MAX + 1);
}

static void finds_a_record_that_lets_everybody_in(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "shop.example", "TXT", "v=spf1 exists:shop.example -all" },
        { "shop.example", "A", "192.0.2.1" },
        END_OF_ZONE,
    };
    walk(rows, "shop.example");
    assert_int_equal(outcome.result, SPF_PASS);
    assert_true(slice_is(outcome.term, "exists:shop.example"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_a_stranger_gets),
        cmocka_unit_test(counts_the_lookups_of_the_whole_tree),
        cmocka_unit_test(follows_no_redirect_beside_all),
        cmocka_unit_test(counts_on_when_there_are_too_many),
        cmocka_unit_test(knows_whose_senders_pass),
        cmocka_unit_test(tells_when_there_are_more_includes_than_it_keeps),
        cmocka_unit_test(finds_what_is_wrong_in_any_record),
        cmocka_unit_test(blames_what_stays_broken_before_what_did_not_answer),
        cmocka_unit_test(counts_hosts_that_have_no_address_of_either_family),
        cmocka_unit_test(finds_an_mx_with_too_many_hosts),
        cmocka_unit_test(says_when_a_name_depends_on_the_sender),
        cmocka_unit_test(asks_for_all_includes_of_a_record_at_once),
        cmocka_unit_test(asks_for_no_more_ahead_than_the_limit),
        cmocka_unit_test(asks_no_more_than_it_promises),
        cmocka_unit_test(ends_a_chain_of_includes),
        cmocka_unit_test(finds_a_record_that_lets_everybody_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
