"""The days on which a form opens, is due and locks, relative to its periods."""

from __future__ import annotations

import calendar
from datetime import date

import msgspec

from knowledge.model.periods import Period


class FormFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of a form file; a key that is not known is a mistake and is named on loading."""


class MonthDay(FormFact, frozen=True):
    """A day relative to a period: day `day` of the month `months` after the period's last month.

    A `day` past the end of a shorter month is its last day, so 31 is "the last day".
    """

    day: int
    months: int = 0

    def __post_init__(self) -> None:
        """Refuse a day that no month has."""
        if not 1 <= self.day <= 31:
            raise ValueError(f"day must be 1–31, not {self.day}")
        if not -12 <= self.months <= 24:
            raise ValueError(f"months must be -12–24, not {self.months}")

    @property
    def place(self) -> tuple[int, int]:
        """What orders such days: they follow one another so for any period."""
        return self.months, self.day

    def after(self, period: Period) -> date:
        """The date of this day for `period`, which is no campaign."""
        month_index = period.end.year * 12 + period.end.month - 1 + self.months
        year, month = month_index // 12, month_index % 12 + 1
        return date(year, month, min(self.day, calendar.monthrange(year, month)[1]))


class Calendar(FormFact, frozen=True):
    """When a form opens, is due and locks; all three days are inclusive and in local time.

    `due` is the last day on time, `locks` the last day on which a correction is taken without asking.
    """

    opens: MonthDay
    due: MonthDay
    locks: MonthDay

    def __post_init__(self) -> None:
        """Refuse a form that is due before it opens, or locks before it is due."""
        if not self.opens.place <= self.due.place <= self.locks.place:
            raise ValueError("a form opens, then is due, then locks: the days are not in that order")
