"""The calendar's room: Vietnamese dates, times and periods in text, and the working days of Vietnam.

Everything here is relative to a day handed in; nothing reads a clock. Words are understood with or without marks.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from knowledge.model.periods import Period, PeriodKind
from knowledge.text import fold

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

# How far ahead a month named without its year may lie before it is taken for last year's.
_AHEAD = timedelta(days=92)
_DAY = timedelta(days=1)


def format_date(day: date) -> str:
    """The day as it is written here: dd/mm/yyyy."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_time(moment: time) -> str:
    """The time of day as HH:MM, 24 hours."""
    return f"{moment.hour:02}:{moment.minute:02}"


def last_day(year: int, month: int) -> date:
    """The last day of that month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def clamped(year: int, month: int, day: int) -> date:
    """That day of that month, or the month's last day where the month is shorter."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


# Working days ------------------------------------------------------------------------------------------------------


class WorkingDays:
    """Which days are worked in Vietnam: not weekends, public holidays or the days given in lieu of them.

    Saturdays that the government swaps for a day off are worked. A year of which the holiday library knows nothing
    has its weekends off and nothing else. Each year is computed once, when it is first asked about.
    """

    def __init__(self, extra_holidays: frozenset[date] = frozenset()) -> None:
        """Take `extra_holidays` for days off that a province or ministry declares by itself."""
        self._extra = extra_holidays
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

    def find_holiday(self, day: date) -> str | None:
        """The name of the public holiday on that day, in Vietnamese, or None."""
        return self._load(day.year).get(day)

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on that day."""
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


# Words -------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\d+|[^\W\d_]+|[/.\-:,;+&]")
_DIGITS = {"mot": 1, "hai": 2, "ba": 3, "bon": 4, "bay": 7, "tam": 8, "chin": 9}
_AFTER_TEN = _DIGITS | {"lam": 5, "nham": 5, "nam": 5, "sau": 6, "tu": 4}
_OLD_FONT = str.maketrans({"ƣ": "ư", "Ƣ": "Ư", "Ð": "Đ"})
_SHORT = {
    "thg": "thang",
    "mung": "ngay",
    "mong": "ngay",
    "trc": "truoc",
    "ki": "ky",
}
_TAKES_NUMBER = frozenset({"thu", "thang", "ngay", "quy"})
_EVERY = frozenset({"hang", "moi", "tung"})


def _plain(letter: str) -> str:
    """One letter folded; what would become none or several letters stays one, so that places in the text hold."""
    bare = fold(letter.translate(_OLD_FONT))[:1] or " "
    return "-" if bare in "–—−" else bare


@dataclass(frozen=True)
class Words:
    """A text cut into words that the grammars here match: folded, number words as figures, one space between.

    `spans` are places in `text` (composed Unicode), one for each word of `keys`.
    """

    text: str
    keys: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    def part(self, first: int, end: int) -> Words:
        """The words from `first` up to, not including, `end`."""
        return Words(self.text, self.keys[first:end], self.spans[first:end])

    @property
    def key(self) -> str:
        """The words as one line for matching."""
        return " ".join(self.keys)

    @property
    def wording(self) -> str:
        """These words as they were written."""
        return self.text[self.spans[0][0] : self.spans[-1][1]] if self.spans else ""

    def between(self, start: int, end: int) -> str:
        """The original wording of the characters `start` to `end` of `key`."""
        first = self.key.count(" ", 0, start)
        last = self.key.count(" ", 0, max(end - 1, start))
        return self.text[self.spans[first][0] : self.spans[last][1]]


def read_words(text: str) -> Words:
    """Cut `text` into words; never fails."""
    composed = unicodedata.normalize("NFC", text)
    composed = "".join(letter for letter in composed if not unicodedata.combining(letter))
    folded = "".join(_plain(letter) for letter in composed)
    raw = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(folded)]
    marked = [composed[start:end].lower() for _, start, end in raw]
    names = [_SHORT.get(name, name) for name, _, _ in raw]
    is_marked = any(name != own for name, own in zip((item[0] for item in raw), marked, strict=True))
    keys: list[str] = []
    spans: list[tuple[int, int]] = []
    index = 0
    while index < len(names):
        key, used = _number_at(names, marked, index, is_marked=is_marked)
        keys.append(key)
        spans.append((raw[index][1], raw[index + used - 1][2]))
        index += used
    return Words(composed, tuple(keys), tuple(spans))


def _number_at(names: list[str], marked: list[str], index: int, *, is_marked: bool) -> tuple[str, int]:
    """The canonical word at `index` and how many words it took; number words become figures.

    "năm" is five or year, "sau" is six or next, "tư" is four or from, "mốt" is one or the day after tomorrow: the
    word before, the word after and the marks decide.
    """
    name = names[index]
    before = names[index - 1] if index else ""
    earlier = names[index - 2] if index > 1 else ""
    after = [*names[index + 1 : index + 4], "", "", ""]
    takes_number = before in _TAKES_NUMBER and earlier not in _EVERY
    counts = after[0] in {"thang", "tuan", "ngay"} and (
        "lan" in after[1:3] or before in {"ky", "moi", "cu"} or after[1] == "truoc"
    )
    if name.isdecimal():
        return str(int(name)) if len(name) <= 2 else name, 1
    if name == "muoi":
        following = _AFTER_TEN.get(after[0])
        if following is None or (after[0] in {"nam", "sau", "tu"} and not _is_figure(marked[index + 1])):
            return "10", 1
        return str(10 + following), 2
    tens = {"hai": 2, "ba": 3}.get(name)
    if tens and after[0] == "muoi" and marked[index + 1] != "mười":
        following = _AFTER_TEN.get(after[1])
        if following is None or (after[1] in {"nam", "sau", "tu"} and not _is_figure(marked[index + 2])):
            return str(tens * 10), 2
        return str(tens * 10 + following), 3
    if tens and before == "ngay" and after[0] in {"mot", "lam", "nham"}:
        return str(tens * 10 + _AFTER_TEN[after[0]]), 2
    if name == "mot":
        alone = len(names) == 1 or (before == "ngay" and not is_marked and len(names) == 2)
        return ("ngaymot", 1) if marked[index] == "mốt" or alone else ("1", 1)
    if name in _DIGITS:
        return str(_DIGITS[name]), 1
    if name == "nam" and (takes_number or counts):
        return "5", 1
    if name == "sau" and (marked[index] == "sáu" or (not is_marked and (before == "thu" or counts))):
        return "6", 1
    if name == "tu" and (marked[index] == "tư" or (marked[index] == "tu" and takes_number)):
        return "4", 1
    return name, 1


def _is_figure(marked: str) -> bool:
    return marked in {"sáu", "tư"}


# What may come out -------------------------------------------------------------------------------------------------


class Reason(StrEnum):
    """Why words about time were not understood; each deserves its own answer."""

    EMPTY = "empty"
    UNKNOWN_WORDS = "unknown_words"
    NO_DATE = "no_date"
    NO_SUCH_DATE = "no_such_date"
    NO_SUCH_TIME = "no_such_time"
    VAGUE = "vague"
    AMBIGUOUS = "ambiguous"
    LUNAR = "lunar"
    DAY_MISSING = "day_missing"
    MONTH_MISSING = "month_missing"


@dataclass(frozen=True)
class Unclear:
    """Words about time that have no one meaning here.

    `words` are those that stood in the way, as written; `choices` are readings that could be offered.
    """

    reason: Reason
    words: str = ""
    choices: tuple[Any, ...] = ()


@dataclass(frozen=True)
class DueDate:
    """A day by which something is due, with the time of day where one was given.

    `strictly_before` tells that the text said "trước": `on` is then the day before the one named. `assumed` names what
    was filled in: `time` for a part of the day, `day` for the last day of a span.
    """

    on: date
    at: time | None = None
    strictly_before: bool = False
    wording: str = field(default="", compare=False)
    assumed: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class FoundDate:
    """A due date met inside a longer text, and where: `text[start:end]` of the composed text."""

    due: DueDate
    start: int
    end: int


class _NoSuchDateError(ValueError):
    """A date that the calendar does not have; stays inside this package."""


# Times of day ------------------------------------------------------------------------------------------------------

_PART = r"(?: (?:buoi )?(?P<part>sang|trua|chieu|toi|dem))?(?! nam| tuan)"
_LEAD = r"(?:(?:truoc|luc|vao luc|vao hoi|cham nhat|cham nhat la|den|truoc luc) )?"
_CLOCK = re.compile(
    rf"\b{_LEAD}(?P<hour>\d{{1,2}}) (?:(?:h|g|gio)\b"
    r"(?: (?P<minute>\d{1,2})\b(?! /| thang| hang| moi| - \d| tuan)(?: (?:phut|ph|p)\b)?"
    rf"| (?P<half>ruoi))?|: (?P<minute2>\d{{1,2}})){_PART}"
)
_OFFICE_END = re.compile(r"\b(?:truoc |den )?(?:cuoi|het) gio(?: (?:lam viec|hanh chinh|chieu|lam))?\b")
_DAY_PART = re.compile(r"\b(?:buoi |trong )?(?P<part>sang|chieu)\b(?! tuan| nam| thang| quy)")
_END_OF_DAY = re.compile(r"\b(?:cuoi|het) ngay\b(?! cuoi)")
_PART_END = {"sang": time(12), "chieu": time(17)}


def take_time(key: str) -> tuple[time | None, str, frozenset[str]] | Unclear:
    """The time of day in a line of words, the line without it, and what was assumed; midday and 17:00 end a part."""
    match = _CLOCK.search(key)
    if match is not None:
        found = match.groupdict()
        hour = int(found["hour"])
        minute = 30 if found.get("half") else int(found.get("minute") or found.get("minute2") or 0)
        part = found["part"]
        if (part in {"chieu", "toi", "dem"} and 1 <= hour < 12) or (part == "trua" and hour < 4):
            hour += 12
        if (hour, minute) == (24, 0):
            return time(23, 59), _without(key, match), frozenset()
        if hour > 23 or minute > 59:
            return Unclear(Reason.NO_SUCH_TIME, match.group())
        return time(hour, minute), _without(key, match), frozenset()
    match = _OFFICE_END.search(key)
    if match is not None:
        return time(17), _without(key, match), frozenset({"time"})
    match = _DAY_PART.search(key)
    if match is not None:
        return _PART_END[match["part"]], _without(key, match), frozenset({"time"})
    return None, _END_OF_DAY.sub("ngay", key), frozenset()


def _without(key: str, match: re.Match[str]) -> str:
    return " ".join(f"{key[: match.start()]} {key[match.end() :]}".split())


# One date ----------------------------------------------------------------------------------------------------------

WEEKDAY = r"(?:thu [2-7]|chu nhat|cn|t [2-7])"
_YEAR = r"(?: (?:/ |- |\. |nam )?(?P<y>\d{4})(?! /)| nam (?P<ywhich>nay|sau|toi|truoc|ngoai))?"
_QUARTER = r"(?:[1-4]|iv|iii|ii|i)"
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WHICH = r"(?P<which>nay|sau|toi|truoc|ngoai|ke tiep|tiep theo)"
_EDGE = r"(?:(?P<edge>trong|het|cuoi|dau|truoc|giua|ngay cuoi cua|ngay cuoi cung cua|ngay cuoi|truoc cuoi)(?: cua)? )?"
_Handler = Callable[[dict[str, str | None], date], date | None]


def weekday_of(word: str) -> int:
    """The weekday (Monday 0) that a word matched by `WEEKDAY` names."""
    return 6 if word in {"chu nhat", "cn"} else int(word[-1]) - 2


def quarter_of(word: str) -> int:
    """The quarter (1–4) written as a figure or a Roman numeral."""
    return _ROMAN.get(word) or int(word)


def _steps(which: str | None) -> int:
    return {None: 0, "nay": 0, "truoc": -1, "ngoai": -1}.get(which, 1)


def make_date(year: int, month: int, day: int) -> date:
    """That date; raises ValueError (a private kind) where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _NoSuchDateError(str(error)) from error


