# SPDX-License-Identifier: MIT
"""gatepost in each office: what it must say, and what it must not do to servers and mailboxes."""

import json
import os
import re
import subprocess

import jsonschema
import pytest

import hosts
import offices
import offices_pairs
from laboratory import TREE
from mailboxes import Mailbox
from provider import EX4

VERDICTS = {0: "ok", 1: "warning", 2: "failed", 3: "unknown"}
SCHEMA = TREE / "config" / "report.schema.json"

ORDINARY = "From: Ann <ann@elsewhere.example>\nTo: {to}\nSubject: Lunch\n\nShall we?\n"
LOOKALIKE = (
    "From: {to}\nTo: {to}\nSubject: gatepost test mail\n"
    "X-Gatepost-Token: 00112233445566778899aabbccddeeff\n"
    "\nThis one is of another run: it is not ours.\n"
)


@pytest.fixture(scope="module", autouse=True)
def binary(lab):
    if not os.access(lab.binary, os.X_OK):
        pytest.fail(f"{lab.binary} is not there: build it, or name another in GATEPOST_BINARY")


@pytest.fixture(scope="module")
def schema():
    return jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.fixture
def afflicted(lab):
    """Makes an office's mailbox healthy, with two foreign mails in it; heals it at the end."""
    seen = []

    def prepare(office):
        seen.append(office)
        lab.heal(office)
        for path in lab.mailboxes.mails(office.address):
            path.unlink()
        return [
            lab.mailboxes.put(office.address, text.format(to=office.address))
            for text in (ORDINARY, LOOKALIKE)
        ]

    yield prepare
    for office in seen:
        lab.heal(office)


def result_words(result):
    """A result in the words of offices.py, without the reason of an unknown one."""
    if result["status"] == "unknown":
        return f"u({result['reason']})" if "reason" in result else "u"
    return f"s({result['because']})" if result["status"] == "skipped" else result["status"]


def agrees(found, expected):
    return found.startswith(expected) if expected in ("u", "s") else found == expected


def listed(words):
    return words.split("; ") if words else []


def assert_said(outcome, office):
    """The report says what is expected of the office, and blames nothing else."""
    report = outcome.report
    assert report is not None, f"no JSON on stdout; stderr: {outcome.err.decode()}"
    print(json.dumps(report, indent=1))  # seen only when the test fails
    causes = [f"{root['finding']} {root['confidence']}" for root in report["root"]]
    if office.causes.endswith(" *"):
        causes = [f"{root['finding']} *" for root in report["root"]]
    assert causes == listed(office.causes)
    assert [remedy["code"] for remedy in report["remedies"]] == listed(office.remedies)
    assert list(report["results"]) == list(offices.ORDER)
    expected = dict(zip(offices.ORDER, office.results.split()))
    found = {name: result_words(result) for name, result in report["results"].items()}
    wrong = {name: word for name, word in found.items() if not agrees(word, expected[name])}
    assert wrong == {}, f"expected {expected}"
    assert (outcome.code, report["verdict"]) == (office.exit, VERDICTS[office.exit])


def assert_kept_secret(lab, outcome, office):
    """The password is nowhere: not in what is printed or stored, not in the clear on the line."""
    mailbox = lab.mailboxes[office.address]
    spoken = Mailbox(mailbox.address, "not-" + mailbox.secret) if office.wrong_password else mailbox
    places = {"stdout": outcome.out, "stderr": outcome.err, "the line": outcome.clear}
    for path in outcome.state.rglob("*"):
        if path.is_file():
            places[str(path)] = path.read_bytes()
            assert path.stat().st_mode & 0o077 == 0, f"others may read {path}"
    for name, content in places.items():
        for trace in spoken.traces():
            assert trace not in content, f"the password is in {name}"


# On 443 a host may be webmail, Exchange's other services and Autodiscover: one connection for each.
# An MX host whose certificate is bad is called a second time, as other mail servers would.
AT_MOST = {443: 3, 25: 2}
QUESTIONS_MAX = 32  # of a healthy run, to the DNS


def assert_well_behaved(outcome):
    """One connection for each service and family; each ended as its protocol wants."""
    services = {place: count for place, count in outcome.calls.items() if place[1] != 53}
    often = {place: n for place, n in services.items() if n > AT_MOST.get(place[1], 1)}
    assert often == {}
    ends = r"disconnect from \S+\[(?:192\.0\.2\.10|2001:db8:1::10)\] (.*)"
    for line in re.findall(ends, outcome.logs["submission"] + outcome.logs["mx"]):
        if "ehlo=2" in line:
            assert "quit=1" in line, line
        assert "rset" not in line and "unknown" not in line, line
    for line in outcome.logs["dovecot"].splitlines():
        if ": Disconnected: " in line:
            assert "Logged out" in line, line


def assert_left_alone(lab, office, foreign):
    """Our mails are gone; foreign ones are there, and nobody has marked them as read."""
    left = lab.mailboxes.mails(office.address)
    assert sorted(path.name.split(":")[0] for path in left) == sorted(foreign)
    assert [path.name for path in left if "S" in path.name.partition(":2,")[2]] == []


