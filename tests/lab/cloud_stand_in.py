# SPDX-License-Identifier: MIT
"""Stand-ins for what is asked of a provider beside mail: OVH's interface for programs (api.ovh.com,
with its signed requests) and a token server (RFC 6749). They listen on a UNIX socket; a real nginx
in front of it speaks TLS. A second, plain port tells Dovecot whose a token is.

What the interface tells is by mailbox (`told`), beside that all is well:

    told[address] = {"account": {"spamDetected": True}, "domain": {"mxIsValid": False}}
    told[address] = {"status": 460}    of each question about the account
    told[address] = {"granted": False}

Whom the token server refuses is told likewise: told[address] = {"token": "invalid_grant"}.
"""

import hashlib
import http.server
import json
import os
import secrets
import socketserver
import threading
import time
from urllib.parse import parse_qs, unquote, urlsplit

import hosts

SERVICE = "hosted-lab1111-1"
KEY = tuple(secrets.token_hex(size) for size in (8, 16, 16))  # application, its secret, consumer
CLOCK_SKEW = 30  # seconds that a request may be off
TENANT, APPLICATION = "office.example", "11111111-2222-3333-4444-555555555555"
TOKEN_PORT = 10090


def _stamp(ago):
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() - ago))


def account(address):
    return {
        "primaryEmailAddress": address,
        "state": "ok",
        "spamDetected": False,
        "spamTicketNumber": None,
        "quota": 50,
        "currentUsage": 1024,
        "passwordLastUpdate": _stamp(86400 * 40),
        "expirationDate": _stamp(-86400 * 200)[:10],
    }


def service():
    return {
        "state": "ok",
        "hostname": "ex4.mail.ovh.net",
        "lockoutThreshold": 5,
        "lockoutDuration": 30,
        "lockoutObservationWindow": 15,
    }


def domain():
    valid = {"mxIsValid": True, "srvIsValid": True, "spfIsValid": True}
    return {"state": "ok", **valid, "dkimDiagnostics": {"state": "active"}}


