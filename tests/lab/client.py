# SPDX-License-Identifier: MIT
"""Ordinary clients in the office: Python's own for SMTP, IMAP and HTTP, and drill for DNS."""

import http.client
import imaplib
import smtplib
import socket
import ssl
import subprocess
from urllib.parse import urlencode

from hosts import HOSTS, RESOLVER

LETTER = "From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\nHello.\r\n"


class Client:
    """They know addresses by the lab's own table: DNS has tests of its own."""

    def __init__(self, lab):
        self.lab = lab
        self.trust = ssl.create_default_context(cafile=lab.provider.bundle)

    def within(self, function, *arguments):
        return self.lab.namespaces.call("office", function, *arguments)

    def connect(self, host, port, family=0):
        return self.within(socket.create_connection, (HOSTS[host][family], port), 10)

    def tls(self, host, port):
        return self.trust.wrap_socket(self.connect(host, port), server_hostname=host)

    def smtp(self, host, port, family=0):
        client = smtplib.SMTP()
        client._host = host
        client.sock = self.connect(host, port, family)
        client.greeting = client.getreply()
        return client

    def submission(self, host="ex4.mail.ovh.net"):
        client = self.smtp(host, 587)
        client.ehlo("office-router.example")
        client.starttls(context=self.trust)
        client.ehlo("office-router.example")
        return client

    def mx(self, host="mx0.mail.ovh.net"):
        client = self.smtp(host, 25)
        client.ehlo("office-router.example")
        client.starttls(context=self.trust)
        client.ehlo("office-router.example")
        return client

    def imap(self):
        wire = self.tls("ex4.mail.ovh.net", 993)

        class Here(imaplib.IMAP4):
            def _create_socket(self, timeout):
                return wire

        return Here("ex4.mail.ovh.net")

    def web(self, host="ex4.mail.ovh.net"):
        connection = http.client.HTTPSConnection(host, context=self.trust)
        connection.sock = self.tls(host, 443)
        return connection

    def get(self, host, path, method="GET", body=None, headers=None):
        connection = self.web(host)
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        reply.text = reply.read().decode("utf-8")
        connection.close()
        return reply

    def log_in_to_owa(self, mailbox, host="ex4.mail.ovh.net", **changes):
        fields = {
            "destination": f"https://{host}/owa/",
            "flags": "4",
            "forcedownlevel": "0",
            "username": mailbox.address,
            "password": mailbox.secret,
            "passwordText": "",
            "isUtf8": "1",
            **changes,
        }
        fields = {name: value for name, value in fields.items() if value is not None}
        return self.get(
            host,
            "/owa/auth.owa",
            "POST",
            urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": "PBack=0"},
        )

    def drill(self, *words, resolver=RESOLVER):
        command = self.lab.namespaces.command("office", "drill", f"@{resolver}", *words)
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        ).stdout


def letter(sender, to, subject):
    return LETTER.format(sender=sender, to=to, subject=subject)
