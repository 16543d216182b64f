"""What the reports of units come to for a goal: each figure once, at the place where its unit counts today.

What a unit reported counts for it and all units above it, as the tree stands; what was reported by one that was merged
counts for the unit it went into (through as many mergers as there were), not at its old place. Figures that stand (a
total, a percentage) are each unit's latest, of units that still existed when the latest period ended.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, not_, or_, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.forms import Form, split_term
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from knowledge.model.plans import PERCENT
from knowledge.model.reached import Followed, Reached
from knowledge.model.shares import Goal, HeldShare, Share
from storage.owing import owes
from storage.rows import chunks, columns_of, to_record
from storage.schema import figures, goals, shares, submissions, units
from storage.submissions import State, from_stored
from storage.units import Unit, active_on, lies_below

# Written as in the index over standing reports: SQLite takes "is_current = 1" for another condition.
_stands: Final = and_(text("submissions.is_current"), submissions.c.state == State.SENT.value)


async def read_below(db: AsyncConnection, unit: Unit, how: Followed, today: date) -> tuple[Reached, dict[int, Reached]]:
    """What a unit with all below it has reached, and each of the units right below, those that are no more among them.

    Units of which nothing is due and nothing came are left out.
    """
    found = await _read(db, _placed_below(unit, today), how)
    whole = Reached()
    for each in found.values():
        whole += each
    return whole, {unit_id: each for unit_id, each in found.items() if unit_id != unit.id}


async def read_each(db: AsyncConnection, unit_ids: Collection[int], how: Followed, today: date) -> dict[int, Reached]:
    """What each of these units has reached with all below it; those without a report due or sent are left out."""
    found: dict[int, Reached] = {}
    for some in chunks(sorted(set(unit_ids))):
        found |= await _read(db, _placed_in(some, today), how)
    return found


# Where units count ---------------------------------------------------------------------------------------------------


def _is_merged(table: Any, today: date) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = and_(table.c.merged_into.is_not(None), table.c.dissolved_on <= today)
    return condition


def _list_merged(today: date) -> Any:
    """Every unit that was merged, with the unit where it counts now."""
    gone, between, last = units.alias("gone"), units.alias("between"), units.alias("last")
    first = select(gone.c.id.label("unit_id"), gone.c.merged_into.label("at_id")).where(_is_merged(gone, today))
    steps = first.cte("steps", recursive=True)
    steps = steps.union(
        select(steps.c.unit_id, between.c.merged_into)
        .join(between, between.c.id == steps.c.at_id)
        .where(_is_merged(between, today))
    )
    return (
        select(steps.c.unit_id, last.c.id.label("at_id"), last.c.path.label("path"))
        .join(last, last.c.id == steps.c.at_id)
        .where(not_(_is_merged(last, today)))
        .cte("merged")
    )


def _placed_in(unit_ids: Sequence[int], today: date) -> list[Select[Any]]:
    above = units.alias("above")
    return _placed(above, above.c.id.in_(unit_ids), _list_merged(today), today)


def _placed_below(unit: Unit, today: date) -> list[Select[Any]]:
    """The parts of a unit: what lies in each of the units right below, and the unit itself."""
    above, own, merged = units.alias("above"), units.alias("own"), _list_merged(today)
    part = literal(unit.id).label("part")
    return [
        *_placed(above, above.c.parent_id == unit.id, merged, today),
        select(part, own.c.id.label("unit_id")).where(own.c.id == unit.id, not_(_is_merged(own, today))),
        select(part, merged.c.unit_id).where(merged.c.at_id == unit.id),
    ]


def _placed(above: Any, wanted: ColumnElement[bool], merged: Any, today: date) -> list[Select[Any]]:
    lying = units.alias("lying")
    return [
        select(above.c.id.label("part"), lying.c.id.label("unit_id"))
        .select_from(above.join(lying, lies_below(above, column=lying.c.path)))
        .where(wanted, not_(_is_merged(lying, today))),
        select(above.c.id.label("part"), merged.c.unit_id)
        .select_from(merged.join(above, lies_below(above, column=merged.c.path)))
        .where(wanted),
    ]


# What they reported --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Counted:
    """What reports come to: sums by row, the periods they are of, how many there are and how many of them were due."""

    sums: dict[str, Decimal] = field(default_factory=dict)
    periods: set[Period] = field(default_factory=set)
    reports: int = 0
    due_in: int = 0


async def _read(db: AsyncConnection, places: Sequence[Select[Any]], how: Followed) -> dict[int, Reached]:
    placed = union_all(*places).cte("placed")
    measure = how.measure
    if how.is_flow:
        found = await _sum(db, _reports(placed, how), how, measure.keys)
    else:
        found = await _sum(db, _latest(placed, how), how, (*measure.keys, *filter(None, [measure.whole])))
        if measure.moves is not None:
            for part, moved in (await _sum(db, _reports(placed, how), how, [measure.moves])).items():
                known = found.setdefault(part, _Counted())
                known.sums |= moved.sums
                known.periods |= moved.periods
    due = await _count_due(db, placed, how)
    return {
        part: Reached(
            each.sums, frozenset(each.periods), each.reports, due.get(part, 0), due.get(part, 0) - each.due_in
        )
        for part, each in (found | {part: _Counted() for part in due if part not in found}).items()
    }


def _asked(how: Followed) -> list[tuple[Period, AskedUnits]]:
    return [(period, AskedUnits.of_period(how.form_of(period), period)) for period in how.due]


async def _count_due(db: AsyncConnection, placed: Any, how: Followed) -> dict[int, int]:
    """How many reports should be in, by part: for each unit one a period that it owes; parts that owe none left out."""
    owed = [case((owes(asked), 1), else_=0) for _, asked in _asked(how)]
    if not owed:
        return {}
    query = (
        select(placed.c.part, func.sum(sum(owed[1:], owed[0])))
        .select_from(placed.join(units, units.c.id == placed.c.unit_id))
        .group_by(placed.c.part)
    )
    return {part: int(due) for part, due in await db.execute(query) if due}


def _reports(placed: Any, how: Followed) -> Any:
    """Every standing report of the periods that count."""
    is_due = or_(false(), *(and_(submissions.c.period == period.code, owes(asked)) for period, asked in _asked(how)))
    return (
        select(placed.c.part, submissions.c.id, submissions.c.period, case((is_due, 1), else_=0).label("is_due"))
        .select_from(
            placed.join(units, units.c.id == placed.c.unit_id).join(
                submissions, submissions.c.unit_id == placed.c.unit_id
            )
        )
        .where(
            submissions.c.form == how.form.id,
            submissions.c.period.in_([period.code for period in how.counted]),
            _stands,
        )
    )


def _latest(placed: Any, how: Followed) -> Any:
    """Each unit's latest standing report, of units that existed when the last period ended."""
    codes = [period.code for period in how.counted]
    is_due = or_(false(), *(and_(submissions.c.period >= period.code, owes(asked)) for period, asked in _asked(how)))
    newest = (
        select(placed.c.part, submissions.c.unit_id, func.max(submissions.c.period).label("period"))
        .select_from(placed.join(submissions, submissions.c.unit_id == placed.c.unit_id))
        .where(submissions.c.form == how.form.id, submissions.c.period.in_(codes), _stands)
        .group_by(placed.c.part, submissions.c.unit_id)
        .subquery("newest")
    )
    query = (
        select(newest.c.part, submissions.c.id, submissions.c.period, case((is_due, 1), else_=0).label("is_due"))
        .select_from(
            newest.join(units, units.c.id == newest.c.unit_id).join(
                submissions,
                and_(
                    submissions.c.form == how.form.id,
                    submissions.c.period == newest.c.period,
                    submissions.c.unit_id == newest.c.unit_id,
                ),
            )
        )
        .where(_stands)
    )
    return query.where(active_on(how.counted[-1].end)) if how.counted else query.where(false())


