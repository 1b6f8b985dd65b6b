# SPDX-License-Identifier: MIT
"""A stand-in for the web face of Exchange Server: Outlook on the web with its forms login, health
pages, and the services of exchange_stand_in.py. It is not Exchange: it answers as Exchange is known
to answer, no more.

It listens on a UNIX socket; a real nginx in front of it speaks TLS. What a page looks like before
the login is told by host (`faces`), what follows a right password by mailbox (`fates`):

    faces   plain, big-page, redirect-loop, redirect-away, foreign-page, unhealthy, unavailable,
            windows-login (no Basic), modern-login (Bearer only), no-exchange (webmail alone)
    fates   inbox, language, mfa, no-mailbox, rule, expired-password
"""

import base64
import http.server
import os
import secrets
import socket
import socketserver
import threading
from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

from exchange_stand_in import Services

FORM = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Outlook</title>{padding}</head>
<body onload="document.logonForm.username.focus()">
<form action="/owa/auth.owa" method="POST" name="logonForm"
 enctype="application/x-www-form-urlencoded" autocomplete="off">
<input type="hidden" name="destination" value="{destination}">
<input type="hidden" name="flags" value="4">
<input type="hidden" name="forcedownlevel" value="0">
{notice}
<label>E-mail <input id="username" name="username" type="text"></label>
<label>Password <input id="password" name="password" type="password"></label>
<input name="passwordText" type="hidden" value="">
<input type="hidden" name="isUtf8" value="1">
<button type="submit">Sign in</button>
</form></body></html>
"""
INBOX = '<!DOCTYPE html><html><head><title>Mail</title></head><body id="owa">Inbox</body></html>\n'
MFA = """<!DOCTYPE html><html><head><title>Verification</title></head><body>
<form action="/second-factor/" method="POST" name="secondFactorForm">
<label>Code <input name="otp" type="text"></label></form></body></html>
"""
COOKIES = {"cadata": 600, "cadataTTL": 24, "cadataKey": 344, "cadataIV": 344, "cadataSig": 344}
HEALTH = ("owa", "ews", "mapi", "autodiscover", "microsoft-server-activesync")
REQUIRED = ("destination", "flags", "username", "password")


class Request(Services, http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "Microsoft-IIS/10.0", ""

    def address_string(self):
        return self.headers.get("X-Peer", "-") if getattr(self, "headers", None) else "-"

    def log_message(self, format, *args):
        self.server.stand_in.note(f"{self.address_string()} {format % args}")

    def do_GET(self):
        self._serve(b"")

    def do_POST(self):
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def do_OPTIONS(self):
        self._serve(b"")

    def _serve(self, body):
        self.host = self.headers.get("Host", "").split(":")[0].lower()
        self.stand_in = self.server.stand_in
        self.face = self.stand_in.faces.get(self.host, "plain")
        url = urlsplit(self.path)
        path = url.path.lower()
        if path.endswith("/healthcheck.htm"):
            return self._health(path)
        if self.face == "unavailable":
            return self._reply(503, "Service Unavailable\n", ("Retry-After", "120"))
        if path == "/owa/auth.owa" and self.command == "POST":
            return self._login(body)
        if path == "/owa/auth/logon.aspx":
            return self._logon_page(parse_qs(url.query))
        if path == "/second-factor/":
            return self._reply(200, MFA)
        if path == "/owa/auth/errorfe.aspx":
            return self._reply(
                500, "<!DOCTYPE html><title>Error</title><p>Something went wrong.</p>\n"
            )
        if path in ("/", "/owa"):
            return self._go("/owa/")
        if path == "/owa/languageselection.aspx" and self._session():
            return self._reply(200, "<!DOCTYPE html><title>Language</title>\n")
        if path.startswith("/owa/"):
            return self._owa()
        if self.face != "no-exchange" and self._serve_programs(path, parse_qs(url.query), body):
            return None
        return self._reply(404, "Not found\n")

    def _serve_programs(self, path, query, body):
        """True when the path is one of the services for programs: it is answered then."""
        if path == "/microsoft-server-activesync":
            self._active_sync()
        elif path.startswith("/ews/"):
            self._ews(body)
        elif path.startswith("/mapi/"):
            self._mapi()
        elif path.startswith("/autodiscover/"):
            self._autodiscover(path, query, body)
        else:
            return False
        return True

    def _reply(self, status, text, *headers, kind="text/html; charset=utf-8"):
        body = text.encode("utf-8")
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-FEServer", "EX4CAS01")
        self.end_headers()
        if body:
            self.wfile.write(body)

    def _go(self, where, *headers):
        self._reply(
            302, "<!DOCTYPE html><title>Object moved</title>\n", ("Location", where), *headers
        )

    def _here(self, path):
        return f"https://{self.host}{path}"

    def _health(self, path):
        directory = path.strip("/").split("/")[0]
        if directory not in HEALTH:
            return self._reply(404, "Not found\n")
        if self.face in ("unavailable", "unhealthy"):
            return self._reply(503, "Service Unavailable\n")
        return self._reply(200, "200 OK<br/>EX4MBX01.mail.ovh.net")

    def _to_logon(self, reason, *headers):
        url = quote(self._here("/owa/"), safe="").replace("%3A", "%3a").replace("%2F", "%2f")
        return self._go(self._here(f"/owa/auth/logon.aspx?url={url}&reason={reason}"), *headers)

    def _session(self):
        """The mailbox whose session the cookies show, "" for one that is over, None for none."""
        cookies = dict(
            part.strip().split("=", 1)
            for part in self.headers.get("Cookie", "").split(";")
            if "=" in part
        )
        if not all(name in cookies for name in COOKIES):
            return None
        return self.stand_in.sessions.get(cookies["cadata"], "")

    def _owa(self):
        if self.face == "redirect-loop":
            return self._go(self._here("/owa/?again=" + secrets.token_hex(4)))
        if self.face == "redirect-away":
            return self._go("https://login.elsewhere.example/owa/")
        if self.face == "foreign-page":
            return self._reply(
                200, "<!DOCTYPE html><title>Welcome</title><p>Under construction.</p>\n"
            )
        session = self._session()
        if session is None:
            return self._to_logon(0)
        if not session:
            if self.command != "GET":
                return self._reply(
                    440, "440 Login Timeout", ("Connection", "close"), *self._forget()
                )
            return self._to_logon(3, *self._forget())
        if self.stand_in.fates.get(session) == "language":
            return self._go(self._here("/owa/languageselection.aspx"))
        return self._reply(
            200,
            INBOX,
            ("Set-Cookie", "UserContext=" + secrets.token_hex(16) + "; path=/; secure; HttpOnly"),
            ("Set-Cookie", "X-OWA-CANARY=" + secrets.token_urlsafe(48) + "; path=/; secure"),
        )

    def _logon_page(self, query):
        padding = ""
        if self.face == "big-page":
            padding = (
                "<style>"
                + "".join(f".c{n} {{ margin: {n}px; }}\n" for n in range(5000))
                + "</style>"
            )
        destination = (
            query.get("url", [self._here("/owa/")])[0].replace("&", "&amp;").replace('"', "&quot;")
        )
        notice = (
            "<p>The user name or password is not right.</p>" if query.get("reason") == ["2"] else ""
        )
        return self._reply(
            200,
            FORM.format(padding=padding, destination=destination, notice=notice),
            ("Cache-Control", "no-cache, no-store"),
        )

    @staticmethod
    def _forget():
        return [
            (
                "Set-Cookie",
                f"{name}=; path=/; expires=Thu, 01-Jan-1970 00:00:00 GMT; secure; HttpOnly",
            )
            for name in COOKIES
        ]

    def _login(self, body):
        kind = self.headers.get("Content-Type", "").split(";")[0].strip()
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        destination = urlsplit(fields.get("destination", ""))
        if kind != "application/x-www-form-urlencoded" or any(
            name not in fields for name in REQUIRED
        ):
            return self._reply(400, "Bad Request\n")
        if not (
            fields["destination"].startswith("/")
            or destination.netloc.split(":")[0].lower() == self.host
        ):
            return self._reply(400, "Bad Request\n")
        user = fields["username"].strip().lower()
        right = self.stand_in.judge("owa", user, fields["password"])
        fate = self.stand_in.fates.get(user, "inbox")
        if fate == "rule":
            return self._to_logon(5, *self._forget())
        if not right:
            return self._to_logon(2, *self._forget())
        if fate == "expired-password":
            return self._go(self._here("/owa/auth/expiredpassword.aspx?url=/owa/auth.owa"))
        if fate == "mfa":
            return self._go(self._here("/second-factor/?return=%2fowa%2f"))
        if fate == "no-mailbox":
            return self._go(
                self._here("/owa/auth/errorfe.aspx?httpCode=500&msg=UserHasNoMailboxAndNoLicense"),
                *self._open_session(user),
            )
        return self._go(fields["destination"], *self._open_session(user))

    def _open_session(self, user):
        cookies = {
            name: base64.b64encode(secrets.token_bytes(size * 3 // 4)).decode("ascii")
            for name, size in COOKIES.items()
        }
        self.stand_in.sessions[cookies["cadata"]] = user
        return [
            ("Set-Cookie", f"{name}={value}; path=/; secure; HttpOnly")
            for name, value in cookies.items()
        ]


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    request_queue_size = socket.SOMAXCONN


class OwaStandIn:
    """judge_password(service, user, password) is asked for each login, of webmail ("owa") and of
    the services for programs; good and bad ones are counted. tokens: token -> mailbox."""

    def __init__(self, path, judge_password, tokens, log_path):
        self.judge_password, self.tokens = judge_password, tokens
        self.log = open(log_path, "w", encoding="utf-8")
        self.faces, self.fates, self.manners, self.sessions = {}, {}, {}, {}
        self.good, self.bad = [], []
        self.lock = threading.Lock()
        self.server = Server(path, Request)
        self.server.stand_in = self
        os.chmod(path, 0o666)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def judge(self, service, user, password):
        right = self.judge_password(service, user, password)
        (self.good if right else self.bad).append(user)
        return right

    def note(self, line):
        with self.lock:
            self.log.write(line + "\n")
            self.log.flush()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.log.close()
