"""A rule in fields from which a view makes a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from knowledge.calendar.rules import DayOf, Frequency, Rule


class Rhythm(StrEnum):
    """What a rule is called by people; `MONTHS` is every so many months that make no quarter, half-year or year."""

    ONCE = "once"
    DAYS = "days"
    WEEKS = "weeks"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    MONTHS = "months"


@dataclass(frozen=True)
class DayDescription:
    """One day of a rule.

    `month` is the month of the year (1–12) where the rhythm is a year, otherwise the place in the cycle (1 the first);
    `last_month` tells that it is the cycle's last. None where every month is meant.
    """

    day: DayOf
    month: int | None = None
    last_month: bool = False


@dataclass(frozen=True)
class Description:
    """A rule in fields: `every` counts days, weeks or, for `MONTHS`, months; the rest as in `Rule`."""

    rhythm: Rhythm
    every: int
    dates: tuple[date, ...]
    weekdays: tuple[int, ...]
    days: tuple[DayDescription, ...]
    at: time | None
    start: date | None
    end: date | None
    wording: str
    assumed: frozenset[str]


def describe(rule: Rule) -> Description:
    """The rule in fields: of "month/3:2.last" the rhythm is a quarter and its one day the last of the third month."""
    named = {1: Rhythm.MONTH, 3: Rhythm.QUARTER, 6: Rhythm.HALF, 12: Rhythm.YEAR}
    rhythm = {Frequency.ONCE: Rhythm.ONCE, Frequency.DAILY: Rhythm.DAYS, Frequency.WEEKLY: Rhythm.WEEKS}.get(
        rule.frequency
    ) or (named.get(rule.every, Rhythm.MONTHS) if rule.anchor is None else Rhythm.MONTHS)
    days = tuple(
        DayDescription(
            slot.day,
            None if rule.every == 1 or rule.anchor is not None else slot.month + 1,
            rule.every > 1 and rule.anchor is None and slot.month == rule.every - 1,
        )
        for slot in rule.slots
    )
    return Description(
        rhythm,
        rule.every,
        tuple(sorted(set(rule.dates))),
        rule.weekdays,
        days,
        rule.at,
        rule.start,
        rule.end,
        rule.wording,
        rule.assumed,
    )
