# SPDX-License-Identifier: MIT
"""The lab itself is right: submission, IMAP and MX are as sick as each office needs."""

import base64
import imaplib
import poplib
import smtplib
import ssl
import time

import dkim
import pytest

import offices
from client import letter
from servers import patiently


def subjects(lab, address):
    found = []
    for path in lab.mailboxes.mails(address):
        for line in path.read_text().splitlines():
            if line.startswith("Subject: "):
                found.append((path.parent.parent.name, line[9:]))
    return found


def arrives(lab, address, subject):
    return patiently(
        lambda: [place for place, text in subjects(lab, address) if text == subject],
        f"{subject} arrives",
    )


def test_submission_delivers_to_the_inbox(lab, client):
    mailbox = lab.mailboxes["anna@office.example"]
    session = client.submission()
    session.login(mailbox.address, mailbox.secret)
    session.sendmail(
        mailbox.address, [mailbox.address], letter(mailbox.address, mailbox.address, "self-sent")
    )
    assert session.quit()[0] == 221
    assert arrives(lab, mailbox.address, "self-sent") == ["Maildir"]


def test_submission_offers_logins_only_after_tls(client):
    session = client.smtp("ex4.mail.ovh.net", 587)
    session.ehlo("office-router.example")
    assert session.has_extn("starttls") and not session.has_extn("auth")
    session.starttls(context=client.trust)
    session.ehlo("office-router.example")
    assert {"PLAIN", "LOGIN"} <= set(session.esmtp_features["auth"].split())
    session.quit()


def test_submission_works_over_ipv6_and_implicit_tls(client):
    session = client.smtp("ex4.mail.ovh.net", 587, family=1)
    assert session.greeting[0] == 220
    session.quit()
    with client.tls("ex4.mail.ovh.net", 465) as wire:
        assert wire.recv(100).startswith(b"220 ex4.mail.ovh.net ")


def test_spam_block_refuses_the_login_on_submission_only(lab, client, sick):
    mailbox = sick("spam-535")
    with pytest.raises(smtplib.SMTPAuthenticationError) as refusal:
        client.submission().login(mailbox.address, mailbox.secret)
    assert refusal.value.smtp_code == 535
    assert client.imap().login(mailbox.address, mailbox.secret)[0] == "OK"
    assert "cadata=" in str(client.log_in_to_owa(mailbox).headers)


@pytest.mark.parametrize(
    "name, place",
    [
        ("spam-550", "mail"),
        ("incident-prx", "mail"),
        ("spam-550-after-data", "end"),
        ("incident-prx-after-data", "end"),
    ],
)
def test_submission_refuses_in_the_words_of_exchange(client, sick, name, place):
    mailbox = sick(name)
    session = client.submission()
    session.login(mailbox.address, mailbox.secret)
    words = offices.named(name).behaviours[f"submission.{place}"]
    code, said = session.mail(mailbox.address)
    if place == "end":
        assert code == 250
        assert session.rcpt(mailbox.address)[0] == 250
        code, said = session.data(letter(mailbox.address, mailbox.address, "refused"))
    assert f"{code} {said.decode()}" == words
    session.quit()


def test_spam_bounce_comes_back_into_the_inbox(lab, client):
    mailbox = lab.mailboxes["spam-bounce@office.example"]
    session = client.submission()
    session.login(mailbox.address, mailbox.secret)
    session.sendmail(
        mailbox.address, [mailbox.address], letter(mailbox.address, mailbox.address, "bounces")
    )
    session.quit()
    arrives(lab, mailbox.address, "Undelivered Mail Returned to Sender")
    bounce = lab.mailboxes.mails(mailbox.address)[-1].read_text()
    assert "Status: 5.1.8" in bounce and "multipart/report" in bounce


def test_busy_submission_greets_with_421(client):
    assert client.smtp("ex8.mail.ovh.net", 587).greeting[0] == 421
    assert client.smtp("ex8.mail.ovh.net", 587, family=1).greeting[0] == 421


