"""A figure typed for one row of a form."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final

from knowledge.model.forms import FigureKind, Indicator
from knowledge.numbers import NumberOutcome, Parsed, Reason, Refused, parse_count, parse_money, parse_percent
from knowledge.reports.answers.telling import say_yes_or_no
from knowledge.reports.phrases import folded
from knowledge.text import fold

MOST_SAID: Final = 1
"""What a yes-or-no row of one unit can be at most."""

_NOT_LETTERS = re.compile(r"[^a-z]+")


def parse_figure(row: Indicator, text: str, today: date | None = None) -> NumberOutcome:
    """A figure for a row, by its kind; a sign that officers write before it ("-3" who left) is no minus.

    Yes or no ("có", "chưa") is 1 or 0 where the row is answered so; a larger number is none. With `today`, so it is in
    whatever words: "làm hồi tháng 4 rồi".
    """
    said = _find_yes_no(row, text, today)
    if said is not None:
        return Parsed(said)
    if row.sign is not None and not row.signed and text.strip()[:1] == row.sign:
        text = text.strip()[1:]
    match row.kind:
        case FigureKind.COUNT:
            number = parse_count(text, signed=row.signed)
            too_large = row.yes_no and isinstance(number, Parsed) and number.value > MOST_SAID
            return Refused(Reason.TOO_LARGE) if too_large else number
        case FigureKind.MONEY:
            return parse_money(text)
        case FigureKind.PERCENT:
            return parse_percent(text)


def _find_yes_no(row: Indicator, text: str, today: date | None) -> Decimal | None:
    """What a short answer says where a yes-or-no row is asked for; None where it is another answer.

    Example: "có rồi ạ" → 1, "chưa" → 0.
    """
    if not row.yes_no or text.strip().isdecimal():
        return None
    said = " ".join(_NOT_LETTERS.sub(" ", fold(text)).split())
    if said in folded("answer_yes"):
        return Decimal(1)
    if said in folded("answer_no"):
        return Decimal(0)
    return say_yes_or_no(row, text, today) if today is not None else None
