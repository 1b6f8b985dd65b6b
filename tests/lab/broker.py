# SPDX-License-Identifier: MIT
"""The fleet's broker, a mosquitto beside the provider, with TLS, a password file and the ACL of
config/mosquitto.

    with Broker(lab, GATEWAY) as broker:
        fleet = Fleet(broker)  # of tests/agent/office.py: hears what a dashboard does, and commands
"""

import os
import secrets
import shutil
import signal

from hosts import BROKER, HOSTS
from laboratory import RUN, TREE
from namespaces import run
from servers import Server, answers, patiently, write

ACL = TREE / "config" / "mosquitto" / "acl.example"
FLEET = "dashboard"  # its user name in the ACL
PORT = 8883
FLEET_PORT = 1883  # on loopback: the dashboard runs beside the broker

CONFIG = """
user root
listener {port}
certfile {certificate}
keyfile {certificate}
listener {fleet_port} 127.0.0.1
allow_anonymous false
password_file {directory}/passwords
acl_file {directory}/acl
persistence true
persistence_location {directory}/
max_queued_messages 10000
log_type all
"""


class Broker:
    """Made with one gateway's password; stop() and start() are an outage, after which it knows all
    that it knew before."""

    def __init__(self, lab, gateway):
        self.lab, self.server = lab, None
        self.password, self.fleet_password = secrets.token_hex(12), secrets.token_hex(12)
        self.directory = f"{RUN}/broker"
        shutil.rmtree(self.directory, ignore_errors=True)  # what an earlier one knew
        certificate = lab.provider.authority.certify("broker", [BROKER])
        self.config = f"{self.directory}/mosquitto.conf"
        text = CONFIG.format(
            port=PORT, fleet_port=FLEET_PORT, directory=self.directory, certificate=certificate
        )
        write(self.config, text)
        # In the section of the dashboard: the mark by which it notices that it is subscribed.
        rules = ACL.read_text(encoding="utf-8") + "topic readwrite ready/#\n"
        write(f"{self.directory}/acl", rules)
        self._admit((gateway, self.password), (FLEET, self.fleet_password))
        os.chmod(f"{self.directory}/acl", 0o600)

    def _admit(self, *users):
        path = f"{self.directory}/passwords"
        write(path, "".join(f"{user}:{password}\n" for user, password in users))
        os.chmod(path, 0o600)
        run("mosquitto_passwd", "-U", path)  # in the file: hashes instead of passwords

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        lab, command = self.lab, ("mosquitto", "-c", self.config)
        self.server = Server("mosquitto", lab.namespaces, "provider", lab.provider.logs, *command)
        for address in (*HOSTS[BROKER], "127.0.0.1"):
            port = FLEET_PORT if address == "127.0.0.1" else PORT
            patiently(
                lambda a=address, p=port: lab.namespaces.call("provider", answers, a, p),
                f"the broker answers at [{address}]:{port}",
            )

    def stop(self, how=signal.SIGTERM):
        if self.server is not None:
            self.server.process.send_signal(how)
            self.server.stop()
            self.server = None

    def client(self, program, *words):
        """The command that runs a client of mosquitto as the fleet."""
        place = ("-h", "127.0.0.1", "-p", FLEET_PORT, "-u", FLEET, "-P", self.fleet_password)
        return self.lab.namespaces.command("provider", program, *map(str, (*place, *words)))

    def publish(self, topic, text, *words):
        run(*self.client("mosquitto_pub", "-t", topic, "-q", "1", "-m", text, *words))
