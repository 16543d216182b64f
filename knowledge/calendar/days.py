"""Days in words: single dates, and the days of a month that a rule is made of."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.calendar.line import QUARTER, WEEKDAY, WHICH, SignLine, numbers_in, quarter_of, steps_of, weekday_of
from knowledge.calendar.outcomes import DateReason, NotClearError
from knowledge.calendar.rules import DayKind, DayOf
from knowledge.calendar.working_days import WorkingDays, clamped
from knowledge.model.periods import Period, PeriodKind

# A day and month this near behind today, named without a year, may be meant for last time or for next year.
JUST_PAST = timedelta(days=92)
_DAY = timedelta(days=1)
_B = r"(?:(?P<before>before) )?"
_YEAR = rf"(?: (?:/ |- |\. |year |, year )?(?P<y>\d{{4}})(?! /)|(?: ,)? year (?P<ywhich>{WHICH}))?"
_ENDING = r"(?:end|closing|last|day last|day end|day closing)"
_SINCE = r"(?:(?: ,)? (?:now|from (?:today|in1)))?"
_NTH = r"(?P<nth>first|last|secondlast|start|end|ord \d{1,2}|\d{1,2}(?= (?:month|quarter|year)))"
_DATES = (
    rf"{_B}(?:day )?(?P<d>\d{{1,2}}) / (?P<m>\d{{1,2}})(?: / (?P<y2>\d{{2}})(?! \d)|{_YEAR})(?! /)",
    rf"{_B}(?:day )?(?P<d>\d{{1,2}}) (?P<s>[-.]) (?P<m>\d{{1,2}}) (?P=s) (?P<y>\d{{4}})",
    rf"{_B}day (?P<d>\d{{1,2}}) [-.] (?P<m>\d{{1,2}})",
    rf"{_B}(?:day )?(?<!ord )(?P<d>\d{{1,2}}) (?:/ )?(?:month|t) (?P<m>\d{{1,2}}){_YEAR}",
)


@dataclass(frozen=True, slots=True)
class Dated:
    """A day with its month as it was named; `year` None where none was."""

    day: int
    month: int
    year: int | None
    before: bool

    def check(self) -> None:
        """Raise NotClearError where no year has such a day."""
        make_date(self.year or 2028, self.month, self.day)

    def on(self, today: date, *, shift: bool) -> date:
        """The date meant: without a year the next, or NotClearError where it is just past."""
        back = _DAY if shift and self.before else timedelta()
        if self.year is not None:
            return make_date(self.year, self.month, self.day) - back
        self.check()
        named = clamped(today.year, self.month, self.day) - back
        if named < today and today - named <= JUST_PAST:
            raise NotClearError(DateReason.PAST)
        return next_yearly(today + back, self.month, self.day) - back


def make_date(year: int, month: int, day: int) -> date:
    """That date; raises NotClearError where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        raise NotClearError(DateReason.NO_SUCH_DATE) from None


def next_yearly(today: date, month: int, day: int) -> date:
    """The next such day on or after `today`; 29/02 waits for a leap year."""
    for year in range(today.year, today.year + 9):
        if month == 2 and day == 29 and not calendar.isleap(year):
            continue
        found = make_date(year, month, day)
        if found >= today:
            return found
    raise NotClearError(DateReason.NO_SUCH_DATE)


def take_dates(line: SignLine, today: date) -> list[Dated]:
    """Every day that is named with its month, taken out of the line."""
    found: list[Dated] = []
    for pattern in _DATES:
        while (groups := line.take(pattern, "@")) is not None:
            found.append(Dated(int(groups["d"]), int(groups["m"]), year_of(groups, today), "before" in groups))
    line.replace(r"(?:(?:,|and|before) )*@(?: (?:,|and|@))*", "")
    return found


def year_of(groups: dict[str, str], today: date) -> int | None:
    """The year that a match named, or None."""
    if "y" in groups:
        return int(groups["y"])
    if "y2" in groups:
        return 2000 + int(groups["y2"])
    return today.year + steps_of(groups["ywhich"]) if "ywhich" in groups else None


