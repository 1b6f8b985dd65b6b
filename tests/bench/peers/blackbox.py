# SPDX-License-Identifier: MIT
"""The configuration of prometheus-blackbox-exporter for a mailbox, and what is scraped: a probe for
each endpoint, both families where the others ask both, logins by query_response."""

import base64
import json
from urllib.parse import urlencode

PORT = 9115
TIMEOUT = "20s"
FAMILIES = (("4", "ip4"), ("6", "ip6"))


def dns(name, kind, wanted, transport="udp"):
    return {
        "prober": "dns",
        "timeout": TIMEOUT,
        "dns": {
            "query_name": name,
            "query_type": kind,
            "recursion_desired": True,
            "transport_protocol": transport,
            "preferred_ip_protocol": "ip4",
            "validate_answer_rrs": {"fail_if_none_matches_regexp": [wanted]},
        },
    }


def tcp(name, family, *talk, tls=False):
    settings = {
        "preferred_ip_protocol": family,
        "ip_protocol_fallback": False,
        "tls": tls,
        "tls_config": {"server_name": name},
        "query_response": list(talk),
    }
    return {"prober": "tcp", "timeout": TIMEOUT, "tcp": settings}


def http(**settings):
    common = {"preferred_ip_protocol": "ip4", "follow_redirects": False}
    return {"prober": "http", "timeout": TIMEOUT, "http": common | settings}


def hear(words):
    return {"expect": words}


def say(words, *expected):
    return ({"send": words}, *map(hear, expected))


START_TLS = (
    hear("^220"),
    *say("EHLO prober", "^250[ -]STARTTLS"),
    *say("STARTTLS", "^220"),
    {"starttls": True},
    *say("EHLO prober", "^250 "),
)
QUIT = say("QUIT", "^221")


def envelope(address):
    """As far as the recipient: the exporter has no means to look for a mail afterwards."""
    return (*say(f"MAIL FROM:<{address}>", "^250"), *say(f"RCPT TO:<{address}>", "^250"))


def probes(box):
    """(name, module, target) of each."""
    password = box["PASSWORD"]
    plain = base64.b64encode(f"\0{box['ADDRESS']}\0{password}".encode()).decode()
    form = {
        "destination": f"https://{box['WEBMAIL']}/owa/",
        "flags": "4",
        "username": box["ADDRESS"],
        "password": password,
    }
    for name, kind, wanted in (
        (box["DOMAIN"], "MX", box["FIRST_MX"]),
        (f"_autodiscover._tcp.{box['DOMAIN']}", "SRV", box["EXPECTED_SRV"]),
        (box["DOMAIN"], "TXT", "v=spf1"),
        (f"_dmarc.{box['DOMAIN']}", "TXT", "v=DMARC1"),
        (f"_mta-sts.{box['DOMAIN']}", "TXT", "v=STSv1"),
    ):
        yield f"dns_{kind}_{name}", dns(name, kind, wanted), box["RESOLVER"]
    # The exporter does not ask again over TCP where an answer is longer than 512 bytes.
    key = f"{box['SELECTOR']}._domainkey.{box['DOMAIN']}"
    yield "dkim", dns(key, "TXT", "v=DKIM1", transport="tcp"), box["RESOLVER"]
    for name, absent in (("blocklist", box["LISTED"]), ("alias", f"autodiscover.{box['DOMAIN']}")):
        module = dns(absent, "A", "")
        module["dns"] |= {"valid_rcodes": ["NXDOMAIN"], "validate_answer_rrs": {}}
        yield name, module, box["RESOLVER"]
    yield "control", tcp("", "ip4"), box["CONTROL"]
    yield "portal", http(), f"http://{box['CONTROL'].split(':')[0]}/"
    imap = (hear("^\\* OK"), *say(f'a LOGIN "{box["ADDRESS"]}" "{password}"', "^a OK"))
    user = say(f"USER {box['ADDRESS']}", "^\\+OK")
    pop = (hear("^\\+OK"), *user, *say(f"PASS {password}", "^\\+OK"))
    submission = (*START_TLS, *say(f"AUTH PLAIN {plain}", "^235"), *envelope(box["ADDRESS"]), *QUIT)
    inbound = (*START_TLS, *envelope(box["ADDRESS"]), *QUIT)
    for name, host, port, tls, first, other in (
        ("imap", "IMAP", 993, True, (*imap, *say("b LOGOUT", "^b OK")), imap[:1]),
        ("pop", "POP", 995, True, (*pop, *say("QUIT", "^\\+OK")), pop[:1]),
        ("submission", "SUBMISSION", 587, False, submission, (*START_TLS, *QUIT)),
        ("mx", "FIRST_MX", 25, False, inbound, (*START_TLS, *QUIT)),
    ):
        for (family, protocol), talk in zip(FAMILIES, (first, other)):
            module = tcp(box[host], protocol, *talk, tls=tls)
            yield f"{name}_{family}", module, f"{box[host]}:{port}"
    web = f"https://{box['WEBMAIL']}"
    yield "webmail_6", tcp(box["WEBMAIL"], "ip6", tls=True), f"{box['WEBMAIL']}:443"
    yield (
        "webmail_login",
        http(
            method="POST",
            body=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Cookie": "PBack=0"},
            valid_status_codes=[302],
            fail_if_header_not_matches=[{"header": "Set-Cookie", "regexp": "^cadata"}],
        ),
        f"{web}/owa/auth.owa",
    )
    yield "webmail_health", http(), f"{web}/owa/healthcheck.htm"
    yield (
        "activesync",
        http(
            method="OPTIONS",
            basic_auth={"username": box["ADDRESS"], "password": password},
        ),
        f"https://{box['EXCHANGE']}/Microsoft-Server-ActiveSync",
    )


def write(box, path):
    """JSON is YAML."""
    modules = {name: module for name, module, _ in probes(box)}
    path.write_text(json.dumps({"modules": modules}), encoding="utf-8")
    path.chmod(0o600)


def scrape(box, debug, directory):
    """What curl is told: each probe's page into a file."""
    for name, _, target in probes(box):
        words = {"module": name, "target": target, **({"debug": "true"} if debug else {})}
        yield from ("-o", str(directory / f"{name}.page"))
        yield f"http://127.0.0.1:{PORT}/probe?{urlencode(words)}"


def failed(directory):
    """The pages of the probes that failed, without the configuration that each of them repeats."""
    pages = (path.read_text(encoding="utf-8") for path in sorted(directory.glob("*.page")))
    failures = (page for page in pages if "\nprobe_success 0\n" in page)
    return "".join(page.split("Module configuration:")[0] for page in failures)
