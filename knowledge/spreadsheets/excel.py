"""Workbooks of Excel as they are today (.xlsx, .xlsm), read row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from knowledge.spreadsheets.cells import Cell, make_row, write_shown, write_value
from knowledge.spreadsheets.model import Merge, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import MOST_MERGES, TableLimits, require_few_sheets

_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_HIDDEN_ROW: Final = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
_AT_ONCE: Final = 1 << 20
_OVERLAP: Final = 500  # bytes: longer than what is sought


def read_workbook(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """Its sheets and their rows; formulas as the values that Excel kept of them. Raises what the library raises."""
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        require_few_sheets(len(book.worksheets))
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # what the file says of its own size is often wrong
            merges, hidden_rows = _look_through(content, sheet)
            yield SheetHead(sheet.title, sheet.sheet_state != "visible", merges, hidden_rows)
            for number, cells in enumerate(sheet.iter_rows(max_col=limits.columns), 1):
                yield make_row(number, map(_write, cells))
    finally:
        book.close()


def _write(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return write_shown(value, cell.number_format)
    return write_value(value)


def _look_through(content: bytes, sheet: Any) -> tuple[tuple[Merge, ...], tuple[int, ...]]:
    """What the library passes over: merged cells, which stand behind the rows, and rows that are hidden."""
    merged: dict[bytes, None] = {}
    hidden: dict[int, None] = {}
    with zipfile.ZipFile(BytesIO(content)) as package, package.open(sheet._worksheet_path.lstrip("/")) as part:
        tail = b""
        while (piece := part.read(_AT_ONCE)) and len(merged) < MOST_MERGES:
            window = tail + piece
            if b"mergeCell" in window:
                merged |= dict.fromkeys(match[1] for match in _MERGE.finditer(window))
            if b" hidden=" in window:
                hidden |= dict.fromkeys(int(match[1]) for match in _HIDDEN_ROW.finditer(window))
            tail = window[-_OVERLAP:]
    merges = []
    for reference in list(merged)[:MOST_MERGES]:
        left, top, right, bottom = range_boundaries(reference.decode())
        if left is not None and top is not None and right is not None and bottom is not None:
            merges.append(Merge(left - 1, right - 1, top, bottom))
    return tuple(merges), tuple(hidden)
