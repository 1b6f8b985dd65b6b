# SPDX-License-Identifier: MIT
"""The deepest stack, from what the compiler writes beside each object (-fcallgraph-info=su): the
frame of each function and whom it calls. Calls through pointers: pointers.py.

Of the distribution's libraries and of the C library only the way through them is known, not what
they need themselves. Paho calls back on threads of its own, which begin a stack of their own.
"""

import os
import re
import sys
from collections import defaultdict

NODE = re.compile(r'^node: \{ title: "([^"]+)" label: "[^"]*?\\n(\d+) bytes \(([^)]+)\)', re.M)
EDGE = re.compile(
    r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"(?: label: "([^"]*):\d+")?', re.M
)
# The functions of c-ares and Expat that call back, by the beginning of those that were told whom.
CALLS_BACK = {
    "ares_process_fd": "ares_",
    "ares_send_dnsrec": "ares_",
    "ares_destroy": "ares_",
    "XML_Parse": "XML_",
    "qsort": "qsort",
}
# Pointers of which no type is told, by the function that calls through them.
NAMED_POINTERS = {"mbedtls_platform_zeroize": "memset"}
OTHER_THREADS = "MQTTAsync_"
# Functions that lead back to themselves: a function of the circle, how often at most, and why.
CIRCLES = (
    ("parse_value", 9, "outline_check() goes before, as for `value`"),
    ("print_value", 9, "no document of ours is deeper than one that is read"),
    ("cJSON_Delete", 9, "no document of ours is deeper than one that is read"),
    ("wipe", 9, "OUTLINE_DEPTH_MAX and the value within"),
    ("value", 9, "OUTLINE_DEPTH_MAX and the value within"),
    ("profile_read_members", 9, "OUTLINE_DEPTH_MAX and the value within"),
    ("descend", 11, "SPF_DEPTH_MAX and the domain's own"),
    ("on_doctype", 1, "XML_StopParser calls nobody back"),
    ("uplink_lose", 1, "`offline` has the type of `done` in reach.h, and never leads to it"),
    ("mbedtls_gcm_free", 1, "GCM works with AES, not with itself"),
    ("mbedtls_gcm_update", 1, "GCM works with AES, not with itself"),
    ("mbedtls_gcm_setkey", 1, "GCM works with AES, not with itself"),
    ("mbedtls_ctr_drbg_random", 1, "random numbers come from the port, not from themselves"),
)


def last_name(function):
    return re.sub(r"\.(part|constprop|isra|cold)\b.*", "", function.rpartition(":")[2])


class CallGraph:
    def __init__(self, texts, pointers):
        self.frames, self.calls, self.unknown = {}, defaultdict(set), []  # unknown: what to mend
        for text in texts:
            for name, size, manner in NODE.findall(text):
                self.frames[name] = int(size)
                if manner == "dynamic":
                    self.unknown.append(f"{name} has a frame without a bound")
            for caller, called, place in EDGE.findall(text):
                if called == "__indirect_call":
                    self._call_pointer(caller, place, pointers)
                else:
                    self.calls[caller].add(called)
        self._call_back(pointers.given_out)

    def _call_pointer(self, caller, place, pointers):
        if caller in NAMED_POINTERS:
            self.calls[caller].add(NAMED_POINTERS[caller])
            return
        file, _, line = place.rpartition(":")
        file = os.path.normpath(file)
        if (file, int(line)) not in pointers.types_at:
            self.unknown.append(f"{file}:{line} calls through a pointer of unknown type")
        self.calls[caller] |= pointers.reached(file, int(line))

    def _call_back(self, given_out):
        self.others = set()
        for told, functions in given_out.items():
            for caller, beginning in CALLS_BACK.items():
                if told.startswith(beginning):
                    self.calls[caller] |= functions
            if told.startswith(OTHER_THREADS):
                self.others |= functions

    def circles(self, roots):
        """The strongly connected parts that are reached from roots, callees first (Tarjan)."""
        sys.setrecursionlimit(20000)
        number, low, stack, parts = {}, {}, [], []
        placed = set()

        def visit(name):
            number[name] = low[name] = len(number)
            stack.append(name)
            for called in sorted(self.calls.get(name, ())):
                if called not in number:
                    visit(called)
                if called not in placed:
                    low[name] = min(low[name], low[called])
            if low[name] == number[name]:
                at = stack.index(name)
                parts.append(stack[at:])
                placed.update(stack[at:])
                del stack[at:]

        for root in roots:
            if root not in number:
                visit(root)
        return parts

    def times(self, part):
        """How often a part may be passed on the way down, and why that is the bound."""
        if len(part) == 1 and part[0] not in self.calls.get(part[0], ()):
            return 1, None
        names = {last_name(function) for function in part}
        for name, bound, why in CIRCLES:
            if name in names:
                return bound, why
        self.unknown.append(f"call each other without a stated bound: {', '.join(sorted(names))}")
        return 1, None

    def deepest(self, *roots):
        """(bytes, [(function or circle, bytes, times)]) of the path that needs most."""
        best, part_of = {}, {}
        for part in self.circles(roots):
            times, _ = self.times(part)
            own = times * sum(self.frames.get(name, 0) for name in part)
            outward = {c for name in part for c in self.calls.get(name, ())} - set(part)
            below, path = max((best[part_of[c]] for c in outward), default=(0, []))
            part_of.update(dict.fromkeys(part, part[0]))
            step = (", ".join(map(last_name, part)), own, times)
            best[part[0]] = own + below, [step, *path]
        return max((best[part_of[root]] for root in roots), default=(0, []))
