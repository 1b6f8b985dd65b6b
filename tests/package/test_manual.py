# SPDX-License-Identifier: MIT
"""The manual tells what the program takes, and nothing else."""
import os
import pathlib
import re
import subprocess

import pytest

TREE = pathlib.Path(__file__).resolve().parents[2]
GATEPOST = os.environ.get("GATEPOST_BINARY", str(TREE / "build/debug/gatepost"))
PAGE = (TREE / "config/man/gatepost.1").read_text()


def usage(*words):
    return subprocess.run([GATEPOST, *words, "--help"], capture_output=True, text=True, timeout=30, check=True).stdout


def section(name):
    return re.search(rf"^\.Sh {name}\n(.*?)(?=^\.Sh |\Z)", PAGE, re.M | re.S)[1]


def commands():
    """Each with its argument, as the program lists them: {"check": "ADDRESS", "config": "check", ...}."""
    return dict(re.findall(r"^  ([a-z][a-z-]*) +([A-Z]+|check)?  ", usage(), re.M))


def test_the_commands_are_those_of_the_program():
    items = re.findall(r"^\.It Ic ([a-z-]+)(?: (?:Ar )?(\w+))?$", section("COMMANDS"), re.M)
    assert dict(items) == commands() and len(items) == len(commands()) > 5


@pytest.mark.parametrize("command", sorted(commands()))
def test_the_options_are_those_of_the_command(command):
    takes = {(word, value) for word, value in re.findall(r"^  --([a-z-]+)(?: ([A-Za-z|]+))? ", usage(command), re.M)}
    told = {(word, value) for word, value, whose in re.findall(r"^\.It Fl -([a-z-]+)(?: Ar (\S+))? Pq (.*)$", section("OPTIONS"), re.M)
            if whose == "all" or command in whose.split(", ")}
    assert told == takes and takes


def test_the_exit_statuses_are_those_of_the_program():
    told = {int(number) for number in re.findall(r"^\.It (\d+)$", section("EXIT STATUS"), re.M)}
    table = (TREE / "agent/exits.h").read_text()
    assert told == {int(number) for number in re.findall(r"= (\d+)", table)} | {1, 2}


@pytest.mark.parametrize("name", ["gatepost.1", "gatepost.json.5"])
def test_the_manual_is_printed_without_a_warning(name):
    done = subprocess.run(["man", "--warnings", "-l", TREE / "config/man" / name], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=30, env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0 and done.stderr == "" and "SEE ALSO" in done.stdout
