# SPDX-License-Identifier: MIT
"""Sees every packet between the office and the world: who was called, what passed in the clear."""

import ipaddress
import socket
import struct
from collections import Counter

ALL_PROTOCOLS, RECEIVE_BUFFER_FORCE = 3, 33


class Wiretap:
    """Listens at the router, on the office's line. drain() takes what passed since."""

    def __init__(self, namespaces):
        self.socket = namespaces.call("internet", self._open)

    @staticmethod
    def _open():
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
        tap.setsockopt(socket.SOL_SOCKET, RECEIVE_BUFFER_FORCE, 256 << 20)
        tap.bind(("office", 0))
        tap.setblocking(False)
        return tap

    def drain(self):
        seen = Traffic()
        while True:
            try:
                frame = self.socket.recv(1 << 17)
            except BlockingIOError:
                return seen
            seen.add(frame)

    def stop(self):
        self.socket.close()


class Traffic:
    """calls: for each (address, port) how many TCP connections the office began there; sizes: how
    many bytes of IP packets it sent there by TCP."""

    def __init__(self):
        self.calls = Counter()
        self.sizes = Counter()
        self.questions = Counter()
        self.clear = bytearray()
        self._begun = set()

    def add(self, frame):
        kind = struct.unpack_from("!H", frame, 12)[0]
        if kind == 0x0800:
            length = (frame[14] & 15) * 4
            protocol, total = frame[23], struct.unpack_from("!H", frame, 16)[0]
            target = ipaddress.ip_address(frame[30:34])
            packet = frame[14 + length : 14 + total] if total else frame[14 + length :]
        elif kind == 0x86DD:
            protocol = frame[20]
            target = ipaddress.ip_address(frame[38:54])
            packet = frame[54:]
        else:
            return
        if protocol == socket.IPPROTO_TCP:
            self._tcp(target, packet)
        elif protocol == socket.IPPROTO_UDP:
            self._udp(target, packet)

    def _tcp(self, target, packet):
        source, port, sequence = struct.unpack_from("!HHI", packet)
        if packet[13] & 0x12 == 0x02 and (source, sequence) not in self._begun:
            self._begun.add((source, sequence))
            self.calls[str(target), port] += 1
        self.sizes[str(target), port] += (20 if target.version == 4 else 40) + len(packet)
        self.clear += packet[(packet[12] >> 4) * 4 :]

    def _udp(self, target, packet):
        port = struct.unpack_from("!H", packet, 2)[0]
        self.clear += packet[8:]
        if port == 53:
            self.questions[self._question(packet[8:]), str(target)] += 1

    @staticmethod
    def _question(message):
        labels, at = [], 12
        while at < len(message) and message[at]:
            labels.append(message[at + 1 : at + 1 + message[at]].decode("ascii", "replace"))
            at += 1 + message[at]
        kind = struct.unpack_from("!H", message, at + 1)[0] if at + 3 <= len(message) else 0
        return ".".join(labels).lower(), kind
