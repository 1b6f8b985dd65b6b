# SPDX-License-Identifier: MIT
"""The office's gateway: mailboxes in one configuration, and the agent that watches over them.

    gateway = Gateway(lab, broker, directory, ("healthy", "spam-550"))
    agent = gateway.start()
"""

import json
import subprocess
import sys
import threading
from pathlib import Path

from hosts import BROKER
from laboratory import TREE

sys.path.insert(0, str(TREE / "tests" / "agent"))
from office import GATEWAY, Agent, Fleet, Heard  # noqa: E402,F401  for whoever uses the gateway

SECONDS = 240  # patience for what must come, on a slow machine too


class LabAgent(Agent):
    """The program in the office's namespace; what it logs is heard line by line."""

    def __init__(self, lab, *words, environment=None):
        Heard.__init__(self)
        self.process = subprocess.Popen(
            lab.namespaces.command("office", lab.binary, "agent", *words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(environment or {})},
        )
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()


class Gateway:
    """Its configuration and state lie below a directory."""

    def __init__(self, lab, broker, directory, watched, **keys):
        self.lab, self.directory = lab, Path(directory)
        self.state, self.file = self.directory / "state", self.directory / "gatepost.json"
        self.state.mkdir()
        accounts = []
        for office in watched:
            folder = self.directory / office.address
            folder.mkdir()
            config = json.loads(Path(lab.configure(office, folder)).read_text(encoding="utf-8"))
            accounts += config["accounts"]
        password = self.directory / "broker-password"
        password.write_text(broker.password + "\n", encoding="ascii")
        password.chmod(0o600)
        config |= {
            "gateway": GATEWAY,
            "state_directory": str(self.state),
            "user": "root",
            "accounts": accounts,
            "broker": f"mqtts://{BROKER}",
            "broker_user": GATEWAY,
            "broker_password_file": str(password),
            "broker_ca_file": lab.provider.bundle,
        }
        self.file.write_text(json.dumps(config | keys, indent=2) + "\n", encoding="utf-8")

    def start(self, *words, environment=None):
        return LabAgent(self.lab, "--config", str(self.file), *words, environment=environment)
