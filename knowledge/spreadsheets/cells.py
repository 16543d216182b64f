"""A cell's value as text, with the letter of its kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from knowledge.spreadsheets.model import DATE, ERROR, NUMBER, TEXT, TRUTH, SheetRow
from knowledge.spreadsheets.refusals import LONGEST_CELL

_LARGEST_WHOLE: Final = 1e15  # larger ones are not exact any more
_ERRORS: Final = frozenset({"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})

Cell = tuple[str, str]
EMPTY: Final[Cell] = ("", TEXT)


def write_number(value: float) -> str:
    """The number with the digits it has: 132.0 → "132"."""
    if value.is_integer() and abs(value) < _LARGEST_WHOLE:
        return str(int(value))
    return f"{Decimal(repr(value)):f}"


def write_shown(value: float, number_format: str) -> Cell:
    """A number with the zeros before it that its format shows: 12 as 0000 → "0012"; a share as percent: 0.8 → "80%"."""
    if "%" in number_format:
        return write_percent(float(value)), TEXT
    written = write_number(float(value)) if isinstance(value, float) else str(value)
    is_padded = number_format.startswith("00") and not number_format.strip("0")
    return written.zfill(len(number_format)) if is_padded else written, NUMBER


def write_percent(value: float) -> str:
    """A share as its cell shows it, in Vietnamese: 0.925 → "92,5%"."""
    return f"{(Decimal(repr(value)) * 100).normalize():f}%".replace(".", ",")


def write_text(text: str) -> Cell:
    """Words, or the name of an error that stands for a value."""
    return (text, ERROR) if text in _ERRORS else (text[:LONGEST_CELL], TEXT)


def write_value(value: object) -> Cell:
    """A value as Python has it."""
    match value:
        case None:
            return EMPTY
        case bool():
            return ("TRUE" if value else "FALSE", TRUTH)
        case int():
            return str(value), NUMBER
        case float():
            return write_number(value), NUMBER
        case datetime() | date():
            return f"{value:%d/%m/%Y}", DATE
        case str():
            return write_text(value)
        case _:
            return str(value), TEXT


def make_row(number: int, cells: Iterable[Cell]) -> SheetRow:
    """A row without what is empty at its end."""
    found = list(cells)
    while found and not found[-1][0]:
        found.pop()
    return SheetRow(number, tuple(text for text, _ in found), "".join(kind for _, kind in found))
