"""How far units are in what they were given to reach, for whoever tells of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import Rules
from knowledge.model.reached import Followed, Reached
from knowledge.model.shares import Goal, HeldShare
from knowledge.share_progress import ShareProgress, find_followed, measure_share
from storage import share_progress


def find_way(rules: Rules, goal: Goal, today: date) -> Followed | None:
    """The way a goal is followed; None where no form in force measures it. Pure."""
    plan = rules.plans.get(goal.plan_id or "")
    target = next((each for each in plan.targets if each.id == goal.target), None) if plan is not None else None
    return find_followed(goal, rules.forms.asked, today, target)


async def measure(
    db: AsyncConnection, rules: Rules, held: HeldShare, unit_id: int, today: date
) -> ShareProgress | None:
    """How far a unit is in a share that holds for it; None where no form in force measures the goal."""
    how = find_way(rules, held.goal, today)
    if how is None or held.share.value is None:
        return None
    reached = (await share_progress.read_each(db, [unit_id], how, today)).get(unit_id, Reached())
    return measure_share(held.goal, held.share.value, how, reached, today)


async def read_first(
    db: AsyncConnection, rules: Rules, unit_ids: Collection[int], today: date
) -> dict[int, ShareProgress]:
    """For each of these units that holds shares of this year, or hands some down, how far it with all below it is in
    the first that is followed; a percentage that a unit above has is left to /chitieu.

    Two statements where none of them holds any; beyond that as many as there are ways to follow what they hold.
    """
    if not unit_ids:
        return {}
    first: dict[int, tuple[HeldShare, Followed]] = {}
    for unit_id, held in (await share_progress.list_held(db, unit_ids, today.year)).items():
        ways = ((each, find_way(rules, each.goal, today)) for each in held)
        known = next(((each, how) for each, how in ways if how is not None), None)
        if known is not None:
            first[unit_id] = known
    found: dict[int, ShareProgress] = {}
    groups: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for unit_id, (_, how) in first.items():
        groups.setdefault((how.form.id, how.measure.rows), []).append(unit_id)
    for some in groups.values():
        how = first[some[0]][1]
        reached = await share_progress.read_each(db, some, how, today)
        for unit_id in some:
            own, way = first[unit_id]
            if own.share.value is not None:
                come = reached.get(unit_id, Reached())
                found[unit_id] = measure_share(own.goal, own.share.value, way, come, today)
    return found
