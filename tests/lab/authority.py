# SPDX-License-Identifier: MIT
"""The lab's certification authority: a root, an intermediate, and certificates good and bad."""

import os

from namespaces import run

ROOT = """
[req]
distinguished_name = name
prompt = no
[name]
O = Gatepost laboratory
CN = {title}
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""


class Authority:
    """Issues certificates below a directory; `bundle` is what the office trusts."""

    def __init__(self, directory):
        self.directory = directory
        self.bundle = self._path("trusted.pem")
        os.makedirs(directory, exist_ok=True)
        self._root("root", "Root")
        self._root("stranger", "Root that nobody knows")
        self._root("inspection", "Inspection by the office's firewall")
        self._issue("intermediate", "Intermediate", "root", "intermediate", "DNS:none.invalid")
        with open(self._path("root.crt"), encoding="ascii") as file, open(
            self.bundle, "w", encoding="ascii"
        ) as bundle:
            bundle.write(file.read())

    def _path(self, name):
        return os.path.join(self.directory, name)

    def _config(self, name, title, names):
        path = self._path(f"{name}.cnf")
        with open(path, "w", encoding="ascii") as file:
            file.write(ROOT.format(title=title, names=names))
        return path

    def _root(self, name, title):
        run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "3650",
            "-config",
            self._config(name, title, "DNS:none.invalid"),
            "-extensions",
            "root",
            "-keyout",
            self._path(f"{name}.key"),
            "-out",
            self._path(f"{name}.crt"),
        )

    def _issue(self, name, title, issuer, extensions, names, *validity):
        config = self._config(name, title, names)
        run(
            "openssl",
            "req",
            "-new",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-config",
            config,
            "-keyout",
            self._path(f"{name}.key"),
            "-out",
            self._path(f"{name}.csr"),
        )
        run(
            "openssl",
            "x509",
            "-req",
            "-in",
            self._path(f"{name}.csr"),
            "-extfile",
            config,
            "-extensions",
            extensions,
            "-CA",
            self._path(f"{issuer}.crt"),
            "-CAkey",
            self._path(f"{issuer}.key"),
            "-out",
            self._path(f"{name}.crt"),
            *(validity or ("-days", "365")),
        )

    def certify(self, name, hosts, issuer="intermediate", expired=False):
        """Returns the path of a PEM file: the key, the server's certificate, its issuer's."""
        validity = ()
        if expired:
            validity = ("-not_before", "20250101000000Z", "-not_after", "20250401000000Z")
        self._issue(
            name, hosts[0], issuer, "server", ", ".join(f"DNS:{host}" for host in hosts), *validity
        )
        path = self._path(f"{name}.pem")
        with open(path, "w", encoding="ascii") as chain:
            for part in (f"{name}.key", f"{name}.crt", f"{issuer}.crt"):
                with open(self._path(part), encoding="ascii") as file:
                    chain.write(file.read())
        os.chmod(path, 0o600)
        return path
