# SPDX-License-Identifier: MIT
"""What a healthy run and the idle agent cost in the demo office: memory and instructions."""

import os
import re
import struct
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from pathlib import Path

import profiled
from callgrind import Profile

TREE = profiled.TREE
sys.path.insert(0, str(TREE / "tests" / "lab"))

import offices
from bench import run_once
from broker import Broker
from gateway import GATEWAY, Fleet, Gateway
from laboratory import Laboratory
from unattended import memory_kb

RELEASE = TREE / "build" / "release" / "gatepost"
PATIENCE, QUIET_SECONDS = 300, 5
# What instructions are for: functions that do it all, none of them within another.
PURPOSES = {
    "signatures of certificates and handshakes": ("mbedtls_pk_verify_restartable",),
    "key exchange": ("mbedtls_ecdh_compute_shared", "mbedtls_psa_ecp_export_public_key"),
    "fingerprint of the password": ("digest_slow",),
    "certificates: reading": ("mbedtls_x509_crt_parse_der_internal", "mbedtls_x509_crt_parse_der"),
    "JSON: reading and writing": ("cJSON_ParseWithLengthOpts", "cJSON_PrintBuffered"),
}
ARCHIVES = {"libcares.a": "c-ares", "libpaho-mqtt3a.a": "Paho", "libexpat.a": "Expat"}


def heap_of(path):
    held, peak = struct.unpack("QQ", Path(path).read_bytes())
    return held, peak


def memory():
    """RSS of the release program; the heap of one that counts it."""
    office = offices.OFFICES[0]
    counting = profiled.counting_heap()
    with Laboratory() as lab, tempfile.TemporaryDirectory() as directory:
        config = lab.configure(office, directory)
        check = {"peak RSS": max(run_once(lab, office, config)[1] * 1024 for _ in range(3))}
        run_checked(lab, office, config, "env", f"GATEPOST_HEAP={directory}/heap", counting)
        check["peak heap"] = heap_of(f"{directory}/heap")[1]
    return {"check": check, "agent": {**agent(RELEASE), **agent_heap(counting)}}


def run_checked(lab, office, config, *command):
    words = lab.namespaces.command(
        "office", *map(str, command), "check", office.address, "--config", config, "--json"
    )
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    if done.returncode != 0:
        sys.exit(f"the healthy office is not: exit {done.returncode}\n{done.stderr.decode()}")


def with_idle_agent(binary, look, **environment):
    """look(agent) once it has reported its one mailbox and is quiet, connected by TLS."""
    os.environ["GATEPOST_BINARY"] = str(binary)
    office = offices.OFFICES[0]
    with Laboratory() as lab, tempfile.TemporaryDirectory() as directory:
        with Broker(lab, GATEWAY) as broker:
            fleet = Fleet(broker)
            agent = Gateway(lab, broker, directory, [office]).start(environment=environment)
            try:
                fleet.expect("status", 0, PATIENCE, state="online")
                fleet.command(id="all", do="run")
                fleet.expect("report", 0, PATIENCE, account=office.address)
                threading.Event().wait(QUIET_SECONDS)
                return look(agent)
            finally:
                agent.kill()
                fleet.close()


def agent(binary):
    def look(running):
        seen = {"idle RSS": "VmRSS", "peak RSS": "VmHWM"}
        return {name: memory_kb(running.process, key) * 1024 for name, key in seen.items()}

    return with_idle_agent(binary, look)


def agent_heap(binary):
    with tempfile.NamedTemporaryFile() as file:
        held, peak = with_idle_agent(
            binary, lambda _: heap_of(file.name), GATEPOST_HEAP=file.name
        )
    return {"idle heap": held, "peak heap": peak}


def symbols(folder):
    """Function -> library, of those that come without a source."""
    names = {}
    for archive, library in ARCHIVES.items():
        listing = profiled.run("nm", "--defined-only", "--format=posix", str(folder / archive))
        names.update(dict.fromkeys(re.findall(r"^(\S+) [tT] ", listing, re.M), library))
    return names


def place(file, function, names):
    """(library, module of ours or None)"""
    if "/mbedtls-" in file:
        return "Mbed TLS", None
    if "/cjson-" in file:
        return "cJSON", None
    if file.endswith(".c") and not file.startswith("/usr/"):
        return "gatepost", file.rpartition("/./")[2].removeprefix(f"{TREE}/")
    return names.get(function, "C library"), None


def instructions(program):
    """One healthy run under callgrind, by library, by module of ours, by purpose."""
    office = offices.OFFICES[0]
    names = symbols(program.parent)
    with Laboratory() as lab, tempfile.TemporaryDirectory() as directory:
        config = lab.configure(office, directory)
        out = f"{directory}/callgrind.out"
        tool = ("valgrind", "--tool=callgrind", f"--callgrind-out-file={out}")
        run_checked(lab, office, config, *tool, program)
        with open(out, encoding="utf-8") as lines:
            profile = Profile(lines)
    libraries, modules, purposes = Counter(), Counter(), Counter()
    for (file, function), count in profile.own.items():
        library, module = place(file, function.rpartition("/")[2].partition("'")[0], names)
        libraries[library] += count
        if module:
            modules[module] += count
    for function, count in profile.with_callees.items():
        bare = function.partition(".")[0]
        for purpose, functions in PURPOSES.items():
            if bare in functions:
                purposes[purpose] += count
    purposes["all else"] = sum(libraries.values()) - sum(purposes.values())
    return {"libraries": libraries, "modules": modules, "purposes": purposes}


def processor():
    return {
        "as released": instructions(profiled.with_names()),
        "in steps of 32 bits": instructions(profiled.of_32_bits()),
    }
