# SPDX-License-Identifier: MIT
"""The offices of the lab: what is sick in each, and what gatepost must say of it."""

from dataclasses import dataclass, field

RIGHT_MX = (
    "@ MX 1 mx0.mail.ovh.net.",
    "@ MX 5 mx1.mail.ovh.net.",
    "@ MX 50 mx2.mail.ovh.net.",
    "@ MX 100 mx3.mail.ovh.net.",
    "@ MX 200 mx4.mail.ovh.net.",
)
OLD_MX = ("@ MX 1 mx1.mail.ovh.net.", "@ MX 5 mx2.mail.ovh.net.", "@ MX 10 mx3.mail.ovh.net.")
SRV = "_autodiscover._tcp SRV 0 0 "
RIGHT_SRV = SRV + "443 ex4.mail.ovh.net."

DOMAINS = {
    "office.example": (*RIGHT_MX, RIGHT_SRV),
    "mx-missing.example": (RIGHT_SRV,),
    "mx-foreign.example": ("@ MX 10 mx.elsewhere.example.", RIGHT_SRV),
    "mx-dangling.example": ("@ MX 1 mx7.mail.ovh.net.", RIGHT_SRV),
    "mx-mixed.example": (*RIGHT_MX, "@ MX 300 mx.elsewhere.example.", RIGHT_SRV),
    "mx-incomplete.example": (*RIGHT_MX[3:], RIGHT_SRV),
    "mx-legacy.example": (*OLD_MX, RIGHT_SRV),
    "srv-missing.example": RIGHT_MX,
    "srv-target.example": (*RIGHT_MX, SRV + "443 mailconfig.ovh.net."),
    "srv-port.example": (*RIGHT_MX, SRV + "8443 ex4.mail.ovh.net."),
    "port-25.example": ("@ MX 1 mx8.mail.ovh.net.", RIGHT_SRV),
}
LAME_DOMAINS = ("servfail.example",)  # their name servers know nothing of them

ORDER = (
    "not-blocked-for-spam",
    "subscription-valid",
    "not-locked-by-policy",
    "webmail-login",
    "mx-valid",
    "test-mail-received",
    "srv-valid",
    "test-mail-sent",
)
HEALTHY = "ok ok ok ok ok ok ok ok"


@dataclass(frozen=True)
class Office:
    """results are in ORDER, each ok, warning, failed, u (unknown), u(REASON), s(CHECK): skipped
    because of that check. causes are the roots and remedies what to do, as "; "-separated lists."""

    name: str
    address: str
    results: str
    exit: int
    causes: str = ""  # finding and confidence
    remedies: str = ""
    behaviours: dict = field(default_factory=dict)  # of the mail filter: milter.py
    refuses: tuple = ()  # which of imap, smtp, owa do not take the right password
    fate: str = "inbox"  # what follows a right password in webmail: owa_stand_in.py
    settings: dict = field(default_factory=dict)  # of the account
    resolver: str = ""  # instead of the usual one
    wrong_password: bool = False  # gatepost's secret is not the mailbox's
    after_healthy: bool = False  # the sickness begins after a first, healthy run
    remembered: bool = False  # a second run says the same without speaking the password
    quick: bool = False  # nothing arrives: give up soon


SUBMISSION_DISABLED = "550 5.7.1 Submission has been disabled for this account"
DISABLED = "550 5.2.1 Mailbox disabled, not accepting messages"
UNKNOWN_USER = "550 5.1.1 User unknown"
PRX3 = "451 4.7.0 Temporary server error. Please try again later. PRX3"
ALL = ("imap", "smtp", "owa")

NO_LOGIN_OK_MX = "ok s(webmail.login) ok s(webmail.login)"
EXPIRED = f"u failed u failed {NO_LOGIN_OK_MX}"
NO_SUBMISSION = "u ok ok ok ok ok ok s(tls.submission)"
NO_RESOLVER = "u u u" + 5 * " s(office.resolver)"
SPAM = "account.blocked-for-spam likely"
SUSPENDED = "account.subscription-expired likely"
LATER = {"after_healthy": True, "remembered": True}


def _submission(host):
    return {"submission_host": f"{host}.mail.ovh.net"}


def _webmail(host):
    return {"webmail_host": f"{host}.mail.ovh.net"}


