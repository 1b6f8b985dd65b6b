#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is a run of gatepost as fast as the way to the servers lets it be?

    toolchains/debian13 python3 tests/bench/delay.py [-v] [MILLISECONDS...]

A relay in the demo office's line lets every packet wait 25, 50 and 100 ms each way. For each delay
it prints how long a healthy run took, how many round trips its longest chain has (chain.py tells how
they are counted), and the time as a multiple of theirs. Of RUNS runs the best one counts: what else
the machine does only adds to it. The exit status is 1 where the ratio exceeds AT_MOST; -v shows the
chain.
It builds nothing: build/release/gatepost, or what GATEPOST_BINARY names, must be there.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
TREE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TREE / "tests" / "lab"))

import offices
from chain import Chain
from distance import Distance
from laboratory import Laboratory

BINARY = Path(os.environ.get("GATEPOST_BINARY") or TREE / "build" / "release" / "gatepost")
DELAYS = (25, 50, 100)
RUNS = 5
AT_MOST = 1.15


def run_once(lab, office, config, distance, delay):
    """Seconds, and the chain."""
    with distance.of(delay) as relay:
        done = lab.gatepost("check", office.address, "--config", config, "--json", office=office)
        ended = time.monotonic()
    if done.returncode != 0:
        sys.exit(f"the healthy office is not: exit {done.returncode}\n{done.stderr.decode()}")
    took = json.loads(done.stdout)["run"]["duration_ms"] / 1000
    return took, Chain(relay.packets(ended - took, ended), ended - took, delay * 2 / 1000)


def ratio(run):
    took, chain = run
    return took / (len(chain.links) * chain.round_trip)


def measure(lab, directory, delays, verbose):
    office = offices.OFFICES[0]
    config = lab.configure(office, directory)
    lab.gatepost("check", office.address, "--config", config, office=office)  # it learns, and sweeps
    with Distance(lab.namespaces) as distance:
        worst, times = 0, {}
        for delay in delays:
            best = min((run_once(lab, office, config, distance, delay) for _ in range(RUNS)), key=ratio)
            took, chain = best
            print(
                f"{delay} ms each way: {took:.2f} s, {len(chain.links)} round trips of "
                f"{chain.round_trip * 1000:.0f} ms, ratio {ratio(best):.2f}",
                flush=True,
            )
            if verbose:
                print("\n".join(chain.describe()))
            worst, times[delay] = max(worst, ratio(best)), took
    if len(times) > 1:
        print_growth(times)
    return worst


def print_growth(times):
    """The same from outside: what a longer way adds is round trips and nothing else."""
    near, far = min(times), max(times)
    trips = (times[far] - times[near]) / ((far - near) * 2 / 1000)
    print(f"from {near} to {far} ms each way a run grows by {trips:.1f} round trips")


def main(words):
    delays = [float(word) for word in words if word != "-v"] or DELAYS
    if not BINARY.exists():
        sys.exit(f"{BINARY} is not there: cmake --preset release && cmake --build --preset release")
    os.environ["GATEPOST_BINARY"] = str(BINARY)
    with Laboratory() as lab, tempfile.TemporaryDirectory() as directory:
        return 1 if measure(lab, directory, delays, "-v" in words) > AT_MOST else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
