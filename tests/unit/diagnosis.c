/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict.h"

/* ---- health ---- */

static void a_healthy_office_has_no_root(void **state)
{
    (void)state;
    office_diagnose(&office);
    assert_roots("");
    assert_eight("o o o o o o o o");
    assert_remedies("");
    assert_exit(0);
}

static void leaves_no_check_undecided(void **state)
{
    (void)state;
    ledger_begin(&office.ledger, &office.arena);
    office_diagnose(&office);
    for (enum check i = 0; i < CHECK_COUNT; i++)
        assert_int_not_equal(office.ledger.checks[i].status, STATUS_PENDING);
}

static void a_light_run_asks_for_no_account_and_may_still_be_healthy(void **state)
{
    (void)state;
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (check_row(i)->cost > COST_LIGHT) {
            office_blank(&office, i)->asked = false;
            ledger_unknown(&office.ledger, i, REASON_NOT_ASKED);
        }
    office_diagnose(&office);
    assert_eight("u u u u o u o u");
    assert_int_equal(office.ledger.checks[ACCOUNT_SENDING].reason, REASON_NOT_ASKED);
    assert_roots("");
    assert_exit(0);
}

static void a_provider_without_webmail_can_be_healthy(void **state)
{
    (void)state;
    (void)office_blank(&office, WEBMAIL_LOGIN);
    ledger_unknown(&office.ledger, WEBMAIL_LOGIN, REASON_NOT_CONFIGURED);
    office_diagnose(&office);
    assert_eight("o o o u o o o o");
    assert_exit(0);
}

static void a_run_that_was_cut_short_is_not_healthy(void **state)
{
    (void)state;
    (void)office_blank(&office, MAIL_RECEIVE);
    ledger_unknown(&office.ledger, MAIL_RECEIVE, REASON_DEADLINE);
    office_diagnose(&office);
    assert_exit(3);
}

/* ---- incidents ---- */

static void one_busy_service_is_only_a_possible_incident(void **state)
{
    (void)state;
    (void)spoil(SERVICE_BUSY, TLS_SUBMISSION, SERVICE_SUBMISSION,
                "421 4.3.2 Service not available");
    pass_over(SUBMISSION_LOGIN, TLS_SUBMISSION);
    pass_over(MAIL_SEND, SUBMISSION_LOGIN);
    office_diagnose(&office);
    assert_roots("provider.incident possible");
    assert_eight("u o o o o o o s(tls.submission)");
    assert_exit(3);
    assert_int_equal(office.ledger.checks[PROVIDER_HEALTH].status, STATUS_UNKNOWN);
}

static void two_busy_services_make_an_incident_likely(void **state)
{
    (void)state;
    (void)spoil(SERVICE_BUSY, TLS_SUBMISSION, SERVICE_SUBMISSION,
                "421 4.3.2 Service not available");
    (void)spoil(SERVICE_BUSY, TLS_IMAP, SERVICE_IMAP, "* BYE [UNAVAILABLE]");
    office_diagnose(&office);
    assert_roots("provider.incident likely");
    assert_exit(2);
}

static void the_same_service_busy_twice_is_one(void **state)
{
    (void)state;
    (void)spoil(SERVICE_BUSY, TLS_SUBMISSION, SERVICE_SUBMISSION,
                "421 4.3.2 Service not available");
    (void)office_add(&office, SERVICE_BUSY, TLS_SUBMISSION, SERVICE_SUBMISSION, FAMILY_V6, "421");
    office_diagnose(&office);
    assert_roots("provider.incident possible");
}

static void a_prx_reply_is_an_incident_for_certain(void **state)
{
    (void)state;
    (void)spoil(PROVIDER_INCIDENT, MAIL_SEND, SERVICE_SUBMISSION,
                "451 4.7.0 Temporary server error. Please try again later. PRX3");
    office_diagnose(&office);
    assert_roots("provider.incident certain");
    assert_eight("u o o o o o o f");
    assert_remedies("wait-for-provider");
    assert_exit(2);
}

static void a_health_page_that_fails_is_a_likely_incident(void **state)
{
    (void)state;
    (void)spoil(PROVIDER_INCIDENT, PROVIDER_HEALTH, SERVICE_WEBMAIL, "HTTP/1.1 503");
    office_diagnose(&office);
    assert_roots("provider.incident likely");
    assert_eight("o o o o o o o o");
    assert_exit(2);
}

/* ---- mail ---- */

static void mail_lost_on_its_way_to_itself_is_lost_once(void **state)
{
    (void)state;
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
    (void)spoil(MAIL_NOT_SENT, MAIL_SEND, SERVICE_IMAP, "");
    office_diagnose(&office);
    assert_roots("mail.test-not-received likely");
    assert_eight("o o o o o f o f");
    assert_remedies("open-support-request");
    assert_exit(2);
}

static void mail_lost_to_a_second_mailbox_is_lost_twice(void **state)
{
    (void)state;
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
    (void)spoil(MAIL_NOT_SENT, MAIL_SEND, SERVICE_PEER_IMAP, "");
    office_diagnose(&office);
    assert_roots("mail.test-not-received likely, mail.test-not-sent likely");
}

