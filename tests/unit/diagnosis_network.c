/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict.h"

/* ---- records ---- */

static void a_foreign_mx_is_the_one_root_of_all_that_depends_on_it(void **state)
{
    (void)state;
    (void)spoil(DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 mail.example.org");
    (void)spoil(SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX, "");
    pass_over(INBOUND_SMTP, TLS_MX);
    pass_over(MAIL_RECEIVE, DNS_MX);
    office_diagnose(&office);
    assert_roots("dns.mx-foreign certain");
    assert_eight("o o o o f s(dns.mx) o o");
    assert_remedies("set-mx");
    assert_exit(2);
}

static void a_missing_or_dangling_mx_explains_as_much(void **state)
{
    (void)state;
    static const enum finding findings[] = { DNS_MX_MISSING, DNS_MX_DANGLING };
    for (size_t i = 0; i < 2; i++) {
        office_begin(&office);
        (void)spoil(findings[i], DNS_MX, SERVICE_DNS, "");
        (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
        office_diagnose(&office);
        assert_int_equal(office.diagnosis.root_count, 1);
        assert_int_equal(office.diagnosis.roots[0].raised->finding, findings[i]);
    }
}

static void a_wrong_mx_and_a_wrong_password_are_two_roots_lowest_first(void **state)
{
    (void)state;
    office_refuse_password(&office);
    (void)spoil(DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 mail.example.org");
    pass_over(TLS_MX, DNS_MX);
    pass_over(INBOUND_SMTP, TLS_MX);
    office_diagnose(&office);
    assert_roots("dns.mx-foreign certain, webmail.login-refused likely");
    assert_remedies("set-mx, correct-password");
    assert_eight("u u u f f s(webmail.login) o s(webmail.login)");
    assert_exit(2);
}

static void a_mixed_mx_is_a_warning_and_hides_nothing(void **state)
{
    (void)state;
    (void)spoil(DNS_MX_MIXED, DNS_MX, SERVICE_DNS, "50 mail.example.org");
    office_diagnose(&office);
    assert_roots("dns.mx-mixed certain");
    assert_eight("o o o o w o o o");
    assert_exit(1);
}

static void a_mixed_mx_does_not_explain_lost_mail(void **state)
{
    (void)state;
    (void)spoil(DNS_MX_MIXED, DNS_MX, SERVICE_DNS, "50 mail.example.org");
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
    office_diagnose(&office);
    assert_roots("dns.mx-mixed certain, mail.test-not-received likely");
}

static void a_wrong_srv_fails_only_itself(void **state)
{
    (void)state;
    (void)spoil(DNS_SRV_WRONG, DNS_SRV, SERVICE_DNS, "0 0 443 mailconfig.ovh.net");
    office_diagnose(&office);
    assert_roots("dns.srv-wrong certain");
    assert_eight("o o o o o o f o");
    assert_remedies("set-srv");
    assert_exit(2);
}

static void a_domain_that_does_not_exist_explains_its_missing_records(void **state)
{
    (void)state;
    (void)spoil(DNS_DOMAIN_MISSING, DNS_MX, SERVICE_DNS, "NXDOMAIN");
    (void)office_add(&office, DNS_MX_MISSING, DNS_MX, SERVICE_DNS, FAMILY_V4, "");
    (void)spoil(DNS_SRV_MISSING, DNS_SRV, SERVICE_DNS, "");
    office_diagnose(&office);
    assert_roots("dns.domain-missing certain");
    assert_remedies("renew-domain");
}

static void servfail_on_several_checks_is_one_root_and_not_a_failure(void **state)
{
    (void)state;
    (void)spoil(DNS_SERVFAIL, DNS_MX, SERVICE_DNS, "SERVFAIL");
    (void)spoil(DNS_SERVFAIL, DNS_SRV, SERVICE_DNS, "SERVFAIL");
    pass_over(TLS_MX, DNS_MX);
    pass_over(INBOUND_SMTP, TLS_MX);
    pass_over(MAIL_RECEIVE, DNS_MX);
    office_diagnose(&office);
    assert_roots("dns.servfail certain");
    assert_eight("o o o o u s(dns.mx) u o");
    assert_exit(3);
}

static void silence_of_all_resolvers_is_the_offices(void **state)
{
    (void)state;
    for (enum check i = DNS_MX; i < CHECK_COUNT; i++)
        if ((check_row(i)->needs & CHECK_BIT(OFFICE_RESOLVER)) != 0)
            (void)spoil(DNS_TIMED_OUT, i, SERVICE_DNS, "timed out");
    pass_over(TLS_MX, DNS_MX);
    pass_over(PROVIDER_HEALTH, TLS_WEBMAIL);
    pass_over(INBOUND_SMTP, TLS_MX);
    pass_over(WEBMAIL_LOGIN, TLS_WEBMAIL);
    pass_over(IMAP_LOGIN, TLS_IMAP);
    pass_over(SUBMISSION_LOGIN, TLS_SUBMISSION);
    pass_over(MAIL_SEND, SUBMISSION_LOGIN);
    pass_over(MAIL_RECEIVE, IMAP_LOGIN);
    office_diagnose(&office);
    assert_roots("office.resolver-dead likely");
    assert_eight("u u u s(office.resolver) s(office.resolver) s(office.resolver) "
                 "s(office.resolver) s(office.resolver)");
    assert_remedies("mend-resolver");
    assert_exit(3);
}

static void silence_about_one_name_is_not_the_resolvers(void **state)
{
    (void)state;
    (void)spoil(DNS_TIMED_OUT, DNS_SRV, SERVICE_DNS, "timed out");
    office_diagnose(&office);
    assert_roots("dns.timed-out certain");
    assert_int_equal(office.ledger.checks[OFFICE_RESOLVER].status, STATUS_OK);
    assert_exit(3);
}

/* ---- reaching servers ---- */

static void a_service_that_fails_over_ipv6_only_is_the_offices_ipv6(void **state)
{
    (void)state;
    static const enum finding findings[] = { SERVICE_TIMED_OUT, SERVICE_UNREACHABLE,
                                             SERVICE_REFUSED, SERVICE_CLOSED };
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        office_begin(&office);
        (void)office_add(&office, findings[i], TLS_IMAP, SERVICE_IMAP, FAMILY_V6, "");
        (void)office_add(&office, findings[i], TLS_WEBMAIL, SERVICE_WEBMAIL, FAMILY_V6, "");
        office_diagnose(&office);
        assert_roots("office.ipv6-broken likely");
        assert_eight("o o o o o o o o");
        assert_exit(1);
        assert_int_equal(office.ledger.checks[TLS_IMAP].status, STATUS_WARNING);
    }
}

static void a_service_that_fails_over_both_families_is_down(void **state)
{
    (void)state;
    (void)spoil(SERVICE_REFUSED, TLS_WEBMAIL, SERVICE_WEBMAIL, "");
    (void)office_add(&office, SERVICE_REFUSED, TLS_WEBMAIL, SERVICE_WEBMAIL, FAMILY_V6, "");
    pass_over(WEBMAIL_LOGIN, TLS_WEBMAIL);
    office_diagnose(&office);
    assert_roots("service.refused likely");
    assert_exit(2);
}

static void one_mx_host_down_is_a_warning(void **state)
{
    (void)state;
    (void)office_add(&office, SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX, FAMILY_V4, "");
    (void)office_add(&office, SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX, FAMILY_V6, "");
    office_diagnose(&office);
    assert_roots("inbound.host-down likely");
    assert_int_equal(office.ledger.checks[TLS_MX].status, STATUS_WARNING);
    assert_exit(1);
}

static void an_mx_host_that_answers_over_ipv4_only_is_not_down(void **state)
{
    (void)state;
    (void)office_add(&office, SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX, FAMILY_V6, "");
    office_diagnose(&office);
    assert_roots("office.ipv6-broken likely");
}

static void close_port_25(enum finding finding)
{
    (void)spoil(finding, TLS_MX, SERVICE_MX, "");
    pass_over(INBOUND_SMTP, TLS_MX);
}

static void no_mx_host_answering_beside_a_provider_that_does_is_a_closed_port(void **state)
{
    (void)state;
    static const enum finding findings[] = { SERVICE_TIMED_OUT, SERVICE_REFUSED,
                                             SERVICE_UNREACHABLE };
    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        office_begin(&office);
        close_port_25(findings[i]);
        (void)spoil(MAIL_NO_INBOUND_PATH, MAIL_RECEIVE, SERVICE_MX, "");
        office_diagnose(&office);
        assert_roots("office.port-blocked likely");
        assert_eight("o o o o o u o o");
        assert_exit(3);
        assert_int_equal(office.ledger.checks[TLS_MX].status, STATUS_UNKNOWN);
        assert_string_equal(office.diagnosis.roots[0].raised->params.value[PARAM_PORT], "25");
    }
}

static void a_closed_port_is_nobodys_trouble_when_mail_came_another_way(void **state)
{
    (void)state;
    close_port_25(SERVICE_TIMED_OUT);
    office_diagnose(&office);
    assert_roots("");
    assert_eight("o o o o o o o o");
    assert_exit(0);
}

static void a_provider_that_is_silent_everywhere_is_no_closed_port(void **state)
{
    (void)state;
    for (enum check i = TLS_WEBMAIL; i <= TLS_MX; i++)
        (void)spoil(SERVICE_TIMED_OUT, i, SERVICE_WEBMAIL, "");
    office_diagnose(&office);
    assert_roots("service.timed-out likely");
}

static void a_bad_certificate_is_one_root_and_skips_what_needs_it(void **state)
{
    (void)state;
    static const struct {
        enum finding finding;
        const char *root;
    } rows[] = {
        { TLS_EXPIRED, "tls.expired certain" },
        { TLS_NAME_MISMATCH, "tls.name-mismatch certain" },
        { TLS_UNTRUSTED, "tls.untrusted likely" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        office_begin(&office);
        (void)spoil(rows[i].finding, TLS_SUBMISSION, SERVICE_SUBMISSION, "");
        pass_over(SUBMISSION_LOGIN, TLS_SUBMISSION);
        pass_over(MAIL_SEND, SUBMISSION_LOGIN);
        office_diagnose(&office);
        assert_roots(rows[i].root);
        assert_eight("u o o o o o o s(tls.submission)");
        assert_exit(2);
    }
}

static void without_a_clock_no_certificate_date_is_blamed(void **state)
{
    (void)state;
    (void)spoil(DEVICE_CLOCK_UNSET, DEVICE_CLOCK, SERVICE_DNS, "");
    (void)spoil(TLS_NOT_YET_VALID, TLS_IMAP, SERVICE_IMAP, "");
    office_diagnose(&office);
    assert_roots("device.clock-unset likely");
    assert_remedies("set-clock");
    assert_exit(3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_foreign_mx_is_the_one_root_of_all_that_depends_on_it),
        TEST(a_missing_or_dangling_mx_explains_as_much),
        TEST(a_wrong_mx_and_a_wrong_password_are_two_roots_lowest_first),
        TEST(a_mixed_mx_is_a_warning_and_hides_nothing),
        TEST(a_mixed_mx_does_not_explain_lost_mail),
        TEST(a_wrong_srv_fails_only_itself),
        TEST(a_domain_that_does_not_exist_explains_its_missing_records),
        TEST(servfail_on_several_checks_is_one_root_and_not_a_failure),
        TEST(silence_of_all_resolvers_is_the_offices),
        TEST(silence_about_one_name_is_not_the_resolvers),
        TEST(a_service_that_fails_over_ipv6_only_is_the_offices_ipv6),
        TEST(a_service_that_fails_over_both_families_is_down),
        TEST(one_mx_host_down_is_a_warning),
        TEST(an_mx_host_that_answers_over_ipv4_only_is_not_down),
        TEST(no_mx_host_answering_beside_a_provider_that_does_is_a_closed_port),
        TEST(a_closed_port_is_nobodys_trouble_when_mail_came_another_way),
        TEST(a_provider_that_is_silent_everywhere_is_no_closed_port),
        TEST(a_bad_certificate_is_one_root_and_skips_what_needs_it),
        TEST(without_a_clock_no_certificate_date_is_blamed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
