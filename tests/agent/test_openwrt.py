# SPDX-License-Identifier: MIT
"""The OpenWrt files, with a uci and a procd of the test's own."""
import json
import os
import pathlib
import subprocess

import pytest

from office import GATEPOST, PATIENCE

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "config/openwrt"

EXPORT = r"""package gatepost

config gatepost 'agent'
	option enabled '1'
	option log 'syslog'
	option gateway 'it'\''s "here" \o/'
	option light_period_s '600'
	list resolvers '192.0.2.53'
	list resolvers '2001:db8::53'

config account
	option address 'anna@example.com'
	option profile 'ovh-exchange-hosted'
	option host 'ex4.mail.ovh.net'
	option patience_s '60'
	list expected_mx 'mx1.mail.ovh.net'

config account 'second'
	option address '2026@example.com'
	option login '0042'

"""

UCI = """#!/bin/sh
case "$*" in
"-q export gatepost") cat "$EXPORT" ;;
"-q get gatepost.agent.enabled") echo "${ENABLED:-1}" ;;
*) exit 1 ;;
esac
"""

# What /etc/rc.common and procd.sh would do, as far as the script uses it: each call is a line of the output.
PROCD = """
logger() { echo "logger $*"; }
procd_open_instance() { echo open; }
procd_set_param() { echo "param $*"; }
procd_close_instance() { echo close; }
procd_add_reload_trigger() { echo "trigger $*"; }
procd_send_signal() { echo "signal $*"; }
running() { [ "${RUNNING:-1}" = 1 ]; }
start() { echo start; }
stop() { echo stop; }
"""


def as_json(export):
    return subprocess.run(["awk", "-f", CONFIG / "uci-to-json.awk"], input=export, capture_output=True, text=True, timeout=PATIENCE)


def test_makes_the_agents_configuration():
    made = json.loads(as_json(EXPORT).stdout)
    assert made == {
        "log": "syslog", "gateway": "it's \"here\" \\o/", "light_period_s": 600, "resolvers": ["192.0.2.53", "2001:db8::53"],
        "accounts": [
            {"address": "anna@example.com", "profile": "ovh-exchange-hosted", "host": "ex4.mail.ovh.net", "patience_s": 60,
             "expected_mx": ["mx1.mail.ovh.net"]},
            {"address": "2026@example.com", "login": "0042"}]}


def test_what_it_makes_is_taken(tmp_path):
    file = tmp_path / "gatepost.json"
    file.write_text(as_json(EXPORT).stdout)
    done = subprocess.run([GATEPOST, "config", "check", "--config", file], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr


def test_the_shipped_configuration_is_taken(tmp_path):
    """The commented lines too, which is what a person will uncomment."""
    text = (CONFIG / "gatepost.config").read_text().replace("#\t", "\t").replace("#config", "config")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#") and "_file" not in line) + "\n"
    file = tmp_path / "gatepost.json"
    file.write_text(as_json(text).stdout)
    done = subprocess.run([GATEPOST, "config", "check", "--config", file], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr + file.read_text()


def test_makes_a_configuration_without_accounts():
    assert json.loads(as_json("config gatepost 'agent'\n").stdout) == {"accounts": []}


@pytest.mark.parametrize("export", ["config dnsmasq 'x'\n", "option address 'a'\n", "config account\n\toption address 'a\n"])
def test_refuses_what_it_does_not_understand(export):
    done = as_json(export)
    assert done.returncode != 0 and "line" in done.stderr


@pytest.fixture
def router(tmp_path):
    """Calls a function of the init script on a router of its own; the lines that it causes."""
    (tmp_path / "bin").mkdir()
    uci = tmp_path / "bin/uci"
    uci.write_text(UCI)
    uci.chmod(0o755)
    (tmp_path / "export").write_text(EXPORT)
    script = (CONFIG / "gatepost.init").read_text()
    script = script.replace("/var/etc/", f"{tmp_path}/etc/").replace("/usr/share/gatepost/", f"{CONFIG}/")
    (tmp_path / "init").write_text(PROCD + script)

    def call(name, **environment):
        surroundings = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "EXPORT": str(tmp_path / "export"), **environment}
        done = subprocess.run(["sh", "-c", f". {tmp_path}/init; {name}"], env=surroundings, capture_output=True, text=True,
                              timeout=PATIENCE)
        return done.stdout.splitlines()
    call.made = tmp_path / "etc/gatepost.json"
    return call


def test_starts_the_agent_with_what_it_made(router):
    lines = router("start_service")
    assert f"param command /usr/bin/gatepost agent --config {router.made}" in lines and "close" in lines
    assert json.loads(router.made.read_text())["gateway"] == "it's \"here\" \\o/"


def test_starts_nothing_where_it_is_not_enabled(router):
    assert router("start_service", ENABLED="0") == []


def test_reloads_by_sighup_with_a_new_configuration(router):
    router("start_service")
    router.made.write_text("old")
    assert router("reload_service") == ["signal gatepost * HUP"]
    assert "accounts" in json.loads(router.made.read_text())


def test_reload_stops_what_is_not_enabled_any_more(router):
    assert router("reload_service", ENABLED="0") == ["stop", "start"]


def test_says_so_when_the_configuration_cannot_be_read(router):
    lines = router("start_service", EXPORT="/nonexistent")
    assert lines and lines[0].startswith("logger") and "close" not in lines
