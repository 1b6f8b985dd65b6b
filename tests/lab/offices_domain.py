# SPDX-License-Identifier: MIT
"""Offices whose domain is sick: MX and SRV, what receivers ask to believe a sender, blocklists."""

import domains
import hosts
from sickness import HEALTHY, Office


def office(name, results, exit_status, causes, remedies, **more):
    return Office(name, f"anna@{name}.example", results, exit_status, causes, remedies, **more)


def believed(name, finding, remedy, exit_status=1, **more):
    """The mailbox works; others may not believe its mail."""
    return office(name, HEALTHY, exit_status, finding, remedy, **more)


SELECTED = {"dkim_selectors": [domains.SELECTOR]}
UNPROVED = "ok ok ok ok ok ok ok warning"  # the test mail's signature does not hold
NO_MX = "ok ok ok ok failed s(dns.mx) ok ok"
ODD_MX = "ok ok ok ok warning ok ok ok"

# fmt: off
DOMAIN_OFFICES = (
    office("mx-missing", NO_MX, 2, "dns.mx-missing certain", "set-mx"),
    office("mx-foreign", NO_MX, 2, "dns.mx-foreign certain", "set-mx"),
    office("mx-dangling", NO_MX, 2, "dns.mx-dangling certain", "set-mx",
           settings={"expected_mx": ["mx7.mail.ovh.net"]}),
    office("mx-mixed", ODD_MX, 1, "dns.mx-mixed certain", "set-mx"),
    office("mx-incomplete", ODD_MX, 1, "dns.mx-incomplete certain", "set-mx"),
    office("mx-legacy", ODD_MX, 1, "dns.mx-legacy certain", "set-mx"),
    Office("domain-missing", "anna@gone.example",
           "ok ok ok ok failed s(dns.mx) failed ok", 2, "dns.domain-missing certain",
           "renew-domain"),
    office("srv-missing", "ok ok ok ok ok ok failed ok", 2, "dns.srv-missing certain", "set-srv"),
    Office("srv-wrong-target", "anna@srv-target.example",
           "ok ok ok ok ok ok failed ok", 2, "dns.srv-wrong certain", "set-srv"),
    Office("srv-wrong-port", "anna@srv-port.example",
           "ok ok ok ok ok ok failed ok", 2, "dns.srv-wrong certain", "set-srv"),
    office("servfail", "ok ok ok ok u s(dns.mx) u ok", 3, "dns.zone-broken certain",
           "mend-dns-zone"),
    office("bogus", "ok ok ok ok u s(dns.mx) u ok", 3, "dns.zone-broken certain",
           "mend-dns-zone"),

    believed("spf-missing", "dns.spf-missing certain", "set-spf"),
    believed("spf-several", "dns.spf-several certain", "mend-spf"),
    believed("spf-invalid", "dns.spf-invalid certain", "mend-spf"),
    believed("spf-lookups", "dns.spf-too-many-lookups certain", "mend-spf"),
    believed("spf-foreign", "dns.spf-provider-not-included likely", "set-spf"),
    believed("spf-open", "dns.spf-allows-all certain", "mend-spf"),
    office("dkim-missing", UNPROVED, 1, "dns.dkim-key-missing likely", "set-dkim",
           settings=SELECTED),
    office("dkim-revoked", UNPROVED, 1, "dns.dkim-key-revoked certain", "set-dkim",
           settings=SELECTED),
    office("dkim-weak", UNPROVED, 1, "dns.dkim-key-weak certain", "set-dkim", settings=SELECTED),
    office("dkim-other-key", UNPROVED, 1, "mail.dkim-fails likely", "set-dkim",
           settings=SELECTED),
    believed("dmarc-missing", "dns.dmarc-missing certain", "set-dmarc"),
    believed("dmarc-invalid", "dns.dmarc-invalid certain", "set-dmarc"),
    believed("dmarc-none", "dns.dmarc-policy-none certain", "tighten-dmarc"),
    believed("sts-mismatch", "dns.mta-sts-shuts-out certain", "mend-mta-sts", 2),
    believed("sts-expired", "dns.mta-sts-unreachable likely", "mend-mta-sts"),
    believed("sts-no-policy", "dns.mta-sts-policy-missing certain", "mend-mta-sts"),
    Office("healthy-to-one-who-trusts-dnssec", "anna@office.example", HEALTHY, 0,
           agent={"resolver_validates": "yes"}),
    believed("tlsa-mismatch", "dns.tlsa-mismatch certain", "mend-tlsa", 2,
             settings={"expected_mx": [hosts.MX_OF_ANOTHER_KEY]},
             agent={"resolver_validates": "yes"}),
    Office("blocklisted", "anna@office.example", HEALTHY, 1,
           "dns.blocklist-listed certain", "ask-delisting",
           agent={"blocklists": [domains.LISTING, domains.CLEAN]}),
    # The list does not answer this resolver: that says nothing of the address.
    Office("blocklist-refuses", "anna@office.example", HEALTHY, 0,
           agent={"blocklists": [domains.REFUSING]}),
)
# fmt: on
