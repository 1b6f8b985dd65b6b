#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures gatepost in the demo office: how long a healthy run takes, what it and the agent cost.
How big it is, figures.py tells.

    toolchains/debian13 python3 tests/bench/bench.py [RUNS]

It builds nothing: build/release/gatepost, or what GATEPOST_BINARY names, must be there.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True
TREE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TREE / "tests" / "lab"))

import offices
from laboratory import Laboratory
from unattended import measure_agent

BINARY = Path(os.environ.get("GATEPOST_BINARY") or TREE / "build" / "release" / "gatepost")
SERVICES = {
    443: "web",
    993: "IMAP",
    995: "POP",
    587: "submission",
    25: "MX",
    53: "DNS over TCP",
}


def peak_memory(process):
    """The largest VmHWM seen of a process, in kB, once it has become gatepost itself."""
    peak, pause = 0, threading.Event()
    while process.poll() is None:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        except OSError:
            break
        lines = dict(line.split(":", 1) for line in status.splitlines())
        if lines["Name"].strip() == "gatepost" and "VmHWM" in lines:
            peak = max(peak, int(lines["VmHWM"].split()[0]))
        pause.wait(0.002)
    return peak


def run_once(lab, office, config):
    lab.wiretap.drain()
    began = time.monotonic()
    process = subprocess.Popen(
        lab.namespaces.command(
            "office", str(BINARY), "check", office.address, "--config", config, "--json"
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    peak = peak_memory(process)
    took = time.monotonic() - began
    out, err = process.communicate()
    if process.returncode != 0:
        sys.exit(
            f"the healthy office is not: exit {process.returncode}\n{err.decode()}\n{out.decode()}"
        )
    return took, peak, lab.wiretap.drain()


def measure(runs):
    office = offices.OFFICES[0]
    os.environ["GATEPOST_BINARY"] = str(BINARY)
    with Laboratory() as lab, tempfile.TemporaryDirectory() as directory:
        config = lab.configure(office, directory)
        seen = [run_once(lab, office, config) for _ in range(runs)]
        print_runs(runs, seen)
    with Laboratory() as lab, tempfile.TemporaryDirectory() as directory:
        measure_agent(lab, directory)


def print_runs(runs, seen):
    traffic = seen[-1][2]
    calls = Counter()
    for (_, port), count in traffic.calls.items():
        calls[SERVICES.get(port, str(port))] += count
    print(
        f"healthy run, {runs} times:  median {median(took for took, _, _ in seen):.2f} s, "
        f"longest {max(took for took, _, _ in seen):.2f} s"
    )
    print(f"peak memory (VmHWM):     {max(peak for _, peak, _ in seen)} kB")
    print(f"DNS questions:           {sum(traffic.questions.values())}")
    print(
        "TCP connections:         "
        + ", ".join(f"{name} {count}" for name, count in sorted(calls.items()))
    )
    print(
        f"to one server, one family: at most {most(traffic, True)} on 443 (webmail, Exchange, "
        f"Autodiscover), {most(traffic, False)} on other ports"
    )


def most(traffic, web):
    return max(count for (_, port), count in traffic.calls.items() if (port == 443) == web)


if __name__ == "__main__":
    if not BINARY.exists():
        sys.exit(f"{BINARY} is not there: cmake --preset release && cmake --build --preset release")
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
