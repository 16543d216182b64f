"""The calendar's room: rules that say when something is due again and again, read from officers' own words.

A rule is a value: it is kept in the database as its `code`, lists its due dates, and describes itself in fields from
which a view makes a sentence. Days that a month does not have fall on its last day: the 31st is 30/04 in April, and
29/02 of every year is 28/02 in other years.
"""

from __future__ import annotations

import calendar
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from enum import StrEnum
from itertools import count, islice

from rapidfuzz.distance import OSA

from knowledge.dates import (
    FILLERS,
    LUNAR,
    WEEKDAY,
    DueDate,
    Reason,
    Unclear,
    Words,
    WorkingDays,
    clamped,
    make_date,
    normalised,
    read_date,
    read_dates,
    read_words,
    take_time,
    unread,
    vietnam_working_days,
    weekday_of,
)
from knowledge.model.periods import Period, PeriodKind
from knowledge.text import decode_telex, decode_vni, fold

_DAY = timedelta(days=1)


# The rule ----------------------------------------------------------------------------------------------------------


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
class Slot:
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
    slots: tuple[Slot, ...] = ()
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
            Frequency.WEEKLY: bool(self.weekdays) and (self.every == 1 or self.anchor is not None),
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
        """The rule whose `code` this is; raises ValueError for anything else."""
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

    def describe(self) -> Description:
        """The rule in fields for a view's sentence."""
        return _described(self)

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

    def _monthly(self, slot: Slot, first: date, working_days: WorkingDays) -> Iterator[date]:
        base = 0 if self.anchor is None else (self.anchor.year * 12 + self.anchor.month - 1) % self.every
        index = max(first.year * 12 + first.month - 3, 12)
        index += (base + slot.month - index) % self.every
        while index < 9999 * 12:
            day = slot.day.on(index // 12, index % 12 + 1, working_days)
            if day >= first:
                yield day
            index += self.every


_DAY_CODE = re.compile(r"(?P<kind>d|last|w|work)(?P<n>\d*)(?:#(?P<nth>-?\d+))?(?P<shift>[+-]\d+)?")


def _slot(code: str) -> Slot:
    month, _, day = code.partition(".")
    match = _DAY_CODE.fullmatch(day)
    if match is None or not month.isdigit():
        raise ValueError(f"not a day: {code!r}")
    kind = DayKind(match["kind"])
    shift = int(match["shift"] or 0)
    match kind:
        case DayKind.NUMBER:
            return Slot(int(month), DayOf(kind, int(match["n"]), shift=shift))
        case DayKind.LAST:
            return Slot(int(month), DayOf(kind, shift=shift))
        case DayKind.WEEKDAY:
            return Slot(int(month), DayOf(kind, int(match["nth"]), int(match["n"]), shift))
        case DayKind.WORKING:
            return Slot(int(month), DayOf(kind, int(match["nth"]), shift=shift))


# Description for views ---------------------------------------------------------------------------------------------


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


def _described(rule: Rule) -> Description:
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


# Words of frequency ------------------------------------------------------------------------------------------------

_UNIT = r"(?:thang|quy|nam|tuan|ngay)"
_MARK = {"thang": "#m", "quy": "#q", "nam": "#y", "tuan": "#w", "ngay": "#d"}
_LENGTH = {"#m": 1, "#q": 3, "#h": 6, "#y": 12}
_DK = r"(?:dinh ky |thuong ky |cu |moi |hang |cach |bao cao )"
_ONCE_EACH = re.compile(
    rf"\b{_DK}*(?P<n>\d{{1,2}}) (?P<unit>{_UNIT})(?: /)?(?: 1)? lan\b|\b1 lan (?:/ |trong |moi |cho |trong moi )*"
    rf"(?P<n2>\d{{1,2}}) (?P<unit2>{_UNIT})\b|\b(?:dinh ky |cu |moi |hang |cach )+(?P<n3>\d{{1,2}}) (?P<unit3>{_UNIT})"
    r"(?! dau| cuoi)\b"
)
_TIMES = re.compile(
    rf"\b(?:1 |moi |hang )?(?P<unit>{_UNIT}) (?P<n>\d) lan\b"
    r"|\b(?P<n2>\d) lan (?:/ |trong |moi |1 |trong 1 |trong moi |hang )*"
    rf"(?P<unit2>{_UNIT})\b|(?P<mark>#[mqy]) (?P<n3>\d) lan\b|\b(?P<n4>\d) lan (?P<mark4>#[mqy])"
)
_SIMPLIFY: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        (r"\b(?:thuong nien)\b", "hang nam"),
        (r"\b(?:dk)\b", "dinh ky"),
        (r"\bnua nam\b", "6 thang"),
        (rf"\b({_UNIT}) nao cung(?: vay| the)?\b", r"hang \1"),
        (rf"(?<!\d )\b({_UNIT}) (?:/ )?1 lan\b", r"hang \1"),
        (rf"\b1 lan (?:/ |trong )?(?:moi |1 )?({_UNIT})\b", r"hang \1"),
        (rf"(?<!\d )\b({_UNIT}) / lan\b", r"hang \1"),
        (r"\b(?:moi|hang|cac|vao cac|tat ca cac) ngay (?=\d)", "hang thang ngay "),
        (rf"\b(?:moi|cac|hang|tung) (?:ngay )?(?={WEEKDAY}\b)", "hang tuan "),
        (r"\b6 thang dau nam va (?:6 thang )?cuoi nam\b|\b6 thang va (?:ca |1 )?nam\b", "dinh ky 6 thang"),
        (r"\b(?:cac thang cuoi|thang cuoi cac) quy\b", "thang cuoi hang quy"),
        (r"\bcac thang (?=dau|cuoi)", "thang "),
        (r"\b(?:cac|tat ca cac|moi) (thang|quy|nam|tuan)(?! \d)\b", r"hang \1"),
        (r"\b1 (thang|quy|nam|tuan) lan\b", r"hang \1"),
        (r"(?<=\d) va (?:cuoi|het) thang (?=\d)", " va "),
        (r"(?<=\d) va truoc (?:ngay )?(?=\d)", " va "),
        (r"(?<=\d) / (thang|quy|nam)\b(?! \d)", r" hang \1"),
    )
)
_EVERY = re.compile(
    r"\b(?:dinh ky |thuong ky |luan ky )*(?:hang|moi|tung|theo|dinh ky(?: vao)?) (thang|quy|nam|tuan|ngay)\b(?! \d)"
)
_CALENDAR_TIED = re.compile(r"\b(?:dinh ky)\b")
_EXCEPT = re.compile(r"\b(?:tru|ngoai tru|khong tinh|bo qua|khong ke)\b")
_HALF_MONTH = re.compile(r"\b(?:(?:moi|hang|cu|dinh ky) )*nua thang(?: 1 lan)?\b")
_ABOUT = re.compile(
    r"\b(?:khoang|tam|trung tuan|thuong tuan|ha tuan|khi can(?: thiet)?|khi co|thuong xuyen|kip thoi|dot xuat"
    r"|neu can|giua)\b"
)
_MORE_FILLERS = "lan ky 1 #m #q #h #y #w #d cac deu dan cung luon tren duoi moc dinh nhung"
_RULE_FILLERS = FILLERS | frozenset(_MORE_FILLERS.split())