@pytest.mark.parametrize(
    "host, trouble",
    [
        ("ex5.mail.ovh.net", "certificate has expired"),
        ("ex6.mail.ovh.net", "not valid for 'ex6.mail.ovh.net'"),
        ("ex7.mail.ovh.net", "unable to get local issuer certificate|self-signed certificate in"),
    ],
)
def test_bad_certificate_is_bad_in_one_way(client, host, trouble):
    with pytest.raises(ssl.SSLCertVerificationError, match=trouble):
        client.submission(host)


def test_host_whose_ipv6_is_lost_answers_over_ipv4(client):
    session = client.submission("ex9.mail.ovh.net")
    assert session.quit()[0] == 221


def test_imap_finds_marks_and_expunges_one_mail(lab, client):
    mailbox = lab.mailboxes["peer@office.example"]
    stays = lab.mailboxes.put(mailbox.address, letter("x@y.example", mailbox.address, "stays"))
    lab.mailboxes.put(
        mailbox.address,
        "X-Gatepost-Token: 0123456789abcdef\r\n" + letter("x@y.example", mailbox.address, "goes"),
    )
    session = client.imap()
    session.login(mailbox.address, mailbox.secret)
    assert b"UIDPLUS" in b" ".join(session.capability()[1])
    assert any(b"\\Junk" in line and b"Junk Email" in line for line in session.list()[1])
    session.select("INBOX")
    uids = session.uid("SEARCH", "HEADER", "X-Gatepost-Token", "0123456789abcdef")[1][0].split()
    assert len(uids) == 1
    session.uid("STORE", uids[0].decode(), "+FLAGS.SILENT", "(\\Deleted)")
    session.uid("EXPUNGE", uids[0].decode())
    session.logout()
    assert [path.name.split(":")[0] for path in lab.mailboxes.mails(mailbox.address)] == [stays]


def test_imap_switched_off_refuses_a_right_password(lab, client, sick):
    mailbox = sick("imap-disabled")
    with pytest.raises(imaplib.IMAP4.error):
        client.imap().login(mailbox.address, mailbox.secret)
    client.submission().login(mailbox.address, mailbox.secret)


def test_unusual_password_passes_every_service(lab, client):
    mailbox = lab.mailboxes["paul@office.example"]
    plain = ("\0" + mailbox.address + "\0" + mailbox.secret).encode("utf-8")
    assert client.imap().authenticate("PLAIN", lambda _: plain)[0] == "OK"
    assert client.submission().docmd("AUTH", "PLAIN " + base64.b64encode(plain).decode())[0] == 235
    assert "cadata=" in str(client.log_in_to_owa(mailbox).headers)


def test_lock_goes_on_and_off(lab, client):
    office = offices.named("locked")
    mailbox = lab.mailboxes[office.address]
    for locked in (True, False):
        (lab.afflict if locked else lab.heal)(office)
        for attempt in (
            lambda: client.imap().login(mailbox.address, mailbox.secret),
            lambda: client.submission().login(mailbox.address, mailbox.secret),
        ):
            if locked:
                with pytest.raises((imaplib.IMAP4.error, smtplib.SMTPAuthenticationError)):
                    attempt()
            else:
                attempt()
        assert ("reason=2" in client.log_in_to_owa(mailbox).headers["Location"]) == locked


def test_lab_counts_failed_logins(lab, client):
    before = {name: server.size() for name, server in lab.servers.items()}
    bad = len(lab.owa.bad)
    with pytest.raises(imaplib.IMAP4.error):
        session = client.imap()
        session.login("anna@office.example", "wrong")
    session.shutdown()
    with pytest.raises(smtplib.SMTPAuthenticationError):
        session = client.submission()
        session.login("anna@office.example", "wrong", initial_response_ok=True)
    session.close()
    patiently(
        lambda: "auth failed, 1 attempts" in lab.servers["dovecot"].text(before["dovecot"]),
        "IMAP's is logged",
    )
    assert "authentication failed" in lab.servers["submission"].text(before["submission"])
    assert len(lab.owa.bad) == bad


@pytest.mark.parametrize("host", [f"mx{n}.mail.ovh.net" for n in range(5)])
def test_every_mx_host_takes_mail_for_the_mailbox(lab, client, host):
    session = client.mx(host)
    assert session.mail("")[0] == 250
    assert session.rcpt("anna@office.example")[0] == 250
    assert session.data(letter("x@y.example", "anna@office.example", f"by {host}"))[0] == 250
    assert session.quit()[0] == 221
    assert arrives(lab, "anna@office.example", f"by {host}") == ["Maildir"]


