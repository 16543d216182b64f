"""A figure typed for one row of a form."""

from __future__ import annotations

from knowledge.model.forms import FigureKind, Indicator
from knowledge.numbers import NumberOutcome, parse_count, parse_money, parse_percent


def parse_figure(row: Indicator, text: str) -> NumberOutcome:
    """A figure for a row, by its kind; a sign that officers write before it ("-3" who left) is no minus."""
    if row.sign is not None and not row.signed and text.strip()[:1] == row.sign:
        text = text.strip()[1:]
    match row.kind:
        case FigureKind.COUNT:
            return parse_count(text, signed=row.signed)
        case FigureKind.MONEY:
            return parse_money(text)
        case FigureKind.PERCENT:
            return parse_percent(text)
