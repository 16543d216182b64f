"""Sums over subtrees: who has reported, in time or not, and what the figures come to. Only reports that stand count.

A report stands in its latest version, unless that was sent back: then nothing of it counts until it comes again.
Figures are summed as whole thousandths, so that every sum is exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.forms import Form, Indicator, split_term
from knowledge.model.owing import AskedUnits, exists_on
from knowledge.model.periods import Period
from knowledge.model.units import UnitKind
from storage.owing import owes
from storage.rows import columns_of, find_all, find_one
from storage.schema import figures, submissions, units
from storage.submissions import State, Submission, from_stored, list_current
from storage.units import Unit, active_on, below, lies_below

_ROWS_AT_ONCE: Final = 400


@dataclass(frozen=True, slots=True)
class ReportsBelow:
    """The scope of a sum: the reports of one form and period from a unit and all below it.

    `asked` are the units that owe them, wherever in the tree.
    """

    unit: Unit
    form: Form
    period: Period
    asked: AskedUnits


@dataclass(frozen=True, slots=True)
class Completeness:
    """Counts of who has reported. A unit is expected if it owes the report or sent it all the same.

    `returned` ones are not in again yet, so among the missing; `brought_in`, figures nobody sent, among the received.
    """

    expected: int = 0
    received: int = 0
    on_time: int = 0
    returned: int = 0
    brought_in: int = 0

    @property
    def late(self) -> int:
        """Received, but after the due date."""
        return self.received - self.on_time - self.brought_in

    @property
    def missing(self) -> int:
        """Expected and not received."""
        return self.expected - self.received

    @property
    def completeness(self) -> Decimal:
        """Received out of expected, 0–1; 1 where nothing is expected."""
        return Decimal(self.received) / self.expected if self.expected else Decimal(1)

    @property
    def timeliness(self) -> Decimal:
        """Received on time out of expected, what was brought in aside, 0–1; 1 where nothing is expected."""
        expected = self.expected - self.brought_in
        return Decimal(self.on_time) / expected if expected else Decimal(1)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums by key of the indicator, and how many reports gave each figure.

    Percentages do not add up: there is one only where a single report gave it.
    """

    figures: dict[str, Decimal]
    given: dict[str, int]

    @property
    def reports(self) -> int:
        """How many reports are summed: as many as gave the figure that most reports gave."""
        return max(self.given.values(), default=0)


@dataclass(frozen=True, slots=True)
class Level:
    """The sums of every unit's latest reports, and how many of those are older than the period asked for."""

    figures: dict[str, Decimal]
    units: int
    older: int


@dataclass(frozen=True, slots=True)
class Reported:
    """A unit and the state of its report; without one, `state` and what follows from it are None.

    It `is_owed` where the unit came to owe it, whatever became of the unit since.
    """

    unit_id: int
    code: str
    name: str
    kind: UnitKind
    path: str
    is_owed: bool
    state: State | None = None
    on_time: bool | None = None
    sent_at: datetime | None = None
    submission_id: int | None = None
    dissolved_on: date | None = None
    brought_in: bool | None = None

    def is_asked(self, today: date) -> bool:
        """Whether the unit is still asked for it: it owes it, and exists today."""
        return self.is_owed and exists_on(today, self.dissolved_on)

    @property
    def is_in(self) -> bool:
        """Whether its report was received and stands."""
        return self.state is State.SENT


# Conditions ----------------------------------------------------------------------------------------------------------

# Written as in the index over standing reports: SQLite takes "is_current = 1" for another condition.
_is_current: Final = text("submissions.is_current")
_stands: Final = and_(_is_current, submissions.c.state == State.SENT.value)


def _about(scope: ReportsBelow) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = and_(
        submissions.c.form == scope.form.id, submissions.c.period == scope.period.code, _is_current
    )
    return condition


def _with_reports(scope: ReportsBelow) -> FromClause:
    return units.outerjoin(submissions, and_(submissions.c.unit_id == units.c.id, _about(scope)))


def _counts(scope: ReportsBelow) -> tuple[ColumnElement[Any], ...]:
    is_in = submissions.c.state == State.SENT.value
    return (
        func.count(),
        func.count(case((is_in, 1))),
        func.count(case((and_(is_in, submissions.c.on_time, not_(submissions.c.brought_in)), 1))),
        func.count(case((submissions.c.state == State.RETURNED.value, 1))),
        func.count(case((and_(is_in, submissions.c.brought_in), 1))),
    )


def _expected(scope: ReportsBelow) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = or_(owes(scope.asked), submissions.c.id.is_not(None))
    return condition


