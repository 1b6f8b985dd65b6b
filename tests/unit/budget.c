/* SPDX-License-Identifier: MIT */
#include "budget_case.h"

/* ---- within a run ---- */

static void lets_one_protocol_try_and_the_others_wait(void **state)
{
    (void)state;
    begin("right");
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_WAIT);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_WAIT);
    budget_accepted(&budget, WEBMAIL_LOGIN);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

static void closes_all_protocols_after_one_refusal(void **state)
{
    (void)state;
    begin("wrong");
    refuse_by(WEBMAIL_LOGIN);
    for (enum check check = 0; check < CHECK_COUNT; check++)
        assert_int_equal(may(check), BUDGET_CLOSED);
    assert_int_equal(budget.refusal.check, WEBMAIL_LOGIN);
    assert_string_equal(budget.refusal.said, SAID);
    assert_false(budget.refusal.kept);
    budget_end(&budget);
}

static void lets_the_next_one_try_where_the_first_had_no_answer(void **state)
{
    (void)state;
    begin("right");
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_no_answer(&budget, WEBMAIL_LOGIN);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_WAIT);
    budget_no_answer(&budget, WEBMAIL_LOGIN); /* not its turn: changes nothing */
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_WAIT);
    budget_end(&budget);
}

static void closes_only_the_protocol_that_another_contradicts(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_SPEAK);
    assert_int_equal(budget.refusal.check, CHECK_COUNT);
    assert_string_equal(budget.closed[SUBMISSION_LOGIN].said, SAID);
    budget_end(&budget);
}

static void takes_an_acceptance_that_was_on_its_way_for_a_contradiction(void **state)
{
    (void)state;
    begin("right");
    accept_by(IMAP_LOGIN);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    refuse_by(IMAP_LOGIN); /* the same one, asked again: it judged the secret */
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    budget_accepted(&budget, WEBMAIL_LOGIN);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void speaks_nothing_without_a_secret_or_after_the_end(void **state)
{
    (void)state;
    struct secret none = { .len = 0 };
    assert_false(budget_begin(&budget, directory, ANNA, &none));
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    begin("right");
    budget_end(&budget);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
}

/* ---- across runs ---- */

static void remembers_a_refusal_before_the_call_returns(void **state)
{
    (void)state;
    begin("right");
    refuse_by(WEBMAIL_LOGIN);
    const int64_t at_ms = budget.refusal.at_ms;
    begin("right"); /* no budget_end: the power went */
    assert_true(budget.known);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    assert_true(budget.refusal.kept);
    assert_int_equal(budget.refusal.check, WEBMAIL_LOGIN);
    assert_int_equal(budget.refusal.finding, LOGIN_PASSWORD_EXPIRED);
    assert_int_equal(budget.refusal.at_ms, at_ms);
    assert_string_equal(budget.refusal.said, SAID);
    next_run();
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void tries_a_changed_secret(void **state)
{
    (void)state;
    begin("wrong");
    refuse_by(WEBMAIL_LOGIN);
    budget_end(&budget);
    begin("right");
    assert_false(budget.known);
    accept_by(WEBMAIL_LOGIN);
    next_run();
    assert_true(budget.known);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

static void remembers_that_the_secret_was_accepted(void **state)
{
    (void)state;
    begin("right");
    assert_int_equal(budget.accepted_ms, 0);
    accept_by(IMAP_LOGIN);
    next_run();
    const int64_t accepted_ms = budget.accepted_ms;
    assert_true(accepted_ms > 0);
    refuse_by(IMAP_LOGIN); /* locked since */
    next_run();
    assert_int_equal(budget.accepted_ms, accepted_ms);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void writes_nothing_while_the_secret_is_accepted_as_before(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    next_run();
    accept_by(WEBMAIL_LOGIN);
    assert_int_equal(unlink(path), 0); /* whoever writes, makes it anew */
    budget_end(&budget);
    assert_int_equal(access(path, F_OK), -1);
}

static void writes_that_a_closed_protocol_is_open_again(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    next_run();
    accept_by(WEBMAIL_LOGIN);
    accept_by(SUBMISSION_LOGIN);
    next_run();
    assert_int_equal(budget.closed[SUBMISSION_LOGIN].check, CHECK_COUNT);
    budget_end(&budget);
}

static void does_not_trust_yesterdays_acceptance(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    next_run();
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(IMAP_LOGIN), BUDGET_WAIT);
    budget_end(&budget);
}

static void asks_a_contradicted_protocol_once_more_after_another_accepted(void **state)
{
    (void)state;
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    next_run();
    assert_true(budget.closed[SUBMISSION_LOGIN].kept);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_WAIT);
    budget_accepted(&budget, WEBMAIL_LOGIN);
    refuse_by(SUBMISSION_LOGIN);
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_CLOSED);
    next_run();
    accept_by(WEBMAIL_LOGIN);
    accept_by(SUBMISSION_LOGIN);
    next_run();
    assert_int_equal(may(SUBMISSION_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

static void keeps_accounts_apart(void **state)
{
    (void)state;
    const struct secret secret = secret_of("right");
    struct budget other;
    begin("right");
    refuse_by(WEBMAIL_LOGIN);
    assert_true(budget_begin(&other, directory, "bob@example.com", &secret));
    assert_int_equal(budget_may_speak(&other, WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_accepted(&other, WEBMAIL_LOGIN);
    budget_end(&other);
    next_run();
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
    assert_true(budget_begin(&budget, directory, "Anna@Example.COM", &secret));
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_CLOSED);
    budget_end(&budget);
}

static void forgets_a_refusal_when_a_person_says_so(void **state)
{
    (void)state;
    assert_int_equal(budget_forget(directory, ANNA), BUDGET_NOTHING_KEPT);
    begin("right");
    accept_by(WEBMAIL_LOGIN);
    next_run();
    refuse_by(WEBMAIL_LOGIN);
    budget_end(&budget);
    assert_int_equal(budget_forget(directory, "bob@example.com"), BUDGET_NOTHING_KEPT);
    assert_int_equal(budget_forget(directory, ANNA), BUDGET_FORGOT);
    assert_int_equal(budget_forget(directory, ANNA), BUDGET_NOTHING_KEPT);
    begin("right");
    assert_true(budget.accepted_ms > 0);
    assert_int_equal(may(WEBMAIL_LOGIN), BUDGET_SPEAK);
    budget_end(&budget);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lets_one_protocol_try_and_the_others_wait),
        TEST(closes_all_protocols_after_one_refusal),
        TEST(lets_the_next_one_try_where_the_first_had_no_answer),
        TEST(closes_only_the_protocol_that_another_contradicts),
        TEST(takes_an_acceptance_that_was_on_its_way_for_a_contradiction),
        TEST(speaks_nothing_without_a_secret_or_after_the_end),
        TEST(remembers_a_refusal_before_the_call_returns),
        TEST(tries_a_changed_secret),
        TEST(remembers_that_the_secret_was_accepted),
        TEST(writes_nothing_while_the_secret_is_accepted_as_before),
        TEST(writes_that_a_closed_protocol_is_open_again),
        TEST(does_not_trust_yesterdays_acceptance),
        TEST(asks_a_contradicted_protocol_once_more_after_another_accepted),
        TEST(keeps_accounts_apart),
        TEST(forgets_a_refusal_when_a_person_says_so),
    };
    return cmocka_run_group_tests(tests, make_base, remove_base);
}
