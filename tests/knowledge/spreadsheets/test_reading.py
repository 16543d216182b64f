"""Spreadsheets that people send: the same rows from every kind of file, hostile ones refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.spreadsheets import reading
from knowledge.spreadsheets.child import check_package, read_here
from knowledge.spreadsheets.model import Merge, SheetHead, SheetRow, cell_name
from knowledge.spreadsheets.reading import read_file, read_sent
from knowledge.spreadsheets.refusals import FROM_CHAT, TableLimits, TableRefusedError, WhyNoTable
from tests.knowledge.spreadsheets.files import Page, ods, package, text_sheets, xls, xlsx

Make = Callable[[Mapping[str, Page]], bytes]
PAGES = {
    "Năm trước": Page([["cũ"]], hidden=True),
    "Bảng": Page(
        [
            ["mã", "cấp trên", "số"],
            ["A", "X", 132],
            [None, None, 1.5],
            ["C", None, date(2026, 2, 1)],
            [None, "sau", None],
        ],
        merged=[(2, 2, 4, 2)],
    ),
}
KINDS = pytest.mark.parametrize("make", [xlsx, xls, ods])


def recognise_nothing(_row: SheetRow) -> int:
    return 0


@KINDS
async def test_every_kind_of_workbook_says_the_same(make: Make) -> None:
    before, table = await read_sent(make(PAGES))
    assert (before.name, before.is_hidden, table.name, table.is_hidden) == ("Năm trước", True, "Bảng", False)
    assert table.head.merges == (Merge(1, 1, 2, 4),)
    assert [(row.number, row.cells, row.kinds) for row in table.filled()] == [
        (1, ("mã", "cấp trên", "số"), "ttt"),
        (2, ("A", "X", "132"), "ttn"),
        (3, ("", "X", "1.5"), "ttn"),
        (4, ("C", "X", "01/02/2026"), "ttd"),
        (5, ("", "sau"), "tt"),
    ]


@KINDS
def test_the_operator_is_told_how_far_it_is(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "x.bin"
    file.write_bytes(make({"A": Page([["mã", "tên"]] * 40)}))
    told: list[int] = []
    sheets = read_file(file, recognise_nothing, told.append)
    assert len(sheets[0].rows) == 40
    assert told[-1] >= 40


def test_an_error_in_a_cell_is_no_empty_cell() -> None:
    assert list(read_here(xlsx({"A": Page([["#N/A", "x"]])}), FROM_CHAT))[1] == SheetRow(1, ("#N/A", "x"), "et")


def test_cells_are_called_as_people_see_them() -> None:
    assert [cell_name(*each) for each in ((1, 0), (5, 25), (5, 26), (9, 701), (9, 702))] == [
        "A1",
        "Z5",
        "AA5",
        "ZZ9",
        "AAA9",
    ]


# Text --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_columns_are_parted_by_what_gives_the_row_that_is_sought(delimiter: str, encoding: str) -> None:
    others = "".join(each for each in ";,|" if each != delimiter) * 5
    text = f"mã{delimiter}tên\r\nA{delimiter}Một {others}\r\nB{delimiter}Hai {others}\r\n"
    rows = text_sheets(
        (_tones_apart(text) if encoding == "cp1258" else text).encode(encoding),
        lambda row: int(row.cells == ("mã", "tên")),
    )[0].rows
    assert [len(row.cells) for row in rows] == [2, 2, 2]


def _tones_apart(text: str) -> str:
    return text.replace("ã", "a\u0303").replace("ộ", "ô\u0323")


def test_a_file_that_names_its_delimiter_is_believed() -> None:
    rows = text_sheets(b"sep=|\r\na;b|c\r\n", recognise_nothing)[0].rows
    assert [(row.number, row.cells) for row in rows] == [(2, ("a;b", "c"))]


@pytest.mark.parametrize("content", [b"<html><table>", b"%PDF-1.7 a,b", b"only words", b"\x89PNG,x", b"{\\rtf1 a,b}"])
def test_what_is_no_table_is_told_how_to_be_saved(content: bytes) -> None:
    with pytest.raises(TableRefusedError) as refused:
        text_sheets(content, recognise_nothing)
    assert refused.value.why is WhyNoTable.NOT_A_TABLE


# Hostile files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04 nonsense", WhyNoTable.DAMAGED),
        (package({"a": b"x"}), WhyNoTable.NOT_A_TABLE),
        (package({"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}), WhyNoTable.NOT_A_TABLE),
        (package({"[Content_Types].xml": b"x", "bomb": b"0" * 61_000_000}), WhyNoTable.TOO_COMPLEX),
        (package({"content.xml": b"0" * 50_000_000}), WhyNoTable.TOO_COMPLEX),
        (package({"[Content_Types].xml": b"x"} | {f"p{n}": b"x" for n in range(400)}), WhyNoTable.TOO_COMPLEX),
    ],
)
def test_archives_are_checked_before_they_are_opened(content: bytes, why: WhyNoTable) -> None:
    with pytest.raises(TableRefusedError) as refused:
        check_package(content, FROM_CHAT)
    assert refused.value.why is why


BOMB = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'


def with_part(content: bytes, ending: str, change: Callable[[bytes], bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as before:
        return package(
            {
                name: change(before.read(name)) if name.endswith(ending) else before.read(name)
                for name in before.namelist()
            }
        )


@pytest.mark.parametrize(
    "content",
    [
        with_part(xlsx(PAGES), "sheet2.xml", lambda part: BOMB + part),
        with_part(ods(PAGES), "content.xml", lambda part: part.replace(b"?><", b"?>" + BOMB + b"<", 1)),
        xls(PAGES)[:1500],
        b"\xd0\xcf\x11\xe0" + b"x" * 4000,
        package({"[Content_Types].xml": b"<x/>"}),
    ],
    ids=["entities xlsx", "entities ods", "cut xls", "no xls", "empty xlsx"],
)
async def test_damaged_and_hostile_workbooks_are_refused_by_the_child(content: bytes) -> None:
    with pytest.raises(TableRefusedError) as refused:
        await read_sent(content)
    assert refused.value.why is WhyNoTable.DAMAGED


async def test_a_protected_workbook_is_called_so() -> None:
    with pytest.raises(TableRefusedError) as refused:
        await read_sent(b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"))
    assert refused.value.why is WhyNoTable.PROTECTED


async def test_no_more_rows_are_read_than_somebody_may_send() -> None:
    with pytest.raises(TableRefusedError) as refused:
        list(read_here(ods({"A": Page([["x", "y"]])}), _fewer_rows(0)))
    assert refused.value.why is WhyNoTable.TOO_MANY_ROWS
    repeated = with_part(ods({"A": Page([["x", "y"]])}), "content.xml", lambda part: part.replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000">'))  # fmt: skip
    with pytest.raises(TableRefusedError) as refused:
        await read_sent(repeated)
    assert refused.value.why is WhyNoTable.TOO_MANY_ROWS


async def test_one_text_in_very_many_cells_is_refused() -> None:
    repeated = with_part(ods({"A": Page([["x" * 900, "y"]])}), "content.xml", lambda part: part.replace(
        b"<table:table-row>", b'<table:table-row table:number-rows-repeated="19000">').replace(
        b"<table:table-cell office", b'<table:table-cell table:number-columns-repeated="1000" office'))  # fmt: skip
    with pytest.raises(TableRefusedError) as refused:
        await read_sent(repeated)
    assert refused.value.why is WhyNoTable.TOO_COMPLEX


def _fewer_rows(rows: int) -> TableLimits:
    return replace(FROM_CHAT, rows=rows)


async def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "FROM_CHAT", replace(FROM_CHAT, wait=0.01))
    with pytest.raises(TableRefusedError) as refused:
        await read_sent(xlsx(PAGES))
    assert refused.value.why is WhyNoTable.TOO_COMPLEX


@KINDS
def test_a_sheet_begins_with_its_head(make: Make) -> None:
    lines = list(read_here(make({"A": Page([["x", "y"]])}), FROM_CHAT))
    assert lines == [SheetHead("A"), SheetRow(1, ("x", "y"), "tt")]