async def _is_everything(db: AsyncConnection, unit: Unit) -> bool:
    """Whether no unit lies outside: then reports need not be asked where they belong."""
    if unit.parent_id is not None:
        return False
    return (await db.scalar(select(func.count()).select_from(units).where(units.c.parent_id.is_(None)))) == 1


# Who has reported ----------------------------------------------------------------------------------------------------


async def count_received(db: AsyncConnection, scope: ReportsBelow) -> Completeness:
    """Completeness and timeliness of a unit and all below it."""
    query = select(*_counts(scope)).select_from(_with_reports(scope)).where(_expected(scope))
    if not await _is_everything(db, scope.unit):
        query = query.where(below(scope.unit.path))
    return Completeness(*(await db.execute(query)).one())


async def count_received_by_child(
    db: AsyncConnection, scope: ReportsBelow, children: Collection[Unit]
) -> dict[int, Completeness]:
    """The same for each of these units with all below it; those of whom nothing is expected are left out."""
    found: dict[int, Completeness] = {}
    above = units.alias("above")
    wanted = sorted(child.id for child in children)
    for start in range(0, len(wanted), _ROWS_AT_ONCE):
        source = above.join(units, lies_below(above)).outerjoin(
            submissions, and_(submissions.c.unit_id == units.c.id, _about(scope))
        )
        query = (
            select(above.c.id, *_counts(scope))
            .select_from(source)
            .where(above.c.id.in_(wanted[start : start + _ROWS_AT_ONCE]), _expected(scope))
            .group_by(above.c.id)
        )
        found |= {row[0]: Completeness(*row[1:]) for row in await db.execute(query)}
    return found


def _list(scope: ReportsBelow) -> Select[Any]:
    is_owed = case((owes(scope.asked), true()), else_=false())
    columns = columns_of(
        Reported,
        units,
        unit_id=units.c.id,
        is_owed=is_owed,
        state=submissions.c.state,
        on_time=submissions.c.on_time,
        sent_at=submissions.c.sent_at,
        submission_id=submissions.c.id,
        brought_in=submissions.c.brought_in,
    )
    query = select(*columns).select_from(_with_reports(scope))
    return query.where(_expected(scope), below(scope.unit.path))


async def list_missing(
    db: AsyncConnection, scope: ReportsBelow, *, most: int = 20, skip: int = 0, in_order: bool = True
) -> list[Reported]:
    """Expected units without a standing report, in the order of units; those sent back among them.

    Args:
        in_order: otherwise as the index over the tree gives them, for whoever goes through all of them: a page in order
            looks at every unit, which nobody notices who reads one page, but hundreds in a row would.
    """
    query = _list(scope).where(or_(submissions.c.id.is_(None), submissions.c.state != State.SENT.value))
    query = query.order_by(units.c.sort_key, units.c.id) if in_order else query.order_by(units.c.path)
    return await find_all(db, Reported, query.limit(most).offset(skip))


async def list_expected(db: AsyncConnection, scope: ReportsBelow, *, most: int | None = None) -> list[Reported]:
    """Every expected unit, in the order of units, with the state of its report."""
    query = _list(scope).order_by(units.c.sort_key, units.c.id)
    return await find_all(db, Reported, query if most is None else query.limit(most))


async def find_reported(db: AsyncConnection, scope: ReportsBelow) -> Reported | None:
    """The state of the report of the scope's own unit; None where none is expected of it."""
    return await find_one(db, Reported, _list(scope).where(units.c.id == scope.unit.id))


# What the figures come to --------------------------------------------------------------------------------------------


async def sum_figures(db: AsyncConnection, scope: ReportsBelow) -> Totals:
    """The totals of each indicator over a unit and all below it."""
    everything = await _is_everything(db, scope.unit)
    reports = _reports(scope, everything=everything)
    return (await _sum(db, scope.form, reports, None)).get(0, Totals({}, {}))


async def sum_figures_by_child(
    db: AsyncConnection, scope: ReportsBelow, children: Collection[Unit]
) -> dict[int, Totals]:
    """The same for each of these units with all below it; those without a report are left out."""
    found: dict[int, Totals] = {}
    above = units.alias("above")
    wanted = sorted(child.id for child in children)
    for start in range(0, len(wanted), _ROWS_AT_ONCE):
        reports = (
            select(submissions.c.id, above.c.id.label("part"))
            .select_from(above.join(units, lies_below(above)).join(submissions, submissions.c.unit_id == units.c.id))
            .where(above.c.id.in_(wanted[start : start + _ROWS_AT_ONCE]), _about(scope), _stands)
        )
        found |= await _sum(db, scope.form, reports, "part")
    return found


