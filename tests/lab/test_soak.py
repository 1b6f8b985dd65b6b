# SPDX-License-Identifier: MIT
"""The sanitised agent for a while, with mailboxes that fall ill and recover, commands good and bad,
and a broker that goes and comes back: no fault of memory, no undefined behaviour, nothing lost that
the ledger does not count, a clean end. GATEPOST_SOAK_SECONDS says for how long."""

import os
import random
import re
import time

import pytest

import offices
from broker import Broker
from gateway import GATEWAY, SECONDS, Fleet, Gateway

DURATION = int(os.environ.get("GATEPOST_SOAK_SECONDS", "30"))
# A connection that lasts a minute makes the agent's waits short again; until then each wait doubles
# the next.
OUTAGE_EVERY = 8 if DURATION < 120 else 61
LONGEST_WAIT = 400  # seconds: more than the longest wait between two attempts, and one attempt
SEED = 20261123
HEALTHY, SICK = offices.named("healthy"), offices.named("spam-550")
COMMANDS = (
    {"do": "explain", "code": "account.blocked-for-spam", "language": "fr"},
    {"do": "explain", "code": "no.such-code"},
    {"do": "support", "account": SICK.address, "language": "en"},
    {"do": "support", "account": "nobody@nowhere.example"},
    {"do": "pause", "seconds": 600},
    {"do": "resume"},
    {"do": "forget-refusal", "account": HEALTHY.address},
    {"do": "wait", "seconds": 1},
    {"do": "dance"},
    {"do": "run", "checks": ["no.such-check"]},
)
FOUND = re.compile(r"Sanitizer|runtime error", re.I)


class Soak:
    def __init__(self, lab, broker, fleet, agent):
        self.lab, self.broker, self.fleet, self.agent = lab, broker, fleet, agent
        self.chance = random.Random(SEED)
        self.asked = self.outages = self.runs = 0

    def ask(self, **command):
        """Every command has one answer."""
        self.asked += 1
        after = len(self.fleet.all)
        answer = self.fleet.ask(after, id=f"soak-{self.asked}", **command)
        return answer, after

    def run(self, during=lambda: None):
        """A run, and what happens meanwhile; its report comes in any case."""
        office = self.chance.choice((HEALTHY, SICK))
        answer, after = self.ask(do="run", account=office.address)
        during()
        if answer["code"] == "queued":
            self.fleet.expect("report", after, SECONDS, account=office.address)
            self.runs += 1

    def outage(self):
        heard = len(self.agent.all)
        self.broker.stop()
        if self.chance.random() < 0.5:
            self.agent.log("uplink: .*refused", heard, LONGEST_WAIT)  # one attempt in vain
        self.broker.start()
        self.agent.log("uplink: online", heard, LONGEST_WAIT)
        self.outages += 1

    def garble(self):
        after = len(self.fleet.all)
        self.fleet.say(self.chance.choice(("{", "[]", '{"id": 7}', "x" * 9000)))
        self.fleet.expect("reply", after, ok=False)

    def go_on(self, seconds):
        began = time.monotonic()
        outage_at = began + OUTAGE_EVERY
        while time.monotonic() < began + seconds:
            self.chance.choice((self.lab.afflict, self.lab.heal))(SICK)
            self.ask(**self.chance.choice(COMMANDS))
            self.garble()
            if time.monotonic() < outage_at:
                self.run()
            else:
                self.run(during=self.outage)
                outage_at = time.monotonic() + OUTAGE_EVERY


def check_ledger(fleet):
    """A number may be missing where a later report of the same account took a report's place
    before it was delivered: two runs in one outage. Of these, and of the status that was on its
    way when the last one was said, at most so many are missing as are counted; whether one that
    was under way has arrived all the same, the agent cannot know. All else arrives."""
    numbered = [message.payload for message in fleet.all if message.payload.get("seq") is not None]
    numbers = {payload["seq"] for payload in numbered}
    missing = set(range(1, max(numbers))) - numbers
    dropped = max(numbered, key=lambda payload: payload["seq"])["dropped"]
    assert dropped["event"] == dropped["support"] == dropped["reply"] == 0, dropped
    assert len(missing) <= dropped["report"] + dropped["status"], (missing, dropped)


def test_stays_sound_through_outages_and_commands(lab, tmp_path):
    if not os.access(lab.binary, os.X_OK):
        how = "cmake --preset asan && cmake --build --preset asan"
        pytest.exit(f"{lab.binary} is not there: {how}", returncode=77)
    with Broker(lab, GATEWAY) as broker:
        fleet = Fleet(broker)
        gateway = Gateway(lab, broker, tmp_path, (HEALTHY, SICK), light_period_s=60)
        agent = gateway.start()
        try:
            fleet.expect("status", 0, SECONDS, state="online")
            soak = Soak(lab, broker, fleet, agent)
            soak.go_on(DURATION)
            place = len(fleet.all)
            status = agent.end()
            said = "\n".join(agent.all)
            assert status == 0 and not FOUND.search(said), said[-8000:]
            fleet.expect("status", place, SECONDS, state="stopped")
        except AssertionError:
            print("\n".join(agent.all[-200:]))  # shown when the test fails
            raise
        finally:
            agent.kill()
            lab.heal(SICK)
            fleet.close()
    assert soak.outages > 0 and soak.runs > 0
    assert not fleet.faults
    check_ledger(fleet)