async def _sum(db: AsyncConnection, reports: Any, how: Followed, keys: Sequence[str]) -> dict[int, _Counted]:
    """The sums of these rows over reports, by part."""
    wanted = reports.subquery("wanted")
    source: Any = wanted
    sums: list[ColumnElement[Any]] = []
    for number, key in enumerate(keys):
        value, source = _value(how.form, key, wanted, source, f"row{number}")
        sums += [func.sum(value), func.count(value)]
    query = (
        select(wanted.c.part, wanted.c.period, func.count(), func.sum(wanted.c.is_due), *sums)
        .select_from(source)
        .group_by(wanted.c.part, wanted.c.period)
    )
    found: dict[int, _Counted] = {}
    for part, code, reports_in, due_in, *row in await db.execute(query):
        known = found.setdefault(part, _Counted())
        known.periods.add(Period.parse(code))
        known.reports += reports_in
        known.due_in += int(due_in)
        for key, total, given in zip(keys, row[::2], row[1::2], strict=True):
            if given:
                known.sums[key] = known.sums.get(key, Decimal(0)) + from_stored(int(total))
    return found


def _value(form: Form, key: str, wanted: Any, source: Any, name: str) -> tuple[ColumnElement[Any], Any]:
    """A row's figure in a report, as it was given or else as it follows from others, and where it is read from."""
    stated = figures.alias(name)
    source = source.outerjoin(stated, and_(stated.c.submission_id == wanted.c.id, stated.c.indicator == key))
    row = form.find_indicator(key)
    if row is None or not row.derived:
        return stated.c.value, source
    terms: list[ColumnElement[Any]] = []
    for number, (term, sign) in enumerate(map(split_term, row.derived)):
        own = figures.alias(f"{name}_{number}")
        source = source.outerjoin(own, and_(own.c.submission_id == wanted.c.id, own.c.indicator == term))
        terms.append(own.c.value * sign)
    return func.coalesce(stated.c.value, sum(terms[1:], terms[0])), source


