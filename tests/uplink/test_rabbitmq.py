# SPDX-License-Identifier: MIT
"""The second broker: RabbitMQ 4 with its MQTT plugin."""
import os
import signal
import subprocess

import pytest

from brokers import PASSWORD, USER, Lines, free_port, run

EVENT = "gp/office/event/anna"
SERVER = "/usr/lib/rabbitmq/bin/rabbitmq-server"


class RabbitMQ:
    def __init__(self, folder, authority):
        self.port = free_port()
        folder.mkdir(exist_ok=True)
        (folder / "plugins").write_text("[rabbitmq_mqtt].\n")
        (folder / "rabbitmq.conf").write_text("\n".join([
            "listeners.tcp = none", "mqtt.listeners.tcp = none", f"mqtt.listeners.ssl.1 = 127.0.0.1:{self.port}",
            f"ssl_options.cacertfile = {authority.path('root.pem')}", f"ssl_options.certfile = {authority.path('good.pem')}",
            f"ssl_options.keyfile = {authority.path('good.key')}", f"default_user = {USER}", f"default_pass = {PASSWORD}",
            "mqtt.allow_anonymous = false", "log.console = true", "log.file = false", ""]))
        self.environment = {**os.environ, "HOME": str(folder), "RABBITMQ_NODENAME": f"uplink{self.port}@localhost",
                            "RABBITMQ_DIST_PORT": str(free_port()), "RABBITMQ_MNESIA_BASE": str(folder),
                            "RABBITMQ_LOG_BASE": str(folder), "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
                            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"), "ERL_EPMD_ADDRESS": "127.0.0.1",
                            "ERL_EPMD_PORT": str(free_port()), "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1"}
        self.lines = Lines(subprocess.Popen([SERVER], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                            text=True, start_new_session=True))
        self.lines.expect(r".*Server startup complete.*")

    def control(self, *words):
        run("/usr/lib/rabbitmq/bin/rabbitmqctl", *words, env=self.environment)

    def end(self):
        os.killpg(self.lines.process.pid, signal.SIGKILL)
        self.lines.end()
        subprocess.run(["epmd", "-port", self.environment["ERL_EPMD_PORT"], "-kill"], capture_output=True, check=False)


@pytest.fixture(scope="module")
def rabbit(tmp_path_factory, authority):
    broker = RabbitMQ(tmp_path_factory.mktemp("rabbit"), authority)
    yield broker
    broker.end()


def test_speaks_mqtt_5_with_rabbitmq(rabbit, probe):
    office = probe(rabbit)
    office.expect("online 5 0")
    for number in range(1, 51):
        office.order(f"publish {number} {EVENT} {number}")
    for number in range(1, 51):
        office.expect(f"delivered {number}")
    office.leave()


def test_gets_a_command_through_rabbitmq(rabbit, probe):
    """The gateway's own command topic is written by another gateway."""
    office, other = probe(rabbit), probe(rabbit, client="gp-other")
    office.expect("online 5 .")
    other.expect("online 5 .")
    other.order("publish 1 gp/office/command run")
    other.expect("delivered 1")
    office.expect("command - c0 3 run")
    other.leave()
    office.leave()


def test_names_a_wrong_password_at_rabbitmq(rabbit, probe):
    assert probe(rabbit, password="wrong").trouble()[0] in ("bad-credentials", "not-authorized")


def test_names_what_rabbitmq_does_not_permit(rabbit, probe):
    office = probe(rabbit, client="gp-limited")
    office.expect("online 5 .")
    rabbit.control("set_topic_permissions", USER, "amq.topic", r"^gp\.office\..*", r"^none$")
    office.order("publish 1 gp/other/event/anna one")
    assert office.expect(r"(refused 1 .*|offline \d+ .*)")
    office.end()
    office = probe(rabbit, client="gp-second")
    office.expect("online 5 .")
    office.trouble()  # whether RabbitMQ hangs up on it, too, is its own affair
    assert "the broker refuses to send commands" in office.said.read_text()
    rabbit.control("clear_topic_permissions", USER)
