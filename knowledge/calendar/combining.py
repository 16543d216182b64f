"""The parts that a line of words named, put together as one rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from knowledge.calendar.days import JUST_PAST, Dated, make_date, named_quarter, on_weekday, year_of
from knowledge.calendar.frequency import MONTHS_IN, RuleReading
from knowledge.calendar.line import steps_of
from knowledge.calendar.outcomes import DateReason, NotClearError
from knowledge.calendar.rules import CycleDay, DayKind, DayOf, Frequency, Rule
from knowledge.model.periods import Period, PeriodKind

_DAY = timedelta(days=1)


@dataclass
class Parts:
    """What a line names beside its frequency.

    `dates` are days with their months, `singles` days counted from today, `days` days of a month whose `edge` alone may
    be named ("cuối"), `weekdays` days of a week. The span they are counted in: `months` of a year, the `place`-th month
    of a `cycle`, a month, quarter, half-year or year by name (`scope`, `number`, `year_named`: the groups that tell its
    year), or a `unit` with `which` one.
    """

    dates: list[Dated] = field(default_factory=list)
    singles: list[tuple[date, bool]] = field(default_factory=list)
    days: list[DayOf] = field(default_factory=list)
    edge: bool = False
    first: bool = False
    weekdays: list[int] = field(default_factory=list)
    week: str | None = None
    of_week: bool = False
    before: bool = False
    months: list[int] = field(default_factory=list)
    year: int | None = None
    place: int | None = None
    cycle: int = 0
    scope: str = ""
    number: int = 0
    year_named: dict[str, str] = field(default_factory=dict)
    unit: str = ""
    which: str | None = None


def combine(reading: RuleReading, parts: Parts) -> Rule:
    """The one rule that these parts state; raises NotClearError where they state none, or several."""
    _check(parts)
    if parts.dates:
        return _of_dates(reading, parts)
    if parts.singles:
        days = {on - _DAY if before and reading.at is None else on for on, before in parts.singles}
        if len(days) > 1 or parts.days or parts.weekdays or reading.recurs:
            raise NotClearError(DateReason.AMBIGUOUS)
        return _once(reading, days)
    if parts.weekdays:
        return _of_weekdays(reading, parts)
    if reading.unit == "day":
        return _daily(reading, parts)
    if reading.unit == "week":
        return _weekly_without_day(reading, parts)
    if parts.days:
        return _of_days(reading, parts)
    if reading.length:
        return _without_day(reading, parts)
    return _of_period(reading, parts)


def _check(parts: Parts) -> None:
    if any(not 1 <= month <= 12 for month in parts.months) or (parts.scope == "month" and not 1 <= parts.number <= 12):
        raise NotClearError(DateReason.NO_SUCH_DATE)
    for dated in parts.dates:
        dated.check()
    if parts.dates and (parts.place is not None or parts.months or parts.scope or parts.edge):
        raise NotClearError(DateReason.AMBIGUOUS)


def _once(reading: RuleReading, days: set[date]) -> Rule:
    return Rule(
        Frequency.ONCE,
        dates=tuple(sorted(days)),
        at=reading.at,
        wording=reading.wording,
        assumed=frozenset(reading.assumed),
    )


def _repeated(
    reading: RuleReading,
    frequency: Frequency,
    every: int,
    anchor: date | None,
    *,
    weekdays: tuple[int, ...] = (),
    slots: tuple[CycleDay, ...] = (),
) -> Rule:
    """What comes again, with the hour, the bounds and the wording that were read beside it."""
    return Rule(
        frequency,
        every,
        weekdays=weekdays,
        slots=slots,
        anchor=anchor,
        at=reading.at,
        start=reading.start,
        end=reading.end,
        wording=reading.wording,
        assumed=frozenset(reading.assumed),
    )


# Days with their months ----------------------------------------------------------------------------------------------


def _of_dates(reading: RuleReading, parts: Parts) -> Rule:
    dates, shift = parts.dates, reading.at is None
    if parts.weekdays and len(dates) == 1:
        _check_weekday(reading, parts)
    elif parts.weekdays or parts.singles:
        raise NotClearError(DateReason.AMBIGUOUS)
    if not reading.recurs:
        days = {dated.on(reading.today, shift=shift) for dated in dates}
        if len(days) > 1 and any(dated.before for dated in dates):
            raise NotClearError(DateReason.AMBIGUOUS)
        _check_span(reading, parts)
        return _once(reading, days)
    if reading.length and reading.length * len(dates) == 12:
        reading.length = 12
    if reading.length != 12:
        raise NotClearError(DateReason.UNKNOWN_WORDS)
    named = [make_date(dated.year, dated.month, dated.day) for dated in dates if dated.year is not None]
    if named:
        reading.start = reading.start or min(named)
    before = dates[0].before and shift
    slots = [
        CycleDay(
            dated.month - 1, DayOf(DayKind.NUMBER, dated.day, shift=-1 if before or (dated.before and shift) else 0)
        )
        for dated in dates
    ]
    return _monthly(reading, 12, slots)


def _check_span(reading: RuleReading, parts: Parts) -> None:
    """Raise NotClearError where a week, month, quarter or year is named beside dates that do not lie in it."""
    if not parts.unit or parts.which is None:
        return
    steps = steps_of(parts.which)
    if parts.unit == "week":
        first = reading.today + timedelta(days=7 * steps - reading.today.weekday())
        last = first + timedelta(days=6)
    else:
        span = Period.containing(reading.today, PeriodKind(parts.unit)).shifted(steps)
        first, last = span.start, span.end
    plain = [Dated(dated.day, dated.month, dated.year, before=False) for dated in parts.dates]
    if any(not first <= dated.on(reading.today, shift=False) <= last for dated in plain):
        raise NotClearError(DateReason.AMBIGUOUS)


def _check_weekday(reading: RuleReading, parts: Parts) -> None:
    dated = parts.dates[0]
    plain = Dated(dated.day, dated.month, dated.year, before=False)
    on = plain.on(reading.today, shift=False)
    if on.weekday() != parts.weekdays[0] or len(parts.weekdays) > 1:
        other = on_weekday(parts.weekdays[0], parts.week, reading.today, of_week=parts.of_week)
        raise NotClearError(DateReason.AMBIGUOUS, (_once(reading, {on}), _once(reading, {other})))


# Weeks and days ------------------------------------------------------------------------------------------------------


def _of_weekdays(reading: RuleReading, parts: Parts) -> Rule:
    if parts.days:
        raise NotClearError(DateReason.UNKNOWN_WORDS)
    if reading.unit == "week":
        shift = 1 if parts.before and reading.at is None else 0
        return _weekly(reading, sorted({(day - shift) % 7 for day in parts.weekdays}))
    if reading.recurs or parts.place is not None or parts.scope or parts.months:
        raise NotClearError(DateReason.UNKNOWN_WORDS)
    if parts.unit not in {"", "week"} or len(parts.weekdays) > 1:
        raise NotClearError(DateReason.AMBIGUOUS)
    of_week, which = parts.of_week or parts.unit == "week", parts.week or parts.which
    on = on_weekday(parts.weekdays[0], which, reading.today, of_week=of_week)
    return _once(reading, {on - _DAY if parts.before and reading.at is None else on})


def _weekly(reading: RuleReading, weekdays: list[int]) -> Rule:
    anchor: date | None = None
    if reading.every > 1:
        first = reading.start or reading.today
        anchor = min(first + timedelta(days=(day - first.weekday()) % 7) for day in weekdays)
        reading.assumed |= set() if reading.start else {"start"}
    return _repeated(reading, Frequency.WEEKLY, reading.every, anchor, weekdays=tuple(weekdays))


def _weekly_without_day(reading: RuleReading, parts: Parts) -> Rule:
    if parts.days and not parts.edge:
        working = parts.days[0]
        if working.kind is DayKind.WORKING and abs(working.number) == 1:
            return _weekly(reading, [0 if working.number > 0 else 4])
        raise NotClearError(DateReason.DAY_MISSING)
    if reading.start is not None and not parts.edge:
        return _weekly(reading, [reading.start.weekday()])
    choices = tuple(_weekly(reading, [day]) for day in (4, 6))
    raise NotClearError(DateReason.AMBIGUOUS if parts.edge else DateReason.DAY_MISSING, choices)


def _daily(reading: RuleReading, parts: Parts) -> Rule:
    if parts.days or parts.unit not in {"", "day"} or parts.scope:
        raise NotClearError(DateReason.UNKNOWN_WORDS)
    reading.assumed |= set() if reading.start or reading.every == 1 else {"start"}
    return _repeated(reading, Frequency.DAILY, reading.every, reading.start or reading.today)


# Days of months ------------------------------------------------------------------------------------------------------


def _of_days(reading: RuleReading, parts: Parts) -> Rule:
    if reading.at is not None:
        parts.days = [
            DayOf(day.kind, day.number, day.weekday, max(day.shift, 0) if day.shift == -1 else day.shift)
            for day in parts.days
        ]
    if parts.months:
        if (reading.length not in {0, 2} and reading.length * len(parts.months) % 12) or parts.year is not None:
            raise NotClearError(DateReason.AMBIGUOUS)
        return _monthly(reading, 12, [CycleDay(month - 1, day) for month in parts.months for day in parts.days])
    if parts.place is not None:
        return _in_place(reading, parts)
    if parts.scope:
        return _in_named(reading, parts)
    if parts.which:
        return _in_which(reading, parts)
    length = MONTHS_IN.get(parts.unit, 0)
    if reading.length:
        if length > reading.length and not parts.edge:
            raise NotClearError(DateReason.UNKNOWN_WORDS)
        return _in_cycle(reading, parts, max(reading.length, length if reading.length % 3 == 0 else 0))
    return _in_plain(reading, parts, length)


def _in_place(reading: RuleReading, parts: Parts) -> Rule:
    assert parts.place is not None
    if 1 < reading.length < parts.cycle:
        raise NotClearError(DateReason.AMBIGUOUS)
    if reading.recurs or not (parts.which or parts.year_named):
        return _monthly(reading, parts.cycle, [CycleDay(parts.place, day) for day in parts.days])
    if parts.year_named:
        span = named_quarter(parts.year_named["q"], year_of(parts.year_named, reading.today), reading.today)
    else:
        kinds = {3: PeriodKind.QUARTER, 6: PeriodKind.HALF, 12: PeriodKind.YEAR}
        span = Period.containing(reading.today, kinds[parts.cycle]).shifted(steps_of(parts.which))
    month = Period.containing(span.start, PeriodKind.MONTH).shifted(parts.place)
    return _once(reading, {_on(reading, day, month.year, month.number) for day in parts.days})


def _on(reading: RuleReading, day: DayOf, year: int, month: int) -> date:
    if day.kind is DayKind.NUMBER:
        return make_date(year, month, day.number) + timedelta(days=day.shift)
    return day.on(year, month, reading.working_days)


def _in_named(reading: RuleReading, parts: Parts) -> Rule:
    """Within a month, quarter, half-year or year named by its number."""
    year = year_of(parts.year_named, reading.today)
    if parts.scope == "month" and reading.length == 12:
        return _monthly(reading, 12, [CycleDay(parts.number - 1, day) for day in parts.days])
    if reading.recurs:
        raise NotClearError(DateReason.UNKNOWN_WORDS)
    if parts.edge:
        return _of_period(reading, parts)
    if parts.scope != "month":
        span = _span(reading, parts)
        if parts.days[0].kind is DayKind.NUMBER and not parts.first:
            raise NotClearError(DateReason.MONTH_MISSING)
        month = Period.containing(span.end if _is_late(parts.days[0]) else span.start, PeriodKind.MONTH)
        return _once(reading, {_on(reading, day, month.year, month.number) for day in parts.days})
    days = {_on(reading, day, year or reading.today.year, parts.number) for day in parts.days}
    if year is None and max(days) < reading.today:
        if reading.today - max(days) <= JUST_PAST:
            raise NotClearError(DateReason.PAST)
        days = {_on(reading, day, reading.today.year + 1, parts.number) for day in parts.days}
    return _once(reading, days)


def _is_late(day: DayOf) -> bool:
    return day.kind is DayKind.LAST or day.number < 0


def _in_which(reading: RuleReading, parts: Parts) -> Rule:
    """Within this, the next or another month, quarter, year or week: once, or where it is a cycle's own next one."""
    length = MONTHS_IN.get(parts.unit, 0)
    if reading.recurs:
        if parts.unit == "month" and reading.length > 1:
            return _monthly(reading, reading.length, [CycleDay(0, day) for day in parts.days])
        return _in_cycle(reading, parts, reading.length)
    if not length:
        return _end_of_week(reading, parts)
    span = Period.containing(reading.today, PeriodKind(parts.unit)).shifted(steps_of(parts.which))
    if length > 1 and parts.days[0].kind is DayKind.NUMBER and not parts.first:
        raise NotClearError(DateReason.MONTH_MISSING)
    month = Period.containing(span.end if _is_late(parts.days[0]) else span.start, PeriodKind.MONTH)
    return _once(reading, {_on(reading, day, month.year, month.number) for day in parts.days})