# A scope: the span within which a day is counted.
_PLACE = r"(?P<place>dau|cuoi|giua|thu \d|\d(?= (?:cua|trong) (?:quy|#q)))(?: tien| cung)?"
_OF = r"(?: cua| trong| o)?"
_NEXT = r"(?: (?P<which>nay|sau|toi|ke tiep|tiep theo|lien ke|truoc))?"
_QUARTER_NAME = r"(?: (?P<q>[1-4]|iv|iii|ii|i)\b)?"
_OF_QUARTER = _QUARTER_NAME.replace("<q>", "<q_of>")
_SCOPE = (
    rf"(?:thang {_PLACE}(?:{_OF} (?P<of>quy|nam|#q|#y|6 thang|#h){_OF_QUARTER})?"
    r"|(?:cac )?thang (?P<months>\d{1,2}(?:(?: ,| va| thang)* \d{1,2})*)(?: (?:/|nam) (?P<y>\d{4}))?"
    rf"|(?P<unit>thang|quy|nam|6 thang|#m|#q|#y|#h){_QUARTER_NAME}){_NEXT}"
)
_FIRST_LAST = r"(?P<nth>dau|cuoi|thu \d{1,2}|\d{1,2})(?: tien| cung)?"
_BEFORE = r"(?:(?P<before>truoc) )?"
_ENDING = r"(?:ket thuc|het|cuoi|ngay cuoi(?: cung)?(?: cua)?)"
_DAY_LIST = r"(?P<list>\d{1,2}(?:(?: ,| va| ngay| hoac| &)+ \d{1,2})*)"
_WEEKDAY_LIST = rf"(?P<weekdays>{WEEKDAY}(?:(?: ,| va| &)* (?:{WEEKDAY}|[2-7](?! /)))*)"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?<!\w){pattern}(?!\w)"))
    for name, pattern in (
        ("weekday", rf"{_BEFORE}(?:ngay )?(?P<weekday>{WEEKDAY}){_OF} tuan {_FIRST_LAST}{_OF} {_SCOPE}"),
        ("weekday", rf"{_BEFORE}(?:ngay )?(?P<weekday>{WEEKDAY}) {_FIRST_LAST}{_OF} {_SCOPE}"),
        ("weekday", rf"tuan {_FIRST_LAST}{_OF} {_SCOPE} (?:vao )?(?:ngay )?(?P<weekday>{WEEKDAY})"),
        ("weekday", rf"{_BEFORE}(?:ngay )?(?P<weekday>{WEEKDAY}){_OF} tuan {_FIRST_LAST}"),
        ("working", rf"(?P<nth>\d{{1,2}}) ngay lam viec dau(?: tien)?{_OF} {_SCOPE}"),
        ("working", rf"{_BEFORE}ngay lam viec {_FIRST_LAST}{_OF} {_SCOPE}"),
        ("working", rf"{_BEFORE}ngay lam viec {_FIRST_LAST}"),
        ("to_end", rf"(?P<n>\d{{1,2}}) ngay truoc (?:khi )?{_ENDING} {_SCOPE}"),
        ("after_end", rf"(?:sau )?(?P<n>\d{{1,2}}) ngay (?:sau|ke tu|tu)(?: khi| ngay)* {_ENDING} {_SCOPE}"),
        ("after_end", rf"sau (?:khi )?{_ENDING} {_SCOPE} (?P<n>\d{{1,2}}) ngay"),
        ("to_end", rf"(?:truoc (?:khi )?)?{_ENDING} {_SCOPE}(?: truoc| it nhat)? (?P<n>\d{{1,2}}) ngay"),
        ("first_days", rf"(?P<n>\d{{1,2}}) ngay dau(?: tien)?{_OF} {_SCOPE}"),
        ("last", rf"\d{{1,2}} ngay cuoi(?: cung)?{_OF} {_SCOPE}"),
        ("last_day", rf"{_BEFORE}ngay cuoi(?: cung)?{_OF} {_SCOPE}"),
        ("first_day", rf"{_BEFORE}ngay dau(?: tien)?{_OF} {_SCOPE}"),
        ("day", rf"{_BEFORE}(?:ngay |(?<!thang )(?!6 thang (?:dau|cuoi))){_DAY_LIST}(?: /)?{_OF} {_SCOPE}"),
        ("last", rf"(?:cuoi|het|trong){_OF} {_SCOPE}"),
        ("first", rf"dau{_OF} {_SCOPE}"),
        ("day", rf"{_BEFORE}ngay {_DAY_LIST}"),
        ("last_day", rf"{_BEFORE}ngay cuoi cung"),
        ("first_day", rf"{_BEFORE}ngay dau tien"),
        ("month", r"(?:cac )?thang (?P<months>\d{1,2}(?:(?: ,| va| thang)* \d{1,2})*)"),
        (
            "alone",
            r"thang (?P<place>dau|cuoi|giua|thu \d|\d)(?: tien| cung)?(?: cua)?(?: (?P<of>quy|nam|#q|#y|6 thang|#h))",
        ),
    )
)
_RANGE_OF_DAYS = re.compile(
    r"\btu (?:ngay )?\d{1,2} (?:den|toi|-) (?:het )?(?:ngay )?(?=\d{1,2}\b(?! / \d| thang \d))"
    r"|(?<=ngay )\d{1,2} - (?=\d{1,2}\b(?! / \d))"
)
_POINT = (
    r"(?:ngay )?(?:\d{1,2} / \d{1,2}(?: / \d{4})?|\d{1,2} thang \d{1,2}(?: nam \d{4}| / \d{4})?|\d{1,2} / \d{4}"
    r"|thang \d{1,2}(?: (?:/|nam) \d{4})?|quy (?:[1-4]|iv|iii|ii|i)(?: (?:/|nam) \d{4})?|nam \d{4}"
    r"|(?:cuoi )?(?:thang|quy|nam) (?:nay|sau|toi)|cuoi nam|20\d{2}\b)"
)
_STARTS = re.compile(
    rf"\b(?:bat dau |ke |tinh |ap dung |thuc hien )*tu (?P<point>{_POINT})"
    r"|\b(?:bat dau|lan dau(?: tien)?)(?: vao| la| tu)? "
    rf"(?P<point2>{_POINT})(?: ,? ?sau do)?"
)
_FROM_NOW = re.compile(r"\b(?:bat dau )?tu (?:nay|bay gio|hom nay)\b(?: tro di)?")
_ENDS = re.compile(rf"\b(?:cho )?(?:den|toi)(?: het)? (?P<point>{_POINT})|\btrong (?P<year>nam \d{{4}})$")
_IN_YEAR = re.compile(r"\b(?:trong |cua )?nam (?P<year>\d{4})$")
_PLACES = {"dau": 0, "giua": 1, "cuoi": -1}


