# SPDX-License-Identifier: MIT
import pytest

from brokers import Authority, Mosquitto, Probe


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("authority"))
    made.certify("good", "/CN=localhost", "subjectAltName=DNS:localhost,DNS:broker.example,IP:127.0.0.1")
    made.certify("expired", "/CN=localhost", "subjectAltName=DNS:localhost", days=("20250101000000Z", "20250201000000Z"))
    made.certify("other", "/CN=other.example", "subjectAltName=DNS:other.example")
    made.certify("gateway", "/CN=office", "extendedKeyUsage=clientAuth")
    return made


@pytest.fixture(scope="session")
def stranger(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("stranger"))


@pytest.fixture
def mosquitto(tmp_path, authority):
    """Starts brokers that end with the test."""
    started = []

    def start(**how):
        how.setdefault("authority", authority)
        started.append(Mosquitto(tmp_path / f"broker{len(started)}", **how))
        return started[-1]

    yield start
    for broker in started:
        broker.stop()


@pytest.fixture
def probe(tmp_path, authority):
    """Starts probes that end with the test."""
    started = []

    def start(broker, url=None, **how):
        how.setdefault("ca_file", authority.path("root.pem"))
        started.append(Probe(tmp_path / f"probe{len(started)}", url or f"mqtts://localhost:{broker.port}", **how))
        return started[-1]

    yield start
    for one in started:
        one.end()
