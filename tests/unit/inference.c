/* SPDX-License-Identifier: MIT */
/* Every rule of rules.def, each by an office that it alone can tell. A rule without a case here
 * fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verdict.h"

#define EARLIER_MS 1700000000000

/* ---- ways to be sick ---- */

/* As code concludes it from what several connections showed: nobody said so. */
static struct raised *decide(enum finding finding, enum check check)
{
    (void)office_blank(&office, check);
    return ledger_raise(&office.ledger, finding, check, SERVICE_DNS, "", "", FAMILY_V4, SLICE(""));
}

static void beside(enum finding finding, enum check check, enum service service)
{
    (void)office_add(&office, finding, check, service, FAMILY_V4, "words");
}

static void lock_out(void)
{
    office_refuse_password(&office);
    office.budget.accepted_ms = EARLIER_MS;
}

static void refuse_recipient(const char *said)
{
    (void)spoil(INBOUND_RCPT_REFUSED, INBOUND_SMTP, SERVICE_MX, said);
}

static void refuse_sending(void)
{
    (void)spoil(SUBMISSION_LOGIN_REFUSED, SUBMISSION_LOGIN, SERVICE_SUBMISSION, "535 5.7.3 no");
    pass_over(MAIL_SEND, SUBMISSION_LOGIN);
}

static void lie(const char *name)
{
    static const char domain[] = "example.com";
    struct raised *lie = spoil(OFFICE_RESOLVER_LIES, OFFICE_RESOLVER, SERVICE_DNS, "192.0.2.1");
    lie->params.value[PARAM_DOMAIN] = domain;
    lie->params.value[PARAM_NAME] = name == NULL ? domain : name;
}

static void find_autodiscover(enum finding finding, const char *host)
{
    struct raised *raised =
        spoil(finding, AUTODISCOVER_OUTLOOK, SERVICE_AUTODISCOVER, "HTTP/1.1 200 OK");
    raised->params.value[PARAM_HOST] = host;
}

/* ---- what is concluded ---- */

static void several_busy(void)
{
    (void)spoil(SERVICE_BUSY, TLS_IMAP, SERVICE_IMAP, "* BYE");
    (void)spoil(SERVICE_BUSY, TLS_SUBMISSION, SERVICE_SUBMISSION, "421");
}

static void one_busy(void)
{
    (void)spoil(SERVICE_BUSY, TLS_IMAP, SERVICE_IMAP, "* BYE");
}

static void imap_switched_off(void)
{
    (void)spoil(IMAP_LOGIN_REFUSED, IMAP_LOGIN, SERVICE_IMAP, "1 NO");
}

static void spam_block_told(void)
{
    (void)spoil(ACCOUNT_BLOCKED_FOR_SPAM, MAIL_SEND, SERVICE_SUBMISSION, "550 no more");
}

static void refused_by_submission_alone(void)
{
    refuse_sending();
}

static void refused_by_submission_with_a_full_mailbox(void)
{
    refuse_sending();
    beside(ACCOUNT_QUOTA_FULL, ACCOUNT_QUOTA, SERVICE_IMAP);
}

static void provider_clears_all(void)
{
    office.ledger.provider.sending = TOLD_GOOD;
    office.ledger.provider.subscription = TOLD_GOOD;
    office.ledger.provider.lock = TOLD_GOOD;
}

static void all_well(void)
{
}

static void expiry_told(void)
{
    (void)spoil(ACCOUNT_SUBSCRIPTION_EXPIRED, IMAP_LOGIN, SERVICE_IMAP, "1 NO expired");
}

static void mailbox_disabled(void)
{
    office_refuse_password(&office);
    refuse_recipient("550 5.2.1 disabled");
}

static void closed_after_use(void)
{
    lock_out();
    refuse_recipient("550 5.1.1 unknown");
}

static void closed_without_history(void)
{
    office_refuse_password(&office);
    refuse_recipient("550 5.1.1 unknown");
}

static void wrong_password(void)
{
    office_refuse_password(&office);
}

static void lock_told(void)
{
    (void)spoil(ACCOUNT_LOCKED, IMAP_LOGIN, SERVICE_IMAP, "1 NO locked");
}

