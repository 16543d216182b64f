"""Who is told that a goal is followed no more: whoever serves a unit that held a share of it, in one message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.targets.giving.telling import AT_ONCE, TOLD, find_leaving
from bot.rules import Rules
from knowledge.model.shares import Goal
from storage import people, shares, units
from storage.units import Unit

KIND: Final = "goal_closed_told"


class ClosedErrand(msgspec.Struct, frozen=True):
    """Which goal was closed, by whom (a person's id, 0 where that is nobody here)."""

    goal: int
    by: int


@dataclass(frozen=True, slots=True)
class ClosedTold:
    """Somebody who is told.

    Attributes:
        key: that of the message: said twice, it is sent once.
        shares: the units they serve, by name, with what each was to reach.
        leaves_at: the earliest moment to send it; None for at once.
    """

    chat_id: int
    key: str
    goal: Goal
    owner: Unit
    shares: tuple[tuple[str, Decimal], ...]
    on: date
    leaves_at: datetime | None


async def tells_aside(db: AsyncConnection, goal_id: int) -> bool:
    """Whether so many units hold a share that their people are told aside, not while a chat waits."""
    return await shares.count_holders(db, goal_id) > AT_ONCE


async def list_told(
    db: AsyncConnection, rules: Rules, goal_id: int, *, by: int | None, now: datetime
) -> tuple[ClosedTold, ...]:
    """Whoever serves a unit that was handed a share as officer or supervisor and has joined; not whoever closed it."""
    goal = await shares.find_goal(db, goal_id)
    owner = await units.find_unit_by_id(db, goal.unit_id) if goal is not None else None
    if goal is None or owner is None:
        return ()
    amounts = {share.unit_id: share.value for share in await shares.list_holders(db, goal.id)}
    names = {unit_id: unit.name for unit_id, unit in (await units.get_units(db, list(amounts))).items()}
    by_person: dict[tuple[int, int], list[int]] = {}
    for unit_id, person in await people.list_staff_of(db, list(amounts), TOLD):
        if person.telegram_id is not None and person.id != by:
            by_person.setdefault((person.id, person.telegram_id), []).append(unit_id)
    return tuple(
        ClosedTold(
            chat_id,
            f"goal-closed:{goal.id}:{person_id}",
            goal,
            owner,
            tuple((names.get(each, ""), amounts[each] or Decimal(0)) for each in unit_ids),
            rules.today(now),
            find_leaving(rules, now),
        )
        for (person_id, chat_id), unit_ids in by_person.items()
    )
