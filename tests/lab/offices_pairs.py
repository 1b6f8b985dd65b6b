# SPDX-License-Identifier: MIT
"""Offices with two faults at once: what one fault hides is not guessed, and what it does not hide
is a root of its own, the lowest layer first."""

import domains
import hosts
from sickness import HEALTHY, NO_RESOLVER, SUBMISSION_DISABLED, Office, submission_at

ANNA = "anna@office.example"
FOREIGN = "anna@mx-foreign.example"
AT_PORTAL = "u u u s(office.middlebox) ok s(office.middlebox) ok s(office.middlebox)"
OFFLINE = "u u u s(isp.reach) ok s(isp.reach) ok s(isp.reach)"
NO_LOGINS = "u u u s(tls.webmail) ok s(tls.imap) ok s(tls.imap)"

# fmt: off
# Of these the lower one keeps the password from being spoken: the other one is not seen.
HIDDEN = (
    Office("resolver-dead-and-wrong-password", ANNA,
           NO_RESOLVER, 3, "office.resolver-dead likely", "mend-resolver",
           agent={"resolvers": [hosts.DEAD_RESOLVER]}, wrong_password=True),
    Office("captive-portal-and-wrong-password", ANNA,
           AT_PORTAL, 3, "office.captive-portal likely", "sign-in-at-portal",
           line="captive-portal", wrong_password=True),
    Office("internet-down-and-certificate-expired", ANNA,
           OFFLINE, 3, "isp.internet-down likely", "call-internet-provider",
           line="internet-down", settings=submission_at("ex5")),
    Office("clock-years-ahead-and-wrong-password", ANNA,
           NO_LOGINS, 3, "device.clock-far-off likely", "set-clock", clock="+3y",
           wrong_password=True),
)
BESIDE = (
    Office("mx-foreign-and-wrong-password", FOREIGN,
           "u u u failed failed s(dns.mx) ok s(webmail.login)", 2,
           "dns.mx-foreign certain; webmail.login-refused likely", "set-mx; correct-password",
           wrong_password=True),
    Office("mx-foreign-and-certificate-expired", FOREIGN,
           "u ok ok ok failed s(dns.mx) ok s(tls.submission)", 2,
           "dns.mx-foreign certain; tls.expired certain", "set-mx; renew-certificate",
           settings=submission_at("ex5")),
    Office("mx-foreign-and-quota-full", FOREIGN,
           "ok ok ok ok failed s(dns.mx) ok failed", 2,
           "dns.mx-foreign certain; account.quota-full certain", "set-mx; free-space",
           limit="200k", fill=201 * 1024, quick=True),
    Office("srv-missing-and-spam-550", "anna@srv-missing.example",
           "failed ok ok ok ok ok failed failed", 2,
           "dns.srv-missing certain; account.blocked-for-spam likely",
           "set-srv; answer-spam-notice", {"submission.mail": SUBMISSION_DISABLED}),
    Office("dmarc-missing-and-blocklisted", "anna@dmarc-missing.example",
           HEALTHY, 1, "dns.blocklist-listed certain; dns.dmarc-missing certain",
           "ask-delisting; set-dmarc",
           agent={"blocklists": [domains.LISTING]}),
    # Submission begins TLS by STARTTLS, which the inspection leaves alone.
    Office("tls-inspection-and-wrong-password", ANNA,
           "u ok u s(tls.webmail) ok s(tls.imap) ok s(tls.imap)", 2,
           "office.tls-intercepted likely; submission.login-refused likely",
           "stop-interception; correct-password", line="tls-inspection", wrong_password=True),
    Office("smtp-inspection-and-wrong-password", ANNA,
           "u ok u failed ok s(webmail.login) ok s(webmail.login)", 2,
           "office.smtp-inspection certain; webmail.login-refused likely",
           "stop-interception; correct-password", line="smtp-inspection", wrong_password=True),
)
# fmt: on