def take_single(line: SignLine, today: date, working_days: WorkingDays) -> list[tuple[date, bool]]:
    """Days named by their distance from today, and whether "trước" stood before them.

    Today itself is not counted: "trong 5 ngày làm việc" and "5 ngày làm việc kể từ ngày mai" end on one day.
    """
    found = _take_counted(line, today, working_days)
    for pattern, days in (("today", 0), ("in1", 1), ("in2", 2)):
        groups = line.take(f"{_B}(?:day )?{pattern}(?: (?:this|next))?")
        if groups is not None:
            found.append((today + timedelta(days=days), "before" in groups))
    return found


def _take_counted(line: SignLine, today: date, working_days: WorkingDays) -> list[tuple[date, bool]]:
    groups = line.take(rf"(?:within )?(?P<n>\d{{1,3}}) workday(?: later)? since (?P<first>{WEEKDAY})")
    if groups is not None:
        on = on_weekday(weekday_of(groups["first"]), None, today, of_week=False) - _DAY
        for _ in range(int(groups["n"])):
            on = working_days.following(on)
        return [(on, False)]
    groups = line.take(
        rf"(?:within |after )(?P<n>\d{{1,3}}) workday(?! (?:start|first|end|last|ord))(?: (?:next|later))?{_SINCE}"
    ) or line.take(rf"(?P<n>\d{{1,3}}) workday (?:later|next){_SINCE}")
    if groups is not None:
        on = today
        for _ in range(int(groups["n"])):
            on = working_days.following(on)
        return [(on, False)]
    found: list[tuple[date, bool]] = []
    groups = line.take(
        r"(?:within (?!\d+ day start)|after )(?P<n>\d{1,3}) (?P<unit>day|week|month|year)"
        rf"(?!(?: after| from)* (?:before|end|closing|day))(?: (?:next|later|after))?{_SINCE}"
    ) or line.take(
        r"(?<!day )(?<!before )(?<!month )(?<!quarter )(?P<n>\d{1,3}) (?P<unit>day|week|month|year) "
        rf"(?P<how>next|later|after)(?! \d| end| closing){_SINCE}"
    )
    if groups is not None:
        count, unit = int(groups["n"]), groups["unit"]
        if unit == "month" and groups.get("how") in {"after", "next"}:
            raise NotClearError(DateReason.AMBIGUOUS)
        if unit in {"day", "week"}:
            found.append((today + timedelta(days=count * (7 if unit == "week" else 1)), False))
        else:
            month = Period.containing(today, PeriodKind.MONTH).shifted(count * (12 if unit == "year" else 1))
            found.append((clamped(month.year, month.number, today.day), False))
    return found


def take_days(line: SignLine) -> tuple[list[DayOf], bool]:
    """The days of a month that a line names, taken out of it, and whether it names the month's edge alone ("cuối").

    Raises NotClearError where it says "đầu" or "giữa" and no day.
    """
    groups = (
        line.take(rf"{_B}(?:day )?(?P<weekday>{WEEKDAY}) week {_NTH}")
        or line.take(
            rf"week {_NTH}(?P<scope> (?:month|quarter|year)\*?(?: {WHICH}| \d{{1,2}}(?! /))?)? "
            rf"(?:day )?(?P<weekday>{WEEKDAY})"
        )
        or line.take(rf"{_B}(?:day )?(?P<weekday>{WEEKDAY}) {_NTH}(?! week)")
    )
    if groups is not None:
        line.key = f"{groups.get('scope', '')} {line.key}".strip()
        return [DayOf(DayKind.WEEKDAY, _nth(groups["nth"]), weekday_of(groups["weekday"]), _shift(groups))], False
    groups = line.take(r"(?P<nth>\d{1,2}) workday (?:start|first)") or line.take(rf"{_B}workday {_NTH}")
    if groups is not None:
        return [DayOf(DayKind.WORKING, _nth(groups["nth"]), shift=_shift(groups))], False
    groups = line.take(rf"(?:after )?(?P<n>\d{{1,2}}) day (?:after |from )+(?:day )?{_ENDING}") or line.take(
        rf"after {_ENDING}(?P<scope> (?:month|quarter|year|half)\*?) (?P<n>\d{{1,2}}) day"
    )
    if groups is not None:
        line.key = f"{groups.get('scope', '')} first {line.key}".strip()
        return [DayOf(DayKind.NUMBER, int(groups["n"]))], False
    groups = line.take(rf"(?:before )?(?P<n>\d{{1,2}}) day before (?:before )?{_ENDING}")
    if groups is None:
        groups = line.take(
            rf"(?:before )?{_ENDING}(?P<scope> (?:month|quarter|year|half)\*?)(?: before)? (?P<n>\d{{1,2}}) day"
        )
    if groups is not None:
        line.key = f"{groups.get('scope', '')} {line.key}".strip()
        return [DayOf(DayKind.LAST, shift=-int(groups["n"]))], False
    groups = line.take(r"(?:within )?(?P<n>\d{1,2}) day (?:start|first)", "first")
    if groups is not None:
        return [DayOf(DayKind.NUMBER, int(groups["n"]))], False
    return _plain_days(line)


