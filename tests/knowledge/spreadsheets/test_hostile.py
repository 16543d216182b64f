"""Files that mean harm: each is read, or refused with one reason, within what a file that is sent may use."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from knowledge.spreadsheets.child import Line, TableRefusal
from knowledge.spreadsheets.model import SheetRow
from knowledge.spreadsheets.refusals import FROM_CHAT, WhyNoTable
from tests.knowledge.spreadsheets.files import Page, ods, package, xls, xlsx

READ = None
"""It is read: nothing in it is followed, and no more than a little is handed back."""

ONE = {"A": Page([["x", "y"]])}
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def with_parts(content: bytes, changed: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The package with some parts otherwise; a part that is not there begins empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as before:
        parts = {name: before.read(name) for name in before.namelist()}
    return package(parts | {name: change(parts.get(name, b"")) for name, change in changed.items()})


def with_sheet(rows: Iterable[str], after: str = "", before: str = "") -> bytes:
    """A workbook whose only sheet has these rows, as the file writes them."""
    part = f"{before}<worksheet {MAIN}><sheetData>{''.join(rows)}</sheetData>{after}</worksheet>"
    return with_parts(xlsx(ONE), {"xl/worksheets/sheet1.xml": lambda _: part.encode()})


def row(number: int, cells: str) -> str:
    return f'<row r="{number}">{cells}</row>'


def words(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


def laughs(end: str) -> str:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + number)} "{f"&{chr(97 + number)};" * 10}">' for number in range(9)
    )
    return f"<!DOCTYPE {end} [{entities}]>"


def many_cells() -> bytes:
    return with_sheet(row(number, "<c><v>7</v></c>" * 41) for number in range(1, 3_100))


def cells_of_one() -> bytes:
    repeated = (b"<table:table-row>", b'<table:table-row table:number-rows-repeated="19000">')
    wide = (b"<table:table-cell office", b'<table:table-cell table:number-columns-repeated="4" office')
    return with_parts(ods(ONE), {"content.xml": lambda part: part.replace(*repeated).replace(*wide)})


def one_text_in_many_cells() -> bytes:
    shared = f'<sst {MAIN} count="1" uniqueCount="1"><si><t>{"x" * 1_500_000}</t></si></sst>'
    rows = "".join(row(number, '<c t="s"><v>0</v></c>' * 5) for number in range(1, 1_000))
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    changes = {"xl/sharedStrings.xml": shared, "xl/worksheets/sheet1.xml": sheet}
    return with_parts(xlsx(ONE), {name: lambda _, part=part: part.encode() for name, part in changes.items()})  # type: ignore[misc]


def many_merges() -> bytes:
    ranges = "".join(f'<mergeCell ref="A{number}:B{number}"/>' for number in range(1, 60_000))
    return with_sheet([], f"<mergeCells>{ranges}</mergeCells>")


def merges_that_fill() -> bytes:
    letters = [chr(65 + number) for number in range(26)]
    merged = "".join(f'<mergeCell ref="{letter}1:{letter}1048576"/>' for letter in letters)
    rows = (row(number, words("x")) for number in range(1, 5_000))
    return with_sheet(rows, f"<mergeCells>{merged}</mergeCells>")


def formulas() -> bytes:
    nested = "(" * 2_000 + "A1" + ")" * 2_000
    rows = (row(number, f"<c><f>SUM({nested},A{number + 1})</f></c>") for number in range(1, 1_000))
    return with_sheet(rows)


def deep_elements() -> bytes:
    return with_sheet([row(1, f"<c t='inlineStr'><is>{'<r>' * 50_000}{'</r>' * 50_000}</is></c>")])


def deep_in_a_cell() -> bytes:
    deep = b"<text:p>" + b"<text:span>" * 20_000 + b"</text:span>" * 20_000
    noise = os.urandom(20_000)  # so that it does not look packed suspiciously
    return with_parts(ods(ONE), {"content.xml": lambda part: part.replace(b"<text:p>", deep, 1), "x": lambda _: noise})


def chain_without_end() -> bytes:
    """An .xls whose table of sectors leads back to its first for ever."""
    content = bytearray(xls(ONE))
    [table] = struct.unpack_from("<i", content, 76)
    start = 512 * (table + 1)
    content[start : start + 512] = b"\0" * 512
    return bytes(content)


def locked() -> bytes:
    content = bytearray(package({"[Content_Types].xml": b"x"}))
    place = content.rindex(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def leading_elsewhere() -> bytes:
    relations = "xl/_rels/workbook.xml.rels"
    return with_parts(
        xlsx(ONE), {relations: lambda part: part.replace(b"/xl/worksheets/sheet1.xml", b"/../../etc/passwd")}
    )


def links_to_others() -> bytes:
    outside = '<externalLink><externalBook r:id="rId1"/></externalLink>'
    target = (
        '<Relationships><Relationship Id="rId1" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    return with_parts(
        with_sheet([row(1, "<c><f>'[1]A'!A1</f></c>" + words("x") + words("y"))]),
        {
            "xl/externalLinks/externalLink1.xml": lambda _: outside.encode(),
            "xl/externalLinks/_rels/externalLink1.xml.rels": lambda _: target.encode(),
        },
    )


FILES: dict[str, tuple[Callable[[], bytes], WhyNoTable | None]] = {
    "many cells": (many_cells, WhyNoTable.TOO_MANY_CELLS),
    "a cell said to be repeated": (cells_of_one, WhyNoTable.TOO_MANY_CELLS),
    "a large text in many cells": (one_text_in_many_cells, WhyNoTable.TOO_COMPLEX),
    "very many merged ranges": (many_merges, WhyNoTable.TOO_COMPLEX),
    "merged ranges down to the last row": (merges_that_fill, WhyNoTable.TOO_MANY_CELLS),
    "nested formulas": (formulas, READ),
    "row a million": (lambda: with_sheet([row(1_048_576, words("x") * 2)]), READ),
    "zip bomb": (lambda: package({"[Content_Types].xml": b"x", "bom": b"0" * 61_000_000}), WhyNoTable.TOO_COMPLEX),
    "zip in zip": (lambda: package({"a.zip": package({"b": b"0" * 900_000})}), WhyNoTable.NOT_A_TABLE),
    "many parts": (lambda: package({f"p{number}": b"x" for number in range(2_000)}), WhyNoTable.TOO_COMPLEX),
    "many sheets": (lambda: xlsx({f"T{number}": Page([]) for number in range(201)}), WhyNoTable.TOO_MANY_SHEETS),
    "laughs in .xlsx": (lambda: with_sheet([row(1, words("&j;"))], before=laughs("worksheet")), WhyNoTable.DAMAGED),
    "laughs in .ods": (
        lambda: with_parts(
            ods(ONE), {"content.xml": lambda part: part.replace(b"?>", b"?>" + laughs("x").encode(), 1)}
        ),
        WhyNoTable.DAMAGED,
    ),
    "a file of the machine as entity": (
        lambda: with_sheet([row(1, words("&f;"))], before='<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
        WhyNoTable.DAMAGED,
    ),
    "deep XML in .xlsx": (deep_elements, READ),
    "deep XML in .ods": (deep_in_a_cell, READ),
    ".xls cut off": (lambda: xls(ONE)[:1500], WhyNoTable.DAMAGED),
    ".xls without an end": (chain_without_end, WhyNoTable.DAMAGED),
    "password": (
        lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
        WhyNoTable.PROTECTED,
    ),
    "password of the archive": (locked, WhyNoTable.PROTECTED),
    "paths in the archive": (lambda: with_parts(xlsx(ONE), {"../../../tmp/x.xlsx": lambda _: b"x"}), READ),
    "a sheet outside of the archive": (leading_elsewhere, READ),
    "links to other files": (links_to_others, READ),
    "another kind": (lambda: b"%PDF-1.7\n1,2;3", WhyNoTable.NOT_A_TABLE),
    "a page of the web": (lambda: b"<html><table><tr><td>1</td></tr></table>", WhyNoTable.NOT_A_TABLE),
    ".csv of 20 MB": (lambda: b"1," * 10_000_000, WhyNoTable.TOO_LARGE),
    ".csv of one line": (lambda: b"1," * 3_900_000, READ),
    ".csv of empty lines": (lambda: b"\n" * 500_000 + b"1,2", WhyNoTable.NOT_A_TABLE),
    ".csv of many cells": (lambda: b"1,2,3,4,5,6,7,8,9,10,11,12\n" * 11_000, WhyNoTable.TOO_MANY_CELLS),
    ".csv with an open quote": (lambda: b'a,"' + b"x\n" * 1_000_000, WhyNoTable.BAD_LINE),
    ".csv of nothing but zeros": (lambda: b"\0" * 1_000_000, READ),
}


def ask_child(content: bytes) -> tuple[list[Line], Any]:
    """What the process says of a file, and what it used."""
    child = subprocess.Popen(
        [sys.executable, "-m", "knowledge.spreadsheets.child", FROM_CHAT.name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(Path(__file__).parents[3]), "OPENBLAS_NUM_THREADS": "1"},
    )
    assert child.stdin is not None and child.stdout is not None
    with suppress(BrokenPipeError):  # it has seen enough
        child.stdin.write(content)
    with suppress(BrokenPipeError):
        child.stdin.close()
    said = child.stdout.read()
    child.stdout.close()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return [msgspec.json.decode(line, type=Line) for line in said.splitlines()], used


@pytest.mark.parametrize("kind", FILES)
def test_a_hostile_file_uses_little_and_gets_one_reason(kind: str) -> None:
    make, why = FILES[kind]
    lines, used = ask_child(make())
    refusals = [line for line in lines if isinstance(line, TableRefusal)]
    assert [line.why for line in refusals] == ([why] if why is not None else [])
    assert used.ru_utime + used.ru_stime < FROM_CHAT.seconds
    assert "root:" not in str(lines)
    cells = [cell for line in lines if isinstance(line, SheetRow) for cell in line.cells]
    assert sum(map(bool, cells)) <= FROM_CHAT.cells
    assert sum(map(len, cells)) <= FROM_CHAT.letters


_TRIES = """
import os, sys
from knowledge.spreadsheets.child import keep_within
from knowledge.spreadsheets.refusals import FROM_CHAT
keep_within(FROM_CHAT)
kept = os.dup(1)
for tried in (lambda: bytearray(FROM_CHAT.memory), lambda: open(sys.argv[1], "w").write("x")):
    try:
        tried()
    except (MemoryError, OSError) as error:
        os.write(kept, type(error).__name__.encode() + b" ")
"""


def test_the_process_gets_no_more_memory_and_writes_no_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _TRIES, str(tmp_path / "x")],
        stdout=subprocess.PIPE,
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
        check=False,
    )
    assert done.stdout.split()[0] == b"MemoryError"
    assert not (tmp_path / "x").exists() or (tmp_path / "x").read_bytes() == b""
