# SPDX-License-Identifier: MIT
"""The offices of the lab. This file has those that are sick in the mailbox or at the provider; the
others are in the files beside it."""

from domains import DOMAINS
from offices_domain import DOMAIN_OFFICES
from offices_exchange import EXCHANGE_OFFICES
from offices_network import NETWORK_OFFICES
from offices_provider import PROVIDER_OFFICES
from sickness import (
    ALL,
    DISABLED,
    EXPIRED,
    HEALTHY,
    LATER,
    NO_LOGIN_OK_MX,
    NO_SUBMISSION,
    ORDER,  # noqa: F401  with HEALTHY and Office, for who uses the offices
    PRX3,
    SPAM,
    SUBMISSION_DISABLED,
    SUSPENDED,
    UNKNOWN_USER,
    Office,
    submission_at,
    webmail_at,
)

# fmt: off
OFFICES = (
    Office("healthy", "anna@office.example", HEALTHY, 0),
    Office("healthy-unusual-password", "paul@office.example", HEALTHY, 0),
    Office("healthy-big-webmail-page", "big-page@office.example", HEALTHY, 0,
           settings=webmail_at("ex11")),
    Office("healthy-first-webmail-logon", "language@office.example", HEALTHY, 0, fate="language"),

    Office("spam-535", "spam-535@office.example",
           "failed ok ok ok ok ok ok s(submission.login)", 2, SPAM, "answer-spam-notice",
           refuses=("smtp",)),
    Office("spam-550", "spam-550@office.example",
           "failed ok ok ok ok ok ok failed", 2, SPAM, "answer-spam-notice",
           {"submission.mail": SUBMISSION_DISABLED}),
    Office("spam-550-after-data", "spam-550-data@office.example",
           "failed ok ok ok ok ok ok failed", 2, SPAM, "answer-spam-notice",
           {"submission.end": SUBMISSION_DISABLED}),
    Office("spam-bounce", "spam-bounce@office.example",
           "failed ok ok ok ok ok ok failed", 2,
           "account.blocked-for-spam certain", "answer-spam-notice"),

    Office("expired", "expired@office.example",
           EXPIRED, 2, SUSPENDED, "renew-subscription", {"mx.rcpt": DISABLED}, ALL, **LATER),
    Office("expired-unknown-user", "expired-511@office.example",
           EXPIRED, 2, SUSPENDED, "renew-subscription", {"mx.rcpt": UNKNOWN_USER}, ALL, **LATER),
    Office("locked", "locked@office.example",
           f"u ok failed failed {NO_LOGIN_OK_MX}", 2, "account.locked-by-policy likely",
           "wait-for-unlock; open-support-request", refuses=ALL, **LATER),
    Office("wrong-password", "wrong@office.example",
           f"u ok u failed {NO_LOGIN_OK_MX}", 2, "webmail.login-refused likely",
           "correct-password", wrong_password=True, remembered=True),
    Office("imap-disabled", "no-imap@office.example",
           "u(too-little-evidence) ok ok ok ok s(imap.login) ok s(imap.login)", 1,
           "login.disabled-for-mailbox likely", "enable-protocol", refuses=("imap",)),

    Office("never-delivered", "void@office.example",
           "ok ok ok ok ok failed ok failed", 2, "mail.test-not-received likely",
           "open-support-request", {"submission.end": "discard", "mx.end": "discard"}, quick=True),
    Office("junk", "junk@office.example",
           "ok ok ok ok ok warning ok ok", 1, "mail.in-junk likely", "look-in-junk",
           {"mx.end": "junk"}),
    Office("late", "late@office.example",
           "ok ok ok ok ok warning ok ok", 1, "mail.slow-hop likely", "wait-for-provider",
           {"mx.end": "hold"}, settings={"late_s": 1}),

    Office("incident-prx", "prx@office.example",
           "u ok ok ok ok ok ok failed", 2, "provider.incident certain", "wait-for-provider",
           {"submission.mail": PRX3}),
    Office("incident-prx-after-data", "prx-data@office.example",
           "u ok ok ok ok ok ok failed", 2, "provider.incident certain", "wait-for-provider",
           {"submission.end": PRX3}),
    Office("incident-421", "anna@office.example",
           NO_SUBMISSION, 3, "provider.incident possible", "wait-for-provider",
           settings=submission_at("ex8")),
    Office("incident-503", "anna@office.example",
           HEALTHY, 2, "provider.incident likely", "wait-for-provider",
           settings=webmail_at("ex10")),
    Office("incident-webmail", "anna@office.example",
           "ok ok ok u ok ok ok ok", 2, "provider.incident likely", "wait-for-provider",
           settings=webmail_at("ex15")),

    Office("certificate-expired", "anna@office.example",
           NO_SUBMISSION, 2, "tls.expired certain", "renew-certificate",
           settings=submission_at("ex5")),
    Office("certificate-name", "anna@office.example",
           NO_SUBMISSION, 2, "tls.name-mismatch certain", "renew-certificate",
           settings=submission_at("ex6")),
    Office("certificate-unknown-ca", "anna@office.example",
           NO_SUBMISSION, 2, "tls.untrusted likely", "stop-interception",
           settings=submission_at("ex7")),

    *DOMAIN_OFFICES,
    *EXCHANGE_OFFICES,
    *PROVIDER_OFFICES,
    *NETWORK_OFFICES,
)
# fmt: on

PEER = "peer@office.example"


def named(name):
    return next(office for office in OFFICES if office.name == name)


def addresses():
    """Of all mailboxes that there are: besides the offices' own, one in each domain."""
    domain_owners = {f"anna@{domain}" for domain in DOMAINS}
    return {office.address for office in OFFICES} | domain_owners | {PEER}
