"""Workbooks of Excel before 2007 (.xls)."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Literal

import xlrd
from xlrd.biffh import error_text_from_code

from knowledge.spreadsheets.cells import EMPTY, Cell, make_row, write_number, write_text
from knowledge.spreadsheets.model import DATE, ERROR, NUMBER, TRUTH, Merge, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import MOST_MERGES, MOST_SHEETS, TableLimits


def read_old_workbook(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """Its sheets and their rows; raises what the library raises."""
    book = xlrd.open_workbook(file_contents=content, logfile=StringIO(), formatting_info=True, ragged_rows=True)
    for sheet in book.sheets()[:MOST_SHEETS]:
        merges = tuple(
            Merge(left, top + 1, bottom)
            for top, bottom, left, _ in sheet.merged_cells[:MOST_MERGES]
            if bottom - top > 1
        )
        yield SheetHead(sheet.name, sheet.visibility != 0, merges)
        for number in range(sheet.nrows):
            cells = sheet.row(number)[: limits.columns]
            yield make_row(number + 1, (_write(cell, book.datemode) for cell in cells))


def _write(cell: xlrd.sheet.Cell, datemode: Literal[0, 1]) -> Cell:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return write_text(str(cell.value))
        case xlrd.XL_CELL_NUMBER:
            return write_number(float(cell.value)), NUMBER
        case xlrd.XL_CELL_DATE:
            return _write_date(float(cell.value), datemode), DATE
        case xlrd.XL_CELL_BOOLEAN:
            return ("TRUE" if cell.value else "FALSE"), TRUTH
        case xlrd.XL_CELL_ERROR:
            return error_text_from_code.get(int(cell.value), "#N/A"), ERROR
        case _:
            return EMPTY


def _write_date(value: float, datemode: Literal[0, 1]) -> str:
    try:
        return f"{xlrd.xldate_as_datetime(value, datemode):%d/%m/%Y}"
    except (ValueError, OverflowError):
        return write_number(value)
