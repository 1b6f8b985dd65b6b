# SPDX-License-Identifier: MIT
"""How the agent lives on a system: its start, its signals, its end."""
import os
import signal
import socket
import subprocess

import pytest

from office import FOREIGN_MX, GATEPOST, GATEWAY, PATIENCE, TOPICS, Fleet


def test_says_online_and_stopped(office, broker, fleet, start):
    office.at(broker)
    agent = start("--config", office.write())
    online, after = fleet.expect("status", state="online")
    assert not online.payload["paused"] and online.payload["clock"]
    assert agent.end() == 0
    stopped, _ = fleet.expect("status", after, state="stopped")
    assert stopped.payload["seq"] > online.payload["seq"]


def test_ends_in_the_middle_of_a_run_without_an_answer(office, broker, fleet, start):
    """The resolver is silent, so that the run waits when the signal comes."""
    office.at(broker)
    agent = start("--config", office.write())
    _, after = fleet.expect("status", state="online")
    office.resolver.silent = True
    assert fleet.ask(after, id="1", do="run")["ok"]
    agent.log("command: run")
    assert agent.end() == 0
    fleet.expect("status", after, state="stopped")
    assert not [message for message in fleet.all if message.sort == "report"], "an interrupted run tells nothing"


def test_is_lost_by_its_will_when_it_is_killed(office, broker, fleet, start):
    office.at(broker)
    agent = start("--config", office.write())
    _, after = fleet.expect("status", state="online")
    agent.kill()
    lost, _ = fleet.expect("status", after, state="lost")
    assert lost.payload["gateway"] == GATEWAY


def test_takes_a_new_configuration_at_sighup(office, broker, fleet, start):
    office.at(broker)
    agent = start("--config", office.write())
    _, after = fleet.expect("status", state="online", accounts=1)
    office.domains.append("b.office.example")
    office.write()
    agent.process.send_signal(signal.SIGHUP)
    _, after = fleet.expect("status", after, state="online", accounts=2)
    assert fleet.ask(after, id="1", do="run", account="anna@b.office.example", checks=["dns.mx"])["ok"]
    fleet.expect("report", after, account="anna@b.office.example")
    assert not [message for message in fleet.all if message.payload.get("state") == "lost"]


def test_keeps_the_old_configuration_when_the_new_one_is_bad(office, broker, fleet, start):
    office.at(broker)
    agent = start("--config", office.write())
    _, after = fleet.expect("status", state="online")
    office.write(light_period_s="often")
    agent.process.send_signal(signal.SIGHUP)
    agent.log(r"error config: .*light_period_s")
    agent.log("the old configuration goes on")
    told, after = fleet.wait(lambda message: "light_period_s" in str(message.payload), after)
    assert told.sort == "status" and told.payload["state"] == "online"
    assert fleet.ask(after, id="1", do="run", checks=["dns.mx"])["ok"]
    fleet.expect("report", after)


def test_only_one_agent_works_in_a_state_directory(office, start):
    first = start("--config", office.write())
    first.log("at work")
    second = start("--config", office.file)
    assert second.process.wait(PATIENCE) == 75
    second.log("another agent is at work")
    assert first.end() == 0
    third = start("--config", office.file)
    third.log("at work")