# What units hold -----------------------------------------------------------------------------------------------------


async def list_held(db: AsyncConnection, unit_ids: Collection[int], year: int) -> dict[int, list[HeldShare]]:
    """The shares of a year that these very units hold, by unit, the oldest goal first; of closed goals nothing.

    Behind them what a unit handed down of a goal of its own without naming an amount for itself: all of it together.
    What holds for a unit because one above has it is not among them.
    """
    found: dict[int, list[HeldShare]] = {}
    goal, share = columns_of(Goal, goals), columns_of(Share, shares)
    for some in chunks(sorted(set(unit_ids))):
        query = (
            select(*(column.label(f"goal_{column.name}") for column in goal), *share)
            .join(goals, goals.c.id == shares.c.goal_id)
            .where(
                shares.c.unit_id.in_(some),
                text("shares.is_current"),
                shares.c.value.is_not(None),
                goals.c.year == year,
                goals.c.closed_at.is_(None),
            )
            .order_by(goals.c.id)
        )
        for row in await db.execute(query):
            held = HeldShare(Goal(*row[: len(goal)]), to_record(Share, row, value=from_stored(row.value)))
            found.setdefault(held.share.unit_id, []).append(held)
        for held in await _list_sums(db, some, year):
            found.setdefault(held.share.unit_id, []).append(held)
    return found


async def _list_sums(db: AsyncConnection, unit_ids: Sequence[int], year: int) -> list[HeldShare]:
    """What these units handed down of counted goals that they own and have no amount in."""
    own = shares.alias("own")
    named = select(own.c.id).where(
        own.c.goal_id == goals.c.id, own.c.unit_id == goals.c.unit_id, own.c.is_current, own.c.value.is_not(None)
    )
    query = (
        select(*columns_of(Goal, goals), func.max(shares.c.id), func.sum(shares.c.value), func.max(shares.c.set_at))
        .join(shares, and_(shares.c.goal_id == goals.c.id, shares.c.given_by == goals.c.unit_id))
        .where(
            goals.c.unit_id.in_(unit_ids),
            goals.c.year == year,
            goals.c.closed_at.is_(None),
            goals.c.measured_in != PERCENT,
            text("shares.is_current"),
            shares.c.value.is_not(None),
            ~named.exists(),
        )
        .group_by(goals.c.id)
        .order_by(goals.c.id)
    )
    found = []
    for *row, share_id, total, set_at in await db.execute(query):
        goal = Goal(*row)
        value = from_stored(int(total))
        found.append(HeldShare(goal, Share(share_id, goal.id, goal.unit_id, None, 1, value, True, None, None, set_at)))
    return found
