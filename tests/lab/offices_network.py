# SPDX-License-Identifier: MIT
"""Offices that are sick below the mailbox: this device, the office's line, its resolver."""

import hosts
from namespaces import ROUTELESS, UNPLUGGED
from sickness import HEALTHY, NO_RESOLVER, NO_SUBMISSION, Office, submission_at

ANNA = "anna@office.example"
NO_MX = "ok ok ok ok failed s(dns.mx) ok ok"
NO_LOGINS = "u ok ok s(tls.webmail) ok s(tls.imap) ok s(tls.imap)"
NO_LOGINS_AT_ALL = "u u u s(tls.webmail) ok s(tls.imap) ok s(tls.imap)"


def offline(check):
    """Nothing is known of the account: one check below it explains all."""
    return "u u u" + f" s({check})" * 5


def resolvers(*addresses):
    return {"resolvers": list(addresses)}


# fmt: off
NETWORK_OFFICES = (
    Office("resolver-dead", ANNA,
           NO_RESOLVER, 3, "office.resolver-dead *", "mend-resolver",
           agent=resolvers(hosts.DEAD_RESOLVER)),
    Office("resolver-partly-dead", ANNA,
           HEALTHY, 1, "office.resolver-partly-dead likely", "mend-resolver",
           agent=resolvers(hosts.RESOLVER, hosts.DEAD_RESOLVER)),
    Office("resolver-lies", "anna@lied-to.example",
           NO_MX, 2, "office.resolver-lies certain", "replace-resolver",
           agent=resolvers(hosts.LYING_RESOLVER)),
    # Whoever meddles with answers makes others less sure.
    Office("resolver-invents", "anna@gone.example",
           "ok ok ok ok failed s(dns.mx) failed ok", 2,
           "office.resolver-invents likely; dns.domain-missing likely",
           "replace-resolver; renew-domain", agent=resolvers(hosts.INVENTING_RESOLVER)),
    Office("dns-intercepted", "anna@mx-foreign.example",
           NO_MX, 2, "office.dns-intercepted likely; dns.mx-foreign likely",
           "stop-dns-redirection; set-mx", line="dns-intercepted"),
    Office("udp-truncated", ANNA, HEALTHY, 0, agent=resolvers(hosts.TRUNCATING_RESOLVER)),

    Office("unplugged", ANNA,
           offline("office.link"), 3, "office.no-link likely", "connect-office", site=UNPLUGGED),
    Office("no-route", ANNA,
           offline("office.link"), 3, "office.no-route likely", "set-route", site=ROUTELESS),
    Office("ipv6-broken", ANNA,
           HEALTHY, 1, "office.ipv6-broken likely", "mend-ipv6", settings=submission_at("ex9")),
    Office("port-25-closed", ANNA,
           "ok ok ok ok ok u ok ok", 3, "office.port-blocked likely", "open-port",
           line="port-25-closed", quick=True),
    Office("port-587-closed", ANNA,
           NO_SUBMISSION, 3, "office.port-blocked likely", "open-port", line="port-587-closed"),
    Office("port-993-closed", ANNA,
           "u ok ok ok ok s(tls.imap) ok s(tls.imap)", 3, "office.port-blocked likely",
           "open-port", line="port-993-closed"),
    Office("port-443-closed", ANNA,
           "ok ok ok s(tls.webmail) ok ok ok ok", 3, "office.port-blocked likely", "open-port",
           line="port-443-closed"),
    Office("banned", ANNA, HEALTHY, 3, "office.banned likely", "lift-ban", line="banned"),
    Office("banned-from-mail", ANNA,
           HEALTHY, 3, "office.banned likely", "lift-ban", line="banned-from-mail"),
    # The provider's other hosts answer: this one is down, or has shut the office out.
    Office("provider-down", ANNA,
           "u u u s(tls.webmail) ok s(tls.imap) ok s(tls.imap)", 3, "office.banned possible",
           "lift-ban", line="provider-down"),
    Office("internet-down", ANNA,
           "u u u s(isp.reach) ok s(isp.reach) ok s(isp.reach)", 3, "isp.internet-down likely",
           "call-internet-provider", line="internet-down"),
    Office("line-dead", ANNA,
           offline("isp.reach"), 3, "isp.internet-down likely", "call-internet-provider",
           line="line-dead"),
    Office("captive-portal", ANNA,
           "u u u s(office.middlebox) ok s(office.middlebox) ok s(office.middlebox)", 3,
           "office.captive-portal likely", "sign-in-at-portal", line="captive-portal"),
    Office("smtp-inspection", ANNA,
           NO_SUBMISSION, 2, "office.smtp-inspection certain", "stop-interception",
           line="smtp-inspection"),
    Office("tls-inspection", ANNA,
           NO_LOGINS, 2, "office.tls-intercepted likely", "stop-interception",
           line="tls-inspection"),

    Office("clock-fast", ANNA,
           HEALTHY, 1, "device.clock-wrong likely", "set-clock", clock="+40m"),
    Office("clock-years-ahead", ANNA,
           NO_LOGINS_AT_ALL, 3, "device.clock-far-off likely", "set-clock", clock="+3y"),
    Office("clock-never-set", ANNA,
           NO_LOGINS_AT_ALL, 3, "device.clock-unset likely", "set-clock",
           clock="@1970-01-02 00:00:00"),
)
# fmt: on