async def list_figures(db: AsyncConnection, scope: ReportsBelow, unit_ids: Collection[int]) -> dict[int, Submission]:
    """The standing reports of these very units, by unit; those sent back are left out."""
    found: dict[int, Submission] = {}
    wanted = sorted(set(unit_ids))
    for start in range(0, len(wanted), _ROWS_AT_ONCE):
        part = wanted[start : start + _ROWS_AT_ONCE]
        for each in await list_current(db, part, form=scope.form.id, period=scope.period, most=len(part)):
            if each.state is State.SENT:
                found[each.unit_id] = each
    return found


async def sum_by_period(
    db: AsyncConnection, unit: Unit, form: Form, periods: Collection[Period]
) -> dict[Period, Totals]:
    """The totals of each of these periods; those without a report are left out."""
    everything = await _is_everything(db, unit)
    source: FromClause = submissions
    if not everything:
        source = submissions.join(units, units.c.id == submissions.c.unit_id)
    reports = (
        select(submissions.c.id, submissions.c.period.label("part"))
        .select_from(source)
        .where(
            submissions.c.form == form.id,
            submissions.c.period.in_(sorted(period.code for period in periods)),
            _stands,
        )
    )
    if not everything:
        reports = reports.where(below(unit.path))
    return {Period.parse(code): totals for code, totals in (await _sum(db, form, reports, "part")).items()}


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """The totals of two periods over the same `units`, at least one: those whose reports of both stand."""

    units: int
    now: Totals
    before: Totals

    def find_change(self, key: str) -> Decimal | None:
        """How much a figure changed; None where some unit did not give it both times, so that a gap is no fall."""
        is_whole = self.now.given.get(key) == self.units == self.before.given.get(key)
        if not is_whole or key not in self.now.figures or key not in self.before.figures:
            return None
        return self.now.figures[key] - self.before.figures[key]


async def sum_alike(db: AsyncConnection, scope: ReportsBelow, earlier: Period) -> LikeForLike | None:
    """The scope's totals and those of an earlier period, over units that reported in both; None where no unit did."""
    either = submissions.c.period.in_([scope.period.code, earlier.code])
    about = (submissions.c.form == scope.form.id, either, _stands)
    pairs = select(submissions.c.unit_id).where(*about)
    if not await _is_everything(db, scope.unit):
        pairs = pairs.join(units, units.c.id == submissions.c.unit_id).where(below(scope.unit.path))
    both = pairs.group_by(submissions.c.unit_id).having(func.count() == 2).subquery("both")
    count = await db.scalar(select(func.count()).select_from(both)) or 0
    if not count:
        return None
    reports = (
        select(submissions.c.id, submissions.c.period.label("part"))
        .select_from(both.join(submissions, submissions.c.unit_id == both.c.unit_id))
        .where(*about)
    )
    found = await _sum(db, scope.form, reports, "part")
    empty = Totals({}, {})
    return LikeForLike(count, found.get(scope.period.code, empty), found.get(earlier.code, empty))


async def sum_latest(
    db: AsyncConnection, unit: Unit, form: Form, periods: Collection[Period], *, alive_on: date
) -> Level:
    """The sums of every unit's latest standing report among these periods, so that missing reports leave no hole.

    Args:
        periods: of one kind, no campaigns: their codes are in the order of time.
        alive_on: units dissolved by this day are left out; what they counted is counted elsewhere now.
    """
    codes = sorted(period.code for period in periods)
    if not codes:
        return Level({}, 0, 0)
    latest = (
        select(submissions.c.unit_id, func.max(submissions.c.period).label("period"))
        .join(units, units.c.id == submissions.c.unit_id)
        .where(
            submissions.c.form == form.id,
            submissions.c.period.in_(codes),
            _stands,
            below(unit.path),
            active_on(alive_on),
        )
        .group_by(submissions.c.unit_id)
        .subquery("latest")
    )
    older = func.count(case((latest.c.period < codes[-1], 1)))
    how_many, how_old = (await db.execute(select(func.count(), older).select_from(latest))).one()
    reports = select(submissions.c.id).select_from(
        latest.join(
            submissions,
            and_(
                submissions.c.form == form.id,
                submissions.c.period == latest.c.period,
                submissions.c.unit_id == latest.c.unit_id,
                _is_current,
            ),
        )
    )
    totals = (await _sum(db, form, reports, None)).get(0, Totals({}, {}))
    return Level(totals.figures, how_many, how_old)


def _reports(scope: ReportsBelow, *, everything: bool) -> Select[Any]:
    """The ids of the reports that stand."""
    query = select(submissions.c.id).where(_about(scope), _stands)
    if everything:
        return query
    return query.join(units, units.c.id == submissions.c.unit_id).where(below(scope.unit.path))


