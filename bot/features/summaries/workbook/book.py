"""What goes into the official summary: columns, lines and words, and the marks by which a workbook is read back.

The layout is that of the printed table: parts, numbers, sub-rows, one column a unit or a period, totals by formula, a
block for signatures. A hidden first column and a small grey row carry the keys.
"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.model.forms import Figures, Form

CODES = "codes"  # in the hidden column, beside the row of unit or period codes
FIRST_COLUMN = 6  # hidden key, number, indicator, unit, total; then the units or periods


@dataclass(frozen=True, slots=True)
class Column:
    """One unit or one period: its heading, the code it is read back by, and its figures (None where none came).

    `fillable` columns take figures; those of units that only sum up others do not. `lacks` are the keys of rows that
    are not asked of the unit.
    """

    heading: str
    code: str
    figures: Figures | None = None
    fillable: bool = True
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit in the list of units: the words that describe it (code, name, kind, state, time), then its figures."""

    words: tuple[str, ...]
    figures: Figures | None = None


@dataclass(frozen=True, slots=True)
class BookWords:
    """Every word of the workbook that is not in the form; made by the views."""

    sheet: str
    issuer: tuple[str, ...]
    state: tuple[str, ...]
    title: str
    subtitles: tuple[str, ...]
    number: str
    indicator: str
    unit: str
    total: str
    among: str
    code: str
    place_and_date: str
    left_signature: tuple[str, ...]
    right_signature: tuple[str, ...]
    not_a_number: str
    not_a_number_title: str
    list_sheet: str = ""
    list_title: str = ""
    list_heads: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """What goes into a workbook.

    Attributes:
        fixed: the code of what all columns share: the period where each column is a unit, the unit where each is a
            period.
        by_period: whether each column is a period. The sum of totals over months means nothing, so figures that are
            carried over show the last one instead.
    """

    form: Form
    words: BookWords
    fixed: str
    by_period: bool
    columns: tuple[Column, ...]
    lines: tuple[UnitLine, ...] = ()
