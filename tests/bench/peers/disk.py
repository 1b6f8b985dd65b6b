# SPDX-License-Identifier: MIT
"""What programs take on the disk: their packages and all that these depend on, but what every
Debian has, as the package manager tells it."""

import subprocess

from namespaces import run
from packages import APT


def installed_kb(packages):
    essential = [line for line in _query("${Package} ${Essential}\n") if line.endswith(" yes")]
    names = _closure(packages) - _closure(line.split()[0] for line in essential)
    about = run("apt-cache", "--no-all-versions", "show", *names).splitlines()
    return sum(int(line.split()[1]) for line in about if line.startswith("Installed-Size: "))


def _closure(packages):
    """What apt would install on a machine that has nothing at all."""
    plan = run(*APT, "-s", "-o", "Dir::State::status=/dev/null", "install", *packages)
    return {line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")}


def _query(form):
    command = ["dpkg-query", "-W", "-f", form]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
