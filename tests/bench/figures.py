#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What gatepost weighs: bytes by library and module, the deepest stack, memory, instructions.

    toolchains/debian13 python3 tests/bench/figures.py [--compare | --write] [PART...]

PART is `program` (the release build of this machine, also without any PART), another processor
(arm64 armhf riscv64 s390x mips mipsel), `memory` or `processor`, which take the demo office.
--compare fails where a part has grown by more than 2 % over tests/bench/figures.json, or is above
a limit there; --write accepts the new figures, there and in the README. Memory and instructions
are never compared: they are another machine's.

build/release must be built; valgrind and cross compilers are installed where they are missing.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

sys.dont_write_bytecode = True

import page
from linked import KINDS, linked, total
from packages import install
from pointers import FLAGS, Module, Pointers
from replay import each_file, link_for, output_of
from stack import CallGraph

TREE = Path(__file__).resolve().parents[2]
RELEASE = TREE / "build" / "release"
FIGURES = Path(__file__).with_name("figures.json")
README = TREE / "README.md"
TRIPLETS = {
    "arm64": "aarch64-linux-gnu",
    "armhf": "arm-linux-gnueabihf",
    "riscv64": "riscv64-linux-gnu",
    "s390x": "s390x-linux-gnu",
    "mips": "mips-linux-gnu",
    "mipsel": "mipsel-linux-gnu",
}
COSTS = ("memory", "processor")  # of a run in the demo office
FREE_GROWTH = 0.02
# By a part of the name of an archive, of an object or of a source.
LIBRARIES = (
    ("mbedtls", "Mbed TLS"),
    ("cjson", "cJSON"),
    ("cares", "c-ares"),
    ("paho", "Paho"),
    ("expat", "Expat"),
    ("(linker)", "the linker"),
    ("/gcc/", "C library"),
    ("libc.a", "C library"),
    ("crt", "C library"),
    ("glibc_names", "C library"),
)


def library_of(name):
    name = name.removeprefix(str(TREE))
    return next((library for part, library in LIBRARIES if part in name), "gatepost")


def entries():
    return json.loads((RELEASE / "compile_commands.json").read_text(encoding="utf-8"))


def sources():
    """An object, as the linker's map names it -> its source."""
    found = {}
    for entry in entries():
        folder, _, name = entry["output"].partition(".dir/")
        archive = f"lib{Path(folder).name}.a({Path(name).name})"
        found[archive] = found[entry["output"]] = entry["file"].removeprefix(f"{TREE}/")
    return found


def by_library(by_file):
    libraries = defaultdict(Counter)
    for name, sizes in by_file.items():
        libraries[library_of(name)].update(sizes)
    return {library: {kind: sizes[kind] for kind in KINDS} for library, sizes in libraries.items()}


def read_pointers():
    def read(path, arguments):
        return Module(path, output_of("clang", *arguments, *FLAGS, "-o", "-", path))

    return Pointers(each_file(RELEASE, read), library_of)


def deepest(texts, pointers):
    graph = CallGraph(texts, pointers)
    depth, path = graph.deepest("main")
    if graph.unknown:
        sys.exit("figures: the call graph has holes, see stack.py:\n" + "\n".join(graph.unknown))
    return {"bytes": depth, "path": [list(step) for step in path]}


def measure_program(pointers):
    by_file = linked(RELEASE / "gatepost", RELEASE / "gatepost.map")
    named, modules = sources(), {}
    for name, sizes in by_file.items():
        if library_of(name) == "gatepost":
            modules[named[name]] = {kind: sizes[kind] for kind in KINDS if sizes[kind]}
    texts = [  # of this build's objects: those of a source that is gone stay in the folder
        (RELEASE / entry["output"]).with_suffix(".ci").read_text(encoding="utf-8")
        for entry in entries()
    ]
    return {
        "on disk": (RELEASE / "gatepost").stat().st_size,
        "libraries": by_library(by_file),
        "modules": dict(sorted(modules.items())),
        "stack": deepest(texts, pointers),
    }


