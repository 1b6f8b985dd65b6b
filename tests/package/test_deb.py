# SPDX-License-Identifier: MIT
"""The Debian package: installed, upgraded and purged by dpkg in a copy of this system that ends with the test."""
import os
import pathlib
import re
import stat

import pytest

from release import build, package, run

CONFIGURATION = "etc/gatepost/gatepost.json"
UNIT = "usr/lib/systemd/system/gatepost.service"
ENABLED = "etc/systemd/system/multi-user.target.wants/gatepost.service"
# What dpkg and the system write of any package, for themselves.
RECORDS = ("var/lib/dpkg/", "var/log/", "var/cache/", "etc/.pwd.lock", "run/", "tmp/")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can install a package")


@pytest.fixture(scope="module")
def built():
    return build()


@pytest.fixture(scope="module")
def deb(built, tmp_path_factory):
    return package(built, tmp_path_factory.mktemp("package"))


@pytest.fixture(scope="module")
def newer(built, tmp_path_factory):
    return package(built, tmp_path_factory.mktemp("newer"), "-D", "CPACK_PACKAGE_VERSION=99.0")


class System:
    """This system with a layer above it that takes all writes."""

    def __init__(self, folder):
        run("mount", "-t", "tmpfs", "layer", folder)
        self.upper, self.root = folder / "upper", folder / "root"
        for each in (self.upper, self.root, folder / "work"):
            each.mkdir()
        run("mount", "-t", "overlay", "-o", f"lowerdir=/,upperdir={self.upper},workdir={folder}/work", "overlay", self.root)
        for each in ("proc", "dev"):
            run("mount", "--rbind", f"/{each}", self.root / each)

    def run(self, *words):
        return run("chroot", self.root, *words, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                                                     "DEBIAN_FRONTEND": "noninteractive"}, cwd="/")

    def dpkg(self, *words):
        return self.run("dpkg", *words)

    def install(self, deb):
        (self.root / "tmp" / deb.name).write_bytes(deb.read_bytes())
        return self.dpkg("--install", f"/tmp/{deb.name}")

    def as_agent(self, *words):
        return self.run("setpriv", "--reuid=gatepost", "--regid=gatepost", "--clear-groups", *words)

    def holds(self, path):
        return os.path.lexists(self.root / path)

    def changed(self):
        """What is not as it was before, but for the records of package management and backups that passwd's tools keep."""
        for folder, folders, files in os.walk(self.upper):
            for name in folders + files:
                here = pathlib.Path(folder, name)
                path = str(here.relative_to(self.upper))
                below = pathlib.Path("/", path)
                if path.startswith(RECORDS) or re.fullmatch(r"etc/(passwd|group|g?shadow|sub[ug]id)-", path):
                    continue
                if here.is_dir() and not here.is_symlink() and below.is_dir():
                    continue
                if not (stat.S_ISREG(here.lstat().st_mode) and below.is_file() and here.read_bytes() == below.read_bytes()):
                    yield path


@pytest.fixture
def system(tmp_path):
    return System(tmp_path)


def test_lintian_has_nothing_to_say(deb):
    assert run("lintian", "--allow-root", "--fail-on", "error,warning", deb) == ""


def test_an_installed_program_runs_and_its_configuration_is_right(system, deb):
    system.install(deb)
    assert system.run("gatepost", "--version").split() == ["gatepost", re.search(r"_(.*)_", deb.name)[1]]
    assert "no fault found" in system.run("gatepost", "config", "check")


def test_installing_enables_the_service_under_a_user_of_its_own(system, deb):
    system.install(deb)
    assert system.holds(ENABLED) and system.holds(UNIT)
    user = system.run("getent", "passwd", "gatepost").split(":")
    assert user[5:] == ["/nonexistent", "/usr/sbin/nologin\n"]


def test_the_service_reads_a_password_that_root_laid_and_cannot_replace_it(system, deb):
    system.install(deb)
    secret = "/etc/gatepost/secrets/anna"
    system.run("install", "-m", "600", "-o", "gatepost", "-g", "gatepost", "/etc/hostname", secret)
    (system.root / CONFIGURATION).write_text('{ "accounts": [{ "address": "anna@example.com", "secret_file": "%s" }] }' % secret)
    assert "1 accounts" in system.as_agent("gatepost", "config", "check")
    with pytest.raises(AssertionError, match="Permission denied"):
        system.as_agent("mv", secret, "/etc/gatepost/secrets/bert")


def test_the_service_keeps_its_state_where_root_keeps_it_and_may_write_to_it(system, deb):
    """A refused password is then spoken by neither."""
    system.install(deb)
    unit = dict(line.split("=", 1) for line in (system.root / UNIT).read_text().splitlines() if re.match(r"Environment=|ExecStartPre=", line))
    assert "/var/lib/gatepost " in system.run("sh", "-c", "gatepost doctor; true")
    system.run("install", "-D", "-m", "600", "/etc/hostname", "/var/lib/gatepost/budget")
    system.run("sh", "-c", unit["ExecStartPre"].removeprefix("+"))
    system.as_agent("sh", "-c", "cat /var/lib/gatepost/budget && touch /var/lib/gatepost/journal")
    told = system.as_agent("env", "HOME=/nonexistent", unit["Environment"], "sh", "-c", "gatepost doctor; true")
    assert re.search("✓ state +/var/lib/gatepost ", told)


def test_systemd_takes_the_unit_and_finds_it_confined(system, deb):
    system.install(deb)
    assert system.run("systemd-analyze", "verify", "--man=no", f"/{UNIT}") == ""
    # Ten times the level of exposure, of 100: networking and a system user of a fixed name are needed.
    system.run("systemd-analyze", "security", "--offline=true", "--threshold=12", f"/{UNIT}")


def test_both_manuals_are_found(system, deb):
    system.install(deb)
    for name in ("gatepost", "gatepost.json"):
        assert name in system.run("man", "--where", name)


def test_an_upgrade_keeps_what_the_office_wrote(system, deb, newer):
    system.install(deb)
    mine = '{ "gateway": "attic", "accounts": [] }\n'
    (system.root / CONFIGURATION).write_text(mine)
    (system.root / "etc/gatepost/secrets/anna").write_text("word\n")
    system.install(newer)
    assert "99.0" in system.dpkg("--status", "gatepost")
    assert (system.root / CONFIGURATION).read_text() == mine
    assert (system.root / "etc/gatepost/secrets/anna").read_text() == "word\n"
    assert system.holds(ENABLED)


def test_a_service_that_the_office_disabled_stays_so_after_an_upgrade(system, deb, newer):
    system.install(deb)
    (system.root / ENABLED).unlink()
    system.install(newer)
    assert not system.holds(ENABLED)


def test_removing_keeps_the_configuration_and_takes_the_program(system, deb):
    system.install(deb)
    system.dpkg("--remove", "gatepost")
    assert system.holds(CONFIGURATION) and not system.holds("usr/bin/gatepost") and not system.holds(UNIT)


def test_purging_leaves_nothing_behind(system, deb):
    system.install(deb)
    (system.root / "etc/gatepost/secrets/anna").write_text("word\n")
    system.run("install", "-d", "-o", "gatepost", "/var/lib/gatepost")
    system.as_agent("touch", "/var/lib/gatepost/journal")
    assert "etc/gatepost" in set(system.changed())
    system.dpkg("--purge", "gatepost")
    assert list(system.changed()) == []
