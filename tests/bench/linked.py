# SPDX-License-Identifier: MIT
"""What a linked program is made of, from the linker's map (-Map) and the program's section headers.

Each object has text (what is run), rodata (what is only read), data (what is read and written,
or written once when the program starts) and bss (zero at the start; takes no place in the file).
Equal strings and constants are kept once by the linker: each object that has them pays its share.
What the linker itself makes, relocations say, and its padding, belongs to nobody.
"""

import re
import subprocess
from collections import Counter, defaultdict
from pathlib import Path

KINDS = ("text", "rodata", "data", "bss")
LINKER = "(linker)"
OUTPUT = re.compile(r"^([^\s*(/]\S*)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+))?")
INPUT = re.compile(r"^ (\S+)(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)(?: (\S.*))?)?$")
CONTINUED = re.compile(r"^\s{10,}0x([0-9a-f]+)\s+0x([0-9a-f]+)(?: (\S.*))?$")
BEFORE = re.compile(r"^\s+0x([0-9a-f]+) \(size before relaxing\)$")
MERGED = re.compile(r"\.(?:str\d+\.\d+|cst\d+)$")
MADE_BY_LINKER = re.compile(r"^\.(rela?|relr|got|plt|iplt|dyn|hash|gnu\.hash|eh_frame_hdr|interp|note|MIPS)")


def kinds_of_sections(program):
    """Section -> (its kind, bytes), of those that are loaded."""
    words = ["readelf", "--section-headers", "--wide", str(program)]
    listing = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    row = re.compile(r"^ +\[ *\d+\] (\S+) +(\S+) +\S+ \S+ (\S+) \S+ +(\w*)", re.M)
    kinds = {}
    for name, sort, size, flags in row.findall(listing):
        if "A" not in flags or name == ".tbss":
            continue
        kind = "text" if "X" in flags else "rodata"
        if "W" in flags:
            kind = "bss" if sort == "NOBITS" else "data"
        kinds[name] = kind, int(size, 16)
    return kinds


class Piece:
    def __init__(self, section, name, address, size, file):
        self.section, self.name, self.file = section, name, file
        self.address, self.size = int(address, 16), int(size, 16)
        self.claim = self.size  # what the object brought, before equal strings were joined


def read_map(text):
    """The pieces of each output section, as they follow each other."""
    pieces, ends, section, name, waiting = defaultdict(list), {}, None, None, False
    for line in text.partition("\nLinker script and memory map\n")[2].splitlines():
        before = BEFORE.match(line)
        if before and pieces[section]:
            pieces[section][-1].claim = int(before[1], 16)
            continue
        output, entry, continued = OUTPUT.match(line), INPUT.match(line), CONTINUED.match(line)
        if output:
            section, waiting = output[1], output[2] is None
            if output[2]:
                ends[section] = int(output[2], 16) + int(output[3], 16)
        elif entry and not entry[1].startswith("*"):
            name, waiting = entry[1], False
            if entry[4]:
                pieces[section].append(Piece(section, name, *entry.groups()[1:]))
        elif continued and waiting:
            ends[section], waiting = int(continued[1], 16) + int(continued[2], 16), False
        elif continued and continued[3] and name:
            pieces[section].append(Piece(section, name, *continued.groups()))
            name = None
    return pieces, ends


def sizes_by_file(text, kinds):
    """File, as the map names it -> Counter of its bytes of each kind."""
    sizes, merged, claims = defaultdict(Counter), Counter(), defaultdict(Counter)
    pieces, ends = read_map(text)
    for section, (kind, size) in kinds.items():
        row = [] if MADE_BY_LINKER.match(section) else pieces.get(section, [])
        nexts = [piece.address for piece in row[1:]] + [ends.get(section, 0)]
        for piece, following in zip(row, nexts):
            real = max(0, min(piece.size, following - piece.address))
            size -= real
            group = MERGED.search(piece.name)
            if group:
                merged[section, group[0]] += real
                claims[section, group[0]][piece.file] += piece.claim
            else:
                sizes[piece.file][kind] += real
        sizes[LINKER][kind] += size
    for group, total in merged.items():
        share(total, claims[group], sizes, kinds[group[0]][0])
    return sizes


def share(total, claims, sizes, kind):
    """In proportion, without a byte more or less."""
    whole, given, so_far = sum(claims.values()), 0, 0
    for file, claim in sorted(claims.items()):
        so_far += claim
        upto = total * so_far // whole if whole else 0
        sizes[file][kind] += upto - given
        given = upto


def total(libraries):
    """Kind -> bytes of all of them."""
    return {kind: sum(sizes[kind] for sizes in libraries.values()) for kind in KINDS}


def linked(program, map_file):
    kinds = kinds_of_sections(program)
    return sizes_by_file(Path(map_file).read_text(encoding="utf-8"), kinds)
