# SPDX-License-Identifier: MIT
"""The domains of the lab: the records of each, and which of them are sick in what."""

import hosts

RIGHT_MX = (
    "@ MX 1 mx0.mail.ovh.net.",
    "@ MX 5 mx1.mail.ovh.net.",
    "@ MX 50 mx2.mail.ovh.net.",
    "@ MX 100 mx3.mail.ovh.net.",
    "@ MX 200 mx4.mail.ovh.net.",
)
OLD_MX = ("@ MX 1 mx1.mail.ovh.net.", "@ MX 5 mx2.mail.ovh.net.", "@ MX 10 mx3.mail.ovh.net.")
SRV = "_autodiscover._tcp SRV 0 0 "
RIGHT_SRV = (SRV + "443 ex4.mail.ovh.net.",)

SELECTOR = "ovhex123456-selector1"
# Where the provider keeps the keys: customers' zones have an alias there.
KEYS = "{which}.aa.dkim.mail.ovh.net."
RIGHT_SPF = "v=spf1 include:mx.ovh.com ~all"
RIGHT_DMARC = "v=DMARC1; p=quarantine; rua=mailto:dmarc@office.example"
STS, TLS_REPORTS = "v=STSv1; id=20261123T000000;", "v=TLSRPTv1; rua=mailto:tls@office.example"


def text(name, words):
    """A TXT record, of several strings where one cannot hold it (RFC 1035 section 3.3.14)."""
    pieces = [words[at : at + 250] for at in range(0, len(words), 250)]
    return f"{name} TXT " + " ".join(f'"{piece}"' for piece in pieces)


def at_website(*names):
    return tuple(
        f"{name} {'AAAA' if ':' in address else 'A'} {address}"
        for name in names
        for address in hosts.WEBSITE
    )


def zone(*more, mx=RIGHT_MX, srv=RIGHT_SRV, spf=RIGHT_SPF, key="good", dmarc=RIGHT_DMARC):
    """A healthy domain but for what is told. spf may be several records; key is one of signing.py's
    or None for no key."""
    records = [*mx, *srv, *more]
    records += [text("@", word) for word in ([spf] if isinstance(spf, str) else spf)]
    if key is not None:
        name = f"{SELECTOR}._domainkey"
        records.append(f"{name} CNAME {name}." + KEYS.format(which=key))
    if dmarc is not None:
        records.append(text("_dmarc", dmarc))
    return tuple(records)


def _sts(*more):
    return (text("_mta-sts", STS), *at_website("mta-sts"), *more)


# Each include is one look-up: twelve, where ten are allowed.
MANY_LOOKUPS = "v=spf1 {} ~all".format(
    " ".join(f"include:s{n}.spf-lookups.example" for n in range(12))
)

DOMAINS = {
    "office.example": zone(
        *at_website("@", "www"), *_sts(text("_smtp._tls", TLS_REPORTS))
    ),
    "mx-missing.example": zone(mx=()),
    "mx-foreign.example": zone(mx=("@ MX 10 mx.elsewhere.example.",)),
    "mx-dangling.example": zone(mx=("@ MX 1 mx7.mail.ovh.net.",)),
    "mx-mixed.example": zone("@ MX 300 mx.elsewhere.example."),
    "mx-incomplete.example": zone(mx=RIGHT_MX[3:]),
    "mx-legacy.example": zone(mx=OLD_MX),
    "srv-missing.example": zone(srv=()),
    "srv-target.example": zone(srv=(SRV + "443 mailconfig.ovh.net.",)),
    "srv-port.example": zone(srv=(SRV + "8443 ex4.mail.ovh.net.",)),
    "port-25.example": zone(mx=("@ MX 1 mx8.mail.ovh.net.",)),
    "lied-to.example": zone(),
    "spf-missing.example": zone(spf=()),
    "spf-invalid.example": zone(spf="v=spf1 include:mx.ovh.com ip4:198.51.100.0/33 ~all"),
    "spf-several.example": zone(spf=(RIGHT_SPF, "v=spf1 a mx -all")),
    "spf-lookups.example": zone(
        *(text(f"s{n}", "v=spf1 ip4:203.0.113.0/24 -all") for n in range(12)), spf=MANY_LOOKUPS
    ),
    "spf-foreign.example": zone(spf="v=spf1 ip4:203.0.113.20 -all"),
    "spf-open.example": zone(spf="v=spf1 include:mx.ovh.com +all"),
    "dkim-missing.example": zone(key=None),
    "dkim-revoked.example": zone(key="revoked"),
    "dkim-weak.example": zone(key="weak"),
    "dkim-other-key.example": zone(key="other"),
    "dmarc-missing.example": zone(dmarc=None),
    "dmarc-invalid.example": zone(dmarc="v=DMARC1; p=maybe"),
    "dmarc-none.example": zone(dmarc="v=DMARC1; p=none"),
    "tlsa-mismatch.example": zone(mx=(f"@ MX 1 {hosts.MX_OF_ANOTHER_KEY}.",)),
    "bogus.example": zone(),
    "sts-mismatch.example": zone(*_sts()),
    "sts-expired.example": zone(*_sts()),
    "sts-no-policy.example": zone(*_sts()),
    "shadowed.example": zone("autodiscover CNAME mailconfig.ovh.net."),
    "on-website.example": zone(*at_website("@")),
    "wrong-name.example": zone(*at_website("autodiscover")),
    "in-a-circle.example": zone(*at_website("autodiscover")),
    "no-autodiscover.example": zone(srv=(SRV + "443 ex17.mail.ovh.net.",)),
}
SIGNED = ("office.example", "tlsa-mismatch.example", "ovh.net")  # by DNSSEC
BOGUS = ("bogus.example",)  # signed by another key than the one that the zone above tells of
LAME_DOMAINS = ("servfail.example",)  # their name servers know nothing of them

# What the lying resolver says in place of the zone.
LIES = ("lied-to.example. MX 10 mx.elsewhere.example.",)

LISTING, REFUSING, CLEAN = (
    f"{name}.blocklist.example" for name in ("listing", "refusing", "clean")
)


def _reversed(address):
    return ".".join(reversed(address.split(".")))


# Zones that belong to nobody's mail domain: SPF of the provider, blocklists (RFC 5782).
OTHERS = {
    "ovh.com": (text("mx", "v=spf1 ip4:198.51.100.0/25 ip6:2001:db8:2::/64 ~all"),),
    "blocklist.example": (
        f"{_reversed(hosts.OFFICE[0])}.listing A 127.0.0.4",
        text(f"{_reversed(hosts.OFFICE[0])}.listing", "https://listing.blocklist.example/why"),
        *(f"2.0.0.127.{name} A 127.0.0.2" for name in ("listing", "clean")),
        "*.refusing A 127.255.255.254",
        *(f"{name} A 203.0.113.130" for name in ("listing", "refusing", "clean")),
    ),
}
