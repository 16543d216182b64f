"""Who owes what is the same in SQL as in Python, over any tree, on either engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.owing import AskedUnits, Audience, Branch
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import deadlines, owing, submissions, units
from storage.engine import Database
from storage.owing import DutyKey
from storage.schema import units as units_table
from storage.units import Unit
from tests.examples import examples
from tests.monthly import monthly_figures
from tests.storage.places import KINDS, Planned, build, undone

PLACES = 20


@dataclass(frozen=True)
class Wanted:
    """Who is asked, the units by their number (modulo): branches, each with what is excepted from it."""

    registered_by: date
    outlives: date
    kinds: frozenset[UnitKind] | None
    branches: tuple[tuple[int, tuple[int, ...]], ...]
    parent: int | None
    without: int | None

    def among(self, made: list[Unit]) -> AskedUnits:
        """The same of a tree that was built."""

        def unit(number: int) -> Unit:
            return made[number % len(made)]

        return AskedUnits(
            self.registered_by,
            self.outlives,
            self.kinds,
            tuple(Branch(unit(at).path, tuple(unit(each).path for each in excepted)) for at, excepted in self.branches),
            unit(self.parent).id if self.parent is not None else None,
            unit(self.without).id if self.without is not None else None,
        )


number = st.integers(0, PLACES)
days = st.sampled_from(
    [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 5), date(2026, 11, 6), date(2026, 12, 15)]
)
late, early = days | st.just(date(2027, 12, 31)), days | st.just(date(2020, 1, 1))
planned_units = st.builds(Planned, number, st.sampled_from(KINDS), early, st.none() | days)
wanted = st.builds(
    Wanted,
    late,
    early,
    st.none() | st.frozensets(st.sampled_from(KINDS)),
    st.lists(st.tuples(number, st.lists(number, max_size=2).map(tuple)), max_size=3).map(tuple),
    st.none() | number,
    st.none() | number,
)
lasting = settings(
    max_examples=examples(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def meeting(db: AsyncConnection, condition: ColumnElement[bool]) -> set[int]:
    return set(await db.scalars(select(units_table.c.id).where(condition)))


async def check(db: AsyncConnection, made: list[Unit], asked: AskedUnits, today: date) -> None:
    """Both say the same of who owes it and of who is still asked for it."""
    owed = {unit.id for unit in made if asked.includes(unit)}
    assert await meeting(db, owing.owes(asked)) == owed
    assert await owing.count_owing(db, asked) == len(owed)
    still = asked.still_asked(today)
    there = {unit.id for unit in made if unit.id in owed and unit.is_active(today)}
    assert {unit.id for unit in made if still.includes(unit)} == there
    assert await meeting(db, owing.owes(still)) == there
    for unit in made:
        if unit.id in owed:
            assert not asked.root_ids or not set(asked.root_ids).isdisjoint(unit.ancestor_ids)
            assert all(asked.may_lie_in(above.path) for above in made if unit.lies_in(above))


@lasting
@given(
    tree=st.lists(planned_units, min_size=1, max_size=12), asked=st.lists(wanted, min_size=1, max_size=4), today=days
)
async def test_sql_and_python_say_the_same_of_any_condition(
    database: Database, tree: list[Planned], asked: list[Wanted], today: date
) -> None:
    async with undone(database) as db:
        made = await build(db, tree)
        for each in asked:
            await check(db, made, each.among(made), today)


@lasting
@given(
    tree=st.lists(planned_units, min_size=1, max_size=12),
    at=number,
    audience=st.sampled_from(Audience),
    due=days,
    month=st.integers(9, 13),
    today=days,
)
async def test_sql_and_python_say_the_same_of_whatever_is_asked(
    database: Database, tree: list[Planned], at: int, audience: Audience, due: date, month: int, today: date
) -> None:
    async with undone(database) as db:
        made = await build(db, tree)
        unit, kinds = made[at % len(made)], frozenset(KINDS[1:])
        for asked in (
            AskedUnits.of_period(get_form(MONTHLY_FORM), Period.month(2025, 11).shifted(month)),
            AskedUnits.of_campaign(kinds, unit.path, due),
            AskedUnits.of_deadline(audience, unit.id, unit.path, due, is_grassroots=unit.kind.is_grassroots),
            AskedUnits.of_plan(
                kinds, (Branch(unit.path, tuple(each.path for each in made if each.parent_id == unit.id)[:1]),), due
            ),
        ):
            await check(db, made, asked, today)


@lasting
@given(tree=st.lists(planned_units, min_size=1, max_size=12), asked=wanted)
async def test_those_who_owe_are_listed_within_a_place_and_without_others(
    database: Database, tree: list[Planned], asked: Wanted
) -> None:
    async with undone(database) as db:
        made = await build(db, tree)
        units_asked, within, other = asked.among(made), made[0], made[-1]
        found = await owing.list_owing(db, DutyKey("x:1"), units_asked, within=within.path, without={other.path})
        assert sorted(each.unit.id for each in found) == [
            unit.id
            for unit in sorted(made, key=lambda unit: unit.id)
            if units_asked.includes(unit) and unit.lies_in(within) and not unit.lies_in(other)
        ]
        assert all(each.unit in made and each.done_at is None and each.extended_to is None for each in found)
        assert await owing.count_done(db, DutyKey("x:1"), units_asked) == 0
        await deadlines.mark_done(db, "x:1", within.id, datetime(2026, 11, 2, 3, tzinfo=UTC), by=None)
        assert await owing.count_done(db, DutyKey("x:1"), units_asked) == units_asked.includes(within)


async def test_newcomers_are_those_who_would_owe_it_and_sent_none(database: Database) -> None:
    form, october = get_form(MONTHLY_FORM), Period.month(2026, 10)
    asked, key = AskedUnits.of_period(form, october), DutyKey("x", form.id, october.code)
    early, late = date(2026, 10, 5), date(2026, 11, 2)

    async with undone(database) as db:
        top = await units.add(db, code="T", name="T", kind=UnitKind.PROVINCE, registered_on=late)
        made = [
            await units.add(db, code=f"C{n}", name="C", kind=UnitKind.PRIVATE, registered_on=on, parent_id=top.id)
            for n, on in enumerate((early, late, late, late))
        ]
        given = {"form": form.id, "period": october, "figures": monthly_figures(10, 9), "on_time": True}
        sent_at = datetime(2026, 11, 3, tzinfo=UTC)
        await submissions.record(db, unit_id=made[1].id, sent_at=sent_at, sent_by=None, **given)  # type: ignore[arg-type]
        await units.dissolve(db, made[2].id, date(2026, 11, 3))
        count = owing.count_newcomers
        assert await count(db, key, asked, within=top.path, today=date(2026, 11, 4)) == 1
        assert await count(db, key, asked, within=made[0].path, today=date(2026, 11, 4)) == 0


async def test_a_branch_is_found_by_its_range_of_the_index(sqlite_database: Database) -> None:
    async with undone(sqlite_database) as db:
        root = await units.add(db, code="R", name="R", kind=UnitKind.PROVINCE, registered_on=date(2020, 1, 1))
        asked = AskedUnits.of_campaign(frozenset(KINDS), root.path, date(2026, 12, 1))
        query = select(units_table.c.id).where(owing.owes(asked))
        plan = query.compile(db.sync_connection, compile_kwargs={"literal_binds": True})
        steps = [str(row.detail) for row in await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {plan}")]
        assert any("path>? AND path<?" in step for step in steps), steps
