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
    "pop": ("dialect_pop", "talk_pop"),
    "webmail": ("dialect_http", "talk_owa"),
    "exchange": ("dialect_http", "talk_exchange"),
    "provider-api": ("dialect_http", "talk_api"),
    "token": ("dialect_http", "talk_token"),
    "autodiscover": ("dialect_http", "talk_autodiscover"),
}

# A key of 1024 bits, whose other half nobody has, and the hash of an empty body.
DKIM_KEY = ("v=DKIM1; k=rsa; p="
           "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQCeY9rC0qtlZTnNVwyg6ztOjqfcjarJeOUx8vJKSxz6q2jzg7kU1m"
           "A7tv2ZqhC3juCpmMgUzIAzu2tg6VL857qfejBgA/6LqaVoJYlJ20UwYm6Lu0kF9oQnMkviqB3MKG7PSV0CUgoRRRCq"
           "hVuIbaYOnFA3BrFvXir1MYPTuH6x1wIDAQAB")
DKIM_FIELD = ("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=s;\r\n h=From:To; l=0; t=1; x=2000000000;"
              " i=@example.com;\r\n bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n")
ARC_SET = ("ARC-Seal: i=1; a=rsa-sha256; cv=none; d=a.example; s=s; b=AAAA\r\nARC-Message-Signature: i=1; h=from; b=AAAA\r\n"
           "ARC-Authentication-Results: i=1; mx.a.example; spf=pass\r\n")

WORDS = {
    "markup": ('<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="urn:a"><s:Body><m:R c="E"><m:C>Error</m:C></m:R></s:Body></s:Envelope>',
               "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><![CDATA[<b>]]>&#x41;&lt;<?p q?><!-- r --></a>", "<html><br></html>"),
    "pox": ("<Autodiscover><Response><Account><Action>settings</Action><Protocol><Type>EXPR</Type><Server>a.example</Server>"
            "<EwsUrl>https://a.example/EWS</EwsUrl></Protocol><Protocol Type='mapiHttp'><MailStore><ExternalUrl>https://b.example/"
            "</ExternalUrl></MailStore></Protocol></Account></Response></Autodiscover>",
            "<Autodiscover><Response><Account><Action>redirectUrl</Action><RedirectUrl>https://a.example:8443/x?y#z</RedirectUrl>"
            "</Account></Response></Autodiscover>", '{"Protocol":"EWS","Url":"https://a.example/EWS"}', "https://a.example/x", "/x"),
    "address": ("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1%eth0", "anna@example.com", "a.b+c@sub.example", "@", "1.2.3"),
    "policy_records": ("v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=r; t=y; psd=n; fo=1:d:s; rua=mailto:a@example.com",
                       b"\xff\xffv=DMARC1; p=none; pct=50; rua=a@example.com!10m\xffv=DMARC1; psd=y",
                       b"v=STSv1; id=20160831085700Z;\xffv=TLSRPTv1; rua=mailto:a@example.com,https://b.example/c\xffca.example; a=b\xfe;"),
    "mta_sts": ("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n",
                "version: STSv1\nmode: none\nmax_age: 0\n", "<html>"),
    "spf": ("anna@a.example\nb.example\nv=spf1 a mx/24//64 include:b.example ip4:192.0.2.0/24 ?all\n"
            "v=spf1 ptr exists:%{ir}.%{v}.%{l2r-}.%{d2}.example redirect=c.example\n",
            "@b.example\n%{h}\nv=spf1 include:%{p}.%{o}.example -a:%{H} ~ip6:2001:db8::/32 exp=%{s}.example -all\n"),
    "settings": ('{"accounts":[{"address":"anna@example.com","profile":"generic","host":"mail.example.com","patience_s":20}]}',
                 '{"resolvers":["192.0.2.53"],"language":"fr","suite_deadline_s":60,"accounts":[]}', "{}", '{"accounts":[{}]}'),
    "command": ('{"id":"42","do":"run","account":"anna@example.com","checks":["dns.mx","account.lock"]}',
                '{"id":"a","do":"explain","code":"set-mx","language":"fr"}', '{"id":"b","do":"support","account":"a@b.example"}',
                '{"id":"c","do":"pause","seconds":604800}', '{"id":"d","do":"resume"}', '{"id":"e","do":"wait","seconds":1.5}',
                '{"id":"f","do":"forget-refusal","account":"anna@example.com"}', '{"id":"\\u0000","do":"fly"}', "[[[[{}]]]]"),
    "oauth": ('{"token_type":"Bearer","expires_in":3599,"access_token":"a.b-c","refresh_token":"d"}',
              '{"error":"invalid_grant","error_description":"AADSTS65001: Some words."}', "eyJzdGF0dXMiOiI0MDAifQ=="),
    "header": (f"X-Gatepost-Token: {MARK}-out\r\n", f"In-Reply-To: <{MARK}-out@x>\r\nReferences: <a@b>\r\n <{MARK}-out@x>\r\n",
               "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; path=/\r\nSet-Cookie: b=2\r\n\r\nbody"),
    "dkim": (f"{DKIM_KEY}\0{DKIM_FIELD}From: a@example.com\r\nTo: b@example.com\r\n\r\n",
             f"{DKIM_KEY}; t=y:s; h=sha256; s=email\0{DKIM_FIELD.replace('relaxed', 'simple')}From: a\r\n\r\n body \t\r\n\r\n \r\nend",
             "v=DKIM1; k=ed25519; p=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\0" + DKIM_FIELD.replace("rsa-", "ed25519-") + "From: a\r\n"),
    "witness": ("Received: from a.example (x [192.0.2.1]) (using TLSv1.3) by mx.example.com with ESMTPS id 1\r\n for <b>;"
                " Mon, 23 Nov 2026 12:00:00 +0000 (UTC)\r\n"
                "Authentication-Results: mx.example.com 1; spf=pass (ok) smtp.mailfrom=a@b.example;\r\n dkim/1=fail reason=\"x;y\""
                " header.d=b.example header.s=s; dmarc=none header.from=b.example\r\nReceived-SPF: Pass (x) envelope-from=a@b.example;\r\n"
                "Received: by other.example with Microsoft SMTP Server id 15; 23 Nov 26 06:59 EST\r\n" + ARC_SET + "\r\n",
                "Authentication-Results: spf=fail (sender IP is 1) smtp.mailfrom=b;dmarc=fail action=none header.from=b;compauth=fail\r\n",
                "Mon, 23 Nov 2026 12:00:00 +0100 (CET)", ARC_SET + ARC_SET.replace("i=1", "i=2").replace("none", "pass")),
}


