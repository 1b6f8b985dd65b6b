# SPDX-License-Identifier: MIT
"""The command line of the real program: what it takes, what it prints where, how it ends."""
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import signal
import socket
import stat
import subprocess
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
GATEPOST = os.environ.get("GATEPOST_BINARY", str(ROOT / "build/debug/gatepost"))
ADDRESS = "anna@office.example"
PASSWORD = "correct-horse-7"
RESOLVER = "127.0.9.9"
ALL, NONE, SRV = -1, -2, 33  # which questions are met with silence
SURROUNDINGS = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TERM": "xterm", "HOME": "/nonexistent"}


def run(*words, **more):
    """Runs it without a terminal."""
    return subprocess.run([GATEPOST, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
                          env=SURROUNDINGS | more.pop("env", {}), start_new_session=True, **more)


class Resolver(threading.Thread):
    """Says that no name exists, or nothing: to all questions, or to those of one type."""

    def __init__(self, silent):
        super().__init__(daemon=True)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((RESOLVER, 53))
        self.silent, self.met_with_silence = silent, 0
        self.asked, self.asked_again = threading.Event(), threading.Event()

    def run(self):
        while True:
            try:
                question, peer = self.socket.recvfrom(4096)
            except OSError:
                return
            if not question:
                return
            end = question.index(b"\0", 12) + 5
            self.asked.set()
            self.met_with_silence += self.silent in (ALL, question[end - 3])
            if self.met_with_silence == 2:
                self.asked_again.set()
            if self.silent not in (ALL, question[end - 3]):
                header = question[:2] + b"\x81\x83" + b"\0\1" + b"\0" * 6
                self.socket.sendto(header + question[12:end], peer)

    def stop(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as waker:
            waker.sendto(b"", (RESOLVER, 53))
        self.join(10)
        self.socket.close()


def resolver(silent):
    server = Resolver(silent)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def no_names():
    yield from resolver(silent=NONE)


@pytest.fixture
def silence():
    yield from resolver(silent=ALL)


@pytest.fixture
def silence_about_srv():
    yield from resolver(silent=SRV)


@pytest.fixture
def config(tmp_path):
    secret = tmp_path / "anna"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)

    def write(**keys):
        account = {"address": ADDRESS, "secret_file": str(secret), "imap_host": "imap.office.example"} | keys
        account = {key: value for key, value in account.items() if value is not None}
        file = tmp_path / "gatepost.json"
        file.write_text(json.dumps({"resolvers": [RESOLVER], "reach_targets": [], "state_directory": str(tmp_path / "state"),
                                    "accounts": [account]}))
        return file
    return write


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, *words, env=None):
        self.heard = b""
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(["setsid", "--ctty", GATEPOST, *words], stdin=slave, stdout=slave,
                                        stderr=slave, env=SURROUNDINGS | (env or {}))
        os.close(slave)

    def hear(self, words=None):
        """Reads until the words were printed; without words, until the end."""
        while words is None or words.encode() not in self.heard:
            ready, _, _ = select.select([self.master], [], [], 60)
            assert ready, f"nothing more is said after {self.heard!r}"
            try:
                more = os.read(self.master, 65536)
            except OSError:
                more = b""
            if not more:
                assert words is None, f"the end came before {words!r}: {self.heard!r}"
                break
            self.heard += more
        return self.heard.decode()

    def type(self, words):
        os.write(self.master, words.encode())

    def end(self):
        self.hear()
        os.close(self.master)
        return self.process.wait(60)


# ---- what it takes ----

