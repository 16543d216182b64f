"""Workbooks of Excel as they are today (.xlsx, .xlsm), read row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from openpyxl import load_workbook

from knowledge.spreadsheets.cells import Cell, make_row, write_shown, write_value
from knowledge.spreadsheets.model import Merge, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import (
    MOST_MERGES,
    TableLimits,
    TableRefusedError,
    WhyNoTable,
    require_few_cells,
    require_few_sheets,
)

_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW: Final = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
_VALUES: Final = (b"</v>", b"</is>")
"""How a cell ends that says something."""

_UNCALCULATED: Final = re.compile(
    rb'<(?:\w+:)?c(?![^<>]*\bt="str")[^<>]*?\br="([A-Z]{1,3}\d{1,7})"[^<>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_UNCALCULATED_TEXT: Final = re.compile(
    rb'<(?:\w+:)?c(?=[^<>]*\bt="str")[^<>]*?\br="([A-Z]{1,3}\d{1,7})"[^<>]*>\s*'
    rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>"
)
"""Of text, an empty value is one, and only none at all is missing."""
_MOST_UNCALCULATED: Final = 1_000

_AT_ONCE: Final = 1 << 20
_OVERLAP: Final = 500  # bytes: longer than what is sought


def read_workbook(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """Its sheets and their rows; formulas as the values that Excel kept of them. Raises what the library raises."""
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        require_few_sheets(len(book.worksheets))
        values = 0
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its own size is often wrong
            merges, hidden_rows, uncalculated, more = _look_through(content, sheet)
            values += more
            require_few_cells(values, limits)  # before the library takes its time for each
            yield SheetHead(sheet.title, sheet.sheet_state != "visible", merges, hidden_rows, uncalculated)
            for number, cells in enumerate(sheet.iter_rows(), 1):  # named, a last column would be filled up to
                if cells:
                    yield make_row(number, map(_write, cells[: limits.columns]))
    finally:
        book.close()


def _write(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return write_shown(value, cell.number_format)
    return write_value(value)


def _look_through(content: bytes, sheet: Any) -> tuple[tuple[Merge, ...], tuple[int, ...], tuple[str, ...], int]:
    """What the library passes over: merged cells, which stand behind the rows, hidden rows, formulas that were not
    calculated; how many values."""
    merged: dict[tuple[bytes, ...], None] = {}
    hidden: dict[int, None] = {}
    uncalculated: dict[str, None] = {}
    values = 0
    with zipfile.ZipFile(BytesIO(content)) as package, package.open(sheet._worksheet_path.lstrip("/")) as part:
        tail = b""
        while (piece := part.read(_AT_ONCE)) and len(merged) <= MOST_MERGES:
            values += sum(map(piece.count, _VALUES))
            window = tail + piece
            if b"mergeCell" in window:
                merged |= dict.fromkeys(_MERGE.findall(window))
            if b" hidden=" in window:
                hidden |= dict.fromkeys(int(match[1]) for match in _HIDDEN_ROW.finditer(window))
            if (b"<f" in window or b":f" in window) and len(uncalculated) < _MOST_UNCALCULATED:
                for sought in (_UNCALCULATED, _UNCALCULATED_TEXT):
                    uncalculated |= dict.fromkeys(match[1].decode() for match in sought.finditer(window))
            tail = window[-_OVERLAP:]
    if len(merged) > MOST_MERGES:
        raise TableRefusedError(WhyNoTable.TOO_COMPLEX)
    merges = tuple(Merge(_column(left), _column(right), int(top), int(bottom)) for left, top, right, bottom in merged)
    return merges, tuple(hidden), tuple(uncalculated)[:_MOST_UNCALCULATED], values


def _column(letters: bytes) -> int:
    """The place of a column, from 0: b"AA" → 26."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
