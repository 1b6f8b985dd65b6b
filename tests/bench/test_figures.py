# SPDX-License-Identifier: MIT
"""Where figures.py could be wrong without anybody noticing. What is measured here are programs of
a few lines, by the same compilers and the same linker."""

import copy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

import figures
import page
from callgrind import Profile
from linked import LINKER, kinds_of_sections, linked
from pointers import FLAGS, Module, Pointers
from stack import CIRCLES, CallGraph

SHARED = "a string that both have"
FIRST = f"""
const char *shared(void);
const char table[4096] = {{ 1 }};
int counted = 7;
char room[9000];
const char *mine(void) {{ return "{SHARED}"; }}
int unused(int x) {{ return x * 3; }}
int main(void) {{ return table[counted] + room[3] + (mine() == shared()); }}
"""
SECOND = f'const char *shared(void) {{ return "{SHARED}"; }}\n'


def compile_and_link(folder, **texts):
    objects = []
    for name, text in texts.items():
        (folder / f"{name}.c").write_text(text)
        flags = ["-Os", "-ffunction-sections", "-fdata-sections", "-fPIE"]
        flags += ["-fno-asynchronous-unwind-tables", "-fno-stack-protector"]
        subprocess.run(["gcc", *flags, "-c", f"{name}.c"], cwd=folder, check=True)
        objects.append(f"{name}.o")
    linking = ["-static-pie", "-Wl,--gc-sections", "-Wl,-Map=map", "-o", "program"]
    subprocess.run(["musl-gcc", *linking, *objects], cwd=folder, check=True)
    return linked(folder / "program", folder / "map")


def test_every_byte_of_a_program_belongs_to_one_object_or_to_the_linker(tmp_path):
    by_file = compile_and_link(tmp_path, first=FIRST, second=SECOND)
    whole = Counter()
    for kind, size in kinds_of_sections(tmp_path / "program").values():
        whole[kind] += size
    assert whole == +sum(by_file.values(), Counter())
    assert min(size for sizes in by_file.values() for size in sizes.values()) >= 0


def test_an_object_has_what_its_source_defines(tmp_path):
    first = compile_and_link(tmp_path, first=FIRST, second=SECOND)["first.o"]
    assert 4096 <= first["rodata"] < 4096 + 200
    assert first["data"] == 4
    assert first["bss"] == 9000
    assert 0 < first["text"] < 200  # without unused()


def test_a_string_that_two_objects_have_is_paid_by_both(tmp_path):
    alone = compile_and_link(tmp_path, first=FIRST, second="const char *shared(void) { return 0; }")
    both = compile_and_link(tmp_path, first=FIRST, second=SECOND)
    assert alone["second.o"]["rodata"] == 0
    assert 0 < both["second.o"]["rodata"] < len(SHARED) + 1
    assert both["first.o"]["rodata"] < alone["first.o"]["rodata"]


def depth_of(folder, text, monkeypatch, circles=()):
    (folder / "program.c").write_text(text)
    path = str(folder / "program.c")
    compiling = ["gcc", "-O1", "-fno-inline", "-fcallgraph-info=su", "-c", path]
    subprocess.run(compiling, cwd=folder, check=True)
    reading = ["clang", *FLAGS, "-o", "-", path]
    code = subprocess.run(reading, stdout=subprocess.PIPE, text=True, check=True, cwd=folder)
    pointers = Pointers([Module(path, code.stdout)], lambda _: "program")
    monkeypatch.setattr("stack.CIRCLES", circles or CIRCLES)
    graph = CallGraph([(folder / "program.ci").read_text()], pointers)
    return (*graph.deepest("main"), graph.unknown)


THROUGH_POINTERS = """
void use(char *at);
static void wide(int x) { char room[5000]; use(room); (void)x; }
static void wider(long x) { char room[50000]; use(room); (void)x; }
static void (*const callbacks[])(int) = { wide };
void (*kept)(long) = wider;
int main(int count, char **words) { (void)words; callbacks[count](count); return 0; }
"""


def test_a_pointer_leads_to_functions_of_its_type_and_to_no_others(tmp_path, monkeypatch):
    depth, path, unknown = depth_of(tmp_path, THROUGH_POINTERS, monkeypatch)
    assert [step[0] for step in path][:2] == ["main", "wide"]
    assert 5000 < depth < 6000
    assert not unknown