@pytest.mark.parametrize("words, told", [
    ([], "a command is missing"),
    (["chekc", ADDRESS], "did you mean check?"),
    (["check"], "check wants ADDRESS"),
    (["check", ADDRESS, "bob@office.example"], "one word too many: bob@office.example"),
    (["check", "anna"], "e-mail address"),
    (["check", ADDRESS, "--confg", "x"], "did you mean --config?"),
    (["check", ADDRESS, "--config"], "--config wants FILE"),
    (["check", ADDRESS, "--config", "--json"], "--config wants FILE"),
    (["check", ADDRESS, "--json=yes"], "no value belongs to -- json"),
    (["check", ADDRESS, "--lang", "de"], "en or fr"),
    (["check", ADDRESS, "--only", "dns.mxx"], "did you mean dns.mx?"),
    (["list", "chekcs"], "did you mean checks?"),
    (["list", "checks", "--light"], "list has no option --light"),
    (["config"], "config wants check"),
    (["explain", "dns.mx-mising"], "did you mean dns.mx-missing?"),
    (["forget-refusal", "anna"], "e-mail address"),
    (["check", "\x1b[2J"], "e-mail address"),
    (["\x1b[2J"], "\\x1B"),
])
def test_misuse_ends_with_64_and_says_what_was_meant(words, told):
    done = run(*words)
    assert done.returncode == 64
    assert told in done.stderr
    assert done.stdout == ""
    assert "\x1b" not in done.stderr


def test_options_stand_before_and_after_and_with_an_equals_sign(config, no_names):
    file = config(secret_file=None)
    for words in (["--json", "--light", "--config", str(file), "check", ADDRESS],
                  ["check", "--config=" + str(file), ADDRESS, "--light", "--json"],
                  ["check", "--light", "--json", f"--config={file}", "--", ADDRESS]):
        assert json.loads(run(*words).stdout)["account"] == ADDRESS


@pytest.mark.parametrize("command, option", [(None, "forget-refusal"), ("check", "--only"), ("list", "profiles"),
                                             ("explain", "--lang"), ("config", "--config"),
                                             ("forget-refusal", "--config")])
def test_help_names_what_there_is(command, option):
    done = run(*([command] if command else []), "--help")
    assert done.returncode == 0 and done.stderr == ""
    assert "Usage: gatepost" in done.stdout and option in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 110


def test_version_is_a_number():
    done = run("--version")
    assert done.returncode == 0
    assert re.fullmatch(r"gatepost \d+\.\d+\.\d+\n", done.stdout)


