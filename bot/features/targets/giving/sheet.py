"""The workbook of shares: a row a unit, with what it had last year and what it is to have; written, and read back.

A hidden first column and a small grey row carry the keys, as in the other workbooks, so that columns may be moved.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Final

from bot.services.cells import add_styles, put_text, sheet_name, to_number
from knowledge.shares.amounts import read_amount
from knowledge.shares.checking import RefusedShare, ShareFault, find_amount_fault, find_value_fault
from knowledge.shares.years import list_named_years
from knowledge.spreadsheets.marks import SHARES_MARK
from knowledge.spreadsheets.model import NUMBER, Sheet, SheetRow, cell_name

_CODES: Final = "codes"  # in the hidden column, beside the row of the columns' keys
_UNIT: Final = "unit"  # in the hidden column, beside each unit
_SEPARATOR: Final = "|"
_CHECK: Final = 8
_LONGEST_CODE: Final = 100
_NUMBER_FORMAT: Final = "#,##0.###"
_OWN_GOAL: Final = "own"
_MARK_PARTS: Final = 8


class SheetColumn(StrEnum):
    """The columns of the table, in their first order."""

    CODE = "code"
    NAME = "name"
    LAST_YEAR = "last_year"
    MEMBERS = "members"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class SheetMark:
    """What a workbook of shares is for.

    Attributes:
        source: the mark of what is handed down; for a goal of the unit's own that is not opened yet, "own".
        name, measured_in, own: of such a goal.
    """

    unit: int
    year: int
    source: str
    name: str = ""
    measured_in: str = ""
    own: str = ""

    @property
    def is_own(self) -> bool:
        """Whether it is for a goal of the unit's own that is not opened yet."""
        return self.source == _OWN_GOAL

    def __str__(self) -> str:
        """The mark as it stands in its cell, with a check by which a change of it is seen."""
        parts = [str(self.unit), str(self.year), self.source, self.name, self.measured_in, self.own]
        said = _SEPARATOR.join(part.replace(_SEPARATOR, "/") for part in parts)
        return f"{SHARES_MARK}{_SEPARATOR}{said}{_SEPARATOR}{_check(said)}"

    @classmethod
    def parse(cls, text: str) -> SheetMark | None:
        """The mark of a cell; None where it was changed."""
        parts = text.strip().split(_SEPARATOR)
        said = _SEPARATOR.join(parts[1:-1])
        if (
            len(parts) != _MARK_PARTS
            or parts[-1] != _check(said)
            or not (parts[1].isdecimal() and parts[2].isdecimal())
        ):
            return None
        return cls(int(parts[1][:18]), int(parts[2][:4]), *parts[3:7])

    @classmethod
    def of_own(cls, unit: int, year: int, name: str, measured_in: str, own: Decimal) -> SheetMark:
        """The mark of a goal of the unit's own that is not opened yet."""
        return cls(unit, year, _OWN_GOAL, name, measured_in, f"{own:f}")


def _check(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:_CHECK]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One unit of the workbook."""

    code: str
    name: str
    last_year: Decimal | None
    members: Decimal | None
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class ShareSheet:
    """What stands in the workbook: its mark, words and lines."""

    mark: SheetMark
    sheet: str
    title: str
    notes: tuple[str, ...]
    heads: Mapping[SheetColumn, str]
    lines: Sequence[SheetLine]


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A unit's share in a workbook that came back: its code as it stands there, and the cell."""

    code: str
    code_place: str
    value: Decimal | None
    place: str


@dataclass(frozen=True, slots=True)
class ShareTable:
    """A workbook of shares that came back.

    Attributes:
        mark: None where it was changed.
        rows: of units for which a number stands there.
        refused: cells that give none; nothing is taken while there are any.
        is_hidden: whether whoever opens the file does not see its sheet.
    """

    mark: SheetMark | None
    rows: tuple[ReadRow, ...]
    refused: tuple[RefusedShare, ...]
    has_columns: bool
    is_hidden: bool = False


# Written -------------------------------------------------------------------------------------------------------------


