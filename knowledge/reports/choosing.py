"""Which form a message reports on: the one it names by its name or period, else the one whose rows it gives. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from knowledge.forms import find_called
from knowledge.model.forms import Form
from knowledge.reports.filling import read_report
from knowledge.reports.model import ReportText


class FormReading(NamedTuple):
    """A message read by one form."""

    reading: ReportText
    form: Form


def find_reports(text: str, forms: Iterable[Form], today: date) -> list[FormReading]:
    """The report that a message hands in, of the form due by the calendar among `forms` that it fits best.

    Several where it fits several alike; none where it hands in none.

    Example: "quý 4: đối thoại 2" → by the quarterly form; "kết nạp 12, giảm 3" → by the monthly one.
    """
    due = [form for form in forms if form.calendar is not None]
    found = []
    for form in due:
        reading = _read_best(text, form, today)
        if reading is not None:
            found.append(FormReading(reading, form))
    if len(found) < 2:
        return found
    called = find_called(text, due, today).form
    # Figures by their places alone may be of anything: rows that are named come first.
    weights = [
        (called is not None and each.form.id == called.id, not each.reading.positional, _count_rows(each.reading))
        for each in found
    ]
    most = max(weights)
    return [each for each, weight in zip(found, weights, strict=True) if weight == most]


def _read_best(text: str, form: Form, today: date) -> ReportText | None:
    """A report, read by the rows of that kind of unit of whose it gives most; None where it is none."""
    read = [read_report(text, own, today) for own in _as_sent(form)]
    handed_in = [each for each in read if each is not None and each.is_report]
    return max(handed_in, key=_count_rows, default=None)


@lru_cache(maxsize=64)
def _as_sent(form: Form) -> tuple[Form, ...]:
    """The form in each of the shapes that units send it in."""
    shapes = {own.asked: own for own in (form.asked_of(kind) for kind in sorted(form.owed_by))}
    return tuple(shapes.values()) or (form,)


def _count_rows(reading: ReportText) -> int:
    if reading.no_change and not reading.ambiguous:
        return 1  # rows of which nothing is said but that they did not change
    doubted = {each.readings[0].key for each in reading.ambiguous if each.readings}
    return len({*reading.values, *reading.kept, *doubted, *(each.key for each in reading.refused)})