/* ---- what code concludes ---- */

static void clock_unset(void)
{
    (void)decide(DEVICE_CLOCK_UNSET, DEVICE_CLOCK);
}

static void clock_wrong(void)
{
    (void)decide(DEVICE_CLOCK_WRONG, DEVICE_CLOCK);
}

static void clock_far_off(void)
{
    (void)decide(DEVICE_CLOCK_FAR_OFF, DEVICE_CLOCK);
}

static void no_link(void)
{
    (void)decide(OFFICE_NO_LINK, OFFICE_LINK);
}

static void no_route(void)
{
    (void)decide(OFFICE_NO_ROUTE, OFFICE_LINK);
}

static void internet_down(void)
{
    (void)decide(ISP_INTERNET_DOWN, ISP_REACH);
}

static void resolver_dead(void)
{
    (void)decide(OFFICE_RESOLVER_DEAD, OFFICE_RESOLVER);
}

static void resolver_fails(void)
{
    (void)decide(OFFICE_RESOLVER_FAILS, OFFICE_RESOLVER);
}

static void ipv6_broken(void)
{
    (void)office_add(&office, SERVICE_TIMED_OUT, TLS_IMAP, SERVICE_IMAP, FAMILY_V6, "");
}

static void one_mx_host_down(void)
{
    (void)office_add(&office, SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX, FAMILY_V4, "");
}

static void port_closed(void)
{
    (void)decide(OFFICE_PORT_BLOCKED, OFFICE_EGRESS);
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
}

static void banned(void)
{
    (void)decide(OFFICE_BANNED, OFFICE_EGRESS);
}

static void intercepted(void)
{
    (void)decide(OFFICE_TLS_INTERCEPTED, OFFICE_MIDDLEBOX);
}

static void inspected(void)
{
    (void)decide(TLS_EXPIRED, TLS_IMAP); /* beside it: two faults, two roots */
    (void)spoil(SMTP_NO_STARTTLS, TLS_SUBMISSION, SERVICE_SUBMISSION, "250 HELP");
}

/* ---- what explains what ---- */

static void offline(void)
{
    no_link();
    beside(SERVICE_TIMED_OUT, TLS_IMAP, SERVICE_IMAP);
}

static void neither_link_nor_route(void)
{
    no_link();
    (void)decide(OFFICE_NO_ROUTE, OFFICE_LINK);
    (void)decide(OFFICE_NO_LINK, OFFICE_LINK);
}

static void dates_by_a_wrong_clock(void)
{
    clock_far_off();
    beside(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP);
}

static void error_of_a_failing_resolver(void)
{
    resolver_fails();
    beside(DNS_SERVFAIL, DNS_SRV, SERVICE_DNS);
}

static void false_mx(void)
{
    lie(NULL);
    beside(DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS);
}

static void false_host(void)
{
    lie("ex4.mail.ovh.net");
    beside(TLS_UNTRUSTED, TLS_IMAP, SERVICE_IMAP);
}

static void certificates_of_the_firewall(void)
{
    intercepted();
    beside(TLS_UNTRUSTED, TLS_IMAP, SERVICE_IMAP);
}

static void offers_taken_out_everywhere(void)
{
    (void)spoil(SMTP_NO_STARTTLS, TLS_SUBMISSION, SERVICE_SUBMISSION, "250 HELP");
    beside(INBOUND_NO_STARTTLS, TLS_MX, SERVICE_MX);
}

static void no_way_to_the_mx(void)
{
    (void)decide(OFFICE_PORT_BLOCKED, OFFICE_EGRESS);
    (void)spoil(MAIL_NO_INBOUND_PATH, MAIL_RECEIVE, SERVICE_MX, "");
}

static void port_that_nobody_needs(void)
{
    decide(OFFICE_PORT_BLOCKED, OFFICE_EGRESS)->params.value[PARAM_PORT] = "25";
}

static void no_domain(void)
{
    (void)spoil(DNS_DOMAIN_MISSING, DNS_MX, SERVICE_DNS, "NXDOMAIN");
    beside(DNS_SRV_MISSING, DNS_SRV, SERVICE_DNS);
}

