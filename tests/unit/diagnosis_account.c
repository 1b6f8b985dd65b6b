/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict.h"

/* ---- the account ---- */

static void submission_refusing_a_good_password_is_a_spam_block(void **state)
{
    (void)state;
    (void)spoil(SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN, SERVICE_SUBMISSION,
                "535 5.7.3 Authentication unsuccessful");
    pass_over(MAIL_SEND, SUBMISSION_LOGIN);
    office_diagnose(&office);
    assert_roots("account.blocked-for-spam likely");
    assert_eight("f o o o o o o s(submission.login)");
    assert_remedies("answer-spam-notice");
    assert_exit(2);
    assert_int_equal(office.ledger.checks[SUBMISSION_LOGIN].status, STATUS_FAILED);
    assert_string_equal(office.diagnosis.roots[0].raised->evidence.said,
                        "535 5.7.3 Authentication unsuccessful");
}

static void a_reply_that_means_a_spam_block_fails_sending_too(void **state)
{
    (void)state;
    (void)spoil(ACCOUNT_BLOCKED_FOR_SPAM, MAIL_SEND, SERVICE_SUBMISSION,
                "550 5.7.1 Submission has been disabled for this account");
    office_diagnose(&office);
    assert_roots("account.blocked-for-spam likely");
    assert_eight("f o o o o o o f");
    assert_exit(2);
}

static void a_reply_that_names_the_spam_block_makes_it_certain(void **state)
{
    (void)state;
    static const char *const said[] = {
        "550 5.1.8 Access denied, bad outbound sender",
        "550 5.7.501 Access denied",
        "550 5.7.511 Access denied, banned sender",
        "550 5.7.705 Access denied",
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        office_begin(&office);
        (void)spoil(ACCOUNT_BLOCKED_FOR_SPAM, MAIL_SEND, SERVICE_IMAP, said[i]);
        office_diagnose(&office);
        assert_roots("account.blocked-for-spam certain");
    }
}

static void half_of_a_code_names_nothing(void **state)
{
    (void)state;
    (void)spoil(ACCOUNT_BLOCKED_FOR_SPAM, MAIL_SEND, SERVICE_SUBMISSION, "550 5.7.50");
    office_diagnose(&office);
    assert_roots("account.blocked-for-spam likely");
}

static void no_login_and_no_mail_accepted_is_an_expired_subscription(void **state)
{
    (void)state;
    office_refuse_password(&office);
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, "550 5.1.1 User unknown");
    office.budget.accepted_ms = 1700000000000;
    office_diagnose(&office);
    assert_roots("account.subscription-expired likely");
    assert_eight("u f u f o s(webmail.login) o s(webmail.login)");
    assert_remedies("renew-subscription");
    assert_exit(2);
}

static void an_expired_subscription_is_only_possible_without_history_or_code(void **state)
{
    (void)state;
    office_refuse_password(&office);
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, "550 5.1.1 User unknown");
    office_diagnose(&office);
    assert_roots("account.subscription-expired possible");
    assert_exit(3);
}

static void a_mailbox_that_is_called_disabled_makes_expiry_likely(void **state)
{
    (void)state;
    office_refuse_password(&office);
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, "550 5.2.1 Mailbox disabled");
    office_diagnose(&office);
    assert_roots("account.subscription-expired likely");
    assert_exit(2);
}

static void a_refused_recipient_is_its_own_root_while_logins_work(void **state)
{
    (void)state;
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, "550 5.1.1 User unknown");
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_MX, "550 5.1.1 User unknown");
    office_diagnose(&office);
    assert_roots("inbound.rcpt-refused certain");
    assert_eight("o o o o o f o o");
}

static void a_password_that_worked_before_and_mail_still_accepted_is_a_lock(void **state)
{
    (void)state;
    office_refuse_password(&office);
    office.budget.accepted_ms = 1700000000000;
    office.profile.lockout_minutes = 30;
    office_diagnose(&office);
    assert_roots("account.locked-by-policy likely");
    assert_eight("u o f f o s(webmail.login) o s(webmail.login)");
    assert_remedies("wait-for-unlock, open-support-request");
    assert_exit(2);
    assert_string_equal(office.diagnosis.roots[0].raised->params.value[PARAM_MINUTES], "30");
}

static void a_lock_of_unknown_length_has_no_minutes(void **state)
{
    (void)state;
    office_refuse_password(&office);
    office.budget.accepted_ms = 1700000000000;
    office_diagnose(&office);
    assert_null(office.diagnosis.roots[0].raised->params.value[PARAM_MINUTES]);
}

