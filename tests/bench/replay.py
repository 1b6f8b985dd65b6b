# SPDX-License-Identifier: MIT
"""Compiles the sources of the release program once more, with the arguments of its own build, but
by another compiler: for another processor, or to be told something about them."""

import json
import os
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]

# What only the release build's own compiler takes, or what would hide where a file lies.
NOT_FOR_OTHERS = ("-ffile-prefix-map=", "-fcallgraph-info", "-specs")
LINK = ("-nostdlib", "-r", "-Wl,--gc-sections", "-Wl,-e,main")


def commands(build):
    """Of each file of the program: (its path, its compiler's arguments without input and output)."""
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        if entry["file"].startswith(f"{TREE}/toolchains/"):
            continue  # it goes with the release build's C library
        words = shlex.split(entry["command"])[1:]
        at = words.index("-o")
        words = [*words[:at], *words[at + 2 :]]
        kept = [w for w in words if w not in ("-c", entry["file"])]
        yield entry["file"], [w for w in kept if not w.startswith(NOT_FOR_OTHERS)]


def each_file(build, action):
    """action(path, arguments) for each file, several at once; returns what they return."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda pair: action(*pair), commands(build)))


def output_of(*words, at=None):
    done = subprocess.run(words, capture_output=True, text=True, cwd=at)
    if done.returncode:
        raise SystemExit(f"{words[0]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def link_for(triplet, build, into):
    """Compiles everything for another processor and links it without the libraries that are not
    there for it: what main() leads to remains. Returns the program, its map and the call graph."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    compiler = f"{triplet}-gcc"

    def compile_one(path, arguments):
        name = path.removeprefix(f"{TREE}/").strip("/").replace("/", "-").removesuffix(".c") + ".o"
        output_of(compiler, *arguments, "-w", "-fcallgraph-info=su", "-c", "-o", name, path, at=into)
        return name

    objects = each_file(build, compile_one)
    output_of(compiler, *LINK, "-Wl,-Map=map", "-o", "program", *objects, at=into)
    texts = [path.read_text(encoding="utf-8") for path in sorted(into.glob("*.ci"))]
    return into / "program", into / "map", texts