static void zone_broken(void)
{
    (void)spoil(DNS_ZONE_BROKEN, DNS_MX, SERVICE_DNS, "SERVFAIL");
    beside(DNS_SERVFAIL, DNS_SRV, SERVICE_DNS);
}

static void foreign_mx(void)
{
    (void)spoil(DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 mx.elsewhere.example");
    beside(SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX);
    beside(INBOUND_NO_STARTTLS, TLS_MX, SERVICE_MX);
}

static void outlook_without_records(void)
{
    (void)spoil(DNS_SRV_MISSING, DNS_SRV, SERVICE_DNS, "");
    find_autodiscover(AUTODISCOVER_NOT_FOUND, "example.com");
}

static void srv_leads_astray(void)
{
    struct raised *record = spoil(DNS_SRV_WRONG, DNS_SRV, SERVICE_DNS, "0 0 443 old.example.net");
    record->params.value[PARAM_FOUND] = "0 0 443 old.example.net";
    find_autodiscover(AUTODISCOVER_WRONG_SERVICE, "old.example.net");
}

static void alias_leads_astray(void)
{
    (void)spoil(DNS_AUTODISCOVER_CNAME_WRONG, DNS_AUTODISCOVER, SERVICE_DNS, "www.example.com");
    find_autodiscover(AUTODISCOVER_CERTIFICATE, "autodiscover.example.com");
}

static void wrong_service_before_srv(void)
{
    (void)spoil(DNS_SRV_SHADOWED, DNS_SRV, SERVICE_DNS, "");
    find_autodiscover(AUTODISCOVER_WRONG_SERVICE, "autodiscover.example.com");
}

static void two_refusals(void)
{
    office_refuse_password(&office);
    (void)spoil(IMAP_LOGIN_REFUSED, IMAP_LOGIN, SERVICE_IMAP, "1 NO");
}

static void password_expired(void)
{
    (void)spoil(LOGIN_PASSWORD_EXPIRED, WEBMAIL_LOGIN, SERVICE_WEBMAIL, "reason=5");
    (void)spoil(IMAP_LOGIN_REFUSED, IMAP_LOGIN, SERVICE_IMAP, "1 NO");
    pass_over(SUBMISSION_LOGIN, IMAP_LOGIN);
}

static void mailbox_away(void)
{
    (void)spoil(WEBMAIL_MAILBOX_UNAVAILABLE, WEBMAIL_LOGIN, SERVICE_WEBMAIL, "HTTP/1.1 500");
    (void)spoil(IMAP_LOGIN_REFUSED, IMAP_LOGIN, SERVICE_IMAP, "1 NO");
    pass_over(SUBMISSION_LOGIN, IMAP_LOGIN);
}

static void mailbox_away_twice(void)
{
    (void)spoil(WEBMAIL_MAILBOX_UNAVAILABLE, WEBMAIL_LOGIN, SERVICE_WEBMAIL, "HTTP/1.1 500");
    (void)spoil(EWS_MAILBOX_UNAVAILABLE, EWS_LOGIN, SERVICE_EXCHANGE, "ErrorMailboxMoveInProgress");
}

static void spam_block_and_bounce(void)
{
    (void)spoil(MAIL_BOUNCED, MAIL_SEND, SERVICE_IMAP, "550 5.7.1 no");
    beside(ACCOUNT_BLOCKED_FOR_SPAM, SUBMISSION_LOGIN, SERVICE_SUBMISSION);
}

static void expiry_stops_mail(void)
{
    expiry_told();
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
}

static void locked_and_refused(void)
{
    lock_out();
}

static void full_and_refused(void)
{
    (void)spoil(ACCOUNT_QUOTA_FULL, ACCOUNT_QUOTA, SERVICE_IMAP, "100 100");
    refuse_recipient("552 5.2.2 full");
}

static void full_and_lost(void)
{
    (void)spoil(ACCOUNT_QUOTA_FULL, ACCOUNT_QUOTA, SERVICE_IMAP, "100 100");
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
}

static void full_and_nearly_full(void)
{
    (void)spoil(ACCOUNT_QUOTA_NEARLY_FULL, ACCOUNT_QUOTA, SERVICE_IMAP, "95 100");
    beside(ACCOUNT_QUOTA_FULL, MAIL_SEND, SERVICE_SUBMISSION);
}

static void refused_and_lost(void)
{
    refuse_recipient("550 5.1.1 unknown");
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_MX, "550 5.1.1 unknown");
}

