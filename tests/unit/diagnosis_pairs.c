/* SPDX-License-Identifier: MIT */
/* Two faults at once that have nothing to do with each other: each is named, lowest first, and
 * neither hides the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict.h"

static void foreign_mx(void)
{
    (void)spoil(DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 mx.elsewhere.example");
    pass_over(TLS_MX, DNS_MX);
    pass_over(INBOUND_SMTP, TLS_MX);
    pass_over(MAIL_RECEIVE, DNS_MX);
}

static void expired_certificate(void)
{
    (void)spoil(TLS_EXPIRED, TLS_SUBMISSION, SERVICE_SUBMISSION, "");
    pass_over(SUBMISSION_LOGIN, TLS_SUBMISSION);
    pass_over(MAIL_SEND, SUBMISSION_LOGIN);
}

static void wrong_mx_and_expired_certificate(void **state)
{
    (void)state;
    foreign_mx();
    expired_certificate();
    office_diagnose(&office);
    assert_roots("dns.mx-foreign certain, tls.expired certain");
    assert_remedies("set-mx, renew-certificate");
    assert_eight("u o o o f s(dns.mx) o s(tls.submission)");
    assert_exit(2);
}

/* The password was refused in an earlier run, and nobody could be asked since. */
static void dead_resolver_and_wrong_password(void **state)
{
    (void)state;
    for (enum check i = DNS_MX; i < CHECK_COUNT; i++)
        if (check_row(i)->layer != LAYER_ACCOUNT)
            pass_over(i, OFFICE_RESOLVER);
    for (enum check i = WEBMAIL_LOGIN; i <= EWS_LOGIN; i++)
        pass_over(i, WEBMAIL_LOGIN);
    (void)spoil(OFFICE_RESOLVER_DEAD, OFFICE_RESOLVER, SERVICE_DNS, "");
    (void)spoil(WEBMAIL_LOGIN_REFUSED, WEBMAIL_LOGIN, SERVICE_WEBMAIL, "302 reason=2");
    office_diagnose(&office);
    assert_roots("office.resolver-dead likely, webmail.login-refused likely");
    assert_remedies("mend-resolver, correct-password");
    assert_exit(2);
}

static void wrong_mx_and_spam_block(void **state)
{
    (void)state;
    foreign_mx();
    (void)spoil(SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN, SERVICE_SUBMISSION, "535 5.7.3 no");
    pass_over(MAIL_SEND, SUBMISSION_LOGIN);
    office_diagnose(&office);
    assert_roots("dns.mx-foreign certain, account.blocked-for-spam likely");
}

static void expired_certificate_and_a_clock_that_is_far_off(void **state)
{
    (void)state;
    expired_certificate();
    (void)spoil(DEVICE_CLOCK_FAR_OFF, DEVICE_CLOCK, SERVICE_DNS, "");
    foreign_mx();
    office_diagnose(&office);
    assert_roots("device.clock-far-off likely, dns.mx-foreign certain");
}

static void a_resolver_that_lies_and_an_expired_certificate(void **state)
{
    (void)state;
    static const char domain[] = "example.com";
    struct raised *lie = spoil(OFFICE_RESOLVER_LIES, OFFICE_RESOLVER, SERVICE_DNS, "10 mx.bad");
    lie->params.value[PARAM_DOMAIN] = domain;
    lie->params.value[PARAM_NAME] = domain;
    foreign_mx();
    expired_certificate();
    office_diagnose(&office);
    assert_roots("office.resolver-lies certain, tls.expired certain");
}

static void internet_down_beside_records_from_a_cache(void **state)
{
    (void)state;
    foreign_mx();
    (void)spoil(ISP_INTERNET_DOWN, ISP_REACH, SERVICE_REACH, "");
    (void)spoil(SERVICE_TIMED_OUT, TLS_IMAP, SERVICE_IMAP, "");
    (void)spoil(PEER_UNUSABLE, MAIL_SEND, SERVICE_PEER_IMAP, "");
    office_diagnose(&office);
    assert_roots("isp.internet-down likely, dns.mx-foreign certain");
}

static void an_incident_and_a_wrong_srv(void **state)
{
    (void)state;
    (void)spoil(DNS_SRV_WRONG, DNS_SRV, SERVICE_DNS, "0 0 443 old.example.net");
    (void)spoil(PROVIDER_INCIDENT, MAIL_SEND, SERVICE_SUBMISSION, "451 4.7.0 PRX3");
    (void)spoil(SERVICE_BUSY, TLS_IMAP, SERVICE_IMAP, "* BYE");
    office_diagnose(&office);
    assert_roots("dns.srv-wrong certain, provider.incident certain");
}

static void a_full_mailbox_and_a_wrong_srv(void **state)
{
    (void)state;
    (void)spoil(DNS_SRV_WRONG, DNS_SRV, SERVICE_DNS, "0 0 443 old.example.net");
    (void)spoil(ACCOUNT_QUOTA_FULL, ACCOUNT_QUOTA, SERVICE_IMAP, "100 100");
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, "552 5.2.2 full");
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_MX, "552 5.2.2 full");
    office_diagnose(&office);
    assert_roots("dns.srv-wrong certain, account.quota-full certain");
}

/* What is heard behind a sign-in page is the page's. */
static void a_portal_and_anything(void **state)
{
    (void)state;
    static const struct {
        enum finding finding;
        enum check check;
    } heard[] = {
        { DNS_MX_FOREIGN, DNS_MX },
        { DNS_SERVFAIL, DNS_SRV },
        { TLS_UNTRUSTED, TLS_IMAP },
        { TLS_NAME_MISMATCH, TLS_WEBMAIL },
        { WEBMAIL_NOT_RECOGNISED, WEBMAIL_LOGIN },
        { SERVICE_GARBLED, TLS_SUBMISSION },
        { SERVICE_TIMED_OUT, TLS_MX },
        { PROVIDER_INCIDENT, PROVIDER_HEALTH },
    };
    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++) {
        office_begin(&office);
        (void)spoil(OFFICE_CAPTIVE_PORTAL, OFFICE_MIDDLEBOX, SERVICE_REACH, "HTTP/1.1 302 Found");
        (void)spoil(heard[i].finding, heard[i].check, SERVICE_DNS, "words");
        office_diagnose(&office);
        assert_roots("office.captive-portal likely");
        assert_exit(3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_mx_and_expired_certificate),
        TEST(dead_resolver_and_wrong_password),
        TEST(wrong_mx_and_spam_block),
        TEST(expired_certificate_and_a_clock_that_is_far_off),
        TEST(a_resolver_that_lies_and_an_expired_certificate),
        TEST(internet_down_beside_records_from_a_cache),
        TEST(an_incident_and_a_wrong_srv),
        TEST(a_full_mailbox_and_a_wrong_srv),
        TEST(a_portal_and_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
