# SPDX-License-Identifier: MIT
"""Debian's packages that only a bench needs, and that toolchains/packages therefore does not have."""

import os
import subprocess

APT = ("apt-get", "-q", "-y", "--no-install-recommends")


def install(*packages):
    """Those that are missing. False, in words, where they are not to be had."""
    missing = sorted(set(packages) - _installed())
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    for words in (["update"], ["install", *missing]) if missing else ():
        if subprocess.run([*APT, *words], stdin=subprocess.DEVNULL, capture_output=True).returncode != 0:
            print(f"cannot be installed: {' '.join(missing)}")
            return False
    return True


def _installed():
    command = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listed.splitlines() if line.endswith(" installed")}
