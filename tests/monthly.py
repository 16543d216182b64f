"""The monthly report as tests write it: by the four figures they speak of, whatever else the form may ask one day."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Form, split_term

KEYS = ("workers", "members", "admitted", "lost")


def monthly_figures(workers: int, members: int, admitted: int = 0, lost: int = 0) -> dict[str, Decimal]:
    """A whole report: these figures, zero for whatever else is asked, and what follows from them."""
    form = get_form(MONTHLY_FORM)
    told = dict(zip(KEYS, (workers, members, admitted, lost), strict=True))
    return form.completed({row.key: Decimal(told.get(row.key, 0)) for row in form.asked})


def form_of_four_rows() -> Form:
    """The form with these four rows and what follows from them alone: for tests of how a message is read."""
    form = get_form(MONTHLY_FORM)
    kept = {row.key for row in form.indicators if row.key in KEYS or _follows(row.derived)}
    return msgspec.structs.replace(
        form,
        indicators=tuple(row for row in form.indicators if row.key in kept),
        rules=tuple(rule for rule in form.rules if set(rule.keys) <= kept),
        measures=tuple(measure for measure in form.measures if set(measure.rows) <= kept),
        no_change=tuple(key for key in form.no_change if key in kept),
    )


def _follows(derived: tuple[str, ...]) -> bool:
    return bool(derived) and {split_term(term)[0] for term in derived} <= set(KEYS)
