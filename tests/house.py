#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Keeps the house in order: which file may include what, which functions are not used, how long a file may be.

    tests/house.py          says nothing and ends with 0, or names every place and ends with 1
"""

import re
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
LINES_MAX = 400

# Lowest first. A file may include headers of its own floor and of those below, never of one above.
FLOORS = (
    "port",
    "io slice text arena log secret stamp header taglist names outline json markup pattern exits target state_file broker backoff checksum",
    "loop handshake digest signature trust trust_bundle trust_chain trust_known identity",
    "wire resolve resolve_message resolve_names dialect dialect_http lookups policy_record dmarc dmarc_record mta_sts tls_rpt dane caa existence blocklist dkim dkim_key dkim_signature dkim_canon witness witness_parts witness_results witness_times spf spf_hosts spf_macro spf_parts spf_record selectors rota",
    "catalogue checks rules settings settings_read settings_rows settings_secret settings_value settings_form profile profile_mx profile_read profile_value autodiscover pox detection budget budget_file message logins journal journal_record journal_index journal_slot journal_disk journal_replay command schedule replies oauth provider_api",
    "bridge reach refusal hangup session session_slot session_threads uplink uplink_slot uplink_news",
    "dialogue said compose compose_http meaning ledger provider_view parcel timepiece ground probes",
    "signs signs_about inference judgement judgement_office judgement_clock judgement_egress judgement_provider diagnosis",
    "lane suite loan scope gate controls credentials api policies parts walk",
    "commons round outbox keeper keeper_parts keeper_line keeper_round keeper_settings fleet rehearsal report report_parts document payload changes changes_file sample support support_json redaction delivery ticketing doctor doctor_network doctor_broker inquiry starter page wording told reasoning reasoning_checks view progress desk conversation explanation listing audit command_line",
    "main",
)

# The libraries' fences, and why the list is longer than four: TLS has three files (stream, trust, hashes) and DKIM one; profiles are JSON too.
LIBRARIES = {
    "mbedtls": {"wire.c", "handshake.c", "trust.c", "trust_chain.h", "trust_bundle.c", "trust_known.c", "trust_known.h", "digest.c", "signature.c", "identity.c", "identity.h"},
    "MQTTAsync": {"session_slot.h"},
    "psa": {"wire.c"},
    "ares": {"resolve.c", "resolve_message.c", "resolve_message.h"},
    "expat": {"markup.c"},
    "cjson": {"settings_read.c", "settings_value.c", "settings_value.h", "profile_read.c", "profile_read.h",
              "profile_value.c", "profile_value.h", "autodiscover.c", "command.c", "document.c", "document.h", "payload.c",
              "told.c", "told.h", "json.c"},
}

# C11 headers without an operating system behind them.
PLAIN_HEADERS = {"stdbool.h", "stddef.h", "stdint.h", "string.h", "stdarg.h", "stdio.h", "limits.h",
                 "stdalign.h", "stdatomic.h", "inttypes.h", "assert.h"}

BANNED = ("strtok sscanf strncpy strcpy strcat strncat sprintf vsprintf atoi atol strtol strtoul strtod gets "
          "strdup strndup alloca malloc calloc realloc free getenv time localtime gmtime rand srand system popen").split()

complaints = []


def complain(path, line, words):
    complaints.append(f"{path.relative_to(TREE)}:{line}: {words}")


def floor_of(name):
    for height, names in enumerate(FLOORS):
        if name in names.split():
            return height
    return None


def without_comments(text):
    return re.sub(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"',
                  lambda found: found[0] if found[0][0] == '"' else re.sub(r"[^\n]", " ", found[0]), text, flags=re.S)


def noun(path):
    return "parts" if path.parent.name == "checks" else path.stem


def judge_include(path, line, found):
    quoted, name = found
    if quoted == '"':
        other = Path(name).stem
        height = floor_of("port" if name.startswith("../port/") or name == "port.h" else other)
        own = floor_of(noun(path))
        if name.endswith(".def"):
            return
        if height is None:
            complain(path, line, f"{name} has no floor: give it one in tests/house.py")
        elif own is not None and height > own:
            complain(path, line, f"includes {name}, which is above it")
        return
    library = name.split("/")[0].removesuffix(".h")
    for prefix, files in LIBRARIES.items():
        if library == prefix or library.startswith(prefix + "_"):
            if path.name not in files:
                complain(path, line, f"only {', '.join(sorted(files))} may include {name}")
            return
    if name not in PLAIN_HEADERS:
        complain(path, line, f"includes {name}: agent/ knows no operating system")
    elif path.parent.name == "checks" and name not in ("string.h", "stdint.h", "stdbool.h", "stddef.h"):
        complain(path, line, f"includes {name}: a check needs no system header")


def judge_agent(path):
    text = without_comments(path.read_text(encoding="utf-8"))
    code = re.sub(r'"(?:\\.|[^"\\\n])*"', '""', text)
    for number, line in enumerate(text.splitlines(), 1):
        include = re.match(r'\s*#\s*include\s*(["<])([^">]+)', line)
        if include:
            judge_include(path, number, include.groups())
        if re.match(r"\s*#\s*if(def|ndef)?\b", line) and "GATEPOST_" not in line:
            complain(path, number, "no conditional compilation in agent/: let the build choose a file")
    for number, line in enumerate(code.splitlines(), 1):
        for name in BANNED:
            if re.search(rf"(?<![\w.>]){name}\s*\(", line):
                complain(path, number, f"{name}() is not used here")
    if path.suffix != ".def" and noun(path) != "parts" and floor_of(noun(path)) is None:
        complain(path, 1, "has no floor: give it one in tests/house.py")


def main():
    agent = [path for path in sorted((TREE / "agent").rglob("*")) if path.suffix in (".c", ".h", ".def")]
    port = [path for path in sorted((TREE / "port").rglob("*")) if path.suffix in (".c", ".h")]
    tests = [path for path in sorted((TREE / "tests").rglob("*")) if path.suffix in (".c", ".h")]
    for path in agent:
        judge_agent(path)
    for path in port:
        for number, line in enumerate(without_comments(path.read_text(encoding="utf-8")).splitlines(), 1):
            if re.search(r'#\s*include\s*"[^"]*agent/', line):
                complain(path, number, "port/ is below agent/ and includes nothing of it")
    for path in agent + port + tests:
        lines = path.read_text(encoding="utf-8").splitlines()
        if path.suffix != ".def" and path not in tests and len(lines) > LINES_MAX:
            complain(path, len(lines), f"has {len(lines)} lines; {LINES_MAX} are enough for one noun")
        if path.suffix != ".def" and "SPDX-License-Identifier: MIT" not in (lines or [""])[0]:
            complain(path, 1, "has no SPDX line")
    print("\n".join(complaints), end="\n" if complaints else "")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
