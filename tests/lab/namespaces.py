# SPDX-License-Identifier: MIT
"""A small internet made of network namespaces: the office, its provider, and the way between them.

Nothing is added to the machine's own namespace. All addresses are of the documentation ranges
(RFC 5737, RFC 3849).
"""

import ctypes
import os
import queue
import subprocess
import threading

# site: (its IPv4 network's prefix and length, the router's last byte there, its IPv6 network)
SITES = {
    "office": ("192.0.2.", 24, 1, "2001:db8:1::"),
    "provider": ("198.51.100.", 25, 1, "2001:db8:2::"),
    "elsewhere": ("198.51.100.", 25, 129, "2001:db8:5::"),
    "mx": ("203.0.113.", 25, 1, "2001:db8:3::"),
    "dns": ("203.0.113.", 25, 129, "2001:db8:4::"),
}

# Offices without a way out: one without any network, one with an address and no default route.
UNPLUGGED, ROUTELESS = "unplugged", "routeless"

DIRECTORY = "/run/netns"


def run(*command):
    """Runs a command to its end; its output appears only when it fails."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def mount_memory(directory):
    """An empty file system of our own: what is in it when we are killed goes with us."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"gatepost-lab", directory.encode(), b"tmpfs", 0, b"mode=755") != 0:
        raise OSError(ctypes.get_errno(), "mount", directory)


def unmount(directory):
    detach = 2
    ctypes.CDLL(None).umount2(directory.encode(), detach)


class Namespaces:
    """Made by start(), gone after stop()."""

    def __init__(self):
        self.names = ["internet", *SITES, UNPLUGGED, ROUTELESS]
        self.tmpfs = False

    def start(self, addresses, swallowed):
        """addresses: for each site those that its servers live on. What is sent to a swallowed one
        is lost on the way, without a word."""
        os.makedirs(DIRECTORY, exist_ok=True)
        # Our own mount, so that no name is left behind in a /run that others see.
        mount_memory(DIRECTORY)
        self.tmpfs = True
        for name in self.names:
            run("ip", "netns", "add", name)
            self.call(name, self._prepare)
            self._ip(name, "link", "set", "lo", "up")
        for site in SITES:
            self._connect(site, addresses[site])
        self._ip(ROUTELESS, "link", "add", "uplink", "type", "veth", "peer", "name", "nobody")
        for address in ("192.0.2.10/24", "2001:db8:1::10/64"):
            self._ip(ROUTELESS, "address", "add", address, "dev", "uplink")
        for end in ("uplink", "nobody"):
            self._ip(ROUTELESS, "link", "set", end, "up")
        for address in swallowed:
            self._ip("internet", "route", "add", "blackhole", address)

    def stop(self):
        if not self.tmpfs:
            return
        for name in self.names:
            subprocess.run(
                ["ip", "netns", "del", name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        unmount(DIRECTORY)
        self.tmpfs = False

    @staticmethod
    def _prepare():
        for key, value in (
            ("ipv6/conf/all/accept_dad", "0"),
            ("ipv6/conf/default/accept_dad", "0"),
            ("ipv4/ip_forward", "1"),
            ("ipv6/conf/all/forwarding", "1"),
            ("ipv4/icmp_ratelimit", "0"),
            ("ipv6/icmp/ratelimit", "0"),
        ):
            with open(f"/proc/sys/net/{key}", "w", encoding="ascii") as file:
                file.write(value)

    def _ip(self, name, *words):
        run("ip", "-n", name, *words)

    def _connect(self, site, addresses):
        prefix4, length4, router, prefix6 = SITES[site]
        self._ip(
            "internet", "link", "add", site, "type", "veth", "peer", "name", "uplink", "netns", site
        )
        self._ip("internet", "address", "add", f"{prefix4}{router}/{length4}", "dev", site)
        self._ip("internet", "address", "add", f"{prefix6}1/64", "dev", site, "nodad")
        self._ip("internet", "link", "set", site, "up")
        for address in addresses:
            if ":" in address:
                self._ip(site, "address", "add", f"{address}/64", "dev", "uplink", "nodad")
            else:
                self._ip(site, "address", "add", f"{address}/{length4}", "dev", "uplink")
        self._ip(site, "link", "set", "uplink", "up")
        self._ip(site, "route", "add", "default", "via", f"{prefix4}{router}")
        self._ip(site, "-6", "route", "add", "default", "via", f"{prefix6}1")

    @staticmethod
    def command(name, *words):
        """The command that runs words in a namespace; it becomes the same process."""
        return ["nsenter", f"--net={DIRECTORY}/{name}", "--", *words]

    @staticmethod
    def call(name, function, *arguments):
        """Calls function in a namespace, returns what it returns; sockets made there stay there."""
        answers = queue.Queue()

        def enter():
            try:
                descriptor = os.open(f"{DIRECTORY}/{name}", os.O_RDONLY)
                try:
                    os.setns(descriptor, os.CLONE_NEWNET)
                finally:
                    os.close(descriptor)
                answers.put((function(*arguments), None))
            except BaseException as trouble:  # handed to the caller, whatever it is
                answers.put((None, trouble))

        thread = threading.Thread(target=enter, daemon=True)
        thread.start()
        thread.join()
        answer, trouble = answers.get()
        if trouble is not None:
            raise trouble
        return answer
