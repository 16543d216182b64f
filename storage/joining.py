"""Who of the units below one has joined: a unit has once somebody who serves that very unit can be written to.

The lists of it that stand in chats are kept by their message's key, so that they can be changed as people join.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.people import Person, RoleName
from storage.purge import Stale
from storage.rows import chunks, columns_of, find_all, insert_into
from storage.schema import invites, joining_lists, people, roles, units
from storage.units import Unit, active_on, below, path_ids, to_unit, unit_columns

KEPT_FOR: Final = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class JoiningList:
    """A list that stands in a private chat. `key` is its message's in the outbox."""

    chat_id: int
    unit_id: int
    key: str
    page: int
    shown_at: datetime


_COLUMNS: Final = columns_of(JoiningList, joining_lists)


def _has_joined() -> ColumnElement[bool]:
    found: ColumnElement[bool] = exists(
        select(roles.c.id)
        .join(people, people.c.id == roles.c.person_id)
        .where(roles.c.unit_id == units.c.id, roles.c.ended_at.is_(None), people.c.telegram_id.is_not(None))
    )
    return found


def _is_invited(now: datetime) -> ColumnElement[bool]:
    found: ColumnElement[bool] = exists(
        select(invites.c.id).where(
            invites.c.unit_id == units.c.id, invites.c.used_at.is_(None), invites.c.expires_at > now
        )
    )
    return found


def _below(query: Select[Any], unit: Unit, today: date) -> Select[Any]:
    return query.where(below(unit.path), units.c.id != unit.id, active_on(today))


async def count_joined(db: AsyncConnection, unit: Unit, today: date) -> tuple[int, int]:
    """How many of the active units below one have joined, and how many there are."""
    every = await db.scalar(_below(select(func.count()).select_from(units), unit, today)) or 0
    joined = await db.scalar(_below(select(func.count()).select_from(units), unit, today).where(_has_joined())) or 0
    return joined, every


async def list_unjoined(
    db: AsyncConnection, unit: Unit, today: date, now: datetime, *, most: int
) -> list[tuple[Unit, bool]]:
    """The active units below one where nobody has joined, and whether a code for each can still be used.

    Those without such a code come first, then by name.
    """
    invited = _is_invited(now).label("invited")
    query = _below(select(*unit_columns(), invited), unit, today).where(~_has_joined())
    rows = await db.execute(query.order_by(invited, units.c.folded, units.c.id).limit(most))
    return [(to_unit(row[:-1]), bool(row[-1])) for row in rows]


async def list_states(
    db: AsyncConnection, unit: Unit, today: date, now: datetime, *, most: int, skip: int = 0
) -> list[tuple[Unit, bool, bool]]:
    """The active units below one, with whether each has joined and whether it has a code that can still be used.

    Those that have not joined come first, then by name.
    """
    joined, invited = _has_joined().label("joined"), _is_invited(now).label("invited")
    query = _below(select(*unit_columns(), joined, invited), unit, today)
    rows = await db.execute(query.order_by(joined, units.c.folded, units.c.id).limit(most).offset(skip))
    return [(to_unit(row[:-2]), bool(row[-2]), bool(row[-1])) for row in rows]


async def find_contacts(db: AsyncConnection, unit_ids: Collection[int]) -> dict[int, Person]:
    """Whom to call at each of these units: an officer of it with a number before anybody else; none who are unknown."""
    found: dict[int, Person] = {}
    is_officer = case((roles.c.role == RoleName.OFFICER.value, 0), else_=1)
    has_number = case((people.c.phone.is_not(None), 0), else_=1)
    for some in chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(roles.c.unit_id, *columns_of(Person, people))
            .join(people, people.c.id == roles.c.person_id)
            .where(roles.c.unit_id.in_(some), roles.c.ended_at.is_(None), people.c.forgotten_at.is_(None))
            .order_by(has_number, is_officer, roles.c.id)
        )
        for row in rows:
            found.setdefault(row.unit_id, Person(*row[1:]))
    return found


async def keep_list(db: AsyncConnection, kept: JoiningList) -> None:
    """Keep a list that is about to be sent, in the place of the one of that unit in that chat."""
    values = {"key": kept.key, "page": kept.page, "shown_at": kept.shown_at}
    new = insert_into(db, joining_lists).values(chat_id=kept.chat_id, unit_id=kept.unit_id, **values)
    await db.execute(new.on_conflict_do_update(index_elements=["chat_id", "unit_id"], set_=values))


async def turn_list(db: AsyncConnection, chat_id: int, unit_id: int, page: int) -> None:
    """Note which page of a list is shown now."""
    await db.execute(
        update(joining_lists)
        .where(joining_lists.c.chat_id == chat_id, joining_lists.c.unit_id == unit_id)
        .values(page=page)
    )


async def list_lists_around(db: AsyncConnection, paths: Collection[str]) -> list[JoiningList]:
    """The lists in which the units at these paths stand."""
    above = {unit_id for path in paths for unit_id in path_ids(path)[:-1]}
    found: list[JoiningList] = []
    for some in chunks(sorted(above)):
        found += await find_all(db, JoiningList, select(*_COLUMNS).where(joining_lists.c.unit_id.in_(some)))
    return found


async def forget_chat(db: AsyncConnection, chat_id: int) -> None:
    """Forget the lists of a chat."""
    await db.execute(delete(joining_lists).where(joining_lists.c.chat_id == chat_id))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: lists that nobody looks at any more."""
    return [Stale(joining_lists, joining_lists.c.shown_at < now - KEPT_FOR)]
