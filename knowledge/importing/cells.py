"""Cells of tables that say when: "Quý I/2026", "Trước 15/12", "Hằng năm", "Tháng 3-4/2026"."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.importing.model import Doubt
from knowledge.importing.shadow import shadow

_DAY = re.compile(
    r"(?P<day>\d{1,2}) ?(?:[/.-]| thang ) ?(?P<month>\d{1,2})(?: ?(?:[/.-]| nam |, nam ) ?(?P<year>20\d\d))?(?![\d/])"
)
_MONTH = re.compile(
    r"(?:thang |^)(?:\d{1,2} ?(?:-|den|va|,) ?(?:thang )?)*(?P<month>\d{1,2})(?:(?: ?[/.-] ?| nam |, nam )(?P<year>20\d\d)|(?=\W*$|,|;| hang nam))"
)
_QUARTER = re.compile(
    r"quy (?:(?:i{1,3}v?|iv|\d) ?(?:-|,|va|den) ?(?:quy )?)*(?P<quarter>iv|i{1,3}|[1-4])(?!\w)(?:(?: ?[/.-] ?| nam |, nam |\s)(?P<year>20\d\d))?"
)
_HALF = re.compile(r"6 thang (?P<half>dau|cuoi) nam(?: (?P<year>20\d\d))?")
_YEARS = re.compile(r"(?:20\d\d ?- ?)?(?P<year>20\d\d)")
_EACH = (
    ("monthly", re.compile(r"(?:hang|moi) thang")),
    ("every 3 months", re.compile(r"(?:hang|moi) quy|0?3 thang (?:mot|1|01) lan|dinh ky quy")),
    ("every 6 months", re.compile(r"0?6 thang(?! dau nam 20| cuoi nam 20)")),
    ("yearly", re.compile(r"(?:hang|moi) nam|1 nam|01 nam|, ?nam\b")),
)
_REGULAR = re.compile(r"dinh ky")


@dataclass(frozen=True)
class CellTime:
    """A time that a cell names: a last day, or a recurrence."""

    due: date | None = None
    recurrence: str | None = None
    doubt: Doubt | None = None


def read_time(text: str, year: int | None) -> tuple[CellTime, ...]:
    """The times of a cell; `year` is the plan's own, assumed where the cell names none. Empty for "Thường xuyên"."""
    folded = " ".join(shadow(text).split())
    each = tuple(CellTime(recurrence=name) for name, sign in _EACH if sign.search(folded))
    if each:
        return each
    if _REGULAR.search(folded):
        return (CellTime(recurrence="regular"),)
    is_before = re.match(r"(?:hoan thanh |xong )?truoc", folded) is not None
    for form in (_DAY, _HALF, _QUARTER, _MONTH, _YEARS):
        met = None
        for met in form.finditer(folded):
            pass
        if met is None:
            continue
        groups = met.groupdict()
        said = int(groups["year"]) if groups.get("year") else None
        if said is None and year is None:
            return ()
        due = _last_day(said or year or 0, groups, is_before)
        if due is None:
            continue
        return (CellTime(due=due, doubt=None if said else Doubt.YEAR_ASSUMED),)
    return ()


def _last_day(year: int, groups: dict[str, str | None], is_before: bool) -> date | None:
    try:
        if groups.get("day"):
            day = date(year, int(groups["month"] or 0), int(groups["day"] or 0))
            return day - timedelta(days=1) if is_before else day
        if groups.get("quarter"):
            quarter = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(groups["quarter"] or "") or int(groups["quarter"] or 0)
            first, last = quarter * 3 - 2, quarter * 3
        elif groups.get("half"):
            first, last = (1, 6) if groups["half"] == "dau" else (7, 12)
        elif groups.get("month"):
            first = last = int(groups["month"] or 0)
        else:
            first, last = 1, 12
        if is_before:
            return date(year, first, 1) - timedelta(days=1)
        return date(year, last, calendar.monthrange(year, last)[1])
    except ValueError:
        return None
