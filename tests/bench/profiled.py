# SPDX-License-Identifier: MIT
"""Builds that are as the release build but for one thing: names that callgrind can read,
numbers of 32 bits, a count of the heap."""

import os
import re
import shlex
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
WRAPPED = ("malloc", "calloc", "realloc", "free")


def run(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=TREE)
    if done.returncode:
        raise SystemExit(f"{words[0]} failed:\n{done.stdout[-2000:]}")
    return done.stdout


def cached(key):
    cache = (TREE / "build" / "release" / "CMakeCache.txt").read_text(encoding="utf-8")
    return re.search(rf"^{key}:\w+=(.*)$", cache, re.M)[1]


def build(name, *flags):
    """The release program with flags, not stripped, in build/NAME; returns its path."""
    into = TREE / "build" / name
    compiling = " ".join([cached("CMAKE_C_FLAGS_RELEASE"), "-g", *flags])
    linking = " ".join(w for w in cached("CMAKE_EXE_LINKER_FLAGS_RELEASE").split() if w != "-s")
    flags = (f"-DCMAKE_C_FLAGS_RELEASE={compiling}", f"-DCMAKE_EXE_LINKER_FLAGS_RELEASE={linking}")
    run("cmake", "--preset", "release", "-B", str(into), *flags)
    run("cmake", "--build", str(into), "--", f"-j{os.cpu_count()}")
    return into / "gatepost"


def with_names():
    return build("figures/named")


def of_32_bits():
    return build("figures/plain", f'-DMBEDTLS_USER_CONFIG_FILE=\\"{HERE}/plain.h\\"')


def counting_heap():
    """Linked from the objects of with_names()."""
    folder = with_names().parent
    link = run("ninja", "-C", str(folder), "-t", "commands", "gatepost").splitlines()[-1]
    words = [w for w in shlex.split(link) if w not in (":", "&&")]
    counted = folder / "counted.o"
    run(words[0], "-O2", "-D_GNU_SOURCE", "-fPIE", "-c", str(HERE / "heap.c"), "-o", str(counted))
    words[words.index("-o") + 1] = "counted"
    wraps = [f"-Wl,--wrap={name}" for name in WRAPPED]
    subprocess.run([*words, str(counted), *wraps], cwd=folder, check=True)
    return folder / "counted"
