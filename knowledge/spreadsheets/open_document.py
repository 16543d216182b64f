"""Workbooks of LibreOffice and OpenOffice (.ods): OpenDocument 1.3, part 3, section 9."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from knowledge.spreadsheets.cells import EMPTY, Cell, make_row, write_number, write_percent, write_text
from knowledge.spreadsheets.model import DATE, NUMBER, TEXT, TRUTH, Merge, SheetHead, SheetRow
from knowledge.spreadsheets.refusals import LONGEST_CELL, MOST_MERGES, TableLimits, require_few_sheets

_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns"
_TABLE: Final = f"{{{_OASIS}:table:1.0}}"
_OFFICE: Final = f"{{{_OASIS}:office:1.0}}"
_STYLE: Final = f"{{{_OASIS}:style:1.0}}"
_TEXT: Final = f"{{{_OASIS}:text:1.0}}"
_NUMBERS: Final = frozenset({"float", "currency"})


def read_open_document(content: bytes, limits: TableLimits) -> Iterator[SheetHead | SheetRow]:
    """Its sheets and their rows; raises what the parser raises, also for entities, which none of these have."""
    with zipfile.ZipFile(BytesIO(content)) as package, package.open("content.xml") as part:
        hidden: set[str] = set()
        sheet = _Sheet(limits)
        sheets = 0
        for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                if element.tag == f"{_TABLE}table":
                    sheets += 1
                    require_few_sheets(sheets)
                    sheet = _Sheet(
                        limits, element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name") in hidden
                    )
                continue
            if element.tag == f"{_STYLE}style":
                shown = [each.get(f"{_TABLE}display") for each in element]
                hidden |= {element.get(f"{_STYLE}name", "")} if "false" in shown else set()
            elif element.tag == f"{_TABLE}table-row":
                sheet.take(element)
                element.clear()
            elif element.tag == f"{_TABLE}table":
                yield SheetHead(sheet.name, sheet.is_hidden, tuple(sheet.merges), tuple(sheet.hidden_rows))
                yield from sheet.rows
                element.clear()


class _Sheet:
    """A sheet while it is read: what is merged stands among its cells, and goes before them."""

    def __init__(self, limits: TableLimits, name: str = "", is_hidden: bool = False) -> None:
        self.name, self.is_hidden = name, is_hidden
        self.merges: list[Merge] = []
        self.rows: list[SheetRow] = []
        self.hidden_rows: list[int] = []
        self._limits = limits
        self._number = 0

    def take(self, row: Element) -> None:
        """A row, as often as it is repeated; rows without anything only count."""
        times = _times(row, "number-rows-repeated")
        cells: list[Cell] = []
        for cell in row:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            room = self._limits.columns - len(cells)
            down, across = _times(cell, "number-rows-spanned"), _times(cell, "number-columns-spanned")
            if down * across > 1 and len(self.merges) < MOST_MERGES:
                place, first = len(cells), self._number + 1
                self.merges.append(Merge(place, place + across - 1, first, first + down - 1))
            cells += [_write(cell)] * min(_times(cell, "number-columns-repeated"), room)
        made = make_row(self._number + 1, cells)
        if not made.is_blank:
            fits = min(times, self._limits.rows + 1 - len(self.rows))
            if row.get(f"{_TABLE}visibility", "visible") != "visible":
                self.hidden_rows += range(self._number + 1, self._number + 1 + fits)
            self.rows += [SheetRow(self._number + 1 + more, made.cells, made.kinds) for more in range(fits)]
        self._number += times


def _times(element: Element, name: str) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    return max(int(written), 1) if written.isdecimal() and len(written) < 9 else 1


def _write(cell: Element) -> Cell:
    if cell.tag == f"{_TABLE}covered-table-cell":
        return EMPTY
    kind, value = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_OFFICE}value", "")
    shown = "\n".join("".join(each.itertext()) for each in cell.findall(f"{_TEXT}p"))[:LONGEST_CELL]
    if kind == "percentage" and value:
        return write_percent(float(value)), TEXT
    if kind in _NUMBERS and value:
        padded = shown.startswith("0") and shown.isdecimal() and float(shown) == float(value)
        return shown if padded else write_number(float(value)), NUMBER
    if kind == "date":
        day = cell.get(f"{_OFFICE}date-value", "")[:10]
        return f"{date.fromisoformat(day):%d/%m/%Y}", DATE
    if kind == "boolean":
        return ("TRUE" if cell.get(f"{_OFFICE}boolean-value") == "true" else "FALSE"), TRUTH
    return write_text(shown)
