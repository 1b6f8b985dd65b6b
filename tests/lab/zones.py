# SPDX-License-Identifier: MIT
"""The names of the small internet: zone files for nsd, and the resolver that the office asks."""

import os
import shutil
import socket
import struct
import threading

from namespaces import run
from hosts import NAME_SERVER, RESOLVER, RESOLVER_OUTGOING, TRUNCATING_RESOLVER


NSD = """
server:
    ip-address: 203.0.113.130
    ip-address: 2001:db8:4::130
    username: ""
    chroot: ""
    pidfile: ""
    zonesdir: "{directory}"
    xfrdfile: "{directory}/xfrd.state"
    zonelistfile: "{directory}/zone.list"
    cookie-secret-file: ""
    server-count: 1
    tcp-count: 50
remote-control:
    control-enable: no
"""

UNBOUND = """
server:
    interface: {address}
    outgoing-interface: {address}
    outgoing-interface: {outgoing}
    access-control: 0.0.0.0/0 allow
    access-control: ::/0 allow
    chroot: ""
    username: ""
    directory: "{directory}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    root-hints: "{directory}/root.hints"
    module-config: "validator iterator"
    trust-anchor-file: "{directory}/anchor.key"
    num-threads: 1
    prefetch: no
    aggressive-nsec: no
    harden-referral-path: no
{more}
remote-control:
    control-enable: no
"""

HEAD = """$ORIGIN {zone}
$TTL 60
@ IN SOA ns.dns.example. hostmaster.dns.example. 1 3600 600 86400 60
@ IN NS ns.dns.example.
"""


def _zone_of(name):
    return ".".join(name.split(".")[-2:])


def _at_name_server(name):
    return "".join(f"{name}. IN {'AAAA' if ':' in a else 'A'} {a}\n" for a in NAME_SERVER)


def write_all(directory, hosts, domains, lame, others, signed, bogus):
    """hosts: name -> addresses; domains: name -> zone lines; lame: domains whose name servers
    know nothing of them; others: zone -> lines, beside those that its hosts make; signed and bogus:
    zones with DNSSEC, of which it is right, and not."""
    os.makedirs(directory, exist_ok=True)
    zones = {_zone_of(host): "" for host in hosts}
    zones |= {name: "".join(f"{line}\n" for line in lines) for name, lines in domains.items()}
    for name, lines in others.items():
        zones[name] = zones.get(name, "") + "".join(f"{line}\n" for line in lines)
    for host, addresses in hosts.items():
        for address in addresses:
            zones[_zone_of(host)] += f"{host}. IN {'AAAA' if ':' in address else 'A'} {address}\n"
    tops = {name.rsplit(".", 1)[1]: "" for name in zones}
    for name in zones:
        tops[name.rsplit(".", 1)[1]] += f"{name}. IN NS ns.dns.example.\n"
    for name in lame:
        tops[name.rsplit(".", 1)[1]] += f"{name}. IN NS ns.lame.example.\n"
    tops["example"] += _at_name_server("ns.dns.example") + _at_name_server("ns.lame.example")
    root = "".join(f"{top}. IN NS ns.dns.example.\n" for top in tops)
    root += _at_name_server("ns.dns.example")
    config = NSD.format(directory=directory)
    for name, lines in {"root": root, **tops, **zones}.items():
        zone = "." if name == "root" else f"{name}."
        _write(f"{directory}/{name}.zone", HEAD.format(zone=zone) + lines)
        config += f'zone:\n    name: "{zone}"\n    zonefile: "{name}.zone"\n'
    _write(f"{directory}/nsd.conf", config)
    _sign(directory, signed, bogus)
    hints = ". IN NS ns.dns.example.\n" + _at_name_server("ns.dns.example")
    _write(f"{directory}/root.hints", hints)