def assert_all(lab, schema, outcome, office, foreign):
    assert_said(outcome, office)
    schema.validate(outcome.report)
    assert_kept_secret(lab, outcome, office)
    assert_well_behaved(outcome)
    assert_left_alone(lab, office, foreign)


def assert_healthy(outcome, office):
    assert_said(outcome, offices.Office(office.name, office.address, offices.HEALTHY, 0))


@pytest.mark.parametrize("office", offices.OFFICES, ids=lambda office: office.name)
def test_office(lab, schema, afflicted, tmp_path, office):
    foreign = afflicted(office)
    if office.after_healthy:
        assert_healthy(lab.check(office, tmp_path), office)
    foreign += lab.afflict(office)
    outcome = lab.check(office, tmp_path)
    assert_all(lab, schema, outcome, office, foreign)
    if office.remembered:
        assert outcome.failed_logins() == 1
        again = lab.check(office, tmp_path)
        assert_all(lab, schema, again, office, foreign)
        assert again.failed_logins() == 0
        assert "auth=" not in again.logs["submission"]


def test_healthy_run_calls_each_service_once_in_each_family(lab, tmp_path):
    office = offices.named("healthy")
    outcome = lab.check(office, tmp_path)
    assert_healthy(outcome, office)
    v4, v6 = hosts.HOSTS[EX4]
    expected = {(a, port): 1 for port in (587, 993, 995) for a in (v4, v6)}
    expected |= {(a, 25): 1 for pair in hosts.MX.values() for a in pair}
    expected |= {(v4, 443): 3, (v6, 443): 2}  # webmail and Exchange; Autodiscover knows one family
    # Autodiscover asks the domain's web site first; the policy of MTA-STS has a host of its own.
    expected |= {(hosts.WEBSITE[0], 443): 2}
    assert outcome.calls == expected
    assert max(outcome.questions.values()) == 1
    assert sum(outcome.questions.values()) <= QUESTIONS_MAX
    assert outcome.failed_logins() == 0


# What an ordinary mailbox's account has nothing of.
NOTHING_TO_ASK = {"oauth.token", "provider.account", "provider.diagnosis", "provider.ticket"}


def statuses(outcome):
    return {check["check"]: check["status"] for check in outcome.report["checks"]}


def test_second_healthy_run_has_an_answer_to_every_question(lab, tmp_path):
    """The first one learns the selector of the domain's DKIM key from its own test mail."""
    office = offices.named("healthy-to-one-who-trusts-dnssec")
    assert statuses(lab.check(office, tmp_path))["dns.dkim"] == "unknown"
    again = statuses(lab.check(office, tmp_path))
    assert {check for check, status in again.items() if status != "ok"} <= NOTHING_TO_ASK
    assert len(again) - len(NOTHING_TO_ASK) >= 30


def test_locked_stays_locked_until_a_person_says_so(lab, afflicted, tmp_path):
    office = offices.named("locked")
    afflicted(office)
    assert_healthy(lab.check(office, tmp_path), office)
    lab.afflict(office)
    assert_said(lab.check(office, tmp_path), office)
    lab.heal(office)
    unlocked = lab.check(office, tmp_path)
    assert_said(unlocked, office)
    assert unlocked.failed_logins() == 0 and unlocked.owa_good == []
    config = lab.configure(office, tmp_path)
    done = lab.gatepost("forget-refusal", office.address, "--config", config)
    assert done.returncode == 0, done.stderr
    assert_healthy(lab.check(office, tmp_path), office)


def test_new_password_is_tried_at_once(lab, afflicted, tmp_path):
    wrong = offices.named("wrong-password")
    right = offices.Office("right-password", wrong.address, offices.HEALTHY, 0)
    afflicted(wrong)
    assert lab.check(wrong, tmp_path).failed_logins() == 1
    assert_healthy(lab.check(right, tmp_path), right)


def test_light_run_speaks_no_password_and_sends_no_mail(lab, afflicted, tmp_path):
    office = offices.named("healthy")
    foreign = afflicted(office)
    outcome = lab.check(office, tmp_path, "--light")
    assert outcome.owa_good == outcome.owa_bad == []
    assert "Logged in" not in outcome.logs["dovecot"]
    assert "mail=" not in outcome.logs["submission"] and "data=" not in outcome.logs["mx"]
    assert_kept_secret(lab, outcome, office)
    assert_left_alone(lab, office, foreign)
    found = statuses(outcome)
    light = ("inbound.smtp", "dns.mx", "dns.spf", "tls.submission", "mapi.reach")
    assert {found[check] for check in light} == {"ok"}


@pytest.mark.parametrize("office", offices_pairs.BESIDE, ids=lambda office: office.name)
def test_two_faults_are_two_roots_lowest_layer_first(lab, schema, afflicted, tmp_path, office):
    foreign = afflicted(office)
    foreign += lab.afflict(office)
    assert_all(lab, schema, lab.check(office, tmp_path), office, foreign)


