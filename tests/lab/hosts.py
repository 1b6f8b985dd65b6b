# SPDX-License-Identifier: MIT
"""Where each host of the small internet lives: its IPv4 and its IPv6 address."""

OFFICE = ("192.0.2.10", "2001:db8:1::10")
NAME_SERVER = ("203.0.113.130", "2001:db8:4::130")
RESOLVER = "203.0.113.131"
RESOLVER_OUTGOING = "2001:db8:4::131"
TRUNCATING_RESOLVER = "203.0.113.132"
LYING_RESOLVER = "203.0.113.133"
INVENTING_RESOLVER = "203.0.113.134"
DEAD_RESOLVER = "203.0.113.250"

# What is sent here is lost on the way, without a word: no refusal, no ICMP message.
LOST_SUBMISSION = "2001:db8:2::250"
LOST_MX = ("203.0.113.60", "2001:db8:3::60")
LOST_HOST = ("198.51.100.60", "2001:db8:2::60")
SWALLOWED = (DEAD_RESOLVER, LOST_SUBMISSION, *LOST_MX, *LOST_HOST)

FOREIGN_MX = ("203.0.113.20", "2001:db8:3::20")
MX = {f"mx{n}.mail.ovh.net": (f"203.0.113.{10 + n}", f"2001:db8:3::{10 + n}") for n in range(5)}
# Healthy, but its TLSA record is of another key.
MX_OF_ANOTHER_KEY = "mx9.mail.ovh.net"
ODD_MX = {MX_OF_ANOTHER_KEY: ("203.0.113.19", "2001:db8:3::19")}


def _provider(last):
    return f"198.51.100.{last}", f"2001:db8:2::{last}"


def _elsewhere(last):
    return f"198.51.100.{last}", f"2001:db8:5::{last}"


BROKER = "broker.gatepost.example"  # of the fleet

# Two that have nothing to do with each other nor with the provider, on every port of mail and web.
CONTROLS = (_elsewhere(140), _elsewhere(150))
CONTROL_NAMES = {
    "gmail-smtp-in.l.google.com": CONTROLS[0],
    "smtp.gmail.com": CONTROLS[0],
    "imap.gmail.com": CONTROLS[0],
    "pop.gmail.com": CONTROLS[0],
    "outlook-com.olc.protection.outlook.com": CONTROLS[1],
    "smtp.office365.com": CONTROLS[1],
    "outlook.office365.com": CONTROLS[1],
}
# Customers' web sites, and the provider's old settings server for mail programs.
WEBSITE = _elsewhere(160)
API, TOKENS = "eu.api.ovh.com", "login.gatepost.example"

# ex4 is the healthy one; each of the others is sick in one service.
HOSTS = {
    "ex4.mail.ovh.net": _provider(4),
    "ex5.mail.ovh.net": _provider(5),  # submission: certificate expired
    "ex6.mail.ovh.net": _provider(6),  # submission: certificate of another name
    "ex7.mail.ovh.net": _provider(7),  # submission: certificate of a stranger
    "ex8.mail.ovh.net": _provider(8),  # submission: 421
    "ex9.mail.ovh.net": ("198.51.100.9", LOST_SUBMISSION),
    **{f"ex{n}.mail.ovh.net": _provider(4) for n in range(10, 20)},
    "ex20.mail.ovh.net": LOST_HOST,
    "login.elsewhere.example": _provider(4),
    BROKER: _provider(80),
    "mx.elsewhere.example": FOREIGN_MX,
    "mx8.mail.ovh.net": LOST_MX,
    **MX,
    **ODD_MX,
    **CONTROL_NAMES,
    "mailconfig.ovh.net": WEBSITE,
    API: _elsewhere(170),
    TOKENS: _elsewhere(170),
}

# How the web of Exchange looks on the hosts where it is odd: see owa_stand_in.py.
FACES = {
    "ex10.mail.ovh.net": "unhealthy",
    "ex11.mail.ovh.net": "big-page",
    "ex12.mail.ovh.net": "redirect-loop",
    "ex13.mail.ovh.net": "redirect-away",
    "ex14.mail.ovh.net": "foreign-page",
    "ex15.mail.ovh.net": "unavailable",
    "ex16.mail.ovh.net": "windows-login",
    "ex17.mail.ovh.net": "no-exchange",
    "ex18.mail.ovh.net": "modern-login",
}


def site_of(host):
    """The namespace in which a host lives."""
    if host.startswith("mx"):
        return "mx"
    if host in CONTROL_NAMES or host in ("mailconfig.ovh.net", API, TOKENS):
        return "elsewhere"
    return "provider"


def addresses_by_site():
    """What each namespace must call its own."""
    sites = {
        "office": list(OFFICE),
        "provider": [],
        "mx": [],
        "elsewhere": [],
        "dns": [
            *NAME_SERVER,
            RESOLVER,
            RESOLVER_OUTGOING,
            TRUNCATING_RESOLVER,
            LYING_RESOLVER,
            INVENTING_RESOLVER,
        ],
    }
    for host, addresses in HOSTS.items():
        site = sites[site_of(host)]
        site += [a for a in addresses if a not in site and a not in SWALLOWED]
    return sites