static void a_password_that_never_worked_is_a_wrong_password(void **state)
{
    (void)state;
    office_refuse_password(&office);
    office_diagnose(&office);
    assert_roots("webmail.login-refused likely");
    assert_eight("u o u f o s(webmail.login) o s(webmail.login)");
    assert_remedies("correct-password");
    assert_exit(2);
}

static void a_wrong_password_says_nothing_of_the_subscription_without_the_mx(void **state)
{
    (void)state;
    office_refuse_password(&office);
    (void)spoil(SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX, "");
    pass_over(INBOUND_SMTP, TLS_MX);
    office_diagnose(&office);
    assert_int_equal(office.ledger.checks[ACCOUNT_SUBSCRIPTION].status, STATUS_UNKNOWN);
    assert_int_equal(office.ledger.checks[ACCOUNT_SUBSCRIPTION].reason, REASON_TOO_LITTLE_EVIDENCE);
}

static void two_protocols_refusing_one_password_are_one_root(void **state)
{
    (void)state;
    office_refuse_password(&office);
    (void)spoil(IMAP_LOGIN_REFUSED, IMAP_LOGIN, SERVICE_IMAP, "1 NO LOGIN failed.");
    office_diagnose(&office);
    assert_roots("webmail.login-refused likely");
}

static void imap_alone_refusing_is_switched_off(void **state)
{
    (void)state;
    (void)spoil(IMAP_LOGIN_REFUSED, IMAP_LOGIN, SERVICE_IMAP, "1 NO LOGIN failed.");
    pass_over(MAIL_SEND, IMAP_LOGIN);
    pass_over(MAIL_RECEIVE, IMAP_LOGIN);
    office_diagnose(&office);
    assert_roots("login.disabled-for-mailbox likely");
    assert_eight("u o o o o s(imap.login) o s(imap.login)");
    assert_remedies("enable-protocol");
    assert_exit(1);
    assert_int_equal(office.ledger.checks[IMAP_LOGIN].status, STATUS_WARNING);
    assert_null(ledger_find(&office.ledger, IMAP_LOGIN_REFUSED, CHECK_COUNT));
    assert_string_equal(office.diagnosis.roots[0].raised->params.value[PARAM_SERVICE], "IMAP");
}

static void a_login_run_is_not_asked_whether_the_account_may_send(void **state)
{
    (void)state;
    for (enum check i = MAIL_SEND; i <= MAIL_RECEIVE; i++) {
        office_blank(&office, i)->asked = false;
        ledger_unknown(&office.ledger, i, REASON_NOT_ASKED);
    }
    office_diagnose(&office);
    assert_int_equal(office.ledger.checks[ACCOUNT_SENDING].reason, REASON_NOT_ASKED);
    assert_exit(0);
}

static void a_service_that_is_switched_off_accepted_nothing(void **state)
{
    (void)state;
    (void)spoil(WEBMAIL_LOGIN_REFUSED, WEBMAIL_LOGIN, SERVICE_WEBMAIL, "302 reason=2");
    (void)spoil(IMAP_LOGIN_REFUSED, IMAP_LOGIN, SERVICE_IMAP, "1 NO LOGIN failed.");
    (void)office_blank(&office, MAIL_SEND);
    ledger_skip(&office.ledger, MAIL_SEND, IMAP_LOGIN);
    office_diagnose(&office);
    assert_roots("login.disabled-for-mailbox likely");
    assert_null(ledger_find(&office.ledger, ACCOUNT_BLOCKED_FOR_SPAM, CHECK_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(submission_refusing_a_good_password_is_a_spam_block),
        TEST(a_reply_that_means_a_spam_block_fails_sending_too),
        TEST(a_reply_that_names_the_spam_block_makes_it_certain),
        TEST(half_of_a_code_names_nothing),
        TEST(no_login_and_no_mail_accepted_is_an_expired_subscription),
        TEST(an_expired_subscription_is_only_possible_without_history_or_code),
        TEST(a_mailbox_that_is_called_disabled_makes_expiry_likely),
        TEST(a_refused_recipient_is_its_own_root_while_logins_work),
        TEST(a_password_that_worked_before_and_mail_still_accepted_is_a_lock),
        TEST(a_lock_of_unknown_length_has_no_minutes),
        TEST(a_password_that_never_worked_is_a_wrong_password),
        TEST(a_wrong_password_says_nothing_of_the_subscription_without_the_mx),
        TEST(two_protocols_refusing_one_password_are_one_root),
        TEST(imap_alone_refusing_is_switched_off),
        TEST(a_login_run_is_not_asked_whether_the_account_may_send),
        TEST(a_service_that_is_switched_off_accepted_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