static void bounced(void)
{
    (void)spoil(MAIL_BOUNCED, MAIL_SEND, SERVICE_IMAP, "550 5.7.1 no");
    beside(MAIL_NOT_SENT, MAIL_SEND, SERVICE_IMAP);
}

static void lost_to_itself(void)
{
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
    (void)spoil(MAIL_NOT_SENT, MAIL_SEND, SERVICE_IMAP, "");
}

static void late_by_one_hop(void)
{
    (void)spoil(MAIL_LATE, MAIL_RECEIVE, SERVICE_IMAP, "");
    beside(MAIL_SLOW_HOP, MAIL_RECEIVE, SERVICE_IMAP);
}

static void spf_fails_by_its_record(void)
{
    (void)spoil(DNS_SPF_SEVERAL, DNS_SPF, SERVICE_DNS, "v=spf1 -all, v=spf1 ~all");
    beside(MAIL_SPF_FAILS, MAIL_SEND, SERVICE_IMAP);
}

static void dkim_fails_by_its_key(void)
{
    (void)spoil(DNS_DKIM_KEY_REVOKED, DNS_DKIM, SERVICE_DNS, "v=DKIM1; p=");
    beside(MAIL_DKIM_FAILS, MAIL_SEND, SERVICE_IMAP);
}

static void dmarc_fails_by_dkim(void)
{
    beside(MAIL_DKIM_FAILS, MAIL_SEND, SERVICE_IMAP);
    beside(MAIL_DMARC_FAILS, MAIL_SEND, SERVICE_IMAP);
}

/* ---- how sure it is ---- */

static void provider_says_locked(void)
{
    (void)spoil(ACCOUNT_LOCKED, PROVIDER_ACCOUNT, SERVICE_PROVIDER_API, "isLocked true");
}

static void prx(void)
{
    (void)spoil(PROVIDER_INCIDENT, MAIL_SEND, SERVICE_SUBMISSION, "451 4.7.0 PRX3");
}

static void health_page_down(void)
{
    (void)spoil(PROVIDER_INCIDENT, PROVIDER_HEALTH, SERVICE_WEBMAIL, "HTTP/1.1 503");
}

static void masked(void)
{
    (void)spoil(SMTP_NO_STARTTLS, TLS_SUBMISSION, SERVICE_SUBMISSION, "250 XXXXXXXA");
}

static void spam_code(void)
{
    (void)spoil(ACCOUNT_BLOCKED_FOR_SPAM, MAIL_SEND, SERVICE_SUBMISSION, "550 5.1.8 denied");
}

static void only_a_sister_answers(void)
{
    decide(OFFICE_BANNED, OFFICE_EGRESS)->params.value[PARAM_OTHER] = "ex5.mail.ovh.net";
}

static void dkim_not_found(void)
{
    (void)spoil(DNS_DKIM_KEY_MISSING, DNS_DKIM, SERVICE_DNS, "");
}

static void policy_not_reached(void)
{
    (void)spoil(DNS_MTA_STS_UNREACHABLE, DNS_MTA_STS, SERVICE_MTA_STS, "");
}

static void srv_missing(void)
{
    (void)spoil(DNS_SRV_MISSING, DNS_SRV, SERVICE_DNS, "");
}

static void never_seen(void)
{
    (void)spoil(MAIL_NOT_SENT, MAIL_SEND, SERVICE_PEER_IMAP, "");
}

static void refused_outright(void)
{
    (void)spoil(SMTP_GREETING_REFUSED, TLS_SUBMISSION, SERVICE_SUBMISSION, "554 no");
}

