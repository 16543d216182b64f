"""Sums over subtrees agree with an independent computation, whatever was sent, corrected, sent back and sent again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage import submissions
from storage import summaries as totals
from storage.engine import Database
from storage.summaries import Completeness, ReportsBelow
from storage.units import Unit
from tests.examples import examples
from tests.storage.places import Planned, build, planned_units, undone

FORM = get_form(MONTHLY_FORM)
MONTHS = [Period.month(2025, 11).shifted(step) for step in range(13)]
NOW = MONTHS[-1]


@dataclass(frozen=True)
class Event:
    """Something done to a report: sent with figures (a correction if it was before), or sent back."""

    unit: int
    month: int
    figures: tuple[int, int, int, int] | None
    states_net: int | None = None
    on_time: bool = True
    reason: str = ""


@dataclass
class Kept:
    """What the independent computation knows of one report."""

    figures: dict[str, Decimal]
    on_time: bool
    reasons: dict[str, str]
    returned: bool = False
    versions: list[str] = field(default_factory=list)


counts = st.integers(0, 3_000)
events = st.builds(
    Event,
    st.integers(0, 20),
    st.sampled_from([0, 11, 12, 12, 12]) | st.integers(0, 12),
    st.none() | st.tuples(counts, counts, counts, counts),
    st.none() | st.integers(-500, 500),
    st.booleans(),
    st.sampled_from(["", "", "vì đầu năm đếm sót"]),
)


async def play(db: AsyncConnection, made: list[Unit], happened: list[Event]) -> dict[tuple[int, Period], Kept]:
    """Do it, and keep books beside it in the simplest way."""
    books: dict[tuple[int, Period], Kept] = {}
    at = datetime(2026, 11, 1, tzinfo=UTC)
    for event in happened:
        at += timedelta(minutes=1)
        unit, period = made[event.unit % len(made)], MONTHS[event.month]
        known = books.get((unit.id, period))
        if event.figures is None:
            current = await submissions.find_current(db, unit.id, FORM.id, period)
            if current is not None:
                await submissions.send_back(db, current.id, remark="xem lại", returned_by=None, now=at)
                assert known is not None
                known.returned = True
            continue
        sent = dict(zip(("workers", "members", "admitted", "lost"), map(Decimal, event.figures), strict=True))
        if event.states_net is not None:
            sent["net"] = Decimal(event.states_net)
        reasons = {"net-change": event.reason} if event.reason else {}
        await submissions.record(
            db,
            unit_id=unit.id,
            form=FORM.id,
            period=period,
            figures=sent,
            sent_at=at,
            sent_by=None,
            on_time=event.on_time,
            reasons=reasons,
        )
        books[unit.id, period] = Kept(FORM.completed(sent), known.on_time if known else event.on_time, reasons)
    return books


def inside(unit: Unit, above: Unit) -> bool:
    return above.id in unit.ancestor_ids


def added(reports: list[Kept]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for report in reports:
        for key, value in report.figures.items():
            sums[key] = sums.get(key, Decimal(0)) + value
    return sums


def scope_of(unit: Unit, period: Period = NOW) -> ReportsBelow:
    return ReportsBelow(unit, FORM, period, AskedUnits.of_period(FORM, period))


def expected_of(
    unit: Unit, made: list[Unit], books: dict[tuple[int, Period], Kept], period: Period = NOW
) -> Completeness:
    own = [
        each
        for each in made
        if inside(each, unit) and (AskedUnits.of_period(FORM, period).includes(each) or (each.id, period) in books)
    ]
    kept = [books[each.id, period] for each in own if (each.id, period) in books]
    there = [report for report in kept if not report.returned]
    return Completeness(len(own), len(there), sum(r.on_time for r in there), sum(report.returned for report in kept))


async def compare_alike(
    db: AsyncConnection, unit: Unit, made: list[Unit], standing: dict[tuple[int, Period], Kept], earlier: Period
) -> None:
    own = [each.id for each in made if inside(each, unit)]
    both = [each for each in own if (each, NOW) in standing and (each, earlier) in standing]
    alike = await totals.sum_alike(db, scope_of(unit), earlier)
    if not both:
        assert alike is None
        return
    now, before = (added([standing[each, period] for each in both]) for period in (NOW, earlier))
    assert alike is not None
    assert (alike.units, alike.now.figures, alike.before.figures) == (len(both), now, before)
    for key in ("workers", "members", "net"):
        assert alike.find_change(key) == now[key] - before[key]


@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(tree=st.lists(planned_units, min_size=1, max_size=9), happened=st.lists(events, max_size=25))
async def test_every_sum_agrees_with_books_kept_beside(
    database: Database, tree: list[Planned], happened: list[Event]
) -> None:
    async with undone(database) as db:
        made = await build(db, tree)
        books = await play(db, made, happened)
        standing = {key: report for key, report in books.items() if not report.returned}
        by_id = {unit.id: unit for unit in made}
        for unit in made[:4]:
            scope = scope_of(unit)
            assert await totals.count_received(db, scope) == expected_of(unit, made, books)
            now = [report for (uid, period), report in standing.items() if period == NOW and inside(by_id[uid], unit)]
            assert (await totals.sum_figures(db, scope)).figures == added(now)
            missing = await totals.list_missing(db, scope, most=99)
            assert len(missing) == expected_of(unit, made, books).missing
            assert not any(each.is_in for each in missing)
            explained = [report for report in now if report.reasons]
            assert await totals.count_explained(db, scope) == len(explained)
            assert len(await totals.list_explained(db, scope, most=99)) == len(explained)

            children = [each for each in made if each.parent_id == unit.id]
            by_child = await totals.count_received_by_child(db, scope, children)
            sums = await totals.sum_figures_by_child(db, scope, children)
            for child in children:
                assert by_child.get(child.id, Completeness()) == expected_of(child, made, books)
                own = [r for (uid, period), r in standing.items() if period == NOW and inside(by_id[uid], child)]
                assert (sums[child.id].figures if child.id in sums else {}) == added(own)

            for earlier in (MONTHS[-2], MONTHS[0]):
                await compare_alike(db, unit, made, standing, earlier)
            series = await totals.sum_by_period(db, unit, FORM, MONTHS)
            for period in MONTHS:
                own = [r for (uid, at), r in standing.items() if at == period and inside(by_id[uid], unit)]
                assert (series[period].figures if period in series else {}) == added(own)

            level = await totals.sum_latest(db, unit, FORM, MONTHS, alive_on=NOW.end)
            alive = {each.id for each in made if inside(each, unit) and each.is_active(NOW.end)}
            in_time = sorted((key for key in standing if key[0] in alive), key=lambda key: key[1].code)
            latest = dict(in_time)
            assert level.figures == added([standing[key] for key in latest.items()])
            assert (level.units, level.older) == (len(latest), sum(period != NOW for period in latest.values()))


async def test_a_report_sent_back_counts_again_once_it_is_corrected(database: Database) -> None:
    async with undone(database) as db:
        [upper, unit] = await build(
            db,
            [
                Planned(0, UnitKind.UPPER, date(2020, 1, 1), None),
                Planned(1, UnitKind.PRIVATE, date(2020, 1, 1), None),
            ],
        )
        books = await play(db, [upper, unit], [Event(1, 12, (10, 8, 1, 0)), Event(1, 12, None)])
        assert await totals.count_received(db, scope_of(upper)) == Completeness(1, 0, 0, 1)
        assert (await totals.sum_figures(db, scope_of(upper))).figures == {}
        assert books[unit.id, NOW].returned
        await play(db, [upper, unit], [Event(1, 12, (10, 9, 1, 0), on_time=False)])
        assert await totals.count_received(db, scope_of(upper)) == Completeness(1, 1, 1, 0)
        found = await totals.sum_figures(db, scope_of(upper))
        assert found.figures == {"workers": 10, "members": 9, "admitted": 1, "lost": 0, "net": 1}


async def test_a_campaign_is_owed_in_its_own_subtree_only(database: Database) -> None:
    async with undone(database) as db:
        made = await build(
            db,
            [
                Planned(0, UnitKind.PROVINCE, date(2020, 1, 1), None),
                Planned(1, UnitKind.UPPER, date(2020, 1, 1), None),
                Planned(1, UnitKind.PRIVATE, date(2020, 1, 1), None),
                Planned(1, UnitKind.PRIVATE, date(2020, 1, 1), None),
            ],
        )
        inner = next(unit for unit in made if unit.kind is UnitKind.UPPER)
        within = sum(unit.kind is UnitKind.PRIVATE and inside(unit, inner) for unit in made)
        scope = ReportsBelow(made[0], FORM, NOW, AskedUnits.of_campaign(FORM.owed_by, inner.path, NOW.end))
        assert (await totals.count_received(db, scope)).expected == within


async def test_sums_use_the_index_over_standing_reports(sqlite_database: Database) -> None:
    async with undone(sqlite_database) as db:
        [root] = await build(db, [Planned(0, UnitKind.PROVINCE, date(2020, 1, 1), None)])
        query = totals._reports(scope_of(root), everything=True)
        plan = query.compile(db.sync_connection, compile_kwargs={"literal_binds": True})
        steps = [str(row.detail) for row in await db.exec_driver_sql(f"EXPLAIN QUERY PLAN {plan}")]
        assert any("ix_submissions_current (form=? AND period=?)" in step for step in steps), steps
