"""The head of a workbook that describes a form: its names, period, dates, who owes it, from when on. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from knowledge.calendar.periods import locate_periods
from knowledge.forms.workbook.layout import FormCell, FormLayout
from knowledge.forms.workbook.model import WhyFormRefused, WorkbookRefusal
from knowledge.forms.workbook.wording import WORDING, plain
from knowledge.model.form_dates import Calendar, MonthDay
from knowledge.model.periods import EARLIEST_YEAR, Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.spreadsheets.model import DATE
from knowledge.text import fold, raised
from knowledge.units import parse_unit_kind

LONGEST_TITLE: Final = 250
LONGEST_SHORT: Final = 60
LONGEST_CODE: Final = 24
"""Letters of a form's id, which buttons carry."""

_LAST_DAY: Final = 31
_DECEMBER: Final = 12
_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_DAY_OF_YEAR: Final = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})(?![\d/.-])")
_CODE: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BETWEEN: Final = re.compile(r"[,;\n]|(?<=\s)&(?=\s)")
_YEAR: Final = re.compile(r"\d{4}")
_DATES: Final = ("opens", "due", "locks")


class FormHead:
    """The head as it is understood; whatever is wrong is added to the layout's refusals."""

    def __init__(self, layout: FormLayout) -> None:
        self._layout = layout
        self._head = layout.head
        self.title = self._read_name("title", LONGEST_TITLE)
        self.short = self._read_name("short", LONGEST_SHORT) or _shortened(self.title)
        self.period = self._read_period()
        self.calendar = self._read_calendar()
        self.owed_by = self._read_units()
        self.since = self._read_since()
        self.id = self._read_code()
        self.note = self._head["note"].text if "note" in self._head else None
        self.aliases = tuple(_split(self._head["aliases"].text)) if "aliases" in self._head else ()

    def _refuse(self, why: WhyFormRefused, label: str, said: str = "") -> None:
        """Refuse the value of a label; where there is none, its label, or the place where the table begins."""
        cell = self._head.get(label) or self._layout.labels.get(label) or self._layout.heading
        cell = cell or next(iter(self._layout.labels.values()), FormCell("", "A1"))
        self._layout.refusals.append(WorkbookRefusal(why, cell.cell, cell.sheet, said))

    def _read_name(self, label: str, longest: int) -> str:
        cell = self._head.get(label)
        if cell is None:
            if label == "title":
                self._refuse(WhyFormRefused.NO_TITLE, label)
            return ""
        if len(cell.text) > longest:
            self._layout.refusals.append(cell.refused(WhyFormRefused.TOO_LONG, str(longest)))
        return raised(cell.text)

    def _read_period(self) -> PeriodKind | None:
        cell = self._head.get("period")
        if cell is None:
            self._refuse(WhyFormRefused.NO_PERIOD, "period")
            return None
        named = WORDING.named_in("periods", cell.text)
        if named is None:
            self._layout.refusals.append(cell.refused(WhyFormRefused.UNKNOWN_PERIOD))
            return None
        return PeriodKind(named)

    def _read_calendar(self) -> Calendar | None:
        if self.period is None or self.period is PeriodKind.CAMPAIGN:
            self._require_none(*_DATES)
            return None
        found = {label: self._read_day(label) for label in _DATES if label in self._head}
        for label in ("opens", "due"):
            if label not in self._head:
                self._refuse(WhyFormRefused.NO_DAY, label, label)
        opens, due = found.get("opens"), found.get("due")
        if opens is None or due is None:
            return None
        # Corrections are taken until the month ends in which it is due, where nothing else is said.
        locks = found.get("locks") if "locks" in self._head else MonthDay(day=_LAST_DAY, months=due.months)
        if due.place < opens.place:
            self._layout.refusals.append(self._head["due"].refused(WhyFormRefused.DUE_BEFORE_OPENS))
        elif locks is not None and locks.place < due.place:
            self._layout.refusals.append(self._head["locks"].refused(WhyFormRefused.LOCKS_BEFORE_DUE))
        elif locks is not None:
            return Calendar(opens=opens, due=due, locks=locks)
        return None

    def _require_none(self, *labels: str) -> None:
        """A campaign brings its dates and units with it."""
        if self.period is PeriodKind.CAMPAIGN:
            for label in labels:
                if label in self._head:
                    self._layout.refusals.append(self._head[label].refused(WhyFormRefused.NOT_FOR_CAMPAIGN))

    def _read_day(self, label: str) -> MonthDay | None:
        cell = self._head[label]
        found = read_day(cell.text, self.period) if cell.kind != DATE else None
        if found is None:
            self._layout.refusals.append(cell.refused(WhyFormRefused.UNKNOWN_DAY))
        return found

    def _read_units(self) -> frozenset[UnitKind]:
        if self.period is PeriodKind.CAMPAIGN:
            self._require_none("owed_by")
            return frozenset()
        cell = self._head.get("owed_by")
        if cell is None:
            self._refuse(WhyFormRefused.NO_UNITS, "owed_by")
            return frozenset()
        kinds, unknown = read_units(cell.text)
        self._layout.refusals += [cell.refused(WhyFormRefused.UNKNOWN_UNITS, each) for each in unknown]
        return kinds

    def _read_since(self) -> str | None:
        if self.period is PeriodKind.CAMPAIGN:
            self._require_none("since")
            return None
        cell = self._head.get("since")
        if cell is None or self.period is None:
            return None
        found = _find_period(cell, self.period)
        if found is None or found.year < EARLIEST_YEAR:
            self._layout.refusals.append(cell.refused(WhyFormRefused.WRONG_SINCE))
            return None
        return found.code

    def _read_code(self) -> str:
        cell = self._head.get("code")
        if cell is not None:
            if _CODE.fullmatch(cell.text) and len(cell.text) <= LONGEST_CODE:
                return cell.text
            self._layout.refusals.append(cell.refused(WhyFormRefused.WRONG_CODE))
        return make_code(self.short)