# Reading -----------------------------------------------------------------------------------------------------------


@dataclass
class _Reading:
    """What has been understood so far; private to one call."""

    today: date
    wording: str
    at: time | None = None
    unit: str = ""
    every: int = 1
    numbered: bool = False
    counted: bool = False
    start: date | None = None
    end: date | None = None
    slots: list[tuple[Slot, int]] = field(default_factory=list)
    assumed: set[str] = field(default_factory=set)


def parse_rule(text: str, today: date) -> Rule | Unclear:
    """The rule that a text states, or why there is none.

    Every word that carries a meaning must be understood; words before or after that speak of something else than time
    ("nộp báo cáo …") are passed over. What is not said and has one sensible reading is filled in and named in
    `Rule.assumed`: "hằng quý" alone is due on the quarter's last day.
    """
    words = read_words(text)
    read = _read_repaired(words, today)
    if isinstance(read, Unclear) and read.reason in {Reason.UNKNOWN_WORDS, Reason.NO_DATE}:
        split = _split(words, today)
        if isinstance(split, Unclear):
            return split
        if split is not None and not _TIME_WORDS.search(_REPORT.sub("", split[0].key)):
            return split[1]
    return read


_REPORT = re.compile(r"\bbao cao (?:thang|quy|nam|tuan)\b")
_TIME_WORDS = re.compile(
    r"\d|\b(?:thang|quy|nam|tuan|tru|khong|hoac|am lich|thu [2-7]|hang|moi|dinh ky|lan"
    r"|truoc|sau|cuoi|dau|ngay|den|tu|khi)\b"
)


@dataclass(frozen=True)
class ParsedDeadline:
    """What is to be done and when it is due, each as it was written."""

    what: str
    rule: Rule
    when: str


def parse_deadline(text: str, today: date) -> ParsedDeadline | Unclear:
    """A deadline in one message: what, then when ("Nộp danh sách khen thưởng: ngày 20 hằng tháng"), or when, then what.

    A colon divides them where there is one; otherwise the longest run of words at the end, or at the beginning, that
    is wholly about time is the when.
    """
    words = read_words(text)
    if not words.keys:
        return Unclear(Reason.EMPTY)
    colons = [place for place, key in enumerate(words.keys) if key == ":"]
    trouble: Unclear | None = None
    for place in reversed(colons):
        before, after = words.part(0, place), words.part(place + 1, len(words.keys))
        if (
            not before.keys
            or not after.keys
            or (before.spans[-1][1] == words.spans[place][0] and _is_clock(words, place))
        ):
            continue
        for what, when in ((before, after), (after, before)):
            read = _read_repaired(when, today)
            if isinstance(read, Rule):
                return ParsedDeadline(_title(what), read, when.wording)
        trouble = trouble or _failure(_read(after, today))
    if trouble is not None and trouble.reason in _TELLING:
        return trouble
    whole = _read(words, today)
    if isinstance(whole, Rule):
        return ParsedDeadline("", whole, words.wording)
    split = _split(words, today)
    if isinstance(split, tuple):
        what, rule, when = split
        return ParsedDeadline(_title(what), rule, when.wording)
    return split or trouble or whole


