"""Goals that units opened by themselves and that are handed down to them afterwards: one goal, not two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.shares import Goal
from storage.rows import chunks, columns_of
from storage.schema import goals, shares, units
from storage.shares import close_goal, is_same_goal, list_shares, lock_goal
from storage.submissions import from_stored
from storage.units import lies_below, path_ids

_GOAL: Final = columns_of(Goal, goals)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A goal of a unit below another's, with the unit's path."""

    goal: Goal
    path: str


async def join_goals(db: AsyncConnection, goal: Goal, now: datetime) -> list[Goal]:
    """Make the same goal of every unit to which this one was handed down part of it: those that were joined.

    What such a unit had set for itself gives way to what it was given; what it handed down counts as handed down of
    this goal, with its versions and what was said to them, unless whoever has it was given a share of this one, too.
    Only goals that are the same by their plan or by what measures them: names that units made up may mean two things.
    """
    joined: list[Goal] = []
    if goal.plan_id is None and goal.indicator is None:
        return joined
    while found := await _list_reached(db, goal):
        for each in found:
            await _join(db, each, goal, now)
        joined += found
    return joined


async def _list_reached(db: AsyncConnection, goal: Goal) -> list[Goal]:
    """The same goal where units own it for which something of this one holds."""
    owner = units.alias("owner")
    query = (
        select(*_GOAL, units.c.path)
        .select_from(goals.join(units, units.c.id == goals.c.unit_id).join(owner, lies_below(owner)))
        .where(
            owner.c.id == goal.unit_id,
            goals.c.id != goal.id,
            goals.c.unit_id != goal.unit_id,
            goals.c.year == goal.year,
            goals.c.measured_in == goal.measured_in,
            goals.c.closed_at.is_(None),
            goals.c.plan_id == goal.plan_id if goal.plan_id is not None else goals.c.plan_id.is_(None),
        )
        .order_by(goals.c.id)
    )
    every = [_Opened(Goal(*row[: len(_GOAL)]), row.path) for row in await db.execute(query)]
    same = [each for each in every if is_same_goal(each.goal, goal) and each.goal.indicator == goal.indicator]
    lines = {each.goal.id: path_ids(each.path) if goal.is_percent else (each.goal.unit_id,) for each in same}
    held = await list_shares(db, goal.id, {unit for line in lines.values() for unit in line})
    return [each.goal for each in same if not held.keys().isdisjoint(lines[each.goal.id])]


async def _join(db: AsyncConnection, lower: Goal, goal: Goal, now: datetime) -> None:
    await lock_goal(db, lower.id)
    await lock_goal(db, goal.id)
    there = shares.alias("there")
    known = select(there.c.unit_id).where(there.c.goal_id == goal.id)
    await db.execute(
        update(shares)
        .where(shares.c.goal_id == lower.id, shares.c.unit_id != lower.unit_id, shares.c.unit_id.not_in(known))
        .values(goal_id=goal.id)
    )
    await close_goal(db, lower.id, now)


async def list_replaced(
    db: AsyncConnection, goal: Goal, unit_ids: Sequence[int], at: datetime
) -> Mapping[int, Decimal]:
    """What these units had set for themselves of the same thing and what gave way at that moment, by unit."""
    found: dict[int, Decimal] = {}
    for some in chunks(sorted(set(unit_ids))):
        query = (
            select(*_GOAL, func.max(shares.c.value).label("value"))
            .join(shares, shares.c.goal_id == goals.c.id)
            .where(
                goals.c.unit_id.in_(some),
                goals.c.closed_at == at,
                goals.c.year == goal.year,
                goals.c.id != goal.id,
                shares.c.unit_id == goals.c.unit_id,
                shares.c.is_current,
                shares.c.value.is_not(None),
            )
            .group_by(goals.c.id)
        )
        for row in await db.execute(query):
            lower = Goal(*row[: len(_GOAL)])
            if is_same_goal(lower, goal):
                found[lower.unit_id] = from_stored(int(row.value))
    return found
