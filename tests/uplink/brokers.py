# SPDX-License-Identifier: MIT
"""Brokers on loopback, the probe that drives the uplink, and the certificates of both."""
import contextlib
import os
import pathlib
import queue
import random
import re
import signal
import socket
import subprocess
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROBE = os.environ.get("UPLINK_PROBE", str(ROOT / "build/debug/tests/uplink/uplink-probe"))
TROUBLES = ("fine name-unknown no-resolver unreachable refused timed-out closed certificate pin bad-credentials not-authorized "
            "broker-busy taken-over publish-refused message-refused subscribe-refused protocol device").split()
USER, PASSWORD = "office", "correct-horse-7"
PATIENCE = 240  # seconds for what must come, on a slow machine too


def run(*words, **more):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, timeout=PATIENCE, **more).stdout


def free_port():
    """Below those that the kernel gives to callers: one of these could have it while a broker is away."""
    for port in random.sample(range(10240, 32768), 1000):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


class Authority:
    """A root, and certificates below it."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "openssl.cnf").write_text("[req]\ndistinguished_name=name\n[name]\n")
        self.certify("root", "/O=Test/CN=Root", "basicConstraints=critical,CA:true", issuer=None)

    def path(self, name):
        return self.folder / name

    def certify(self, name, subject, extension, issuer="root", days=("20250101000000Z", "20450101000000Z")):
        at = self.folder
        run("openssl", "genpkey", "-quiet", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", at / f"{name}.key")
        words = ["openssl", "req", "-config", at / "openssl.cnf", "-new", "-x509", "-sha256", "-key", at / f"{name}.key",
                 "-subj", subject, "-not_before", days[0], "-not_after", days[1], "-addext", extension, "-out", at / f"{name}.pem"]
        if issuer:
            words += ["-CA", at / f"{issuer}.pem", "-CAkey", at / f"{issuer}.key"]
        run(*words)
        os.chmod(at / f"{name}.key", 0o600)

    def pin(self, name):
        out = run("sh", "-c", f"openssl x509 -in {self.folder}/{name}.pem -pubkey -noout | openssl pkey -pubin -outform DER | sha256sum")
        return out.split()[0]


class Mosquitto:
    """Listens with TLS, or plainly, on a port of 127.0.0.1. Options are lines of its configuration. The fleet has a plain port of
    its own: mosquitto_sub ends for good when a broker on its way down hangs up during TLS."""

    def __init__(self, folder, authority=None, certificate="good", options=(), acl=None, port=None):
        self.folder, self.port, self.fleet_port, self.process = folder, port or free_port(), free_port(), None
        folder.mkdir(exist_ok=True)
        passwords = folder / "passwords"
        run("mosquitto_passwd", "-b", "-c", passwords, USER, PASSWORD)
        run("mosquitto_passwd", "-b", passwords, "fleet", "fleet")
        lines = ["user root", "allow_anonymous false", f"password_file {passwords}", "log_dest file " + str(folder / "log"),
                 "log_type all", "persistence true", f"persistence_location {folder}/", "autosave_on_changes true",
                 "autosave_interval 1", "max_queued_messages 10000", f"listener {self.fleet_port} 127.0.0.1",
                 f"listener {self.port} 127.0.0.1"]
        if authority:
            lines += [f"cafile {authority.path('root.pem')}", f"certfile {authority.path(certificate + '.pem')}",
                      f"keyfile {authority.path(certificate + '.key')}"]
        if acl:
            (folder / "acl").write_text(acl)
            os.chmod(folder / "acl", 0o600)
            lines.append(f"acl_file {folder}/acl")
        (folder / "conf").write_text("\n".join([*lines, *options]) + "\n")
        self.start()

    def start(self):
        self.process = subprocess.Popen(["mosquitto", "-c", self.folder / "conf"], stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for port in (self.fleet_port, self.port):
            self.await_listener(port)

    def await_listener(self, port):
        while True:  # the kernel refuses until then
            try:
                socket.create_connection(("127.0.0.1", port), PATIENCE).close()
                return
            except ConnectionRefusedError:
                assert self.process.poll() is None, (self.folder / "log").read_text()

    def stop(self, how=signal.SIGTERM):
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
            self.process = None

    def client(self, program, *words):
        return [str(word) for word in [program, "-h", "127.0.0.1", "-p", self.fleet_port, "-u", "fleet", "-P", "fleet", *words]]

    def publish(self, topic, text, *words):
        run(*self.client("mosquitto_pub", "-t", topic, "-q", "1", "-m", text, *words))


class Listener:
    """A subscriber of the fleet. Lines are those of mosquitto_sub -F form."""

    def __init__(self, broker, topic, form="%t %r %p", *words):
        marker = "listener/ready"
        command = broker.client("mosquitto_sub", "-q", "1", "-t", topic, "-t", marker, "-F", form, "-V", "5", *words)
        self.lines = Lines(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True))
        while True:  # a mark that comes back says that the subscription stands
            broker.publish(marker, "ready")
            if self.lines.take(1) is not None:
                break
        self.lines.drain_until(lambda line: False, 0)

    def expect(self, pattern):
        return self.lines.expect(pattern)

    def close(self):
        self.lines.end()


class Lines:
    """What a program prints, line by line."""

    def __init__(self, process):
        self.process, self.queue, self.seen = process, queue.Queue(), []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        for line in self.process.stdout:
            self.queue.put(line.rstrip("\n"))
        self.queue.put(None)

    def take(self, seconds=PATIENCE):
        try:
            line = self.queue.get(timeout=seconds)
        except queue.Empty:
            return None
        if line is not None:
            self.seen.append(line)
        return line

    def expect(self, pattern, seconds=PATIENCE):
        """The next line that matches; those before are passed over."""
        while True:
            line = self.take(seconds)
            assert line is not None, f"no line like {pattern!r}; there were {self.seen[-20:]}"
            found = re.fullmatch(pattern, line)
            if found:
                return found

    def drain_until(self, wanted, seconds):
        while (line := self.take(seconds)) is not None and not wanted(line):
            pass

    def end(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.thread.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()


class Probe(Lines):
    def __init__(self, folder, url, longest_ms=200, client="gp-office", environment=(), **settings):
        folder.mkdir(exist_ok=True)
        password = folder / "password"
        password.write_text(settings.pop("password", PASSWORD) + "\n")
        os.chmod(password, 0o600)
        members = {"broker": url, "broker_user": USER, "broker_password_file": password, **settings}
        text = ",\n".join(f'"{key}": {value if key == "resolvers" else chr(34) + str(value) + chr(34)}'
                          for key, value in members.items() if value is not None)
        (folder / "probe.json").write_text("{" + text + "}")
        self.said = folder / "probe.log"
        with open(self.said, "w", encoding="utf-8") as log:
            super().__init__(subprocess.Popen([PROBE, folder / "probe.json", client, str(longest_ms)], stdin=subprocess.PIPE,
                                              stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **dict(environment)}))

    def order(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def trouble(self):
        """The next trouble, and its words."""
        found = self.expect(r"(?:offline|trouble) (\d+) ?(.*)")
        return TROUBLES[int(found[1])], found[2]

    def leave(self):
        self.order("leave")
        self.expect("off")
        assert self.process.wait(PATIENCE) == 0, self.said.read_text()


class OlderBroker:
    """mosquitto 2.0 cannot be told to refuse MQTT 5: this stands before it, and does. To CONNECT of MQTT 5 it gives the answer and
    hangs up; all else passes."""

    def __init__(self, broker, answer):
        self.broker, self.answer = broker, answer
        self.levels = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        try:
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(connection,), daemon=True).start()
        except OSError:
            pass

    def serve(self, connection):
        with connection:
            packet = connection.recv(65536)
            level = packet[packet.index(b"MQTT") + 4]
            self.levels.append(level)
            if level == 5:
                connection.sendall(self.answer)
                return
            try:
                there = socket.create_connection(("127.0.0.1", self.broker.port), 5)
            except OSError:
                return
            with there:
                there.settimeout(None)
                there.sendall(packet)
                threading.Thread(target=self.copy, args=(there, connection), daemon=True).start()
                self.copy(connection, there)

    @staticmethod
    def copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, sink):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
