"""Which days are worked in Vietnam, and plain arithmetic of days; nothing here reads a clock."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_DAY = timedelta(days=1)


def last_day(year: int, month: int) -> date:
    """The last day of that month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def clamped(year: int, month: int, day: int) -> date:
    """That day of that month, or the month's last day where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


class WorkingDays:
    """Which days are worked in Vietnam: not weekends, public holidays or the days given in lieu of them.

    Saturdays that the government swaps for a day off are worked. A year of which the holiday library knows nothing
    has its weekends off and nothing else. Each year is computed once, when it is first asked about.
    """

    def __init__(
        self, extra_holidays: frozenset[date] = frozenset(), extra_working_days: frozenset[date] = frozenset()
    ) -> None:
        """Take days off and days worked that were declared after the holiday library was released."""
        self._extra = extra_holidays
        self._worked = extra_working_days
        self._names: dict[int, dict[date, str]] = {}
        self._swapped: dict[int, frozenset[date]] = {}

    def _load(self, year: int) -> dict[date, str]:
        found = self._names.get(year)
        if found is None:
            import holidays  # noqa: PLC0415  (half a second of imports that a question about a plan never needs)

            try:
                known = holidays.country_holidays("VN", years=year, language="vi")
            except (NotImplementedError, ValueError, OverflowError):
                self._names[year], self._swapped[year] = {}, frozenset()
                return {}
            found = {day: name for day, name in known.items() if day.year == year}
            self._swapped[year] = frozenset(day for day in known.weekend_workdays if day.year == year)
            self._names[year] = found
        return found

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day."""
        if day in self._worked:
            return True
        names = self._load(day.year)
        if day in names or day in self._extra:
            return False
        return day.weekday() < 5 or day in self._swapped[day.year]

    def on_or_before(self, day: date) -> date:
        """That day if it is worked, otherwise the nearest working day before it."""
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def on_or_after(self, day: date) -> date:
        """That day if it is worked, otherwise the nearest working day after it."""
        while not self.is_working_day(day):
            day += _DAY
        return day

    def previous(self, day: date) -> date:
        """The last working day before that day."""
        return self.on_or_before(day - _DAY)

    def following(self, day: date) -> date:
        """The first working day after that day."""
        return self.on_or_after(day + _DAY)


@lru_cache(maxsize=1)
def vietnam_working_days() -> WorkingDays:
    """The calendar that everyone shares."""
    return WorkingDays()
