# SPDX-License-Identifier: MIT
"""Programs built for other processors check a mailbox of the lab, over TLS, each under its emulator.

GATEPOST_EMULATED names the commands that start them; tests/targets/run.sh makes these.
"""

import os
from pathlib import Path

import pytest

import offices
from test_offices import NOTHING_TO_ASK, statuses

PROGRAMS = [Path(name) for name in os.environ["GATEPOST_EMULATED"].split()]
READ_AS_XML = {"autodiscover.outlook", "ews.login"}


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_everything_that_is_asked_of_a_healthy_mailbox_is_well(lab, monkeypatch, tmp_path, program):
    """The first run learns the selector of the domain's DKIM key from its own test mail."""
    monkeypatch.setenv("GATEPOST_BINARY", str(program))
    without_expat = "GATEPOST_WITHOUT_EXPAT" in program.read_text(encoding="utf-8")
    office = offices.named("healthy-to-one-who-trusts-dnssec")
    for _ in range(2):
        outcome = lab.check(office, tmp_path)
        assert outcome.report is not None, outcome.err.decode()
    results = {name: result["status"] for name, result in outcome.report["results"].items()}
    assert results == dict.fromkeys(offices.ORDER, "ok")
    unread = READ_AS_XML if without_expat else set()
    not_well = {check for check, status in statuses(outcome).items() if status != "ok"}
    assert not_well - NOTHING_TO_ASK == unread
    assert outcome.failed_logins() == 0
