# SPDX-License-Identifier: MIT
"""The lab itself is right: names, ways, and the tap on the office's line."""

import os
import re
import socket
import ssl
import subprocess

import pytest

import domains
import hosts
from namespaces import ROUTELESS, UNPLUGGED


def test_resolver_answers_from_the_root_down(client):
    found = re.findall(r"MX\t(\d+) (\S+)", client.drill("MX", "office.example"))
    assert sorted(found) == sorted(
        (str(n), f"mx{at}.mail.ovh.net.") for at, n in enumerate((1, 5, 50, 100, 200))
    )
    assert "198.51.100.4" in client.drill("A", "ex4.mail.ovh.net")
    assert "2001:db8:2::4" in client.drill("AAAA", "ex4.mail.ovh.net")


@pytest.mark.parametrize(
    "name, kind, code, answers",
    [
        ("office.example", "MX", "NOERROR", 5),
        ("mx-missing.example", "MX", "NOERROR", 0),
        ("gone.example", "MX", "NXDOMAIN", 0),
        ("servfail.example", "MX", "SERVFAIL", 0),
        ("bogus.example", "MX", "SERVFAIL", 0),
        ("mx-mixed.example", "MX", "NOERROR", 6),
        ("mx7.mail.ovh.net", "A", "NXDOMAIN", 0),
        ("_autodiscover._tcp.office.example", "SRV", "NOERROR", 1),
        ("_autodiscover._tcp.srv-missing.example", "SRV", "NXDOMAIN", 0),
    ],
)
def test_zone_says_what_its_office_needs(client, name, kind, code, answers):
    answer = client.drill(kind, name)
    assert f"rcode: {code}," in answer and f"ANSWER: {answers}," in answer


def test_resolver_proves_what_is_signed(client):
    for kind, name, proved in (
        ("MX", "office.example", True),
        ("TLSA", "_25._tcp.mx0.mail.ovh.net", True),
        ("MX", "mx-mixed.example", False),
    ):
        flags = re.search(r";; flags: ([a-z ]*);", client.drill("-D", kind, name))[1].split()
        assert ("ad" in flags) == proved, name


def test_truncating_resolver_answers_whole_by_tcp_only(client):
    by_udp = client.drill("MX", "office.example", resolver=hosts.TRUNCATING_RESOLVER)
    by_tcp = client.drill("-t", "MX", "office.example", resolver=hosts.TRUNCATING_RESOLVER)
    assert " tc " in by_udp and "ANSWER: 0," in by_udp
    assert " tc " not in by_tcp and "ANSWER: 5," in by_tcp


def test_what_is_swallowed_is_never_answered(client):
    def knock(address):
        with socket.socket(
            socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM
        ) as probe:
            probe.settimeout(0.3)
            return probe.connect((address, 25))

    for address in hosts.SWALLOWED:
        with pytest.raises(TimeoutError):
            client.within(knock, address)


def test_wiretap_counts_connections_and_sees_plain_text(lab, client):
    lab.wiretap.drain()
    session = client.smtp("ex4.mail.ovh.net", 587)
    session.ehlo("spoken-in-the-clear.example")
    session.quit()
    client.drill("MX", "office.example")
    traffic = lab.wiretap.drain()
    assert dict(traffic.calls) == {("198.51.100.4", 587): 1}
    assert b"spoken-in-the-clear" in traffic.clear
    assert traffic.questions[("office.example", 15), hosts.RESOLVER] == 1


def test_lab_leaves_the_machines_own_network_alone(lab):
    links = os.listdir("/sys/class/net")
    assert not {"office", "provider", "mx", "dns", "uplink"} & set(links)
    assert hosts.FOREIGN_MX[0] not in open("/proc/net/fib_trie", encoding="ascii").read()


def knock(client, address, port):
    def call():
        with socket.create_connection((address, port), 0.5):
            return "open"

    try:
        return client.within(call)
    except TimeoutError:
        return "silent"
    except OSError:
        return "refused"


@pytest.fixture
def line(lab):
    yield lab.provider.line
    lab.provider.line.be("")


EX4 = hosts.HOSTS["ex4.mail.ovh.net"]


@pytest.mark.parametrize(
    "name, expected",
    [
        ("port-25-closed", ("open", "silent", "open")),
        ("port-587-closed", ("refused", "open", "open")),
        ("banned", ("silent", "open", "open")),
        ("banned-from-mail", ("refused", "open", "open")),
        ("provider-down", ("refused", "open", "open")),
        ("internet-down", ("refused", "refused", "refused")),
        ("captive-portal", ("refused", "refused", "open")),
    ],
)
def test_line_is_as_sick_as_named(client, line, name, expected):
    line.be(name)
    places = ((EX4[0], 587), (hosts.CONTROLS[0][0], 25), (hosts.CONTROLS[1][0], 443))
    assert tuple(knock(client, *place) for place in places) == expected
    line.be("")
    assert [knock(client, *place) for place in places] == ["open"] * 3


