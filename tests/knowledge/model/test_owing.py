"""Who owes what: by kind and place, from the day of registration, until the unit's end; settled on the due day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
import pytest

from knowledge.forms import MONTHLY_FORM, get_form, load_forms
from knowledge.model.forms import Form, due_on
from knowledge.model.owing import AskedUnits, Audience, Branch, exists_on
from knowledge.model.periods import Period
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind

FORM = get_form(MONTHLY_FORM)
OCTOBER = Period.month(2026, 10)
DUE = date(2026, 12, 15)


@dataclass(frozen=True)
class Place:
    """A grassroots unit /1/2/3/ that has always been there, where nothing else is said."""

    id: int = 3
    kind: UnitKind = UnitKind.PRIVATE
    parent_id: int | None = 2
    path: str = "/1/2/3/"
    registered_on: date = date(2020, 1, 1)
    dissolved_on: date | None = None


def test_a_form_is_owed_from_the_month_of_registration() -> None:
    new = Place(registered_on=date(2026, 10, 31))
    assert not AskedUnits.of_period(FORM, Period.month(2026, 9)).includes(new)
    assert AskedUnits.of_period(FORM, OCTOBER).includes(new)
    assert not AskedUnits.of_period(FORM, OCTOBER).includes(Place(registered_on=date(2026, 11, 1)))


def test_a_form_is_owed_by_units_that_were_there_when_it_was_due() -> None:
    asked = AskedUnits.of_period(FORM, OCTOBER)
    due = due_on(FORM, OCTOBER)
    assert due == date(2026, 11, 5)
    assert not asked.includes(Place(dissolved_on=date(2026, 10, 31)))
    assert not asked.includes(Place(dissolved_on=due))
    assert asked.includes(Place(dissolved_on=date(2026, 11, 6)))


@pytest.mark.parametrize("form", [form for form in load_forms() if form.calendar is not None], ids=lambda form: form.id)
def test_a_form_is_not_owed_by_units_that_end_within_its_period_however_early_it_is_due(form: Form) -> None:
    period = Period.containing(OCTOBER.start, form.period)
    asked, kind = AskedUnits.of_period(form, period), min(form.owed_by)
    last = max(period.end, due_on(form, period))
    assert not asked.includes(Place(kind=kind, dissolved_on=period.end))
    assert not asked.includes(Place(kind=kind, dissolved_on=last))
    assert asked.includes(Place(kind=kind, dissolved_on=last + timedelta(days=1)))


def test_a_form_is_owed_from_its_first_period_on_until_its_next_version() -> None:
    form = msgspec.structs.replace(FORM, since="2026-10", until="2026-12")
    owed = [
        number for number in range(8, 13) if AskedUnits.of_period(form, Period.month(2026, number)).includes(Place())
    ]
    assert owed == [10, 11]


def test_only_the_kinds_that_a_form_is_asked_of_owe_it() -> None:
    asked = AskedUnits.of_period(FORM, OCTOBER)
    assert [kind for kind in UnitKind if asked.includes(Place(kind=kind))] == [
        kind for kind in UnitKind if kind in FORM.owed_by
    ]
    assert asked.root_ids == ()
    with pytest.raises(ValueError, match="calendar"):
        AskedUnits.of_period(get_form("so-ket-nhiem-ky"), OCTOBER)


def test_a_unit_dissolved_while_a_campaign_runs_never_came_to_owe_it() -> None:
    asked = AskedUnits.of_campaign(GRASSROOTS_KINDS, "/1/2/", DUE)
    assert asked.includes(Place())
    assert not asked.includes(Place(path="/1/20/3/", parent_id=20))
    assert asked.includes(Place(registered_on=DUE))
    assert not asked.includes(Place(registered_on=date(2026, 12, 16)))
    assert not asked.includes(Place(dissolved_on=date(2026, 12, 1)))
    assert not asked.includes(Place(dissolved_on=DUE))


def test_a_unit_dissolved_after_the_due_day_owes_it_for_ever_and_is_asked_no_more() -> None:
    asked, ended = AskedUnits.of_campaign(GRASSROOTS_KINDS, "/1/", DUE), Place(dissolved_on=date(2026, 12, 20))
    assert asked.includes(ended)
    assert asked.still_asked(date(2026, 12, 19)).includes(ended)
    assert not asked.still_asked(date(2026, 12, 20)).includes(ended)
    assert not asked.still_asked(date(2027, 6, 1)).includes(ended)
    assert not asked.still_asked(date(2026, 12, 1)).includes(Place(dissolved_on=date(2026, 12, 10)))


@pytest.mark.parametrize(
    ("audience", "is_grassroots", "owing"),
    [
        (Audience.GRASSROOTS, False, {3}),
        (Audience.DIRECT, False, {4}),
        (Audience.ALL, False, {3, 4}),
        (Audience.ALL, True, {3}),
    ],
)
def test_a_set_deadline_is_owed_by_its_audience(audience: Audience, is_grassroots: bool, owing: set[int]) -> None:
    tree = [
        Place(1, UnitKind.PROVINCE, None, "/1/"),
        Place(2, UnitKind.UPPER, 1, "/1/2/"),
        Place(4, UnitKind.UPPER, 2, "/1/2/4/"),
        Place(3, UnitKind.PRIVATE, 4, "/1/2/4/3/"),
    ]
    at = tree[3] if is_grassroots else tree[1]
    asked = AskedUnits.of_deadline(audience, at.id, at.path, DUE, is_grassroots=is_grassroots)
    assert {unit.id for unit in tree if asked.includes(unit)} == owing
    assert asked.root_ids == (at.id,)


def test_a_plans_deadline_is_not_owed_where_another_plan_governs() -> None:
    asked = AskedUnits.of_plan(GRASSROOTS_KINDS, (Branch("/1/", ("/1/2/",)), Branch("/7/")), DUE)
    assert not asked.includes(Place())
    assert asked.includes(Place(path="/1/3/", parent_id=1))
    assert asked.includes(Place(path="/7/3/", parent_id=7))
    assert asked.root_ids == (1, 7)


def test_where_those_who_owe_may_lie() -> None:
    asked = AskedUnits.of_campaign(GRASSROOTS_KINDS, "/1/2/", DUE)
    assert [asked.may_lie_in(path) for path in ("/1/", "/1/2/", "/1/2/3/", "/1/20/", "/4/")] == [True] * 3 + [False] * 2
    assert AskedUnits.of_period(FORM, OCTOBER).may_lie_in("/4/")


def test_the_day_of_its_end_is_the_first_without_the_unit() -> None:
    assert exists_on(DUE, None)
    assert exists_on(DUE, date(2026, 12, 16))
    assert not exists_on(DUE, DUE)