@pytest.mark.parametrize("office", offices_pairs.HIDDEN, ids=lambda office: office.name)
def test_fault_below_keeps_the_password_unspoken(lab, schema, afflicted, tmp_path, office):
    foreign = afflicted(office)
    lab.afflict(office)
    outcome = lab.check(office, tmp_path)
    assert_all(lab, schema, outcome, office, foreign)
    assert outcome.failed_logins() == 0 and outcome.owa_good == []
    assert "Logged in" not in outcome.logs["dovecot"]


WEBMAIL = {
    "mfa": ("mfa", {}, "webmail.mfa"),
    "no-mailbox": ("no-mailbox", {}, "webmail.mailbox-unavailable"),
    "rule": ("rule", {}, "webmail.blocked-by-rule"),
    "expired-password": ("expired-password", {}, "login.password-expired"),
    "redirect-loop": ("inbox", {"webmail_host": "ex12.mail.ovh.net"}, "webmail.redirect-loop"),
    "redirect-away": ("inbox", {"webmail_host": "ex13.mail.ovh.net"}, "webmail.redirected-away"),
    "foreign-page": ("inbox", {"webmail_host": "ex14.mail.ovh.net"}, "webmail.not-recognised"),
}


@pytest.mark.parametrize("name", WEBMAIL)
def test_webmail_that_is_odd_is_named(lab, schema, afflicted, tmp_path, name):
    fate, settings, finding = WEBMAIL[name]
    office = offices.Office(name, "language@office.example", "", 3, fate=fate, settings=settings)
    foreign = afflicted(office)
    lab.afflict(office)
    outcome = lab.check(office, tmp_path)
    assert outcome.report is not None, outcome.err.decode()
    assert [root["finding"] for root in outcome.report["root"]] == [finding]
    schema.validate(outcome.report)
    assert_kept_secret(lab, outcome, office)
    assert_well_behaved(outcome)
    assert_left_alone(lab, office, foreign)
    assert outcome.failed_logins() == 0


def test_second_mailbox_is_the_way_round_a_closed_port_25(lab, afflicted, tmp_path):
    peer = {"peer_address": offices.PEER, "peer_imap_host": EX4, "peer_submission_host": EX4}
    helped = offices.Office(
        "port-25-with-peer",
        "anna@office.example",
        offices.HEALTHY,
        0,
        settings=peer,
        line="port-25-closed",
    )
    afflicted(helped)
    lab.afflict(helped)
    assert_said(lab.check(helped, tmp_path), helped)


def test_submission_over_implicit_tls_by_a_profile_of_the_engineers_own(lab, tmp_path):
    implicit = {"host": "{host}", "port": 465, "security": "implicit"}
    office = offices.Office(
        "ours", "anna@office.example", offices.HEALTHY, 0, profile={"submission": implicit}
    )
    lab.heal(office)
    outcome = lab.check(office, tmp_path)
    assert_healthy(outcome, office)
    peers = {check["check"]: check.get("peer") for check in outcome.report["checks"]}
    assert peers["submission.login"].endswith(":465")


def masked(text):
    """A report without what differs from run to run: moments, durations, days left."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "MOMENT", text)
    text = re.sub(r" *\d+ ms", " N ms", text)
    return re.sub(r"\d+\.\d s|\d+ days left|after \S+", "N", text)


def test_the_report_that_the_readme_opens_with_is_a_real_one(lab, tmp_path):
    office = next(office for office in offices.OFFICES if office.name == "mx-foreign")
    readme = (TREE / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- shown: mx-foreign -->\n```\n\$ ([^\n]*)\n\n(.*?)\n```", readme, re.S)
    done = lab.gatepost("check", office.address, "--config", str(lab.configure(office, tmp_path)))
    assert shown[1] == f"gatepost check {office.address}"
    assert masked(done.stdout.decode()).strip() == masked(shown[2])


def test_a_ticket_is_opened_when_a_person_commands_it_and_only_then(lab, tmp_path):
    office = offices.named("api-spam")
    tickets = lab.provider.cloud.tickets
    config = lab.configure(office, tmp_path)
    allowed = json.loads(open(config, encoding="utf-8").read())
    allowed["accounts"][0]["open_ticket"] = "on-command"
    with open(config, "w", encoding="utf-8") as file:
        json.dump(allowed, file)
    command = [str(lab.binary), "support", office.address, "--config", config]
    lab.afflict(office)
    try:
        for words, opened in ((command, 0), ([*command, "--open-ticket"], 1)):
            done = subprocess.run(
                lab.namespaces.command("office", *words),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                text=True,
            )
            assert (done.returncode, len(tickets)) == (2, opened), done.stderr
            assert (str(2026112301) in done.stdout + done.stderr) == bool(opened)
    finally:
        lab.heal(office)
    (ticket,) = tickets
    assert ticket["type"] == "genericRequest" and office.address in ticket["body"]
    for trace in lab.mailboxes[office.address].traces():
        assert trace.decode("latin-1") not in json.dumps(ticket)
