# SPDX-License-Identifier: MIT
"""`gatepost support`: what is pasted into the provider's form, and what is not in it."""
import json
import re
import stat

import pytest

from desk import ADDRESS, PASSWORD, Resolver, run
import validate

RESOLVER = "127.0.9.10"
RESULTS = ("(spam|Sending)", "(S|s)ubscription", "security policy", "ebmail", "MX", "to the account", "SRV", "from the account")


@pytest.fixture
def config(tmp_path):
    secret = tmp_path / "anna"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    file = tmp_path / "gatepost.json"
    file.write_text(json.dumps({"gateway": "office-7", "resolvers": [RESOLVER], "reach_targets": [], "state_directory": str(tmp_path / "state"),
                                "accounts": [{"address": ADDRESS, "secret_file": str(secret)}]}))
    return file


@pytest.fixture(autouse=True)
def no_names():
    resolver = Resolver(RESOLVER)
    yield
    resolver.stop()


def test_writes_markdown_that_tells_the_cause_first(config):
    done = run("support", ADDRESS, "--config", config)
    assert done.returncode == 2, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"# {ADDRESS}: ") and "office.example" in lines[0]
    parts = re.findall(r"(?m)^## (.*)$", done.stdout)
    assert parts == ["The eight results", "What was found", "What was tried"]
    results = re.findall(r"(?m)^\d\. . (.*)$", done.stdout)
    assert len(results) == 8
    for pattern, result in zip(RESULTS, results):
        assert re.search(pattern, result)
    assert re.fullmatch(r"Gateway office-7, gatepost \S+, run [0-9a-f]{16}\.", lines[-1])


def test_writes_json_that_keeps_the_contract(config):
    done = run("support", ADDRESS, "--config", config, "--json", "--lang", "fr")
    document = validate.validate(f"gatepost/v1/office-7/support/{ADDRESS}", done.stdout)
    assert document["language"] == "fr" and "Les huit résultats" in document["text"]
    assert document["text"].startswith("# " + document["subject"])
    assert document["root"][0]["evidence"]["at"]
    assert document["report"]["run"]["id"] == document["run"]


def test_speaks_the_language_that_is_asked_for(config):
    done = run("support", ADDRESS, "--config", config, "--lang", "fr")
    assert "## Ce qui a été essayé" in done.stdout and "Passerelle office-7" in done.stdout


def test_says_since_when_the_agent_has_known_of_it(config):
    keys = json.loads(config.read_text())
    config.write_text(json.dumps(keys | {"user": "root"}))
    assert "- Since:" not in run("support", ADDRESS, "--config", config).stdout
    once = run("agent", "--once", "--config", config)
    assert once.returncode == 2, once.stderr
    assert re.search(r"(?m)^- Since: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", run("support", ADDRESS, "--config", config).stdout)


def test_no_secret_is_in_it(config):
    for words in (["--json"], []):
        done = run("support", ADDRESS, "--config", config, *words)
        assert PASSWORD not in done.stdout + done.stderr


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_file_gets_the_same_request_and_no_other_user_reads_it(config, tmp_path, words):
    file = tmp_path / "request"
    done = run("support", ADDRESS, "--config", config, "--output", file, *words)
    assert file.read_text(encoding="utf-8") == done.stdout
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_is_told(config, tmp_path):
    done = run("support", ADDRESS, "--config", config, "--output", tmp_path / "nowhere/request")
    assert done.returncode == 73
    assert "cannot be written" in done.stderr


def test_what_it_does_not_take_is_refused():
    assert run("support").returncode == 64
    assert run("support", ADDRESS, "--once").returncode == 64
    assert "ADDRESS" in run("support", "anna").stderr


def with_account(config, **keys):
    document = json.loads(config.read_text())
    document["accounts"][0] |= keys
    config.write_text(json.dumps(document))


def test_opens_no_ticket_where_the_settings_do_not_allow_it(config):
    done = run("support", ADDRESS, "--config", config, "--open-ticket")
    assert done.returncode == 78 and done.stdout == ""
    assert "open_ticket" in done.stderr and "on-command" in done.stderr


def test_the_settings_allow_a_ticket_only_with_keys(config):
    with_account(config, open_ticket="on-command")
    done = run("support", ADDRESS, "--config", config, "--open-ticket")
    assert done.returncode == 78 and "api_key_file" in done.stderr


def test_the_settings_allow_a_ticket_only_with_an_interface(config, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("application\nsecret\nconsumer\n")
    keys.chmod(0o600)
    with_account(config, open_ticket="on-command", api_key_file=str(keys), api_service="hosted-1/hosted-1")
    done = run("support", ADDRESS, "--config", config, "--open-ticket")
    assert done.returncode == 78 and "profile" in done.stderr


@pytest.fixture
def allowed(config, tmp_path):
    keys = tmp_path / "keys"
    keys.write_text("application\nsecret-of-api\nconsumer-of-api\n")
    keys.chmod(0o600)
    with_account(config, open_ticket="on-command", api_key_file=str(keys), api_service="hosted-1/hosted-1", profile="ovh-exchange-hosted",
                 host="ex4.mail.ovh.net")
    return config


def test_tells_that_no_ticket_was_opened_after_the_request_is_written(allowed):
    done = run("support", ADDRESS, "--config", allowed, "--open-ticket")
    assert done.returncode == 69, done.stderr
    assert done.stdout.startswith(f"# {ADDRESS}: ") and "## What was tried" in done.stdout
    assert "No ticket was opened." in done.stderr and "eu.api.ovh.com" in done.stderr
    assert "-of-api" not in done.stdout + done.stderr


def test_tells_of_a_ticket_in_french(allowed):
    done = run("support", ADDRESS, "--config", allowed, "--open-ticket", "--lang", "fr")
    assert "Aucun ticket n'a été ouvert." in done.stderr


def test_says_nothing_of_tickets_where_none_is_wanted(allowed):
    done = run("support", ADDRESS, "--config", allowed)
    assert done.returncode == 2 and "ticket" not in done.stderr
    assert "provider.ticket" not in run("check", ADDRESS, "--config", allowed).stdout


@pytest.mark.parametrize("command", ["check", "agent", "doctor"])
def test_only_support_opens_tickets(command):
    words = [ADDRESS] if command == "check" else []
    assert run(command, *words, "--open-ticket").returncode == 64