def _is_clock(words: Words, place: int) -> bool:
    """Whether the colon at `place` stands between hours and minutes, as in 17:30."""
    hour, minute = words.keys[place - 1], words.keys[place + 1]
    return hour.isdigit() and minute.isdigit() and words.spans[place][1] == words.spans[place + 1][0]


def _failure(read: Rule | Unclear) -> Unclear | None:
    return read if isinstance(read, Unclear) else None


def _title(words: Words) -> str:
    return words.wording.strip(" ,;:.-–—")


# "báo cáo tháng, trước ngày 5": these words belong to what is due, not to "tháng trước".
_NOUNS = frozenset({"thang", "quy", "nam", "tuan"})


def _split(words: Words, today: date) -> tuple[Words, Rule, Words] | Unclear | None:
    """The longest wholly understood run at the end, else at the beginning, and the words left.

    Words about time that would be left over are never cut off: what is wrong with the longer run is returned instead.
    """
    size = min(len(words.keys), 80)
    trouble: Unclear | None = None
    for first in range(len(words.keys) - size + 1, len(words.keys)):
        if words.keys[first] in _NOUNS and words.keys[first + 1 : first + 2] == ("truoc",):
            continue
        when = words.part(first, len(words.keys))
        read = _read(when, today)
        if isinstance(read, Rule):
            what = words.part(0, first)
            if _DANGLING.search(what.key):
                return trouble
            return what, read, when
        if read.reason in _TELLING:
            trouble = read
    for end in range(size - 1, 0, -1):
        when = words.part(0, end)
        read = _read(when, today)
        if isinstance(read, Rule):
            what = words.part(end, len(words.keys))
            return trouble if _DANGLING_FIRST.match(what.key) else (what, read, when)
    return trouble


_TELLING = frozenset(
    {Reason.NO_SUCH_DATE, Reason.NO_SUCH_TIME, Reason.MONTH_MISSING, Reason.DAY_MISSING, Reason.AMBIGUOUS, Reason.VAGUE}
)
_DANGLING = re.compile(
    r"(?:\b(?:ngay|truoc|thu|luc|hang|moi|tru|khong|hoac|khoang|cuoi|dau|trong) (?:ngay )?\d{1,2}|\d (?:h|g|gio)"
    r"|\b(?:ngay|truoc|hang|moi|hoac|khong|tru|khoang|dinh ky|cuoi|dau|luc)|\d [/-] \d{1,2})(?: ,)?$"
)
_DANGLING_FIRST = re.compile(
    r"(?:, )?(?:hang|moi|tru|hoac|khong tinh|ngoai tru|\d{1,2} (?:/|h|gio)|ngay \d|thang \d|va \d|am lich|1 lan)\b"
)


_VOCABULARY_WORDS = (
    "ngay thang tuan quy nam hang moi tung dinh truoc cuoi cung cham nhat dau tien trong tren luc gio thu sau lam viec "
    "chu lan hai bay muoi den chieu sang mot"
)
_VOCABULARY = frozenset(_VOCABULARY_WORDS.split())


def _read_repaired(words: Words, today: date) -> Rule | Unclear:
    """As `_read`; where a word stands in the way, once more with slips of the finger and Telex or VNI keys undone."""
    read = _read(words, today)
    if isinstance(read, Rule) or read.reason not in {Reason.UNKNOWN_WORDS, Reason.NO_DATE}:
        return read
    repaired = " ".join(_repaired(key) for key in re.findall(r"[^\W_]+|[^\w\s]", words.wording))
    again = _read(read_words(repaired), today) if repaired != words.wording else read
    return replace(again, wording=words.wording) if isinstance(again, Rule) else read


def _repaired(word: str) -> str:
    plain = fold(word)
    if plain in _VOCABULARY or plain.isdigit() or not plain.isalnum():
        return word
    for decoded in (decode_telex(word), decode_vni(word)):
        if decoded is not None and fold(decoded) in _VOCABULARY:
            return decoded
    near = [
        known for known in sorted(_VOCABULARY) if len(plain) > 3 and OSA.distance(plain, known, score_cutoff=1) <= 1
    ]
    return near[0] if len(near) == 1 else word


def _read(words: Words, today: date) -> Rule | Unclear:
    """The rule that all of these words state together."""
    key = normalised(words.key)
    if not key:
        return Unclear(Reason.EMPTY)
    if LUNAR.search(key):
        return Unclear(Reason.LUNAR, words.wording)
    if _EXCEPT.search(key):
        return Unclear(Reason.UNKNOWN_WORDS, words.wording)
    try:
        return _understood(_Reading(today, words.wording), key, words)
    except ValueError:
        return Unclear(Reason.NO_SUCH_DATE, words.wording)


