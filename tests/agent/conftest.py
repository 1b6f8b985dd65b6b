# SPDX-License-Identifier: MIT
import shutil
import subprocess
import tempfile
import pathlib

import pytest

import office as parts


@pytest.fixture(scope="session", autouse=True)
def loopback():
    """The tests run in a network namespace of their own, where loopback is down at first."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    made = parts.Authority(tmp_path_factory.mktemp("authority"))
    made.certify("good", f"/CN={parts.BROKER}", f"subjectAltName=DNS:{parts.BROKER}")
    return made


@pytest.fixture
def resolver():
    one = parts.Resolver()
    yield one
    one.stop()


@pytest.fixture
def broker(tmp_path, authority):
    one = parts.Mosquitto(tmp_path / "broker", authority)
    yield one
    one.stop()


@pytest.fixture
def open_folder():
    """A folder that any user can reach, which those of pytest are not."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gatepost-agent-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def office(open_folder, authority, resolver):
    copy = open_folder / "authority"
    copy.mkdir()
    shutil.copy(authority.path("root.pem"), copy / "root.pem")
    one = parts.Office(open_folder, authority)
    one.keys["ca_file"] = str(copy / "root.pem")
    one.resolver = resolver
    for domain in one.domains:
        resolver.mx[domain] = parts.GOOD_MX
    return one


@pytest.fixture
def fleet(broker):
    one = parts.Fleet(broker)
    yield one
    one.close()
    assert not one.faults


@pytest.fixture
def start():
    """Starts agents that end with the test."""
    started = []

    def agent(*words, **more):
        started.append(parts.Agent(*words, **more))
        return started[-1]

    yield agent
    for one in started:
        if one.process.returncode is None:
            one.kill()
