# SPDX-License-Identifier: MIT
"""The figures as they stand in the README."""

from linked import KINDS, total

BEGIN, END = "<!-- figures: tests/bench/figures.py -->\n", "<!-- /figures -->"

COMPILED = ("gatepost", "Mbed TLS", "cJSON")  # from source, for every processor


def grouped(number):
    return f"{number:,}".replace(",", " ")


def table(heads, rows):
    lines = [f"| {' | '.join(heads)} |", "| --- |" + " ---: |" * (len(heads) - 1)]
    lines += [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join(lines)


def sizes_table(program):
    rows = []
    libraries = program["libraries"]
    whole = total(libraries)
    for name in sorted(libraries, key=lambda name: -libraries[name]["text"]):
        rows.append([name, *(grouped(libraries[name][kind]) for kind in KINDS)])
    rows.append(["all", *(grouped(whole[kind]) for kind in KINDS)])
    return table(["amd64, bytes", *KINDS], rows)


def stack_words(stack):
    steps = [f"{name} ({times} times)" if times > 1 else name for name, _, times in stack["path"]]
    return f"Deepest stack on amd64: {grouped(stack['bytes'])} bytes, `{' → '.join(steps)}`."


def processors_table(parts):
    rows = []
    for name, figures in parts.items():
        compiled = [figures["libraries"].get(library, {}) for library in COMPILED]
        sizes = [sum(library.get(kind, 0) for library in compiled) for kind in KINDS]
        own = figures["libraries"]["gatepost"]["text"]
        rows.append([name, *map(grouped, (own, *sizes, figures["stack"]["bytes"]))])
    return table(["bytes", "own text", *KINDS, "deepest stack"], rows)


def kilobytes(size):
    return f"{round(size / 1024)} kB"


def memory_words(memory):
    check, agent = memory["check"], memory["agent"]
    rows = [
        ["healthy `gatepost check`", kilobytes(check["peak RSS"]), kilobytes(check["peak heap"])],
        ["agent, one mailbox, idle", kilobytes(agent["idle RSS"]), kilobytes(agent["idle heap"])],
        ["agent, at its peak", kilobytes(agent["peak RSS"]), kilobytes(agent["peak heap"])],
    ]
    return table(["memory", "resident", "heap"], rows)


def millions(count):
    return f"{count / 1e6:.1f}"


def processor_tables(processor):
    ways, listing = list(processor), []
    for group in ("purposes", "libraries"):
        first = processor[ways[0]][group]
        rows = []
        for name in sorted(first, key=lambda name: -first[name]):
            rows.append([name, *(millions(processor[way][group].get(name, 0)) for way in ways)])
        rows.append(["all", *(millions(sum(processor[way][group].values())) for way in ways)])
        listing.append(table(["million instructions", *ways], rows))
    return "\n\n".join(listing)


def tables(figures):
    parts = []
    if "program" in figures:
        program = figures["program"]
        parts += [f"On disk, amd64: {grouped(program['on disk'])} bytes, one static file."]
        parts += [sizes_table(program), stack_words(program["stack"])]
    others = {n: f for n, f in figures.items() if n not in ("limits", "memory", "processor")}
    if others:
        parts.append(processors_table({n.replace("program", "amd64"): f for n, f in others.items()}))
    if "memory" in figures:
        parts.append(memory_words(figures["memory"]))
    if "processor" in figures:
        parts.append(processor_tables(figures["processor"]))
    return "\n\n".join(parts)


def modules(figures):
    rows = []
    for name, sizes in figures.get("program", {}).get("modules", {}).items():
        rows.append([name, *(grouped(sizes.get(kind, 0)) for kind in KINDS)])
    listing = [table(["module", *KINDS], rows)] if rows else []
    for way, counts in figures.get("processor", {}).items():
        named = sorted(counts["modules"].items(), key=lambda pair: -pair[1])
        rows = [[name, millions(count)] for name, count in named]
        listing.append(table([f"million instructions, {way}", ""], rows))
    return "\n\n".join(listing)


def renewed(readme, figures):
    before, _, after = readme.partition(BEGIN)
    _, end, rest = after.partition(END)
    if not end:
        raise SystemExit(f"README.md has no section between {BEGIN.strip()} and {END}")
    return before + BEGIN + tables(figures) + "\n" + end + rest
