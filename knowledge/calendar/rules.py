"""Rules that say when something is due: values with a stable code, and the days they fall on.

Days that a month does not have fall on its last day: the 31st is 30/04 in April, and 29/02 of every year is 28/02 in
other years.
"""

from __future__ import annotations

import calendar
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import count, islice

from knowledge.calendar.working_days import WorkingDays, clamped, vietnam_working_days

_DAY = timedelta(days=1)


class Frequency(StrEnum):
    """In what unit a rule comes again; quarters, half-years and years are months, `every` 3, 6 and 12."""

    ONCE = "once"
    DAILY = "day"
    WEEKLY = "week"
    MONTHLY = "month"


class DayKind(StrEnum):
    """How a day within its month is named."""

    NUMBER = "d"
    LAST = "last"
    WEEKDAY = "w"
    WORKING = "work"


@dataclass(frozen=True, order=True)
class DayOf:
    """A day of a month.

    `number` is the day (1–31), or counts weekdays or working days from the month's beginning (1 …) or, negative, from
    its end. `weekday` is Monday 0 … Sunday 6. `shift` moves the day found by so many days (negative: earlier).
    """

    kind: DayKind
    number: int = 1
    weekday: int = 0
    shift: int = 0

    def __post_init__(self) -> None:
        """Refuse days that no month has."""
        limits = {DayKind.NUMBER: (1, 31), DayKind.LAST: (1, 1), DayKind.WEEKDAY: (-5, 5), DayKind.WORKING: (-15, 23)}
        low, high = limits[self.kind]
        if not low <= self.number <= high or not self.number or not 0 <= self.weekday <= 6 or abs(self.shift) > 27:
            raise ValueError(f"no such day: {self}")

    @property
    def code(self) -> str:
        """The stable text of this day: `d20`, `last`, `last-3`, `w4#-1`, `work#1`."""
        match self.kind:
            case DayKind.NUMBER:
                name = f"d{self.number}"
            case DayKind.LAST:
                name = "last"
            case DayKind.WEEKDAY:
                name = f"w{self.weekday}#{self.number}"
            case DayKind.WORKING:
                name = f"work#{self.number}"
        return f"{name}{self.shift:+}" if self.shift else name

    def on(self, year: int, month: int, working_days: WorkingDays) -> date:
        """That day in that month; a fifth weekday or working day that there is not is the last one there is."""
        end = calendar.monthrange(year, month)[1]
        match self.kind:
            case DayKind.NUMBER:
                found = clamped(year, month, self.number)
            case DayKind.LAST:
                found = date(year, month, end)
            case DayKind.WEEKDAY:
                first = 1 + (self.weekday - date(year, month, 1).weekday()) % 7
                found = date(year, month, _nth(range(first, end + 1, 7), self.number))
            case DayKind.WORKING:
                days = [day for day in range(1, end + 1) if working_days.is_working_day(date(year, month, day))]
                found = date(year, month, _nth(days, self.number))
        return found + timedelta(days=self.shift)


def _nth(days: range | list[int], number: int) -> int:
    return days[min(number, len(days)) - 1] if number > 0 else days[max(number, -len(days))]


@dataclass(frozen=True, order=True)
class CycleDay:
    """A day in the `month`-th month (from 0) of a rule's cycle; cycles of a year's divisors begin in January."""

    month: int
    day: DayOf


