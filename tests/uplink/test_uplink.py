# SPDX-License-Identifier: MIT
"""The uplink at a broker that is well: mosquitto."""
import os
import re
import signal
import subprocess

import pytest

from brokers import PASSWORD, Listener, OlderBroker, run

GATEPOST = os.environ.get("GATEPOST_BINARY")
EVENT = "gp/office/event/anna"


def test_speaks_mqtt_5_and_tells_what_was_delivered(mosquitto, probe):
    broker = mosquitto()
    listener = Listener(broker, "gp/#", "%t %r %C %E %D %p")
    office = probe(broker)
    office.expect("online 5 0")
    office.order(f'publish 7 {EVENT} {{"seq":7}}')
    office.expect("delivered 7")
    assert listener.expect(EVENT + r" 0 application/json \d+ c0 (.*)")[1] == '{"seq":7}'
    listener.close()


def test_hands_a_command_on_with_its_reply_topic_and_correlation(mosquitto, probe):
    broker = mosquitto()
    office = probe(broker)
    office.expect("online 5 0")
    broker.publish("gp/office/command", '{"id":"1"}', "-V", "5", "-D", "publish", "response-topic", "fleet/replies",
                   "-D", "publish", "correlation-data", "c42")
    office.expect(re.escape('command fleet/replies c42 10 {"id":"1"}'))
    broker.publish("gp/office/command", '{"id":"2"}')
    office.expect(re.escape('command -  10 {"id":"2"}'))


def test_gets_commands_that_were_sent_while_it_was_away(mosquitto, probe):
    broker = mosquitto()
    office = probe(broker)
    office.expect("online 5 0")
    office.leave()
    broker.publish("gp/office/command", '{"id":"3"}')
    office = probe(broker)
    office.expect("online 5 1")
    office.expect(re.escape('command -  10 {"id":"3"}'))


def test_obeys_no_retained_command(mosquitto, probe):
    broker = mosquitto()
    broker.publish("gp/office/command", "stale", "-r")
    office = probe(broker)
    office.expect("online 5 0")
    broker.publish("gp/office/command", "fresh")
    assert office.expect(r"command -  \d+ (\w+)")[1] == "fresh"


def test_takes_a_command_that_is_too_long_so_that_it_can_be_answered(mosquitto, probe):
    broker = mosquitto()
    office = probe(broker)
    office.expect("online 5 0")
    broker.publish("gp/office/command", "x" * 9000)
    office.expect("command -  9000 x+")


def test_is_not_flooded_by_commands(mosquitto, probe):
    broker = mosquitto(options=["max_inflight_messages 0"])
    office = probe(broker)
    office.expect("online 5 0")
    flood = "".join(f"{number}\n" for number in range(3000))
    run(*broker.client("mosquitto_pub", "-t", "gp/office/command", "-q", "1", "-l"), input=flood)
    office.order(f"publish 1 {EVENT} after")
    office.expect("delivered 1")
    office.order("memory")
    assert int(office.expect(r"peak (\d+)")[1]) < 16000


@pytest.mark.parametrize("answer", [b"\x20\x03\x00\x84\x00", b"\x20\x02\x00\x01", b""], ids=["0x84", "1", "silence"])
def test_falls_back_to_3_1_1_and_remembers(mosquitto, probe, answer):
    broker = mosquitto(authority=None)
    older = OlderBroker(broker, answer)
    listener = Listener(broker, "gp/#", "%t %p", "-V", "311")
    office = probe(None, f"mqtt://127.0.0.1:{older.port}")
    assert office.trouble()[0] == ("protocol" if answer else "closed")
    office.expect("online 3 0")
    office.order(f"publish 7 {EVENT} seven")
    office.expect("delivered 7")
    listener.expect(EVENT + " seven")
    broker.publish("gp/office/command", "hello", "-V", "311")
    office.expect("command -  5 hello")
    listener.close()
    broker.stop()
    office.trouble()
    broker.start()
    office.expect("online 3 1")
    assert older.levels[:2] == [5, 4] and 5 not in older.levels[1:]
    older.close()


def test_a_broker_that_is_going_down_is_not_taken_for_an_old_one(mosquitto, probe):
    broker = mosquitto(authority=None)
    older = OlderBroker(broker, b"")
    broker.stop()
    office = probe(None, f"mqtt://127.0.0.1:{older.port}")
    for _ in range(3):
        office.trouble()
    assert older.levels[:3] == [5, 4, 5]
    older.close()


