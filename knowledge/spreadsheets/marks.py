"""The mark by which our own workbooks of figures are known, whatever they are called and wherever they come from."""

from __future__ import annotations

from typing import Final

from knowledge.spreadsheets.model import Sheet, SheetRow

MARK: Final = "troly"
"""Begins the cell in the first column that says which form and period a sheet is for."""

EARLIER_MARK: Final = "troly-earlier"
"""The same where a sheet has figures of several earlier periods, a row a unit."""

SHARES_MARK: Final = "troly-shares"
"""The same where a sheet has the shares of a target, a row a unit."""


def has_mark(row: SheetRow) -> bool:
    """Whether the row carries the mark."""
    return bool(row.cells) and row.cells[0].strip().startswith((f"{MARK}|", f"{EARLIER_MARK}|", f"{SHARES_MARK}|"))


def is_report(sheet: Sheet) -> bool:
    """Whether the sheet is one of ours, for figures."""
    return any(map(has_mark, sheet.rows))
