# SPDX-License-Identifier: MIT
"""Brokers that come and go, and local processes that get in the way."""
import random
import signal
import socket
import threading

from brokers import PATIENCE, Listener

EVENT = "gp/office/event/anna"
ROUNDS = 50


def test_delivers_each_message_in_order_through_fifty_restarts_of_the_broker(mosquitto, probe):
    broker = mosquitto()
    office = probe(broker, longest_ms=100)
    fleet = Listener(broker, EVENT, "%p", "-i", "fleet", "-c", "-x", "3600")
    fleet.close()  # the broker keeps for it what comes from now on
    chance, sent = random.Random(7), 0
    for turn in range(ROUNDS):
        office.expect("online 5 .")
        for _ in range(chance.randrange(1, 20)):
            sent += 1
            office.order(f"publish {sent} {EVENT} {sent}")
        if turn % 2:
            office.expect(f"delivered {sent}")
        broker.stop(signal.SIGTERM)
        broker.start()
    office.expect("online 5 .")
    sent += 1
    office.order(f"publish {sent} {EVENT} {sent}")
    delivered = {int(line.split()[1]) for line in office.seen if line.startswith("delivered")}
    while len(delivered) < sent:
        delivered.add(int(office.expect(r"delivered (\d+)")[1]))
    office.order("memory")
    assert int(office.expect(r"peak (\d+)")[1]) < 16000
    broker.publish(EVENT, "end")
    fleet = Listener(broker, EVENT, "%p", "-i", "fleet", "-c", "-x", "3600")
    fleet.lines.drain_until(lambda line: line == "end", PATIENCE) if "end" not in fleet.lines.seen else None
    got = [int(line) for line in fleet.lines.seen if line.isdigit()]
    fleet.close()
    assert set(got) == set(range(1, sent + 1))
    first = [number for at, number in enumerate(got) if number not in got[:at]]
    assert first == sorted(first)


def listeners():
    """Ports on 127.0.0.1 with somebody listening."""
    with open("/proc/net/tcp", encoding="ascii") as table:
        return {int(row.split()[1][9:], 16) for row in table if row.split()[3:4] == ["0A"] and "0100007F:" in row.split()[1]}


class Racer(threading.Thread):
    """Calls at every port that appears on loopback: sends garbage, holds the line, or hangs up."""

    def __init__(self, known):
        super().__init__(daemon=True)
        self.known, self.held, self.answers, self.calls = known, [], [], 0
        self.called, self.done = threading.Event(), threading.Event()

    def run(self):
        manners = [b"GET / HTTP/1.1\r\n\r\n", b"CONNECT broker.invalid:8883 HTTP/1.1\r\n\r\n", b"\x10\x0c\0\4MQTT", b"", None]
        while not self.done.is_set():
            for port in listeners() - self.known:
                self.call(port, manners[self.calls % len(manners)])

    def call(self, port, manner):
        try:
            one = socket.create_connection(("127.0.0.1", port), 5)
        except OSError:
            return
        self.calls += 1
        self.called.set()
        try:
            if manner is None:
                one.close()
                return
            one.sendall(manner)
            self.held.append(one)
        except OSError:
            one.close()

    def finish(self):
        self.done.set()
        self.join(PATIENCE)
        for one in self.held:
            try:
                one.settimeout(5)
                self.answers.append(one.recv(4096))
            except OSError:
                pass
            one.close()


def test_a_local_process_that_races_gets_nothing_and_breaks_nothing(mosquitto, probe):
    broker = mosquitto()
    racer = Racer(listeners())
    racer.start()
    office = probe(broker, longest_ms=100)
    for number in range(1, 11):
        office.expect("online 5 .")
        office.order(f"publish {number} {EVENT} {number}")
        office.expect(f"delivered {number}")
        broker.stop()
        racer.known.discard(0)
        broker.start()
    office.expect("online 5 .")
    racer.finish()
    assert racer.calls > 0
    assert not any(b"200" in answer for answer in racer.answers)
    office.leave()