static void silent(void)
{
    (void)spoil(SERVICE_TIMED_OUT, TLS_IMAP, SERVICE_IMAP, "");
}

/* ---- what speaks against it ---- */

static void blocked_yet_sent(void)
{
    beside(ACCOUNT_BLOCKED_FOR_SPAM, SUBMISSION_LOGIN, SERVICE_SUBMISSION);
}

static void blocked_yet_full(void)
{
    spam_block_told();
    beside(ACCOUNT_QUOTA_FULL, ACCOUNT_QUOTA, SERVICE_IMAP);
}

static void locked_yet_let_in(void)
{
    lock_told();
}

static void refused_yet_accepted_before(void)
{
    lock_out();
    (void)spoil(SERVICE_TIMED_OUT, TLS_MX, SERVICE_MX, "");
    pass_over(INBOUND_SMTP, TLS_MX);
}

static void refused_yet_received(void)
{
    refuse_recipient("550 5.1.1 unknown");
}

static void lost_yet_own_mail_arrived(void)
{
    (void)spoil(MAIL_NOT_RECEIVED, MAIL_RECEIVE, SERVICE_IMAP, "");
    ledger_fact(&office.ledger, MAIL_SEND, "to", "anna@example.com");
}

static void expired_yet_clock_wrong(void)
{
    clock_wrong();
    (void)spoil(TLS_EXPIRED, TLS_IMAP, SERVICE_IMAP, "");
}

static void foreign_yet_meddled_with(void)
{
    (void)spoil(OFFICE_DNS_INTERCEPTED, OFFICE_RESOLVER, SERVICE_DNS, "");
    (void)spoil(DNS_MX_FOREIGN, DNS_MX, SERVICE_DNS, "10 mx.elsewhere.example");
}

static void spf_wrong_yet_passing(void)
{
    (void)spoil(DNS_SPF_SEVERAL, DNS_SPF, SERVICE_DNS, "v=spf1 -all, v=spf1 ~all");
    ledger_fact(&office.ledger, MAIL_SEND, "receiver_says", "spf pass, dkim none");
}

static void key_revoked_yet_verified(void)
{
    (void)spoil(DNS_DKIM_KEY_REVOKED, DNS_DKIM, SERVICE_DNS, "v=DKIM1; p=");
    ledger_fact(&office.ledger, MAIL_SEND, "signature", "pass");
}

/* ---- one case for each rule ---- */

