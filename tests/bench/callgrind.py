# SPDX-License-Identifier: MIT
"""Reads what callgrind writes: the instructions of each function, and of all that it calls."""

import re
from collections import Counter, defaultdict

NAMED = re.compile(r"^(c?f[nlie]|c?ob)=\((\d+)\)(?: (.*))?$")
COST = re.compile(r"^[+\-*\d]\S* (\d+)$")


class Profile:
    """own[file, function] and with_callees[function] are instructions."""

    def __init__(self, lines):
        self.own, self.with_callees = Counter(), Counter()
        self.callees = defaultdict(Counter)
        self.names = {}
        file = function = called = None
        calling = False
        for line in lines:
            line = line.rstrip("\n")
            named = NAMED.match(line)
            if named:
                key, name = named[1], self._name(*named.groups())
                if key == "fl":
                    file = name
                elif key == "fn":
                    function = file, name
                elif key == "cfn":
                    called = name
            elif line.startswith("calls="):
                calling = True
            else:
                self._count(COST.match(line), function, called if calling else None)
                calling = False

    def _name(self, key, number, name):
        sort = "function" if key.endswith("n") else "object" if key.endswith("ob") else "file"
        if name is not None:
            self.names[sort, number] = name
        return self.names[sort, number]

    def _count(self, cost, function, called):
        if cost is None:
            return
        if called is None:
            self.own[function] += int(cost[1])
        else:
            self.with_callees[called] += int(cost[1])
            self.callees[called][function[1]] += int(cost[1])
