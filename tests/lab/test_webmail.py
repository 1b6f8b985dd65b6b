# SPDX-License-Identifier: MIT
"""The lab itself is right: the stand-in for webmail answers as Exchange does, behind real TLS."""

import base64
import hashlib
import json
from urllib.parse import urlencode

import pytest

import hosts
from cloud_stand_in import APPLICATION, KEY, SERVICE, TENANT


def test_owa_sends_a_stranger_to_its_form(client):
    first = client.get("ex4.mail.ovh.net", "/owa/")
    assert first.status == 302
    place = first.headers["Location"]
    assert place.startswith("https://ex4.mail.ovh.net/owa/auth/logon.aspx?url=") and place.endswith(
        "&reason=0"
    )
    page = client.get("ex4.mail.ovh.net", place.removeprefix("https://ex4.mail.ovh.net"))
    assert page.status == 200
    for word in (
        'name="logonForm"',
        'action="/owa/auth.owa"',
        'name="destination"',
        'name="flags"',
        'name="username"',
        'name="password"',
        'name="isUtf8"',
    ):
        assert word in page.text


def test_owa_lets_a_right_password_in(lab, client):
    reply = client.log_in_to_owa(lab.mailboxes["anna@office.example"])
    assert (reply.status, reply.headers["Location"]) == (302, "https://ex4.mail.ovh.net/owa/")
    cookies = [line.split(";")[0] for line in reply.headers.get_all("Set-Cookie")]
    assert [word.split("=")[0] for word in cookies] == [
        "cadata",
        "cadataTTL",
        "cadataKey",
        "cadataIV",
        "cadataSig",
    ]
    inbox = client.get("ex4.mail.ovh.net", "/owa/", headers={"Cookie": "; ".join(cookies)})
    assert inbox.status == 200 and "UserContext=" in str(inbox.headers)


@pytest.mark.parametrize("field", ["destination", "flags", "username", "password"])
def test_owa_answers_400_to_an_incomplete_form(lab, client, field):
    assert client.log_in_to_owa(lab.mailboxes["anna@office.example"], **{field: None}).status == 400


def test_owa_answers_400_to_a_foreign_destination(lab, client):
    assert (
        client.log_in_to_owa(
            lab.mailboxes["anna@office.example"], destination="https://x.example/owa/"
        ).status
        == 400
    )


def test_owa_refuses_a_wrong_password_and_counts_it(lab, client):
    bad = len(lab.owa.bad)
    reply = client.log_in_to_owa(lab.mailboxes["anna@office.example"], password="wrong")
    assert reply.status == 302 and reply.headers["Location"].endswith("&reason=2")
    assert "cadata=; " in str(reply.headers)
    assert lab.owa.bad[bad:] == ["anna@office.example"]


def test_owa_knows_an_expired_session(client):
    cookie = {"Cookie": "cadata=x; cadataTTL=x; cadataKey=x; cadataIV=x; cadataSig=x"}
    assert (
        client.get("ex4.mail.ovh.net", "/owa/", headers=cookie)
        .headers["Location"]
        .endswith("&reason=3")
    )
    assert client.get("ex4.mail.ovh.net", "/owa/", "POST", "x=y", cookie).status == 440


@pytest.mark.parametrize(
    "fate, place",
    [
        ("language", "/owa/"),
        ("mfa", "/second-factor/"),
        ("rule", "reason=5"),
        ("no-mailbox", "errorfe.aspx?httpCode=500"),
        ("expired-password", "expiredpassword.aspx"),
    ],
)
def test_owa_leads_each_fate_its_way(lab, client, fate, place):
    mailbox = lab.mailboxes["language@office.example"]
    lab.owa.fates[mailbox.address] = fate
    try:
        assert place in client.log_in_to_owa(mailbox).headers["Location"]
    finally:
        del lab.owa.fates[mailbox.address]