RECORDS = (
    (1, b"\xc0\0\2\1"), (28, b"\x20\1" + bytes(14)), (15, b"\0\5\2mx\xc0\x11"), (33, b"\0\1\0\2\1\xbb\2ex\xc0\x11"),
    (16, b"\6v=spf1\5 -all"), (5, b"\5other\xc0\x11"), (2, b"\3ns1\xc0\x11"), (12, b"\3ptr\xc0\x11"),
    (6, b"\3ns1\xc0\x11\4host\xc0\x11" + bytes(20)), (52, b"\3\1\1" + bytes(32)), (257, b"\0\5issueca.example"))


def reply(number, record):
    """A resolver's answer about mail.example.com with one record of a type."""
    asked = b"\4mail\7example\3com\0" + number.to_bytes(2, "big") + b"\0\1"
    found = b"\xc0\x0c" + number.to_bytes(2, "big") + b"\0\1\0\0\1\0" + len(record).to_bytes(2, "big") + record
    return b"\0\0\x81\x80\0\1\0\1\0\0\0\0" + asked + found


def main(tree, into):
    for path in sorted((tree / "tests/transcripts").glob("*/*.txt")):
        for service, speeches in talks(path, tree):
            if service not in TARGETS:
                continue
            dialect, talk = TARGETS[service]
            write(into, talk, b"\xff".join(speeches))
            for number, speech in enumerate(speeches):
                speech = re.sub(rb"(?m)^g\d+ ", b"g1 ", speech)
                asked = b"\xff" if number == 0 and service == "imap" else bytes([min(number, 3)]) if service == "pop" else b""
                write(into, dialect, b"\x40" + speech + asked)
    for target, seeds in WORDS.items():
        for seed in seeds:
            write(into, target, seed if isinstance(seed, bytes) else seed.encode())
    for number, record in RECORDS:
        write(into, "reply", reply(number, record))
    for path in sorted((tree / "config/profiles").glob("*.json")):
        write(into, "profile", path.read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
