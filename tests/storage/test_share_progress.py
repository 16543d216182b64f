"""What units have reached agrees with an independent computation: any tree, corrections, returned reports, mergers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Form, Measure, MeasureKind
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.reached import Followed, Reached
from storage import submissions, units
from storage.engine import Database
from storage.share_progress import read_below, read_each
from storage.units import Unit
from tests.examples import examples
from tests.storage.places import Planned, build, planned_units, undone

MONTHLY = get_form(MONTHLY_FORM)
QUARTERLY = replace(MONTHLY, id="theo-quy", period=PeriodKind.QUARTER)
TODAY = date(2026, 12, 3)
MONTHS = tuple(Period.month(2026, number) for number in range(1, 12))
QUARTERS = tuple(Period(PeriodKind.QUARTER, 2026, number) for number in range(1, 5))

MEASURES = {
    MeasureKind.FLOW: Measure(
        indicator="new_members", kind=MeasureKind.FLOW, name="", units=("đoàn viên",), keys=("admitted",)
    ),
    MeasureKind.LEVEL: Measure(
        indicator="members_total",
        kind=MeasureKind.LEVEL,
        name="",
        units=("đoàn viên",),
        keys=("members",),
        moves="net",
    ),
    MeasureKind.SHARE: Measure(
        indicator="members_of_workers",
        kind=MeasureKind.SHARE,
        name="",
        units=("%",),
        keys=("members",),
        whole="workers",
    ),
}


def followed(form: Form, kind: MeasureKind) -> Followed:
    every = MONTHS if form is MONTHLY else QUARTERS
    due = every[:10] if form is MONTHLY else every[:3]
    return Followed(form, MEASURES[kind], every, due if kind is MeasureKind.FLOW else due[-1:])


WAYS = [followed(form, kind) for form in (MONTHLY, QUARTERLY) for kind in MeasureKind]


@dataclass(frozen=True)
class Event:
    """A report sent (again), or sent back where there are no figures."""

    unit: int
    period: int
    figures: tuple[int, int, int, int] | None
    states_net: int | None


@dataclass(frozen=True)
class Merger:
    """One unit that goes into another, on a day."""

    gone: int
    into: int
    on: date


counts = st.integers(0, 900)
events = st.builds(
    Event,
    st.integers(0, 6),
    st.integers(0, 10),
    st.none() | st.tuples(counts, counts, counts, counts) | st.tuples(counts, counts, counts, counts),
    st.none() | st.integers(-90, 90),
)
mergers = st.builds(Merger, st.integers(0, 6), st.integers(0, 6), st.dates(date(2026, 1, 1), date(2027, 1, 15)))

Books = dict[tuple[int, str, Period], dict[str, Decimal]]


async def play(db: AsyncConnection, made: list[Unit], happened: list[Event], form: Form = MONTHLY) -> Books:
    """Do it, and keep the reports that stand in the simplest way."""
    books: Books = {}
    at = datetime(2026, 11, 1, tzinfo=UTC)
    for event in happened:
        at += timedelta(minutes=1)
        unit, every = made[event.unit % len(made)], MONTHS if form is MONTHLY else QUARTERS
        period = every[event.period % len(every)]
        if event.figures is None:
            sent = await submissions.find_current(db, unit.id, form.id, period)
            if sent is not None:
                await submissions.send_back(db, sent.id, remark="xem lại", returned_by=None, now=at)
                books.pop((unit.id, form.id, period), None)
            continue
        given_figures = dict(zip(("workers", "members", "admitted", "lost"), map(Decimal, event.figures), strict=True))
        if event.states_net is not None:
            given_figures["net"] = Decimal(event.states_net)
        await submissions.record(
            db,
            unit_id=unit.id,
            form=form.id,
            period=period,
            figures=given_figures,
            sent_at=at,
            sent_by=None,
            on_time=True,
            reasons={},
        )
        books[unit.id, form.id, period] = MONTHLY.completed(given_figures)
    return books


async def merge(db: AsyncConnection, made: list[Unit], wanted: list[Merger]) -> list[Unit]:
    """Merge units with none below them into others that are still there."""
    for each in wanted:
        there = [unit for one in made if (unit := await units.get_unit(db, one.id)).dissolved_on is None]
        childless = [unit for unit in there if not any(other.parent_id == unit.id for other in there)]
        gone = childless[each.gone % len(childless)] if childless else None
        others = [unit for unit in there if unit != gone]
        if gone is not None and others:
            await units.dissolve(db, gone.id, each.on, merged_into=others[each.into % len(others)].id)
    return [await units.get_unit(db, unit.id) for unit in made]


def place_of(unit: Unit, by_id: dict[int, Unit]) -> Unit:
    """Where a unit counts: itself, or where it went."""
    while unit.merged_into is not None and unit.dissolved_on is not None and unit.dissolved_on <= TODAY:
        unit = by_id[unit.merged_into]
    return unit


def reckon(above: Unit, made: list[Unit], books: Books, how: Followed) -> Reached | None:
    """The same by hand, unit by unit."""
    by_id = {unit.id: unit for unit in made}
    own = [unit for unit in made if above.id in place_of(unit, by_id).ancestor_ids]
    asked = {period: AskedUnits.of_period(how.form, period) for period in how.due}
    counted: list[dict[str, Decimal]] = []
    moved: list[dict[str, Decimal]] = []
    periods: set[Period] = set()
    due = sum(each.includes(unit) for each in asked.values() for unit in own)
    missing = due
    for unit in own:
        sent = {period: books[key] for period in how.counted if (key := (unit.id, how.form.id, period)) in books}
        if how.is_flow:
            counted += sent.values()
            periods |= set(sent)
            missing -= sum(each.includes(unit) for period, each in asked.items() if period in sent)
            continue
        if how.measure.moves is not None:
            moved += sent.values()
            periods |= set(sent)
        if sent and unit.is_active(how.counted[-1].end):
            last = max(sent)
            counted.append(sent[last])
            periods.add(last)
            missing -= sum(each.includes(unit) for period, each in asked.items() if period <= last)
    if not due and not counted and not moved:
        return None
    sums: dict[str, Decimal] = {}
    for row in (*how.measure.keys, *filter(None, [how.measure.whole])):
        sums |= {row: sum((each[row] for each in counted), Decimal(0))} if counted else {}
    for row in filter(None, [how.measure.moves]):
        sums |= {row: sum((each[row] for each in moved), Decimal(0))} if moved else {}
    return Reached(sums, frozenset(periods), len(counted), due, missing)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(planned_units, min_size=3, max_size=7),
    st.lists(events, min_size=10, max_size=40),
    st.lists(mergers, min_size=1, max_size=4),
    st.sampled_from(WAYS),
)
async def test_it_agrees_with_a_reckoning_unit_by_unit(
    database: Database, tree: list[Planned], happened: list[Event], wanted: list[Merger], how: Followed
) -> None:
    async with undone(database) as db:
        made = await build(db, tree)
        books = await play(db, made, happened, how.form)
        made = await merge(db, made, wanted)
        by_id = {unit.id: unit for unit in made}
        each = await read_each(db, by_id, how, TODAY)
        for unit in made:
            if place_of(unit, by_id) is not unit:
                continue
            expected = reckon(unit, made, books, how)
            assert each.get(unit.id) == expected, (unit, how.measure.kind)
            whole, children = await read_below(db, unit, how, TODAY)
            assert whole == (expected or Reached())
            below = {child.id: reckon(child, made, books, how) for child in made if child.parent_id == unit.id}
            assert children == {child: found for child, found in below.items() if found is not None}


async def test_what_a_merged_unit_reported_counts_where_it_went(database: Database) -> None:
    how = followed(MONTHLY, MeasureKind.FLOW)
    async with undone(database) as db:
        tree = [Planned(7, kind, date(2020, 1, 1), None) for kind in list(MONTHLY.owed_by)[:3]]
        one, two, three = await build(db, tree)
        for unit, count in ((one, 5), (two, 7), (three, 11)):
            await play(db, [unit], [Event(0, 0, (100, 90, count, 0), None)])
        await units.dissolve(db, one.id, date(2026, 6, 1), merged_into=two.id)
        await units.dissolve(db, two.id, date(2026, 7, 1), merged_into=three.id)
        found = await read_each(db, [one.id, two.id, three.id], how, TODAY)
    assert set(found) == {three.id}
    assert found[three.id].sums == {"admitted": Decimal(23)}
    assert (found[three.id].reports, found[three.id].due) == (3, 4 + 5 + 10)


@pytest.mark.parametrize("how", WAYS, ids=lambda how: f"{how.form.id}-{how.measure.kind}")
async def test_without_any_period_nothing_is_due_and_nothing_counts(database: Database, how: Followed) -> None:
    async with undone(database) as db:
        [unit] = await build(db, [Planned(7, next(iter(MONTHLY.owed_by)), date(2020, 1, 1), None)])
        none = Followed(how.form, how.measure, (), ())
        assert await read_below(db, unit, none, TODAY) == (Reached(), {})