/* clang-format off */
static const struct {
    void (*sicken)(void);
    const char *roots; /* what it must come to */
} cases[RULE_COUNT] = {
    [RULE_INCIDENT_OF_SEVERAL]  = { several_busy, "provider.incident likely" },
    [RULE_INCIDENT_OF_ONE]      = { one_busy, "provider.incident possible" },
    [RULE_SWITCHED_OFF]         = { imap_switched_off, "login.disabled-for-mailbox likely" },
    [RULE_SPAM_TOLD]            = { spam_block_told, "account.blocked-for-spam likely" },
    [RULE_SPAM_OR_FULL]         = { refused_by_submission_with_a_full_mailbox,
                                    "account.quota-full likely, account.blocked-for-spam possible" },
    [RULE_SENDING_CLEARED]      = { provider_clears_all, "" },
    [RULE_SPAM_INFERRED]        = { refused_by_submission_alone, "account.blocked-for-spam likely" },
    [RULE_SENDING_WORKS]        = { all_well, "" },
    [RULE_EXPIRY_TOLD]          = { expiry_told, "account.subscription-expired possible" },
    [RULE_SUBSCRIPTION_CLEARED] = { provider_clears_all, "" },
    [RULE_EXPIRY_NAMED]         = { mailbox_disabled, "account.subscription-expired likely" },
    [RULE_EXPIRY_AFTER_USE]     = { closed_after_use, "account.subscription-expired likely" },
    [RULE_EXPIRY_GUESSED]       = { closed_without_history, "account.subscription-expired possible" },
    [RULE_SUBSCRIPTION_LETS_IN] = { all_well, "" },
    [RULE_SUBSCRIPTION_RECEIVES] = { wrong_password, "webmail.login-refused likely" },
    [RULE_LOCK_TOLD]            = { lock_told, "account.locked-by-policy possible" },
    [RULE_LOCK_CLEARED]         = { provider_clears_all, "" },
    [RULE_LOCK_INFERRED]        = { locked_and_refused, "account.locked-by-policy likely" },
    [RULE_NOT_LOCKED]           = { all_well, "" },
    [RULE_CLOCK_UNSET]          = { clock_unset, "device.clock-unset likely" },
    [RULE_CLOCK_WRONG]          = { clock_wrong, "device.clock-wrong likely" },
    [RULE_CLOCK_FAR_OFF]        = { clock_far_off, "device.clock-far-off likely" },
    [RULE_NO_LINK]              = { no_link, "office.no-link likely" },
    [RULE_NO_ROUTE]             = { no_route, "office.no-route likely" },
    [RULE_INTERNET_DOWN]        = { internet_down, "isp.internet-down likely" },
    [RULE_RESOLVER_DEAD]        = { resolver_dead, "office.resolver-dead likely" },
    [RULE_RESOLVER_FAILS]       = { resolver_fails, "office.resolver-fails likely" },
    [RULE_IPV6_BROKEN]          = { ipv6_broken, "office.ipv6-broken likely" },
    [RULE_MX_HOST_DOWN]         = { one_mx_host_down, "inbound.host-down likely" },
    [RULE_PORT_BLOCKED]         = { port_closed, "office.port-blocked likely, mail.test-not-received likely" },
    [RULE_BANNED]               = { banned, "office.banned likely" },
    [RULE_TLS_INTERCEPTED]      = { intercepted, "office.tls-intercepted likely" },
    [RULE_SMTP_INSPECTION]      = { inspected, "office.smtp-inspection likely, tls.expired certain" },
    [RULE_OFFLINE_SILENCES]     = { offline, "office.no-link likely" },
    [RULE_NO_LINK_FIRST]        = { neither_link_nor_route, "office.no-link likely" },
    [RULE_CLOCK_JUDGES_DATES]   = { dates_by_a_wrong_clock, "device.clock-far-off likely" },
    [RULE_RESOLVER_SILENT]      = { error_of_a_failing_resolver, "office.resolver-fails likely" },
    [RULE_FALSE_MX]             = { false_mx, "office.resolver-lies certain" },
    [RULE_FALSE_HOST]           = { false_host, "office.resolver-lies certain" },
    [RULE_INTERCEPTION_SIGNS]   = { certificates_of_the_firewall, "office.tls-intercepted likely" },
    [RULE_INSPECTION_STRIPS]    = { offers_taken_out_everywhere, "office.smtp-inspection likely" },
    [RULE_NO_WAY_IN]            = { no_way_to_the_mx, "office.port-blocked likely" },
    [RULE_RECEIVED_ANYWAY]      = { port_that_nobody_needs, "" },
    [RULE_NO_DOMAIN]            = { no_domain, "dns.domain-missing certain" },
    [RULE_ZONE_BROKEN]          = { zone_broken, "dns.zone-broken certain" },
    [RULE_MX_LEADS]             = { foreign_mx, "dns.mx-foreign certain" },
    [RULE_RECORDS_LEAD_OUTLOOK] = { outlook_without_records, "dns.srv-missing certain" },
    [RULE_SRV_LED_THERE]        = { srv_leads_astray, "dns.srv-wrong certain" },
    [RULE_ALIAS_LED_THERE]      = { alias_leads_astray, "dns.autodiscover-cname-wrong certain" },
    [RULE_WRONG_SERVICE_SEEN]   = { wrong_service_before_srv, "autodiscover.wrong-service certain" },
    [RULE_INCIDENT_DELAYS]      = { one_busy, "provider.incident possible" },
    [RULE_ONE_PASSWORD]         = { two_refusals, "webmail.login-refused likely" },
    [RULE_EXPIRED_PASSWORD]     = { password_expired, "login.password-expired certain" },
    [RULE_MAILBOX_AWAY]         = { mailbox_away, "webmail.mailbox-unavailable certain" },
    [RULE_ONE_MAILBOX]          = { mailbox_away_twice, "webmail.mailbox-unavailable certain" },
    [RULE_SPAM_STOPS]           = { spam_block_and_bounce, "account.blocked-for-spam likely" },
    [RULE_EXPIRY_CLOSES]        = { closed_without_history, "account.subscription-expired possible" },
    [RULE_EXPIRY_STOPS]         = { expiry_stops_mail, "account.subscription-expired possible" },
    [RULE_LOCK_CLOSES]          = { locked_and_refused, "account.locked-by-policy likely" },
    [RULE_FULL_REFUSES]         = { full_and_refused, "account.quota-full likely" },
    [RULE_FULL_STOPS]           = { full_and_lost, "account.quota-full certain" },
    [RULE_FULL_IS_MORE]         = { full_and_nearly_full, "account.quota-full likely" },
    [RULE_RECIPIENT_REFUSED]    = { refused_and_lost, "inbound.rcpt-refused certain" },
    [RULE_NEVER_LEFT]           = { bounced, "mail.bounced certain" },
    [RULE_LOST_ONCE]            = { lost_to_itself, "mail.test-not-received likely" },
    [RULE_ONE_HOP_DELAYS]       = { late_by_one_hop, "mail.slow-hop likely" },
    [RULE_SPF_RECORD_SEEN]      = { spf_fails_by_its_record, "dns.spf-several certain" },
    [RULE_DKIM_KEY_SEEN]        = { dkim_fails_by_its_key, "dns.dkim-key-revoked certain" },
    [RULE_DMARC_NEEDS_EITHER]   = { dmarc_fails_by_dkim, "mail.dkim-fails likely" },
    [RULE_PROVIDERS_WORD]       = { provider_says_locked, "account.locked-by-policy certain" },
    [RULE_INCIDENT_OUTRIGHT]    = { prx, "provider.incident certain" },
    [RULE_INCIDENT_TOLD]        = { health_page_down, "provider.incident likely" },
    [RULE_INSPECTION_SEEN]      = { masked, "office.smtp-inspection certain" },
    [RULE_SPAM_CODE]            = { spam_code, "account.blocked-for-spam certain" },
    [RULE_SPAM_WORDS]           = { spam_block_told, "account.blocked-for-spam likely" },
    [RULE_BAN_OR_DOWN]          = { only_a_sister_answers, "office.banned possible" },
    [RULE_AMBIGUOUS]            = { wrong_password, "webmail.login-refused likely" },
    [RULE_LOOKED_FOR]           = { dkim_not_found, "dns.dkim-key-missing likely" },
    [RULE_SEEN_FROM_HERE]       = { policy_not_reached, "dns.mta-sts-unreachable likely" },
    [RULE_READ_OFF]             = { srv_missing, "dns.srv-missing certain" },
    [RULE_MISSED]               = { never_seen, "mail.test-not-sent likely" },
    [RULE_OUTRIGHT]             = { refused_outright, "smtp.greeting-refused certain" },
    [RULE_FITS]                 = { silent, "service.timed-out likely" },
    [RULE_YET_SENT]             = { blocked_yet_sent, "account.blocked-for-spam possible" },
    [RULE_YET_FULL]             = { blocked_yet_full,
                                    "account.quota-full likely, account.blocked-for-spam possible" },
    [RULE_YET_LET_IN]           = { locked_yet_let_in, "account.locked-by-policy possible" },
    [RULE_YET_WORKED_BEFORE]    = { refused_yet_accepted_before,
                                    "office.port-blocked likely, webmail.login-refused likely" },
    [RULE_YET_RECEIVED]         = { refused_yet_received, "inbound.rcpt-refused likely" },
    [RULE_YET_OWN_MAIL]         = { lost_yet_own_mail_arrived, "mail.test-not-received likely" },
    [RULE_YET_CLOCK_WRONG]      = { expired_yet_clock_wrong, "device.clock-wrong likely, tls.expired likely" },
    [RULE_YET_SPF_PASSES]       = { spf_wrong_yet_passing, "dns.spf-several likely" },
    [RULE_YET_SIGNATURE_GOOD]   = { key_revoked_yet_verified, "dns.dkim-key-revoked likely" },
    [RULE_YET_MEDDLED]          = { foreign_yet_meddled_with,
                                    "office.dns-intercepted likely, dns.mx-foreign likely" },
};
/* clang-format on */

