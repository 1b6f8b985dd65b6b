# SPDX-License-Identifier: MIT
"""An agent that nobody restarts for years must not grow: days of runs leave the memory where the first ones did."""
import re

from office import GOOD_MX

ACCOUNTS = 20
ROUNDS = 10  # 200 runs: as many as a mailbox has in two days
SPELLS = 3
FLAT = 64  # kB: 330 bytes in each run of a spell


def private_memory(process):
    """What the process holds for itself, in kB: heap, stack, statics and mappings without a file."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmData:\s+(\d+) kB", status.read())[1])


def run_all(fleet, office, number):
    after = len(fleet.all)
    assert fleet.ask(id=f"round-{number}", do="run")["code"] == "queued"
    for place in range(ACCOUNTS):
        fleet.expect("report", after, account=office.account(place))


def test_days_of_runs_leave_the_memory_as_it_was(office, broker, fleet, start):
    office.at(broker)
    for place in range(1, ACCOUNTS):
        office.domains.append(f"d{place}.office.example")
        office.resolver.mx[f"d{place}.office.example"] = GOOD_MX
    agent = start("--config", office.write())
    fleet.expect("status", state="online")
    held = []
    for number in range(1 + SPELLS * ROUNDS):
        run_all(fleet, office, number)
        if number % ROUNDS == 0:
            held.append(private_memory(agent.process))
    # When pieces come to lie otherwise, the allocator extends its heap by 132 kB, once or twice; what is lost grows in every spell.
    assert min(later - earlier for earlier, later in zip(held, held[1:])) <= FLAT, f"grew in every spell: {held} kB"
