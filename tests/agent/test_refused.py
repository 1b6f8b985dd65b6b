# SPDX-License-Identifier: MIT
"""A refused password is not spoken again: not for the schedule, not for a command, only when it is to be forgotten, and then once."""
import socket
import ssl
import threading

import pytest

from office import GOOD_MX, PATIENCE

PASSWORD = "wrong-horse-1"


class Imap(threading.Thread):
    """An IMAP server that refuses every login, and counts them."""

    def __init__(self, authority):
        super().__init__(daemon=True)
        authority.certify("imap", f"/CN={GOOD_MX}", f"subjectAltName=DNS:{GOOD_MX}")
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(authority.path("imap.pem"), authority.path("imap.key"))
        self.listener = socket.create_server(("127.0.0.1", 993))
        self.logins = 0
        self.start()

    def run(self):
        while True:
            try:
                plain, _ = self.listener.accept()
                with self.context.wrap_socket(plain, server_side=True) as line:
                    self.talk(line.makefile("rwb", buffering=0))
            except ssl.SSLError:
                continue
            except OSError:
                if self.listener.fileno() < 0:
                    return

    def talk(self, line):
        line.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")
        while words := line.readline().split():
            tag, verb = words[0], words[1].upper()
            if verb == b"CAPABILITY":
                line.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK done\r\n")
            elif verb in (b"LOGIN", b"AUTHENTICATE"):
                if verb == b"AUTHENTICATE" and len(words) == 3:
                    line.write(b"+ \r\n")
                    line.readline()
                self.logins += 1
                line.write(tag + b" NO [AUTHENTICATIONFAILED] AUTHENTICATE failed.\r\n")
            elif verb == b"LOGOUT":
                line.write(b"* BYE\r\n" + tag + b" OK done\r\n")
                return
            else:
                line.write(tag + b" BAD\r\n")

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.join(PATIENCE)


@pytest.fixture
def imap(authority):
    one = Imap(authority)
    yield one
    one.stop()


@pytest.fixture
def configured(office, broker):
    secret = office.folder / "anna"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    office.at(broker)
    office.write(accounts=[{"address": office.account(), "secret_file": str(secret), "imap_host": GOOD_MX,
                            "expected_mx": [GOOD_MX]}])
    return office


def run_and_wait(fleet, office, name, **more):
    after = len(fleet.all)
    assert fleet.ask(after, id=name, do="run", **more)["ok"]
    fleet.expect("report", after, account=office.account())


def test_a_command_never_makes_the_agent_speak_a_refused_password(configured, fleet, imap, start):
    agent = start("--config", configured.file)
    fleet.expect("status", state="online")
    for number in range(3):
        run_and_wait(fleet, configured, f"run-{number}")
        assert imap.logins == 1
    fleet.ask(id="support", do="support", account=configured.account())
    fleet.expect("support")
    agent.kill()
    after = len(fleet.all)
    start("--config", configured.file)
    fleet.expect("status", after, state="online")
    run_and_wait(fleet, configured, "after-a-restart", checks=["imap.login"])
    assert imap.logins == 1


def test_forgetting_a_refusal_allows_one_more_try(configured, fleet, imap, start):
    start("--config", configured.file)
    fleet.expect("status", state="online")
    run_and_wait(fleet, configured, "first")
    answer = fleet.ask(id="forget", do="forget-refusal", account=configured.account())
    assert answer["ok"] and "once more" in answer["words"]
    for number in range(2):
        run_and_wait(fleet, configured, f"again-{number}")
        assert imap.logins == 2