def _understood(reading: _Reading, key: str, words: Words) -> Rule | Unclear:
    timed = take_time(key)
    if isinstance(timed, Unclear):
        return Unclear(timed.reason, words.wording)
    reading.at, key, assumed = timed
    reading.assumed |= assumed
    if _HALF_MONTH.search(key):
        twice = (Slot(0, DayOf(DayKind.NUMBER, 15)), Slot(0, DayOf(DayKind.LAST)))
        offered = Rule(Frequency.MONTHLY, slots=twice, at=reading.at, wording=words.wording)
        return Unclear(Reason.DAY_MISSING, words.wording, (offered,))
    key = _RANGE_OF_DAYS.sub("", key)
    key = _take_frequency(reading, key)
    if re.search(r"\bhoac\b", key):
        return _either(words, reading.today)
    if reading.unit:
        return _take_pattern(reading, _take_bounds(reading, key), words)
    found = _take_pattern(reading, key, words)
    if isinstance(found, Rule) or not (_STARTS.search(key) or _ENDS.search(key) or _FROM_NOW.search(key)):
        return found
    bounded = _take_pattern(reading, _take_bounds(reading, key), words)
    return bounded if isinstance(bounded, Rule) and bounded.frequency is not Frequency.ONCE else found


def _either(words: Words, today: date) -> Unclear:
    place = words.keys.index("hoac")
    tail = [key for key in words.keys[place:] if key in {"hang", "moi", "thang", "quy", "nam", "tuan"}]
    first = _read(read_words(" ".join((*words.keys[:place], *tail))), today)
    kept = [key for key in words.keys[:place] if key in {"ngay", "truoc"}][:2]
    second = _read(read_words(" ".join((*kept, *words.keys[place + 1 :]))), today)
    return Unclear(Reason.AMBIGUOUS, words.wording, tuple(read for read in (first, second) if isinstance(read, Rule)))


