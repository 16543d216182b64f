"""Months, quarters, half-years and years in any wording: the one reader of periods.

Questions, commands and reports all name a period that has begun; a month without a year is therefore this year's, or
last year's where it lies ahead. How far ahead one may lie is the caller's to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.calendar.line import QUARTER, WHICH, quarter_of, steps_of
from knowledge.calendar.words import read_words
from knowledge.model.periods import Period, PeriodKind

# How far ahead a month named without its year may lie before it is taken for last year's.
AHEAD = timedelta(days=92)

_YEAR = rf"(?: (?:/ |- |\. |year |, year )?(?P<y>\d{{4}})(?! /)| year (?P<ywhich>{WHICH}))?"
_KINDS = {"month": PeriodKind.MONTH, "quarter": PeriodKind.QUARTER, "year": PeriodKind.YEAR}
_Groups = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period met in a text, and where: `text[start:end]` of the composed text. `has_year` where one was named."""

    period: Period
    start: int
    end: int
    has_year: bool


def _half(found: _Groups) -> tuple[PeriodKind, int]:
    return PeriodKind.HALF, 1 if found["half"] in {"start", "first", "1"} else 2


def _month(found: _Groups) -> tuple[PeriodKind, int]:
    return PeriodKind.MONTH, int(found["m"] or 0)


def _quarter(found: _Groups) -> tuple[PeriodKind, int]:
    return PeriodKind.QUARTER, quarter_of(found["q"] or "")


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[_Groups], tuple[PeriodKind, int]] | None], ...] = tuple(
    (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), handler)
    for pattern, handler in (
        (rf"6 month (?P<half>start|first|end|last)(?: year(?! \d| {WHICH}))?{_YEAR}", _half),
        (rf"(?:quarter|q)(?: ord)? (?P<q>{QUARTER}){_YEAR}", _quarter),
        (rf"(?:month|t)(?: ord)?(?: [.:])? (?P<m>\d{{1,2}}){_YEAR}", _month),
        (r"(?<!/ )(?<!- )(?<!\. )(?P<m>\d{1,2}) (?P<s>[/.-]) (?P<y>\d{4})(?! /)", _month),
        (rf"(?P<unit>month|quarter|year) (?P<which>{WHICH})", None),
        (r"year (?P<y>\d{4})", lambda _found: (PeriodKind.YEAR, 0)),
        (r"whole year", lambda _found: (PeriodKind.YEAR, 0)),
    )
)


def locate_periods(text: str, today: date, *, ahead: timedelta = AHEAD) -> list[FoundPeriod]:
    """The periods that a text names, in its order, with their places; those that do not exist are passed over.

    A month, quarter or half-year without a year is this year's, or last year's where it begins more than `ahead` after
    `today`: with no time ahead, the latest that has begun. "tháng trước" in October 2026 is 2026-09.
    """
    words = read_words(text)
    key, found = words.key, list[tuple[int, int, Period, bool]]()
    for pattern, handler in _PATTERNS:
        for match in pattern.finditer(key):
            if any(match.start() < end and start < match.end() for start, end, _, _ in found):
                continue
            groups = match.groupdict()
            try:
                period, has_year = _named(groups, handler, today, ahead)
            except ValueError:
                continue
            found.append((match.start(), match.end(), period, has_year))
    return [
        FoundPeriod(period, *words.place(start, end), has_year)
        for start, end, period, has_year in sorted(found, key=lambda item: item[0])
    ]


def _named(
    groups: _Groups, handler: Callable[[_Groups], tuple[PeriodKind, int]] | None, today: date, ahead: timedelta
) -> tuple[Period, bool]:
    if handler is None:
        shown = Period.containing(today, _KINDS[groups["unit"] or ""])
        return shown.shifted(steps_of(groups["which"])), True
    kind, number = handler(groups)
    year = groups.get("y")
    if year is not None:
        return Period(kind, int(year), number), True
    if groups.get("ywhich") is not None:
        return Period(kind, today.year + steps_of(groups["ywhich"]), number), True
    period = Period(kind, today.year, number)
    late = period.start - today > ahead
    return (Period(kind, today.year - 1, number) if late else period), False


def find_periods(text: str, today: date, *, ahead: timedelta = AHEAD) -> list[Period]:
    """The periods that a text names, in its order: "tháng 8 và quý 3" are two."""
    return [found.period for found in locate_periods(text, today, ahead=ahead)]


def split_period(text: str, today: date, *, ahead: timedelta = AHEAD) -> tuple[Period | None, str]:
    """The first period that a text names, and the text without it, as a command's arguments are read.

    Example: "T9 Quảng Trị" → September and "Quảng Trị".
    """
    found = locate_periods(text, today, ahead=ahead)
    if not found:
        return None, " ".join(text.split())
    whole, first = read_words(text).text, found[0]
    return first.period, " ".join(f"{whole[: first.start]} {whole[first.end :]}".split()).strip(" ,;:.-")