def test_owa_faces_are_as_odd_as_named(client):
    assert len(client.get("ex11.mail.ovh.net", "/owa/auth/logon.aspx?reason=0").text) > 65536
    assert (
        client.get("ex12.mail.ovh.net", "/owa/")
        .headers["Location"]
        .startswith("https://ex12.mail.ovh.net/owa/?again=")
    )
    assert (
        client.get("ex13.mail.ovh.net", "/owa/")
        .headers["Location"]
        .startswith("https://login.elsewhere.example/")
    )
    page = client.get("ex14.mail.ovh.net", "/owa/")
    assert page.status == 200 and "logonForm" not in page.text
    assert client.get("ex15.mail.ovh.net", "/owa/").status == 503


@pytest.mark.parametrize(
    "directory", ["owa", "ews", "mapi", "autodiscover", "microsoft-server-activesync"]
)
def test_health_pages_tell_health(client, directory):
    page = client.get("ex4.mail.ovh.net", f"/{directory}/healthcheck.htm")
    assert page.status == 200 and page.text.startswith("200 OK")
    assert client.get("ex10.mail.ovh.net", f"/{directory}/healthcheck.htm").status == 503


def basic(mailbox, password=None):
    word = f"{mailbox.address}:{password or mailbox.secret}".encode()
    return {"Authorization": "Basic " + base64.b64encode(word).decode()}


def offers(reply):
    return [word.split()[0] for word in reply.headers.get_all("WWW-Authenticate")]


@pytest.mark.parametrize(
    "host, path, schemes",
    [
        ("ex4", "/Microsoft-Server-ActiveSync", ["Basic"]),
        ("ex4", "/EWS/Exchange.asmx", ["Negotiate", "NTLM", "Basic"]),
        ("ex4", "/mapi/emsmdb/", ["Negotiate", "NTLM"]),
        ("ex4", "/autodiscover/autodiscover.xml", ["Negotiate", "NTLM", "Basic"]),
        ("ex16", "/EWS/Exchange.asmx", ["Negotiate", "NTLM"]),
        ("ex18", "/EWS/Exchange.asmx", ["Bearer"]),
    ],
)
def test_exchange_asks_a_stranger_who_it_is(client, host, path, schemes):
    reply = client.get(f"{host}.mail.ovh.net", path)
    assert (reply.status, offers(reply)) == (401, schemes)


def active_sync(client, mailbox):
    path = "/Microsoft-Server-ActiveSync"
    return client.get("ex4.mail.ovh.net", path, "OPTIONS", headers=basic(mailbox))


def test_active_sync_lets_a_telephone_in(lab, client):
    reply = active_sync(client, lab.mailboxes["anna@office.example"])
    assert reply.status == 200 and "14.1" in reply.headers["MS-ASProtocolVersions"]


@pytest.mark.parametrize(
    "name, status",
    [
        ("activesync-not-enabled", 403),
        ("activesync-switched-off", 401),
        ("activesync-blocked", 456),
        ("password-expired-457", 457),
        ("password-expires-soon", 200),
    ],
)
def test_active_sync_treats_each_mailbox_as_told(client, sick, name, status):
    reply = active_sync(client, sick(name))
    assert reply.status == status
    assert ("X-MS-Credentials-Expire" in reply.headers) == (name == "password-expires-soon")


GET_FOLDER = """<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>
<GetFolder xmlns="http://schemas.microsoft.com/exchange/services/2006/messages">
<FolderIds><DistinguishedFolderId Id="inbox"/></FolderIds></GetFolder></s:Body></s:Envelope>"""


@pytest.mark.parametrize(
    "name, code", [("healthy", "NoError"), ("ews-disabled", "ErrorAccountDisabled")]
)
def test_ews_answers_with_its_response_code(client, sick, name, code):
    headers = {"Content-Type": "text/xml; charset=utf-8", **basic(sick(name))}
    reply = client.get("ex4.mail.ovh.net", "/EWS/Exchange.asmx", "POST", GET_FOLDER, headers)
    assert reply.status == 200
    assert f"<m:ResponseCode>{code}</m:ResponseCode>" in reply.text


SETTINGS_OF = (
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/'
    'requestschema/2006"><Request><EMailAddress>{}</EMailAddress><AcceptableResponseSchema>'
    "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
    "</AcceptableResponseSchema></Request></Autodiscover>"
)


