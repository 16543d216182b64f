"""Shares of units that merge: they come together where the figures of both count from then on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.shares import Changed, Goal, merger_reason
from storage.rows import columns_of, find_all
from storage.schema import goals, shares
from storage.shares import (
    ShareVersion,
    close_goal,
    find_shares,
    is_same_goal,
    list_goals,
    list_latest,
    list_shares,
    lock_goal,
    write_versions,
)
from storage.units import Unit

_GOAL: Final = columns_of(Goal, goals)
_NONE: Final = Decimal(0)


async def merge_shares(
    db: AsyncConnection, unit_from: Unit, into: Unit, *, by: int | None, now: datetime
) -> list[tuple[Goal, Changed]]:
    """Bring the shares of a unit that ends to the one that takes its place: what changed, by goal, the latter first.

    Counts are added up, unless one was part of the other; of percentages the latter keeps its own. What the unit that
    ends had handed down counts as handed down by the other, as do the goals it owned. Closed goals stay as they are.

    Where other givers handed down the one share than the other, that amount goes with it: from the own shares of the
    ones to those of the others, up to the first giver above both. What each hands down is to its own as it was, as the
    figures of the unit that ends count below the other givers from then on.
    """
    found: list[tuple[Goal, Changed]] = []
    query = select(*_GOAL).where(goals.c.unit_id == unit_from.id, goals.c.closed_at.is_(None))
    for goal in await find_all(db, Goal, query.order_by(goals.c.id)):
        twin = next((each for each in await list_goals(db, into.id, goal.year) if is_same_goal(each, goal)), None)
        if twin is None:
            await db.execute(update(goals).where(goals.c.id == goal.id).values(unit_id=into.id))
        else:
            found += [(twin, each) for each in await _fold(db, goal, twin, unit_from, into, by, now)]
    held = select(shares.c.goal_id).where(
        or_(shares.c.unit_id == unit_from.id, shares.c.given_by == unit_from.id), shares.c.is_current
    )
    query = select(*_GOAL).where(goals.c.id.in_(held), goals.c.closed_at.is_(None))
    for goal in await find_all(db, Goal, query.order_by(goals.c.id)):
        found += [(goal, each) for each in await _merge_in(db, goal, unit_from, into, by, now)]
    found.sort(key=lambda each: each[1].after.unit_id != into.id)
    return [(goal, each) for goal, each in found if each.after.unit_id != unit_from.id]


async def list_merged_at(db: AsyncConnection, gone: Unit, into: Unit, at: datetime) -> dict[Goal, list[Changed]]:
    """What the merger of two units at that moment changed, by open goal: each share as it was and as it is."""
    reasons = (merger_reason(gone.id), merger_reason(into.id))
    written = await find_shares(db, shares.c.set_at == at, shares.c.reason.in_(reasons), shares.c.is_current)
    mine = [each for each in written if gone.id in {each.unit_id, each.merged_with}]
    found: dict[Goal, list[Changed]] = {}
    for goal_id in sorted({each.goal_id for each in mine}):
        [goal] = await find_all(db, Goal, select(*_GOAL).where(goals.c.id == goal_id))
        if goal.closed_at is not None:
            continue
        units_in = [each.unit_id for each in mine if each.goal_id == goal_id]
        before = {
            (each.unit_id, each.number): each
            for each in await find_shares(db, shares.c.goal_id == goal_id, shares.c.unit_id.in_(units_in))
        }
        found[goal] = [
            Changed(before.get((each.unit_id, each.number - 1)), each) for each in mine if each.goal_id == goal_id
        ]
    return found


async def _merge_in(
    db: AsyncConnection, goal: Goal, unit_from: Unit, into: Unit, by: int | None, now: datetime
) -> list[Changed]:
    """Bring what a unit holds and has handed down within one goal to another unit."""
    await lock_goal(db, goal.id)
    latest = await list_latest(db, goal.id, (unit_from.id, into.id))
    ends, stands = latest.get(unit_from.id), latest.get(into.id)
    above_from = await _list_givers(db, goal.id, unit_from.id)
    known = stands.value if stands is not None else None
    above_into = await (_list_givers(db, goal.id, into.id) if known is not None else _list_ready(db, goal.id, into))
    handed = (shares.c.goal_id == goal.id, shares.c.given_by == unit_from.id, shares.c.unit_id != into.id)
    await db.execute(update(shares).where(*handed, shares.c.is_current).values(given_by=into.id))
    if ends is None or ends.value is None:
        return []
    reason = merger_reason(unit_from.id)
    steps: dict[int, Decimal] = {}
    wanted = [ShareVersion(unit_from.id, ends.given_by, None, merger_reason(into.id))]
    if into.id in above_from:  # its own amount holds that of the unit that ends already
        steps = dict.fromkeys(above_from[: above_from.index(into.id)], -ends.value)
    elif unit_from.id in above_into:
        wanted.append(ShareVersion(into.id, ends.given_by, ends.value, reason))
        steps = dict.fromkeys(above_into[: above_into.index(unit_from.id)], -(known or _NONE))
    elif known is not None and goal.is_percent:
        pass
    else:
        given_by = above_into[0] if above_into else None if known is not None else ends.given_by
        wanted.append(ShareVersion(into.id, given_by, (known or _NONE) + ends.value, reason))
        steps = _between(above_from, above_into, ends.value)
    wanted += await _move(db, goal, steps, reason)
    return await write_versions(db, goal.id, wanted, by, now)


def _between(above_from: Sequence[int], above_into: Sequence[int], amount: Decimal) -> dict[int, Decimal]:
    """What changes for the givers of the one and of the other up to the first that both have; nothing without one."""
    common = next((each for each in above_from if each in above_into), None)
    if common is None:
        return {}
    losing, gaining = above_from[: above_from.index(common)], above_into[: above_into.index(common)]
    return dict.fromkeys(losing, -amount) | dict.fromkeys(gaining, amount)


async def _move(db: AsyncConnection, goal: Goal, steps: Mapping[int, Decimal], reason: str) -> list[ShareVersion]:
    """The new amounts of givers, so that what each hands down is to its own as it was: none falls below zero."""
    if goal.is_percent or not any(steps.values()):
        return []
    own = await list_shares(db, goal.id, list(steps))
    most = min((share.value or _NONE for unit_id, share in own.items() if steps[unit_id] < 0), default=None)
    found = []
    for unit_id, share in own.items():
        step = steps[unit_id] if most is None else max(-most, min(most, steps[unit_id]))
        if step and share.value is not None:
            found.append(ShareVersion(unit_id, share.given_by, share.value + step, reason))
    return found


async def _list_ready(db: AsyncConnection, goal_id: int, into: Unit) -> list[int]:
    """The unit above one that has no share, and its givers, where it has one and could have handed it on."""
    above = into.parent_id
    if above is None or not await list_shares(db, goal_id, [above]):
        return []
    return [above, *await _list_givers(db, goal_id, above)]


async def _list_givers(db: AsyncConnection, goal_id: int, unit_id: int) -> list[int]:
    """Who handed a unit its share, who handed that one its own, and so on."""
    found: list[int] = []
    here: int | None = unit_id
    while here is not None and here not in found[:-1]:
        share = (await list_shares(db, goal_id, [here])).get(here)
        here = share.given_by if share else None
        if here is not None:
            found.append(here)
    return found


async def _fold(
    db: AsyncConnection, goal: Goal, twin: Goal, unit_from: Unit, into: Unit, by: int | None, now: datetime
) -> list[Changed]:
    """Bring all shares of a goal over to the same goal of another unit, and close it."""
    await lock_goal(db, goal.id)
    await lock_goal(db, twin.id)
    moving = await find_shares(db, shares.c.goal_id == goal.id, shares.c.is_current, shares.c.value.is_not(None))
    there = await list_latest(db, twin.id, [into.id, *(share.unit_id for share in moving)])
    reason = merger_reason(unit_from.id)
    brought: dict[int, ShareVersion] = {}
    for share in moving:
        unit_id = into.id if share.unit_id == unit_from.id else share.unit_id
        given_by = into.id if share.given_by == unit_from.id else share.given_by
        known = brought.get(unit_id) or there.get(unit_id)
        if known is None or known.value is None:
            brought[unit_id] = ShareVersion(unit_id, None if unit_id == into.id else given_by, share.value, reason)
        elif not goal.is_percent and share.value is not None:
            brought[unit_id] = ShareVersion(unit_id, known.given_by, known.value + share.value, reason)
    ended = merger_reason(into.id)
    await write_versions(
        db, goal.id, [ShareVersion(share.unit_id, share.given_by, None, ended) for share in moving], by, now
    )
    await close_goal(db, goal.id, now)
    return await write_versions(db, twin.id, list(brought.values()), by, now)
