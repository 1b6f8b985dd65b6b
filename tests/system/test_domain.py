# SPDX-License-Identifier: MIT
"""A domain that no file names: `gatepost check DOMAIN`, and `gatepost init`, which begins a file."""
import json
import pathlib
import re
import socket
import socketserver
import stat
import struct
import threading

import jsonschema
import pytest

from desk import ROOT, Resolver, run

RESOLVER, MAIL = "127.0.9.21", "127.0.9.22"
A, CNAME, MX, SRV = 1, 5, 15, 33


def name(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


DATA = {A: socket.inet_aton, CNAME: name, MX: lambda value: struct.pack("!H", value[0]) + name(value[1]),
        SRV: lambda value: struct.pack("!HHH", *value[:3]) + name(value[3])}


class Zone(Resolver):
    """Answers from a table of (name, type): value; other names do not exist, other types of these have no record."""

    def __init__(self, records):
        self.records, self.asked = records, []
        super().__init__(RESOLVER)

    def run(self):
        while True:
            question, peer = self.socket.recvfrom(4096)
            if not question:
                return
            end = question.index(b"\0", 12)
            labels, at = [], 12
            while at < end:
                labels.append(question[at + 1:at + 1 + question[at]].decode().lower())
                at += 1 + question[at]
            asked, kind = ".".join(labels), question[end + 2]
            self.asked.append((asked, kind))
            value = self.records.get((asked, kind))
            there = any(owner == asked or owner.endswith("." + asked) for owner, _ in self.records)
            head = question[:2] + bytes([0x81, 0x80 if there else 0x83]) + b"\0\1\0" + bytes([value is not None]) + b"\0" * 4
            answer = question[12:end + 5]
            if value is not None:
                data = DATA[kind](value)
                answer += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data
            self.socket.sendto(head + answer, peer)


@pytest.fixture
def zone():
    zones = []

    def serve(records):
        zones.append(Zone(records))
        return zones[-1]
    yield serve
    for each in zones:
        each.stop()


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "gatepost.json"
    file.write_text(json.dumps({"resolvers": [RESOLVER], "state_directory": str(tmp_path / "state"),
                                "reach_targets": [f"{MAIL}:25"], "blocklists": []}))
    return file


HOSTED = {("office.example", MX): (1, "mx0.mail.ovh.net"), ("mx0.mail.ovh.net", A): MAIL,
          ("_autodiscover._tcp.office.example", SRV): (0, 0, 443, "ex4.mail.ovh.net")}
MICROSOFT = {("office.example", MX): (0, "office-example.mail.protection.outlook.com"),
             ("office-example.mail.protection.outlook.com", A): MAIL,
             ("autodiscover.office.example", CNAME): "autodiscover.outlook.com"}


# ---- a domain alone ----

class Exchanger(socketserver.ThreadingTCPServer):
    """An MX host without STARTTLS that keeps what it hears."""
    allow_reuse_address = daemon_threads = True

    class Caller(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 mx0.mail.ovh.net ESMTP\r\n")
            for line in self.rfile:
                self.server.heard.append(line.split()[0].upper())
                self.wfile.write(b"221 bye\r\n" if self.server.heard[-1] == b"QUIT" else b"250 mx0.mail.ovh.net\r\n")

    def __init__(self):
        self.heard = []
        super().__init__((MAIL, 25), self.Caller)
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def exchanger():
    with Exchanger() as server:
        yield server
        server.shutdown()


def test_a_domain_alone_is_checked_up_to_its_servers(config, zone, exchanger):
    zone(HOSTED)
    done = run("check", "office.example", "--config", config, "--json")
    assert "ovh-exchange-hosted" in done.stderr and "--profile" in done.stderr
    report = json.loads(done.stdout)
    assert "account" not in report and report["domain"] == "office.example"
    assert report["profile"] == "ovh-exchange-hosted" and report["run"]["cost"] == "light"
    jsonschema.validate(report, json.loads((ROOT / "config/report.schema.json").read_text()))
    status = {check["check"]: check for check in report["checks"]}
    assert status["dns.autodiscover-srv"]["status"] == "ok"
    assert status["tls.mx"]["status"] != "skipped"
    for check in ("inbound.smtp", "webmail.login", "mail.send", "account.lock"):
        assert status[check].get("reason") == "not-asked", check
    assert exchanger.heard and set(exchanger.heard) <= {b"EHLO", b"HELO", b"STARTTLS", b"QUIT"}


def test_a_domain_is_checked_without_any_secret_or_state(config, zone, tmp_path):
    zone(MICROSOFT)
    done = run("check", "Office.Example", "--config", config, "--lang", "fr")
    assert "microsoft-365" in done.stderr and "plus proche" in done.stderr
    assert "Office.Example" in done.stdout
    assert not (tmp_path / "state").exists()


def test_a_person_may_name_another_profile(config, zone):
    served = zone(MICROSOFT)
    done = run("check", "office.example", "--profile", "google-workspace", "--config", config, "--json")
    report = json.loads(done.stdout)
    assert report["profile"] == "google-workspace"
    assert "dns.mx-foreign" in [root["finding"] for root in report["root"]]
    assert "fit best" not in done.stderr
    assert ("_imaps._tcp.office.example", SRV) not in served.asked
    done = run("check", "office.example", "--profile", "gogle", "--config", config)
    assert done.returncode == 78 and "google-workspace" in done.stderr


def test_the_records_of_several_offers_are_named(config, zone):
    zone({key: value for key, value in HOSTED.items() if key[1] != SRV})
    done = run("check", "office.example", "--config", config, "--only", "dns.mx", "--json")
    assert "fit as well: ovh-exchange-hosted" in done.stderr
    assert json.loads(done.stdout)["profile"] == "ovh-mx-plan"


def test_a_domain_that_does_not_exist_is_reported_like_that_of_a_mailbox(config, zone):
    zone({("elsewhere.example", MX): (1, "mx.elsewhere.example")})
    done = run("check", "office.example", "--config", config, "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["root"][0]["finding"] == "dns.domain-missing"


def test_checks_of_a_mailbox_are_refused_for_a_domain(config, zone):
    zone(HOSTED)
    done = run("check", "office.example", "--config", config, "--only", "inbound.smtp")
    assert done.returncode == 64 and "mailbox" in done.stderr and done.stdout == ""
    assert run("support", "office.example", "--config", config).returncode == 64


# ---- init ----

def test_init_writes_what_config_check_takes_and_says_why(config, zone, tmp_path):
    zone(HOSTED)
    file = tmp_path / "new.json"
    done = run("init", "anna@office.example", "--config", config, "--output", file)
    assert done.returncode == 0 and done.stdout == ""
    assert f"gatepost config check --config {file}" in done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text()
    assert "mx0.mail.ovh.net" in text and re.search(r'^ *"host": "ex4.mail.ovh.net",$', text, re.M)
    judged = run("config", "check", "--config", file)
    assert judged.returncode == 0 and "1 accounts" in judged.stdout


def test_init_never_overwrites(config, zone, tmp_path):
    zone(HOSTED)
    file = tmp_path / "mine.json"
    file.write_text("mine")
    done = run("init", "anna@office.example", "--config", config, "--output", file)
    assert done.returncode == 73 and str(file) in done.stderr
    assert file.read_text() == "mine"


def test_init_speaks_french_and_prints_where_no_file_is_named(config, zone):
    zone(MICROSOFT)
    done = run("init", "anna@office.example", "--config", config, "--lang", "fr")
    assert done.returncode == 0
    assert '"profile": "microsoft-365"' in done.stdout and "est un alias de" in done.stdout
    assert "Ensuite" in done.stderr


def test_init_says_when_there_is_no_such_domain_or_no_answer(config, zone):
    served = zone({("elsewhere.example", MX): (1, "mx.elsewhere.example")})
    done = run("init", "anna@office.example", "--config", config)
    assert done.returncode == 3 and "no domain office.example" in done.stderr and done.stdout == ""
    served.code = None
    assert run("init", "office.example", "--config", config).returncode == 64


# ---- profiles ----

@pytest.mark.parametrize("file", sorted((ROOT / "config/profiles").glob("*.json")), ids=lambda file: file.stem)
def test_every_profile_keeps_to_the_schema(file):
    schema = json.loads((ROOT / "config/profile.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(file.read_text()), schema)
    assert file.stem in (ROOT / "config/profiles/README.md").read_text()