def test_output_that_cannot_be_written_is_said():
    with open("/dev/full", "w") as full:
        done = subprocess.run([GATEPOST, "list", "checks"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 74
    assert "standard output" in done.stderr


# ---- list and explain ----

@pytest.mark.parametrize("what, key", [("checks", "check"), ("findings", "finding"), ("remedies", "remedy"),
                                       ("profiles", "profile")])
def test_lists_are_the_same_for_people_and_programs(what, key):
    rows = json.loads(run("list", what, "--json").stdout)
    slugs = [row[key] for row in rows]
    lines = run("list", what).stdout.splitlines()
    assert slugs and [line.split()[0] for line in lines] == slugs


def test_every_listed_code_is_explained_in_both_languages():
    for what, key in (("checks", "check"), ("findings", "finding"), ("remedies", "remedy")):
        for row in json.loads(run("list", what, "--json").stdout):
            english, french = (run("explain", row[key], "--lang", language) for language in ("en", "fr"))
            assert english.returncode == french.returncode == 0
            words = row.get("title") or row["words"]
            for text, language in ((english.stdout, "en"), (french.stdout, "fr")):
                assert text.startswith(row[key] + "\n")
                first = re.split(r"[{[]", words[language])[0].split()
                assert " ".join(first) in " ".join(text.split())
                assert not re.search(r"\{[a-z-]+\}", text) and (what == "checks" or "[" not in text)


def test_explain_shows_the_conversation_without_a_secret():
    said = run("explain", "submission.login").stdout
    assert "C> AUTH PLAIN <login and secret>" in said
    assert "S> 235; else submission.login-refused" in said
    assert "<secret>" in run("explain", "imap.login").stdout
    assert "-- TLS, certificate verified" in run("explain", "tls.imap").stdout


def test_explain_names_the_checks_that_raise_a_finding():
    assert re.search(r"Seen by +dns\.mx$", run("explain", "dns.mx-missing").stdout, re.M)
    raised = run("explain", "tls.expired").stdout
    for check in ("tls.webmail", "tls.imap", "tls.submission"):
        assert check in raised


def test_a_report_is_explained_step_by_step_in_both_languages(config, no_names, tmp_path):
    report = tmp_path / "report.json"
    done = run("check", ADDRESS, "--config", str(config()), "--output", str(report))
    assert done.returncode == 2
    english, french = (run("explain", str(report), "--lang", language) for language in ("en", "fr"))
    assert english.returncode == french.returncode == 0
    steps = [line[0] for line in english.stdout.splitlines() if re.match(r"[1-4]\. [A-Z]", line)][:4]
    assert steps == ["1", "2", "3", "4"]
    root = json.loads(report.read_text())["root"][0]
    assert root["finding"] in english.stdout and root["finding"] in french.stdout
    for rule in root["reasoning"]:
        words = run("explain", rule["rule"]).stdout.split("\n", 1)[1]
        assert " ".join(words.split()) in " ".join(english.stdout.split())


@pytest.mark.parametrize("content, status, told", [
    ('{"schema":"gatepost-event-1"}', 65, "no report"), ('{"schema":', 65, "1:11"), (None, 66, "not there"),
])
def test_what_is_no_report_is_not_explained(tmp_path, content, status, told):
    file = tmp_path / "report.json"
    if content is not None:
        file.write_text(content)
    done = run("explain", str(file))
    assert done.returncode == status and told in done.stderr and done.stdout == ""


# ---- config check ----

def test_config_check_tells_faults_and_how_to_mend_them(config):
    file = config(profile="generic")
    assert run("config", "check", "--config", str(file)).returncode == 0
    secret = json.loads(file.read_text())["accounts"][0]["secret_file"]
    os.chmod(secret, 0o644)
    done = run("config", "check", "--config", str(file))
    assert done.returncode == 78
    assert f"{file}:1: accounts[0].secret_file" in done.stderr
    assert f"mend:   chmod 600 {secret}" in done.stderr
    assert PASSWORD not in done.stderr


def test_config_check_names_an_unknown_profile(config):
    done = run("config", "check", "--config", str(config(profile="no-such-provider")))
    assert done.returncode == 78
    assert "profile" in done.stderr


def test_a_missing_configuration_is_no_reason_to_check_without_one(tmp_path):
    done = run("check", ADDRESS, "--config", str(tmp_path / "none.json"))
    assert done.returncode == 78
    assert "no such file" in done.stderr


def test_the_example_configuration_lacks_nothing_but_the_passwords():
    done = run("config", "check", "--config", str(ROOT / "config/gatepost.example.json"))
    faults = re.findall(r"^\S+:\d+: accounts\[\d\]\.(\w+)$", done.stderr, re.M)
    assert faults and set(faults) == {"secret_file", "peer_secret_file"}
    assert done.stderr.count("found:") == len(faults)


# ---- check ----

def test_json_is_alone_on_standard_output_and_in_the_file(config, no_names, tmp_path):
    report = tmp_path / "report.json"
    done = run("check", ADDRESS, "--config", str(config()), "--json", "--output", str(report))
    assert done.returncode == 2
    printed, written = json.loads(done.stdout), json.loads(report.read_text())
    assert printed == written
    assert printed["verdict"] == "failed"
    assert printed["root"][0]["finding"] == "dns.domain-missing"
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert PASSWORD not in done.stdout + done.stderr


def test_a_report_file_that_cannot_be_written_is_said(config, no_names):
    done = run("check", ADDRESS, "--config", str(config()), "--output", "/proc/gatepost.json")
    assert done.returncode == 73
    assert "/proc/gatepost.json" in done.stderr
    assert "office.example" in done.stdout


def test_plain_text_has_no_colour_and_no_progress(config, no_names):
    done = run("check", ADDRESS, "--config", str(config()), "--lang", "fr")
    assert "\x1b" not in done.stdout and "\r" not in done.stdout + done.stderr
    assert "Enregistrements MX" in done.stdout


def test_only_asks_what_is_wanted_and_what_it_needs(config, no_names):
    done = run("check", ADDRESS, "--config", str(config()), "--only", "dns.autodiscover-srv", "--json")
    report = json.loads(done.stdout)
    reasons = {name: result.get("reason") for name, result in report["results"].items()}
    assert reasons["srv-valid"] is None
    assert reasons["mx-valid"] == reasons["webmail-login"] == "not-asked"


def test_without_terminal_and_secret_only_light_checks_are_made(config, no_names, tmp_path):
    done = run("check", ADDRESS, "--config", str(config(secret_file=None)), "--json")
    assert "no password" in done.stderr.lower() and ADDRESS in done.stderr
    assert json.loads(done.stdout)["root"][0]["finding"] == "dns.domain-missing"
    assert not (tmp_path / "state" / "budget").exists()


def test_no_password_is_wanted_where_nobody_is_known_to_tell_it(config, no_names):
    done = run("check", ADDRESS, "--config", str(config(imap_host=None, secret_file=None)), "--json")
    assert f"No server of {ADDRESS} is known" in done.stderr
    assert "password" not in done.stderr.lower()
    report = json.loads(done.stdout)
    assert report["root"][0]["finding"] == "dns.domain-missing"


def test_a_mailbox_that_the_file_does_not_name_is_checked_with_the_generic_profile(config, no_names):
    done = run("check", "bob@office.example", "--config", str(config()), "--light", "--json")
    assert "bob@office.example is not in" in done.stderr
    report = json.loads(done.stdout)
    assert (report["account"], report["profile"]) == ("bob@office.example", "generic")


def test_the_password_is_asked_for_on_the_terminal_and_not_shown(config, no_names):
    terminal = Terminal("check", ADDRESS, "--config", str(config(secret_file=None)))
    terminal.hear(f"Password of {ADDRESS}: ")
    terminal.type("hunter2-" + PASSWORD + "\n")
    assert terminal.end() == 2
    heard = terminal.heard.decode()
    assert PASSWORD not in heard
    assert "no password" not in heard.lower()
    assert "\x1b[" in heard


@pytest.mark.parametrize("surroundings", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_it_is_not_wanted(config, no_names, surroundings):
    terminal = Terminal("check", ADDRESS, "--config", str(config()), "--light", env=surroundings)
    assert terminal.end() == 2
    assert not re.search(rb"\x1b\[[0-9;]*m", terminal.heard)


def test_giving_up_at_the_prompt_ends_it_without_a_check(config, no_names):
    terminal = Terminal("check", ADDRESS, "--config", str(config(secret_file=None)))
    terminal.hear("Password of")
    terminal.type("\x03")
    assert terminal.end() == 3
    assert not no_names.asked.is_set()
    assert "MX" not in terminal.heard.decode()


def test_an_interrupt_ends_the_run_with_what_is_known(config, silence):
    process = subprocess.Popen([GATEPOST, "check", ADDRESS, "--config", str(config()), "--json"], text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=SURROUNDINGS, start_new_session=True)
    assert silence.asked.wait(60)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    report = json.loads(printed)
    assert report["run"]["interrupted"] is True
    assert {check["status"] for check in report["checks"]} <= {"ok", "unknown", "skipped"}


def test_an_interrupted_run_is_unknown_also_where_a_fault_was_found(config, silence_about_srv):
    process = subprocess.Popen([GATEPOST, "check", ADDRESS, "--config", str(config()), "--json"], text=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env=SURROUNDINGS, start_new_session=True)
    assert silence_about_srv.asked_again.wait(60)  # the second try: the other answers are long there
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert json.loads(printed)["root"][0]["finding"] == "dns.domain-missing"


def test_a_second_gatepost_waits_for_the_first(config, no_names, tmp_path):
    file = config()
    (tmp_path / "state").mkdir(mode=0o700)
    with open(tmp_path / "state" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = subprocess.Popen([GATEPOST, "check", ADDRESS, "--config", str(file), "--json"], text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   env=SURROUNDINGS, start_new_session=True)
        assert "at work" in process.stderr.readline()
        assert not no_names.asked.is_set()
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert json.loads(printed)["verdict"] == "failed"


def test_waiting_for_another_gatepost_can_be_interrupted(config, no_names, tmp_path):
    (tmp_path / "state").mkdir(mode=0o700)
    with open(tmp_path / "state" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        terminal = Terminal("check", ADDRESS, "--config", str(config()))
        terminal.hear("at work")
        terminal.type("\x03")
        assert terminal.end() == 3
    assert not no_names.asked.is_set()


def test_forgetting_where_nothing_was_refused_is_no_fault(config):
    done = run("forget-refusal", ADDRESS, "--config", str(config()))
    assert done.returncode == 0
    assert "Nothing was refused" in done.stdout
