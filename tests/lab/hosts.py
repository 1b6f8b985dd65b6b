# SPDX-License-Identifier: MIT
"""Where each host of the small internet lives: its IPv4 and its IPv6 address."""

OFFICE = ("192.0.2.10", "2001:db8:1::10")
NAME_SERVER = ("203.0.113.130", "2001:db8:4::130")
RESOLVER = "203.0.113.131"
RESOLVER_OUTGOING = "2001:db8:4::131"
TRUNCATING_RESOLVER = "203.0.113.132"
DEAD_RESOLVER = "203.0.113.250"

# What is sent here is lost on the way, without a word: no refusal, no ICMP message.
LOST_SUBMISSION = "2001:db8:2::250"
LOST_MX = ("203.0.113.60", "2001:db8:3::60")
SWALLOWED = (DEAD_RESOLVER, LOST_SUBMISSION, *LOST_MX)

FOREIGN_MX = ("203.0.113.20", "2001:db8:3::20")
MX = {f"mx{n}.mail.ovh.net": (f"203.0.113.{10 + n}", f"2001:db8:3::{10 + n}") for n in range(5)}


def _provider(last):
    return f"198.51.100.{last}", f"2001:db8:2::{last}"


BROKER = "broker.gatepost.example"  # of the fleet

# ex4 is the healthy one; each of the others is sick in one service.
HOSTS = {
    "ex4.mail.ovh.net": _provider(4),
    "ex5.mail.ovh.net": _provider(5),  # submission: certificate expired
    "ex6.mail.ovh.net": _provider(6),  # submission: certificate of another name
    "ex7.mail.ovh.net": _provider(7),  # submission: certificate of a stranger
    "ex8.mail.ovh.net": _provider(8),  # submission: 421
    "ex9.mail.ovh.net": ("198.51.100.9", LOST_SUBMISSION),
    "ex10.mail.ovh.net": _provider(4),
    "ex11.mail.ovh.net": _provider(4),
    "ex12.mail.ovh.net": _provider(4),
    "ex13.mail.ovh.net": _provider(4),
    "ex14.mail.ovh.net": _provider(4),
    "ex15.mail.ovh.net": _provider(4),
    "mailconfig.ovh.net": _provider(4),
    "login.elsewhere.example": _provider(4),
    BROKER: _provider(80),
    "mx.elsewhere.example": FOREIGN_MX,
    "mx8.mail.ovh.net": LOST_MX,
    **MX,
}

# How webmail looks on the hosts where it is odd: see owa_stand_in.py.
FACES = {
    "ex10.mail.ovh.net": "unhealthy",
    "ex11.mail.ovh.net": "big-page",
    "ex12.mail.ovh.net": "redirect-loop",
    "ex13.mail.ovh.net": "redirect-away",
    "ex14.mail.ovh.net": "foreign-page",
    "ex15.mail.ovh.net": "unavailable",
}


def addresses_by_site():
    """What each namespace must call its own."""
    sites = {
        "office": list(OFFICE),
        "provider": [],
        "mx": [],
        "dns": [*NAME_SERVER, RESOLVER, RESOLVER_OUTGOING, TRUNCATING_RESOLVER],
    }
    for host, addresses in HOSTS.items():
        site = sites["mx" if host.startswith("mx") else "provider"]
        site += [a for a in addresses if a not in site and a not in SWALLOWED]
    return sites
