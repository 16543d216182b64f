"""Workbooks of Excel as they are today (.xlsx, .xlsm), read row by row."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from knowledge.spreadsheets.cells import make_row, write_value
from knowledge.spreadsheets.model import Merge, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import MOST_MERGES, MOST_SHEETS, TableLimits

_MERGE: Final = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"')
_AT_ONCE: Final = 1 << 20
_OVERLAP: Final = 200  # bytes: longer than one mark of merged cells


def read_workbook(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """Its sheets and their rows; formulas as the values that Excel kept of them. Raises what the library raises."""
    book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets[:MOST_SHEETS]:
            sheet.reset_dimensions()  # what the file says of its own size is often wrong
            yield SheetHead(sheet.title, sheet.sheet_state != "visible", _find_merges(content, sheet))
            for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=limits.columns), 1):
                yield make_row(number, map(write_value, values))
    finally:
        book.close()


def _find_merges(content: bytes, sheet: Any) -> tuple[Merge, ...]:
    """The cells made one downwards; they stand behind the rows, and the library passes over them."""
    found: dict[bytes, None] = {}
    with zipfile.ZipFile(BytesIO(content)) as package, package.open(sheet._worksheet_path.lstrip("/")) as part:
        tail = b""
        while piece := part.read(_AT_ONCE):
            for match in _MERGE.finditer(tail + piece):
                found[match[1]] = None
            if len(found) >= MOST_MERGES:
                break
            tail = (tail + piece)[-_OVERLAP:]
    merges = []
    for reference in found:
        left, top, _, bottom = range_boundaries(reference.decode())
        if left is not None and top is not None and bottom is not None and bottom > top:
            merges.append(Merge(left - 1, top, bottom))
    return tuple(merges)
