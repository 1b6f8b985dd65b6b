# SPDX-License-Identifier: MIT
"""The lab itself is right: names, ways, and the tap on the office's line."""

import os
import re
import socket

import pytest

import hosts


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
        ("mx-mixed.example", "MX", "NOERROR", 6),
        ("mx7.mail.ovh.net", "A", "NXDOMAIN", 0),
        ("_autodiscover._tcp.office.example", "SRV", "NOERROR", 1),
        ("_autodiscover._tcp.srv-missing.example", "SRV", "NXDOMAIN", 0),
    ],
)
def test_zone_says_what_its_office_needs(client, name, kind, code, answers):
    answer = client.drill(kind, name)
    assert f"rcode: {code}," in answer and f"ANSWER: {answers}," in answer


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
