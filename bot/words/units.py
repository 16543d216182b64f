"""What is said of a unit wherever it is named."""

from __future__ import annotations

from datetime import date

from bot.words.dates import day


def dissolved_mark(on: date) -> str:
    """Behind the name of a unit that is listed although it is no more: (đã giải thể 12/10/2026)."""
    return f"(đã giải thể {day(on)})"