RECURSIVE = """
void use(char *at);
static int within(int x) { char room[1000]; use(room); return x > 0 ? within(x - 1) + room[0] : 0; }
int main(int count, char **words) { (void)words; return within(count) + 1; }
"""


def test_a_function_that_calls_itself_needs_a_stated_bound(tmp_path, monkeypatch):
    _, _, unknown = depth_of(tmp_path, RECURSIVE, monkeypatch)
    assert len(unknown) == 1 and "within" in unknown[0]


def test_a_stated_bound_counts_as_often_as_it_says(tmp_path, monkeypatch):
    depth, _, unknown = depth_of(tmp_path, RECURSIVE, monkeypatch, (("within", 5, "of the test"),))
    assert 5000 < depth < 6000
    assert not unknown


CALLBACK = """
void qsort(void *, unsigned long, unsigned long, int (*)(const void *, const void *));
void use(char *at);
static int order(const void *a, const void *b) { char room[3000]; use(room); return a < b; }
int main(int count, char **words) { qsort(words, count, 8, order); return 0; }
"""


def test_a_function_that_a_library_is_given_is_reached_through_the_library(tmp_path, monkeypatch):
    depth, path, _ = depth_of(tmp_path, CALLBACK, monkeypatch)
    assert [step[0] for step in path][:3] == ["main", "qsort", "order"]
    assert depth > 3000


@pytest.fixture(name="program")
def make_program():
    sizes = {"text": 10000, "rodata": 5000, "data": 1000, "bss": 2000}
    return {
        "on disk": 20000,
        "libraries": {"gatepost": dict(sizes), "Expat": dict(sizes)},
        "modules": {"agent/suite.c": dict(sizes)},
        "stack": {"bytes": 4000, "path": [["main", 4000, 1]]},
    }


def said(old, new, capsys, **limits):
    code = figures.compare({"program": old, "limits": limits}, {"program": new})
    return code, capsys.readouterr().out


def test_what_has_grown_by_two_percent_or_shrunk_is_no_matter(program, capsys):
    new = copy.deepcopy(program)
    new["on disk"] = 20400
    new["libraries"]["Expat"]["data"] = 10
    new["stack"]["bytes"] = 4080
    assert said(program, new, capsys)[0] == 0


def test_growth_beyond_two_percent_names_the_module_and_how_to_accept_it(program, capsys):
    new = copy.deepcopy(program)
    new["libraries"]["gatepost"]["text"] = new["modules"]["agent/suite.c"]["text"] = 10401
    code, words = said(program, new, capsys)
    assert code == 1
    assert "agent/suite.c +401" in words and "Expat" not in words
    assert "figures.py --write program" in words


def test_a_deeper_stack_names_the_path(program, capsys):
    new = copy.deepcopy(program)
    new["stack"] = {"bytes": 4081, "path": [["main", 80, 1], ["support_json", 4001, 1]]}
    code, words = said(program, new, capsys)
    assert code == 1 and "main -> support_json" in words


def test_a_limit_holds_even_for_what_has_not_grown(program, capsys):
    code, words = said(program, program, capsys, **{"on disk": 19999})
    assert code == 1 and "above the limit of 19999" in words
    assert said(program, program, capsys, **{"on disk": 20000})[0] == 0


PROFILE = """events: Ir
fl=(1) ./agent/suite.c
fn=(1) suite_run
10 100
fi=(2) /usr/include/string.h
+2 7
fe=(1)
cfn=(2) wire_secure
calls=3 20
* 5000
12 1

fl=(3) ./agent/wire.c
fn=(2)
20 4000
cfn=(1)
calls=1 10
-3 1000
"""


def test_instructions_of_a_callee_are_not_the_callers_own():
    profile = Profile(PROFILE.splitlines())
    assert profile.own["./agent/suite.c", "suite_run"] == 108
    assert profile.own["./agent/wire.c", "wire_secure"] == 4000
    assert profile.with_callees["wire_secure"] == 5000


def test_only_what_is_between_the_marks_is_rewritten(program):
    readme = f"before\n{page.BEGIN}old\n{page.END}\nafter\n"
    renewed = page.renewed(readme, {"program": program, "limits": {}})
    assert renewed.startswith(f"before\n{page.BEGIN}") and renewed.endswith(f"{page.END}\nafter\n")
    assert "old" not in renewed and "20 000 bytes" in renewed
    assert page.renewed(renewed, {"program": program, "limits": {}}) == renewed
