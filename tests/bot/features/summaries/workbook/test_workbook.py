"""The workbook: laid out as the official table, calculating, safe against typed formulas, and read back as it was."""

from __future__ import annotations

import asyncio
import csv
import io
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.features.summaries.workbook.book import Book, Column
from bot.features.summaries.workbook.reading import (
    CellProblem,
    FileTrouble,
    FilledColumn,
    ReadColumn,
    WorkbookReading,
    interpret,
    read_reports,
)
from bot.features.summaries.workbook.writing import make_csv, make_workbook
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.spreadsheets.reading import read_sent
from tests.bot.features.summaries.workbook import sheets
from tests.examples import examples

FORM = get_form(MONTHLY_FORM)


async def parse(raw: bytes) -> WorkbookReading | FileTrouble:
    return read_reports(await read_sent(raw))


def opened(book: Book, *, values: bool = False) -> Any:
    return load_workbook(io.BytesIO(make_workbook(book)), data_only=values)


def rows_of(sheet: Any) -> dict[str, Any]:
    return {row[0].value: row for row in sheet.iter_rows() if row[0].value}


# Layout --------------------------------------------------------------------------------------------------------------


def test_the_table_has_parts_numbers_sub_rows_units_and_signatures() -> None:
    sheet = opened(sheets.term()).worksheets[0]
    text = [str(cell.value) for row in sheet.iter_rows(max_col=8) for cell in row if cell.value is not None]
    for piece in ("III. Công tác thi đua", "VII. Công tác tổ chức", "TT", "Đơn vị tính", "Tổng cộng"):
        assert piece in text
    assert "TM. BAN CHẤP HÀNH" in text
    assert "NGƯỜI LẬP BIỂU" in text
    assert any(piece.startswith("Trong đó:") for piece in text)
    rows = rows_of(sheet)
    assert rows["i46"][1].value == "46"
    assert rows["i46_moi"][1].value is None
    assert sheet.column_dimensions["A"].hidden
    assert sheet.freeze_panes


def test_totals_and_derived_rows_are_formulas_and_figures_are_numbers() -> None:
    rows = rows_of(opened(sheets.monthly()).worksheets[0])
    members, net = rows["members"], rows["net"]
    assert members[4].value == f"=SUM(F{members[0].row}:H{members[0].row})"
    assert (members[5].value, members[5].data_type) == (1250, "n")
    assert members[7].value is None
    assert str(net[5].value).startswith("=IF(COUNT(")
    assert net[6].value == 5, "a figure that contradicts the sum is kept as it was given"


def test_results_stand_beside_the_formulas_for_viewers_that_do_not_calculate() -> None:
    rows = rows_of(opened(sheets.monthly(), values=True).worksheets[0])
    assert rows["members"][4].value == 1445
    assert (rows["net"][5].value, rows["net"][4].value) == (9, 14)
    assert rows["net"][7].value in (None, "")


def test_totals_over_months_show_the_last_one_for_what_is_carried_over() -> None:
    rows = rows_of(opened(sheets.year()).worksheets[0])
    assert rows["members"][4].value == f"=I{rows['members'][0].row}"
    assert str(rows["admitted"][4].value).startswith("=SUM(")


def test_nothing_typed_can_run() -> None:
    raw = make_workbook(sheets.monthly())
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        tables = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
    formulas = [cell for table in tables for cell in table.split("<f>")[1:]]
    assert formulas
    assert all(each.split("</f>")[0].startswith(("SUM(", "IF(COUNT(")) for each in formulas)
    book = load_workbook(io.BytesIO(raw))
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str) and cell.value.startswith(("=HYPER", "=CMD", "+84", "@SUM")):
                assert cell.data_type == "s"
                assert cell.quotePrefix, "it stays text when somebody edits it"


def test_csv_is_plain_numbers_and_text_that_cannot_run() -> None:
    table = list(csv.reader(io.StringIO(make_csv(sheets.monthly()).decode("utf-8-sig"))))
    assert table[0][2:] == ["workers", "members", "admitted", "lost", "net"]
    assert table[2] == ["MAY", "CĐCS May Sông Xanh", "1320", "1250", "12", "3", "9"]
    assert table[3][0] == "'=CMD"
    assert table[3][1].startswith("'=HYPERLINK")
    assert table[4][2:] == [""] * 5


names = st.text(max_size=30) | st.sampled_from(sheets.HOSTILE)