def test_autodiscover_names_the_servers_to_who_is_let_in(lab, client):
    mailbox = lab.mailboxes["anna@office.example"]
    asked = SETTINGS_OF.format(mailbox.address)
    headers = {"X-MapiHttpCapability": "1", **basic(mailbox)}
    path = "/autodiscover/autodiscover.xml"
    full = client.get("ex4.mail.ovh.net", path, "POST", asked, headers)
    for word in ("<Type>EXCH</Type>", 'Type="mapiHttp"', "https://ex4.mail.ovh.net/EWS/"):
        assert word in full.text
    empty = client.get("ex4.mail.ovh.net", path, headers=basic(mailbox))
    assert (empty.status, "<ErrorCode>600<" in empty.text) == (200, True)
    stranger = client.get("ex4.mail.ovh.net", path, "POST", asked, basic(mailbox, "wrong"))
    assert stranger.status == 401


def test_autodiscover_tells_a_url_without_credentials(client):
    path = "/autodiscover/autodiscover.json/v1.0/anna@office.example?Protocol=EWS"
    assert "https://ex4.mail.ovh.net/EWS/Exchange.asmx" in client.get("ex4.mail.ovh.net", path).text


def ask_interface(client, path, secret=KEY[1], when=0):
    """A request to OVH's interface, signed as its own clients do."""
    now = str(int(client.get(hosts.API, "/1.0/auth/time").text) + when)
    words = "+".join((secret, KEY[2], "GET", f"https://{hosts.API}{path}", "", now))
    headers = {
        "X-Ovh-Application": KEY[0],
        "X-Ovh-Consumer": KEY[2],
        "X-Ovh-Timestamp": now,
        "X-Ovh-Signature": "$1$" + hashlib.sha1(words.encode()).hexdigest(),
    }
    return client.get(hosts.API, path, headers=headers)


ACCOUNT = f"/1.0/email/exchange/{SERVICE}/service/{SERVICE}/account/"


def test_interface_tells_of_the_account_to_who_signs(client, sick):
    mailbox = sick("api-spam")
    told = json.loads(ask_interface(client, ACCOUNT + mailbox.address).text)
    assert (told["state"], told["spamDetected"]) == ("ok", True)
    mailbox = sick("api-expired-460")
    assert ask_interface(client, ACCOUNT + mailbox.address).status == 460


def test_interface_refuses_a_signature_that_is_wrong_or_late(client):
    for secret, when in (("another", 0), (KEY[1], -600)):
        reply = ask_interface(client, ACCOUNT + "anna@office.example", secret, when)
        assert reply.status == 403 and "INVALID_SIGNATURE" in reply.text


def ask_token(client, secret, application=APPLICATION):
    form = {
        "client_id": application,
        "client_secret": secret,
        "grant_type": "client_credentials",
        "scope": "https://outlook.office365.com/.default",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    path = f"/{TENANT}/oauth2/v2.0/token"
    return client.get(hosts.TOKENS, path, "POST", urlencode(form), headers)


def test_token_lets_into_imap_submission_and_active_sync(lab, client):
    mailbox = lab.mailboxes["anna@office.example"]
    token = json.loads(ask_token(client, mailbox.secret).text)["access_token"]
    words = f"user={mailbox.address}\1auth=Bearer {token}\1\1".encode()
    assert client.imap().authenticate("XOAUTH2", lambda _: words)[0] == "OK"
    line = "AUTH XOAUTH2 " + base64.b64encode(words).decode()
    assert client.submission().docmd(line)[0] == 235
    headers = {"Authorization": f"Bearer {token}"}
    path = "/Microsoft-Server-ActiveSync"
    assert client.get("ex18.mail.ovh.net", path, "OPTIONS", headers=headers).status == 200


def test_token_server_says_why_it_gives_none(lab, client):
    secret = lab.mailboxes["anna@office.example"].secret
    wrong, unknown = ask_token(client, "wrong"), ask_token(client, secret, "another")
    assert (wrong.status, json.loads(wrong.text)["error"]) == (400, "invalid_client")
    assert (unknown.status, json.loads(unknown.text)["error"]) == (400, "unauthorized_client")
