# SPDX-License-Identifier: MIT
"""Judges what goes over the broker by config/asyncapi.json and the schemas beside it.

    validate(topic, payload)     returns the parsed payload, or raises with what is wrong
"""
import functools
import json
import pathlib
import re
import urllib.parse

import jsonschema

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "config"
DEFAULT_ROOT = "gatepost/v1"


@functools.cache
def contract():
    return json.loads((CONFIG / "asyncapi.json").read_text(encoding="utf-8"))


@functools.cache
def schema(name):
    """config/NAME.schema.json, checked itself."""
    document = json.loads((CONFIG / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    return document


def judge(name, document):
    """A document by a schema; raises at its first fault."""
    jsonschema.Draft202012Validator(schema(name)).validate(document)


def resolve(reference):
    """What a $ref of asyncapi.json points to: a part of it, or a file beside it."""
    place, _, path = reference.partition("#")
    found = json.loads((CONFIG / place).read_text(encoding="utf-8")) if place else contract()
    for part in filter(None, path.split("/")):
        found = found[part.replace("~1", "/").replace("~0", "~")]
    return found


def channel_of(topic, root=DEFAULT_ROOT):
    """The channel's name, and what its parameters are in this topic."""
    for name, channel in contract()["channels"].items():
        address = channel["address"].replace(DEFAULT_ROOT, root, 1)
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/+#]+)", re.escape(address))
        if found := re.fullmatch(pattern, topic):
            return name, {key: urllib.parse.unquote(value) for key, value in found.groupdict().items()}
    raise ValueError(f"no channel has the topic {topic}")


def validate(topic, payload, root=DEFAULT_ROOT):
    name, parameters = channel_of(topic, root)
    document = json.loads(payload)
    message = resolve(contract()["channels"][name]["messages"][name]["$ref"])
    judge(message["payload"]["schema"]["$ref"].removeprefix("./").removesuffix(".schema.json"), document)
    if name == "command":
        return document
    if name == "support":
        judge("report", document["report"])
    assert document["gateway"] == parameters["gateway"], f"{topic} carries what {document['gateway']} said"
    account = document.get("account", "_doctor")
    assert parameters.get("account", account) == account, f"{topic} is about {account}"
    return document
