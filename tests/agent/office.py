# SPDX-License-Identifier: MIT
"""An office for the agent: a resolver that says what the test wants, a broker, a fleet that listens, the agent itself."""
import json
import os
import pathlib
import queue
import re
import signal
import socket
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/uplink"))
from brokers import Authority, Mosquitto, run  # noqa: E402

from validate import DEFAULT_ROOT, validate  # noqa: E402

GATEPOST = os.environ.get("GATEPOST_BINARY", str(ROOT / "build/debug/gatepost"))
GATEWAY = "office-1216"  # its slot for the first connection is at once
TOPICS = f"gatepost/v1/{GATEWAY}"
RESOLVER = "127.0.77.1"
BROKER = "broker.example"
GOOD_MX = "mx.office.example"
FOREIGN_MX = "mx.elsewhere.example"
PATIENCE = 400  # seconds for what must come, on a slow machine too: more than the longest wait between two attempts
A, MX, SRV = 1, 15, 33


def name_of(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".") if label) + b"\0"


class Resolver(threading.Thread):
    """Knows the broker, two MX hosts, an SRV record for whatever is asked, and of each domain one MX record: what `mx`
    says, or none."""

    def __init__(self):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((RESOLVER, 53))
        self.mx, self.silent = {}, False
        self.start()

    def answer(self, name, kind):
        if kind == A and name in (BROKER, GOOD_MX, FOREIGN_MX):
            return [socket.inet_aton("127.0.0.1")]
        if kind == MX and self.mx.get(name):
            return [b"\0\1" + name_of(self.mx[name])]
        if kind == SRV:
            return [b"\0\0\0\0\1\xbb" + name_of(GOOD_MX)]
        return []

    def run(self):
        while True:
            question, peer = self.socket.recvfrom(4096)
            if not question:
                return
            if self.silent:
                continue
            end, labels = 12, []
            while question[end]:
                labels.append(question[end + 1:end + 1 + question[end]].decode().lower())
                end += 1 + question[end]
            kind = int.from_bytes(question[end + 1:end + 3], "big")
            records = self.answer(".".join(labels), kind)
            code = 0 if records or labels[-2:] == ["office", "example"] or ".".join(labels) == BROKER else 3
            head = question[:2] + bytes([0x81, 0x80 + code]) + b"\0\1" + len(records).to_bytes(2, "big") + b"\0\0\0\0"
            body = b"".join(b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1\0\0\0\1" + len(data).to_bytes(2, "big") + data
                            for data in records)
            self.socket.sendto(head + question[12:end + 5] + body, peer)

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", (RESOLVER, 53))
        self.join(10)
        self.socket.close()


class Heard:
    """Things that come one by one, and can be waited for."""

    def __init__(self):
        self.all, self.condition = [], threading.Condition()

    def add(self, thing):
        with self.condition:
            self.all.append(thing)
            self.condition.notify_all()

    def wait(self, wanted, after=0, seconds=PATIENCE):
        """The first one from place `after` on that is wanted, and the place behind it."""
        with self.condition:
            def find():
                return next((place for place in range(after, len(self.all)) if wanted(self.all[place])), None)
            found = self.condition.wait_for(lambda: find() is not None, seconds)
            assert found, f"it did not come; there were {self.all[after:][-15:]}"
            place = find()
            return self.all[place], place + 1


class Message:
    def __init__(self, line):
        self.topic, retained, self.expiry, self.correlation, text = line.split("|", 4)
        self.retained = retained == "1"
        self.sort = self.topic[len(TOPICS) + 1:].split("/")[0]
        self.payload = json.loads(text)

    def __repr__(self):
        return f"<{self.topic} {self.payload.get('seq')} {str(self.payload)[:300]}>"


