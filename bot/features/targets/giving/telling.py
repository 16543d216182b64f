"""Who is told of shares that were handed down: one message a person, at once or, of many units, aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import Rules
from knowledge.model.shares import Changed, Goal
from storage import joined_goals, people, shares, units
from storage.people import RoleName
from storage.units import Unit

AT_ONCE: Final = 60
"""Units from which on their people are told aside, not while a chat waits."""

KIND: Final = "shares_told"
TOLD: Final = frozenset({RoleName.OFFICER, RoleName.SUPERVISOR})
"""Who is told of the shares of a unit that they serve themselves."""


class ToldErrand(msgspec.Struct, frozen=True):
    """Which shares are to be told of: those of a goal that a unit handed down in one moment."""

    goal: int
    giver: int
    at: datetime
    by: int


@dataclass(frozen=True, slots=True)
class ToldShare:
    """A share of which somebody is told; `may_split` where they may hand it on.

    `replaced` is what the unit had set for itself of the same thing, and what gave way.
    """

    unit_id: int
    unit_name: str
    changed: Changed
    may_split: bool
    replaced: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """Somebody who is told, in one message.

    Attributes:
        key: that of the message: said twice, it is sent once.
        leaves_at: the earliest moment to send it; None for at once.
    """

    chat_id: int
    key: str
    goal: Goal
    giver: Unit
    shares: tuple[ToldShare, ...]
    on: date
    leaves_at: datetime | None


@dataclass(frozen=True, slots=True)
class Telling:
    """Everybody who is told, and the names of units where nobody can be."""

    told: tuple[ToldPerson, ...]
    silent: tuple[str, ...]


def find_leaving(rules: Rules, now: datetime) -> datetime | None:
    """The earliest moment to send what nobody waits for; None for at once. Pure."""
    local = now.astimezone(rules.zone)
    return rules.quiet.next_allowed(local) if rules.quiet.covers(local.time()) else None


async def list_told(
    db: AsyncConnection,
    rules: Rules,
    goal: Goal,
    giver: Unit,
    changed: Sequence[Changed],
    names: Mapping[int, str],
    *,
    by: int | None,
    now: datetime,
) -> Telling:
    """Whoever serves the units as officer or supervisor and has joined; not whoever set the shares."""
    on = rules.today(now)
    of_unit = {each.after.unit_id: each for each in changed}
    staff = await people.list_staff_of(db, list(of_unit), TOLD)
    supervised = {
        (unit, person.id) for unit, person in await people.list_staff_of(db, list(of_unit), {RoleName.SUPERVISOR})
    }
    replaced = await joined_goals.list_replaced(db, goal, list(of_unit), now)
    parents = await units.list_parents(db, list(of_unit), active_on=on)
    by_person: dict[tuple[int, int], list[int]] = {}
    reached: set[int] = set()
    for unit_id, person in staff:
        if person.telegram_id is not None:
            reached.add(unit_id)
            by_person.setdefault((person.id, person.telegram_id), []).append(unit_id)
    leaves_at = find_leaving(rules, now)
    moment = int(now.timestamp() * 1000)
    told = [
        ToldPerson(
            chat_id,
            f"shares:{goal.id}:{moment}:{person_id}",
            goal,
            giver,
            tuple(
                ToldShare(
                    unit_id,
                    names.get(unit_id, ""),
                    of_unit[unit_id],
                    (unit_id, person_id) in supervised and unit_id in parents,
                    replaced.get(unit_id),
                )
                for unit_id in unit_ids
            ),
            on,
            leaves_at,
        )
        for (person_id, chat_id), unit_ids in by_person.items()
        if person_id != by
    ]
    return Telling(tuple(told), tuple(names.get(each, "") for each in of_unit if each not in reached))


async def list_told_aside(db: AsyncConnection, rules: Rules, errand: ToldErrand) -> Telling | None:
    """The same for what an errand tells of; None where the goal is gone."""
    goal = await shares.find_goal(db, errand.goal)
    giver = await units.find_unit_by_id(db, errand.giver)
    if goal is None or giver is None:
        return None
    changed = await shares.list_set_at(db, errand.goal, errand.giver, errand.at)
    found = await units.get_units(db, [each.after.unit_id for each in changed])
    names = {unit_id: unit.name for unit_id, unit in found.items()}
    return await list_told(db, rules, goal, giver, changed, names, by=errand.by or None, now=errand.at)
