# SPDX-License-Identifier: MIT
"""The agent in the demo office: what the fleet hears of real mailboxes, and what it must not."""

import json

import pytest

import offices
from broker import Broker
from gateway import GATEWAY, SECONDS, Fleet, Gateway

HEALTHY, SICK = offices.named("healthy"), offices.named("spam-550")
CAUSE = "account.blocked-for-spam"


@pytest.fixture
def broker(lab):
    with Broker(lab, GATEWAY) as one:
        yield one


@pytest.fixture
def fleet(broker):
    """Every message is judged by the contract as it comes."""
    one = Fleet(broker)
    yield one
    one.close()
    assert not one.faults


@pytest.fixture
def gateway(lab, broker, tmp_path):
    """A healthy mailbox and a sick one."""
    lab.afflict(SICK)
    yield Gateway(lab, broker, tmp_path, (HEALTHY, SICK))
    lab.heal(SICK)


@pytest.fixture
def agent(gateway):
    one = gateway.start()
    yield one
    if one.process.returncode is None:
        one.kill()


def run_all(fleet, after, name):
    """Has every mailbox checked; returns the reports, and the place behind the last."""
    answer, _ = after_reply(fleet, after, id=name, do="run")
    assert answer["ok"], answer
    reports, end = {}, after
    for office in (HEALTHY, SICK):
        message, place = fleet.expect("report", after, SECONDS, account=office.address)
        reports[office.address], end = message.payload, max(end, place)
    return reports, end


def after_reply(fleet, after, **command):
    fleet.command(**command)
    message, place = fleet.expect("reply", after, SECONDS, id=command["id"])
    return message.payload, place


def events(fleet, office, after=0, end=None):
    heard = [message.payload for message in fleet.all[after:end] if message.sort == "event"]
    return [event for event in heard if event["account"] == office.address]


def of_cause(heard):
    return [event["kind"] for event in heard if event.get("finding") == CAUSE]


def test_tells_a_sickness_once_and_its_end_once(lab, fleet, agent):
    _, online = fleet.expect("status", seconds=SECONDS, state="online", accounts=2)
    reports, first = run_all(fleet, online, "first")
    assert reports[HEALTHY.address]["verdict"] == "ok"
    assert [root["finding"] for root in reports[SICK.address]["root"]] == [CAUSE]

    reports, second = run_all(fleet, first, "second")
    assert reports[SICK.address]["verdict"] == "failed"
    lab.heal(SICK)
    reports, third = run_all(fleet, second, "third")
    assert reports[SICK.address]["verdict"] == "ok"
    # An event goes before its report: what was to come has come.
    assert of_cause(events(fleet, SICK, end=first)) == ["raised"]
    assert events(fleet, SICK, first, second) == [], "the same sickness was told twice"
    assert of_cause(events(fleet, SICK, second, third)) == ["cleared"]
    assert not [event for event in events(fleet, HEALTHY) if event["kind"] == "raised"]

    assert agent.end() == 0
    fleet.expect("status", third, SECONDS, state="stopped")


def test_what_it_tells_is_complete(fleet, agent):
    """The numbers of a connected gateway have no gap."""
    _, online = fleet.expect("status", seconds=SECONDS, state="online")
    _, place = run_all(fleet, online, "only")
    assert agent.end() == 0
    fleet.expect("status", place, SECONDS, state="stopped")
    numbers = {m.payload["seq"] for m in fleet.all if m.payload.get("seq") is not None}
    assert numbers == set(range(min(numbers), max(numbers) + 1))
    assert set(fleet.all[-1].payload["dropped"].values()) == {0}


def test_no_password_leaves_the_device(lab, broker, fleet, gateway, agent):
    """Not by the broker, nor in the log or the state, nor readable on the office's line."""
    _, online = fleet.expect("status", seconds=SECONDS, state="online")
    lab.wiretap.drain()
    _, place = run_all(fleet, online, "only")
    answer, place = after_reply(fleet, place, id="help", do="support", account=SICK.address)
    assert answer["ok"], answer
    fleet.expect("support", online, SECONDS, account=SICK.address)
    assert agent.end() == 0
    fleet.expect("status", place, SECONDS, state="stopped")
    told = "\n".join(json.dumps(message.payload, ensure_ascii=False) for message in fleet.all)
    places = {
        "what the broker heard": told.encode(),
        "the log": "\n".join(agent.all).encode(),
        "the office's line": bytes(lab.wiretap.drain().clear),
    }
    files = [path for path in gateway.state.rglob("*") if path.is_file()]
    assert files, "there is no state to look at"
    for path in files:
        places[str(path)] = path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0, f"others may read {path}"
    traces = [broker.password.encode()]
    for office in (HEALTHY, SICK):
        traces += lab.mailboxes[office.address].traces()
    for name, content in places.items():
        assert not [trace for trace in traces if trace in content], f"a password is in {name}"
