# SPDX-License-Identifier: MIT
"""Offices whose domain is sick: MX and SRV, what receivers ask to believe a sender, blocklists."""

import domains
from sickness import HEALTHY, Office


def office(name, results, exit_status, causes, remedies, **more):
    return Office(name, f"anna@{name}.example", results, exit_status, causes, remedies, **more)


def believed(name, finding, remedy, exit_status=1, **more):
    """The mailbox works; others may not believe its mail."""
    return office(name, HEALTHY, exit_status, finding, remedy, **more)


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
    office("servfail", "ok ok ok ok u s(dns.mx) u ok", 3, "dns.servfail certain", "mend-dns-zone"),
)
# fmt: on
