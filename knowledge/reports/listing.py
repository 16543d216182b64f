"""Several rows of a part answered in one message: one number after the other, or each behind its row's number."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from knowledge.model.forms import Form, Indicator
from knowledge.numbers import Parsed, Reason, Refused
from knowledge.reports.figures import parse_figure
from knowledge.reports.model import UntakenPiece
from knowledge.reports.sheet import (
    ReportSheet,
    SheetEvent,
    SheetOutcome,
    asked_rows,
    change,
    part_of,
    put_figure,
)

_NAMED: Final = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*[:=]\s*(.+)", re.ASCII)
_BETWEEN: Final = re.compile(r"[;\n]+")


def label_of(form: Form, row: Indicator) -> str:
    """How a row is called in a list: "26", a sub-row "26.1"."""
    if row.parent is None:
        return row.no
    return f"{row.no}.{[child.key for child in form.children(row.parent)].index(row.key) + 1}"


def find_labelled(form: Form, label: str) -> Indicator | None:
    """The row called that; None where none that is asked for is."""
    return next((row for row in form.asked if label_of(form, row) == label), None)


def take_listed(form: Form, sheet: ReportSheet, text: str) -> SheetOutcome | None:
    """What such a message does to the sheet; None for any other. What is wrong in it is told, the rest is taken.

    Examples: "12 5 0 3" from the row being asked for on; "26: 12; 26.1: 5,5" wherever these rows stand.
    """
    pieces = [piece.strip() for piece in _BETWEEN.split(text) if piece.strip()]
    named = [_NAMED.fullmatch(piece) for piece in pieces]
    if named and all(named):
        return _put(form, sheet, [(find_labelled(form, found[1]), found[2], found[0]) for found in named if found])
    values = pieces if len(pieces) > 1 else text.split()
    rows = asked_rows(form, sheet)
    at = next((number for number, row in enumerate(rows) if row.key == sheet.key), None)
    if at is None or not sheet.part or not _is_row_of_numbers(values, spaced=len(pieces) == 1):
        return None
    if len(values) > len(rows) - at:
        return SheetOutcome(
            sheet, SheetEvent.REFUSED, not_taken=(UntakenPiece(text.strip(), sheet.key, Reason.SEVERAL_NUMBERS),)
        )
    return _put(form, sheet, [(row, value, value) for row, value in zip(rows[at:], values, strict=False)])


def _is_row_of_numbers(values: list[str], *, spaced: bool) -> bool:
    """Whether these are several numbers and nothing else; "12 500" is one number to many, so it is none of these."""
    if len(values) < 2 or not all(value.replace(".", "").replace(",", "").isdecimal() for value in values):
        return False
    return not spaced or not any(
        len(before) <= 3 and len(after) == 3 and before.isdecimal() and after.isdecimal()
        for before, after in pairwise(values)
    )


def _put(form: Form, sheet: ReportSheet, given: list[tuple[Indicator | None, str, str]]) -> SheetOutcome:
    taken: dict[str, Decimal] = {}
    wrong: list[UntakenPiece] = []
    for row, value, piece in given:
        number = parse_figure(row, value) if row is not None else None
        if row is not None and isinstance(number, Parsed):
            taken[row.key] = number.value
        else:
            reason = number.reason if isinstance(number, Refused) else Reason.NOT_A_NUMBER
            wrong.append(UntakenPiece(piece, row.key if row is not None else sheet.key or form.asked[0].key, reason))
    part = sheet.part
    for key, figure in taken.items():
        sheet = put_figure(form, change(sheet, key=key, part=part or part_of(form, key)), key, figure)
    if not taken:
        return SheetOutcome(sheet, SheetEvent.REFUSED, not_taken=tuple(wrong))
    return replace(SheetOutcome(sheet), not_taken=tuple(wrong))
