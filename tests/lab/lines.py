# SPDX-License-Identifier: MIT
"""The office's line to the internet, and what firewalls, sign-in pages and faults make of it:
nftables rules on the router, which send some of the traffic to the appliances of middleboxes.py."""

import subprocess

from hosts import HOSTS, NAME_SERVER, RESOLVER
from middleboxes import PORTAL, PORTAL_TLS, SMTP_INSPECTOR, TLS_INSPECTOR

TABLE = """
table inet line {{
    chain before {{
        type nat hook prerouting priority dstnat;
{before}
    }}
    chain through {{
        type filter hook forward priority 0;
{through}
    }}
}}
"""


def _from_office(what, then):
    return f'iifname "office" {what} {then}'


def _drop(what):
    """Without a word: the office waits."""
    return _from_office(what, "drop")


def _refuse(port):
    return _from_office(f"tcp dport {port}", "reject with tcp reset")


def _turn(ports, to):
    return _from_office(f"tcp dport {{ {ports} }}", f"redirect to :{to}")


EX4 = HOSTS["ex4.mail.ovh.net"]

# name: (rules before routing, rules on the way through)
LINES = {
    "port-25-closed": ((), (_drop("tcp dport 25"),)),
    "port-25-refused": ((), (_refuse(25),)),
    "port-443-closed": ((), (_refuse(443),)),
    "port-587-closed": ((), (_refuse(587),)),
    "port-993-closed": ((), (_refuse(993),)),
    "banned": ((), (_drop(f"ip daddr {EX4[0]}"),)),
    "banned-from-mail": (
        (),
        (
            _from_office(
                f"ip daddr {EX4[0]} tcp dport {{ 587, 993, 995 }}", "reject with tcp reset"
            ),
        ),
    ),
    "provider-down": (
        (),
        (
            _from_office(f"ip daddr {EX4[0]}", "reject with icmp host-unreachable"),
            _from_office(f"ip6 daddr {EX4[1]}", "reject with icmpv6 addr-unreachable"),
        ),
    ),
    # The router and its resolver are there, and nothing behind them.
    "internet-down": (
        (),
        (
            _from_office(f"ip daddr != {RESOLVER}", "reject with icmp net-unreachable"),
            _from_office("meta nfproto ipv6", "reject with icmpv6 no-route"),
        ),
    ),
    "line-dead": ((), (_drop("counter"),)),
    "smtp-inspection": ((_turn("25, 587", SMTP_INSPECTOR),), ()),
    "tls-inspection": ((_turn("443, 465, 993, 995", TLS_INSPECTOR),), ()),
    "captive-portal": (
        (_turn("80", PORTAL), _turn("443", PORTAL_TLS)),
        (_from_office("meta l4proto tcp", "reject with tcp reset"),),
    ),
    # Whoever is asked, the router's own resolver answers.
    "dns-intercepted": (
        (
            _from_office(f"ip daddr != {RESOLVER} udp dport 53", f"dnat ip to {RESOLVER}"),
            _from_office(f"ip daddr != {RESOLVER} tcp dport 53", f"dnat ip to {RESOLVER}"),
        ),
        (_drop(f"ip6 daddr {NAME_SERVER[1]} udp dport 53"),),
    ),
}


class Line:
    """One office at a time has a line that is sick."""

    def __init__(self, namespaces):
        self.namespaces = namespaces
        self.now = ""

    def be(self, name):
        """As named, or well when "" is."""
        if name == self.now:
            return
        rules = "table inet line\ndelete table inet line\n"
        if name:
            before, through = LINES[name]
            rules += TABLE.format(before="\n".join(before), through="\n".join(through))
        subprocess.run(
            self.namespaces.command("internet", "nft", "-f", "-"),
            input=rules,
            text=True,
            check=True,
        )
        self.now = name