def make_code(name: str) -> str:
    """An id for a form of that name: its words without marks, as far as they fit. "Nữ công quý" → "nu-cong-quy"."""
    found = ""
    for word in re.findall(r"[a-z0-9]+", fold(name)):
        longer = f"{found}-{word}" if found else word[:LONGEST_CODE]
        if len(longer) > LONGEST_CODE:
            break
        found = longer
    return found or "form"


def read_day(text: str, period: PeriodKind | None) -> MonthDay | None:
    """A day relative to a period: "ngày 5 tháng sau", "ngày cuối tháng cuối kỳ", "trước ngày 10 quý sau", "25".

    Of a year also day and month: "15/12", "15/01 năm sau". None for anything else.
    """
    dates, words = WORDING.dates, plain(text.replace("/", " / "))
    if period is PeriodKind.YEAR and (found := _DAY_OF_YEAR.search(text)) is not None:
        day, month = int(found[1]), int(found[2])
        if not 1 <= month <= _DECEMBER:
            return None
        rest = plain(f"{text[: found.start()]} {text[found.end() :]}")
        is_next = any(rest.endswith(plain(each)) for each in dates.next_year)
        return _make_day(
            day, month if is_next else month - _DECEMBER, is_before=_begins(rest, dates.before) is not None
        )
    rest = words
    is_before = (after := _begins(rest, dates.before)) is not None
    if after is not None:
        rest = after
    if (after := _begins(rest, dates.last)) is not None:
        months = WORDING.months.get(after)
        return _make_day(_LAST_DAY, months, is_before=is_before)
    rest = _begins(rest, dates.day) or rest
    number = _DAY.match(rest)
    if number is None:
        return None
    return _make_day(int(number[1]), WORDING.months.get(rest[number.end() :].strip()), is_before=is_before)


def _make_day(day: int, months: int | None, *, is_before: bool) -> MonthDay | None:
    """The day of that month; before the first is the last of the month before."""
    if months is None or not 1 <= day <= _LAST_DAY or not -12 <= months <= 24:
        return None
    if not is_before:
        return MonthDay(day=day, months=months)
    return MonthDay(day=day - 1, months=months) if day > 1 else MonthDay(day=_LAST_DAY, months=months - 1)


def _begins(text: str, phrases: tuple[str, ...]) -> str | None:
    """What follows one of the phrases at the beginning of a plain text, the longest first; None where none is there."""
    for phrase in sorted(map(plain, phrases), key=len, reverse=True):
        if text == phrase or text.startswith(f"{phrase} "):
            return text.removeprefix(phrase).strip()
    return None


def read_units(text: str) -> tuple[frozenset[UnitKind], list[str]]:
    """The kinds of unit that words name, and the words that name none."""
    kinds: set[UnitKind] = set()
    unknown = []
    for part in _split(text):
        found = _kinds_of(part)
        if found is None:
            unknown.append(part)
        else:
            kinds |= found
    return frozenset(kinds), unknown


def _kinds_of(part: str) -> frozenset[UnitKind] | None:
    match WORDING.named_in("units", part):
        case "grassroots":
            return GRASSROOTS_KINDS
        case "above":
            return frozenset(UnitKind) - GRASSROOTS_KINDS
        case "every":
            return frozenset(UnitKind)
    kind = parse_unit_kind(part)
    if kind is not None:
        return frozenset({kind})
    for word in WORDING.units["and"]:
        first, joint, second = part.partition(f" {word} ")
        if joint and (found := _kinds_of(first)) is not None and (other := _kinds_of(second)) is not None:
            return found | other
    return None


def _split(text: str) -> list[str]:
    return [each.strip() for each in _BETWEEN.split(text) if each.strip()]


def _find_period(cell: FormCell, kind: PeriodKind) -> Period | None:
    """The period of that kind that a cell names with its year; a date that Excel made of one is the period it is in."""
    if cell.kind == DATE:
        day, month, year = map(int, cell.text.split("/"))
        return Period.containing(date(year, month, day), kind)
    if kind is PeriodKind.YEAR and _YEAR.fullmatch(cell.text):
        return Period(kind, int(cell.text))
    found = [each for each in locate_periods(cell.text, date.max) if each.has_year]
    if len(found) != 1 or found[0].period.kind is not kind:
        return None
    return found[0].period


def _shortened(title: str) -> str:
    return title if len(title) <= LONGEST_SHORT else title[:LONGEST_SHORT].rsplit(" ", 1)[0]
