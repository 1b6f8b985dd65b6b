#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gatepost beside what else could watch a mailbox, at the same lab in the same run: a pipeline of
well-known programs, monitoring-plugins, prometheus-blackbox-exporter.

    toolchains/debian13 tests/bench/peers/side_by_side.py [--runs N] [--write]

It builds the release preset, and installs the peers' packages where they are missing. --write puts
the table into README."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
TREE = HERE.parents[2]
sys.path[:0] = [str(HERE), str(HERE.parent), str(TREE / "tests" / "lab")]

import offices
from broker import Broker
from causes import CAUSES, naming
from disk import installed_kb
from gateway import GATEWAY
from hosts import RESOLVER
from laboratory import RUN, Laboratory
from measuring import look
from namespaces import run
from packages import install
from table import compose, put_into_readme
from tools import TOOLS, Gatepost

ETC = f"{RUN}/etc"
BINARY = TREE / "build" / "release" / "gatepost"
FIGURES = ("wall", "cpu", "largest", "together", "calls", "questions")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--show", action="store_true", help="what each tool says of each office")
    options = parser.parse_args()
    for words in (("--preset", "release"), ("--build", "--preset", "release")):
        run("cmake", *words)
    if not install(*{package for tool in TOOLS for package in tool.packages}):
        sys.exit(1)
    os.environ["GATEPOST_BINARY"] = str(BINARY)
    with Laboratory() as lab, Broker(lab, GATEWAY) as broker:
        live_in_the_lab(lab)
        figures = measure(lab, broker, options.runs)
        names = {tool.name: diagnose(lab, tool, options.show) for tool in TOOLS}
    text = compose(figures, names, options.runs)
    print(text)
    if options.write:
        put_into_readme(TREE / "README.md", text)


def live_in_the_lab(lab):
    """The peers ask the system's resolver and trust the system's authorities. What is mounted here
    is seen by this process and its children alone; the whole of /etc, as a mount on one file goes
    when anybody replaces that file."""
    os.unshare(os.CLONE_NEWNS)
    run("mount", "--make-rprivate", "/")
    run("cp", "-a", "/etc", ETC)
    run("mount", "--bind", ETC, "/etc")
    Path("/etc/resolv.conf").unlink(missing_ok=True)  # it may be a link to somebody else's file
    os.environ["SSL_CERT_FILE"] = lab.provider.bundle


def tell_resolver(address):
    Path("/etc/resolv.conf").write_text(f"nameserver {address}\n", encoding="ascii")


def visit(lab, office, tool, broker=None, watch_memory=False):
    """One look at a mailbox that is as sick as it is to be; whatever it has to know beforehand, it
    learns here."""
    tell_resolver(office.agent.get("resolvers", [RESOLVER])[0])
    with tempfile.TemporaryDirectory() as directory:
        with tool(lab, office, broker, directory) as prepared:
            lab.afflict(office)
            lab.wiretap.drain()
            try:
                return look(prepared, watch_memory)
            finally:
                lab.heal(office)


def measure(lab, broker, runs):
    """By the tool's name its figures. The tools take turns, so that what else the machine does in
    the meantime falls on all of them."""
    healthy = offices.OFFICES[0]
    for tool in TOOLS:
        visit(lab, healthy, tool, broker)  # its files are in memory from now on
    seen = {tool.name: {key: [] for key in FIGURES} for tool in TOOLS}
    for _ in range(runs):
        for tool in TOOLS:
            timed = visit(lab, healthy, tool, broker)
            traffic = lab.wiretap.drain()
            watched = visit(lab, healthy, tool, broker, watch_memory=True)
            counts = sum(traffic.calls.values()), sum(traffic.questions.values())
            figures = (timed.wall, timed.cpu, watched.largest, watched.together, *counts)
            for key, figure in zip(FIGURES, figures):
                seen[tool.name][key].append(figure)
    return {
        tool.name: {key: median(figures) for key, figures in seen[tool.name].items()}
        | {"disk": disk_kb(tool), "refused": refused_logins(lab, tool)}
        for tool in TOOLS
    }


def disk_kb(tool):
    return BINARY.stat().st_size / 1024 if tool is Gatepost else installed_kb(tool.packages)


def refused_logins(lab, tool):
    """What the servers saw of one look with a wrong password."""
    before = {name: server.size() for name, server in lab.servers.items()}
    web = len(lab.owa.bad)
    visit(lab, offices.named("wrong-password"), tool)
    mail = lab.servers["dovecot"].text(before["dovecot"]).count("(auth failed")
    submission = lab.servers["submission"].text(before["submission"])
    return len(lab.owa.bad) - web + mail + submission.count("authentication failed")


def diagnose(lab, tool, show):
    """For each cause whether the tool named it."""
    healthy = visit(lab, offices.OFFICES[0], tool).out
    verdicts = {}
    for cause in CAUSES:
        office = offices.named(cause.office)
        out = visit(lab, office, tool).out
        words = naming(cause, office.address, out, healthy)
        verdicts[cause.office] = words != ""
        if show:
            print(f"===== {tool.name}, {cause.office}: {words or 'NOT NAMED'}\n{out}", flush=True)
    return verdicts


if __name__ == "__main__":
    main()
