#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Starts the demo office, lets gatepost look at a healthy mailbox and at three sick ones, and
leaves nothing behind.

    toolchains/debian13 python3 tests/lab/demo.py [OFFICE...]
"""

import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import offices
from laboratory import Laboratory

SHOWN = ("healthy", "spam-535", "mx-foreign", "wrong-password")


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
    print("The demo office is closed; nothing is left of it.")
    return 0


def show(lab, office, directory):
    config = lab.configure(office, directory)
    if office.after_healthy:
        lab.gatepost("check", office.address, "--config", config)
    lab.afflict(office)
    print(f"\n=== {office.name} " + "=" * (74 - len(office.name)))
    print(f"$ gatepost check {office.address}\n", flush=True)
    command = lab.namespaces.command(
        "office", lab.binary, "check", office.address, "--config", config
    )
    code = subprocess.run(command, stdin=subprocess.DEVNULL, timeout=300, check=False).returncode
    print(f"\n(exit status {code})", flush=True)
    lab.heal(office)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
