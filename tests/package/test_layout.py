# SPDX-License-Identifier: MIT
"""The release links libraries that were compiled against glibc with musl: what they share must look the same to both."""
import re
import subprocess

from release import TREE, build, run

SOURCE = TREE / "tests/package/layout.c"
ARCHIVES = ("libcares.a", "libpaho-mqtt3a.a", "libexpat.a")


def said_by(compiler, folder):
    program = folder / compiler
    run(compiler, "-w", "-o", program, SOURCE)
    return dict(line.rsplit(" ", 1) for line in run(program).splitlines())


def test_structures_and_numbers_are_the_same_in_both_libraries(tmp_path):
    glibc, musl = said_by("gcc", tmp_path), said_by("musl-gcc", tmp_path)
    assert glibc.keys() == musl.keys() and len(glibc) > 250
    for name, value in glibc.items():
        if name.startswith("at most "):
            assert int(musl[name]) <= int(value), name
        else:
            assert musl[name] == value, name


def symbols(option, archive):
    listed = subprocess.run(("nm", option, archive), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    return set(re.findall(r" [A-Za-z] (\w+)$", listed, re.MULTILINE))


def test_only_functions_that_were_looked_at_are_called_by_glibc_names():
    """What begins with two underscores is between a compiled library and its C library."""
    built = build()
    called = set()
    for archive in ARCHIVES:
        called |= symbols("--undefined-only", built / archive) - symbols("--defined-only", built / archive)
    private = {name for name in called if name.startswith("__")}
    ours = symbols("--defined-only", built / "libglibc_names.a")
    of_the_language = {"__assert_fail", "__ctype_b_loc", "__errno_location", "__stack_chk_fail"}
    assert private - of_the_language <= ours
    assert {name for name in ours if name.startswith("__")} <= private, "not called any more"
