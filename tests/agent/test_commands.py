# SPDX-License-Identifier: MIT
"""What the fleet can say to the agent, and what it is answered."""
import json
import re

import pytest

from office import FOREIGN_MX, GOOD_MX, TOPICS

PASSWORD = "tell-nobody-9"


@pytest.fixture
def agent(office, broker, fleet, start):
    office.at(broker)
    office.domains.append("b.office.example")
    office.resolver.mx["b.office.example"] = GOOD_MX
    one = start("--config", office.write())
    fleet.expect("status", state="online")
    return one


def after_now(fleet):
    return len(fleet.all)


def test_runs_one_account(agent, office, fleet):
    answer = fleet.ask(id="one", do="run", account=office.account(1))
    assert answer["ok"] and answer["code"] == "queued"
    report, _ = fleet.expect("report")
    assert report.topic == f"{TOPICS}/report/{office.account(1)}" and report.payload["run"]["trigger"] == "command"
    assert 0 <= 3 * 604800 - int(report.expiry) < 3600  # a whole run holds for three of its own periods; the broker counts down


def test_runs_all_accounts(agent, office, fleet):
    assert fleet.ask(id="all", do="run")["code"] == "queued"
    for place in range(2):
        fleet.expect("report", account=office.account(place))


def test_runs_one_check_and_what_it_needs(agent, office, fleet):
    assert fleet.ask(id="c", do="run", account=office.account(), checks=["dns.mx"])["code"] == "queued"
    report, _ = fleet.expect("report")
    asked = {check["check"] for check in report.payload["checks"] if check.get("reason") != "not-asked"}
    assert "dns.mx" in asked and "dns.autodiscover-srv" not in asked


def test_tells_a_change_once(agent, office, fleet):
    office.resolver.mx[office.domains[0]] = FOREIGN_MX
    for number in range(3):
        after = after_now(fleet)
        fleet.ask(id=str(number), do="run", account=office.account(), checks=["dns.mx"])
        fleet.expect("report", after)
    office.resolver.mx[office.domains[0]] = GOOD_MX
    fleet.ask(id="back", do="run", account=office.account(), checks=["dns.mx"])
    fleet.expect("event", kind="cleared", finding="dns.mx-foreign")
    events = [message.payload for message in fleet.all if message.sort == "event"]
    assert [(event["kind"], event["finding"]) for event in events] == [("raised", "dns.mx-foreign"), ("cleared", "dns.mx-foreign")]


def test_the_same_command_twice_is_one_run(agent, office, fleet):
    """The resolver is silent while they come, so that the first one is still on."""
    office.resolver.silent = True
    commands = [{"id": name, "do": "run", "account": office.account(place)} for name, place in (("1st", 0), ("2nd", 1), ("3rd", 1))]
    assert fleet.ask_all(commands) == ["queued"] * 3
    office.resolver.silent = False
    fleet.expect("report", account=office.account(1))
    fleet.ask(id="last", do="explain", code="dns.mx-foreign")
    assert len([message for message in fleet.all if message.sort == "report"]) == 2


def test_answers_busy_when_too_many_wait(agent, office, fleet):
    """More than are waited for: on a slow machine some runs end meanwhile, although the resolver is silent."""
    office.resolver.silent = True
    checks = ["dns.mx", "dns.autodiscover-srv", "tls.imap", "tls.webmail", "tls.submission"]
    commands = [{"id": str(number), "do": "run", "account": office.account(),
                 "checks": [check for place, check in enumerate(checks) if number + 1 >> place & 1]} for number in range(28)]
    codes = fleet.ask_all(commands)
    assert "busy" in codes and codes[:16] == ["queued"] * 16
    office.resolver.silent = False


@pytest.mark.parametrize("language, word", [("en", "MX"), ("fr", "MX")])
def test_explains_in_words(agent, fleet, language, word):
    answer = fleet.ask(id="x", do="explain", code="dns.mx-foreign", language=language)
    assert answer["ok"] and word in json.dumps(answer["result"])


def test_explains_in_the_language_that_was_asked_for(agent, fleet):
    texts = {language: fleet.ask(id=language, do="explain", code="set-mx", language=language)["result"] for language in ("en", "fr")}
    assert texts["en"] != texts["fr"]


def test_makes_a_support_request(agent, office, fleet):
    office.resolver.mx[office.domains[0]] = FOREIGN_MX
    assert fleet.ask(id="s", do="support", account=office.account(), language="fr")["code"] == "queued"
    support, after = fleet.expect("support")
    assert support.topic == f"{TOPICS}/support/{office.account()}" and not support.retained
    assert FOREIGN_MX in json.dumps(support.payload)
    runs = len([message for message in fleet.all if message.sort == "report"])
    assert runs == 1
    fleet.ask(id="again", do="support", account=office.account())
    fleet.expect("support", after)
    assert len([message for message in fleet.all if message.sort == "report"]) == 1, "the run before is good enough"