async def _sum(db: AsyncConnection, form: Form, reports: Select[Any], part: str | None) -> dict[Any, Totals]:
    """The sums over these reports, by their column `part` (by 0 where there is none).

    A figure that follows from others and was not stored is worked out report by report, as the form says.
    """
    wanted = reports.subquery("wanted")
    by: ColumnElement[Any] = wanted.c[part] if part else literal(0)
    groups = (by,) if part else ()
    query = (
        select(by.label("part"), figures.c.indicator, func.sum(figures.c.value), func.count())
        .select_from(wanted.join(figures, figures.c.submission_id == wanted.c.id))
        .group_by(*groups, figures.c.indicator)
    )
    sums: dict[Any, dict[str, int]] = {}
    given: dict[Any, dict[str, int]] = {}
    for row in await db.execute(query):
        sums.setdefault(row[0], {})[row[1]] = int(row[2])
        given.setdefault(row[0], {})[row[1]] = int(row[3])
    if sums and any(row.derived for row in form.indicators):
        counted = select(by, func.count()).select_from(wanted).group_by(*groups)
        reports_of = {row[0]: int(row[1]) for row in await db.execute(counted)}
        for derived in form.indicators:
            if not derived.derived or not _follows_somewhere(derived, given, reports_of):
                continue
            for key, value, count in await db.execute(_worked_out(wanted, by, groups, derived.key, derived.derived)):
                if count:
                    sums[key][derived.key] = sums[key].get(derived.key, 0) + int(value)
                    given[key][derived.key] = given[key].get(derived.key, 0) + int(count)
    for key, counts in given.items():
        for each in (row for row in form.indicators if not row.adds_up and counts.get(row.key, 0) > 1):
            del sums[key][each.key]
    return {
        key: Totals({name: from_stored(value) for name, value in values.items()}, given[key])
        for key, values in sums.items()
    }


def _follows_somewhere(derived: Indicator, given: Mapping[Any, Mapping[str, int]], reports: Mapping[Any, int]) -> bool:
    """Whether some report may give every term of a derived figure, but not the figure."""
    keys = [split_term(term)[0] for term in derived.derived]
    return any(
        counts.get(derived.key, 0) < reports[part] and all(counts.get(key) for key in keys)
        for part, counts in given.items()
    )


def _worked_out(
    wanted: Any, by: ColumnElement[Any], groups: tuple[ColumnElement[Any], ...], key: str, terms: Iterable[str]
) -> Select[Any]:
    """The sums of a derived figure over the reports that do not state it."""
    source: Any = wanted
    total: Any = literal(0)
    for number, (term, sign) in enumerate(map(split_term, terms)):
        own = figures.alias(f"term{number}")
        source = source.join(own, and_(own.c.submission_id == wanted.c.id, own.c.indicator == term))
        total = total + own.c.value * sign
    stated = figures.alias("stated")
    is_stated = exists().where(stated.c.submission_id == wanted.c.id, stated.c.indicator == key).correlate(wanted)
    summed = func.coalesce(func.sum(total), 0)
    return select(by, summed, func.count()).select_from(source).where(not_(is_stated)).group_by(*groups)


# What was explained --------------------------------------------------------------------------------------------------


async def list_explained(db: AsyncConnection, scope: ReportsBelow, *, most: int = 10, skip: int = 0) -> list[Reported]:
    """Standing reports in which a broken rule was confirmed with a reason, in the order of units."""
    query = _list(scope).where(submissions.c.state == State.SENT.value, submissions.c.reasons != "{}")
    return await find_all(db, Reported, query.order_by(units.c.sort_key, units.c.id).limit(most).offset(skip))


async def count_explained(db: AsyncConnection, scope: ReportsBelow) -> int:
    """How many `list_explained` would give."""
    query = select(func.count()).select_from(submissions.join(units, units.c.id == submissions.c.unit_id))
    query = query.where(_about(scope), _stands, submissions.c.reasons != "{}", below(scope.unit.path))
    return await db.scalar(query) or 0


async def find_latest_period(
    db: AsyncConnection, unit: Unit, form: Form, *, up_to: Period | None = None
) -> Period | None:
    """The latest period for which anything stands in a subtree; campaigns by the time of sending."""
    latest = submissions.c.sent_at if form.calendar is None else submissions.c.period
    query = select(submissions.c.period).join(units, units.c.id == submissions.c.unit_id)
    query = query.where(submissions.c.form == form.id, _stands, below(unit.path)).order_by(latest.desc()).limit(1)
    if form.calendar is not None and up_to is not None:
        query = query.where(submissions.c.period <= up_to.code)
    code = await db.scalar(query)
    return Period.parse(code) if code else None
