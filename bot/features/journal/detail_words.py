"""What an entry of the journal was about, and what it changed from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from html import escape
from typing import Any, Final

from bot.features.journal.service import MOVED, JournalPage, find_concerned, find_sharer
from bot.words.dates import day
from bot.words.people import ROLES
from bot.words.reports import figure, report_name
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.numbers import format_count, format_decimal
from storage.audit import CHANGED, Entry
from storage.people import RoleName

_MOST_CHANGES: Final = 4
_NOTHING: Final = "để trống"
_DATES: Final = {"due_on": "Hạn nộp", "locks_on": "Sửa được đến"}
_TEXTS: Final = {"name": "Tên"}
_COUNTS: Final = {
    "added": "thêm {} đơn vị",
    "changed": "sửa {} đơn vị",
    "moved": "chuyển {} đơn vị",
    "refused": "{} dòng không nhận",
    "reports": "{} báo cáo",
    "units": "{} đơn vị",
    "sent": "{} báo cáo đã nộp",
    "shares": "{} đơn vị",
    "targets": "{} chỉ tiêu cộng sang",
}


def tell_details(entry: Entry, page: JournalPage) -> str:
    """What is known of an entry beyond who did what and where, on one line; empty where that is all."""
    return "; ".join(_tell(entry, page))


def _tell(entry: Entry, page: JournalPage) -> Iterator[str]:
    details = entry.details
    period = _period(details.get("period"))
    form = page.forms.find(str(details.get("form")), period)
    if form is not None and period is not None:
        yield escape(report_name(form, period))
    if "what" in details:
        yield f"“{escape(str(details['what']))}”"
    yield from _tell_person(entry, page)
    yield from _tell_places(entry, page.places)
    if "plan" in details or "before" in details:
        yield _pair("Kế hoạch", details.get("before") or None, details.get("plan") or None)
    if (due_on := _date(details.get("due_on"))) is not None:
        yield f"hạn {day(due_on)}"
    yield from (
        text.format(format_count(Decimal(details[key])))
        for key, text in _COUNTS.items()
        if isinstance(details.get(key), int) and details[key]
    )
    if isinstance(details.get(CHANGED), dict):
        changes = [
            _change(key, pair[0], pair[1], form) for key, pair in details[CHANGED].items() if _is_told(key, form)
        ]
        changes += _shares(details[CHANGED], page.places)
        yield from changes[:_MOST_CHANGES]
        if len(changes) > _MOST_CHANGES:
            yield f"và {len(changes) - _MOST_CHANGES} số khác"


def _shares(changed: Mapping[str, Any], places: Mapping[int, str]) -> list[str]:
    """The shares of a target that were changed, by the names of the units."""
    found = ((find_sharer(key), pair) for key, pair in changed.items())
    return [
        _pair(
            _place(unit_id, places),
            *(None if (value := _number(each)) is None else format_decimal(value) for each in pair),
        )
        for unit_id, pair in found
        if unit_id is not None
    ]


def _tell_person(entry: Entry, page: JournalPage) -> Iterator[str]:
    concerned = find_concerned(entry)
    if concerned is not None and concerned != entry.person_id and page.people.get(concerned):
        yield escape(page.people[concerned])
    if entry.details.get("role") in set(RoleName):
        yield ROLES[RoleName(entry.details["role"])]


def _tell_places(entry: Entry, places: Mapping[int, str]) -> Iterator[str]:
    details = entry.details
    if entry.action == MOVED:  # elsewhere these are people, or an audience
        yield _pair("Cấp trên", *(_place(details.get(key), places) for key in ("from", "to")))
    if "into" in details:
        yield f"vào {escape(_place(details['into'], places))}"


def _place(unit_id: int | None, places: Mapping[int, str]) -> str:
    """A unit by its name; whoever may not see it is told no more than that it is another."""
    return "không có" if unit_id is None else places.get(unit_id, "đơn vị khác")


def _is_told(key: str, form: Form | None) -> bool:
    """Whether there are words for what was changed: a row of a form that is known, or a date, or a name."""
    return key in _DATES or key in _TEXTS or (form is not None and form.find_indicator(key) is not None)


def _change(key: str, before: str | None, after: str | None, form: Form | None) -> str:
    if key in _TEXTS:
        return _pair(_TEXTS[key], before, after)
    if key in _DATES:
        return _pair(_DATES[key], *_brief_days(_date(before), _date(after)))
    row = form.find_indicator(key) if form is not None else None
    if row is None:
        return _pair(key, before, after)
    values = (_number(each) for each in (before, after))
    return _pair(row.short, *(figure(row, each) if each is not None else None for each in values))


def _pair(what: str, before: str | None, after: str | None) -> str:
    return f"{escape(what)}: {escape(before or _NOTHING)} → {escape(after or _NOTHING)}"


def _brief_days(before: date | None, after: date | None) -> tuple[str | None, str | None]:
    """Two dates; the year only where it tells them apart."""
    if before is not None and after is not None and before.year == after.year:
        return f"{before:%d/%m}", f"{after:%d/%m}"
    return (day(before) if before else None), (day(after) if after else None)


def _period(code: Any) -> Period | None:
    try:
        return Period.parse(str(code))
    except ValueError:
        return None


def _date(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def _number(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
