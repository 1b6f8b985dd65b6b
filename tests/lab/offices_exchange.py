# SPDX-License-Identifier: MIT
"""Offices that are sick in what Exchange offers beside webmail: telephones, EWS, POP, the mailbox's
size, Outlook's search for its server."""

from sickness import HEALTHY, Office


def office(name, causes, remedies, exit_status=2, results=HEALTHY, **sick):
    return Office(name, f"{name}@office.example", results, exit_status, causes, remedies, **sick)


def exchange_at(host):
    return {"exchange_host": f"{host}.mail.ovh.net"}


# fmt: off
EXCHANGE_OFFICES = (
    office("activesync-not-enabled", "activesync.not-enabled likely", "enable-protocol", 1,
           manners={"activesync": "not-enabled"}),
    office("activesync-switched-off", "login.disabled-for-mailbox likely", "enable-protocol", 1,
           refuses=("activesync",)),
    office("activesync-blocked", "activesync.blocked certain", "open-support-request",
           manners={"activesync": "blocked"}),
    office("password-expired-457", "login.password-expired certain", "change-password",
           manners={"activesync": "password-expired"}),
    office("password-expires-soon", "login.password-expires-soon likely", "change-password", 1,
           manners={"activesync": "expires-soon"}),
    office("ews-disabled", "ews.mailbox-unavailable certain", "open-support-request",
           manners={"ews": "ErrorAccountDisabled"}),
    office("ews-mailbox-moves", "login.mailbox-unreachable likely", "wait-for-provider", 3,
           manners={"ews": "ErrorMailboxMoveInProgress"}),
    office("exchange-windows-login", "", "", 0, settings=exchange_at("ex16")),
    office("exchange-modern-login", "login.basic-auth-disabled likely", "allow-password-login", 3,
           settings=exchange_at("ex18")),
    office("exchange-elsewhere", "exchange.not-found likely", "correct-settings", 3,
           settings=exchange_at("ex17")),

    office("pop-disabled", "login.disabled-for-mailbox likely", "enable-protocol", 1,
           refuses=("pop3",)),

    office("quota-nearly-full", "account.quota-nearly-full likely", "free-space", 1,
           limit="210k", fill=200 * 1024),
    # What comes in is refused at the door; what it sends to itself, by Dovecot.
    office("quota-full", "account.quota-full certain", "free-space", limit="200k", fill=201 * 1024,
           results="ok ok ok ok ok s(inbound.smtp) ok failed", quick=True,
           behaviours={"mx.rcpt": "552 5.2.2 Mailbox full"}),

    # The SRV record is right, and Outlook asks another name first.
    Office("autodiscover-shadowed", "anna@shadowed.example", HEALTHY, 2,
           "autodiscover.wrong-service certain", "delete-autodiscover-name"),
    Office("autodiscover-on-website", "anna@on-website.example", HEALTHY, 2,
           "autodiscover.on-website certain", "silence-website"),
    Office("autodiscover-wrong-name", "anna@wrong-name.example", HEALTHY, 1,
           "dns.srv-shadowed certain", "delete-autodiscover-name"),
    Office("autodiscover-in-a-circle", "anna@in-a-circle.example", HEALTHY, 1,
           "dns.srv-shadowed certain", "delete-autodiscover-name"),
    Office("autodiscover-at-no-exchange", "anna@no-autodiscover.example",
           "ok ok ok ok ok ok failed ok", 2, "dns.srv-wrong certain", "set-srv"),
)
# fmt: on