static bool is_objected(enum rule rule)
{
    for (size_t i = 0; i < office.diagnosis.root_count; i++)
        for (size_t k = 0; k < office.diagnosis.roots[i].against_count; k++)
            if (office.diagnosis.roots[i].against[k].rule == rule)
                return true;
    return false;
}

static bool is_used(enum rule rule)
{
    const struct diagnosis *diagnosis = &office.diagnosis;
    for (enum check i = 0; i < CHECK_COUNT; i++)
        if (office.ledger.checks[i].rule == rule)
            return true;
    for (size_t i = 0; i < office.ledger.raised_count; i++)
        if (office.ledger.raised[i].rule == rule || diagnosis->explained[i].rule == rule)
            return true;
    for (size_t i = 0; i < diagnosis->root_count; i++)
        if (diagnosis->roots[i].rule == rule || diagnosis->roots[i].sure_by == rule)
            return true;
    return is_objected(rule);
}

static void judge_case(enum rule rule)
{
    if (cases[rule].sicken == NULL)
        fail_msg("rule %s has no case here", rule_row(rule)->slug);
    office_begin(&office);
    cases[rule].sicken();
    office_diagnose(&office);
    if (!is_used(rule))
        fail_msg("rule %s is not used in its case", rule_row(rule)->slug);
    if (cases[rule].roots != NULL)
        assert_roots(cases[rule].roots);
}