def test_pauses_and_resumes(agent, fleet):
    assert fleet.ask(id="p", do="pause")["ok"]
    paused, after = fleet.expect("status", paused=True)
    assert paused.payload["next_due"] is None
    assert fleet.ask(id="r", do="resume")["ok"]
    going, _ = fleet.expect("status", after, paused=False)
    assert going.payload["next_due"]


def test_a_pause_ends_by_itself(agent, fleet):
    assert fleet.ask(id="p", do="pause", seconds=10)["ok"]
    _, after = fleet.expect("status", paused=True)
    fleet.expect("status", after, paused=False)


def test_a_paused_agent_still_obeys(agent, office, fleet):
    fleet.ask(id="p", do="pause")
    fleet.ask(id="r", do="run", account=office.account())
    fleet.expect("report")


def test_waits_as_it_is_told(agent, office, broker, fleet):
    assert fleet.ask(id="w", do="wait", seconds=3600)["ok"]
    broker.stop()
    agent.log("uplink: ")
    broker.start()
    with pytest.raises(AssertionError, match="it did not come"):
        fleet.expect("status", after_now(fleet), seconds=3, state="online")


def test_has_nothing_to_forget(agent, office, fleet):
    answer = fleet.ask(id="f", do="forget-refusal", account=office.account())
    assert answer["ok"] and "nothing" in answer["words"]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", '{"id":"x"}', '{"id":"x","do":"dance"}', '{"id":"x","do":"run","sudo":true}',
                                  '{"id":"x","do":"run","account":7}', '{"id":"x","do":"run","checks":["no.such"]}',
                                  '{"id":"x","do":"wait"}', '{"id":"x","do":"wait","seconds":-1}', '{"id":"x","do":"explain"}',
                                  '{"id":"x","do":"run","account":"' + "a" * 9000 + '"}'])
def test_says_what_is_wrong_with_a_command(agent, fleet, text):
    fleet.say(text)
    answer, _ = fleet.expect("reply")
    assert not answer.payload["ok"] and answer.payload["code"] == "malformed" and answer.payload["words"]


@pytest.mark.parametrize("members", [{"do": "run", "account": "otto@a.office.example"}, {"do": "explain", "code": "no.such"}])
def test_says_what_it_does_not_know(agent, fleet, members):
    answer = fleet.ask(id="u", **members)
    assert not answer["ok"] and answer["code"] == "unknown"


def test_answers_where_it_is_asked_to_with_the_correlation(agent, broker, fleet, office):
    fleet.say('{"id":"5","do":"resume"}', "-D", "publish", "response-topic", f"{TOPICS}/reply/of-mine",
              "-D", "publish", "correlation-data", "thread-7")
    answer, _ = fleet.wait(lambda message: message.topic.endswith("/of-mine"))
    assert answer.correlation == "thread-7" and answer.payload["id"] == "5"


def test_says_when_it_cannot_answer_where_it_is_asked_to(agent, fleet):
    fleet.say('{"id":"6","do":"resume"}', "-D", "publish", "response-topic", f"{TOPICS}/reply/" + "x" * 800)
    answer, _ = fleet.expect("reply")
    assert answer.topic == f"{TOPICS}/reply" and answer.payload["code"] == "malformed"
    assert "response topic" in answer.payload["words"] and answer.payload["id"] == "6"


def test_limits_their_rate_and_answers_each(agent, fleet):
    codes = fleet.ask_all([{"id": str(number), "do": "resume"} for number in range(60)])
    assert codes[:30] == ["done"] * 30 and "rate-limited" in codes
    assert len([message for message in fleet.all if message.sort == "reply"]) == 60


def test_obeys_what_was_said_while_it_was_away(agent, office, fleet, start):
    agent.kill()
    fleet.command(id="away", do="resume")
    start("--config", office.file)
    assert fleet.expect("reply", id="away")[0].payload["ok"]


def test_no_command_brings_out_a_password(office, broker, fleet, start):
    """Neither in what is published nor in the log, which is at its chattiest."""
    secret = office.folder / "anna"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    office.at(broker)
    accounts = [{"address": office.account(), "secret_file": str(secret), "imap_host": "imap.office.example"}]
    agent = start("--config", office.write(accounts=accounts, log_level="debug"))
    fleet.expect("status", state="online")
    fleet.ask(id="1", do="run")
    fleet.expect("report")
    fleet.ask(id="2", do="support", account=office.account())
    fleet.expect("support")
    agent.end()
    said = "\n".join([*agent.all, *(json.dumps(message.payload) for message in fleet.all)])
    assert not re.search(f"{PASSWORD}|correct-horse", said)
    for file in office.state.iterdir():
        assert PASSWORD.encode() not in file.read_bytes()