def write_resolver(directory, name, address, outgoing=RESOLVER_OUTGOING, more=()):
    """The configuration of a real unbound; more: lines of its `server` part. Returns its path."""
    path = f"{directory}/{name}.conf"
    lines = "".join(f"    {line}\n" for line in more)
    _write(
        path, UNBOUND.format(directory=directory, address=address, outgoing=outgoing, more=lines)
    )
    return path


def _parent(name):
    return name.split(".", 1)[1] if "." in name else "root"


def _sign(directory, signed, bogus):
    """Signs these zones (RFC 4034) and all above them; what is told above of the bogus ones' keys
    is not true. The key of the root becomes what resolvers trust."""
    names = {*signed, *bogus, *map(_parent, signed), *map(_parent, bogus), "root"}
    told = {name: "" for name in names}
    for name in sorted(names - {"root"}, key=lambda name: -name.count(".")) + ["root"]:
        zone = "." if name == "root" else name
        base = run("ldns-keygen", "-k", "-a", "ECDSAP256SHA256", zone).strip()
        for kind in ("key", "private", "ds"):
            shutil.move(f"{base}.{kind}", f"{directory}/{name}.{kind}")
        path = f"{directory}/{name}.zone"
        with open(path, "a", encoding="ascii") as file:
            file.write(told[name])
        run("ldns-signzone", "-f", path, "-o", zone, path, f"{directory}/{name}")
        with open(f"{directory}/{name}.ds", encoding="ascii") as file:
            words = file.read().split()
        if name in bogus:
            words[-1] = "00" * 32
        if name != "root":
            told[_parent(name)] += " ".join(words) + "\n"
    shutil.copy(f"{directory}/root.key", f"{directory}/anchor.key")


def _write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


class TruncatingResolverStandIn:
    """A resolver whose every UDP answer is cut off: all of it comes by TCP only (RFC 7766)."""

    def __init__(self, namespaces):
        self.udp, self.tcp = namespaces.call("dns", self._open)
        self.upstream = lambda: namespaces.call("dns", socket.create_connection, (RESOLVER, 53), 5)
        self.by_udp = self.by_tcp = 0
        self.over = False
        for serve in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=serve, daemon=True).start()

    @staticmethod
    def _open():
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind((TRUNCATING_RESOLVER, 53))
        return udp, socket.create_server((TRUNCATING_RESOLVER, 53))

    def _serve_udp(self):
        while True:
            try:
                message, peer = self.udp.recvfrom(4096)
            except OSError:
                return
            if self.over:
                return
            if len(message) < 17:
                continue
            self.by_udp += 1
            end = message.index(b"\0", 12) + 5
            flags = 0x8000 | 0x0200 | 0x0080 | (struct.unpack_from("!H", message, 2)[0] & 0x0100)
            self.udp.sendto(
                message[:2] + struct.pack("!HHHHH", flags, 1, 0, 0, 0) + message[12:end], peer
            )

    def _serve_tcp(self):
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(connection,), daemon=True).start()

    def _relay(self, connection):
        with connection, self.upstream() as upstream:
            while True:
                question = self._message(connection)
                if question is None:
                    return
                self.by_tcp += 1
                upstream.sendall(struct.pack("!H", len(question)) + question)
                answer = self._message(upstream)
                if answer is None:
                    return
                connection.sendall(struct.pack("!H", len(answer)) + answer)

    @staticmethod
    def _message(stream):
        with_length = stream.makefile("rb", buffering=0)
        head = TruncatingResolverStandIn._exactly(with_length, 2)
        return (
            None
            if head is None
            else TruncatingResolverStandIn._exactly(with_length, struct.unpack("!H", head)[0])
        )

    @staticmethod
    def _exactly(stream, size):
        got = b""
        while len(got) < size:
            try:
                some = stream.read(size - len(got))
            except OSError:
                return None
            if not some:
                return None
            got += some
        return got

    def stop(self):
        self.over = True
        for listener in (self.udp, self.tcp):
            try:
                listener.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            listener.close()
