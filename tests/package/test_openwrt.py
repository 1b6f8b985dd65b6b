# SPDX-License-Identifier: MIT
"""The recipe for OpenWrt, with stand-ins for the parts of its SDK that it calls. No SDK has built it here."""
import os
import pathlib
import re
import subprocess

import pytest

from release import TREE, run

RECIPE = TREE / "toolchains/openwrt/gatepost"
FILES = TREE / "config/openwrt"

RULES = """
INCLUDE_DIR:=$(TOPDIR)/include
INSTALL_DIR:=install -d -m0755
INSTALL_BIN:=install -m0755
INSTALL_CONF:=install -m0600
INSTALL_DATA:=install -m0644
CP:=cp -fpR
"""

# The rules that BuildPackage would make, as far as the recipe fills them.
PACKAGE = r"""
PKG_BUILD_DIR:=$(TOPDIR)/build
PKG_INSTALL_DIR:=$(TOPDIR)/installed
define BuildPackage
prepare:
	$$(call Build/Prepare)
install:
	$$(call Package/$(1)/install,$$(TOPDIR)/router)
facts:
	@echo '$$(strip $$(filter DEPENDS:=% +%,$$(Package/$(1)))) | $$(strip $$(Package/$(1)/conffiles)) | $$(PKG_VERSION) | $$(CMAKE_OPTIONS)'
endef
"""

# The package of the feed that holds each library, by its name in CMakeLists.txt.
PACKAGES = {"mbedtls": "+libmbedtls", "libcares": "+libcares", "libcjson": "+cJSON", "expat": "+libexpat", "paho-mqtt3a": "+libpaho-mqtt-c"}


@pytest.fixture
def sdk(tmp_path):
    (tmp_path / "include").mkdir()
    (tmp_path / "rules.mk").write_text(RULES)
    (tmp_path / "include/package.mk").write_text(PACKAGE)
    (tmp_path / "include/cmake.mk").touch()
    (tmp_path / "installed/usr/bin").mkdir(parents=True)
    (tmp_path / "installed/usr/bin/gatepost").write_text("the program")
    return tmp_path


def make(sdk, target):
    return run("make", "-C", RECIPE, "--no-print-directory", f"TOPDIR={sdk}", target)


def facts(sdk):
    return [part.split() for part in make(sdk, "facts").split("|")]


def test_what_the_init_script_calls_is_on_the_router(sdk):
    make(sdk, "install")
    script = (sdk / "router/etc/init.d/gatepost").read_text()
    assert script == (FILES / "gatepost.init").read_text()
    called = set(re.findall(r"/usr/[\w./-]+", script))
    assert called == {"/usr/bin/gatepost", "/usr/share/gatepost/uci-to-json.awk"}
    for path in called:
        assert (sdk / f"router{path}").is_file()


def test_programs_can_be_run_and_the_configuration_is_for_root_alone(sdk):
    make(sdk, "install")
    modes = {str(path.relative_to(sdk / "router")): path.stat().st_mode & 0o777 for path in (sdk / "router").rglob("*") if path.is_file()}
    assert modes == {"usr/bin/gatepost": 0o755, "etc/init.d/gatepost": 0o755, "etc/config/gatepost": 0o600,
                     "usr/share/gatepost/uci-to-json.awk": 0o644, "etc/uci-defaults/gatepost": 0o644,
                     "lib/upgrade/keep.d/gatepost": 0o644}


def test_configuration_passwords_and_state_survive_an_upgrade_of_the_router(sdk):
    make(sdk, "install")
    assert facts(sdk)[1] == ["/etc/config/gatepost"]
    [kept] = (sdk / "router/lib/upgrade/keep.d/gatepost").read_text().split()
    named = re.findall(r"'(/etc/[^']*)'", (FILES / "gatepost.config").read_text())
    assert named and all(path.startswith(kept) for path in named)


def test_every_library_is_a_dependency(sdk):
    lists = (TREE / "CMakeLists.txt").read_text()
    wanted = set(re.findall(r"pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET (\w+)", lists)) | set(re.findall(r"find_library\(\w+ (\S+)", lists))
    assert wanted == set(PACKAGES)
    depends = {word.removeprefix("DEPENDS:=") for word in facts(sdk)[0]}
    assert depends == set(PACKAGES.values()) | {"+ca-bundle"}


def test_the_version_is_the_same_everywhere(sdk):
    version = re.search(r"project\(gatepost VERSION (\S+)", (TREE / "CMakeLists.txt").read_text())[1]
    assert facts(sdk)[2] == [version]
    assert (TREE / "toolchains/deb/changelog").read_text().startswith(f"gatepost ({version})")


def test_what_is_copied_from_the_tree_is_enough_to_build(sdk):
    make(sdk, "prepare")
    run("cmake", "-G", "Ninja", "-S", sdk / "build", "-B", sdk / "out", *facts(sdk)[3])
    run("ninja", "-C", sdk / "out", "-n", "gatepost")
    assert not (sdk / "build/build").exists()


def test_the_first_start_makes_the_folders_of_passwords_and_state(tmp_path):
    script = (RECIPE / "files/gatepost.defaults").read_text().replace("/etc/gatepost", f"{tmp_path}/etc")
    script = 'chown() { echo "$*"; }\n' + script
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=30, env={"PATH": os.environ["PATH"]})
    assert done.returncode == 0 and done.stdout.splitlines() == [f"root:gatepost {tmp_path}/etc/secrets", f"gatepost:gatepost {tmp_path}/etc/state"]
    assert [pathlib.Path(tmp_path, "etc", name).stat().st_mode & 0o777 for name in ("secrets", "state")] == [0o750, 0o700]