def test_a_check_by_hand_runs_beside_the_agent(office, start):
    agent = start("--config", office.write())
    agent.log("at work")
    done = subprocess.run([GATEPOST, "check", office.account(), "--only", "dns.mx", "--config", office.file],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr


def test_leaves_root_and_keeps_its_state(office, broker, fleet, start):
    office.at(broker)
    (office.folder / "password").chmod(0o600)
    os.chown(office.folder / "password", 65534, 65534)
    agent = start("--config", office.write(user="nobody"))
    fleet.expect("status", state="online")
    status = (open(f"/proc/{agent.process.pid}/status").read())
    ids = {line.split(":")[0]: line.split()[1:] for line in status.splitlines() if ":" in line}
    assert ids["Uid"] == ["65534"] * 4 and ids["Gid"] == ["65534"] * 4 and ids["Groups"] == []
    assert int(ids["CapPrm"][0], 16) == 0 and int(ids["CapEff"][0], 16) == 0
    assert os.readlink(f"/proc/{agent.process.pid}/cwd") == "/"
    assert agent.end() == 0
    for file in [office.state, *office.state.iterdir()]:
        assert file.stat().st_uid == 65534 and file.stat().st_mode & 0o077 == 0, file


def test_says_which_user_is_missing(office, start):
    agent = start("--config", office.write(user="nobody-of-that-name"))
    assert agent.process.wait(PATIENCE) == 78
    agent.log("there is no user nobody-of-that-name")


@pytest.mark.parametrize("keys, word", [({"accounts": "none"}, "accounts"), ({"broker": "mqtt://192.0.2.1"}, "broker")])
def test_does_not_begin_with_a_bad_configuration(office, start, keys, word):
    agent = start("--config", office.write(**keys))
    assert agent.process.wait(PATIENCE) == 78
    agent.log(word)


def test_tells_changes_in_its_log_where_there_is_no_broker(office, start):
    office.resolver.mx[office.domains[0]] = FOREIGN_MX
    agent = start("--config", office.write(), "--once")
    assert agent.process.wait(PATIENCE) == 2
    agent.log("anna@a.office.example: dns.mx-foreign raised")


def test_once_delivers_and_ends_with_the_worst_verdict(office, broker, fleet, start):
    office.at(broker)
    office.domains.append("b.office.example")
    office.resolver.mx["b.office.example"] = FOREIGN_MX
    agent = start("--config", office.write(), "--once")
    assert agent.process.wait(PATIENCE) == 2
    for place in range(2):
        fleet.expect("report", account=office.account(place))
    event, _ = fleet.expect("event", finding="dns.mx-foreign")
    assert event.topic == f"{TOPICS}/event/anna@b.office.example"
    fleet.expect("status", state="stopped")


def test_once_keeps_for_later_what_it_cannot_deliver(office, broker, fleet, start):
    office.at(broker)
    office.resolver.mx[office.domains[0]] = FOREIGN_MX
    broker.stop()
    agent = start("--config", office.write(), "--once")
    agent.log("dns.mx-foreign raised")
    assert agent.end() == 3
    broker.start()
    start("--config", office.file)
    event, _ = fleet.expect("event", finding="dns.mx-foreign")
    report, _ = fleet.expect("report", account=office.account())
    assert event.payload["seq"] < report.payload["seq"]


def test_tells_the_service_manager_that_it_lives(office, start):
    path = str(office.folder / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(path)
        manager.settimeout(PATIENCE)
        agent = start("--config", office.write(), environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
        heard = [manager.recv(100).decode() for _ in range(4)]
        assert heard[0] == "READY=1" and heard[1:] == ["WATCHDOG=1"] * 3
        agent.process.send_signal(signal.SIGSTOP)  # a loop that does not turn feeds nobody
        manager.settimeout(0.5)
        with pytest.raises(TimeoutError):
            for _ in range(1000):  # what it said before that
                manager.recv(100)
        manager.settimeout(PATIENCE)
        agent.process.send_signal(signal.SIGCONT)
        assert manager.recv(100) == b"WATCHDOG=1"
        agent.process.send_signal(signal.SIGTERM)
        while manager.recv(100) != b"STOPPING=1":
            pass
        assert agent.end() == 0


def test_a_sample_is_published_beside_the_agent_and_not_kept(office, broker, fleet, start):
    office.at(broker)
    start("--config", office.write())
    _, after = fleet.expect("status", state="online")
    sample = start("--config", office.file, "--simulate", "account.locked-by-policy")
    assert sample.process.wait(PATIENCE) == 0
    report, _ = fleet.expect("report", after)
    event, _ = fleet.expect("event", after, finding="account.locked-by-policy")
    assert report.payload["sample"] and event.payload["sample"]
    assert not [message for message in fleet.all[after:] if message.sort == "status"]
    other = Fleet(broker, name="late-ears")
    assert not [message for message in other.all if message.sort in ("report", "event")]
    other.close()


def test_a_sample_of_nothing_is_refused():
    done = subprocess.run([GATEPOST, "agent", "--simulate", "no.such"], capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 64 and "gatepost list findings" in done.stderr