def make_sheet(table: ShareSheet) -> bytes:
    """The workbook as a file. Takes a while for many units: never call it inside the event loop."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to import

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    add_styles(book)
    sheet.title = sheet_name(table.sheet)
    put_text(sheet, 1, 1, str(table.mark), "troly_key")
    put_text(sheet, 1, 2, table.title, "troly_title_left")
    for at, note in enumerate(table.notes, start=2):
        put_text(sheet, at, 2, note, "troly_key")
    codes = 2 + len(table.notes)
    put_text(sheet, codes, 1, _CODES, "troly_key")
    for place, column in enumerate(SheetColumn, start=2):
        put_text(sheet, codes, place, column.value, "troly_code")
        put_text(sheet, codes + 1, place, table.heads[column], "troly_head")
    for at, line in enumerate(table.lines, start=codes + 2):
        put_text(sheet, at, 1, _UNIT, "troly_key")
        put_text(sheet, at, 2, line.code, "troly_name")
        put_text(sheet, at, 3, line.name, "troly_name")
        for place, value in enumerate((line.last_year, line.members, line.share), start=4):
            cell = sheet.cell(at, place)
            cell.style = "troly_count"
            cell.number_format = _NUMBER_FORMAT
            if value is not None:
                cell.value = to_number(value)
    sheet.column_dimensions["A"].hidden = True
    for letter, width in zip("BCDEF", (14, 44, 14, 14, 16), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = f"D{codes + 2}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# Read back -----------------------------------------------------------------------------------------------------------


def recognise(row: SheetRow) -> int:
    """How much a row looks like one of these, to tell what parts the columns of a .csv file."""
    first = row.cells[0].strip() if row.cells else ""
    return len(row.cells) if first.startswith(f"{SHARES_MARK}{_SEPARATOR}") or first == _CODES else 0


def is_ours(sheets: Sequence[Sheet]) -> bool:
    """Whether a table is a workbook of shares, whatever became of its mark."""
    return any(_find_mark(sheet) is not None for sheet in sheets)


def _find_mark(sheet: Sheet) -> str | None:
    firsts = (row.cells[0].strip() for row in sheet.rows if row.cells)
    return next((each for each in firsts if each.startswith(SHARES_MARK)), None)


def read_table(sheets: Sequence[Sheet], measured_in: str) -> ShareTable | None:
    """What a workbook of shares says; None where it is none. Pure.

    Args:
        measured_in: the unit of measure of what is handed down; "" where only the mark is wanted.
    """
    ours = [sheet for sheet in sheets if _find_mark(sheet) is not None]
    seen = [sheet for sheet in ours if not sheet.is_hidden]
    if not ours:
        return None
    if not seen:
        return ShareTable(None, (), (), has_columns=False, is_hidden=True)
    sheet = seen[0]
    mark = SheetMark.parse(_find_mark(sheet) or "")
    columns: dict[str, int] = {}
    rows: list[ReadRow] = []
    refused: list[RefusedShare] = []
    in_units = False
    for row in sheet.rows:
        key = row.cells[0].strip() if row.cells else ""
        if not columns:
            refused += _find_other_year(row, mark)
        if key == _CODES and not columns:
            columns = {said.strip(): place for place, said in enumerate(row.cells) if said.strip() in set(SheetColumn)}
        elif columns and (key == _UNIT or in_units):  # a row that was typed below the others has nothing in column A
            in_units = True
            for found in _read_row(row, columns, measured_in):
                if isinstance(found, RefusedShare):
                    refused.append(found)
                else:
                    rows.append(found)
    has_columns = SheetColumn.CODE in columns and SheetColumn.SHARE in columns
    return ShareTable(mark, tuple(rows), tuple(refused), has_columns)


def _find_other_year(row: SheetRow, mark: SheetMark | None) -> Iterator[RefusedShare]:
    """A heading that was changed to another year than that of the shares."""
    for place, said in enumerate(row.cells):
        years = list_named_years(said)
        if mark is not None and years and mark.year not in years and not said.startswith(SHARES_MARK):
            yield RefusedShare(ShareFault.OTHER_YEAR, said=str(years[-1]), place=cell_name(row.number, place))


def _read_row(row: SheetRow, columns: Mapping[str, int], measured_in: str) -> Iterator[ReadRow | RefusedShare]:
    at, place = columns.get(SheetColumn.CODE, -1), columns.get(SheetColumn.SHARE, -1)
    code = row.cells[at].strip()[:_LONGEST_CODE] if 0 <= at < len(row.cells) else ""
    said = row.cells[place].strip() if 0 <= place < len(row.cells) else ""
    if not said:
        return
    cell = cell_name(row.number, place)
    if not code:
        yield RefusedShare(ShareFault.UNKNOWN, "", said, cell_name(row.number, max(at, 0)))
        return
    if row.kind(place) == NUMBER:
        value = Decimal(said)
        fault = find_value_fault(value, measured_in)
    elif any(letter.isalpha() for letter in said):
        value, fault = Decimal(0), ShareFault.NOT_A_NUMBER
    else:
        amount = read_amount(said, measured_in)
        value, fault = amount.value or Decimal(0), find_amount_fault(amount, measured_in)
    if fault is not None:
        yield RefusedShare(fault, code, said, cell)
    else:
        yield ReadRow(code, cell_name(row.number, at), value, cell)
