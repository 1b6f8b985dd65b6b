# SPDX-License-Identifier: MIT
"""The broker comes and goes; nothing that must arrive is lost."""
import pytest

from office import FOREIGN_MX, GOOD_MX, PATIENCE, ROOT, TOPICS, Fleet, Mosquitto


def test_delivers_after_an_outage_in_order(office, broker, fleet, start):
    office.at(broker)
    agent = start("--config", office.write())
    fleet.expect("status", state="online")
    for number in range(5):
        after, said = len(fleet.all), len(agent.all)
        broker.stop()
        agent.log("warning uplink: ", said)
        broker.start()
        _, after = fleet.expect("status", after, state="online")
        office.resolver.mx[office.domains[0]] = FOREIGN_MX if number % 2 == 0 else GOOD_MX
        fleet.ask(after, id=f"again-{number}", do="run", checks=["dns.mx"])
        fleet.expect("event", after)
    ids = [message.payload["seq"] for message in fleet.all if message.sort == "event"]
    assert ids == sorted(ids) and len(set(ids)) == 5


def test_counts_a_report_that_gave_way_to_a_newer_one_in_an_outage(office, broker, fleet, start):
    """The one number that does not arrive is in the ledger, and the fleet has the newer report."""
    office.at(broker)
    office.write()
    broker.stop()
    for _ in range(2):
        agent = start("--config", office.file, "--once")
        agent.log("info check: ")
        assert agent.end() == 3
    broker.start()
    agent = start("--config", office.file)
    report, _ = fleet.expect("report")
    assert agent.end() == 0
    stopped, _ = fleet.expect("status", state="stopped")
    numbers = {message.payload["seq"] for message in fleet.all if message.payload.get("seq") is not None}
    missing = set(range(1, max(numbers))) - numbers
    assert len(missing) == 1 and max(missing) < report.payload["seq"]
    assert stopped.payload["dropped"] == {"status": 0, "report": 1, "event": 0, "support": 0, "reply": 0}


def test_says_in_status_why_the_last_connection_ended(office, broker, fleet, start):
    office.at(broker)
    agent = start("--config", office.write())
    _, after = fleet.expect("status", state="online")
    broker.stop()
    agent.log("warning uplink: ")
    broker.start()
    fleet.wait(lambda message: message.payload.get("state") == "online" and message.payload["uplink"]["trouble"] != "none", after)


def test_goes_on_from_memory_where_the_disk_takes_nothing(office, broker, fleet, start):
    """A directory in the journal's place cannot be written, not even by root."""
    office.at(broker)
    office.state.mkdir(mode=0o700)
    (office.state / "journal").mkdir()
    office.resolver.mx[office.domains[0]] = FOREIGN_MX
    agent = start("--config", office.write())
    status, after = fleet.expect("status", state="online")
    assert status.payload["journal"]["health"] != "on-disk"
    fleet.ask(after, id="1", do="run", checks=["dns.mx"])
    fleet.expect("event", after, finding="dns.mx-foreign")
    assert agent.end() == 0


def test_a_rule_that_refuses_reports_is_told_and_answers_still_come(office, authority, tmp_path, start):
    rules = (f"user office\ntopic read {TOPICS}/command\ntopic write {TOPICS}/status\ntopic write {TOPICS}/reply\n"
             "user fleet\ntopic readwrite #\n")
    broker = Mosquitto(tmp_path / "strict", authority, acl=rules)
    fleet = Fleet(broker)
    try:
        office.at(broker)
        agent = start("--config", office.write())
        _, after = fleet.expect("status", state="online")
        assert fleet.ask(after, id="1", do="run", checks=["dns.mx"])["ok"]
        agent.log("the broker refuses reports and events")
        fleet.expect("status", after, state="online")
        assert fleet.ask(len(fleet.all), id="2", do="resume")["ok"]
    finally:
        fleet.close()
        broker.stop()


def test_the_example_rules_are_enough_and_no_more_than_enough(office, authority, tmp_path, start):
    """--once begins at once under any name, and the rules want the gateway's to be its user's."""
    rules = (ROOT / "config/mosquitto/acl.example").read_text().replace("user dashboard", "user fleet")
    broker = Mosquitto(tmp_path / "strict", authority, acl=rules + "topic readwrite ready/#\n")
    fleet = Fleet(broker)
    try:
        office.at(broker)
        office.resolver.mx[office.domains[0]] = FOREIGN_MX
        agent = start("--config", office.write(gateway="office"), "--once")
        assert agent.process.wait(PATIENCE) == 2
        fleet.wait(lambda message: message.payload.get("state") == "stopped")
        assert {message.topic.split("/")[3] for message in fleet.all} == {"status", "event", "report"}
        stranger = start("--config", office.write(gateway="another"), "--once")
        stranger.log("the broker refuses")
        assert not [message for message in fleet.all if "/another/" in message.topic]
    finally:
        fleet.close()
        broker.stop()


@pytest.mark.parametrize("root", ["fleet/one", "x"])
def test_speaks_below_the_configured_root(office, broker, start, root):
    fleet = Fleet(broker, topic=root + "/#", name="root-ears")
    office.at(broker)
    start("--config", office.write(topic_root=root))
    status, _ = fleet.wait(lambda message: message.payload.get("state") == "online")
    assert status.topic.startswith(root + "/") and status.topic.endswith("/status")
    fleet.close()
