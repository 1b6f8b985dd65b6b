# SPDX-License-Identifier: MIT
"""The mailboxes of the lab: who may log in where, and the mails in them."""

import base64
import json
import os
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, quote_plus

from servers import MAIL_USER, patiently, write

DOVECOTS = ("imap", "pop3", "smtp")  # the services whose logins Dovecot judges
SIZE = "quota/mailbox/storage_size"
UNUSUAL = '%+ &="\\<é€'  # what must survive form, IMAP and SMTP encodings


@dataclass
class Mailbox:
    address: str
    secret: str
    refuses: set = field(default_factory=set)
    limit: str = ""  # of its size, as Dovecot writes it; the usual one when empty

    def traces(self):
        """Every form in which the secret might leak."""
        name, plain = self.address.encode(), self.secret.encode("utf-8")
        spoken = (
            plain,
            b"\0" + name + b"\0" + plain,
            name + b"\0" + name + b"\0" + plain,
            name + b":" + plain,
        )
        return [
            plain,
            *map(base64.b64encode, spoken),
            quote(self.secret, safe="").encode(),
            quote_plus(self.secret).encode(),
            json.dumps(self.secret)[1:-1].encode(),
        ]


class Mailboxes:
    """Kept below a directory; Dovecot reads its tables of users and keeps the mails there."""

    def __init__(self, run, addresses):
        self.run = run
        self.version = 0
        self.by_address = {}
        os.makedirs(f"{run}/mail")
        os.chown(f"{run}/mail", MAIL_USER, MAIL_USER)
        for address in sorted(addresses):
            unusual = UNUSUAL if address.startswith("paul@") else ""
            self.by_address[address] = Mailbox(address, f"Pw-{secrets.token_hex(12)}{unusual}")
        self._write_users()
        write(f"{run}/mx/recipients", "".join(f"{address} there\n" for address in self.by_address))

    def __getitem__(self, address):
        return self.by_address[address]

    def right_on_the_web(self, service, user, password):
        mailbox = self.by_address.get(user)
        return mailbox is not None and service not in mailbox.refuses and password == mailbox.secret

    def owner_of_secret(self, secret):
        """The address of the mailbox whose password, or whatever is given for it, that is."""
        owners = (m.address for m in self.by_address.values() if m.secret == secret)
        return next(owners, None)

    def refuse(self, address, services):
        """From now on these of imap, pop3, smtp, owa, activesync, ews and autodiscover refuse the
        right password; the others take it."""
        mailbox = self[address]
        if mailbox.refuses == set(services):
            return
        mailbox.refuses = set(services)
        self._write_users()
        for service in DOVECOTS:
            taken = service not in mailbox.refuses
            patiently(
                lambda s=service, t=taken: self._dovecot_takes(s, mailbox) == t,
                "Dovecot has read its users",
            )

    def limit(self, address, size):
        """From now on the mailbox may be so big; "" is as big as any."""
        mailbox = self[address]
        if mailbox.limit == size:
            return
        mailbox.limit = size
        self._write_users()
        patiently(lambda: self._dovecot_limits(mailbox) == size, "Dovecot has read its limits")

    def _write_users(self):
        """Dovecot notices a new size or time only: the comment grows with each version."""
        self.version += 1
        everybody = self.by_address.values()
        for service in DOVECOTS:
            those = [m for m in everybody if service not in m.refuses]
            self._write_table(service, [f"{m.address}:{{PLAIN}}{m.secret}" for m in those])
        sizes = [f"userdb_{SIZE}={m.limit}" if m.limit else "" for m in everybody]
        self._write_table("all", [f"{m.address}:::::::{s}" for m, s in zip(everybody, sizes)])

    def _write_table(self, name, lines):
        path = f"{self.run}/users/{name}"
        write(f"{path}.new", "\n".join([f"# {'x' * self.version}", *lines]) + "\n")
        os.replace(f"{path}.new", path)

    def _doveadm(self, *words):
        return subprocess.run(
            ["doveadm", "-c", f"{self.run}/dovecot.conf", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def _dovecot_limits(self, mailbox):
        done = self._doveadm("user", mailbox.address)
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        return next((words[1] for words in lines if words[0] == SIZE), "")

    def _dovecot_takes(self, service, mailbox):
        words = ("auth", "test", "-x", f"protocol={service}", mailbox.address, mailbox.secret)
        return self._doveadm(*words).returncode == 0

    def _dovecot_counts(self, address):
        """Units of 1024 bytes in the mailbox."""
        done = self._doveadm("-f", "tab", "quota", "get", "-u", address)
        lines = [line.split("\t") for line in done.stdout.splitlines()]
        return next((int(words[2]) for words in lines if words[1] == "STORAGE"), 0)

    def fill(self, address, size):
        """Makes the mailbox so big, in bytes, as Dovecot counts: one mail of that size."""
        head = f"From: x@elsewhere.example\nTo: {address}\nSubject: Plans\n\n"
        lines = (size - len(head) - head.count("\n")) // 80
        name = self.put(address, head + lines * ("x" * 78 + "\n"))
        least = size // 1024 - 1  # it is less than a line short of the size
        patiently(lambda: self._dovecot_counts(address) >= least, "Dovecot has counted the mail")
        return name

    def mails(self, address):
        """The files of all mails in all folders of a mailbox."""
        files = Path(self.run, "mail", address, "Maildir").rglob("*")
        return sorted(f for f in files if f.parent.name in ("new", "cur") and f.is_file())

    def put(self, address, text):
        """Lays a mail into the mailbox's INBOX; returns the part of its file's name that stays."""
        base = Path(self.run, "mail", address, "Maildir")
        for path in (base.parent, base, base / "tmp", base / "new", base / "cur"):
            path.mkdir(exist_ok=True)
            os.chown(path, MAIL_USER, MAIL_USER)
        name = f"{1700000000 + secrets.randbelow(1000000)}.{secrets.token_hex(8)}.lab"
        path = base / "new" / name
        path.write_text(text, encoding="ascii")
        os.chown(path, MAIL_USER, MAIL_USER)
        return name
