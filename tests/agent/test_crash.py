# SPDX-License-Identifier: MIT
"""SIGKILL at random moments: every event arrives, in order for each account, and every gap in the numbers is explained."""
import os
import random
import subprocess

from office import FOREIGN_MX, GOOD_MX

KILLS = 200 if os.environ.get("GATEPOST_LONG") == "yes" else 20
SEED = 20261123


def skipped(messages):
    """The ranges that a status told as skipped."""
    ranges = []
    for message in messages:
        told = message.payload.get("skipped") if message.sort == "status" else None
        if told:
            ranges.append((told["first"], told["first"] + told["count"]))
    return ranges


def is_explained(number, ranges):
    return any(first <= number < end for first, end in ranges)


def check_numbers(messages):
    """What is missing was skipped by a crash, or dropped and counted. What was counted may have arrived all the same: the
    acknowledgement can be lost where the message was not."""
    numbered = [message for message in messages if message.payload.get("seq") is not None]
    seen = {message.payload["seq"] for message in numbered}
    missing = [number for number in range(1, max(seen)) if number not in seen]
    ranges = skipped(numbered)
    unexplained = [number for number in missing if not is_explained(number, ranges)]
    dropped = max(numbered, key=lambda message: message.payload["seq"]).payload["dropped"]
    assert len(unexplained) <= sum(dropped.values()), (unexplained, dropped, ranges)
    assert dropped["event"] == 0
    assert len(missing) > KILLS, "no crash has left a gap: the kills came too late"


def events_of(messages, account):
    return [message.payload for message in messages if message.sort == "event" and message.payload["account"] == account]


def is_told(messages, account, mx):
    """The fleet knows how the domain stands. An event that was lost would never come again: then it never knows."""
    kinds = [event["kind"] for event in events_of(messages, account) if event["finding"] == "dns.mx-foreign"]
    return (kinds[-1] if kinds else "cleared") == ("raised" if mx == FOREIGN_MX else "cleared")


def check_order(events):
    first_time = list(dict.fromkeys(event["seq"] for event in events))
    assert first_time == sorted(first_time), "a later event came before an earlier one"


def kill_after(agent, chance):
    try:
        agent.process.wait(chance.uniform(0, 0.15))
    except subprocess.TimeoutExpired:
        pass
    agent.kill()


def change_what_is_told(office, fleet):
    """Gives a domain the other MX record where the fleet knows of the one it has; how many were changed."""
    changed = 0
    for place, domain in enumerate(office.domains):
        mx = office.resolver.mx[domain]
        if is_told(fleet.all, office.account(place), mx):
            office.resolver.mx[domain] = GOOD_MX if mx == FOREIGN_MX else FOREIGN_MX
            changed += 1
    return changed


def test_killed_at_random_moments_it_loses_nothing(office, broker, fleet, start):
    chance = random.Random(SEED)
    office.at(broker)
    office.domains = [f"{letter}.office.example" for letter in "abc"]
    for domain in office.domains:
        office.resolver.mx[domain] = GOOD_MX
    office.write()
    changes = 0
    for number in range(KILLS):
        changes += change_what_is_told(office, fleet)
        after, moment = len(fleet.all), chance.random()
        agent = start("--config", office.file)
        if moment < 0.8:  # else it is killed before, while or just after it connects
            _, after = fleet.expect("status", after, state="online")
            fleet.command(id=f"kill-{number}", do="run", checks=["dns.mx"])
        if moment < 0.5:  # else before, or somewhere in the runs, as fast as this machine makes them
            fleet.wait(lambda _: is_told(fleet.all, office.account(), office.resolver.mx[office.domains[0]]), after)
        kill_after(agent, chance)
    assert changes > KILLS / 4, "the kills came too early for anything to be told"
    changes += change_what_is_told(office, fleet)
    after = len(fleet.all)
    agent = start("--config", office.file)
    _, after = fleet.expect("status", after, state="online")
    fleet.ask(after, id="last", do="run", checks=["dns.mx"])
    for place, domain in enumerate(office.domains):
        fleet.expect("report", after, account=office.account(place))
        mx = office.resolver.mx[domain]
        fleet.wait(lambda _, place=place, mx=mx: is_told(fleet.all, office.account(place), mx))
    assert agent.end() == 0
    fleet.expect("status", after, state="stopped")
    for place in range(len(office.domains)):
        check_order(events_of(fleet.all, office.account(place)))
    check_numbers(fleet.all)
