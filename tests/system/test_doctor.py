# SPDX-License-Identifier: MIT
"""`gatepost doctor`: each thing that keeps gatepost from its work is named, with what mends it."""
import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import threading

import pytest

from desk import ADDRESS, PASSWORD, Resolver, run
from brokers import PASSWORD as BROKER_PASSWORD, USER, Authority, Listener, Mosquitto, free_port
import validate

RESOLVER = "127.0.9.11"
EVENT = "gatepost/v1/office-7/event/_doctor"
COMMAND = "gatepost/v1/office-7/command"
ACL = f"""user {USER}
topic write gatepost/v1/office-7/#
topic read {COMMAND}
user fleet
topic readwrite #
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.certify("good", "/CN=localhost", "subjectAltName=DNS:localhost,IP:127.0.0.1")
    made.certify("expired", "/CN=localhost", "subjectAltName=DNS:localhost", days=("20250101000000Z", "20250201000000Z"))
    made.certify("other", "/CN=other.example", "subjectAltName=DNS:other.example")
    return made


@pytest.fixture
def mosquitto(tmp_path, authority):
    started = []

    def start(**how):
        started.append(Mosquitto(tmp_path / "broker", authority=authority, **{"acl": ACL} | how))
        return started[-1]
    yield start
    for broker in started:
        broker.stop()


@pytest.fixture
def resolver():
    server = Resolver(RESOLVER)
    yield server
    server.stop()


class Doctor:
    """A configuration with which all is well, but for what a test changes."""

    def __init__(self, folder, authority):
        self.folder, self.authority = folder, authority
        (folder / "state").mkdir(mode=0o700)
        self.secret = self.write("anna", PASSWORD)
        self.keys = {"gateway": "office-7", "resolvers": [RESOLVER], "state_directory": str(folder / "state"),
                     "accounts": [{"address": ADDRESS, "secret_file": str(self.secret)}]}

    def write(self, name, text, mode=0o600):
        file = self.folder / name
        file.write_text(text + "\n")
        file.chmod(mode)
        return file

    def uses(self, port, password=BROKER_PASSWORD, authority=None):
        self.keys |= {"broker": f"mqtts://localhost:{port}", "broker_user": USER,
                      "broker_password_file": str(self.write("broker-password", password)),
                      "broker_ca_file": str((authority or self.authority).path("root.pem"))}

    def look(self, *words, **more):
        file = self.write("gatepost.json", json.dumps(self.keys))
        done = run("doctor", "--config", file, *words, **more)
        said = " ".join(done.stdout.split())
        for secret in (PASSWORD, BROKER_PASSWORD):
            assert secret not in done.stdout + done.stderr
        return done.returncode, said, done


@pytest.fixture
def doctor(tmp_path, authority, resolver):
    return Doctor(tmp_path, authority)


def test_all_is_well(doctor, mosquitto):
    broker = mosquitto()
    doctor.uses(broker.port)
    status, said, done = doctor.look()
    assert status == 0, said
    assert re.findall(r"(?m)^(\S) ", done.stdout) == ["✓"] * done.stdout.count("✓")
    for words in ("accounts: 1", "/state can be written", "only by its owner", "root.pem can be read",
                  f"{RESOLVER} answers for office.example", "MQTT 5", f"subscribe to {COMMAND}", f"a message on {EVENT}"):
        assert words in said
    assert not list((doctor.folder / "state").iterdir())


def test_its_proof_is_a_sample_that_is_not_retained(doctor, mosquitto):
    broker = mosquitto()
    doctor.uses(broker.port)
    listener = Listener(broker, "gatepost/#")
    doctor.look()
    found = listener.expect(r"(\S+) ([01]) (.*)")
    assert found[1] == EVENT and found[2] == "0"
    assert validate.validate(EVENT, found[3])["sample"] is True
    listener.close()
    assert "-doctor (p5, c1," in (broker.folder / "log").read_text(), "the broker keeps a session for it"
    late = Listener(broker, "gatepost/#")  # its mark came without anything before it: nothing was kept
    assert not [line for line in late.lines.seen if line.startswith("gatepost")]
    late.close()


def test_speaks_french(doctor, mosquitto):
    doctor.uses(mosquitto().port)
    status, said, _ = doctor.look("--lang", "fr")
    assert status == 0
    assert "courtier MQTT connecté à" in said and "✓ horloge" in said


@pytest.mark.parametrize("certificate", ["expired", "other"])
def test_a_bad_certificate_of_the_broker(doctor, mosquitto, certificate):
    doctor.uses(mosquitto(certificate=certificate).port)
    status, said, _ = doctor.look()
    assert status == 2
    assert "✗ broker no connection to" in said and "→ set \"broker_ca_file\"" in said


def test_a_wrong_authority(doctor, mosquitto, tmp_path):
    doctor.uses(mosquitto().port, authority=Authority(tmp_path / "stranger"))
    status, said, _ = doctor.look()
    assert status == 2
    assert "✗ broker no connection to" in said and "→ set \"broker_ca_file\"" in said


def test_a_wrong_password_at_the_broker(doctor, mosquitto):
    doctor.uses(mosquitto().port, password="wrong-horse")
    status, said, done = doctor.look()
    assert status == 2
    assert "→ correct \"broker_user\" and the file of \"broker_password_file\"" in said
    assert "wrong-horse" not in done.stdout + done.stderr


def test_an_acl_that_refuses_to_publish(doctor, mosquitto):
    doctor.uses(mosquitto(acl=f"user {USER}\ntopic read {COMMAND}\n").port)
    status, said, _ = doctor.look()
    assert status == 2
    assert f"✗ broker it refuses messages on {EVENT}" in said
    assert f"→ let the broker's ACL allow publishing below {EVENT}" in said
    assert f"✓ broker it lets this gateway subscribe to {COMMAND}" in said


def rules(folder):
    """mosquitto's ACL file never refuses a subscription, its plugin does."""
    salt = os.urandom(12)
    hashed = hashlib.pbkdf2_hmac("sha512", BROKER_PASSWORD.encode(), salt, 101)
    acls = [{"acltype": "publishClientSend", "topic": "gatepost/#", "allow": True},
            {"acltype": "subscribePattern", "topic": "#", "allow": False}]
    file = folder / "rules.json"
    file.write_text(json.dumps({
        "clients": [{"username": USER, "password": base64.b64encode(hashed).decode(), "salt": base64.b64encode(salt).decode(),
                     "iterations": 101, "roles": [{"rolename": "office"}]}],
        "roles": [{"rolename": "office", "acls": acls}]}))
    return file


