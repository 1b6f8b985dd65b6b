# SPDX-License-Identifier: MIT
"""Which functions a call through a pointer may reach: those of exactly the pointer's type whose
address is taken somewhere, and kept or handed over where the caller can know it.

A compiler tells the type of each as a number (clang's -fsanitize=kcfi), in its intermediate code.
"""

import os
import re
from collections import defaultdict

LIBRARY_PREFIXES = ("ares_", "XML_", "MQTTAsync_")
FLAGS = ("-w", "-O0", "-gline-tables-only", "-fsanitize=kcfi", "-S", "-emit-llvm")
HEAD = re.compile(r"^(define|declare) (.*?)@([\w.$]+)\((.*)$", re.M)
POINTER_CALL = re.compile(r'\bcall\b.*\[ "kcfi"\(i32 (-?\d+)\) \].*!dbg !(\d+)')
NAMED_CALL = re.compile(r"\bcall\b[^@\n]*@([\w.$]+)\(")
RECORD = re.compile(r"^!(\d+) = (?:distinct )?!\w*[({](.*)[)}]$", re.M)


class Module:
    """The intermediate code of one file."""

    def __init__(self, path, text):
        self.path = path
        self.records = dict(RECORD.findall(text))
        self.types, self.known_as, self.defined = {}, {}, set()
        for kind, before, name, after in HEAD.findall(text):
            number = re.search(r"!kcfi_type !(\d+)", before + after)
            if number:
                self.types[name] = int(self.records[number[1]].removeprefix("i32 "))
            static = kind == "define" and before.startswith("internal ")
            self.known_as[name] = f"{path}:{name}" if static else name
            if kind == "define":
                self.defined.add(self.known_as[name])
        self.lines = [
            line for line in text.splitlines() if not line.startswith(("define", "declare", "!"))
        ]

    def taken(self):
        """(function, type, the function it is handed to or None) for each address that is taken."""
        for line in self.lines:
            call = NAMED_CALL.search(line) if '"kcfi"(' not in line else None
            for name in re.findall(r"@([\w.$]+)", line[call.end() :] if call else line):
                if name in self.types:
                    yield self.known_as[name], self.types[name], call and call[1]

    def calls(self):
        """(file, line, type) for each call through a pointer."""
        for line in self.lines:
            call = POINTER_CALL.search(line)
            if call:
                place = self.records[call[2]]
                file = self.member(self.member(place, "scope"), "file")
                folder, name = (
                    re.search(rf'{key}: "([^"]*)"', file)[1] for key in ("directory", "filename")
                )
                number = re.search(r"line: (\d+)", place)[1]
                yield os.path.normpath(os.path.join(folder, name)), int(number), int(call[1])

    def called_by_name(self):
        return {name for line in self.lines for name in NAMED_CALL.findall(line)}

    def member(self, words, name):
        return self.records[re.search(rf"\b{name}: !(\d+)", words)[1]]


class Pointers:
    """owner_of(path) is the library that a file belongs to, or the program."""

    def __init__(self, modules, owner_of):
        self.owner_of = owner_of
        self.types_at, self.held = defaultdict(set), defaultdict(set)
        self.given_out = defaultdict(set)  # a function that has no source here -> what it may call
        homes = {name: owner_of(module.path) for module in modules for name in module.defined}
        for module in modules:
            for file, line, number in module.calls():
                self.types_at[file, line].add(number)
        called = set().union(*self.types_at.values())
        for module in modules:
            for name, number, receiver in module.taken():
                receiver = module.known_as.get(receiver, receiver)
                if receiver and receiver not in homes:
                    self.given_out[receiver].add(name)
                elif not receiver and number not in called:
                    self._give_to_libraries(module, name)
                self.held[homes.get(receiver, owner_of(module.path)), number].add(name)

    def _give_to_libraries(self, module, name):
        """Nobody here calls it: it lies in a structure that a library is shown."""
        for other in module.called_by_name():
            if other.startswith(LIBRARY_PREFIXES):
                self.given_out[other].add(name)

    def reached(self, file, line):
        owner = self.owner_of(file)
        return set().union(*(self.held[owner, number] for number in self.types_at[file, line]))
