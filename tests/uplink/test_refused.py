# SPDX-License-Identifier: MIT
"""What can be wrong between gateway and broker: each has its name, and nothing is spoken that should not be."""
import contextlib
import socket
import threading

import pytest

from brokers import OlderBroker, free_port

EVENT = "gp/office/event/anna"


def test_a_ca_that_did_not_sign(mosquitto, probe, stranger):
    office = probe(mosquitto(), ca_file=stranger.path("root.pem"))
    trouble, words = office.trouble()
    assert (trouble, "authority" in words) == ("certificate", True)


def test_the_brokers_own_ca_file_goes_before_the_general_one(mosquitto, probe, authority, stranger):
    office = probe(mosquitto(), ca_file=stranger.path("root.pem"), broker_ca_file=authority.path("root.pem"))
    office.expect("online 5 0")


def test_an_expired_certificate(mosquitto, probe):
    trouble, words = probe(mosquitto(certificate="expired")).trouble()
    assert (trouble, "expired" in words) == ("certificate", True)


def test_a_certificate_for_another_name(mosquitto, probe):
    trouble, words = probe(mosquitto(certificate="other")).trouble()
    assert (trouble, "another name" in words) == ("certificate", True)


def test_a_wrong_pin_although_the_chain_is_good(mosquitto, probe, authority):
    assert probe(mosquitto(), broker_pin=authority.pin("other")).trouble()[0] == "pin"


def test_the_right_pin(mosquitto, probe, authority):
    probe(mosquitto(), broker_pin=authority.pin("good").upper()).expect("online 5 0")


def test_the_right_pin_does_not_mend_an_expired_certificate(mosquitto, probe, authority):
    assert probe(mosquitto(certificate="expired"), broker_pin=authority.pin("expired")).trouble()[0] == "certificate"


@pytest.mark.parametrize("version", ["tlsv1.2", "tlsv1.3"])
def test_a_certificate_of_ours_that_is_demanded(mosquitto, probe, authority, version):
    broker = mosquitto(options=["require_certificate true", f"tls_version {version}"])
    own = {"broker_certificate": authority.path("gateway.pem"), "broker_key": authority.path("gateway.key")}
    probe(broker, **own).expect("online 5 0")


def test_a_certificate_of_ours_that_is_missing(mosquitto, probe):
    trouble, words = probe(mosquitto(options=["require_certificate true"])).trouble()
    assert (trouble, "demands a certificate" in words) == ("certificate", True)


def test_a_key_that_does_not_belong_to_our_certificate(mosquitto, probe, authority):
    own = {"broker_certificate": authority.path("gateway.pem"), "broker_key": authority.path("other.key")}
    trouble, words = probe(mosquitto(), **own).trouble()
    assert (trouble, "does not belong" in words) == ("certificate", True)


def test_a_wrong_password(mosquitto, probe):
    assert probe(mosquitto(), password="wrong").trouble()[0] in ("bad-credentials", "not-authorized")


def test_a_wrong_password_in_3_1_1(mosquitto, probe):
    older = OlderBroker(mosquitto(authority=None), b"\x20\x03\x00\x84\x00")
    office = probe(None, f"mqtt://127.0.0.1:{older.port}", password="wrong")
    assert office.trouble()[0] == "protocol"
    assert office.trouble()[0] in ("bad-credentials", "not-authorized")
    older.close()


def test_an_acl_that_refuses_a_topic_refuses_the_message_and_no_other(mosquitto, probe):
    broker = mosquitto(acl="user office\ntopic read gp/office/command\ntopic write gp/office/status\ntopic write gp/office/event/#\n")
    office = probe(broker)
    office.expect("online 5 0")
    office.order("publish 1 gp/other/event/anna one")
    office.expect("refused 1 against-rules (?i:not authorized)")
    assert office.trouble()[0] == "publish-refused"
    office.order(f"publish 2 {EVENT} two")
    office.expect("delivered 2")


def test_a_message_that_is_too_large_is_no_matter_of_rules(mosquitto, probe):
    office = probe(mosquitto(options=["message_size_limit 1000"]))
    office.expect("online 5 0")
    office.order(f"bulk 1 {EVENT} 5000")
    office.expect("refused 1 bad-message .*too large.*")
    assert office.trouble()[0] == "message-refused"
    office.order(f"publish 2 {EVENT} two")
    office.expect("delivered 2")


def test_nobody_listens(probe):
    office = probe(None, f"mqtts://localhost:{free_port()}")
    assert office.trouble()[0] == "refused"


