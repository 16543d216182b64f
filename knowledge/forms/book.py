"""The forms that hold now: those that come with the program and those of the database, each in its versions.

A version of a form is asked for from its first period (`Form.since`) until the first of the next version. What was sent
for a period is read by the version of that period for ever, also once the form was withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import pairwise

import msgspec

from knowledge.forms.shipped import load_forms
from knowledge.model.forms import Form, find_opened
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.stored_forms import FormStatus, StoredForm


@dataclass(frozen=True)
class FormBook:
    """The forms by id, each in its versions, the earliest first; made by `make_book`.

    `outdated` are campaign forms in whose place a later one stands: campaigns that run go on, new ones do not use them.
    """

    versions: Mapping[str, tuple[Form, ...]]
    outdated: frozenset[str] = frozenset()

    def find(self, form_id: str, period: Period | None = None) -> Form | None:
        """The version of a form that holds for a period, the latest where none is named; None for an unknown form.

        A period before the first version, or of a withdrawn form, is read by the nearest one.
        """
        versions = self.versions.get(form_id)
        if versions is None:
            return None
        if period is None or period.kind is not versions[0].period or period.kind is PeriodKind.CAMPAIGN:
            return versions[-1]
        begun = [form for form in versions if form.since is None or Period.parse(form.since) <= period]
        return begun[-1] if begun else versions[0]

    def get(self, form_id: str, period: Period | None = None) -> Form:
        """The version of a form that holds for a period, as `find`; raises KeyError for an unknown form."""
        form = self.find(form_id, period)
        if form is None:
            raise KeyError(form_id)
        return form

    @cached_property
    def asked(self) -> tuple[Form, ...]:
        """Every version of the forms that are not withdrawn, by id; each covers its own periods only."""
        return tuple(
            form for _, versions in sorted(self.versions.items()) for form in versions if form.withdrawn_on is None
        )

    @cached_property
    def latest(self) -> tuple[Form, ...]:
        """The latest version of every form, withdrawn ones included, by id."""
        return tuple(versions[-1] for _, versions in sorted(self.versions.items()))

    @cached_property
    def for_campaigns(self) -> tuple[Form, ...]:
        """The forms that a new campaign may ask for, by id."""
        return tuple(form for form in self.asked if form.period is PeriodKind.CAMPAIGN and form.id not in self.outdated)

    def list_opened(self, today: date) -> list[tuple[Form, Period]]:
        """Each form that is asked for by its calendar, by id, with its latest period that is open on the local day.

        Those whose first period is still to come are not among them.
        """
        opened: dict[str, tuple[Form, Period]] = {}
        for form in self.asked:
            period = find_opened(form, today) if form.calendar is not None else None
            if period is not None:
                opened[form.id] = form, period
        return list(opened.values())


def make_book(
    shipped: Iterable[Form],
    stored: Iterable[Form] = (),
    *,
    withdrawn: Mapping[str, date] | None = None,
    outdated: Iterable[str] = (),
) -> FormBook:
    """The book of the forms that ship and versions that are stored, which stand beside or after those of the same id.

    A version holds from its first period on in the place of all that were given before it.

    Args:
        withdrawn: the local day on which a form that ships was withdrawn, by its id.
        outdated: ids of campaign forms that a later one stands in the place of.
    """
    found: dict[str, list[Form]] = {}
    gone = withdrawn or {}
    came = [msgspec.structs.replace(form, withdrawn_on=gone.get(form.id, form.withdrawn_on)) for form in shipped]
    for form in (*came, *stored):
        before = [each for each in found.get(form.id, ()) if _first_day(each) < _first_day(form)]
        found[form.id] = [*before, form]
    return FormBook(
        {form_id: _until_next(versions) for form_id, versions in sorted(found.items())}, frozenset(outdated)
    )


def _first_day(form: Form) -> date:
    return Period.parse(form.since).start if form.since is not None else date.min


def _until_next(versions: Sequence[Form]) -> tuple[Form, ...]:
    """The versions of one form, each until the next."""
    ends = [(form, later.since) for form, later in pairwise(versions)] + [(versions[-1], versions[-1].until)]
    return tuple(msgspec.structs.replace(form, until=end) for form, end in ends)


def read_book(stored: Sequence[StoredForm]) -> FormBook:
    """The book of the forms that ship and those that the database holds; what is only held is not among them."""
    shipped = {form.id for form in load_forms()}
    known = [each for each in stored if each.status is not FormStatus.HELD]
    return make_book(
        load_forms(),
        [msgspec.structs.replace(each.form, withdrawn_on=each.withdrawn_on) for each in known if each.form is not None],
        withdrawn={
            each.form_id: each.withdrawn_on
            for each in known
            if each.withdrawn_on is not None and each.form is None and each.form_id in shipped
        },
        outdated={each.replaces for each in known if each.replaces is not None and each.status is FormStatus.IN_FORCE},
    )


@cache
def load_book() -> FormBook:
    """The book of the forms that ship with the product."""
    return make_book(load_forms())