class Fleet(Heard):
    """Hears all that the gateway publishes, also what came while these ears were away, and commands it."""

    def __init__(self, broker, topic="gatepost/v1/#", name="fleet-ears"):
        super().__init__()
        self.broker, self.ready, self.faults = broker, threading.Event(), []
        words = ["-i", name, "-c", "-V", "5", "-x", "3600", "-q", "1", "-t", topic, "-t", "ready/" + name,
                 "-F", "%t|%r|%E|%D|%p"]
        self.process = subprocess.Popen(broker.client("mosquitto_sub", *words), stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        while not self.ready.wait(0.05):  # a mark that comes back says that the subscription stands
            broker.publish("ready/" + name, "yes")

    def read(self):
        for line in self.process.stdout:
            if line.startswith("ready/"):
                self.ready.set()
            elif "|" in line and "/command|" not in line:
                self.judge(line)
                self.add(Message(line.rstrip("\n")))

    def judge(self, line):
        """By the contract; what does not keep it fails the test at its end."""
        topic, text = re.sub("/reply/.*", "/reply", line.split("|", 1)[0]), line.split("|", 4)[4]
        try:
            if topic.startswith(DEFAULT_ROOT):
                validate(topic, text)
        except Exception as fault:  # of any kind: this is a thread
            self.faults.append(f"{topic}: {str(fault)[:600]}")

    def expect(self, sort, after=0, seconds=PATIENCE, **members):
        def wanted(message):
            return message.sort == sort and all(message.payload.get(key) == value for key, value in members.items())
        message, place = self.wait(wanted, after, seconds)
        return message, place

    def command(self, **members):
        self.say(json.dumps(members))

    def say(self, text, *words):
        run(*self.broker.client("mosquitto_pub", "-t", TOPICS + "/command", "-q", "1", "-V", "5", *words,
                                *(["-m", text] if text else ["-n"])))

    def command_all(self, commands):
        """In a moment, over one connection; not more than the agent takes in at once."""
        lines = "".join(json.dumps(command) + "\n" for command in commands)
        run(*self.broker.client("mosquitto_pub", "-t", TOPICS + "/command", "-q", "1", "-V", "5", "-l"), input=lines)

    def ask_all(self, commands, batch=10):
        """Commands, and gives the codes of the answers, in that order."""
        codes, after = [], len(self.all)
        for first in range(0, len(commands), batch):
            self.command_all(commands[first:first + batch])
            codes += [self.expect("reply", after, id=command["id"])[0].payload["code"] for command in commands[first:first + batch]]
        return codes

    def ask(self, after=0, **members):
        """Commands, and gives the answer."""
        self.command(**members)
        return self.expect("reply", after, id=members["id"])[0].payload

    def close(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.process.stdout.close()


class Agent(Heard):
    """The program; what it logs is heard line by line."""

    def __init__(self, *words, environment=None, **more):
        super().__init__()
        surroundings = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", **(environment or {})}
        self.process = subprocess.Popen([GATEPOST, "agent", *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, env=surroundings, start_new_session=True, **more)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.add(line.rstrip("\n"))

    def log(self, pattern, after=0, seconds=PATIENCE):
        return self.wait(lambda line: re.search(pattern, line), after, seconds)

    def end(self, how=signal.SIGTERM, seconds=PATIENCE):
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(seconds)
        self.reader.join(PATIENCE)
        self.process.stderr.close()
        return status

    def kill(self):
        return self.end(signal.SIGKILL)


class Office:
    """A folder with configuration and state of one gateway."""

    def __init__(self, folder, authority):
        self.folder, self.authority, self.file = folder, authority, folder / "gatepost.json"
        self.state = folder / "state"
        self.domains = ["a.office.example"]
        self.keys = {"gateway": GATEWAY, "resolvers": [RESOLVER], "reach_targets": [], "state_directory": str(self.state), "user": "root",
                     "ca_file": str(authority.path("root.pem")), "light_period_s": 86400, "login_period_s": 86400,
                     "loop_period_s": 604800, "suite_deadline_s": 10}

    def at(self, broker):
        (self.folder / "password").write_text("correct-horse-7\n")
        (self.folder / "password").chmod(0o600)
        self.keys |= {"broker": f"mqtts://{BROKER}:{broker.port}", "broker_user": "office",
                      "broker_password_file": str(self.folder / "password")}

    def write(self, **keys):
        accounts = [{"address": f"anna@{domain}", "expected_mx": [GOOD_MX]} for domain in self.domains]
        self.file.write_text(json.dumps(self.keys | {"accounts": accounts} | keys))
        self.file.chmod(0o644)
        return self.file

    def account(self, place=0):
        return f"anna@{self.domains[place]}"