def test_a_name_that_does_not_exist(probe):
    """Asked of a resolver that the test plays."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
        resolver.bind(("127.0.9.17", 53))

        def answer():
            with contextlib.suppress(OSError):
                while True:
                    question, peer = resolver.recvfrom(4096)
                    end = question.index(b"\0", 12) + 5
                    resolver.sendto(question[:2] + b"\x81\x83\0\1" + b"\0" * 6 + question[12:end], peer)

        threading.Thread(target=answer, daemon=True).start()
        office = probe(None, "mqtts://broker.example", resolvers='["127.0.9.17"]')
        assert office.trouble()[0] == "name-unknown"
        office.leave()


def test_looks_the_name_up_anew_for_every_attempt(mosquitto, probe):
    """First the resolver leads to an address where nobody listens."""
    broker = mosquitto()
    addresses = [b"\x7f\0\0\x02", b"\x7f\0\0\x01"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as resolver:
        resolver.bind(("127.0.9.18", 53))

        def answer():
            with contextlib.suppress(OSError):
                while True:
                    question, peer = resolver.recvfrom(4096)
                    end = question.index(b"\0", 12) + 5
                    is_a = question[end - 3] == 1
                    reply = question[:2] + b"\x81\x80\0\1" + (b"\0\1" if is_a else b"\0\0") + b"\0" * 4 + question[12:end]
                    if is_a:
                        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
                        reply += b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4" + address
                    resolver.sendto(reply, peer)

        threading.Thread(target=answer, daemon=True).start()
        office = probe(None, f"mqtts://broker.example:{broker.port}", resolvers='["127.0.9.18"]')
        assert office.trouble()[0] == "refused"
        office.expect("online 5 0")
        office.leave()


@contextlib.contextmanager
def stand_in(serve):
    """A peer that accepts, and then does as serve says, in a thread for each connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = []

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    held.append(connection)
                    serve(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        for connection in held:
            connection.close()


def test_a_broker_that_accepts_tcp_and_never_answers_is_left(probe):
    with stand_in(lambda connection: None) as port, stand_in(lambda connection: None) as plain:
        secured, clear = probe(None, f"mqtts://127.0.0.1:{port}"), probe(None, f"mqtt://127.0.0.1:{plain}")
        assert secured.trouble()[0] == "timed-out"
        assert clear.trouble()[0] == "timed-out"
        clear.leave()


def test_a_peer_that_speaks_something_else(probe):
    with stand_in(lambda connection: connection.sendall(b"220 mail.example ESMTP\r\n")) as port:
        trouble, words = probe(None, f"mqtts://127.0.0.1:{port}").trouble()
        assert (trouble, "ESMTP" in words) == ("protocol", True)


def test_a_broker_that_hangs_up_on_mqtt_5_is_asked_for_3_1_1(probe):
    """And answers that with CONNACK."""
    def serve(connection):
        packet = connection.recv(4096)
        if packet[8:9] == b"\x04":
            connection.sendall(b"\x20\x02\x00\x00")
        else:
            connection.close()

    with stand_in(serve) as port:
        office = probe(None, f"mqtt://127.0.0.1:{port}")
        assert office.trouble()[0] == "closed"
        office.expect("online 3 0")


@pytest.mark.parametrize("level", [5, 4])
def test_never_connects_without_a_keep_alive(probe, level):
    """Some brokers refuse who asks for none; and without it nobody notices that a line is dead."""
    connects = []

    def serve(connection):
        packet = connection.recv(4096)
        at = packet.index(b"MQTT") + 4
        if packet[at] == level:
            connects.append(int.from_bytes(packet[at + 2:at + 4], "big"))
            connection.sendall(b"\x20\x03\x00\x00\x00" if level == 5 else b"\x20\x02\x00\x00")
        else:
            connection.close()

    with stand_in(serve) as port:
        probe(None, f"mqtt://127.0.0.1:{port}").expect(f"online {5 if level == 5 else 3} 0")
        assert len(connects) == 1 and 0 < connects[0] <= 300


def test_who_is_kicked_right_after_connack_does_not_come_back_before_it_may(probe):
    connects, told = [], threading.Event()

    def serve(connection):
        connects.append(connection.recv(4096))
        connection.sendall(b"\x20\x03\x00\x00\x00")
        connection.recv(4096)  # SUBSCRIBE
        if len(connects) == 3:
            told.wait()
        connection.sendall(b"\xe0\x02\x8e\x00")
        connection.close()

    with stand_in(serve) as port:
        office = probe(None, f"mqtt://127.0.0.1:{port}", longest_ms=600000)
        for number in range(3):
            office.expect("online 5 0")
            if number == 2:
                office.order("wait 3600000")
                office.order("memory")
                office.expect(r"peak \d+")
                told.set()
            assert office.trouble()[0] == "taken-over"
        assert office.take(3) is None
        assert len(connects) == 3


@pytest.mark.parametrize("level, refusal", [(5, b"\x90\x04%b\x00\x87"), (4, b"\x90\x03%b\x80")], ids=["5", "3.1.1"])
def test_a_broker_that_refuses_commands_leaves_the_rest_alone(probe, level, refusal):
    """mosquitto allows every subscription, and then sends nothing."""
    def serve(connection):
        hello = connection.recv(4096)
        if hello[hello.index(b"MQTT") + 4] != level:
            connection.close()
            return
        connection.sendall(b"\x20\x03\x00\x00\x00" if level == 5 else b"\x20\x02\x00\x00")
        while packet := connection.recv(4096):
            number = packet[2:4]
            if packet[0] == 0x82:
                connection.sendall(refusal % number)
            elif packet[0] == 0x32:
                at = 4 + packet[3]
                connection.sendall(b"\x40\x02" + packet[at:at + 2])

    with stand_in(serve) as port:
        office = probe(None, f"mqtt://127.0.0.1:{port}")
        office.expect("online [53] 0")
        assert office.trouble()[0] == "subscribe-refused"
        office.order(f"publish 2 {EVENT} two")
        office.expect("delivered 2")


def test_another_client_with_our_name(mosquitto, probe):
    broker = mosquitto()
    first = probe(broker)
    first.expect("online 5 0")
    second = probe(broker)
    second.expect("online 5 1")
    assert first.trouble()[0] == "taken-over"
