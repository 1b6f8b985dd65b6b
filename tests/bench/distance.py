# SPDX-License-Identifier: MIT
"""A long way between the office and the world: every packet waits so many milliseconds each way.

    with Distance(namespaces) as distance:
        with distance.of(25) as relay:
            ...
        relay.packets(began, ended)

The office's cable is cut, and a relay joins its ends: a process in a namespace of its own that
passes on what comes in at one end to the other one later. What it writes down is what the office
sees: a packet that goes out when it comes from the office, one that comes in when it is handed to
it. Who has which address (ARP, neighbour discovery) is told at once: on a real line the router is
next door.
"""

import collections
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "lab"))

import hosts
from chain import INWARD, OUTWARD
from namespaces import SITES, run

PLACE = "distance"
ALL_PROTOCOLS, SOL_PACKET = 3, 263
IGNORE_OUTGOING, VIRTUAL_HEADER, RECEIVE_BUFFER_FORCE = 23, 15, 33
HEADER = 10  # of a packet whose checksums, and pieces, are left to be made: it is passed on with it
RECORD = struct.Struct("!dBI")
ARP, IPV6, ICMPV6 = 0x0806, 0x86DD, 58


class Distance:
    def __init__(self, namespaces):
        self.namespaces = namespaces

    def __enter__(self):
        prefix4, length4, router, prefix6 = SITES["office"]
        run("ip", "netns", "add", PLACE)
        self.namespaces.names.append(PLACE)
        self.namespaces.call(PLACE, self._without_ipv6)
        ends = ("ip", "-n", "office", "link")
        run(*ends, "set", "uplink", "down")
        run(*ends, "set", "uplink", "netns", PLACE, "name", "outside")
        run(*ends, "add", "uplink", "type", "veth", "peer", "name", "inside", "netns", PLACE)
        for address, length in zip(hosts.OFFICE, (length4, 64)):
            nodad = ("nodad",) if ":" in address else ()
            run("ip", "-n", "office", "address", "add", f"{address}/{length}", "dev", "uplink", *nodad)
        run(*ends, "set", "uplink", "up")
        for end in ("inside", "outside"):
            run("ip", "-n", PLACE, "link", "set", end, "up")
        run("ip", "-n", "office", "route", "add", "default", "via", f"{prefix4}{router}")
        run("ip", "-n", "office", "-6", "route", "add", "default", "via", f"{prefix6}1")
        return self

    def __exit__(self, *_):
        pass  # the namespace goes with the others

    @staticmethod
    def _without_ipv6():
        for which in ("all", "default"):
            Path(f"/proc/sys/net/ipv6/conf/{which}/disable_ipv6").write_text("1", encoding="ascii")

    def of(self, milliseconds):
        return Relay(self.namespaces, milliseconds)


class Relay:
    """The process while it is at work; afterwards what it has written down."""

    def __init__(self, namespaces, milliseconds):
        self.command = namespaces.command(
            PLACE, sys.executable, str(Path(__file__).resolve()), str(milliseconds)
        )

    def __enter__(self):
        self.file = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=self.file, stderr=subprocess.PIPE
        )
        self.process.stderr.readline()  # it is at work
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stderr.close()

    def packets(self, began, ended):
        """(seconds of time.monotonic(), OUTWARD or INWARD, frame) of those that passed meanwhile,
        in their order."""
        self.file.seek(0)
        packets = []
        while head := self.file.read(RECORD.size):
            at, way, length = RECORD.unpack(head)
            packets.append((at, way, self.file.read(length)))
        packets = [packet for packet in packets if began <= packet[0] <= ended]
        return sorted(packets, key=lambda packet: packet[0])


def open_end(name):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    end.setsockopt(SOL_PACKET, IGNORE_OUTGOING, 1)
    end.setsockopt(SOL_PACKET, VIRTUAL_HEADER, 1)
    end.setsockopt(socket.SOL_SOCKET, RECEIVE_BUFFER_FORCE, 64 << 20)
    end.bind((name, ALL_PROTOCOLS))
    end.setblocking(False)
    return end


def is_next_door(frame):
    kind = struct.unpack_from("!H", frame, 12)[0]
    return kind == ARP or (kind == IPV6 and frame[20] == ICMPV6)


def relay(delay):
    ends = [open_end("inside"), open_end("outside")]
    waiting = [collections.deque(), collections.deque()]
    watched = select.poll()
    for descriptor in (*(end.fileno() for end in ends), sys.stdin.fileno()):
        watched.register(descriptor, select.POLLIN)
    sys.stderr.write("ready\n")
    sys.stderr.flush()
    while True:
        due = min((queue[0][0] for queue in waiting if queue), default=None)
        pause = None if due is None else max(0, due - time.monotonic()) * 1000
        ready = [descriptor for descriptor, _ in watched.poll(pause)]
        if sys.stdin.fileno() in ready:
            return
        take(ends, waiting, delay)
        pass_on(ends, waiting)


def take(ends, waiting, delay):
    for way in (OUTWARD, INWARD):
        while True:
            try:
                packet = ends[way].recv(1 << 17)
            except BlockingIOError:
                break
            now = time.monotonic()
            if is_next_door(packet[HEADER:]):
                ends[1 - way].send(packet)
                continue
            waiting[way].append((now + delay, packet))
            if way == OUTWARD:
                note(now, way, packet)


def pass_on(ends, waiting):
    for way in (OUTWARD, INWARD):
        while waiting[way] and waiting[way][0][0] <= time.monotonic():
            packet = waiting[way].popleft()[1]
            if way == INWARD:
                note(time.monotonic(), way, packet)
            ends[1 - way].send(packet)


def note(at, way, packet):
    frame = packet[HEADER:]
    sys.stdout.buffer.write(RECORD.pack(at, way, len(frame)) + frame)


if __name__ == "__main__":
    relay(float(sys.argv[1]) / 1000)