@settings(max_examples=examples(25), deadline=None)
@given(names, names)
def test_any_name_makes_a_file_that_opens(heading: str, code: str) -> None:
    plain = sheets.monthly()
    book = Book(FORM, plain.words, plain.fixed, False, (Column(heading, code, sheets.figures(5, 4, 1, 0)),))
    sheet = load_workbook(io.BytesIO(make_workbook(book))).worksheets[0]
    assert rows_of(sheet)["members"][5].value == 4
    make_csv(book).decode("utf-8-sig")


# Read back -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [sheets.monthly, sheets.term, sheets.year])
async def test_what_goes_out_comes_back(make: Any) -> None:
    book: Book = make()
    reading = await parse(make_workbook(book))
    assert isinstance(reading, WorkbookReading)
    assert (reading.form, reading.fixed, reading.by_period) == (book.form.id, book.fixed, book.by_period)
    assert [column.code for column in reading.columns] == [column.code for column in book.columns]
    asked = {row.key for row in book.form.asked}
    for read, column in zip(reading.columns, book.columns, strict=True):
        filled = interpret(book.form, read)
        assert filled.wrong == ()
        assert filled.figures == {key: value for key, value in (column.figures or {}).items() if key in asked}


def cells(**said: tuple[str, str]) -> ReadColumn:
    return ReadColumn("MAY", {key: (kind, text, "F9") for key, (kind, text) in said.items()})


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (("n", "1250"), Decimal(1250)),
        (("n", "1250.0"), Decimal(1250)),
        (("t", "1.250"), Decimal(1250)),
        (("t", "1 250 người"), Decimal(1250)),
        (("t", "１３２"), CellProblem.AS_TEXT),
        (("t", "'125"), CellProblem.AS_TEXT),
        (("t", "+2"), CellProblem.AS_TEXT),
        (("t", "-1"), CellProblem.NEGATIVE),
        (("n", "1.25"), CellProblem.NOT_WHOLE),
        (("n", "-3"), CellProblem.NEGATIVE),
        (("n", "1e30"), CellProblem.TOO_LARGE),
        (("n", "inf"), CellProblem.NOT_A_NUMBER),
        (("t", "nhiều lắm"), CellProblem.NOT_A_NUMBER),
        (("t", "#REF!"), CellProblem.NOT_A_NUMBER),
    ],
)
def test_a_cell_is_understood_or_named(said: tuple[str, str], meant: Decimal | CellProblem) -> None:
    filled = interpret(FORM, cells(members=said))
    if isinstance(meant, Decimal):
        assert filled == FilledColumn("MAY", {"members": meant})
    else:
        assert [each.problem for each in filled.wrong] == [meant]
        assert filled.figures == {}


@settings(max_examples=examples(60), deadline=None)
@given(st.sampled_from(["n", "t"]), st.text(max_size=40))
def test_any_cell_is_taken(kind: str, said: str) -> None:
    interpret(FORM, cells(members=(kind, said), workers=(kind, said)))


# LibreOffice ---------------------------------------------------------------------------------------------------------


def test_libreoffice_opens_it_and_calculates_the_same(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    for name, book in (("monthly", sheets.monthly()), ("term", sheets.term())):
        (tmp_path / f"{name}.xlsx").write_bytes(make_workbook(book))
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    done = subprocess.run(
        [
            office,
            home,
            "--headless",
            "--convert-to",
            "ods",
            "--outdir",
            str(tmp_path),
            *map(str, tmp_path.glob("*.xlsx")),
        ],
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode != 0 or not (tmp_path / "term.ods").exists():
        pytest.skip(f"LibreOffice does not run here: {done.stderr.decode(errors='replace')[:200]}")
    back = tmp_path / "back"
    subprocess.run(
        [office, home, "--headless", "--convert-to", "xlsx", "--outdir", str(back), *map(str, tmp_path.glob("*.ods"))],
        capture_output=True,
        timeout=120,
        check=True,
    )
    for name, book in (("monthly", sheets.monthly()), ("term", sheets.term())):
        ours = rows_of(opened(book, values=True).worksheets[0])
        theirs = rows_of(load_workbook(back / f"{name}.xlsx", data_only=True).worksheets[0])
        for row in book.form.indicators:
            if not row.heading:
                assert theirs[row.key][4].value == pytest.approx(ours[row.key][4].value), row.key
        again = asyncio.run(parse((back / f"{name}.xlsx").read_bytes()))
        assert isinstance(again, WorkbookReading), "a file that LibreOffice saved is read too"
        assert interpret(book.form, again.columns[0]).figures