def test_publishes_the_will_when_it_is_killed(mosquitto, probe):
    broker = mosquitto()
    listener = Listener(broker, "gp/office/status", "%t %r %p")
    office = probe(broker)
    office.expect("online 5 0")
    office.process.send_signal(signal.SIGKILL)
    listener.expect(re.escape('gp/office/status 0 {"state":"lost"}'))
    listener.close()
    listener = Listener(broker, "gp/office/status", "%t %r %p")
    assert 'gp/office/status 1 {"state":"lost"}' in listener.lines.seen
    listener.close()


def test_the_will_of_a_connection_that_was_left_standing_comes_before_the_next_word(mosquitto, probe):
    """As after a power cut: the broker still believes in the old connection when the new one comes."""
    broker = mosquitto()
    listener = Listener(broker, "gp/office/status", "%p")
    old = probe(broker)
    old.expect("online 5 0")
    old.process.send_signal(signal.SIGSTOP)
    office = probe(broker)
    office.expect("online 5 1")
    office.order("publish 1 gp/office/status again")
    office.expect("delivered 1")
    assert [listener.lines.take(), listener.lines.take()] == ['{"state":"lost"}', "again"]
    old.process.kill()
    broker.publish("gp/office/status", "mark")
    assert listener.lines.take() == "mark"
    listener.close()


def test_says_stopped_and_no_will_when_it_leaves(mosquitto, probe):
    broker = mosquitto()
    listener = Listener(broker, "gp/office/status", "%t %p")
    office = probe(broker)
    office.expect("online 5 0")
    office.leave()
    listener.expect(re.escape('gp/office/status {"state":"stopped"}'))
    broker.publish("gp/office/status", "mark")
    assert listener.lines.take() == "gp/office/status mark"
    listener.close()


def test_delivers_reports_of_the_largest_size(mosquitto, probe):
    broker = mosquitto()
    listener = Listener(broker, "gp/#", "%t %l")
    office = probe(broker)
    office.expect("online 5 0")
    for number in range(20):
        office.order(f"bulk {number + 1} {EVENT} 131072")
    for number in range(20):
        office.expect(f"delivered {number + 1}")
        listener.expect(EVENT + " 131072")
    listener.close()


def test_speaks_without_tls_to_this_very_device(mosquitto, probe):
    broker = mosquitto(authority=None)
    office = probe(broker, f"mqtt://127.0.0.1:{broker.port}")
    office.expect("online 5 0")
    office.order(f"publish 1 {EVENT} one")
    office.expect("delivered 1")


def test_is_led_by_no_variable_of_the_environment(mosquitto, probe, tmp_path):
    broker = mosquitto()
    trace = tmp_path / "trace"
    office = probe(broker, environment={
        "MQTT_C_CLIENT_TRACE": str(trace), "MQTT_C_CLIENT_TRACE_LEVEL": "MAXIMUM", "PAHO_C_CLIENT_USE_HTTP_PROXY": "TRUE",
        "http_proxy": "http://127.0.0.1:1", "no_proxy": "*"})
    office.expect("online 5 0")
    office.leave()
    assert not trace.exists()


def test_says_no_password_anywhere(mosquitto, probe):
    broker = mosquitto()
    office = probe(broker, password="wrong-horse-8")
    office.trouble()
    office.order("leave")
    office.expect("off")
    said = office.said.read_text() + "\n".join(office.seen)
    assert "wrong-horse" not in said and PASSWORD not in said


def test_wait_is_honoured(mosquitto, probe):
    broker = mosquitto()
    office = probe(broker)
    office.expect("online 5 0")
    office.order("wait 3600000")
    office.order(f"publish 1 {EVENT} one")
    office.expect("delivered 1")
    broker.stop()
    office.trouble()
    broker.start()
    office.order("memory")
    office.expect(r"peak \d+")
    assert office.take(2) is None
    office.leave()


@pytest.mark.skipif(not GATEPOST, reason="needs the program itself")
def test_no_openssl_is_in_the_program():
    libraries = subprocess.run(["ldd", GATEPOST], capture_output=True, text=True, check=True).stdout
    assert "libpaho-mqtt3a.so" in libraries or "libpaho" not in libraries
    assert not re.search(r"libssl|libcrypto\.|paho-mqtt3as|paho-mqtt3cs", libraries)
    symbols = subprocess.run(["nm", "-D", GATEPOST], capture_output=True, text=True, check=True).stdout
    assert not re.search(r"\b(SSL_CTX_new|SSL_connect|OPENSSL_init)", symbols)
