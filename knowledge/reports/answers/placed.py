"""Answers without names, in the order of a form: as many as it has rows, in lines with numbers or all in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from knowledge.calendar.words import composed
from knowledge.model.forms import Form, Indicator
from knowledge.numbers import Parsed
from knowledge.reports.answers.cutting import broken
from knowledge.reports.figures import parse_figure

LEAST: Final = 4
"""Fewer answers than that are taken by nobody to be those of a form."""

_LINE: Final = re.compile(r"\s*(?P<no>\d{1,2})\s*[.)/:-]\s*(?P<said>\S.*)")
_PAUSES: Final = re.compile(r"[,;(\n]|\.(?!\d)")
_SPACED: Final = re.compile(r"[\s,;|]+")


def read_placed(text: str, form: Form, today: date) -> tuple[Form, dict[str, Decimal]] | None:
    """The figures of a message that gives them all in the order of the form, and the form as the units have it that
    have as many rows; None for any other message.

    Example: "1. có, 2. chưa …" on lines of their own, or "1 1 4 1 1 1 3 2 15 2 1" where the form has eleven rows.
    """
    answers = list(_list_answers(broken(composed(text))))
    if len(answers) < LEAST:
        return None
    for own in _shapes(form):
        if len(own.asked) == len(answers):
            read = [_read(row, said, today) for row, said in zip(own.asked, answers, strict=True)]
            values = {row.key: value for row, value in zip(own.asked, read, strict=True) if value is not None}
            if len(values) == len(answers):
                return own, values
    return None


def _shapes(form: Form) -> Iterator[Form]:
    """The form as it is, and as the kinds of unit that send it have it."""
    yield form
    yield from (form.asked_of(kind) for kind in sorted(form.owed_by))


def _list_answers(text: str) -> Sequence[str]:
    lines = [line for line in text.splitlines() if line.strip()]
    found = [match for line in lines if (match := _LINE.fullmatch(line)) is not None]
    if len(found) >= LEAST and len(lines) - len(found) <= 1:
        numbers = [int(match["no"]) for match in found]
        return [match["said"] for match in found] if numbers == list(range(1, len(found) + 1)) else []
    said = [piece for piece in _SPACED.split(text.strip()) if piece]
    return said if all(piece.isdecimal() for piece in said) else []


def _read(row: Indicator, said: str, today: date) -> Decimal | None:
    """The figure of an answer: all of it, or what stands before its first pause."""
    for piece in (said, _PAUSES.split(said)[0]):
        number = parse_figure(row, piece, today)
        if isinstance(number, Parsed):
            return number.value
    return None
