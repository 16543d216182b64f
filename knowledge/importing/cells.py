"""Cells of tables that say when: "Quý I/2026", "Trước 15/12", "Hằng năm", "Tháng 3-4/2026"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from knowledge.calendar.deadlines import parse_rule
from knowledge.calendar.rules import Frequency, Rule
from knowledge.importing.model import WhyDoubted
from knowledge.importing.phrases import named
from knowledge.importing.shadow import shadow

_DAY = named("cells.day")
_MONTH = named("cells.month")
_QUARTER = named("cells.quarter")
_HALF = named("cells.half")
_YEARS = re.compile(r"(?:20\d\d ?- ?)?(?P<year>20\d\d)")
_MONTHLY = named("cells.monthly")
_WEEKLY = named("cells.weekly")
_QUARTERLY = named("cells.quarterly")
_HALF_YEARLY = named("cells.half_yearly")
_YEARLY = named("cells.yearly")
_EACH = (
    ("weekly", _WEEKLY), ("monthly", _MONTHLY),
    ("every 3 months", _QUARTERLY), ("every 6 months", _HALF_YEARLY), ("yearly", _YEARLY),
)  # fmt: skip
_EARLIER = named("cells.earlier")
_FIRST_HALF = named("cells.first_half")
_ANY_YEAR = 2026
_LISTED = named("cells.listed")
_REGULAR = named("cells.regular")


@dataclass(frozen=True)
class CellTime:
    """A time that a cell names: a last day, or a recurrence."""

    due: date | None = None
    recurrence: str | None = None
    rule: str | None = None
    doubt: WhyDoubted | None = None


def read_time(text: str, year: int | None) -> tuple[CellTime, ...]:
    """The times of a cell; `year` is the plan's own, assumed where the cell names none. Empty for "Thường xuyên"."""
    folded = " ".join(shadow(text).split())
    each = tuple(CellTime(recurrence=name) for name, sign in _EACH if sign.search(folded))
    if len(each) == 1 and re.search(r"\d", folded):
        rule = parse_rule(text, date(year or _ANY_YEAR, 1, 1))
        if isinstance(rule, Rule) and rule.frequency is Frequency.MONTHLY:
            return (CellTime(recurrence=each[0].recurrence, rule=rule.code),)
    if each:
        return each
    if _REGULAR.search(folded):
        return (CellTime(recurrence="regular"),)
    is_before = _EARLIER.match(folded) is not None
    for form in (_DAY, _HALF, _QUARTER, _MONTH, _YEARS):
        found = list(form.finditer(folded))
        if not found:
            continue
        if (
            form is _DAY
            and len(found) > 1
            and all(_LISTED.fullmatch(folded[one.end() : other.start()]) for one, other in pairwise(found))
        ):
            return tuple(_listed(found, year, is_before))
        groups = found[-1].groupdict()
        said = int(groups["year"]) if groups.get("year") else None
        if said is None and year is None:
            return ()
        due = _last_day(said or year or 0, groups, is_before)
        if due is None:
            continue
        return (CellTime(due=due, doubt=None if said else WhyDoubted.YEAR_ASSUMED),)
    return ()


def _listed(found: list[re.Match[str]], year: int | None, is_before: bool) -> Iterator[CellTime]:
    """Each day of a list: "trước ngày 10/3, 10/6 và 10/9"; a year said with the last holds for all."""
    last = found[-1]["year"]
    for met in found:
        said = met["year"] or last
        if said is None and year is None:
            continue
        due = _last_day(int(said) if said else year or 0, met.groupdict(), is_before)
        if due is not None:
            yield CellTime(due=due, doubt=None if said else WhyDoubted.YEAR_ASSUMED)


def _last_day(year: int, groups: dict[str, str | None], is_before: bool) -> date | None:
    try:
        if groups.get("day"):
            day = date(year, int(groups["month"] or 0), int(groups["day"] or 0))
            return day - timedelta(days=1) if is_before else day
        if groups.get("quarter"):
            quarter = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(groups["quarter"] or "") or int(groups["quarter"] or 0)
            first, last = quarter * 3 - 2, quarter * 3
        elif groups.get("half"):
            first, last = (1, 6) if _FIRST_HALF.fullmatch(groups["half"] or "") else (7, 12)
        elif groups.get("month"):
            first = last = int(groups["month"] or 0)
        else:
            first, last = 1, 12
        if is_before:
            return date(year, first, 1) - timedelta(days=1)
        return date(year, last, calendar.monthrange(year, last)[1])
    except ValueError:
        return None
