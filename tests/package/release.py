# SPDX-License-Identifier: MIT
"""Builds the release, and the Debian package of it."""
import os
import pathlib
import subprocess

TREE = pathlib.Path(__file__).resolve().parents[2]


def run(*words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=800, **more)
    assert done.returncode == 0, f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout[-4000:]}"
    return done.stdout


def build(tree=TREE, **more):
    """The release build of a tree."""
    run("cmake", "--preset", "release", cwd=tree, **more)
    run("cmake", "--build", "--preset", "release", "--parallel", str(os.cpu_count()), cwd=tree, **more)
    return tree / "build/release"


def package(built, folder, *options, **more):
    """The .deb of a build, made in folder. The modes of its parts are the umask's: it is made under the usual one."""
    run("cpack", "--config", built / "CPackConfig.cmake", "-B", folder, *options, umask=0o022, **more)
    [deb] = folder.glob("*.deb")
    return deb
