"""The span of time a report is about: a month, a quarter, half a year, a year, or a named campaign."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PeriodKind(StrEnum):
    """How long a period lasts; `CAMPAIGN` is opened by an admin with dates of its own."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CAMPAIGN = "campaign"


EARLIEST_YEAR = 2000
"""No report is asked for about an earlier year."""

_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
_CODE = re.compile(r"(?P<year>\d{4})(?:-(?P<tag>[QH])?(?P<number>\d{1,2}))?")


@dataclass(frozen=True, order=True)
class Period:
    """A reporting period.

    `number` counts from 1 within the year (month 1–12, quarter 1–4, half 1–2) and is 0 for a year;
    a campaign is known by its `name`, and its `year` is the year it was opened in.
    """

    kind: PeriodKind
    year: int
    number: int = 0
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse a period that does not exist, such as month 13."""
        if self.kind is PeriodKind.CAMPAIGN:
            if not self.name or ":" in self.name:
                raise ValueError("a campaign is known by a name without ':'")
            return
        last = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2, PeriodKind.YEAR: 0}[self.kind]
        first = 0 if self.kind is PeriodKind.YEAR else 1
        if not first <= self.number <= last or not 1900 <= self.year <= 9999:
            raise ValueError(f"no such period: {self.kind} {self.number}/{self.year}")

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        """The calendar month `number` (1–12) of `year`."""
        return cls(PeriodKind.MONTH, year, number)

    @classmethod
    def containing(cls, day: date, kind: PeriodKind) -> Period:
        """The period of that kind in which `day` lies; not defined for campaigns."""
        months = _MONTHS[kind]
        return cls(kind, day.year, 0 if kind is PeriodKind.YEAR else (day.month - 1) // months + 1)

    @classmethod
    def parse(cls, code: str) -> Period:
        """The period whose `code` this is; raises ValueError for anything else.

        Example: "2026-Q3" → the third quarter of 2026.
        """
        if code.startswith("campaign:"):
            _, opened, name = code.split(":", 2)
            return cls(PeriodKind.CAMPAIGN, int(opened), name=name)
        match = _CODE.fullmatch(code)
        if match is None:
            raise ValueError(f"not a period: {code!r}")
        year, number = int(match["year"]), int(match["number"] or 0)
        kind = {"Q": PeriodKind.QUARTER, "H": PeriodKind.HALF}.get(
            match["tag"] or "", PeriodKind.MONTH if match["number"] else PeriodKind.YEAR
        )
        return cls(kind, year, number)

    @property
    def code(self) -> str:
        """The stable key kept in the database: `2026-10`, `2026-Q3`, `2026-H1`, `2026`, `campaign:2026:name`."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year}-{self.number:02}"
            case PeriodKind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case PeriodKind.HALF:
                return f"{self.year}-H{self.number}"
            case PeriodKind.YEAR:
                return f"{self.year}"
            case PeriodKind.CAMPAIGN:
                return f"campaign:{self.year}:{self.name}"

    @property
    def start(self) -> date:
        """First day; not defined for campaigns, whose dates the campaign itself keeps."""
        months = _MONTHS[self.kind]
        return date(self.year, (max(self.number, 1) - 1) * months + 1, 1)

    @property
    def end(self) -> date:
        """Last day, inclusive; not defined for campaigns."""
        month = self.start.month + _MONTHS[self.kind] - 1
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def shifted(self, count: int) -> Period:
        """The period `count` steps later (earlier when negative), of the same kind."""
        if self.kind is PeriodKind.YEAR:
            return Period(self.kind, self.year + count)
        per_year = 12 // _MONTHS[self.kind]
        index = self.year * per_year + self.number - 1 + count
        return Period(self.kind, index // per_year, index % per_year + 1)


def periods_a_year(kind: PeriodKind) -> int:
    """How many periods of that kind a year has; 1 for campaigns."""
    return 12 // _MONTHS[kind] if kind in _MONTHS else 1


def list_periods(last: Period) -> list[Period]:
    """The periods of a year up to this one, in the order of time; no campaigns."""
    return [last.shifted(step) for step in range(1 - periods_a_year(last.kind), 1)]
