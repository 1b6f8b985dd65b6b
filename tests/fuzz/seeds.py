#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes seeds for the fuzz targets out of the transcripts, the profiles and a few words.

    seeds.py TREE INTO      writes INTO/TARGET/NAME
"""

import hashlib
import re
import sys
from pathlib import Path

MARK = "000102030405060708090a0b0c0d0e0f"
STAND_INS = {"${mark}": MARK, "${token-out}": MARK + "-out", "${token-in}": MARK + "-in", "${helo}": "office-gateway.example"}


def lines_of(path, tree):
    for line in path.read_text(encoding="utf-8", errors="surrogateescape").split("\n"):
        if line.startswith("include: "):
            yield from lines_of(tree / "tests/transcripts" / line[9:].strip(), tree)
        else:
            yield line


def expand(words):
    for name, value in STAND_INS.items():
        words = words.replace(name, value)
    words = re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), words).replace("\\0", "\0")
    return words.encode("utf-8", errors="surrogateescape")


def spoken(line):
    """The bytes of one line that a server says, or None."""
    found = re.match(r"S(\+?)(?:\*(\d+))?:? ?(.*)$", line)
    if not found or line.startswith("S>"):
        return None
    words = expand(found[3]) + (b"" if found[1] else b"\r\n")
    return words * min(int(found[2] or 1), 200)


def response(head, body):
    fields = b"".join(field + b"\r\n" for field in head[1:])
    if not re.search(rb"(?i)content-length|transfer-encoding|connection: close", fields):
        fields += b"Content-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 " + head[0] + b"\r\n" + fields + b"\r\n" + body


def talks(path, tree):
    """For each connection: its service, and its server's speeches in order."""
    service, speeches, said, head, body, tag = None, [], b"", [], b"", 0
    for line in list(lines_of(path, tree)) + ["== end"]:
        if head and not line.startswith("S> ") or re.match(r"S> \d", line) and head:
            said += response(head, body)
            head, body = [], b""
        if line.startswith("== "):
            if service:
                yield service, speeches + [said]
            service, speeches, said, tag = line.split()[1], [], b"", 0
        elif line.startswith("S> | "):
            body += expand(line[5:])
        elif line.startswith("S> "):
            head.append(expand(line[3:]))
        elif line.startswith("C"):
            tag += line.startswith("C: <tag>")
            if said:
                speeches, said = speeches + [said], b""
        elif line.startswith("S"):
            said += (spoken(line) or b"").replace(b"<tag>", b"g%d" % tag)


def write(into, target, data):
    folder = into / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


TARGETS = {
    "submission": ("dialect_smtp", "talk_smtp"),
    "mx": ("dialect_smtp", "talk_mx"),
    "imap": ("dialect_imap", "talk_imap"),
    "webmail": ("dialect_http", "talk_owa"),
}

WORDS = {
    "address": ("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0", "anna@example.com", "a.b+c@sub.example", "@", "1.2.3"),
    "settings": ('{"accounts":[{"address":"anna@example.com","profile":"generic","host":"mail.example.com","patience_s":20}]}',
                 '{"resolvers":["192.0.2.53"],"language":"fr","suite_deadline_s":60,"accounts":[]}', "{}", '{"accounts":[{}]}'),
    "command": ('{"id":"42","do":"run","account":"anna@example.com","checks":["dns.mx","account.lock"]}',
                '{"id":"a","do":"explain","code":"set-mx","language":"fr"}', '{"id":"b","do":"support","account":"a@b.example"}',
                '{"id":"c","do":"pause","seconds":604800}', '{"id":"d","do":"resume"}', '{"id":"e","do":"wait","seconds":1.5}',
                '{"id":"f","do":"forget-refusal","account":"anna@example.com"}', '{"id":"\\u0000","do":"fly"}', "[[[[{}]]]]"),
    "header": (f"X-Gatepost-Token: {MARK}-out\r\n", f"In-Reply-To: <{MARK}-out@x>\r\nReferences: <a@b>\r\n <{MARK}-out@x>\r\n",
               "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; path=/\r\nSet-Cookie: b=2\r\n\r\nbody"),
}


def main(tree, into):
    for path in sorted((tree / "tests/transcripts").glob("*/*.txt")):
        for service, speeches in talks(path, tree):
            if service not in TARGETS:
                continue
            dialect, talk = TARGETS[service]
            write(into, talk, b"\xff".join(speeches))
            for number, speech in enumerate(speeches):
                speech = re.sub(rb"(?m)^g\d+ ", b"g1 ", speech)
                write(into, dialect, b"\x40" + speech + (b"\xff" if number == 0 and service == "imap" else b""))
    for target, seeds in WORDS.items():
        for seed in seeds:
            write(into, target, seed.encode())
    for path in sorted((tree / "config/profiles").glob("*.json")):
        write(into, "profile", path.read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
