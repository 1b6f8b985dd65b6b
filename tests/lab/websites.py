# SPDX-License-Identifier: MIT
"""The world that is neither the office nor its provider: customers' web sites, two large companies
that answer on every port, and the places where keys and tokens are asked. All TLS is a real
nginx's."""

import socket
import socketserver
import threading

import hosts
from servers import write

NGINX = """
daemon off;
master_process off;
pid {run}/elsewhere/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
    access_log {logs}/elsewhere-access.log combined;
    client_body_temp_path {run}/elsewhere;
    proxy_temp_path {run}/elsewhere;
    fastcgi_temp_path {run}/elsewhere;
    uwsgi_temp_path {run}/elsewhere;
    scgi_temp_path {run}/elsewhere;
    server_names_hash_bucket_size 128;
    default_type text/plain;
{servers}
}}
"""

POLICY = """version: STSv1
mode: enforce
mx: {mx}
max_age: 604800
"""
POLICY_PATH = "/.well-known/mta-sts.txt"
AUTODISCOVER = "/autodiscover/autodiscover.xml"

# What a web hoster's own settings service tells every mail program: mailboxes of another kind.
IMAP_SETTINGS = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">'
    '<Response xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/'
    'responseschema/2006a">'
    "<Account><AccountType>email</AccountType><Action>settings</Action>"
    "<Protocol><Type>IMAP</Type><Server>imap.elsewhere.example</Server><Port>993</Port>"
    "<SSL>on</SSL><AuthRequired>on</AuthRequired></Protocol>"
    "<Protocol><Type>SMTP</Type><Server>smtp.elsewhere.example</Server><Port>465</Port>"
    "<SSL>on</SSL><AuthRequired>on</AuthRequired></Protocol>"
    "</Account></Response></Autodiscover>"
)


def says(text, kind="text/plain"):
    return f"default_type {kind}; return 200 '{text}';"


def goes(where):
    return f"return 302 {where};"


# host: (certificate, {path: what is done})
SITES = {
    "office.example": ("website", {"/": says("Welcome to our office")}),
    "mta-sts.office.example": ("website", {POLICY_PATH: says(POLICY.format(mx="*.mail.ovh.net"))}),
    "mta-sts.sts-mismatch.example": (
        "website",
        {POLICY_PATH: says(POLICY.format(mx="mx.elsewhere.example"))},
    ),
    "mta-sts.sts-expired.example": (
        "expired-website",
        {POLICY_PATH: says(POLICY.format(mx="*.mail.ovh.net"))},
    ),
    "mta-sts.sts-no-policy.example": ("website", {}),
    "on-website.example": ("website", {AUTODISCOVER: says(IMAP_SETTINGS, "text/xml")}),
    "mailconfig.ovh.net": ("website", {AUTODISCOVER: says(IMAP_SETTINGS, "text/xml")}),
    "autodiscover.shadowed.example": (
        "website",
        {AUTODISCOVER: says(IMAP_SETTINGS, "text/xml")},
    ),
    "autodiscover.wrong-name.example": ("other-name", {}),
    "autodiscover.in-a-circle.example": (
        "website",
        {AUTODISCOVER: goes("https://autodiscover.in-a-circle.example" + AUTODISCOVER)},
    ),
}


def _locations(pages):
    return "".join(
        f"        location {'/' if path == '/' else '~* ^' + path + '$'} {{ {action} }}\n"
        for path, action in pages.items()
    )


def _listen(addresses, *ports):
    return "".join(
        f"        listen {f'[{a}]' if ':' in a else a}:{port}{'' if port == 80 else ' ssl'};\n"
        for a in addresses
        for port in ports
    )


def _server(addresses, ports, names, certificate, inside):
    return (
        f"    server {{\n{_listen(addresses, *ports)}        server_name {names};\n"
        f"        ssl_certificate {certificate};\n        ssl_certificate_key {certificate};\n"
        f"{inside}    }}\n"
    )


class Elsewhere:
    """certify: as Authority.certify. Writes nginx's configuration, and starts the greeters."""

    def __init__(self, namespaces, run_directory, logs, certify):
        self.config = f"{run_directory}/elsewhere/nginx.conf"
        certificates = {
            "website": certify("website", [host for host in SITES if host not in _ODD]),
            "expired-website": certify(
                "expired-website", ["mta-sts.sts-expired.example"], expired=True
            ),
            "other-name": certify("other-website", ["www.elsewhere.example"]),
        }
        parts = [
            _server(hosts.WEBSITE, (80, 443), name, certificates[which], _locations(pages))
            for name, (which, pages) in SITES.items()
        ]
        for at, control in enumerate(hosts.CONTROLS):
            names = [name for name, place in hosts.CONTROL_NAMES.items() if place == control]
            certificate = certify(f"control-{at}", names)
            inside = _locations({"/": says("Hello")})
            parts.append(_server(control, (80, 443, 465, 993, 995), "_", certificate, inside))
        certificate = certify("services", [hosts.API, hosts.TOKENS])
        for name in (hosts.API, hosts.TOKENS):
            inside = (
                f"        location / {{ proxy_pass http://unix:{run_directory}/services:; "
                "proxy_set_header Host $host; }\n"
            )
            parts.append(_server(hosts.HOSTS[name], (443,), name, certificate, inside))
        write(self.config, NGINX.format(run=run_directory, logs=logs, servers="".join(parts)))
        self.greeters = Greeters(namespaces)

    def stop(self):
        self.greeters.stop()


_ODD = ("mta-sts.sts-expired.example", "autodiscover.wrong-name.example")


class _Greeting(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"220 smtp.control.example ESMTP\r\n")
        for line in self.rfile:
            if line.strip().upper() == b"QUIT":
                self.wfile.write(b"221 2.0.0 Bye\r\n")
                return
            self.wfile.write(b"502 5.5.1 Only here to be seen\r\n")


class _Greeter(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True

    def __init__(self, address, port):
        self.address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        super().__init__((address, port), _Greeting)


class Greeters:
    """Stand-ins for the mail servers of the two large companies: they greet and say good-bye."""

    def __init__(self, namespaces):
        places = [(a, port) for pair in hosts.CONTROLS for a in pair for port in (25, 587)]
        self.servers = [namespaces.call("elsewhere", _Greeter, *place) for place in places]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()
