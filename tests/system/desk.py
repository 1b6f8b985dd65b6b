# SPDX-License-Identifier: MIT
"""What the tests of this folder stand on: the program, and a resolver of their own."""
import os
import pathlib
import socket
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/agent"), str(ROOT / "tests/uplink")]

GATEPOST = os.environ.get("GATEPOST_BINARY", str(ROOT / "build/debug/gatepost"))
ADDRESS, PASSWORD = "anna@office.example", "correct-horse-7"
SURROUNDINGS = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TERM": "dumb", "HOME": "/nonexistent"}


def run(*words, **more):
    """Runs it without a terminal."""
    return subprocess.run([GATEPOST, *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100,
                          env=SURROUNDINGS | more.pop("env", {}), start_new_session=True, **more)


class Resolver(threading.Thread):
    """Gives every question the same code (3: no such name), or no answer at all (None)."""

    def __init__(self, address, code=3):
        super().__init__(daemon=True)
        self.address, self.code = address, code
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        self.start()

    def run(self):
        while True:
            question, peer = self.socket.recvfrom(4096)
            if not question:
                return
            if self.code is not None:
                head = question[:2] + bytes([0x81, 0x80 + self.code]) + b"\0\1" + b"\0" * 6
                self.socket.sendto(head + question[12:question.index(b"\0", 12) + 5], peer)

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", (self.address, 53))
        self.join(10)
        self.socket.close()
