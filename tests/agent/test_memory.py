# SPDX-License-Identifier: MIT
"""An agent that nobody restarts for years must not grow: days of runs leave the memory where the first ones did."""
import re

from office import GOOD_MX

ACCOUNTS = 20
ROUNDS = 20  # 400 runs: as many as a mailbox has in four days
EXTENSION = 136  # kB: the allocator may extend the heap once, when pieces come to lie otherwise; 350 bytes lost in each run would be more


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
    for number in range(2):
        run_all(fleet, office, number)
    first = private_memory(agent.process)
    for number in range(2, 2 + ROUNDS):
        run_all(fleet, office, number)
    assert private_memory(agent.process) - first <= EXTENSION
