"""Cells of a workbook: text that is never a formula, numbers, styles."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_GREY, _LINE, _HEAD, _PART = "FF8A8A8A", "FFB0B0B0", "FFE3EDF7", "FFF2F2F2"


def plain_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    clean = _CONTROL.sub(" ", text)
    return f"'{clean}" if clean.lstrip(" ").startswith(_RISKY) else clean


def put_text(sheet: Worksheet, row: int, column: int, text: str, style: str) -> None:
    """Words in a cell: never a formula, whatever they begin with, not even when somebody edits them later."""
    cell = sheet.cell(row, column)
    cell.style = style
    if not text:
        return
    cell.value = _CONTROL.sub(" ", text)[:32_000]
    if text.startswith(_RISKY):
        cell.data_type = "s"
        cell.quotePrefix = True


def get_cell(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell by row and column from 1."""
    cell = sheet.cell(row, column)
    return cast("Cell", cell)


def to_number(value: Decimal) -> int | float:
    """A figure as Excel keeps it."""
    return int(value) if value == value.to_integral_value() else float(value)


def sheet_name(name: str) -> str:
    """A name that Excel takes for a sheet."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31] or "1"


def add_styles(workbook: Any) -> None:
    """Give the workbook the styles named troly_…, by which cells look as they do."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side  # noqa: PLC0415

    line = Side(style="thin", color=_LINE)
    box = Border(left=line, right=line, top=line, bottom=line)

    def add(name: str, *, frame: bool = False, fill: str = "", number: str = "General", **how: Any) -> None:
        style = NamedStyle(name=f"troly_{name}")
        style.font = Font(
            name="Times New Roman",
            size=how.get("size", 11),
            bold=how.get("bold", False),
            italic=how.get("italic", False),
            color=how.get("color", "FF000000"),
        )
        style.alignment = Alignment(
            horizontal=how.get("side", "left"),
            vertical="center",
            wrap_text=how.get("wrap", True),
            indent=how.get("indent", 0),
        )
        if frame:
            style.border = box
        if fill:
            style.fill = PatternFill("solid", fgColor=fill)
        style.number_format = number
        workbook.add_named_style(style)

    add("key", color=_GREY, size=8, wrap=False)
    add("code", color=_GREY, size=8, side="center", wrap=False, number="@")
    add("centre", side="center")
    add("strong", side="center", bold=True)
    add("italic", side="center", italic=True)
    add("title", side="center", bold=True, size=14)
    add("title_left", bold=True, size=14, wrap=False)
    add("note", italic=True, size=10)
    add("head", frame=True, fill=_HEAD, side="center", bold=True)
    add("part", frame=True, fill=_PART, bold=True)
    add("number", frame=True, side="center")
    add("name", frame=True)
    add("name_strong", frame=True, bold=True)
    add("child", frame=True, indent=2)
    add("unit", frame=True, side="center")
    add("none", frame=True, fill=_PART)
    add("count", frame=True, side="right", wrap=False, number="#,##0")
    add("money", frame=True, side="right", wrap=False, number="#,##0.###")
    add("count_total", frame=True, side="right", wrap=False, bold=True, number="#,##0")
    add("money_total", frame=True, side="right", wrap=False, bold=True, number="#,##0.###")