def diagnostics():
    bad = dict.fromkeys(("isSpammer", "isSuspended", "isLocked"), False)
    good = ("connectiveOWA", "isMxValid", "canReceiveEmail", "isSrvValid", "canSendEmail")
    return {**bad, **dict.fromkeys(good, True), "lastCheck": _stamp(600)}


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "-"

    def log_message(self, format, *args):
        pass

    def do_GET(self):
        host = self.headers.get("Host", "")
        if host == hosts.API:
            return self._interface()
        if urlsplit(self.path).path == "/whose":
            return self._whose()
        return self._json(404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.headers.get("Host") == hosts.API:
            return self._interface(body)
        if self.headers.get("Host") == hosts.TOKENS:
            return self._token(parse_qs(body.decode("utf-8")))
        return self._json(404, {})

    def _json(self, status, value):
        words = json.dumps(value).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("X-OVH-QUERYID", "EU.ext-lab." + secrets.token_hex(4))
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    # ---- OVH ----

    def _refuse(self, status, code):
        self._json(status, {"class": "Client::Forbidden", "message": code, "errorCode": code})

    def _trouble(self, body):
        """What is wrong with the signature of a request, or None."""
        application, secret, consumer = KEY
        head = {name: self.headers.get(f"X-Ovh-{name}", "") for name in ("Timestamp", "Signature")}
        if self.headers.get("X-Ovh-Application") != application:
            return "INVALID_KEY"
        if self.headers.get("X-Ovh-Consumer") != consumer:
            return "INVALID_CREDENTIAL"
        url = f"https://{hosts.API}{self.path}"
        words = (secret, consumer, self.command, url, body.decode("utf-8"), head["Timestamp"])
        right = "$1$" + hashlib.sha1("+".join(words).encode("utf-8")).hexdigest()
        late = abs(int(head["Timestamp"] or "0") - time.time()) > CLOCK_SKEW
        return "INVALID_SIGNATURE" if late or head["Signature"] != right else None

    def _interface(self, body=b""):
        path = unquote(self.path)
        if path == "/1.0/auth/time":
            return self._json(200, int(time.time()))
        trouble = self._trouble(body)
        if trouble is not None:
            return self._refuse(403, trouble)
        if (self.command, path) == ("POST", "/1.0/support/tickets/create"):
            stand_in = self.server.stand_in
            stand_in.tickets.append(json.loads(body))
            number = 2026112300 + len(stand_in.tickets)
            return self._json(200, {"messageId": 1, "ticketId": 2, "ticketNumber": number})
        base = f"/1.0/email/exchange/{SERVICE}/service/{SERVICE}"
        if not path.startswith(base):
            return self._json(404, {"message": "This service does not exist"})
        return self._about(path[len(base) :].strip("/").split("/"), body)

    def _about(self, words, body):
        """What is told of service, domain, account and its diagnostics."""
        stand_in = self.server.stand_in
        address = words[1] if words[0] == "account" else stand_in.last
        stand_in.last = address
        told = stand_in.told.get(address, {})
        if not told.get("granted", True):
            return self._refuse(403, "NOT_GRANTED_CALL")
        if "status" in told:
            return self._json(told["status"], {"message": "The requested object has expired"})
        if words == [""]:
            return self._json(200, {**service(), **told.get("service", {})})
        if words[0] == "domain":
            return self._json(200, {**domain(), **told.get("domain", {})})
        if self.command == "POST":
            stand_in.right = stand_in.owner_of(json.loads(body)["password"]) == address
            return self._json(200, {"id": 4711, "function": "diagnoseAccount", "status": "todo"})
        if "tasks" in words:
            return self._json(200, {"id": 4711, "function": "diagnoseAccount", "status": "done"})
        if words[-1] == "diagnostics" and stand_in.right is not None:
            fresh = {"connectiveOWA": stand_in.right, "lastCheck": _stamp(0)}
            stand_in.right = None
            return self._json(200, {**diagnostics(), **fresh})
        if words[-1] == "diagnostics":
            return self._json(200, {**diagnostics(), **told.get("diagnostics", {})})
        return self._json(200, {**account(address), **told.get("account", {})})

    # ---- tokens ----

    def _token(self, form):
        stand_in = self.server.stand_in
        given = form.get("client_secret", form.get("refresh_token", [""]))[0]
        address = stand_in.owner_of(given)
        known = form.get("client_id") == [APPLICATION] and self.path.startswith(f"/{TENANT}/")
        error = stand_in.told.get(address, {}).get("token")
        if not known:
            error = "unauthorized_client"
        elif address is None:
            error = "invalid_client"
        if error is not None:
            stand_in.refused.append(error)
            return self._json(400, {"error": error, "error_description": "The lab said no."})
        token = secrets.token_urlsafe(900)
        stand_in.tokens[token] = address
        return self._json(
            200, {"token_type": "Bearer", "expires_in": 3599, "access_token": token}
        )

    def _whose(self):
        token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
        address = self.server.stand_in.tokens.get(token)
        if address is None:
            return self._json(401, {"error": "invalid_token"})
        return self._json(200, {"email": address, "expires_in": 3000})


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = 64


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads, allow_reuse_address = True, True


class CloudStandIn:
    """owner_of(secret) says whose secret that is; tokens: token -> mailbox."""

    def __init__(self, namespaces, path, owner_of):
        self.owner_of = owner_of
        self.told, self.tokens, self.refused = {}, {}, []
        self.tickets = []  # what was sent to open each
        self.last = ""  # the mailbox that was asked about last
        self.right = None  # whether the diagnostic that goes on was given the right password
        self.servers = [
            UnixServer(path, Request),
            namespaces.call("provider", TcpServer, ("127.0.0.1", TOKEN_PORT), Request),
        ]
        os.chmod(path, 0o666)
        for server in self.servers:
            server.stand_in = self
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        for server in self.servers:
            server.shutdown()
            server.server_close()
