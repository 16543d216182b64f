"""What was changed of shares that were handed down: who, when, from what to what, why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.access import Right
from bot.hands.asking import Asking
from knowledge.model.shares import Changed, Goal
from storage import people, shares, units
from storage.units import Unit

SHOWN: Final = 15


@dataclass(frozen=True, slots=True)
class ShareHistory:
    """The latest changes, the last first; names of units and people by id."""

    goal: Goal
    unit: Unit
    changes: tuple[Changed, ...]
    places: Mapping[int, str]
    people: Mapping[int, str]
    zone: ZoneInfo


async def read_history(asking: Asking, unit_id: int, goal_id: int) -> ShareHistory | None:
    """What a unit changed of a goal; None where it handed nothing of it down. Raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, unit_id)
    goal = await shares.find_goal(asking.db, goal_id)
    if goal is None:
        return None
    changes = await shares.list_history(asking.db, goal.id, unit.id, most=SHOWN)
    if not changes:
        return None
    others = [each.after.merged_with for each in changes if each.after.merged_with is not None]
    places = await units.get_units(asking.db, [*(each.after.unit_id for each in changes), *others])
    who = await people.get_people(asking.db, [each.after.set_by for each in changes if each.after.set_by is not None])
    return ShareHistory(
        goal,
        unit,
        tuple(changes),
        {each.id: each.name for each in places.values()},
        {each.id: each.name for each in who.values()},
        asking.zone,
    )
