# SPDX-License-Identifier: MIT
"""The table that README shows: each figure, and in brackets how many times gatepost's it is."""

import os

from causes import CAUSES

BEGIN, END = "<!-- side by side -->\n", "<!-- /side by side -->\n"
ROWS = (
    ("wall", "wall time", lambda seconds: f"{seconds:.2f} s"),
    ("cpu", "processor time, all processes", lambda seconds: f"{seconds:.2f} s"),
    ("largest", "largest process, resident", lambda kb: f"{kb / 1024:.1f} MiB"),
    ("together", "all processes at one time", lambda kb: f"{kb / 1024:.1f} MiB"),
    ("disk", "on disk", lambda kb: f"{kb / 1024:.1f} MiB"),
    ("calls", "TCP connections", "{:.0f}".format),
    ("questions", "DNS questions by UDP", "{:.0f}".format),
    ("refused", "refused logins, wrong password", "{:.0f}".format),
)
LAYERS = tuple(dict.fromkeys(cause.layer for cause in CAUSES))


def compose(figures, names, runs):
    tools = list(figures)
    own = figures[tools[0]]
    title = f"healthy mailbox, median of {runs} runs, {os.cpu_count()} cores"
    lines = [
        f"| {title} | {' | '.join(tools)} |",
        "| --- |" + " --- |" * len(tools),
    ]
    for key, title, form in ROWS:
        cells = [f"{form(figures[t][key])} ({figures[t][key] / own[key]:.1f})" for t in tools]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    for layer in LAYERS:
        offices = [cause.office for cause in CAUSES if cause.layer == layer]
        cells = [str(sum(names[t][office] for office in offices)) for t in tools]
        lines.append(f"| causes named, {layer}, of {len(offices)} | {' | '.join(cells)} |")
    counts = [sum(names[tool].values()) for tool in tools]
    cells = [f"{count} ({count / counts[0]:.1f})" for count in counts]
    lines.append(f"| causes named, of all {len(CAUSES)} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def put_into_readme(path, text):
    before, rest = path.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    path.write_text(before + BEGIN + text + END + after, encoding="utf-8")
