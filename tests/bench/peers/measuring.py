# SPDX-License-Identifier: MIT
"""What one look at a mailbox costs: time, processor, memory of all processes that took part."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

LIMIT_S = 90  # of one look at a sick mailbox; what was said until then counts
SAMPLE_S = 0.002


@dataclass
class Look:
    wall: float  # seconds
    cpu: float  # seconds, user and system, of all its processes; of a standing one its share
    largest: int  # kB that the largest process was resident (VmHWM)
    together: int  # kB of all that were alive at the same time (the sum of Pss)
    out: str


def look(tool, watch_memory=False):
    """Watching costs time itself: a look that is watched is not one to be timed."""
    before = _spent_by(tool.standing)
    began = time.monotonic()
    process = subprocess.Popen(
        tool.command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    timer = threading.Timer(LIMIT_S, _end, (process.pid,))
    timer.start()
    memory = Memory(tool.lab, tool.office.site) if watch_memory else None
    try:
        out = process.stdout.read().decode("utf-8", "replace")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    finally:
        timer.cancel()
        if memory is not None:
            memory.stop()
    return Look(
        wall=time.monotonic() - began,
        cpu=used.ru_utime + used.ru_stime + _spent_by(tool.standing) - before,
        largest=memory.largest if memory else 0,
        together=memory.together if memory else 0,
        out=tool.shown(out),
    )


def _end(group):
    """The whole session, so that no child of a script stays behind."""
    try:
        os.killpg(group, 9)
    except ProcessLookupError:
        pass


def _spent_by(process):
    """Seconds of the processor of a process that goes on, to the nanosecond: CPUCLOCK_SCHED of it,
    as clock_getcpuclockid(3) makes it."""
    if process is None:
        return 0.0
    return time.clock_gettime((~process.pid << 3) | 2)


class Memory(threading.Thread):
    """Looks every two milliseconds at all processes in the office's network namespace. Pss counts
    a page that several share in proportion: a sum of resident sets would count libraries often."""

    def __init__(self, lab, site):
        super().__init__(daemon=True)
        self.namespace = lab.namespaces.call(site, os.readlink, "/proc/thread-self/ns/net")
        self.largest = self.together = 0
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(SAMPLE_S):
            sizes = [self._sizes(path) for path in Path("/proc").glob("[0-9]*")]
            sizes = [size for size in sizes if size is not None]
            self.largest = max([self.largest, *(high for high, _ in sizes)])
            self.together = max(self.together, sum(share for _, share in sizes))

    def _sizes(self, path):
        """Its VmHWM and Pss in kB; None when it is none of the office's, or gone."""
        try:
            if os.readlink(path / "ns" / "net") != self.namespace:
                return None
            return _read(path / "status", "VmHWM"), _read(path / "smaps_rollup", "Pss")
        except (OSError, LookupError):
            return None

    def stop(self):
        self.over.set()
        self.join()


def _read(path, key):
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1])
    raise LookupError(key)
