# SPDX-License-Identifier: MIT
"""The laboratory: an office with gatepost in it, the provider of its mail, and what lies between.

    with Laboratory() as lab:
        outcome = lab.check(office, directory)
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import domains
import hosts
from cloud_stand_in import KEY
from namespaces import Namespaces, mount_memory, unmount
from provider import EX4, Provider
from servers import patiently
from wiretap import Wiretap

TREE = Path(__file__).resolve().parents[2]
RUN = "/run/gatepost-lab"
CONTROLS = [
    f"[{address}]:443" if ":" in address else f"{address}:443"
    for control in hosts.CONTROLS
    for address in control
]
FAKE_TIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


@dataclass
class Outcome:
    """What one run of gatepost said, and what the servers saw of it."""

    code: int
    out: bytes
    err: bytes
    report: dict  # None when stdout was not JSON
    calls: dict  # (address, port) -> TCP connections
    questions: dict  # (name, type), resolver -> DNS questions by UDP
    clear: bytes  # every byte that passed the office's line
    logs: dict  # server -> what it logged meanwhile
    owa_good: list  # mailboxes that webmail let in
    owa_bad: list  # and those that it refused
    state: Path  # gatepost's state directory

    def failed_logins(self):
        imap = self.logs["dovecot"].count("(auth failed")
        submission = self.logs["submission"].count("authentication failed")
        return len(self.owa_bad) + imap + submission


class Laboratory:
    def __init__(self):
        self.namespaces = Namespaces()
        self.provider = self.wiretap = None
        self.mounted = False

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        os.makedirs(RUN, exist_ok=True)
        mount_memory(RUN)
        self.mounted = True
        self.namespaces.start(hosts.addresses_by_site(), hosts.SWALLOWED)
        self.wiretap = Wiretap(self.namespaces)
        self.provider = Provider(self.namespaces, RUN, self._make_logs(TREE / "build" / "lab"))
        self.provider.start()
        self.servers, self.mailboxes = self.provider.servers, self.provider.mailboxes
        self.owa, self.milter = self.provider.owa, self.provider.milter
        self._settle(dict.fromkeys(self.servers, 0))  # of those that looked whether they are up

    def stop(self):
        if self.provider is not None:
            self.provider.stop()
        if self.wiretap is not None:
            self.wiretap.stop()
        self.namespaces.stop()
        if self.mounted:
            unmount(RUN)
            self.mounted = False

    @staticmethod
    def _make_logs(base):
        """A directory of its own for each laboratory; those of an hour ago go."""
        base.mkdir(parents=True, exist_ok=True)
        for old in base.glob("logs-*"):
            if old.stat().st_mtime < time.time() - 3600:
                shutil.rmtree(old, ignore_errors=True)
        return tempfile.mkdtemp(prefix="logs-", dir=base)

    @property
    def binary(self):
        return os.environ.get("GATEPOST_BINARY") or str(TREE / "build" / "debug" / "gatepost")

    def afflict(self, office):
        """Makes the office's mailbox, and its line, as sick as they are to be. Returns the names of
        the mails that it lays into the mailbox."""
        self.milter.behaviours[office.address] = office.behaviours
        self.owa.fates[office.address] = office.fate
        self.owa.manners[office.address] = office.manners
        self.provider.cloud.told[office.address] = office.told
        self.mailboxes.refuse(office.address, office.refuses)
        self.mailboxes.limit(office.address, office.limit)
        self.provider.line.be(office.line)
        return [self.mailboxes.fill(office.address, office.fill)] if office.fill else []

    def heal(self, office):
        self.milter.behaviours.pop(office.address, None)
        self.owa.fates.pop(office.address, None)
        self.owa.manners.pop(office.address, None)
        self.provider.cloud.told.pop(office.address, None)
        self.mailboxes.refuse(office.address, ())
        self.mailboxes.limit(office.address, "")
        self.provider.line.be("")

    def secret_of(self, office):
        right = self.mailboxes[office.address].secret
        return "not-" + right if office.wrong_password else right

    def configure(self, office, directory):
        """Writes the office's configuration and secrets; returns the configuration's path."""
        directory = Path(directory)
        account = {
            "address": office.address,
            "secret_file": self._write_secret(directory / "secret", self.secret_of(office)),
            "profile": "ovh-exchange-hosted",
            "host": EX4,
            "mx_mode": "sole",
            "patience_s": 5 if office.quick else 30,
            "late_s": 10,
            **office.settings,
        }
        if "peer_address" in account:
            peer = self.mailboxes[account["peer_address"]]
            account["peer_secret_file"] = self._write_secret(directory / "peer", peer.secret)
        if "api_service" in account:
            account["api_key_file"] = self._write_secret(directory / "key", "\n".join(KEY))
        if office.profile:
            account["profile"] = self._write_profile(directory, office.profile)
        config = {
            "gateway": "office-router",
            "resolvers": [hosts.RESOLVER],
            "ca_file": self.provider.bundle,
            "state_directory": str(directory / "state"),
            "language": "en",
            "reach_targets": CONTROLS,
            "blocklists": [domains.CLEAN],
            "public_address": [hosts.OFFICE[0]],
            "profile_directory": str(directory),
            **office.agent,
            "accounts": [account],
        }
        (directory / "state").mkdir(exist_ok=True)
        path = directory / "gatepost.json"
        path.write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        return str(path)

    @staticmethod
    def _write_profile(directory, members):
        """The usual profile but for some members; returns its name."""
        usual = TREE / "config" / "profiles" / "ovh-exchange-hosted.json"
        profile = json.loads(usual.read_text(encoding="utf-8")) | members
        (directory / "of-the-lab.json").write_text(json.dumps(profile), encoding="utf-8")
        return "of-the-lab"

    @staticmethod
    def _write_secret(path, words):
        path.write_text(words + "\n", encoding="utf-8")
        path.chmod(0o600)
        return str(path)

    def command(self, office, *words):
        """What runs gatepost in an office, and in which environment."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"}
        if office is not None and office.clock:
            environment |= {"LD_PRELOAD": FAKE_TIME, "FAKETIME": office.clock}
            environment |= {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        site = "office" if office is None else office.site
        return self.namespaces.command(site, self.binary, *words), environment

    def gatepost(self, *words, office=None, seconds=120):
        """Runs gatepost in the office, with no terminal; returns what subprocess.run does."""
        command, environment = self.command(office, *words)
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=seconds,
            cwd="/",
            env=environment,
        )

    def check(self, office, directory, *words):
        """Runs `gatepost check` once as the office is configured."""
        config = self.configure(office, directory)
        before = {name: server.size() for name, server in self.servers.items()}
        good, bad = len(self.owa.good), len(self.owa.bad)
        self.wiretap.drain()
        done = self.gatepost(
            "check", office.address, "--config", config, "--json", *words, office=office
        )
        traffic = self.wiretap.drain()
        self._settle(before)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            report = None
        return Outcome(
            code=done.returncode,
            out=done.stdout,
            err=done.stderr,
            report=report,
            calls=dict(traffic.calls),
            questions=dict(traffic.questions),
            clear=bytes(traffic.clear),
            logs={name: server.text(before[name]) for name, server in self.servers.items()},
            owa_good=self.owa.good[good:],
            owa_bad=self.owa.bad[bad:],
            state=Path(directory) / "state",
        )

    def _settle(self, before):
        """Waits until the servers have written down the ends of the office's connections."""

        def settled():
            for name in ("submission", "mx"):
                log = self.servers[name].text(before[name])
                if log.count(": connect from") != log.count(": disconnect from"):
                    return False
            log = self.servers["dovecot"].text(before["dovecot"])
            return log.count("-login: Info: Logged in") == log.count(": Disconnected: ")

        patiently(settled, "all connections are over", 10)
