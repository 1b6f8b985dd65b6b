# SPDX-License-Identifier: MIT
"""What an office of the lab is: what is sick in it, and what gatepost must say of it."""

from dataclasses import dataclass, field

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
    refuses: tuple = ()  # which services do not take the right password: mailboxes.py
    fate: str = "inbox"  # what follows a right password in webmail: owa_stand_in.py
    settings: dict = field(default_factory=dict)  # of the account
    agent: dict = field(default_factory=dict)  # settings of the agent, in place of the usual ones
    profile: dict = field(default_factory=dict)  # members in place of those of ovh-exchange-hosted
    told: dict = field(default_factory=dict)  # by the provider's interface: cloud_stand_in.py
    manners: dict = field(default_factory=dict)  # of Exchange's services: exchange_stand_in.py
    limit: str = ""  # of the mailbox's size, as Dovecot writes it
    fill: int = 0  # bytes of a mail that lies in it
    line: str = ""  # what is sick on the way out: lines.py
    site: str = "office"  # or another namespace, from which there is no way out
    clock: str = ""  # how far this device's clock is off, as libfaketime wants it
    wrong_password: bool = False  # gatepost's secret is not the mailbox's
    after_healthy: bool = False  # the sickness begins after a first, healthy run
    remembered: bool = False  # a second run says the same without speaking the password
    quick: bool = False  # nothing arrives: give up soon


SUBMISSION_DISABLED = "550 5.7.1 Submission has been disabled for this account"
DISABLED = "550 5.2.1 Mailbox disabled, not accepting messages"
UNKNOWN_USER = "550 5.1.1 User unknown"
PRX3 = "451 4.7.0 Temporary server error. Please try again later. PRX3"
ALL = ("imap", "pop3", "smtp", "owa", "activesync", "ews", "autodiscover")

NO_LOGIN_OK_MX = "ok s(webmail.login) ok s(webmail.login)"
EXPIRED = f"u failed u failed {NO_LOGIN_OK_MX}"
NO_SUBMISSION = "u ok ok ok ok ok ok s(tls.submission)"
NO_RESOLVER = "u u u" + 5 * " s(office.resolver)"
SPAM = "account.blocked-for-spam likely"
SUSPENDED = "account.subscription-expired likely"
LATER = {"after_healthy": True, "remembered": True}


def submission_at(host):
    return {"submission_host": f"{host}.mail.ovh.net"}


def webmail_at(host):
    return {"webmail_host": f"{host}.mail.ovh.net"}
