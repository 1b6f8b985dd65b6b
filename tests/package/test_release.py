# SPDX-License-Identifier: MIT
"""The release: one file that needs nothing of the system it is put on, and is hard to misuse."""
import re

import pytest

from release import build, run


@pytest.fixture(scope="module")
def program():
    return build() / "gatepost"


@pytest.fixture(scope="module")
def headers(program):
    return run("readelf", "--wide", "--file-header", "--program-headers", "--dynamic", program)


def test_fits_where_flash_is_dear(program):
    """A router has 8 MB for everything."""
    assert program.stat().st_size <= 1_300_000


def test_needs_no_library_and_no_loader(headers):
    assert "INTERP" not in headers and "NEEDED" not in headers


def test_lies_at_another_address_each_time(headers):
    assert re.search(r"Type:\s+DYN", headers) and re.search(r"FLAGS_1.*PIE", headers)


def test_its_tables_of_addresses_cannot_be_written(headers):
    assert "GNU_RELRO" in headers and "BIND_NOW" in headers


def test_nothing_that_can_be_written_is_executed(headers):
    flags = re.findall(r"^ +(?:LOAD|GNU_STACK) .*? ([R ][W ][E ]) 0x", headers, re.MULTILINE)
    assert len(flags) > 2 and not [one for one in flags if "W" in one and "E" in one]


def test_notices_a_stack_that_was_written_over(program):
    functions = run("nm", "--undefined-only", *program.parent.glob("lib*.a"))
    assert functions.count("__stack_chk_fail") > 50


def test_has_no_openssl_inside(program):
    assert b"OpenSSL" not in program.read_bytes()


def test_says_which_one_it_is(program):
    assert re.fullmatch(r"gatepost \d+\.\d+\.\d+\n", run(program, "--version"))
