# SPDX-License-Identifier: MIT
"""Which of the sick offices a tool names the cause of, judged in one way for all tools.

A cause is named when what the tool shows holds the fact that tells this fault from others, in
whatever words or figures. What it shows of a healthy mailbox too does not count, nor do the names
of mailbox and domain, which here tell their sickness. A conclusion is not asked for: the raw reply
of a server, a record as it is, or a failed probe of just this thing is enough. No office here has
a wrong clock: the lab lends programs another one by libfaketime, which the exporter does not see."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    office: str
    layer: str
    fact: str  # a regular expression; case and line ends do not matter
    why: str


# fmt: off
CAUSES = (
    Cause("resolver-dead", "office",
          r"203\.0\.113\.250|resolver.{0,20}not answer|no response from",
          "a broken domain is not resolved either: it is the resolver that is silent"),
    Cause("resolver-lies", "office",
          r"resolver gives a wrong answer|own (name )?servers? says? (otherwise|something else)",
          "the zone itself is right: resolver and zone must be seen to differ"),
    Cause("port-587-closed", "office",
          r"port 587 (is|are) (blocked|closed)|(gmail|office365|198\.51\.100\.1[45]0).{0,40}587",
          "a server that is down refuses as well: nobody else may answer on the port either"),
    Cause("tls-inspection", "office", r"office'?s firewall|intercept|inspect",
          "the issuer is the office's own appliance, not just somebody unknown"),
    Cause("smtp-inspection", "office", r"XXXXXXXA|\*{5}|inspect|intercept",
          "a server without STARTTLS would not mask its words"),
    Cause("captive-portal", "office", r"sign-in|portal.{0,20}somebody|module=portal",
          "that connections fail says nothing of the page that waits for somebody to sign in"),
    Cause("ipv6-broken", "office",
          r"IPv6 from the office|submission IPv6|2001:db8:2::250|submission -6|module=submission_6",
          "over IPv4 all is well: the family that fails must be named"),
    Cause("blocklisted", "office",
          r"127\.0\.0\.4|address.{0,40}is (listed|on the blocklist)|module=blocklist",
          "the answer of the list, or that the address is on it"),
    Cause("internet-down", "internet",
          r"no connection to the internet|unrelated server.{0,60}not reached|module=control"
          r"|control: connect.{0,60}unreachable",
          "an unrelated server is out of reach too, so it is not the provider"),
    Cause("mx-foreign", "domain", r"mx\.elsewhere\.example", "the server to which the mail goes"),
    Cause("domain-missing", "domain", r"NXDOMAIN|does not exist|no such domain|was not found by",
          "not a record is missing but the domain"),
    Cause("servfail", "domain", r"SERVFAIL|server failure|name servers.{0,40}no usable answer",
          "the resolver answers, and gets no answer from the zone"),
    Cause("srv-missing", "domain",
          r"\bSRV\b.{0,40}(is missing|no such record)|no SRV|module=dns_SRV|2 SRV",
          "the record that is missing"),
    Cause("spf-lookups", "domain",
          r"(\b1[0-9]|more than (10|ten)|too many).{0,30}(look-?ups|DNS questions)",
          "the record is there and reads well: what it makes others look up must be counted"),
    Cause("dmarc-missing", "domain",
          r"DMARC.{0,40}(is missing|no such record)|no DMARC|module=dns_TXT__dmarc|2 TXT _dmarc",
          "the record that is missing"),
    Cause("autodiscover-shadowed", "domain",
          r"mailconfig\.ovh\.net|sent to a wrong service|before the SRV|module=alias|2 alias",
          "the name that Outlook asks before it looks at the SRV record"),
    Cause("certificate-expired", "provider", r"expired|run out",
          "of all that a certificate may lack, its date"),
    Cause("incident-prx", "provider", r"PRX3",
          "the provider's own sign that its servers are in trouble"),
    Cause("spam-550", "account", r"submission has been disabled|for (sending )?spam",
          "the reply with which the provider says that the account may not send"),
    Cause("wrong-password", "account",
          r"\b535\b|auth\w* failed|refuses the password"
          r"|(login|password).{0,30}(refused|denied|wrong)",
          "that the password is refused"),
    Cause("locked", "account", r"\block(ed|out)",
          "every login fails as with a wrong password; only who knows that it was right can tell"),
    Cause("expired", "account", r"mailbox disabled|subscription.{0,30}(expired|run out)",
          "logins fail as with a wrong password; the MX says that the mailbox is switched off"),
    Cause("quota-full", "account", r"mailbox (is )?full|quota.{0,20}(full|exceeded)",
          "the mailbox has no room"),
    Cause("never-delivered", "mail", r"not (received|arrived?|found|delivered)|found less than 1",
          "the mail was taken, and is not there"),
    Cause("junk", "mail", r"\bjunk", "the mail arrived, in the wrong folder"),
)
# fmt: on


def naming(cause, address, sick, healthy):
    """The words that name the cause, or "". Both texts are what one tool showed; address is that of
    the sick mailbox."""
    known = set(_lines(healthy))
    domain = address.split("@")[1]
    new = " ".join(line for line in _lines(sick) if line not in known)
    new = new.replace(address, "MAILBOX").replace(domain, "DOMAIN")
    found = re.search(cause.fact, new, re.IGNORECASE)
    return found.group() if found else ""


def _lines(text):
    """Each with single spaces: one tool breaks its lines, others do not."""
    return [" ".join(line.split()) for line in text.splitlines()]
