# SPDX-License-Identifier: MIT
"""The four tools: the packages that each needs, and how it looks at one mailbox of the lab.

Each is used within `with TOOL(lab, office, broker, directory) as tool`; `tool.command` then looks
at the mailbox once and ends. A tool that runs all the time has its process in `tool.standing`.
With a broker it does its daily work; without, it shows a person all that it can."""

import json
import os
import subprocess
from pathlib import Path

import blackbox
import domains
import hosts
from broker import PORT as BROKER_PORT
from gateway import GATEWAY
from laboratory import CONTROLS
from namespaces import run
from provider import EX4
from servers import Server, answers, patiently

HERE = Path(__file__).resolve().parent
PATIENCE_S = 15  # of the peers, for the test mails


class Tool:
    """packages: beyond Debian's essential ones; perl modules that a plugin needs are among them."""

    name, packages, standing = "", (), None

    def __init__(self, lab, office, broker, directory):
        self.lab, self.office, self.broker = lab, office, broker
        self.directory = Path(directory)

    def __enter__(self):
        self.prepare()
        return self

    def __exit__(self, *_):
        pass

    def shown(self, out):
        """What a person reads of it."""
        return out

    def in_office(self, *words):
        return self.lab.namespaces.command(self.office.site, *map(str, words))

    def _write(self, name, text):
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        return path


class Gatepost(Tool):
    name = "gatepost"

    def prepare(self):
        """It publishes to the broker as the pipeline does; a sick mailbox is shown to a person."""
        path = self.lab.configure(self.office, self.directory)
        if self.broker is None:
            words = ("check", self.office.address, "--config", path)
        else:
            config = json.loads(Path(path).read_text(encoding="utf-8"))
            config |= {
                "gateway": GATEWAY,
                "user": "root",
                "broker": f"mqtts://{hosts.BROKER}",
                "broker_user": GATEWAY,
                "broker_password_file": str(self._write("broker", self.broker.password + "\n")),
                "broker_ca_file": self.lab.provider.bundle,
            }
            self._write("gatepost.json", json.dumps(config))
            words = ("agent", "--once", "--config", path)
        self.command = self.in_office(self.lab.binary, *words)
        if self.office.after_healthy:
            run(*self.command)


class Peer(Tool):
    """All peers are told the same of the mailbox."""

    def box(self):
        settings = self.office.settings
        resolver = self.office.agent.get("resolvers", [hosts.RESOLVER])[0]
        listing = self.office.agent.get("blocklists", [domains.CLEAN])[0]
        reversed_address = ".".join(reversed(hosts.OFFICE[0].split(".")))
        return {
            "ADDRESS": self.office.address,
            "DOMAIN": self.office.address.split("@")[1],
            "PASSWORD": self.lab.secret_of(self.office),
            "WEBMAIL": settings.get("webmail_host", EX4),
            "EXCHANGE": settings.get("exchange_host", EX4),
            "IMAP": EX4,
            "POP": EX4,
            "SUBMISSION": settings.get("submission_host", EX4),
            "EXPECTED_MX": " ".join(word[5:] for word in domains.RIGHT_MX),
            "FIRST_MX": domains.RIGHT_MX[0].split()[-1].rstrip("."),
            "EXPECTED_SRV": domains.RIGHT_SRV[0].split("SRV ")[1],
            "SELECTOR": domains.SELECTOR,
            "CONTROL": CONTROLS[0],
            "LISTED": f"{reversed_address}.{listing}",
            "RESOLVER": resolver,
            "CA": self.lab.provider.bundle,
            "PATIENCE": PATIENCE_S,
        }


class Script(Peer):
    def prepare(self):
        box = self.box()
        box["SECRET_FILE"] = self._write("secret", box.pop("PASSWORD") + "\n")
        box["BROKER"] = hosts.BROKER if self.broker else ""
        if self.broker:
            box["BROKER_USER"] = GATEWAY
            box["BROKER_TOPIC"] = f"gatepost/v1/{GATEWAY}/report/{self.office.address}"
            box["BROKER_PASSWORD_FILE"] = self._write("broker", self.broker.password + "\n")
        text = "".join(f"{name}='{value}'\n" for name, value in box.items())
        self.command = self.in_office("sh", HERE / self.script, self._write("mailbox.conf", text))


class Pipeline(Script):
    name, script = "shell pipeline", "pipeline.sh"
    packages = ("bind9-dnsutils", "swaks", "libnet-ssleay-perl", "openssl", "curl")
    packages += ("mosquitto-clients",)


class Plugins(Script):
    name, script = "monitoring-plugins", "plugins.sh"
    packages = ("monitoring-plugins-basic", "monitoring-plugins-standard", "bind9-dnsutils")
    packages += ("monitoring-plugins-contrib", "libmail-imapclient-perl", "libio-socket-ssl-perl")
    packages += ("libnet-smtp-tls-perl", "perl")

    def shown(self, out):
        """What a monitoring server shows of it: the plugins that are not content."""
        parts = f"\n{out}".split("\nstatus ")
        return "\n".join(part for part in parts if not part.startswith("0 "))


class Blackbox(Peer):
    name = "blackbox exporter"
    packages = ("prometheus-blackbox-exporter", "curl")

    def prepare(self):
        box = self.box()
        config = self.directory / "blackbox.json"
        blackbox.write(box, config)
        logs, port = str(self.directory), blackbox.PORT
        words = ("prometheus-blackbox-exporter", f"--config.file={config}")
        # To a person the exporter shows what it did; Prometheus scrapes without.
        shown = self.broker is None
        level = "debug" if shown else "error"
        words += (f"--web.listen-address=127.0.0.1:{port}", f"--log.prober={level}")
        words += (f"--log.level={level}",)
        self.server = Server("exporter", self.lab.namespaces, self.office.site, logs, *words)
        self.standing = self.server.process
        patiently(
            lambda: self.lab.namespaces.call(self.office.site, answers, "127.0.0.1", port),
            "the exporter answers",
        )
        pages = list(blackbox.scrape(box, shown, self.directory))
        parallel = ("-sS", "--max-time", "60", "--parallel", "--parallel-max", "100")
        self.command = self.in_office("curl", *parallel, *pages)

    def shown(self, out):
        return out + blackbox.failed(self.directory)

    def __exit__(self, *_):
        self.server.stop()


TOOLS = (Gatepost, Pipeline, Plugins, Blackbox)
