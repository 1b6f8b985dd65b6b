# SPDX-License-Identifier: MIT
"""Starts all servers of the small internet, as healthy and as sick as each host is to be."""

import base64
import hashlib
import os
import pwd
import subprocess
import threading

import domains
import hosts
import offices
import servers
import zones
from authority import Authority
from cloud_stand_in import TOKEN_PORT, CloudStandIn
from mailboxes import Mailboxes
from lines import Line
from middleboxes import Middleboxes
from milter import Milter
from namespaces import run
from owa_stand_in import OwaStandIn
from servers import MAIL_USER, Server, patiently
from signing import Signer
from websites import Elsewhere

EX4 = "ex4.mail.ovh.net"


class Provider:
    """servers: name -> Server. Files live below `run`, which is memory; logs below `logs`."""

    def __init__(self, namespaces, run_directory, logs):
        self.namespaces, self.run, self.logs = namespaces, run_directory, logs
        self.servers = {}
        self.parts = []
        self.release_after = 6  # seconds that a mail is on hold: on a busy machine still most of its way

    def start(self):
        self.authority = Authority(f"{self.run}/ca")
        self.bundle = self.authority.bundle
        self._certify(self.authority.certify)
        self.mailboxes = Mailboxes(self.run, offices.addresses())
        self.signer = Signer(f"{self.run}/opendkim", self.run)
        self._start_dns()
        self._start_elsewhere()
        self._start("opendkim", "provider", "opendkim", "-f", "-x", self.signer.config)
        self._start_dovecot()
        self._start_submission()
        self._start_mx()
        self._start_web()
        self.parts.append(Middleboxes(self.namespaces, self.authority.certify))
        self.line = Line(self.namespaces)
        for site, address, port in (
            ("provider", hosts.HOSTS[EX4][0], 587),
            ("provider", hosts.HOSTS[EX4][0], 993),
            ("provider", hosts.HOSTS[EX4][0], 995),
            ("provider", hosts.HOSTS[EX4][0], 443),
            ("elsewhere", hosts.WEBSITE[0], 443),
            ("mx", hosts.MX["mx0.mail.ovh.net"][0], 25),
        ):
            self._await_port(site, address, port)
        for name, server in self.servers.items():
            if not server.alive():
                raise RuntimeError(f"{name} ended at once:\n{server.text()}")

    def stop(self):
        for part in reversed(self.parts):
            part.stop()
        for server in self.servers.values():
            server.tell_to_end()
        for server in self.servers.values():
            server.stop()
        self.parts, self.servers = [], {}

    def _certify(self, certify):
        web = [host for host in hosts.HOSTS if hosts.site_of(host) == "provider"]
        self.good = certify("good", web)
        self.mx = certify("mx", [*hosts.MX, *hosts.ODD_MX, "mx.elsewhere.example"])
        self.expired = certify("expired", ["ex5.mail.ovh.net"], expired=True)
        self.other_name = certify("other-name", ["www.elsewhere.example"])
        self.strangers = certify("strangers", ["ex7.mail.ovh.net"], issuer="stranger")

    def _start(self, name, site, *command):
        self.servers[name] = Server(name, self.namespaces, site, self.logs, *command)

    def _await_port(self, site, address, port):
        patiently(
            lambda: self.namespaces.call(site, servers.answers, address, port),
            f"[{address}]:{port} answers",
        )

    def _start_dns(self):
        directory = f"{self.run}/dns"
        others = {**domains.OTHERS, "ovh.net": [*self.signer.published, *self._list_tlsa()]}
        zones.write_all(
            directory,
            hosts.HOSTS,
            domains.DOMAINS,
            domains.LAME_DOMAINS,
            others,
            domains.SIGNED,
            domains.BOGUS,
        )
        self._start("nsd", "dns", "nsd", "-d", "-c", f"{directory}/nsd.conf")
        self._await_port("dns", hosts.NAME_SERVER[0], 53)
        self._start_resolver("unbound", hosts.RESOLVER)
        lies = [f"local-data: '{record}'" for record in domains.LIES]
        zone = domains.LIES[0].split()[0]
        self._start_resolver(
            "liar", hosts.LYING_RESOLVER, f"local-zone: {zone} typetransparent", *lies
        )
        self._start_resolver(
            "inventor",
            hosts.INVENTING_RESOLVER,
            "local-zone: invalid. redirect",
            f"local-data: 'invalid. A {hosts.WEBSITE[0]}'",
        )
        self.parts.append(zones.TruncatingResolverStandIn(self.namespaces))

    def _list_tlsa(self):
        """Of each MX host the hash of its key (RFC 6698), of one that of another."""
        with open(self.mx, encoding="ascii") as file:
            certificate = file.read()
        public = subprocess.run(
            ["openssl", "x509", "-noout", "-pubkey"],
            input=certificate,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        key = base64.b64decode("".join(public.splitlines()[1:-1]))
        right = hashlib.sha256(key).hexdigest()
        for host in (*hosts.MX, *hosts.ODD_MX):
            print_of = "00" * 32 if host == hosts.MX_OF_ANOTHER_KEY else right
            yield f"_25._tcp.{host}. TLSA 3 1 1 {print_of}"

    def _start_resolver(self, name, address, *more):
        path = zones.write_resolver(f"{self.run}/dns", name, address, more=more)
        self._start(name, "dns", "unbound", "-d", "-p", "-c", path)
        self._await_port("dns", address, 53)

    def _start_elsewhere(self):
        os.makedirs(f"{self.run}/elsewhere")
        elsewhere = Elsewhere(self.namespaces, self.run, self.logs, self.authority.certify)
        self.parts.append(elsewhere)
        self.cloud = CloudStandIn(
            self.namespaces, f"{self.run}/services", self.mailboxes.owner_of_secret
        )
        self.parts.append(self.cloud)
        self._start("elsewhere", "elsewhere", "nginx", "-c", elsewhere.config)

    def _start_dovecot(self):
        servers.write(f"{self.run}/junk.sieve", servers.SIEVE)
        run("sievec", f"{self.run}/junk.sieve")
        config = f"{self.run}/dovecot.conf"
        servers.write(
            config,
            servers.DOVECOT.format(
                run=self.run, user=MAIL_USER, certificate=self.good, token_port=TOKEN_PORT
            ),
        )
        self._start("dovecot", "provider", "dovecot", "-F", "-c", config)
        sockets = (f"{self.run}/auth", f"{self.run}/lmtp", f"{self.run}/opendkim/socket")
        patiently(lambda: all(map(os.path.exists, sockets)), "Dovecot and opendkim are up")

    def _start_submission(self):
        self.milter = Milter(f"{self.run}/milter", self._held)
        self.parts.append(self.milter)
        busy = f"{self.run}/submission/busy"
        lines = [f"{address} 421 4.3.2 Service not available\n" for address in hosts.OFFICE]
        servers.write(busy, "".join(lines))
        options = {
            EX4: "",
            "ex5.mail.ovh.net": f"smtpd_tls_chain_files={self.expired}",
            "ex6.mail.ovh.net": f"smtpd_tls_chain_files={self.other_name}",
            "ex7.mail.ovh.net": f"smtpd_tls_chain_files={self.strangers}",
            "ex8.mail.ovh.net": f"smtpd_client_restrictions=check_client_access,texthash:{busy}",
            "ex9.mail.ovh.net": "",
        }
        listeners = []
        for host, option in options.items():
            for address in hosts.HOSTS[host]:
                if address not in hosts.SWALLOWED:
                    listeners.append(servers.smtpd(address, 587, host, option))
        for address in hosts.HOSTS[EX4]:
            listeners.append(servers.smtpd(address, 465, EX4, "smtpd_tls_wrappermode=yes"))
        config = servers.SUBMISSION.format(run=self.run)
        self._start_postfix("submission", "provider", EX4, self.good, config, listeners)

    def _start_mx(self):
        places = {**hosts.MX, **hosts.ODD_MX, "mx.elsewhere.example": hosts.FOREIGN_MX}
        listeners = [servers.smtpd(a, 25, host) for host, pair in places.items() for a in pair]
        receiving = ", ".join([*domains.DOMAINS, *domains.LAME_DOMAINS])
        config = servers.MX.format(run=self.run, domains=receiving)
        self._start_postfix("mx", "mx", "mx0.mail.ovh.net", self.mx, config, listeners)

    def _start_postfix(self, name, site, host, certificate, config, listeners):
        signer = f", unix:{self.run}/opendkim/socket" if name == "submission" else ""
        general = servers.POSTFIX.format(
            run=self.run, name=name, host=host, certificate=certificate, signer=signer
        )
        directory = f"{self.run}/{name}/etc"
        servers.write(f"{directory}/main.cf", general + config)
        servers.write(f"{directory}/master.cf", "\n".join(listeners) + servers.POSTFIX_SERVICES)
        os.makedirs(f"{self.run}/{name}/queue")
        os.makedirs(f"{self.run}/{name}/data")
        os.chown(f"{self.run}/{name}/data", pwd.getpwnam("postfix").pw_uid, -1)
        self._start(name, site, "postfix", "-c", directory, "start-fg")

    def _start_web(self):
        self.owa = OwaStandIn(
            f"{self.run}/owa",
            self.mailboxes.right_on_the_web,
            self.cloud.tokens,
            f"{self.logs}/owa.log",
        )
        self.owa.faces.update(hosts.FACES)
        self.parts.append(self.owa)
        os.makedirs(f"{self.run}/nginx")
        config = f"{self.run}/nginx.conf"
        servers.write(
            config, servers.NGINX.format(run=self.run, logs=self.logs, certificate=self.good)
        )
        self._start("nginx", "provider", "nginx", "-c", config)

    def _held(self):
        """A mail was put on hold: lets it go after a while, as a slow provider would."""
        timer = threading.Timer(self.release_after, self._release)
        timer.daemon = True
        timer.start()

    def _release(self):
        for name in ("mx", "submission"):
            subprocess.run(
                ["postsuper", "-c", f"{self.run}/{name}/etc", "-H", "ALL"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
