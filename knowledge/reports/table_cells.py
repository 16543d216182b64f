"""Cells of tables in somebody's own layout: which are figures, which tell of something else, and what a figure says.

Pure; `knowledge.reports.tabled` and `knowledge.reports.long_tabled` read tables by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from knowledge.model.forms import FigureKind, Indicator
from knowledge.numbers import LARGEST_COUNT, Parsed, Reason, Refused, UnclearNumber
from knowledge.reports.figures import parse_figure
from knowledge.reports.phrases import DATA, folded
from knowledge.spreadsheets.model import NUMBER, SheetRow
from knowledge.text import fold, tidy

COLUMNS: Final = 40
LONGEST_NAME: Final = 80
NUMBERED: Final = re.compile(r"^\s*(?:\(?(?:[ivx]{1,4}|\d{1,2}(?:\.\d{1,2})*|[a-z])[.)/:]+|[-+•*–])\s*", re.IGNORECASE)
BRACKETS: Final = re.compile(r"\([^)]*\)")
YEAR: Final = re.compile(r"(?:19|20)\d\d(?:\s*-\s*(?:19|20)\d\d)?")


def says(text: str, *lists: str) -> bool:
    """Whether a text says a phrase of one of these lists."""
    said = f" {' '.join(re.findall(r'[a-z0-9]+', fold(text)))} "
    return any(f" {phrase} " in said for name in lists for phrase in folded(name))


def is_one_of(text: str, name: str) -> bool:
    """Whether a text, without what stands in brackets, is a phrase of a list."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(BRACKETS.sub("", text)))) in folded(name)


def text_at(row: SheetRow, place: int | None) -> str:
    """The tidied beginning of a cell; empty where there is none."""
    return tidy(row.cells[place])[:100] if place is not None and place < len(row.cells) else ""


def is_figure(row: SheetRow, place: int) -> bool:
    """Whether a cell holds a number, or begins as one."""
    return place < len(row.cells) and (row.kind(place) == NUMBER or row.cells[place].strip()[:1].isdigit())


def is_aside(head: str) -> bool:
    """Whether a column tells of another time, of a plan, a share, or how rows are numbered."""
    return bool(head) and (
        says(head, "last_month", "other_time", "future")
        or is_one_of(head, "table_aside")
        or "%" in head
        or YEAR.fullmatch(fold(head).removeprefix(fold(DATA.lists["table_dated"][-1])).strip()) is not None
    )


def read_cell(row: Indicator, kind: str, text: str) -> Parsed | UnclearNumber | Refused:
    """The figure of a cell. A number with a fraction in a count may be thousands that a program took for a fraction."""
    if kind != NUMBER:
        return parse_figure(row, text)
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Refused(Reason.NOT_A_NUMBER)
    if not value.is_finite() or abs(value) > LARGEST_COUNT:
        return Refused(Reason.TOO_LARGE)
    if value < 0 and not row.signed:
        return Refused(Reason.NEGATIVE)
    if value == value.to_integral_value():
        return Parsed(value.quantize(Decimal(1)))
    if row.kind is not FigureKind.COUNT:
        return Parsed(round(value, 3))
    thousands = value * 1000
    if value * 10 != (value * 10).to_integral_value() and thousands == thousands.to_integral_value():
        return UnclearNumber((thousands.quantize(Decimal(1)),))
    return parse_figure(row, format(value, "f").replace(".", ","))


def readings_of(outcome: Parsed | UnclearNumber | Refused) -> tuple[Decimal, ...]:
    """The figures that a cell may say; none where it says no figure."""
    match outcome:
        case Parsed(value=value):
            return (value,)
        case UnclearNumber(readings=several):
            return several
        case _:
            return ()


def has_beside(row: SheetRow) -> bool:
    """Whether words stand in a row and something to the right of them."""
    said = [place for place, cell in enumerate(row.cells[:COLUMNS]) if cell]
    words = [place for place in said if any(map(str.isalpha, row.cells[place]))]
    return bool(words) and said[-1] > words[0]


def find_unit_above(above: Iterable[SheetRow]) -> str:
    """The unit that the lines above the figures name: the last of them that begins as a union's name does."""
    found = ""
    for row in above:
        cells = [tidy(cell) for cell in row.cells if cell]
        for at, cell in enumerate(cells):
            lead, colon, rest = cell.partition(":")
            if colon and is_one_of(lead, "table_unit"):
                found = rest.strip() or (cells[at + 1] if at + 1 < len(cells) else found)
            elif not colon and fold(cell).startswith(tuple(f"{lead} " for lead in folded("table_union"))):
                found = cell
    return found[:LONGEST_NAME]


def texts_of(rows: Iterable[SheetRow]) -> list[str]:
    """Each row as a line of text."""
    return [" ".join(cell for cell in row.cells if cell) for row in rows]
