# SPDX-License-Identifier: MIT
"""The longest chain of round trips in a run, found in the packets that the office sent and got.

It is walked from its end. What came in last answers what the office had sent a round trip before, on
the same connection or to the same question: one round trip. Where that was an acknowledgement only,
it counts before the greeting of a server that speaks first, and where the server's words came right
a round trip after it, as those do that a server holds back behind a session ticket. And what the
office sent followed from something that had come in just before:

- on the same connection, or the answer to the same question;
- else it waited for another: any answer of the DNS, or a connection that others may wait for. Those
  are the first family's; of the MX hosts the one that took the mail, which was sent the most bytes.

What came in more than PROMPT seconds before is not the cause: then the office let time pass, and
goes on from what its own connection, or else anybody, had heard last. So a timer, a busy processor
and a slow server lengthen the time and not the chain, and the ratio of both shows them.
"""

import ipaddress
import struct
from collections import Counter
from dataclasses import dataclass

OUTWARD, INWARD = 0, 1
TCP, UDP, DNS, MX = 6, 17, 53, 25
SYN, ENDS = 0x02, 0x05
PROMPT = 0.010


@dataclass
class Packet:
    at: float
    way: int
    flow: tuple  # the other end's address and port, our port, and for questions their number
    words: int  # bytes beyond the headers
    turns: bool  # more than an acknowledgement


@dataclass
class Link:
    """One round trip of the chain."""

    sent: Packet
    came: Packet
    idle: float  # seconds since its cause: the office's own


def read(at, way, frame):
    """The packet; None where it is neither TCP nor DNS."""
    kind = struct.unpack_from("!H", frame, 12)[0]
    if kind == 0x0800:
        protocol, peers, body = frame[23], (frame[26:30], frame[30:34]), 14 + (frame[14] & 15) * 4
        end = 14 + struct.unpack_from("!H", frame, 16)[0]
    elif kind == 0x86DD:
        protocol, peers, body = frame[20], (frame[22:38], frame[38:54]), 54
        end = 54 + struct.unpack_from("!H", frame, 18)[0]
    else:
        return None
    if protocol not in (TCP, UDP):
        return None
    ports = struct.unpack_from("!HH", frame, body)
    far, near = (1, 0) if way == OUTWARD else (0, 1)
    flow = (str(ipaddress.ip_address(peers[far])), ports[far], ports[near])
    if protocol == UDP:
        number = struct.unpack_from("!H", frame, body + 8)[0]
        return Packet(at, way, (*flow, number), end - body - 8, True) if flow[1] == DNS else None
    words = end - body - (frame[body + 12] >> 4) * 4
    told = SYN if way == OUTWARD else SYN | ENDS
    return Packet(at, way, flow, words, words > 0 or frame[body + 13] & told != 0)


class Chain:
    def __init__(self, frames, began, round_trip):
        packets = [packet for frame in frames if (packet := read(*frame)) is not None]
        self.sent = [packet for packet in packets if packet.way == OUTWARD]
        self.came = [packet for packet in packets if packet.way == INWARD and packet.turns]
        self.round_trip = round_trip
        self.causes = self._causes()
        self.links = []
        self._walk(began)

    def _causes(self):
        """The flows that others may wait for."""
        sizes = Counter()
        for packet in self.sent:
            sizes[packet.flow] += packet.words
        mail = max((flow for flow in sizes if flow[1] == MX), key=sizes.get, default=None)
        first = {flow for flow in sizes if flow[1] == DNS or ":" not in flow[0]}
        return {flow for flow in first if flow[1] != MX or flow == mail}

    def _answered(self, came):
        """What the packet that came is the answer to."""
        latest = came.at - self.round_trip
        before = [p for p in self.sent if p.flow == came.flow and p.at <= latest]
        greeted = len(before) == 2  # the call, and that it stands
        if before and not (before[-1].turns or greeted or latest - before[-1].at <= PROMPT):
            before = [packet for packet in before if packet.turns]
        return before[-1] if before else None

    def _cause(self, sent):
        """What had to come in before it was sent; None at the beginning of the run."""
        before = [packet for packet in self.came if packet.at <= sent.at]
        own = [packet for packet in before if packet.flow == sent.flow]
        others = [packet for packet in before if packet.flow in self.causes]
        for heard in (own, others):
            if heard and sent.at - heard[-1].at <= PROMPT:
                return heard[-1]
        return (own or others or [None])[-1]

    def _walk(self, began):
        came = self.came[-1] if self.came else None
        while came is not None:
            sent = self._answered(came)
            if sent is None:
                break
            cause = self._cause(sent)
            idle = sent.at - (began if cause is None else cause.at)
            self.links.append(Link(sent, came, idle))
            came = cause
        self.links.reverse()

    def describe(self):
        for link in self.links:
            address, port = link.sent.flow[:2]
            slow = link.came.at - link.sent.at - self.round_trip
            yield (
                f"{link.sent.at - self.links[0].sent.at:7.3f} s  {address} {port}: "
                f"server {slow * 1000:.0f} ms, before it {link.idle * 1000:.0f} ms"
            )
