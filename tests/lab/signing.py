# SPDX-License-Identifier: MIT
"""DKIM: the keys of the lab, what is published of them, and the configuration of opendkim."""

import os
from pathlib import Path

from domains import DOMAINS, KEYS, SELECTOR
from namespaces import run
from servers import write

OPENDKIM = """
Mode s
Syslog no
UserID root
Socket local:{run}/opendkim/socket
UMask 0000
PidFile {run}/opendkim/pid
RequireSafeKeys no
Canonicalization relaxed/relaxed
SignatureAlgorithm rsa-sha256
OversignHeaders From
MinimumKeyBits 512
KeyTable file:{run}/opendkim/keys
SigningTable refile:{run}/opendkim/signers
InternalHosts {run}/opendkim/clients
ExternalIgnoreList {run}/opendkim/clients
"""
BITS = {"good": 2048, "other": 2048, "weak": 768}


class Signer:
    """Makes the keys; `published` is the zone of them."""

    def __init__(self, directory, run_directory):
        self.directory = Path(directory)
        self.config = str(self.directory / "opendkim.conf")
        published = {which: self._make_key(which, bits) for which, bits in BITS.items()}
        published["revoked"] = ""
        self.published = tuple(
            self._record(which, public) for which, public in published.items()
        )
        write(self.config, OPENDKIM.format(run=run_directory))
        self._write_tables()

    def _make_key(self, which, bits):
        """Writes the private key; returns the public one as a DKIM record wants it."""
        path = self.directory / f"{which}.key"
        os.makedirs(self.directory, exist_ok=True)
        run("openssl", "genrsa", "-traditional", "-out", str(path), str(bits))
        public = run("openssl", "rsa", "-in", str(path), "-pubout").split("-----\n")[1]
        return public.split("-----")[0].replace("\n", "")

    @staticmethod
    def _record(which, public):
        words = [f"v=DKIM1; k=rsa; p={public[:180]}", public[180:]]
        strings = " ".join(f'"{word}"' for word in words if word)
        return f"{SELECTOR}._domainkey.{KEYS.format(which=which)} TXT {strings}"

    def _write_tables(self):
        weak = [domain for domain in DOMAINS if domain.startswith("dkim-weak")]
        keys, signers = [], []
        for domain in DOMAINS:
            path = self.directory / f"{'weak' if domain in weak else 'good'}.key"
            keys.append(f"{domain} {domain}:{SELECTOR}:{path}\n")
            signers.append(f"*@{domain} {domain}\n")
        clients = ["0.0.0.0/0\n", "::/0\n"]
        for name, lines in (("keys", keys), ("signers", signers), ("clients", clients)):
            write(str(self.directory / name), "".join(lines))