def test_an_acl_that_refuses_to_subscribe(doctor, mosquitto, tmp_path):
    plugin = subprocess.run(["sh", "-c", "dpkg -L mosquitto | grep dynamic_security.so"], check=True, capture_output=True,
                            text=True, timeout=60).stdout.strip()
    broker = mosquitto(acl=None, options=[f"plugin {plugin}", f"plugin_opt_config_file {rules(tmp_path)}"])
    doctor.uses(broker.port)
    status, said, _ = doctor.look()
    assert status == 2
    assert f"✗ broker it refuses the subscription to {COMMAND}" in said
    assert f"→ let the broker's ACL allow reading {COMMAND}" in said
    assert f"✓ broker it took a message on {EVENT}" in said


def test_a_broker_that_is_away(doctor):
    doctor.uses(free_port())
    status, said, _ = doctor.look()
    assert status == 2
    assert "✗ broker no connection to mqtts://localhost:" in said
    assert "→ see that the broker runs and listens on that port" in said


def greet(server):
    while True:
        try:
            caller, _ = server.accept()
        except OSError:
            return
        with caller:
            caller.sendall(b"220 mail.example.net ESMTP\r\n")
            while caller.recv(4096):
                pass


def test_something_that_is_no_broker(doctor):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        threading.Thread(target=greet, args=(server,), daemon=True).start()
        doctor.uses(server.getsockname()[1])
        status, said, _ = doctor.look()
        server.shutdown(socket.SHUT_RDWR)
    assert status == 2
    assert "✗ broker no connection" in said and "what answers there is no MQTT broker" in said


def test_no_broker_is_a_warning(doctor):
    status, said, _ = doctor.look()
    assert status == 1
    assert "! broker none is configured" in said


@pytest.mark.parametrize("code, status, words", [
    (None, 2, f"✗ resolver {RESOLVER} does not answer"),
    (5, 2, f"✗ resolver {RESOLVER} refuses to answer"),
    (2, 3, f"? resolver {RESOLVER} cannot find out about office.example (SERVFAIL)"),
])
def test_a_resolver_that_is_of_no_use(doctor, resolver, code, status, words):
    resolver.code = code
    found, said, _ = doctor.look()
    assert found == status
    assert words in said


def test_each_resolver_answers_for_itself(doctor):
    doctor.keys["resolvers"] = [RESOLVER, "127.0.9.12"]
    status, said, _ = doctor.look()
    assert status == 2
    assert f"✓ resolver {RESOLVER} answers" in said and "✗ resolver 127.0.9.12 does not answer" in said


def test_a_password_that_others_can_read(doctor):
    doctor.secret.chmod(0o644)
    status, said, _ = doctor.look()
    assert status == 2
    assert "✗ configuration" in said and f"chmod 600 {doctor.secret}" in said


def test_a_state_directory_that_others_can_read(doctor):
    (doctor.folder / "state").chmod(0o755)
    status, said, _ = doctor.look()
    assert status == 1
    assert "mode 0755" in said and f"→ chmod 700 {doctor.folder}/state" in said


def test_a_state_directory_that_is_none(doctor):
    doctor.keys["state_directory"] = str(doctor.secret)
    status, said, _ = doctor.look()
    assert status == 2
    assert "✗ state" in said


def test_authorities_that_are_not_there(doctor):
    doctor.keys["ca_file"] = "/nonexistent.pem"
    status, said, _ = doctor.look()
    assert status == 2
    assert "✗ authorities /nonexistent.pem cannot be read" in said


def test_a_broken_configuration_is_one_of_the_faults(doctor):
    doctor.keys["acounts"] = []
    status, said, _ = doctor.look()
    assert status == 2
    assert "✗ configuration" in said and '"accounts"' in said and "✓ clock" in said


CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
int clock_gettime(clockid_t which, struct timespec *into)
{
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(which, into);
    if (which == CLOCK_REALTIME)
        into->tv_sec = 100;
    return result;
}
"""


def test_a_clock_that_was_never_set(doctor, tmp_path):
    source, library = tmp_path / "clock.c", tmp_path / "clock.so"
    source.write_text(CLOCK)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True, timeout=60)
    status, said, _ = doctor.look(env={"LD_PRELOAD": str(library)})
    assert status == 2
    assert "✗ clock 1970-01-01T00:01:40Z" in said and "→ turn on time synchronisation" in said


def test_what_it_does_not_take_is_refused():
    assert run("doctor", ADDRESS).returncode == 64
    assert run("doctor", "--json").returncode == 64
    assert run("doctor", "--lang", "de").returncode == 64