# fmt: off
OFFICES = (
    Office("healthy", "anna@office.example", HEALTHY, 0),
    Office("healthy-unusual-password", "paul@office.example", HEALTHY, 0),
    Office("healthy-big-webmail-page", "big-page@office.example", HEALTHY, 0,
           settings=_webmail("ex11")),
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

    Office("mx-missing", "anna@mx-missing.example",
           "ok ok ok ok failed s(dns.mx) ok ok", 2, "dns.mx-missing certain", "set-mx"),
    Office("mx-foreign", "anna@mx-foreign.example",
           "ok ok ok ok failed s(dns.mx) ok ok", 2, "dns.mx-foreign certain", "set-mx"),
    Office("mx-dangling", "anna@mx-dangling.example",
           "ok ok ok ok failed s(dns.mx) ok ok", 2, "dns.mx-dangling certain", "set-mx",
           settings={"expected_mx": ["mx7.mail.ovh.net"]}),
    Office("mx-mixed", "anna@mx-mixed.example",
           "ok ok ok ok warning ok ok ok", 1, "dns.mx-mixed certain", "set-mx"),
    Office("mx-incomplete", "anna@mx-incomplete.example",
           "ok ok ok ok warning ok ok ok", 1, "dns.mx-incomplete certain", "set-mx"),
    Office("mx-legacy", "anna@mx-legacy.example",
           "ok ok ok ok warning ok ok ok", 1, "dns.mx-legacy certain", "set-mx"),
    Office("domain-missing", "anna@gone.example",
           "ok ok ok ok failed s(dns.mx) failed ok", 2, "dns.domain-missing certain",
           "renew-domain"),
    Office("srv-missing", "anna@srv-missing.example",
           "ok ok ok ok ok ok failed ok", 2, "dns.srv-missing certain", "set-srv"),
    Office("srv-wrong-target", "anna@srv-target.example",
           "ok ok ok ok ok ok failed ok", 2, "dns.srv-wrong certain", "set-srv"),
    Office("srv-wrong-port", "anna@srv-port.example",
           "ok ok ok ok ok ok failed ok", 2, "dns.srv-wrong certain", "set-srv"),
    Office("servfail", "anna@servfail.example",
           "ok ok ok ok u s(dns.mx) u ok", 3, "dns.servfail certain", "mend-dns-zone"),

    Office("never-delivered", "void@office.example",
           "ok ok ok ok ok failed ok failed", 2, "mail.test-not-received likely",
           "open-support-request", {"submission.end": "discard", "mx.end": "discard"}, quick=True),
    Office("junk", "junk@office.example",
           "ok ok ok ok ok warning ok ok", 1, "mail.in-junk likely", "look-in-junk",
           {"mx.end": "junk"}),
    Office("late", "late@office.example",
           "ok ok ok ok ok warning ok ok", 1, "mail.late likely", "wait-for-provider",
           {"mx.end": "hold"}, settings={"late_s": 1}),

    Office("incident-prx", "prx@office.example",
           "u ok ok ok ok ok ok failed", 2, "provider.incident certain", "wait-for-provider",
           {"submission.mail": PRX3}),
    Office("incident-prx-after-data", "prx-data@office.example",
           "u ok ok ok ok ok ok failed", 2, "provider.incident certain", "wait-for-provider",
           {"submission.end": PRX3}),
    Office("incident-421", "anna@office.example",
           NO_SUBMISSION, 3, "provider.incident possible", "wait-for-provider",
           settings=_submission("ex8")),
    Office("incident-503", "anna@office.example",
           HEALTHY, 2, "provider.incident likely", "wait-for-provider", settings=_webmail("ex10")),
    Office("incident-webmail", "anna@office.example",
           "ok ok ok u ok ok ok ok", 2, "provider.incident likely", "wait-for-provider",
           settings=_webmail("ex15")),

    Office("certificate-expired", "anna@office.example",
           NO_SUBMISSION, 2, "tls.expired certain", "renew-certificate",
           settings=_submission("ex5")),
    Office("certificate-name", "anna@office.example",
           NO_SUBMISSION, 2, "tls.name-mismatch certain", "renew-certificate",
           settings=_submission("ex6")),
    Office("certificate-unknown-ca", "anna@office.example",
           NO_SUBMISSION, 2, "tls.untrusted likely", "stop-interception",
           settings=_submission("ex7")),

    Office("resolver-dead", "anna@office.example",
           NO_RESOLVER, 3, "office.resolver-dead *", "mend-resolver", resolver="203.0.113.250"),
    Office("udp-truncated", "anna@office.example", HEALTHY, 0, resolver="203.0.113.132"),
    Office("ipv6-broken", "anna@office.example",
           HEALTHY, 1, "office.ipv6-broken likely", "mend-ipv6", settings=_submission("ex9")),
)
# fmt: on

PEER = "peer@office.example"
BEHIND_BLOCKED_PORT = "anna@port-25.example"


def named(name):
    return next(office for office in OFFICES if office.name == name)


def addresses():
    return {office.address for office in OFFICES} | {PEER, BEHIND_BLOCKED_PORT}
