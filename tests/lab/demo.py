#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts the demo office, lets gatepost look at a healthy mailbox and at three sick ones, then lets
its agent watch two of them and shows what a dashboard receives. Leaves nothing behind.

    toolchains/debian13 python3 tests/lab/demo.py [OFFICE...]
"""

import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import offices
from broker import Broker
from gateway import GATEWAY, SECONDS, Fleet, Gateway
from laboratory import Laboratory

SHOWN = ("healthy", "spam-535", "mx-foreign", "wrong-password")
WATCHED = ("healthy", "spam-550")
# What is shown of a message.
MEMBERS = {
    "status": ("state", "seq", "accounts", "next_due", "journal"),
    "reply": ("id", "ok", "code", "words"),
    "event": ("kind", "finding", "who", "remedy", "confidence", "before", "after"),
    "report": ("verdict", "next_due"),
    "support": ("subject",),
}


def main(names):
    known = {office.name: office for office in offices.OFFICES}
    strange = [name for name in names if name not in known]
    if strange:
        print(
            f"no such office: {', '.join(strange)}; there are: {', '.join(known)}", file=sys.stderr
        )
        return 64
    print(
        "Starting the demo office: DNS, Postfix, Dovecot, webmail, each in a network namespace ...",
        flush=True,
    )
    with Laboratory() as lab:
        for name in names or SHOWN:
            office = known[name]
            with tempfile.TemporaryDirectory(prefix="gatepost-demo-") as directory:
                show(lab, office, directory)
        if not names:
            with tempfile.TemporaryDirectory(prefix="gatepost-demo-") as directory:
                show_agent(lab, [known[name] for name in WATCHED], directory)
    print("The demo office is closed; nothing is left of it.")
    return 0


def show(lab, office, directory):
    config = lab.configure(office, directory)
    if office.after_healthy:
        lab.gatepost("check", office.address, "--config", config)
    lab.afflict(office)
    print(f"\n=== {office.name} " + "=" * (74 - len(office.name)))
    print(f"$ gatepost check {office.address}\n", flush=True)
    command, environment = lab.command(office, "check", office.address, "--config", config)
    environment = {**os.environ, **environment}
    code = subprocess.run(
        command, stdin=subprocess.DEVNULL, timeout=300, check=False, env=environment
    ).returncode
    print(f"\n(exit status {code})", flush=True)
    lab.heal(office)


def show_agent(lab, watched, directory):
    """What comes to a dashboard from the first connection to the last word."""
    print("\n=== the agent " + "=" * 65)
    print("Starting mosquitto, with TLS, a password file and the ACL of config/mosquitto ...")
    healthy, sick = watched
    with Broker(lab, GATEWAY) as broker:
        fleet = Fleet(broker)
        try:
            lab.afflict(sick)
            print(f"$ gatepost agent    (for {healthy.address} and {sick.address})\n", flush=True)
            agent = Gateway(lab, broker, directory, watched).start()
            try:
                watch(lab, fleet, agent, watched)
            finally:
                agent.kill()
        finally:
            lab.heal(sick)
            fleet.close()


def watch(lab, fleet, agent, watched):
    place = told(fleet, 0, "status", state="online")
    place = command_run(fleet, place, watched, id="1", do="run")
    print("\n  The provider lifts the block; the fleet has that mailbox checked again.")
    lab.heal(watched[1])
    place = command_run(fleet, place, watched[1:], id="2", do="run", account=watched[1].address)
    print("\n  SIGTERM:")
    agent.end()
    told(fleet, place, "status", state="stopped")


def command_run(fleet, place, watched, **command):
    """Says it, and shows all that follows until each of these mailboxes has its report."""
    print(f"\n  fleet     {json.dumps(command)}", flush=True)
    fleet.command(**command)
    ends = [fleet.expect("report", place, SECONDS, account=office.address)[1] for office in watched]
    for message in fleet.all[place : max(ends)]:
        tell(message)
    return max(ends)


def told(fleet, place, sort, **members):
    message, place = fleet.expect(sort, place, SECONDS, **members)
    tell(message)
    return place


def tell(message):
    """A line with what it is, and those members that say the most."""
    payload = message.payload
    shown = {key: payload[key] for key in MEMBERS[message.sort] if key in payload}
    if message.sort == "report":
        shown["root"] = [root["finding"] for root in payload["root"]]
        shown["remedies"] = [remedy["code"] for remedy in payload["remedies"]]
    subject = message.topic.split("/", 3)[3]
    size = len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode())
    print(f"  dashboard {subject}    ({size} bytes)")
    print(f"            {json.dumps(shown, ensure_ascii=False)}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