def _end_of_week(reading: RuleReading, parts: Parts) -> Rule:
    if not parts.edge:
        raise NotClearError(DateReason.DAY_MISSING)
    if parts.which is None:
        raise NotClearError(DateReason.VAGUE)
    return _once(reading, {on_weekday(6, parts.which, reading.today, of_week=True)})


def _in_plain(reading: RuleReading, parts: Parts, length: int) -> Rule:
    """Neither a frequency nor which span: "thứ hai đầu tháng" is every month's, "cuối tháng" this one's."""
    kind = parts.days[0].kind
    if parts.unit == "week":
        return _end_of_week(reading, parts)
    if length and parts.edge and parts.days[0].shift == 0:
        return _once(reading, {Period.containing(reading.today, PeriodKind(parts.unit)).end})
    if length and (kind is not DayKind.NUMBER or parts.first or length == 1):
        return _in_cycle(reading, parts, length)
    if kind is not DayKind.NUMBER or length:
        raise NotClearError(DateReason.UNKNOWN_WORDS if not length else DateReason.MONTH_MISSING)
    if len(parts.days) > 1:
        raise NotClearError(DateReason.AMBIGUOUS)
    return _once(reading, {_next_numbered(parts.days[0], reading.today)})


def _next_numbered(day: DayOf, today: date) -> date:
    month = Period.containing(today, PeriodKind.MONTH)
    for step in range(4):
        shown = month.shifted(step)
        if day.number <= shown.end.day:
            found = date(shown.year, shown.number, day.number) + timedelta(days=day.shift)
            if found >= today:
                return found
    raise NotClearError(DateReason.NO_SUCH_DATE)


