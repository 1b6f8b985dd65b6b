# SPDX-License-Identifier: MIT
"""What is said over the broker keeps to config/asyncapi.json and the schemas, which keep to themselves."""
import json
import os
import pathlib
import re
import subprocess
import sys

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/agent"))
import validate  # noqa: E402

SAMPLES = os.environ.get("SAMPLES", str(ROOT / "build/debug/tests/system/samples"))


def samples(word, text=""):
    return subprocess.run([SAMPLES, word], input=text, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


@pytest.fixture(scope="module")
def messages():
    return [line.split("\t", 1) for line in samples("messages")]


def references(part):
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_every_message_that_can_be_made_is_valid(messages):
    seen = set()
    for topic, payload in messages:
        document = validate.validate(topic, payload)
        seen.add((validate.channel_of(topic)[0], document.get("kind"), document.get("state"), document.get("code")))
    assert {name for name, *_ in seen} == set(validate.contract()["channels"]) - {"command"}
    assert {kind for _, kind, _, _ in seen} >= {"raised", "cleared", "verdict", "doctor"}


def test_names_travel_encoded_and_come_back(messages):
    topics = {topic for topic, _ in messages}
    assert "gatepost/v1/office%2F7/report/anna%2Bmail@example.com" in topics
    assert all(topic.count("/") <= 7 for topic in topics)


def test_a_message_under_anothers_name_is_noticed(messages):
    topic, payload = next(each for each in messages if "/event/" in each[0])
    with pytest.raises(AssertionError):
        validate.validate(topic.replace("office%2F7", "office%2F8"), payload)
    with pytest.raises(AssertionError):
        validate.validate(topic.replace("anna", "bob"), payload)
    with pytest.raises(ValueError):
        validate.validate(topic.replace("/event/", "/evnt/"), payload)


@pytest.mark.parametrize("name", ["status", "report", "event", "support", "reply"])
def test_a_schema_lets_nothing_else_through(messages, name):
    payload = next(json.loads(payload) for topic, payload in messages if validate.channel_of(topic)[0] == name)
    validate.judge(name, payload)
    for change in ({"more": 1}, {"schema": "other"}, {"seq": -1}, {"seq": "1"}, {"dropped": {}}, {"gateway": 1}):
        with pytest.raises(jsonschema.ValidationError):
            validate.judge(name, payload | change)
    for member in ("schema", "gateway", "seq", "dropped"):
        with pytest.raises(jsonschema.ValidationError):
            validate.judge(name, {key: value for key, value in payload.items() if key != member})


def test_every_reference_leads_somewhere():
    contract = validate.contract()
    found = list(references(contract))
    assert len(found) > 20
    for reference in found:
        assert validate.resolve(reference)
    for name in ("status", "report", "event", "support", "command", "reply"):
        document = validate.schema(name)
        for reference in references(document):
            part = document
            for step in reference.removeprefix("#/").split("/"):
                part = part[step]


def test_channels_operations_and_messages_fit_together():
    contract = validate.contract()
    assert contract["asyncapi"].startswith("3.0.")
    assert set(contract["channels"]) == set(contract["operations"]) == set(contract["components"]["messages"])
    for name, channel in contract["channels"].items():
        assert set(re.findall(r"\{(\w+)\}", channel["address"])) == set(channel["parameters"])
        operation = contract["operations"][name]
        assert operation["channel"] == {"$ref": f"#/channels/{name}"}
        assert operation["action"] == ("receive" if name == "command" else "send")
        assert operation["bindings"]["mqtt"]["qos"] == 1
        assert operation["bindings"]["mqtt"].get("retain", False) == (name in ("status", "report"))


COMMANDS = [
    '{"id":"1","do":"run"}',
    '{"id":"1","do":"run","account":"anna@example.com","checks":["dns.mx"]}',
    '{"id":"1","do":"run","checks":[]}',
    '{"id":"1","do":"run","checks":["dns.max"]}',
    '{"id":"1","do":"run","seconds":5}',
    '{"id":"1","do":"explain","code":"set-mx"}',
    '{"id":"1","do":"explain","code":"set-mx","language":"fr"}',
    '{"id":"1","do":"explain","code":"set-mx","language":"de"}',
    '{"id":"1","do":"explain"}',
    '{"id":"1","do":"support","account":"anna@example.com"}',
    '{"id":"1","do":"support"}',
    '{"id":"1","do":"pause"}',
    '{"id":"1","do":"pause","seconds":604800}',
    '{"id":"1","do":"pause","seconds":604801}',
    '{"id":"1","do":"pause","seconds":1.5}',
    '{"id":"1","do":"resume"}',
    '{"id":"1","do":"resume","account":"anna@example.com"}',
    '{"id":"1","do":"forget-refusal","account":"anna@example.com"}',
    '{"id":"1","do":"forget-refusal"}',
    '{"id":"1","do":"wait","seconds":1}',
    '{"id":"1","do":"wait","seconds":0}',
    '{"id":"1","do":"wait"}',
    '{"id":"","do":"run"}',
    '{"id":7,"do":"run"}',
    '{"id":"' + "i" * 64 + '","do":"run"}',
    '{"id":"' + "i" * 65 + '","do":"run"}',
    '{"do":"run"}',
    '{"id":"1"}',
    '{"id":"1","do":"fly"}',
    '{"id":"1","do":"run","password":"x"}',
    "[]",
]


def test_the_agent_and_the_schema_take_the_same_commands():
    for text, outcome in zip(COMMANDS, samples("commands", "\n".join(COMMANDS)), strict=True):
        valid = jsonschema.Draft202012Validator(validate.schema("command")).is_valid(json.loads(text))
        assert (outcome == "taken") == valid, f"{text}: {outcome}"


def test_the_readme_names_every_topic_and_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for channel in validate.contract()["channels"].values():
        topic = channel["address"].replace("gatepost/v1", "<root>").replace("{", "<").replace("}", ">")
        assert f"| `{topic}` |" in readme
    for verb in validate.schema("command")["properties"]["do"]["enum"]:
        assert f"| `{verb}` |" in readme
