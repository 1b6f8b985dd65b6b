#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mails signed by dkimpy, for the tests of dkim.c.

    signer.py DIRECTORY     writes NAME.mail; the TXT record of a key as SELECTOR._domainkey.DOMAIN; and judged.txt:
                            NAME of a mail that was changed, and whether dkimpy still verifies it
"""

import base64
import random
import subprocess
import sys
from pathlib import Path

import dkim

HEADER = (b"Received: from a.example by b.example; Mon, 23 Nov 2026 12:00:00 +0000\r\n"
          b"FROM: Anna  <anna@example.com>\r\n"
          b"To:bob@example.net,\r\n\t carl@example.net  \r\n"
          b"Subject:   A  folded\r\n  \t subject \r\n \twith  blanks\t\r\n"
          b"Date: Mon, 23 Nov 2026 12:00:00 +0000\r\n"
          b"X-Tag: first\r\nX-Empty:\r\nx-tag:  second \r\n"
          b"Message-ID: <1@example.com>\r\n")
BODY = (b"\r\n  A line that begins with blanks\r\nand one that ends with them \t \r\n \t \r\n"
        b"words   with \t gaps, and \xc3\xa9\r\n.\r\n\r\nthe last one\r\n")
FIELDS = [b"from", b"to", b"subject", b"date", b"x-tag", b"x-empty"]


def openssl(*words, data=None):
    return subprocess.run(["openssl", *words], input=data, check=True, capture_output=True).stdout


def rsa(bits):
    return openssl("genpkey", "-quiet", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{bits}")


def spki(key):
    return base64.b64encode(openssl("pkey", "-pubout", "-outform", "DER", data=key))


class SortingSigner(dkim.DKIM):
    """Sorts the tags, so that b= is not the last one."""

    def gen_header(self, fields, include_headers, canon_policy, header_name, pk, standardize=False):
        return super().gen_header(fields, include_headers, canon_policy, header_name, pk, True)


class Signer:
    def __init__(self, into):
        self.into = into
        self.records = {}
        self.keys = {}
        for bits in (512, 1024, 2048):
            self.keys[f"rsa{bits}"] = rsa(bits)
            self.publish(f"rsa{bits}", b"v=DKIM1; k=rsa; p=" + spki(self.keys[f"rsa{bits}"]))
        bare = openssl("rsa", "-RSAPublicKey_out", "-outform", "DER", data=self.keys["rsa2048"])
        self.keys["bare"] = self.keys["rsa2048"]
        self.publish("bare", b"p=" + base64.b64encode(bare))
        der = openssl("genpkey", "-quiet", "-algorithm", "ED25519", "-outform", "DER")
        public = openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", data=der)
        self.keys["ed"] = base64.b64encode(der[-32:])
        self.publish("ed", b"v=DKIM1; k=ed25519; p=" + base64.b64encode(public[-32:]))

    def publish(self, selector, record):
        for domain in ("example.com", "example.org"):
            name = f"{selector}._domainkey.{domain}"
            self.records[name.encode() + b"."] = record
            (self.into / name).write_bytes(record)

    def lookup(self, name, timeout=5):
        return self.records.get(name if isinstance(name, bytes) else name.encode())

    def sign(self, mail, forms=("relaxed", "relaxed"), selector="rsa2048", domain=b"example.com", fields=None, **more):
        forms = tuple(form.encode() for form in forms)
        return dkim.sign(mail, selector.encode(), domain, self.keys[selector], canonicalize=forms,
                         include_headers=list(fields or FIELDS), **more) + mail

    def write(self, name, mail):
        (self.into / f"{name}.mail").write_bytes(mail)

    def verifies(self, mail):
        """None where dkimpy takes it for no mail at all."""
        try:
            return dkim.DKIM(mail).verify(dnsfunc=self.lookup)
        except dkim.MessageFormatError:
            return None
        except dkim.DKIMException:
            return False


def write_forms(signer):
    bodies = {"": BODY, "-blank-end": BODY + b"\r\n" * 5 + b" \t\r\n\r\n", "-no-end": BODY + b"no line end", "-empty": b"",
              "-blank": b"\r\n\r\n\r\n"}
    for header in ("simple", "relaxed"):
        for body in ("simple", "relaxed"):
            for name, words in bodies.items():
                signer.write(f"{header}-{body}{name}", signer.sign(HEADER + b"\r\n" + words, (header, body)))


def write_others(signer):
    mail = HEADER + b"\r\n" + BODY
    for selector in ("rsa512", "rsa1024", "bare"):
        signer.write(selector, signer.sign(mail, selector=selector))
    signer.write("ed25519", signer.sign(mail, selector="ed", signature_algorithm=b"ed25519-sha256"))
    signer.write("sha1", signer.sign(mail, signature_algorithm=b"rsa-sha1"))
    signer.write("subdomain", signer.sign(mail, identity=b"anna@mail.example.com"))
    signer.write("limited", signer.sign(mail, length=True))
    signer.write("limited-simple", signer.sign(mail, ("simple", "simple"), length=True))
    signer.write("oversigned", signer.sign(mail, fields=FIELDS + [b"x-tag", b"x-tag", b"reply-to"]))
    for form in (b"simple", b"relaxed"):
        field = SortingSigner(mail).sign(b"rsa2048", b"example.com", signer.keys["rsa2048"], canonicalize=(form, form),
                                         include_headers=list(FIELDS))
        signer.write(f"sorted-{form.decode()}", field + mail)
    two = signer.sign(signer.sign(mail), domain=b"example.org", selector="rsa1024")
    signer.write("two", two)
    many = two
    for _ in range(3):
        many = signer.sign(many)
    signer.write("five", many)


def change(mail, dice):
    """One small change anywhere but in the signature's own field, such as a relay makes, or worse."""
    start = mail.index(b"\r\nReceived: ") + 2
    kinds = (lambda at: (at, b" ", at), lambda at: (at, b"\t", at), lambda at: (at, b"\r\n", at), lambda at: (at, b"x", at),
             lambda at: (at, b"", at + 1), lambda at: (at, mail[at:at + 1].swapcase(), at + 1), lambda at: (at, b"\r\n ", at),
             lambda at: (len(mail), dice.choice((b"\r\n", b"\r\n\r\n", b" \r\n", b"x")), len(mail)))
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        at, words, end = dice.choice(kinds)(dice.randrange(start, len(mail)))
        mail = mail[:at] + words + mail[end:]
    return mail


def is_clean(mail):
    """CR and LF come in pairs only: what becomes of others is left to the implementation."""
    rest = mail.replace(b"\r\n", b"")
    return b"\r" not in rest and b"\n" not in rest


def write_changed(signer):
    dice = random.Random(6376)
    lines = []
    signed = [signer.sign(HEADER + b"\r\n" + BODY, (header, body))
              for header in ("simple", "relaxed") for body in ("simple", "relaxed")]
    while len(lines) < 400:
        mail = change(dice.choice(signed), dice)
        verified = signer.verifies(mail) if is_clean(mail) else None
        if verified is None:
            continue
        name = f"changed-{len(lines):03}"
        signer.write(name, mail)
        lines.append(f"{name} {'yes' if verified else 'no'}\n")
    (signer.into / "judged.txt").write_text("".join(lines))


def main(into):
    signer = Signer(into)
    write_forms(signer)
    write_others(signer)
    write_changed(signer)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