def measure_other(processor, pointers):
    into = TREE / "build" / "figures" / processor
    program, map_file, texts = link_for(TRIPLETS[processor], RELEASE, into)
    libraries = by_library(linked(program, map_file))
    libraries.pop("the linker")
    return {"libraries": libraries, "stack": deepest(texts, pointers)}


def needs(part):
    if part in ("program", "memory"):
        return ()
    if part == "processor":
        return ("valgrind",)
    return f"gcc-{TRIPLETS[part]}", f"libc6-dev-{part}-cross"


def measure(parts):
    measured, pointers = {}, None
    for part in parts:
        if needs(part) and not install(*needs(part)):
            continue
        if part in COSTS:
            import costs  # the demo office, of which the sizes know nothing

            measured[part] = getattr(costs, part)()
            continue
        pointers = pointers or read_pointers()
        if part == "program":
            measured[part] = measure_program(pointers)
        else:
            measured[part] = measure_other(part, pointers)
    return measured


def compared(figures):
    """What may not grow: name -> bytes."""
    named = total(figures["libraries"])
    named["own text"] = figures["libraries"]["gatepost"]["text"]
    named["deepest stack"] = figures["stack"]["bytes"]
    if "on disk" in figures:
        named["on disk"] = figures["on disk"]
    return named


def grown(old, new, what):
    """Who has grown most of it, worst first."""
    if what == "deepest stack":
        return [" -> ".join(step[0] for step in new["stack"]["path"])]
    kinds = {"on disk": ("text", "rodata", "data"), "own text": ("text",)}.get(what, (what,))
    rows = []
    for group in ("modules", "libraries"):
        for name, sizes in new.get(group, {}).items():
            if name == "gatepost" and "modules" in new:
                continue  # its modules are named
            was = old.get(group, {}).get(name, {})
            more = sum(sizes.get(kind, 0) - was.get(kind, 0) for kind in kinds)
            if more > 0 and not (what == "own text" and group == "libraries"):
                rows.append((more, f"{name} +{more}"))
    return [words for _, words in sorted(rows, reverse=True)[:8]]


def complaints(part, old, new, limits):
    before, now = compared(old), compared(new)
    for what, size in now.items():
        was = before.get(what, 0)
        if size > was * (1 + FREE_GROWTH):
            yield f"{part}: {what}: {was} -> {size} bytes, {size / max(was, 1) - 1:+.1%}"
            yield from (f"    {words}" for words in grown(old, new, what))
        if part == "program" and size > limits.get(what, size):
            yield f"{part}: {what}: {size} bytes are above the limit of {limits[what]}"


def compare(committed, measured):
    said = []
    for part, figures in measured.items():
        if part in COSTS:
            continue
        if part not in committed:
            said.append(f"{part}: no figures are committed")
            continue
        said += complaints(part, committed[part], figures, committed["limits"])
    if said:
        again = " ".join(["python3 tests/bench/figures.py --write", *measured])
        print("\n".join(said))
        print(f"If it is worth that, accept it with `toolchains/debian13 {again}`,")
        print("and say in the commit what it is worth.")
        return 1
    for part, figures in measured.items():
        words = ", ".join(f"{what} {size}" for what, size in compared(figures).items())
        print(f"{part}: {words}: within 2 % of what is committed")
    return 0


def write(committed, measured):
    committed |= measured
    FIGURES.write_text(json.dumps(committed, indent=1) + "\n", encoding="utf-8")
    README.write_text(page.renewed(README.read_text(encoding="utf-8"), committed), encoding="utf-8")
    print("rewrote tests/bench/figures.json and README.md")
    return 0


def main(words):
    mode = words.pop(0) if words and words[0] in ("--compare", "--write") else "--print"
    parts = words or ["program"]
    known = ("program", *TRIPLETS, *COSTS)
    if not set(parts) <= set(known):
        print(__doc__.strip(), file=sys.stderr)
        return 64
    if not (RELEASE / "gatepost.map").exists():
        sys.exit("figures: build the release preset first")
    measured = measure(parts)
    committed = json.loads(FIGURES.read_text(encoding="utf-8"))
    if mode == "--compare":
        return compare(committed, measured)
    if mode == "--write":
        return write(committed, measured)
    print(page.tables(measured))
    print(page.modules(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