def _year(found: dict[str, str | None], today: date) -> int | None:
    if found.get("y"):
        return int(found["y"] or 0)
    if found.get("y2"):
        return 2000 + int(found["y2"] or 0)
    if found.get("ywhich"):
        return today.year + _steps(found["ywhich"])
    return None


def next_yearly(today: date, month: int, day: int) -> date:
    """The next such day on or after `today`; 29/02 waits for a leap year."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise _NoSuchDateError(f"no {day}/{month} in any year")


def _on_day_month(found: dict[str, str | None], today: date) -> date:
    day, month = int(found["d"] or 0), int(found["m"] or 0)
    year = _year(found, today)
    return next_yearly(today, month, day) if year is None else make_date(year, month, day)


def _on_day_of_month(found: dict[str, str | None], today: date) -> date:
    day = int(found["d"] or 0)
    if found.get("which"):
        month = Period.containing(today, PeriodKind.MONTH).shifted(_steps(found["which"]))
        return make_date(month.year, month.number, day)
    if not 1 <= day <= 31:
        raise _NoSuchDateError(f"no day {day}")
    month = Period.containing(today, PeriodKind.MONTH)
    for _ in range(3):
        if calendar.monthrange(month.year, month.number)[1] >= day:
            on = date(month.year, month.number, day)
            if on >= today:
                return on
        month = month.shifted(1)
    raise _NoSuchDateError(f"no day {day}")


def _edge_of(period: Period, edge: str | None) -> date | None:
    if edge == "giua":
        return None
    if edge == "dau":
        return period.start
    return period.start - _DAY if edge == "truoc" else period.end


def _coming(period: Period, today: date, years: int) -> Period:
    """`period` of this year, or of the next where it is over; for periods named without a year."""
    return period if period.end >= today else period.shifted(years)


def _named(kind: PeriodKind, number: int, found: dict[str, str | None], today: date) -> Period:
    year = _year(found, today)
    try:
        period = Period(kind, today.year if year is None else year, number)
    except ValueError as error:
        raise _NoSuchDateError(str(error)) from error
    per_year = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2}.get(kind, 1)
    edge = found.get("edge")
    over = (_edge_of(period, edge) or period.end) < today
    return period.shifted(per_year) if year is None and over else period


def _in_month(found: dict[str, str | None], today: date) -> date | None:
    return _edge_of(_named(PeriodKind.MONTH, int(found["m"] or 0), found, today), found.get("edge"))


def _in_quarter(found: dict[str, str | None], today: date) -> date | None:
    return _edge_of(_named(PeriodKind.QUARTER, quarter_of(found["q"] or ""), found, today), found.get("edge"))


def _in_half(found: dict[str, str | None], today: date) -> date | None:
    return _edge_of(_named(PeriodKind.HALF, 1 if found["half"] == "dau" else 2, found, today), found.get("edge"))


def _in_year(found: dict[str, str | None], today: date) -> date | None:
    year = _year(found, today)
    return _edge_of(Period(PeriodKind.YEAR, today.year if year is None else year), found.get("edge"))


_KINDS = {"thang": PeriodKind.MONTH, "quy": PeriodKind.QUARTER, "nam": PeriodKind.YEAR}


def _in_this(found: dict[str, str | None], today: date) -> date | None:
    steps = _steps(found.get("which"))
    edge = found.get("edge")
    if found["unit"] == "tuan":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=steps)
        if edge in {"cuoi", "giua"}:
            return None
        if edge == "truoc":
            return monday - _DAY
        if edge == "dau":
            return monday if monday >= today or found.get("which") else monday + timedelta(weeks=1)
        return monday + timedelta(days=6)
    period = Period.containing(today, _KINDS[found["unit"] or ""]).shifted(steps)
    on = _edge_of(period, edge)
    return _edge_of(period.shifted(1), edge) if on is not None and on < today and not found.get("which") else on


def _on_month_of_quarter(found: dict[str, str | None], today: date) -> date:
    if found.get("q"):
        quarter = _named(PeriodKind.QUARTER, quarter_of(found["q"] or ""), found, today)
    else:
        quarter = Period.containing(today, PeriodKind.QUARTER).shifted(_steps(found.get("which")))
    place = {"dau": 0, "giua": 1, "cuoi": 2}[found["place"] or ""]
    return make_date(quarter.year, quarter.start.month + place, int(found["d"] or 0))


def _on_weekday(found: dict[str, str | None], today: date) -> date:
    weekday = weekday_of(found["weekday"] or "")
    which = found.get("week")
    if which is None and found.get("day_which") == "nay":
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    if which is None:
        return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=_steps(which))
    return monday + timedelta(days=weekday)


def _after_span(found: dict[str, str | None], today: date) -> date:
    count = int(found["n"] or 0)
    if found["unit"] in {"ngay", "tuan"}:
        return today + timedelta(days=count * (7 if found["unit"] == "tuan" else 1))
    month = Period.containing(today, PeriodKind.MONTH).shifted(count * (12 if found["unit"] == "nam" else 1))
    return clamped(month.year, month.number, today.day)


def _in_days(count: int) -> _Handler:
    return lambda _found, today: today + timedelta(days=count)


_B = r"(?:(?P<before>truoc) )?"
_IN_WEEK = r"(?:tuan (?P<week>nay|sau|toi|truoc)|(?P<day_which>nay|toi|sau))"
_DATES: tuple[tuple[re.Pattern[str], _Handler], ...] = tuple(
    (re.compile(rf"\b{pattern}(?!\w)"), handler)
    for pattern, handler in (
        (
            rf"{_B}(?:ngay )?(?P<d>\d{{1,2}}) / (?P<m>\d{{1,2}})(?: / (?P<y2>\d{{2}})(?! \d)|{_YEAR})(?! /)",
            _on_day_month,
        ),
        (rf"{_B}(?:ngay )?(?P<d>\d{{1,2}}) (?P<s>[-.]) (?P<m>\d{{1,2}}) (?P=s) (?P<y>\d{{4}})", _on_day_month),
        (rf"{_B}ngay (?P<d>\d{{1,2}}) [-.] (?P<m>\d{{1,2}})", _on_day_month),
        (rf"{_B}(?:ngay )?(?P<d>\d{{1,2}}) (?:/ )?(?:thang|th|t) (?P<m>\d{{1,2}}){_YEAR}", _on_day_month),
        (rf"{_B}ngay (?P<d>\d{{1,2}})(?: cua| trong)? thang {_WHICH}", _on_day_of_month),
        (
            rf"{_B}ngay (?P<d>\d{{1,2}})(?: cua)? thang (?P<place>dau|giua|cuoi)(?: tien| cung)?(?: cua)? quy "
            rf"(?:(?P<q>{_QUARTER}){_YEAR}|{_WHICH})",
            _on_month_of_quarter,
        ),
        (rf"{_EDGE}6 thang (?P<half>dau|cuoi)(?: nam)?{_YEAR}", _in_half),
        (
            rf"{_EDGE}(?:(?:thang|th)|(?<=cuoi )t|(?<=het )t|(?<=trong )t|t(?= (?:1|8|9|\d\d))"
            r"|t(?= \d (?:/ )?\d{4})) "
            rf"(?P<m>\d{{1,2}}){_YEAR}",
            _in_month,
        ),
        (rf"{_EDGE}(?:quy|q) (?P<q>{_QUARTER}){_YEAR}", _in_quarter),
        (rf"{_EDGE}(?P<m>\d{{1,2}}) / (?P<y>\d{{4}})", _in_month),
        (rf"{_EDGE}nam (?P<y>\d{{4}})", _in_year),
        (rf"{_B}tuan (?P<week>nay|sau|toi) (?:vao )?(?P<weekday>{WEEKDAY})", _on_weekday),
        (rf"{_B}(?:ngay )?(?P<weekday>{WEEKDAY})(?: (?:cua )?{_IN_WEEK})?", _on_weekday),
        (rf"{_EDGE}(?P<unit>tuan|thang|quy|nam) {_WHICH}", _in_this),
        (
            r"(?P<edge>trong|het|cuoi|dau|giua|ngay cuoi(?: cung)?(?: cua)?|truoc cuoi)(?: cua)? "
            r"(?P<unit>tuan|thang|quy|nam)",
            _in_this,
        ),
        (r"(?:trong (?:vong )?|sau )(?P<n>\d{1,3}) (?P<unit>ngay|tuan|thang|nam)(?: (?:toi|nua))?", _after_span),
        (r"(?P<n>\d{1,3}) (?P<unit>ngay|tuan|thang|nam) (?:toi|nua|sau)", _after_span),
        (rf"{_B}(?:ngay )?hom nay", _in_days(0)),
        (rf"{_B}(?:ngay |hom )?mai", _in_days(1)),
        (rf"{_B}(?:ngay )?ngaymot|{_B.replace('before', 'before2')}ngay kia", _in_days(2)),
        (rf"{_B}ngay (?P<d>\d{{1,2}})(?: nay)?(?! ngay| tuan| thang| nam| quy| lam)", _on_day_of_month),
    )
)
_TODAY_PART = re.compile(r"^(?:nay)$")
LUNAR = re.compile(r"\b(?:am lich|ram|giao thua|tet|thang gieng|thang chap)\b")
_VAGUE = re.compile(r"\b(?:khoang|tam|giua|nua|som|khi can(?: thiet)?|khi co|thuong xuyen|kip thoi|dot xuat|neu can)\b")
_FILLERS = (
    "vao la luc hoi ngay thang han chot cham muon nhat hoan thanh dung tu nay den cho toi trong phai xong deadline nhe "
    "nha a thi cua voi va theo dinh ky moi hang buoi het muc diem thoi gian , ; . : - & + / so"
)
FILLERS = frozenset(_FILLERS.split())
_INCLUSIVE = re.compile(r"\btruoc (?:hoac|va) (?:trong |vao |dung )?|\bkhong (?:qua|muon hon|cham hon|tre hon|sau)\b")
_NOT_AFTER = re.compile(r"(?<!ngay )\btruoc khi (?:het|ket thuc)\b")
_SOLAR = re.compile(
    r"(?<=\d) (?:tay|duong lich)\b|\bduong lich\b|\bhan (?:nop )?(?:cuoi(?: cung)?|chot)\b(?= la| vao| ngay| \d)"
)
_NEXT = re.compile(r"\bsang (tuan|thang|quy|nam)\b")
_RANGE = re.compile(
    r"\b(?:tu )?(?:ngay )?\d{1,2}(?: / \d{1,2})?(?: / \d{4})? (?:-|den|toi)(?: het)?(?: ngay)? (?=\d{1,2} /)"
)


def normalised(key: str) -> str:
    """A line of words with turns of phrase that mean the same made the same."""
    key = _INCLUSIVE.sub(" ", key)
    key = _SOLAR.sub(" ", key)
    key = _NOT_AFTER.sub("het", key)
    key = _NEXT.sub(r"\1 sau", key)
    return " ".join(key.split())


def unread(key: str, fillers: frozenset[str] = FILLERS) -> str:
    """The words of a line that carry a meaning nobody has read."""
    return " ".join(word for word in key.split() if word not in fillers)


def read_dates(key: str, today: date) -> tuple[list[tuple[date, bool, str]], str] | Unclear:
    """Every single date in a line of words: the day named, whether "trước" stood before it, its words; and the rest."""
    found: list[tuple[date, bool, str]] = []
    key = _RANGE.sub("", key)
    for pattern, handler in _DATES:
        while (match := pattern.search(key)) is not None:
            groups = match.groupdict()
            try:
                on = handler(groups, today)
            except (_NoSuchDateError, OverflowError):
                return Unclear(Reason.NO_SUCH_DATE, match.group())
            if on is None:
                return Unclear(Reason.VAGUE, match.group())
            found.append((on, bool(groups.get("before") or groups.get("before2")), match.group()))
            key = _without(key, match)
    return found, key


def read_date(words: Words, today: date) -> DueDate | Unclear:
    """The one due date that all of these words name together."""
    key = normalised(words.key)
    if not key:
        return Unclear(Reason.EMPTY)
    if LUNAR.search(key):
        return Unclear(Reason.LUNAR, words.wording)
    timed = take_time(key)
    if isinstance(timed, Unclear):
        return Unclear(timed.reason, words.wording)
    at, key, assumed = timed
    read = read_dates(key, today)
    if isinstance(read, Unclear):
        return Unclear(read.reason, words.wording)
    found, rest = read
    if _VAGUE.search(rest):
        return Unclear(Reason.VAGUE, words.wording)
    if not found and (at is not None and _TODAY_PART.match(" ".join(rest.split()))):
        found, rest = [(today, False, "nay")], ""
    left = unread(rest)
    if left:
        return Unclear(Reason.UNKNOWN_WORDS if found else Reason.NO_DATE, left)
    if not found:
        return Unclear(Reason.NO_DATE, words.wording)
    return _one(found, at, assumed, words)


def _one(
    found: list[tuple[date, bool, str]], at: time | None, assumed: frozenset[str], words: Words
) -> DueDate | Unclear:
    if len(found) == 2 and re.search(WEEKDAY, found[1][2]) and "/" in found[0][2]:
        if found[0][0].weekday() != weekday_of(re.findall(WEEKDAY, found[1][2])[0]):
            return Unclear(Reason.AMBIGUOUS, words.wording, tuple(DueDate(on, at) for on, _, _ in found))
        found = [(found[0][0], found[0][1] or found[1][1], found[0][2])]
    if len({on for on, _, _ in found}) > 1:
        return Unclear(Reason.AMBIGUOUS, words.wording, tuple(DueDate(on, at) for on, _, _ in found))
    on, before, _ = found[0]
    shifted = before and at is None
    return DueDate(on - _DAY if shifted else on, at, shifted, words.wording, assumed)


def parse_date(text: str, today: date) -> DueDate | Unclear:
    """The due date that a text names, all its words understood, or why not.

    A day without a year is the next one on or after `today`; a weekday is the next after `today`; a span ("trong tháng
    02/2021", "hết quý III") is due on its last day; "trước 15/01" is due on the 14th.
    """
    return read_date(read_words(text), today)


def find_dates(text: str, today: date) -> Iterator[FoundDate]:
    """The due dates inside a longer text, in order; words that name none are passed over."""
    words = read_words(text)
    key = words.key
    taken: list[tuple[int, int, DueDate]] = []
    for pattern, handler in _DATES:
        for match in pattern.finditer(key):
            if any(match.start() < end and start < match.end() for start, end, _ in taken):
                continue
            try:
                on = handler(match.groupdict(), today)
            except (_NoSuchDateError, OverflowError):
                continue
            if on is None:
                continue
            before = bool(match.groupdict().get("before"))
            wording = words.between(match.start(), match.end())
            taken.append((match.start(), match.end(), DueDate(on - _DAY if before else on, None, before, wording)))
    for start, end, due in sorted(taken, key=lambda item: item[0]):
        first, last = key.count(" ", 0, start), key.count(" ", 0, end - 1)
        yield FoundDate(due, words.spans[first][0], words.spans[last][1])


# Periods in words --------------------------------------------------------------------------------------------------

_PERIODS: tuple[tuple[re.Pattern[str], Callable[[dict[str, str | None], date], Period]], ...] = tuple(
    (re.compile(rf"\b{pattern}(?!\w)"), handler)
    for pattern, handler in (
        (
            rf"(?:6|sau) thang (?P<half>dau|cuoi)(?: nam)?{_YEAR}",
            lambda found, today: _reported(PeriodKind.HALF, 1 if found["half"] == "dau" else 2, found, today),
        ),
        (
            rf"nua (?:nam )?(?P<half>dau|cuoi)(?: nam)?{_YEAR}",
            lambda found, today: _reported(PeriodKind.HALF, 1 if found["half"] == "dau" else 2, found, today),
        ),
        (
            rf"(?:thang|th|thg|t) (?P<m>\d{{1,2}}){_YEAR}",
            lambda found, today: _reported(PeriodKind.MONTH, int(found["m"] or 0), found, today),
        ),
        (
            r"(?<!/ )(?P<m>\d{1,2}) [/-] (?P<y>\d{4})",
            lambda found, today: _reported(PeriodKind.MONTH, int(found["m"] or 0), found, today),
        ),
        (
            rf"(?:quy|q) (?P<q>{_QUARTER}){_YEAR}",
            lambda found, today: _reported(PeriodKind.QUARTER, quarter_of(found["q"] or ""), found, today),
        ),
        (
            rf"(?P<unit>thang|quy|nam) {_WHICH}",
            lambda found, today: Period.containing(today, _KINDS[found["unit"] or ""]).shifted(
                _steps(found.get("which"))
            ),
        ),
        (
            r"(?:ca )?nam (?P<y>\d{4})",
            lambda found, _today: Period(PeriodKind.YEAR, int(found["y"] or 0)),
        ),
        (r"ca nam", lambda _found, today: Period(PeriodKind.YEAR, today.year)),
    )
)


def _reported(kind: PeriodKind, number: int, found: dict[str, str | None], today: date) -> Period:
    """A period that a report is about: without a year, the one that has begun or is about to."""
    year = _year(found, today)
    period = Period(kind, today.year if year is None else year, number)
    if year is None and period.start > today + _AHEAD:
        return Period(kind, today.year - 1, number)
    return period


def find_periods(text: str, today: date) -> list[Period]:
    """The reporting periods that a text names, in the order of the text; what does not exist is passed over.

    A month without a year is this year's, or last year's where it lies more than a quarter ahead.
    """
    key = normalised(read_words(text).key)
    found: list[tuple[int, int, Period]] = []
    for pattern, handler in _PERIODS:
        for match in pattern.finditer(key):
            if any(match.start() < end and start < match.end() for start, end, _ in found):
                continue
            try:
                found.append((match.start(), match.end(), handler(match.groupdict(), today)))
            except ValueError:
                continue
    return [period for _, _, period in sorted(found, key=lambda item: item[0])]


def parse_period(text: str, today: date) -> Period | Unclear:
    """The one reporting period that a text names, or why there is not one."""
    found = list(dict.fromkeys(find_periods(text, today)))
    if not found:
        return Unclear(Reason.NO_DATE if text.strip() else Reason.EMPTY, text.strip())
    return found[0] if len(found) == 1 else Unclear(Reason.AMBIGUOUS, text.strip(), tuple(found))