static void every_rule_has_an_office_that_it_tells(void **state)
{
    (void)state;
    for (enum rule rule = NO_RULE + 1; rule < RULE_COUNT; rule++)
        judge_case(rule);
}

/* ---- what is remembered of it ---- */

static void a_conclusion_names_all_that_it_was_drawn_from(void **state)
{
    (void)state;
    refused_by_submission_alone();
    office_diagnose(&office);
    const struct raised *root = office.diagnosis.roots[0].raised;
    assert_int_equal(root->rule, RULE_SPAM_INFERRED);
    assert_int_equal(root->from_count, 2);
    assert_int_equal(root->from[0].finding, SUBMISSION_LOGIN_REFUSED);
    assert_int_equal(root->from[1].finding, NO_FINDING);
    assert_int_equal(root->from[1].check, WEBMAIL_LOGIN);
}

static void a_replaced_finding_is_remembered_as_what_it_was(void **state)
{
    (void)state;
    imap_switched_off();
    office_diagnose(&office);
    const struct raised *root = office.diagnosis.roots[0].raised;
    assert_int_equal(root->from[0].finding, IMAP_LOGIN_REFUSED);
    assert_int_equal(root->from[0].check, IMAP_LOGIN);
}

static void what_a_server_said_needs_no_rule(void **state)
{
    (void)state;
    refused_outright();
    office_diagnose(&office);
    assert_int_equal(office.diagnosis.roots[0].rule, NO_RULE);
    assert_int_equal(office.diagnosis.roots[0].raised->from_count, 0);
}

static void an_objection_names_where_it_was_seen(void **state)
{
    (void)state;
    refused_yet_received();
    office_diagnose(&office);
    assert_int_equal(office.diagnosis.roots[0].against[0].from.check, MAIL_RECEIVE);
}

static void what_is_only_possible_leaves_its_result_open(void **state)
{
    (void)state;
    closed_without_history();
    office_diagnose(&office);
    assert_int_equal(office.ledger.checks[ACCOUNT_SUBSCRIPTION].status, STATUS_UNKNOWN);
    assert_exit(3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_rule_has_an_office_that_it_tells),
        TEST(a_conclusion_names_all_that_it_was_drawn_from),
        TEST(a_replaced_finding_is_remembered_as_what_it_was),
        TEST(what_a_server_said_needs_no_rule),
        TEST(an_objection_names_where_it_was_seen),
        TEST(what_is_only_possible_leaves_its_result_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
