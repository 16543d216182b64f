"""Workbooks of Excel before 2007 (.xls)."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Literal

import xlrd
from xlrd.biffh import error_text_from_code

from knowledge.spreadsheets.cells import EMPTY, Cell, make_row, write_number, write_shown, write_text
from knowledge.spreadsheets.model import DATE, ERROR, TRUTH, Merge, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import MOST_MERGES, TableLimits, require_few_sheets


def read_old_workbook(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """Its sheets and their rows; raises what the library raises."""
    book = xlrd.open_workbook(file_contents=content, logfile=StringIO(), formatting_info=True, ragged_rows=True)
    require_few_sheets(book.nsheets)
    for sheet in book.sheets():
        merges = tuple(
            Merge(left, right - 1, top + 1, bottom) for top, bottom, left, right in sheet.merged_cells[:MOST_MERGES]
        )
        hidden = tuple(number + 1 for number, row in sheet.rowinfo_map.items() if row.hidden)
        yield SheetHead(sheet.name, sheet.visibility != 0, merges, hidden)
        for number in range(sheet.nrows):
            cells = sheet.row(number)[: limits.columns]
            yield make_row(number + 1, (_write(cell, book) for cell in cells))


def _write(cell: xlrd.sheet.Cell, book: xlrd.Book) -> Cell:
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            return write_text(str(cell.value))
        case xlrd.XL_CELL_NUMBER:
            return write_shown(float(cell.value), _format(cell, book))
        case xlrd.XL_CELL_DATE:
            return _write_date(float(cell.value), book.datemode), DATE
        case xlrd.XL_CELL_BOOLEAN:
            return ("TRUE" if cell.value else "FALSE"), TRUTH
        case xlrd.XL_CELL_ERROR:
            return error_text_from_code.get(int(cell.value), "#N/A"), ERROR
        case _:
            return EMPTY


def _format(cell: xlrd.sheet.Cell, book: xlrd.Book) -> str:
    """How the cell shows numbers; a damaged file may not tell."""
    if cell.xf_index is None or cell.xf_index >= len(book.xf_list):
        return ""
    found = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return found.format_str if found is not None else ""


def _write_date(value: float, datemode: Literal[0, 1]) -> str:
    try:
        return f"{xlrd.xldate_as_datetime(value, datemode):%d/%m/%Y}"
    except (ValueError, OverflowError):
        return write_number(value)
