# SPDX-License-Identifier: MIT
"""Stand-ins for appliances that sit on an office's line: mail inspection, TLS inspection, a sign-in
page. lines.py says what is sent to them; where it was bound for, the kernel tells."""

import http.server
import re
import socket
import socketserver
import ssl
import struct
import threading

import hosts

SMTP_INSPECTOR, TLS_INSPECTOR, PORTAL, PORTAL_TLS = 10025, 10443, 10080, 10444
ORIGINAL_DESTINATION = 80  # SO_ORIGINAL_DST and IP6T_SO_ORIGINAL_DST
SIGN_IN = "http://sign-in.hotel.example/login"
SIGN_IN_PAGE = """<!DOCTYPE html><html><head><title>Welcome</title></head><body>
<form action="/login" method="POST"><label>Room <input name="room"></label>
<label>Code <input name="code" type="password"></label></form></body></html>
"""


def bound_for(connection):
    """Where a redirected connection was to go: address and port."""
    name = connection.getsockname()[0]
    if name.startswith("::ffff:"):
        raw = connection.getsockopt(socket.SOL_IP, ORIGINAL_DESTINATION, 16)
        return socket.inet_ntop(socket.AF_INET, raw[4:8]), struct.unpack_from("!H", raw, 2)[0]
    raw = connection.getsockopt(socket.IPPROTO_IPV6, ORIGINAL_DESTINATION, 28)
    return socket.inet_ntop(socket.AF_INET6, raw[8:24]), struct.unpack_from("!H", raw, 2)[0]


class Relay(socketserver.BaseRequestHandler):
    """Between the caller and whom it called, until one of them ends."""

    def handle(self):
        try:
            with self.server.dial(bound_for(self.request)) as there:
                self.join(self.request, there)
        except OSError:
            pass

    def join(self, here, there):
        words = (there, here, self.from_server)
        back = threading.Thread(target=self._copy, args=words, daemon=True)
        back.start()
        self._copy(here, there, lambda words: words)
        back.join()

    @staticmethod
    def _copy(source, target, change):
        try:
            while words := source.recv(65536):
                target.sendall(change(words))
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def from_server(self, words):
        return words


class SmtpInspection(Relay):
    """Masks the greeting, and puts other letters in place of what is not to be used."""

    def setup(self):
        self.greeted = False

    def from_server(self, words):
        if not self.greeted:
            self.greeted = True
            return re.sub(rb"[^ 0-9\r\n]", b"*", words)
        return words.replace(b"STARTTLS", b"XXXXXXXA")


class TlsInspection(Relay):
    """Ends TLS with a certificate of its own authority, and begins it anew to the server."""

    def join(self, here, there):
        plain = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        plain.check_hostname, plain.verify_mode = False, ssl.CERT_NONE
        with self.server.context.wrap_socket(here, server_side=True) as inside:
            with plain.wrap_socket(there) as outside:
                super().join(inside, outside)


class SignIn(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        host = self.headers.get("Host", "")
        if host == "sign-in.hotel.example":
            return self._reply(200, SIGN_IN_PAGE)
        return self._reply(302, "", ("Location", f"{SIGN_IN}?to={host}"))

    do_POST = do_GET

    def _reply(self, status, text, *headers):
        self.send_response(status)
        for name, value in (*headers, ("Content-Length", str(len(text)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode("ascii"))

    def log_message(self, format, *args):
        pass


class SecureSignIn(SignIn):
    def setup(self):
        self.request = self.server.context.wrap_socket(self.request, server_side=True)
        super().setup()


class Appliance(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True
    address_family = socket.AF_INET6
    request_queue_size = 64

    def __init__(self, namespaces, port, handler, certificate):
        super().__init__(("::", port), handler)
        # Threads begin in the machine's own namespace: they call out from the router's.
        self.dial = lambda place: namespaces.call("internet", socket.create_connection, place, 10)
        if certificate is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)

    def handle_error(self, request, client_address):
        pass  # a caller that turns away from the certificate


class Middleboxes:
    """certify: as Authority.certify, of whose authorities the office does not know "inspection"."""

    def __init__(self, namespaces, certify):
        inspection = certify("inspection-of-all", list(hosts.HOSTS), issuer="inspection")
        portal = certify("portal", ["sign-in.hotel.example"], issuer="stranger")
        self.servers = [
            namespaces.call("internet", Appliance, namespaces, *words)
            for words in (
                (SMTP_INSPECTOR, SmtpInspection, None),
                (TLS_INSPECTOR, TlsInspection, inspection),
                (PORTAL, SignIn, None),
                (PORTAL_TLS, SecureSignIn, portal),
            )
        ]
        for server in self.servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()