def _in_cycle(reading: RuleReading, parts: Parts, cycle: int) -> Rule:
    """Days of a cycle of months of which no month is named."""
    day = parts.days[0]
    if cycle == 1:
        return _monthly(reading, 1, [CycleDay(0, each) for each in parts.days])
    if day.kind is DayKind.NUMBER and not parts.first:
        return _numbered_in_cycle(reading, parts, cycle)
    return _monthly(reading, cycle, [CycleDay(cycle - 1 if _is_late(day) else 0, each) for each in parts.days])


def _numbered_in_cycle(reading: RuleReading, parts: Parts, cycle: int) -> Rule:
    if not reading.counted and reading.start is None:
        places = sorted({0, cycle // 2, cycle - 1})
        choices = tuple(_monthly(reading, cycle, [CycleDay(at, day) for day in parts.days]) for at in places)
        raise NotClearError(DateReason.MONTH_MISSING, choices)
    first = reading.start or reading.today
    month = Period.containing(first, PeriodKind.MONTH)
    while max(day.on(month.year, month.number, reading.working_days) for day in parts.days) < first:
        month = month.shifted(1)
    reading.assumed |= set() if reading.start else {"start"}
    return _monthly(reading, cycle, [CycleDay(0, day) for day in parts.days], anchor=month.start)


def _settled(slot: CycleDay, cycle: int) -> CycleDay:
    """A day before the Nth of a month is the N−1th; before the first, the last day of the month before."""
    day = slot.day
    if day.kind is not DayKind.NUMBER or day.shift != -1:
        return slot
    if day.number > 1:
        return CycleDay(slot.month, DayOf(DayKind.NUMBER, day.number - 1))
    return CycleDay((slot.month - 1) % cycle, DayOf(DayKind.LAST))


def _monthly(reading: RuleReading, cycle: int, slots: list[CycleDay], anchor: date | None = None) -> Rule:
    for slot in slots:
        if cycle == 12 and slot.day.kind is DayKind.NUMBER:
            make_date(2028, slot.month + 1, slot.day.number)
    if anchor is None and 12 % cycle:
        anchor = reading.start or reading.today.replace(day=1, month=reading.today.month if cycle % 12 else 1)
        reading.assumed |= set() if reading.start else {"start"}
    settled = tuple(sorted({_settled(slot, cycle) for slot in slots}))
    return _repeated(reading, Frequency.MONTHLY, cycle, anchor, slots=settled)


def _without_day(reading: RuleReading, parts: Parts) -> Rule:
    """A frequency in months and no day: the start's own day, or nothing; what could be meant is offered."""
    if parts.months or parts.scope == "month":
        if reading.length not in {2, 12}:
            raise NotClearError(DateReason.UNKNOWN_WORDS)
        reading.assumed.add("day")
        months = parts.months or [parts.number]
        return _monthly(reading, 12, [CycleDay(month - 1, DayOf(DayKind.LAST)) for month in months])
    if parts.scope or parts.place is not None:
        raise NotClearError(DateReason.UNKNOWN_WORDS)
    if (
        reading.start is not None
        and reading.start > reading.today - JUST_PAST
        and (reading.start.day > 1 or reading.counted)
    ):
        reading.counted = True
        parts.days = [DayOf(DayKind.NUMBER, reading.start.day)]
        return _in_cycle(reading, parts, reading.length)
    reading.assumed.add("day")
    offered = _monthly(reading, reading.length, [CycleDay(reading.length - 1, DayOf(DayKind.LAST))])
    raise NotClearError(DateReason.DAY_MISSING, () if reading.times > 1 else (offered,))


# Spans ---------------------------------------------------------------------------------------------------------------


def _span(reading: RuleReading, parts: Parts) -> Period:
    """The period named, of this year unless another is; raises NotClearError where it is just over."""
    year = year_of(parts.year_named, reading.today)
    kind = PeriodKind(parts.scope)
    if kind is PeriodKind.QUARTER:
        found = named_quarter(parts.year_named["q"], year or reading.today.year, reading.today)
    else:
        found = Period(kind, year or reading.today.year, parts.number)
    ends = found.start - _DAY if parts.before else found.end
    if year is None and ends < reading.today:
        if reading.today - ends <= JUST_PAST:
            raise NotClearError(DateReason.PAST)
        return found.shifted({PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2}.get(kind, 1))
    return found


def _of_period(reading: RuleReading, parts: Parts) -> Rule:
    """A span and no day: due on its last day; a week needs its day said."""
    if parts.place is not None or parts.months:
        raise NotClearError(DateReason.UNKNOWN_WORDS)
    if parts.scope:
        span = _span(reading, parts)
    elif parts.unit == "week":
        if parts.before and parts.which:
            return _once(reading, {on_weekday(0, parts.which, reading.today, of_week=True) - _DAY})
        return _end_of_week(reading, parts)
    elif parts.unit and parts.which:
        span = Period.containing(reading.today, PeriodKind(parts.unit)).shifted(steps_of(parts.which))
    else:
        raise NotClearError(DateReason.NO_DATE)
    return _once(reading, {span.start - _DAY if parts.before else span.end})
