# SPDX-License-Identifier: MIT
"""Whoever has the source can prove that a package was made from it: two builds give the same bytes."""
import os
import shutil

from release import TREE, build, package


def test_two_builds_in_two_places_give_the_same_bytes(tmp_path):
    other = tmp_path / "elsewhere"
    other.mkdir()
    for name in ("CMakeLists.txt", "CMakePresets.json", "README.md"):
        shutil.copy(TREE / name, other)
    for name in ("agent", "port", "config", "toolchains"):
        shutil.copytree(TREE / name, other / name, copy_function=shutil.copyfile) # neither times nor modes
    made = [package(build(), tmp_path / "one")]
    surroundings = {**os.environ, "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    made.append(package(build(other, env=surroundings, umask=0o077), tmp_path / "two", env=surroundings))
    programs = [TREE / "build/release/gatepost", other / "build/release/gatepost"]
    assert programs[0].read_bytes() == programs[1].read_bytes()
    assert made[0].name == made[1].name and made[0].read_bytes() == made[1].read_bytes()
