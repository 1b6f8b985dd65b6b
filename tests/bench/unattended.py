# SPDX-License-Identifier: MIT
"""What the agent costs with twenty mailboxes in the demo office and TLS to the broker: memory,
bytes, processor time.

A day is reckoned from the default schedule, each account having so many runs of each cost. Bytes
are those of IP packets to the broker; its answers, keep-alives and reconnections are not counted.
"""

import os
import subprocess
import threading
from pathlib import Path

import offices
from broker import PORT, Broker
from gateway import GATEWAY, Fleet, Gateway

ACCOUNTS = 20
RUNS_A_DAY = {"light": 96, "login": 24, "loop": 4}
PATIENCE = 300
QUIET_SECONDS = 5


def healthy_offices():
    """A mailbox that nobody has afflicted is healthy, whatever its name; but one sender's mails
    always bounce. The last ones make up the number: their domains have a fault in DNS."""
    inside = {address for address in offices.addresses() if address.endswith("@office.example")}
    inside.remove("spam-bounce@office.example")
    others = ("anna@mx-legacy.example", "anna@srv-missing.example")
    chosen = [*sorted(inside), *others][:ACCOUNTS]
    assert len(chosen) == ACCOUNTS
    return [offices.Office(address, address, offices.HEALTHY, 0) for address in chosen]


def checks_by_cost(binary):
    """For each cost the checks of it and of the cheaper ones. Those of the account judge what
    others saw, and naming them would bring all the others."""
    command = [binary, "list", "checks"]
    listed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = [line.split()[:2] for line in listed.splitlines()]
    rows = [(name, its) for name, its in rows if not name.startswith("account.")]
    order = list(RUNS_A_DAY)
    return {
        cost: [name for name, its in rows if order.index(its) <= order.index(cost)]
        for cost in order
    }


def processor_seconds(process):
    stat = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii")
    fields = stat.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_kb(process, key):
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{key}:"))


def run(lab, fleet, agent, name, watched, checks):
    """All mailboxes once; its cost: seconds of the processor, bytes to the broker, questions to the
    DNS, connections to servers."""
    lab.wiretap.drain()
    before, place = processor_seconds(agent.process), len(fleet.all)
    fleet.command(id=name, do="run", **({"checks": checks} if checks else {}))
    for office in watched:
        fleet.expect("report", place, PATIENCE, account=office.address)
    seconds, traffic = processor_seconds(agent.process) - before, lab.wiretap.drain()
    sent = sum(size for (_, port), size in traffic.sizes.items() if port == PORT)
    calls = sum(count for (_, port), count in traffic.calls.items() if port != PORT)
    return seconds, sent, sum(traffic.questions.values()), calls


def report(costs, agent):
    seconds, sent, questions, calls = (
        {cost: figures[i] for cost, figures in costs.items()} for i in range(4)
    )
    print(f"\nagent, {ACCOUNTS} accounts, TLS to the broker")
    print(f"peak memory (VmHWM):     {memory_kb(agent.process, 'VmHWM')} kB")
    print(
        f"idle memory (VmRSS):     {memory_kb(agent.process, 'VmRSS')} kB, "
        f"of which program and libraries {memory_kb(agent.process, 'RssFile')} kB"
    )
    for title, figures, form in (
        ("processor, seconds", seconds, "{:.2f}"),
        ("bytes to the broker", sent, "{:.0f}"),
        ("DNS questions", questions, "{:.0f}"),
        ("connections", calls, "{:.0f}"),
    ):
        runs = ", ".join(f"{cost} {form.format(figure)}" for cost, figure in figures.items())
        day = sum(RUNS_A_DAY[cost] * figure for cost, figure in figures.items())
        print(f"{title + ':':<25}a run of all: {runs}; a day: {day:.0f}")


def measure_agent(lab, directory):
    watched = healthy_offices()
    costs = {}
    with Broker(lab, GATEWAY) as broker:
        fleet = Fleet(broker)
        agent = Gateway(lab, broker, directory, watched).start()
        try:
            fleet.expect("status", 0, PATIENCE, state="online")
            run(lab, fleet, agent, "warm", watched, None)  # the first verdicts are events
            for cost, checks in checks_by_cost(lab.binary).items():
                costs[cost] = run(lab, fleet, agent, cost, watched, checks)
            threading.Event().wait(QUIET_SECONDS)
            report(costs, agent)
        finally:
            agent.kill()
            fleet.close()