def _plain_days(line: SignLine) -> tuple[list[DayOf], bool]:
    line.replace("day end(?= (?:month|quarter|year|week|$))|day end$", "day last")
    line.replace(r"month\* (?=(?:1[3-9]|2\d|3[01])(?! /))", "month* day ")
    groups = line.take(r"(?:day )?(?P<n>\d{1,2}) and (?:day last|end)(?= month|$| ,)")
    if groups is not None:
        return [DayOf(DayKind.NUMBER, *_checked(groups["n"])), DayOf(DayKind.LAST)], False
    groups = line.take(rf"{_B}(?:to )?day (?P<which>last|first|start)")
    if groups is not None:
        if groups["which"] == "last":
            return [DayOf(DayKind.LAST, shift=_shift(groups))], False
        line.key = f"first {line.key}"
        return [DayOf(DayKind.NUMBER, 1, shift=_shift(groups))], False
    groups = line.take(
        rf"{_B}(?<!month )(?<!month\* )(?<!quarter )(?<!q )(?<!ord )(?:day )?(?<!month )(?<!quarter )"
        r"(?P<list>\d{1,2}(?:(?: (?:,|and)(?: (?:and|day|before))*) \d{1,2})*)(?! [/:.-]| day(?: ,|$))"
    )
    if groups is not None:
        shift = _shift(groups)
        return [DayOf(DayKind.NUMBER, number, shift=shift) for number in _checked(groups["list"])], False
    if line.take("(?:to |end |last )+(?=month|quarter|year|half|week|6 month)") is not None or line.take("to$|end$"):
        return [DayOf(DayKind.LAST)], True
    if line.find("(?:start|mid|first)(?= (?:month|quarter|year|half|week))") is not None:
        raise NotClearError(DateReason.VAGUE)
    return [], False


def _checked(text: str) -> list[int]:
    numbers = numbers_in(text)
    if any(not 1 <= number <= 31 for number in numbers):
        raise NotClearError(DateReason.NO_SUCH_DATE)
    return numbers


def _nth(sign: str) -> int:
    named = {"first": 1, "start": 1, "last": -1, "end": -1, "secondlast": -2}
    return named.get(sign) or int(sign.rsplit(maxsplit=1)[-1])


def _shift(groups: dict[str, str]) -> int:
    return -1 if "before" in groups else 0


def on_weekday(weekday: int, which: str | None, today: date, *, of_week: bool) -> date:
    """The day meant by a weekday: the next after today, or the one of the week named.

    "thứ sáu tuần sau" is in the week after this one, "thứ sáu này" today or the next one.
    """
    if of_week:
        return today - timedelta(days=today.weekday()) + timedelta(weeks=steps_of(which), days=weekday)
    if which == "this":
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def named_quarter(sign: str, year: int | None, today: date) -> Period:
    """A quarter by its number; without a year this year's or, where it is over, the next year's."""
    found = Period(PeriodKind.QUARTER, today.year if year is None else year, quarter_of(sign))
    return found if year is not None or found.end >= today else found.shifted(4)


QUARTER_NAME = rf"(?:quarter|q) (?P<q>{QUARTER}){_YEAR}"
MONTH_NAME = rf"(?:month|t|within t) (?P<m>\d{{1,2}}){_YEAR}"
YEAR_PART = _YEAR