@dataclass(frozen=True)
class Rule:
    """When something is due.

    `every` counts units of the frequency. A `ONCE` rule has `dates`; a daily one starts counting at `anchor`; a weekly
    one has `weekdays` and, where it skips weeks, an `anchor` in a week that counts; a monthly one has `slots` in a
    cycle of `every` months. `start` and `end` are the first and last day that count. `assumed` names what the words
    left open and was filled in ("day", "start", "time"); `wording` keeps the words.
    """

    frequency: Frequency
    every: int = 1
    dates: tuple[date, ...] = ()
    weekdays: tuple[int, ...] = ()
    slots: tuple[CycleDay, ...] = ()
    anchor: date | None = None
    at: time | None = None
    start: date | None = None
    end: date | None = None
    wording: str = field(default="", compare=False)
    assumed: frozenset[str] = field(default=frozenset(), compare=False)

    def __post_init__(self) -> None:
        """Refuse rules that never come."""
        parts = {
            Frequency.ONCE: bool(self.dates),
            Frequency.DAILY: self.anchor is not None,
            Frequency.WEEKLY: set(self.weekdays) <= set(range(7))
            and bool(self.weekdays)
            and (self.every == 1 or self.anchor is not None),
            Frequency.MONTHLY: bool(self.slots) and all(0 <= slot.month < self.every for slot in self.slots),
        }
        if not parts[self.frequency] or not 1 <= self.every <= 999:
            raise ValueError(f"no such rule: {self.frequency} every {self.every}")

    @property
    def code(self) -> str:
        """The stable text kept in the database; `Rule.parse` reads it back."""
        head = self.frequency if self.every == 1 else f"{self.frequency}/{self.every}"
        match self.frequency:
            case Frequency.ONCE:
                body = ",".join(day.isoformat() for day in self.dates)
            case Frequency.DAILY:
                body = ""
            case Frequency.WEEKLY:
                body = ",".join(str(day) for day in self.weekdays)
            case Frequency.MONTHLY:
                body = ",".join(f"{slot.month}.{slot.day.code}" for slot in self.slots)
        parts = [f"{head}:{body}"]
        parts += [
            f"{name}={value.isoformat()}"
            for name, value in (("anchor", self.anchor), ("from", self.start), ("until", self.end))
            if value is not None
        ]
        if self.at is not None:
            parts.append(f"at={self.at:%H:%M}")
        return ";".join(parts)

    @classmethod
    def parse(cls, code: str) -> Rule:
        """The rule whose `code` this is; raises ValueError for anything else.

        Example: "month:0.d4" → the 4th of each month.
        """
        first, *rest = code.split(";")
        head, _, body = first.partition(":")
        name, _, every = head.partition("/")
        frequency = Frequency(name)
        items = [item for item in body.split(",") if item]
        options = dict(item.partition("=")[::2] for item in rest)
        days = {key: date.fromisoformat(options.pop(key)) for key in ("anchor", "from", "until") if key in options}
        at = options.pop("at", None)
        if options:
            raise ValueError(f"not a rule: {code!r}")
        return cls(
            frequency,
            int(every or 1),
            dates=tuple(date.fromisoformat(item) for item in items) if frequency is Frequency.ONCE else (),
            weekdays=tuple(int(item) for item in items) if frequency is Frequency.WEEKLY else (),
            slots=tuple(_slot(item) for item in items) if frequency is Frequency.MONTHLY else (),
            anchor=days.get("anchor"),
            at=time.fromisoformat(at) if at else None,
            start=days.get("from"),
            end=days.get("until"),
        )

    def occurrences(self, after: date, working_days: WorkingDays | None = None) -> Iterator[date]:
        """The due dates later than `after`, in order, without end unless the rule has one."""
        first = max(after + _DAY, self.start or date.min)
        for day in self._from(first, working_days or vietnam_working_days()):
            if self.end is not None and day > self.end:
                return
            yield day

    def upcoming(self, today: date, number: int = 3, working_days: WorkingDays | None = None) -> list[date]:
        """The next due dates, today's among them, at most `number`: what is shown before a rule is kept."""
        return list(islice(self.occurrences(today - _DAY, working_days), number))

    def _from(self, first: date, working_days: WorkingDays) -> Iterator[date]:
        match self.frequency:
            case Frequency.ONCE:
                yield from (day for day in sorted(set(self.dates)) if day >= first)
            case Frequency.DAILY:
                yield from self._daily(first)
            case Frequency.WEEKLY:
                yield from self._weekly(first)
            case Frequency.MONTHLY:
                last = first - _DAY
                for day in heapq.merge(*(self._monthly(slot, first, working_days) for slot in self.slots)):
                    if day > last:
                        yield day
                        last = day

    def _daily(self, first: date) -> Iterator[date]:
        assert self.anchor is not None
        missing = max(0, -(-(first - self.anchor).days // self.every))
        for step in count(missing):
            try:
                yield self.anchor + timedelta(days=step * self.every)
            except OverflowError:
                return

    def _weekly(self, first: date) -> Iterator[date]:
        monday = first - timedelta(days=first.weekday())
        if self.anchor is not None:
            anchor = self.anchor - timedelta(days=self.anchor.weekday())
            weeks = (monday - anchor).days // 7
            monday = anchor + timedelta(weeks=-(-weeks // self.every) * self.every)
            if weeks % self.every == 0:
                monday = anchor + timedelta(weeks=weeks)
        while True:
            for weekday in sorted(set(self.weekdays)):
                try:
                    day = monday + timedelta(days=weekday)
                except OverflowError:
                    return
                if day >= first:
                    yield day
            try:
                monday += timedelta(weeks=self.every)
            except OverflowError:
                return

    def _monthly(self, slot: CycleDay, first: date, working_days: WorkingDays) -> Iterator[date]:
        base = 0 if self.anchor is None else (self.anchor.year * 12 + self.anchor.month - 1) % self.every
        index = max(first.year * 12 + first.month - 3, 12)
        index += (base + slot.month - index) % self.every
        while index < 9999 * 12:
            day = slot.day.on(index // 12, index % 12 + 1, working_days)
            if day >= first:
                yield day
            index += self.every


_DAY_CODE = re.compile(r"(?P<kind>d|last|w|work)(?P<n>\d*)(?:#(?P<nth>-?\d+))?(?P<shift>[+-]\d+)?")


def _slot(code: str) -> CycleDay:
    month, _, day = code.partition(".")
    match = _DAY_CODE.fullmatch(day)
    if match is None or not month.isdecimal():
        raise ValueError(f"not a day: {code!r}")
    kind = DayKind(match["kind"])
    counted = kind in {DayKind.WEEKDAY, DayKind.WORKING}
    if counted != (match["nth"] is not None) or bool(match["n"]) != (kind in {DayKind.NUMBER, DayKind.WEEKDAY}):
        raise ValueError(f"not a day: {code!r}")
    shift = int(match["shift"] or 0)
    match kind:
        case DayKind.NUMBER:
            return CycleDay(int(month), DayOf(kind, int(match["n"]), shift=shift))
        case DayKind.LAST:
            return CycleDay(int(month), DayOf(kind, shift=shift))
        case DayKind.WEEKDAY:
            return CycleDay(int(month), DayOf(kind, int(match["nth"]), int(match["n"]), shift))
        case DayKind.WORKING:
            return CycleDay(int(month), DayOf(kind, int(match["nth"]), shift=shift))
