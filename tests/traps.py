#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sees that the tests which README.md names beside the known traps are there.

    tests/traps.py          says nothing and ends with 0, or names every row that is wrong and ends with 1
"""

import re
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
HEADING = "## Known traps, and the tests that hold them"
REFERENCE = re.compile(r"`([\w./-]+\.(?:c|py|txt|sh))(?:::([\w-]+))?`")


def is_defined(name, text):
    """A test of cmocka, one of pytest, or an office of the lab."""
    word = re.escape(name)
    return re.search(rf'^static void {word}\(void \*\*|^def {word}\(|\b[Oo]ffice\(\s*"{word}"', text, re.M) is not None


def fault(path, name):
    place = TREE / "tests" / path
    if not place.is_file():
        return f"tests/{path} is not there"
    if name and not is_defined(name, place.read_text(encoding="utf-8")):
        return f"tests/{path} has no {name}"
    return None


def faults_of(cell):
    references = REFERENCE.findall(cell)
    if not references and not cell.startswith("No test: "):
        return ["names no test, and gives no reason"]
    return [found for found in (fault(*reference) for reference in references) if found]


def main():
    readme = (TREE / "README.md").read_text(encoding="utf-8")
    _, heading, rest = readme.partition(f"\n{HEADING}\n")
    section = rest.partition("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith("|") and not re.search(r"\| (held by|---) \|$", row)]
    complaints = [] if heading and rows else [f'README.md: no rows below "{HEADING}"']
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        complaints += [f'README.md: "{cells[-2]}": {words}' for words in faults_of(cells[-1])]
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
