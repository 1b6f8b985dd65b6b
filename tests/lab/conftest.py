# SPDX-License-Identifier: MIT
"""One laboratory for the whole pytest session."""

import os

import pytest

import offices
from client import Client
from laboratory import Laboratory


def pytest_sessionstart(session):
    if os.geteuid() != 0:
        pytest.exit(
            "the lab makes network namespaces: run it as root, in toolchains/debian13",
            returncode=77,
        )


@pytest.fixture(scope="session")
def lab():
    with Laboratory() as laboratory:
        yield laboratory


@pytest.fixture(scope="session")
def client(lab):
    return Client(lab)


@pytest.fixture
def sick(lab):
    """Afflicts the mailbox of an office for one test."""
    afflicted = []

    def afflict(name):
        office = offices.named(name)
        afflicted.append(office)
        lab.afflict(office)
        return lab.mailboxes[office.address]

    yield afflict
    for office in afflicted:
        lab.heal(office)
