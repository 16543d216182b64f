"""Which form and period words call for: "báo cáo quý 4", "biểu hoạt động", "tháng 9", "q4"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from knowledge.calendar.periods import locate_periods
from knowledge.calendar.words import composed, read_words
from knowledge.forms.shipped import MONTHLY_FORM, QUARTERLY_FORM
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.text import fold
from knowledge.words import AFTER_DEAR

_FIRST: Final = (MONTHLY_FORM, QUARTERLY_FORM)
"""Meant before others of the same kind of period, where none is named."""


@dataclass(frozen=True, slots=True)
class CalledFor:
    """The form that words call for, None where they name none; the period; and what else they say."""

    form: Form | None
    period: Period | None
    rest: str


def find_called(text: str, forms: Iterable[Form], today: date) -> CalledFor:
    """The form, of those asked for by a calendar, and the period that words call for; any text is taken. Pure.

    A period names the forms of its kind, and goes before a name: "tình hình đoàn viên quý 4" is about a quarter. One
    without a year is the latest that has begun.

    Example: "báo cáo hoạt động quý IV" on 4 January 2027 → the quarterly form, the fourth quarter of 2026.
    """
    by_id = {form.id: form for form in forms if form.calendar is not None}
    ordered = sorted(by_id.values(), key=lambda form: _FIRST.index(form.id) if form.id in _FIRST else len(_FIRST))
    rest = composed(text)
    found = next(iter(locate_periods(rest, today, ahead=timedelta())), None)
    kind = None
    if found is not None:
        rest, kind = f"{rest[: found.start]} {rest[found.end :]}", found.period.kind
    named, rest = _take_names(rest, ordered)
    if kind is None and not named:
        kind = _find_kind(rest)
    fitting = [form for form in named or ordered if kind is None or form.period is kind]
    if not fitting and kind is not None:
        fitting = [form for form in ordered if form.period is kind]
    is_called = bool(named) or kind is not None
    return CalledFor(
        fitting[0] if fitting and is_called else None,
        found.period if found is not None else None,
        " ".join(rest.split()).strip(" ,;:.-"),
    )


def _take_names(text: str, forms: Iterable[Form]) -> tuple[list[Form], str]:
    """The forms named by the longest of their names in a text, and the text without it."""
    plain = fold(text)
    if len(plain) != len(text):
        return [], text
    best: tuple[int, int, list[Form]] | None = None
    for form in forms:
        for name in (form.title, form.short, *form.aliases):
            words = r"[^\S\n]+".join(map(re.escape, fold(name).split()))
            match = re.search(rf"(?<!\w){words}(?!\w)", plain)
            if match is None or (best is not None and match.end() - match.start() < best[1] - best[0]):
                continue
            others = best[2] if best is not None and match.span() == best[:2] else []
            best = (*match.span(), [*others, form])
    if best is None:
        return [], text
    return list(dict.fromkeys(best[2])), f"{text[: best[0]]} {text[best[1] :]}"


def _find_kind(text: str) -> PeriodKind | None:
    """The kind of period in a bare word for it: "tổng hợp quý"; not where it is how somebody is addressed."""
    found = read_words(text)
    for sign in found.signs:
        after = fold(found.text[sign.end :]).split()
        if sign.sign == "quarter" and not (after and after[0].strip(",.!") in AFTER_DEAR):
            return PeriodKind.QUARTER
    return None