def test_mx_refuses_whom_it_does_not_know(client):
    session = client.mx()
    session.mail("")
    code, said = session.rcpt("nobody@office.example")
    assert code == 550 and b"5.1.1" in said
    assert session.rcpt("anna@elsewhere.example")[0] in (454, 554)
    session.quit()


@pytest.mark.parametrize("name", ["expired", "expired-unknown-user"])
def test_mx_refuses_an_expired_mailbox(client, sick, name):
    mailbox = sick(name)
    session = client.mx()
    session.mail("")
    code, said = session.rcpt(mailbox.address)
    assert f"{code} {said.decode()}" == offices.named(name).behaviours["mx.rcpt"]
    session.quit()


def _by_mx(client, address, subject):
    session = client.mx()
    session.mail("")
    session.rcpt(address)
    assert session.data(letter("x@y.example", address, subject))[0] == 250
    session.quit()


def test_junk_lands_in_the_junk_folder(lab, client, sick):
    mailbox = sick("junk")
    _by_mx(client, mailbox.address, "junk")
    assert arrives(lab, mailbox.address, "junk") == [".Junk Email"]


def test_late_mail_is_late(lab, client, sick):
    mailbox = sick("late")
    began = time.monotonic()
    _by_mx(client, mailbox.address, "late")
    arrives(lab, mailbox.address, "late")
    assert time.monotonic() - began >= lab.provider.release_after


def test_mail_into_the_void_is_accepted_and_gone(lab, client, sick):
    mailbox = sick("never-delivered")
    before = lab.servers["mx"].size()
    _by_mx(client, mailbox.address, "void")
    patiently(
        lambda: "milter triggers DISCARD action" in lab.servers["mx"].text(before),
        "it is thrown away",
    )
    assert "void" not in [text for _, text in subjects(lab, mailbox.address)]


def by_pop(client):
    class Here(poplib.POP3):
        def _create_socket(self, timeout):
            return client.tls("ex4.mail.ovh.net", 995)

    return Here("ex4.mail.ovh.net")


def test_pop_lets_in_unless_it_is_switched_off(lab, client, sick):
    mailbox = lab.mailboxes["anna@office.example"]
    session = by_pop(client)
    session.user(mailbox.address)
    assert session.pass_(mailbox.secret).startswith(b"+OK")
    session.quit()
    mailbox = sick("pop-disabled")
    session = by_pop(client)
    session.user(mailbox.address)
    with pytest.raises(poplib.error_proto, match=r"\[AUTH\]"):
        session.pass_(mailbox.secret)


def test_mailbox_tells_how_full_it_is(lab, client, sick):
    mailbox = sick("quota-nearly-full")
    session = client.imap()
    session.login(mailbox.address, mailbox.secret)
    assert session.getquotaroot("INBOX")[1][1] == [b"mailbox (STORAGE 200 210)"]
    session.logout()


def published(client):
    """What a verifier asks the DNS."""

    def ask(name, timeout=5):
        answer = client.drill("-t", "TXT", name.decode("ascii").rstrip("."))
        for line in answer.splitlines():
            if "\tTXT\t" in line and not line.startswith(";"):
                return "".join(line.split("\t")[-1].split('"')[1::2]).encode("ascii")
        return None

    return ask


@pytest.mark.parametrize(
    "domain, right", [("office", True), ("dkim-other-key", False), ("dkim-missing", False)]
)
def test_submission_signs_and_the_key_is_published_as_told(lab, client, domain, right):
    mailbox = lab.mailboxes[f"anna@{domain}.example"]
    session = client.submission()
    session.login(mailbox.address, mailbox.secret)
    session.sendmail(
        mailbox.address, [mailbox.address], letter(mailbox.address, mailbox.address, "signed")
    )
    session.quit()
    arrives(lab, mailbox.address, "signed")
    mail = next(
        text
        for text in (path.read_bytes() for path in lab.mailboxes.mails(mailbox.address))
        if b"\nSubject: signed\n" in text
    )
    assert b"DKIM-Signature: v=1; a=rsa-sha256" in mail
    assert dkim.verify(mail, dnsfunc=published(client)) == right
