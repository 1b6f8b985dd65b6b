# SPDX-License-Identifier: MIT
"""What programs take on the disk: their packages and all that these depend on, but what every
Debian has, as the package manager tells it."""

import os
import subprocess

from namespaces import run

INSTALL = ("apt-get", "-q", "-y", "--no-install-recommends", "install")


def install(packages):
    listed = _query("${Package} ${db:Status-Status}\n")
    there = {line.split()[0] for line in listed if line.endswith(" installed")}
    missing = [package for package in packages if package not in there]
    if missing:
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run("apt-get", "-q", "update")
        run(*INSTALL, *missing)


def installed_kb(packages):
    essential = [line for line in _query("${Package} ${Essential}\n") if line.endswith(" yes")]
    names = _closure(packages) - _closure(line.split()[0] for line in essential)
    about = run("apt-cache", "--no-all-versions", "show", *names).splitlines()
    return sum(int(line.split()[1]) for line in about if line.startswith("Installed-Size: "))


def _closure(packages):
    """What apt would install on a machine that has nothing at all."""
    nothing = ("-s", "-o", "Dir::State::status=/dev/null")
    plan = run(INSTALL[0], *nothing, *INSTALL[1:], *packages)
    return {line.split()[1] for line in plan.splitlines() if line.startswith("Inst ")}


def _query(form):
    command = ["dpkg-query", "-W", "-f", form]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
