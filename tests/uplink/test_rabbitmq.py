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


@pytest.fixture
def permit(rabbit):
    """Sets what the gateway may write and read, as regular expressions; all again after the test."""
    yield lambda write, read: rabbit.control("set_topic_permissions", USER, "amq.topic", write, read)
    rabbit.control("clear_topic_permissions", USER)


def test_gives_up_a_message_that_rabbitmq_hangs_up_for_and_no_other(probe, rabbit, permit):
    """It does not say why, nor which one it was."""
    permit(r"^gp\.office\..*", r".*")
    office = probe(rabbit, client="gp-limited")
    office.expect("online 5 .")
    topics = {number: EVENT for number in range(1, 8)} | {4: "gp/other/event/anna"}
    for number, topic in topics.items():
        office.order(f"publish {number} {topic} {number}")
    office.expect("refused 4 hangs-up .*")
    for number in (5, 6, 7):
        office.expect(f"delivered {number}")
    told = [line for line in office.seen if line.startswith(("delivered", "refused"))]
    assert len(told) == 7 and not [line for line in told if line.startswith("refused") and line.split()[1] != "4"]
    office.leave()


def test_goes_on_without_commands_where_rabbitmq_hangs_up_for_the_subscription(probe, rabbit, permit):
    permit(r".*", r"^none$")
    office = probe(rabbit, client="gp-deaf")
    for _ in range(5):
        office.expect("offline .*")
    assert "hangs up on the subscription to gp/office/command" in office.said.read_text()
    office.expect("online 5 .")
    assert office.trouble()[0] == "subscribe-refused"
    office.order(f"publish 1 {EVENT} one")
    office.expect("delivered 1")
    office.leave()