def _take_frequency(reading: _Reading, key: str) -> str:
    for pattern, put in _SIMPLIFY:
        key = pattern.sub(put, key)
    match = _ONCE_EACH.search(key)
    if match is not None:
        found = match.groupdict()
        number = int(found["n"] or found["n2"] or found["n3"] or 1)
        unit = found["unit"] or found["unit2"] or found["unit3"] or ""
        tied = bool(_CALENDAR_TIED.search(match.group()))
        key = f"{key[: match.start()]} {key[match.end() :]}"
        _set_frequency(reading, _MARK[unit], number)
        reading.numbered = True
        reading.counted = not tied
    match = _TIMES.search(key)
    if match is not None and not reading.unit:
        found = match.groupdict()
        number = int(found["n"] or found["n2"] or found["n3"] or found["n4"] or 1)
        mark = found["mark"] or found["mark4"] or _MARK[found["unit"] or found["unit2"] or ""]
        length = _LENGTH.get(mark, 0)
        key = f"{key[: match.start()]} {key[match.end() :]}"
        if length and length % number == 0 and length // number > 1:
            _set_frequency(reading, "#m", length // number)
        else:
            _set_frequency(reading, mark, 1)
            reading.assumed.add("times")
    while (match := _EVERY.search(key)) is not None:
        mark = _MARK[match[1]]
        if not reading.unit or (_LENGTH.get(mark, 0) > _LENGTH.get(reading.unit, 0) and reading.every == 1):
            _set_frequency(reading, mark, 1)
        key = f"{key[: match.start()]}{mark}{key[match.end() :]}"
    return " ".join(key.split())


def _set_frequency(reading: _Reading, mark: str, number: int) -> None:
    if number < 1:
        raise ValueError(f"every {number}")
    length = _LENGTH.get(mark, 0) * number
    reading.unit, reading.every = {3: ("#q", 1), 6: ("#h", 1), 12: ("#y", 1)}.get(length, (mark, number))
    if mark == "#q" and length not in {3, 6, 12}:
        reading.unit, reading.every = "#m", length
    if mark == "#y" and number > 1:
        reading.unit, reading.every = "#m", length


def _take_bounds(reading: _Reading, key: str) -> str:
    key = _FROM_NOW.sub(" ", key)
    match = _STARTS.search(key)
    if match is not None:
        reading.start = _point(match["point"] or match["point2"], reading.today, first=True)
        key = f"{key[: match.start()]} {key[match.end() :]}"
    match = _ENDS.search(" ".join(key.split()))
    if match is not None and match["point"]:
        key = " ".join(key.split())
        reading.end = _point(match["point"], reading.start or reading.today, first=False)
        key = f"{key[: match.start()]} {key[match.end() :]}"
    key = " ".join(key.split())
    match = _IN_YEAR.search(key)
    if match is not None:
        year = int(match["year"])
        reading.start = reading.start or date(year, 1, 1)
        reading.end = reading.end or date(year, 12, 31)
        key = key[: match.start()].strip()
    return key


def _point(words: str, today: date, *, first: bool) -> date:
    """The first or last day of a day, month, quarter or year named as a rule's bound; raises ValueError."""
    words = words.removeprefix("cuoi ") if not first else words
    words = f"nam {words}" if words.isdigit() else words
    if words == "nam":
        return date(today.year, 12, 31)
    edge = f"dau {words}" if first and not re.match(r"(?:ngay )?\d{1,2} (?:/ \d{1,2}\b|thang)", words) else words
    read = read_dates(edge, date(today.year, 1, 1) if first and re.match(r"(?:thang|quy) \d", words) else today)
    if isinstance(read, Unclear) or not read[0]:
        raise ValueError(words)
    return read[0][0][0]


def _take_pattern(reading: _Reading, key: str, words: Words) -> Rule | Unclear:
    if _ABOUT.search(key.replace("thang giua", "")):
        plain = _ABOUT.sub(" ", key)
        near = (
            None
            if plain == key
            else _read(read_words(" ".join(plain.replace("#m", "hang thang").split())), reading.today)
        )
        return Unclear(Reason.VAGUE, words.wording, (near,) if isinstance(near, Rule) else ())
    if not reading.unit or reading.unit in {"#y", "#h", "#q"}:
        dated = _yearly_dates(reading, key)
        if dated is not None:
            return dated
    for name, pattern in _PATTERNS:
        match = pattern.search(key)
        if match is None:
            continue
        outcome = _apply(reading, name, match, key, words)
        if isinstance(outcome, Unclear) and outcome.reason is Reason.UNKNOWN_WORDS:
            continue
        if outcome is not None:
            return outcome
    return _by_week_or_day(reading, key, words)


def _apply(reading: _Reading, name: str, match: re.Match[str], key: str, words: Words) -> Rule | Unclear | None:
    """The rule of one pattern that matched, or None where it is not this pattern's business."""
    found = match.groupdict()
    named = _in_named_month(reading, name, found)
    if named is not None:
        left = unread(f"{key[: match.start()]} {key[match.end() :]}", _RULE_FILLERS)
        return Unclear(Reason.UNKNOWN_WORDS, left) if left else named
    repeats = name in {"weekday", "working", "to_end", "after_end", "first_days", "last_day", "first_day"}
    if name == "month":
        if reading.unit != "#y":
            return None
        reading.assumed.add("day")
    scope = _scope(reading, found)
    if isinstance(scope, Unclear):
        return Unclear(scope.reason, words.wording, scope.choices)
    if scope is None:
        return None
    cycle, month, which, tied = scope
    if not reading.unit and not tied and not (repeats and not which):
        plain_month = name == "day" and found.get("unit") == "thang" and not which and " cua thang" in match.group()
        if not plain_month and not (which and (repeats or found.get("place"))):
            return None
    left = unread(f"{key[: match.start()]} {key[match.end() :]}", _RULE_FILLERS)
    if left:
        return Unclear(Reason.UNKNOWN_WORDS, left)
    days = _days(name, found, reading)
    if isinstance(days, Unclear):
        return Unclear(days.reason, words.wording)
    if which and not reading.unit:
        return _once_in(reading, cycle, month, days, which)
    if found.get("q") or found.get("q_of"):
        return None
    return _monthly_rule(
        reading, cycle, month, days, first_month=name in {"first_days", "after_end", "first", "first_day"}
    )


def _in_named_month(reading: _Reading, name: str, found: dict[str, str | None]) -> Rule | None:
    """A weekday or working day of one month named by its number, once: "thứ tư tuần thứ hai tháng 11"."""
    months = found.get("months")
    if reading.unit or not months or not months.isdigit() or name not in {"weekday", "working", "to_end", "first_days"}:
        return None
    day = _days(name, found, reading)
    assert not isinstance(day, Unclear)
    year = int(found.get("y") or reading.today.year)
    on = day[0].on(*_year_month(year * 12 + _month_number(months) - 1), vietnam_working_days())
    if on < reading.today and not found.get("y"):
        on = day[0].on(year + 1, int(months), vietnam_working_days())
    return _once(reading, [on])


def _month_number(word: str) -> int:
    if not 1 <= int(word) <= 12:
        raise ValueError(f"no month {word}")
    return int(word)


def _scope(
    reading: _Reading, found: dict[str, str | None]
) -> tuple[int, tuple[int, ...] | None, str | None, bool] | Unclear | None:
    """The cycle in months, the places in it (None: not said), "sau" or the like, and whether it recurs by itself."""
    which = found.get("which")
    if found.get("q") or found.get("q_of"):
        return None
    if found.get("months"):
        months = tuple(int(number) for number in re.findall(r"\d+", found["months"] or ""))
        if any(not 1 <= month <= 12 for month in months):
            return Unclear(Reason.NO_SUCH_DATE)
        if len(months) == 1 and reading.unit != "#y":
            return None
        return 12, tuple(month - 1 for month in months), None, len(months) > 1
    if found.get("place"):
        of = found.get("of")
        cycle = {"quy": 3, "#q": 3, "nam": 12, "#y": 12, "6 thang": 6, "#h": 6}.get(of or "") or (
            _LENGTH.get(reading.unit, 0) * reading.every
        )
        if cycle < 2:
            return Unclear(Reason.MONTH_MISSING)
        word = found["place"] or ""
        place = _PLACES.get(word)
        if place is None:
            place = int(word.split()[-1]) - 1
        if word == "giua" and cycle != 3:
            return Unclear(Reason.VAGUE)
        if place >= cycle:
            return Unclear(Reason.NO_SUCH_DATE)
        return cycle, (place % cycle,), which, which is None
    unit = found.get("unit")
    if unit:
        cycle = {"thang": 1, "#m": 1, "quy": 3, "#q": 3, "6 thang": 6, "#h": 6, "nam": 12, "#y": 12}[unit]
        length = _LENGTH.get(reading.unit, 0) * reading.every
        if unit == "thang" and which and length > 1:
            return length, (0,), which, False
        if unit in {"thang", "#m"} and length > 1:
            return length, None, which, False
        return max(cycle, length if not unit.startswith("#") else 0), None, which, False
    return (_LENGTH[reading.unit] * reading.every, None, None, False) if reading.unit in _LENGTH else None


def _days(name: str, found: dict[str, str | None], reading: _Reading) -> list[DayOf] | Unclear:
    before = -1 if found.get("before") and reading.at is None else 0
    nth = {"dau": 1, "cuoi": -1}.get(found.get("nth") or "") or int((found.get("nth") or "1").split()[-1])
    match name:
        case "weekday":
            return [DayOf(DayKind.WEEKDAY, nth, weekday_of(found["weekday"] or ""), before)]
        case "working":
            return [DayOf(DayKind.WORKING, nth, shift=before)]
        case "to_end":
            return [DayOf(DayKind.LAST, shift=-int(found["n"] or 0))]
        case "after_end" | "first_days":
            return [DayOf(DayKind.NUMBER, int(found["n"] or 0))]
        case "last" | "last_day":
            return [DayOf(DayKind.LAST, shift=before if name == "last_day" else 0)]
        case "first" | "first_day":
            return [DayOf(DayKind.NUMBER, 1, shift=before)]
        case "day":
            return [
                DayOf(DayKind.NUMBER, int(number), shift=before) for number in re.findall(r"\d+", found["list"] or "")
            ]
        case _:
            return [DayOf(DayKind.LAST)]


def _settled(slot: Slot, cycle: int) -> Slot:
    """A day before the Nth of a month is the N−1th; before the first, the last day of the month before."""
    day = slot.day
    if day.kind is not DayKind.NUMBER or day.shift != -1:
        return slot
    if day.number > 1:
        return Slot(slot.month, DayOf(DayKind.NUMBER, day.number - 1))
    return Slot((slot.month - 1) % cycle, DayOf(DayKind.LAST))


def _monthly_rule(
    reading: _Reading, cycle: int, months: tuple[int, ...] | None, days: list[DayOf], *, first_month: bool
) -> Rule | Unclear:
    assumed = set(reading.assumed) - {"times"}
    anchor: date | None = None
    if months is None:
        first_month = first_month or (
            days[0].kind is not DayKind.NUMBER and days[0].number > 0 and days[0].kind is not DayKind.LAST
        )
        if cycle == 1:
            months = (0,)
        elif days[0].kind is DayKind.NUMBER and not first_month:
            if not reading.counted and reading.start is None:
                choices = tuple(
                    _monthly_rule(reading, cycle, (month,), days, first_month=False)
                    for month in sorted({0, cycle // 2, cycle - 1})
                )
                return Unclear(Reason.MONTH_MISSING, reading.wording, choices)
            months = (0,)
            anchor = _anchored(reading, days)
            assumed |= set() if reading.start else {"start"}
        else:
            months = (0,) if first_month else (cycle - 1,)
    if anchor is None and 12 % cycle:
        anchor = reading.start or reading.today.replace(day=1, month=reading.today.month if cycle % 12 else 1)
        assumed |= set() if reading.start else {"start"}
    slots = sorted({_settled(Slot(month, day), cycle) for month in months for day in days})
    return Rule(
        Frequency.MONTHLY,
        cycle,
        slots=tuple(slots),
        anchor=anchor,
        at=reading.at,
        start=reading.start,
        end=reading.end,
        wording=reading.wording,
        assumed=frozenset(assumed),
    )


def _anchored(reading: _Reading, days: list[DayOf]) -> date:
    """The first day of the month in which a rule counted from now first falls due."""
    first = reading.start or reading.today
    month = Period.containing(first, PeriodKind.MONTH)
    while max(day.on(month.year, month.number, vietnam_working_days()) for day in days) < first:
        month = month.shifted(1)
    return month.start


def _once_in(reading: _Reading, cycle: int, months: tuple[int, ...] | None, days: list[DayOf], which: str) -> Rule:
    steps = {"nay": 0, "truoc": -1}.get(which, 1)
    index = (reading.today.year * 12 + reading.today.month - 1) // cycle + steps
    chosen = months or ((cycle - 1,) if days[0].kind is DayKind.LAST or days[0].number < 0 else (0,))
    dates = [day.on(*_year_month(index * cycle + month), vietnam_working_days()) for month in chosen for day in days]
    return _once(reading, sorted(set(dates)))


def _year_month(index: int) -> tuple[int, int]:
    return index // 12, index % 12 + 1


def _once(reading: _Reading, dates: list[date]) -> Rule:
    return Rule(
        Frequency.ONCE,
        dates=tuple(dates),
        at=reading.at,
        wording=reading.wording,
        assumed=frozenset(reading.assumed - {"times"}),
    )


_DATE_ITEM = r"(?:ngay )?\d{1,2} (?:/|thang|-|\.) \d{1,2}"
_DATE_LIST = re.compile(
    rf"(?:(?P<before>truoc) )?(?P<list>{_DATE_ITEM}(?:(?: ,| va| ;| &)+ {_DATE_ITEM})*)(?! / \d| nam \d)"
)
_FULL_DATE = re.compile(
    r"(?:(?P<before>truoc) )?(?:ngay )?(?P<d>\d{1,2}) (?:/|thang) (?P<m>\d{1,2}) (?:/|nam) (?P<y>\d{4})"
)


def _yearly_dates(reading: _Reading, key: str) -> Rule | Unclear | None:
    """Days with their months, in every year ("15/6 và 15/12 hằng năm") or, several and no frequency, once each."""
    match = _FULL_DATE.search(key) if reading.unit else None
    if match is not None:
        reading.start = reading.start or make_date(int(match["y"]), int(match["m"]), int(match["d"]))
        key = f"{key[: match.start()]}{match['before'] or ''} {match['d']} / {match['m']} {key[match.end() :]}"
        key = " ".join(key.split())
    match = _DATE_LIST.search(key)
    if match is None:
        return None
    pairs = [
        (int(day), int(month)) for day, month in re.findall(r"(\d{1,2}) (?:/|thang|-|\.) (\d{1,2})", match["list"])
    ]
    if len(pairs) * _LENGTH.get(reading.unit, 6) < 12:
        return None
    if not reading.unit and (match["before"] or any(not 1 <= month <= 12 for _, month in pairs)):
        return None
    left = unread(f"{key[: match.start()]} {key[match.end() :]}", _RULE_FILLERS)
    if left:
        return None
    for day, month in pairs:
        make_date(2028, month, day)
    if not reading.unit:
        read = read_dates(match["list"], reading.today)
        if isinstance(read, Unclear) or len(read[0]) != len(pairs):
            return None
        return _once(reading, sorted({on for on, _, _ in read[0]}))
    shift = -1 if match["before"] and reading.at is None else 0
    slots = sorted({_settled(Slot(month - 1, DayOf(DayKind.NUMBER, day, shift=shift)), 12) for day, month in pairs})
    return Rule(
        Frequency.MONTHLY,
        12,
        slots=tuple(slots),
        at=reading.at,
        start=reading.start,
        end=reading.end,
        wording=reading.wording,
        assumed=frozenset(reading.assumed - {"times"}),
    )


def _by_week_or_day(reading: _Reading, key: str, words: Words) -> Rule | Unclear:
    if reading.unit == "#w":
        key = _WEEKDAY_RANGE.sub(_spread, key)
        match = re.search(rf"(?:(?P<before>truoc) )?(?:ngay )?{_WEEKDAY_LIST}(?!\w)", key)
        edge = re.search(r"\b(?P<edge>dau|cuoi) (?:#w|tuan)", key)
        working = re.search(r"\bngay lam viec (?P<edge>dau|cuoi)(?: tien| cung)?(?: cua)? (?:#w|tuan)", key)
        used = working or edge or match
        left = unread(f"{key[: used.start()]} {key[used.end() :]}" if used else key, _RULE_FILLERS)
        if left:
            return Unclear(Reason.UNKNOWN_WORDS, left)
        if match is not None:
            shift = 1 if match["before"] and reading.at is None else 0
            named = re.findall(rf"{WEEKDAY}|\b[2-7]\b", match["weekdays"])
            days = {((weekday_of(name) if len(name) > 1 else int(name) - 2) - shift) % 7 for name in named}
            return _weekly_rule(reading, tuple(sorted(days)))
        if working is not None or (edge is not None and edge["edge"] == "dau"):
            return _weekly_rule(reading, (0,) if (working or edge)["edge"] == "dau" else (4,))  # type: ignore[index]
        choices = tuple(_weekly_rule(reading, (day,)) for day in (4, 6))
        return Unclear(Reason.AMBIGUOUS if edge else Reason.DAY_MISSING, words.wording, choices)
    if reading.unit == "#d":
        left = unread(key, _RULE_FILLERS)
        if left:
            return Unclear(Reason.UNKNOWN_WORDS, left)
        assumed = reading.assumed | (set() if reading.start or reading.every == 1 else {"start"})
        return Rule(
            Frequency.DAILY,
            reading.every,
            anchor=reading.start or reading.today,
            at=reading.at,
            start=reading.start,
            end=reading.end,
            wording=reading.wording,
            assumed=frozenset(assumed),
        )
    if reading.unit:
        return _of_no_day(reading, key, words)
    due = read_date(words, reading.today)
    if isinstance(due, Unclear):
        return _with_rules(due, reading)
    return Rule(Frequency.ONCE, dates=(due.on,), at=due.at, wording=words.wording, assumed=due.assumed)


_WEEKDAY_RANGE = re.compile(r"\bthu (?P<first>[2-7]) (?:den|toi|-) (?:thu )?(?P<last>[2-7])\b")


def _spread(match: re.Match[str]) -> str:
    return " , ".join(f"thu {day}" for day in range(int(match["first"]), int(match["last"]) + 1)) or match.group()


def _with_rules(unclear: Unclear, reading: _Reading) -> Unclear:
    rules = tuple(
        Rule(Frequency.ONCE, dates=(choice.on,), at=choice.at, wording=reading.wording)
        for choice in unclear.choices
        if isinstance(choice, DueDate)
    )
    return Unclear(unclear.reason, unclear.words, rules)


def _of_no_day(reading: _Reading, key: str, words: Words) -> Rule | Unclear:
    """A frequency in months and no day: the last day of the cycle, said to be assumed, unless a start was named."""
    left = unread(key, _RULE_FILLERS)
    if left:
        return Unclear(Reason.UNKNOWN_WORDS, left)
    cycle = _LENGTH[reading.unit] * reading.every
    if "times" in reading.assumed:
        return Unclear(Reason.DAY_MISSING, words.wording)
    if reading.start is not None and reading.start.day > 1:
        return _monthly_rule(
            replace(reading, counted=True),
            cycle,
            None if cycle > 1 else (0,),
            [DayOf(DayKind.NUMBER, reading.start.day)],
            first_month=False,
        )
    reading.assumed.add("day")
    if reading.numbered and reading.start is not None and (reading.start.month - 1) % cycle:
        rule = _monthly_rule(reading, cycle, (cycle - 1,), [DayOf(DayKind.LAST)], first_month=False)
        return replace(rule, anchor=reading.start) if isinstance(rule, Rule) else rule
    return _monthly_rule(reading, cycle, (cycle - 1,), [DayOf(DayKind.LAST)], first_month=False)


def _weekly_rule(reading: _Reading, weekdays: tuple[int, ...]) -> Rule:
    assumed = set(reading.assumed) - {"times"}
    anchor: date | None = None
    if reading.every > 1:
        first = reading.start or reading.today
        anchor = min(first + timedelta(days=(day - first.weekday()) % 7) for day in weekdays)
        assumed |= set() if reading.start else {"start"}
    return Rule(
        Frequency.WEEKLY,
        reading.every,
        weekdays=weekdays,
        anchor=anchor,
        at=reading.at,
        start=reading.start,
        end=reading.end,
        wording=reading.wording,
        assumed=frozenset(assumed),
    )