static void mail_lost_on_its_way_to_an_echo_is_lost_twice(void **state)
{
    (void)state;
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
    (void)spoil(MAIL_NOT_SENT, MAIL_SEND, SERVICE_IMAP, "");
    ledger_fact(&office.ledger, MAIL_SEND, "to", "echo@example.net");
    office_diagnose(&office);
    assert_int_equal(office.diagnosis.root_count, 2);
}

static void mail_that_submission_refused_leaves_sending_unknown(void **state)
{
    (void)state;
    (void)spoil(MAIL_NOT_SENT, MAIL_SEND, SERVICE_SUBMISSION, "554 5.6.0 no");
    office_diagnose(&office);
    assert_roots("mail.test-not-sent certain");
    assert_eight("u o o o o o o f");
}

static void late_mail_and_mail_in_junk_are_warnings(void **state)
{
    (void)state;
    (void)spoil(MAIL_LATE, MAIL_RECEIVE, SERVICE_IMAP, "");
    (void)office_add(&office, MAIL_IN_JUNK, MAIL_RECEIVE, SERVICE_IMAP, FAMILY_V4, "");
    office_diagnose(&office);
    assert_roots("mail.late likely, mail.in-junk likely");
    assert_eight("o o o o o w o o");
    assert_exit(1);
}

/* ---- bounds ---- */

static void keeps_the_lowest_roots_and_counts_the_rest(void **state)
{
    (void)state;
    static const enum finding findings[] = {
        MAIL_LATE,    MAIL_IN_JUNK,    ACCOUNT_QUOTA_FULL, LOGIN_BASIC_DISABLED, TLS_EXPIRED,
        TLS_INJECTED, DNS_SRV_MISSING, DNS_MX_MIXED,       OFFICE_IPV6_BROKEN,   TLS_UNTRUSTED,
    };
    size_t count = sizeof findings / sizeof *findings;
    for (size_t i = 0; i < count; i++)
        (void)office_add(&office, findings[i], TLS_WEBMAIL, SERVICE_WEBMAIL, FAMILY_V4, "");
    office_diagnose(&office);
    assert_int_equal(office.diagnosis.root_count, DIAGNOSIS_ROOTS_MAX);
    assert_int_equal(office.ledger.dropped, count - DIAGNOSIS_ROOTS_MAX);
    assert_int_equal(finding_row(office.diagnosis.roots[0].raised->finding)->layer, LAYER_OFFICE);
    for (size_t i = 0; i < DIAGNOSIS_ROOTS_MAX; i++)
        assert_int_not_equal(finding_row(office.diagnosis.roots[i].raised->finding)->layer,
                             LAYER_MAIL);
}

static void warnings_do_not_push_out_what_keeps_the_mailbox_from_working(void **state)
{
    (void)state;
    static const enum finding warnings[DIAGNOSIS_ROOTS_MAX] = {
        DNS_MX_LEGACY,   DNS_SPF_MISSING,     DNS_DKIM_KEY_MISSING, DNS_DMARC_MISSING,
        DNS_CAA_FORBIDS, DNS_TLS_RPT_INVALID, DNS_MTA_STS_INVALID,  DNS_BLOCKLIST_LISTED,
    };
    for (size_t i = 0; i < DIAGNOSIS_ROOTS_MAX; i++)
        (void)office_add(&office, warnings[i], DNS_SPF, SERVICE_DNS, FAMILY_V4, "");
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
    office_diagnose(&office);
    assert_int_equal(office.diagnosis.root_count, DIAGNOSIS_ROOTS_MAX);
    assert_int_equal(office.ledger.dropped, 1);
    assert_int_equal(office.diagnosis.roots[0].raised->finding, DNS_BLOCKLIST_LISTED);
    assert_int_equal(office.diagnosis.roots[DIAGNOSIS_ROOTS_MAX - 1].raised->finding, TLS_EXPIRED);
    assert_exit(2);
}

static void a_remedy_for_two_roots_is_told_once(void **state)
{
    (void)state;
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
    (void)spoil(TLS_NAME_MISMATCH, TLS_SUBMISSION, SERVICE_SUBMISSION, "");
    office_diagnose(&office);
    assert_int_equal(office.diagnosis.root_count, 2);
    assert_remedies("renew-certificate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_healthy_office_has_no_root),
        TEST(leaves_no_check_undecided),
        TEST(a_light_run_asks_for_no_account_and_may_still_be_healthy),
        TEST(a_provider_without_webmail_can_be_healthy),
        TEST(a_run_that_was_cut_short_is_not_healthy),
        TEST(one_busy_service_is_only_a_possible_incident),
        TEST(two_busy_services_make_an_incident_likely),
        TEST(the_same_service_busy_twice_is_one),
        TEST(a_prx_reply_is_an_incident_for_certain),
        TEST(a_health_page_that_fails_is_a_likely_incident),
        TEST(mail_lost_on_its_way_to_itself_is_lost_once),
        TEST(mail_lost_to_a_second_mailbox_is_lost_twice),
        TEST(mail_lost_on_its_way_to_an_echo_is_lost_twice),
        TEST(mail_that_submission_refused_leaves_sending_unknown),
        TEST(late_mail_and_mail_in_junk_are_warnings),
        TEST(keeps_the_lowest_roots_and_counts_the_rest),
        TEST(warnings_do_not_push_out_what_keeps_the_mailbox_from_working),
        TEST(a_remedy_for_two_roots_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
