"""The workbook of shares: what was written is what is read, wherever its columns stand."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.features.targets.giving.sheet import (
    ShareSheet,
    SheetColumn,
    SheetLine,
    SheetMark,
    is_ours,
    make_sheet,
    read_table,
)
from knowledge.shares.checking import ShareFault
from knowledge.spreadsheets.model import NUMBER, TEXT, Sheet, SheetHead, SheetRow
from tests.examples import examples

MARK = SheetMark(5, 2026, "g12")
LINES = (
    SheetLine("MAY", "CĐCS May Sông Xanh", Decimal(40), Decimal(1250), Decimal(50)),
    SheetLine("=1+1", "=HYPERLINK()", None, None, None),
)


def sheet_of(rows: list[list[Any]], *, hidden: bool = False) -> Sheet:
    """Rows as a reader gives them: numbers with their kind, everything as text."""
    found = []
    for number, row in enumerate(rows, start=1):
        cells = tuple("" if cell is None else str(cell) for cell in row)
        kinds = "".join(NUMBER if isinstance(cell, int | float) else TEXT for cell in row)
        if any(cells):
            found.append(SheetRow(number, cells, kinds))
    return Sheet(SheetHead("Giao", is_hidden=hidden), found)


def written(mark: SheetMark = MARK) -> list[list[Any]]:
    """The rows of a workbook as Excel has them."""
    heads = {column: column.value for column in SheetColumn}
    content = make_sheet(ShareSheet(mark, "Giao", "Giao", ("ghi chú",), heads, LINES))
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]


def swapped(rows: list[list[Any]], order: list[int]) -> list[list[Any]]:
    """The same with the columns behind the hidden one in another order."""
    return [[row[0], *(row[1:][place] for place in order)] for row in rows]


@given(st.permutations(range(5)))
@settings(max_examples=examples(20), deadline=None)
def test_columns_may_stand_in_any_order(order: list[int]) -> None:
    table = read_table([sheet_of(swapped(written(), order))], "đoàn viên")
    assert table is not None
    assert (table.mark, table.has_columns, table.refused) == (MARK, True, ())
    assert [(row.code, row.value) for row in table.rows] == [("MAY", Decimal(50))]
    assert table.rows[0].place[0] == "BCDEF"[order.index(4)]


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("nhiều", ShareFault.NOT_A_NUMBER),
        ("năm mươi", ShareFault.NOT_A_NUMBER),
        ("12,5", ShareFault.NOT_WHOLE),
        (-5, ShareFault.NEGATIVE),
        (4.5, ShareFault.NOT_WHOLE),
        ("-5", ShareFault.NEGATIVE),
        (10**13, ShareFault.TOO_LARGE),
    ],
)
def test_a_cell_that_is_no_share_is_named(said: Any, fault: ShareFault) -> None:
    rows = written()
    row = next(row for row in rows if row[1] == "MAY")
    row[5] = said
    table = read_table([sheet_of(rows)], "đoàn viên")
    assert table is not None
    assert [(each.fault, each.place) for each in table.refused] == [(fault, f"F{rows.index(row) + 1}")]
    assert table.rows == ()


@pytest.mark.parametrize("said", ["1.250", "1 250", "1250"])
def test_digits_that_a_program_took_for_text_are_read(said: str) -> None:
    rows = written()
    next(row for row in rows if row[1] == "MAY")[5] = said
    table = read_table([sheet_of(rows)], "đoàn viên")
    assert table is not None
    assert [row.value for row in table.rows] == [1250]


def test_a_unit_that_was_typed_below_the_others_is_read_and_a_number_without_a_unit_is_refused() -> None:
    rows = [*written(), [None, "MOI", "CĐCS Mới", None, None, 7], [None, None, None, None, None, 8]]
    table = read_table([sheet_of(rows)], "đoàn viên")
    assert table is not None
    assert [(row.code, row.value) for row in table.rows] == [("MAY", Decimal(50)), ("MOI", Decimal(7))]
    assert [(each.fault, each.place) for each in table.refused] == [(ShareFault.UNKNOWN, f"B{len(rows)}")]


def test_a_mark_that_was_changed_is_seen() -> None:
    own = SheetMark.of_own(5, 2026, "Trồng | cây", "cây", Decimal("1.5"))
    read = SheetMark.parse(str(own))
    assert read is not None
    assert (read.is_own, read.name, read.measured_in, read.own) == (True, "Trồng / cây", "cây", "1.5")
    said = str(MARK)
    assert SheetMark.parse(said) == MARK
    for changed in (said.replace("|5|", "|6|"), said.replace("g12", "g13"), said[:-1], "troly-shares|", ""):
        assert SheetMark.parse(changed) is None
    rows = written()
    rows[0][0] = said.replace("|5|", "|6|")
    table = read_table([sheet_of(rows)], "đoàn viên")
    assert table is not None
    assert table.mark is None


@pytest.mark.parametrize(
    ("heading", "years"),
    [
        ("Giao chỉ tiêu Kết nạp năm 2026", []),
        ("Giao chỉ tiêu Nghị quyết năm 2025, năm 2026", []),
        ("Giao chỉ tiêu Kết nạp năm 9999", ["9999"]),
        ("Giao chỉ tiêu Kết nạp năm 2027", ["2027"]),
    ],
)
def test_a_heading_that_was_changed_to_another_year_is_refused(heading: str, years: list[str]) -> None:
    rows = written()
    rows[0] = [rows[0][0], heading, *rows[0][2:]]
    table = read_table([sheet_of(rows)], "đoàn viên")
    assert table is not None
    assert [(each.fault, each.said, each.place) for each in table.refused] == [
        (ShareFault.OTHER_YEAR, year, "B1") for year in years
    ]


def test_only_a_sheet_that_is_seen_and_ours_is_read() -> None:
    assert read_table([sheet_of([["troly|x|2026-10|unit"], ["codes"]])], "đoàn viên") is None
    assert not is_ours([sheet_of([["Mã", "Tên"]])])
    hidden = read_table([sheet_of(written(), hidden=True)], "đoàn viên")
    assert hidden is not None
    assert hidden.is_hidden
    without = [row for row in written() if row[0] != "codes"]
    table = read_table([sheet_of(without)], "đoàn viên")
    assert table is not None
    assert not table.has_columns


@given(
    st.lists(
        st.lists(st.none() | st.text(max_size=12) | st.integers() | st.floats(allow_nan=False), max_size=7), max_size=6
    )
)
@settings(max_examples=examples(60), deadline=None)
def test_whatever_stands_below_the_mark_is_read_without_an_error(rows: list[list[Any]]) -> None:
    table = read_table([sheet_of([*written()[:4], *rows])], "đoàn viên")
    assert table is not None