@pytest.mark.parametrize("family", [0, 1])
def test_mail_inspection_masks_the_greeting_and_the_offer_of_encryption(client, line, family):
    line.be("smtp-inspection")
    session = client.smtp("ex4.mail.ovh.net", 587, family)
    assert session.greeting[1].startswith(b"**")
    said = session.ehlo("office-router.example")[1]
    assert b"XXXXXXXA" in said and b"STARTTLS" not in said
    session.close()


@pytest.mark.parametrize("port", [443, 993])
def test_tls_inspection_signs_for_everybody(lab, client, line, port):
    line.be("tls-inspection")
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed certificate in"):
        client.tls("ex4.mail.ovh.net", port)
    trust = ssl.create_default_context(cafile=f"{lab.provider.authority.directory}/inspection.crt")
    for host in ("ex4.mail.ovh.net", "smtp.gmail.com"):
        trust.wrap_socket(client.connect(host, port), server_hostname=host).close()


def over_http(client, address, host, path="/", secure=False):
    stream = client.within(socket.create_connection, (address, 443 if secure else 80), 5)
    if secure:
        stream = client.trust.wrap_socket(stream, server_hostname=host)
    with stream:
        stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        return stream.makefile("rb").read().decode("utf-8")


@pytest.mark.parametrize("address", hosts.CONTROLS[0])
def test_sign_in_page_stands_in_for_everybody(client, line, address):
    assert over_http(client, address, "www.example").startswith("HTTP/1.1 200")
    line.be("captive-portal")
    answer = over_http(client, address, "www.example")
    assert answer.startswith("HTTP/1.1 302") and "sign-in.hotel.example/login" in answer
    with pytest.raises(ssl.SSLCertVerificationError):
        client.tls("ex4.mail.ovh.net", 443)


def test_redirected_dns_answers_at_any_address(client, line):
    line.be("dns-intercepted")
    for address in ("203.0.113.53", hosts.NAME_SERVER[0]):
        answer = client.drill("MX", "office.example", resolver=address)
        assert "flags: qr rd ra" in answer and "ANSWER: 5" in answer


def test_lying_resolver_lies_about_one_domain_only(client):
    lie = client.drill("MX", "lied-to.example", resolver=hosts.LYING_RESOLVER)
    assert "mx.elsewhere.example" in lie and "ovh" not in lie
    assert "ANSWER: 5" in client.drill("MX", "office.example", resolver=hosts.LYING_RESOLVER)
    assert hosts.WEBSITE[0] in client.drill("A", "x.invalid", resolver=hosts.INVENTING_RESOLVER)
    assert "rcode: NXDOMAIN" in client.drill("A", "x.invalid")


def test_offices_without_a_way_out_have_none(lab):
    for site, count in ((UNPLUGGED, 0), (ROUTELESS, 1)):
        command = lab.namespaces.command(site, "ip", "-4", "route")
        routes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert len(routes.splitlines()) == count and "default" not in routes


def test_blocklists_list_refuse_and_are_clean(client):
    name = ".".join(reversed(hosts.OFFICE[0].split(".")))
    for zone, word in ((domains.LISTING, "127.0.0.4"), (domains.REFUSING, "127.255.255.254")):
        assert word in client.drill("A", f"{name}.{zone}")
    assert "rcode: NXDOMAIN" in client.drill("A", f"{name}.{domains.CLEAN}")


def test_domains_web_hosts_answer_as_their_domains_need(client):
    def https(host, path):
        return over_http(client, hosts.WEBSITE[0], host, path, secure=True)

    policy = "/.well-known/mta-sts.txt"
    assert "mx: *.mail.ovh.net" in https("mta-sts.office.example", policy)
    assert "mx: mx.elsewhere.example" in https("mta-sts.sts-mismatch.example", policy)
    assert " 404 " in https("mta-sts.sts-no-policy.example", policy)
    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        https("mta-sts.sts-expired.example", policy)
    search = "/autodiscover/autodiscover.xml"
    assert "<Type>IMAP</Type>" in https("on-website.example", search)
    circle = "autodiscover.in-a-circle.example"
    assert f"Location: https://{circle}/" in https(circle, search)
    with pytest.raises(ssl.SSLCertVerificationError, match="not valid for"):
        https("autodiscover.wrong-name.example", search)
