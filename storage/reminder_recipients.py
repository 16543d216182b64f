"""Recipients of reminders: officers with their units, supervisors, their preferences, and whose step is due."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.obligations import DEFAULT_HOUR, Recipient
from knowledge.model.owing import AskedUnits
from storage.answering import answers, is_officer
from storage.owing import DutyKey, done_at, extended_to, owes
from storage.rows import AT_ONCE, chunks
from storage.schema import chats, people, reminder_preferences, reminder_steps, reminder_wishes, roles, units
from storage.units import Unit, below, path_ids, to_unit, unit_columns


@dataclass(frozen=True, slots=True)
class StepCome:
    """A reminder step that is due for everyone who is reminded at one of these hours, at `at` at the latest."""

    step: str
    hours: tuple[time, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class OfficerPost:
    """Somebody who answers for what a unit owes: an officer, or a supervisor of a unit that has none.

    A supervisor answers for reports alone (`is_officer` False).
    """

    person_id: int
    granted_at: datetime
    unit: Unit
    is_officer: bool = True


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person who can be written to, and how they want to be reminded and (`called`) addressed."""

    person_id: int
    chat_id: int
    name: str
    recipient: Recipient
    called: str | None = None


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A supervisor of a unit who has joined."""

    person_id: int
    unit_id: int
    path: str
    granted_at: datetime


async def find_officers_due(
    db: AsyncConnection, key: DutyKey, asked: AskedUnits, come: StepCome, *, due_on: date, granted_on: date | None
) -> set[int]:
    """People with a due step that was not decided yet, whose unit owes the duty and has not done it.

    Args:
        due_on: the common date.
        granted_on: only units to which this later date was granted; None for those that keep the common one.
    """
    hour = func.coalesce(reminder_preferences.c.remind_at, f"{DEFAULT_HOUR:%H:%M}")
    query = (
        select(roles.c.person_id)
        .distinct()
        .select_from(units)
        .join(roles, roles.c.unit_id == units.c.id)
        .join(people, people.c.id == roles.c.person_id)
        .outerjoin(reminder_preferences, reminder_preferences.c.person_id == roles.c.person_id)
        .where(
            owes(asked),
            answers if key.form else is_officer,
            roles.c.ended_at.is_(None),
            roles.c.granted_at <= come.at,
            people.c.telegram_id.is_not(None),
            hour.in_([f"{each:%H:%M}" for each in come.hours]),
            done_at(key).is_(None),
            not_(
                exists().where(
                    reminder_steps.c.group_key == key.group,
                    reminder_steps.c.unit_id == units.c.id,
                    reminder_steps.c.due_on == (granted_on or due_on),
                    reminder_steps.c.recipient == roles.c.person_id,
                    reminder_steps.c.step == come.step,
                )
            ),
        )
    )
    if key.form:
        granted = extended_to(key)
        query = query.where(granted == granted_on if granted_on else func.coalesce(granted, due_on) <= due_on)
    found: set[int] = set()
    async for some in (await db.stream_scalars(query)).partitions(AT_ONCE):
        found.update(some)
    return found


async def list_hours(db: AsyncConnection) -> list[time]:
    """The times of day at which anybody is reminded."""
    rows = await db.execute(select(reminder_preferences.c.remind_at).distinct())
    return sorted({DEFAULT_HOUR, *(time.fromisoformat(value) for value in rows.scalars())})


async def find_wishers(db: AsyncConnection, now: datetime, since: datetime) -> dict[int, date]:
    """People whose wish to be reminded came between `since` and `now` and was not decided yet; what it is about is due
    on that day at the latest."""
    rows = await db.execute(
        select(reminder_wishes.c.recipient, func.max(reminder_wishes.c.due_on))
        .group_by(reminder_wishes.c.recipient)
        .where(
            reminder_wishes.c.wished_at <= now,
            reminder_wishes.c.wished_at > since,
            not_(
                exists().where(
                    reminder_steps.c.group_key == reminder_wishes.c.group_key,
                    reminder_steps.c.unit_id == reminder_wishes.c.unit_id,
                    reminder_steps.c.due_on == reminder_wishes.c.due_on,
                    reminder_steps.c.recipient == reminder_wishes.c.recipient,
                    reminder_steps.c.step == reminder_wishes.c.step,
                )
            ),
        )
    )
    return {row[0]: row[1] for row in rows}


async def list_readers(db: AsyncConnection, person_ids: Collection[int]) -> dict[int, Addressee]:
    """Those of these people who can be written to."""
    found: dict[int, Addressee] = {}
    for some in chunks(sorted(set(person_ids))):
        rows = await db.execute(
            select(
                people.c.id,
                people.c.telegram_id,
                people.c.name,
                people.c.called,
                reminder_preferences.c.remind_at,
                reminder_preferences.c.muted_until,
                chats.c.heard_at,
                chats.c.unreachable_at,
            )
            .outerjoin(reminder_preferences, reminder_preferences.c.person_id == people.c.id)
            .outerjoin(chats, chats.c.chat_id == people.c.telegram_id)
            .where(people.c.id.in_(some), people.c.telegram_id.is_not(None))
        )
        for row in rows:
            recipient = Recipient(
                row.id,
                time.fromisoformat(row.remind_at) if row.remind_at else DEFAULT_HOUR,
                row.muted_until,
                row.heard_at,
                reachable=row.unreachable_at is None,
                refused_at=row.unreachable_at,
            )
            found[row.id] = Addressee(row.id, row.telegram_id, row.name, recipient, row.called)
    return found


async def list_posts(db: AsyncConnection, person_ids: Collection[int]) -> list[OfficerPost]:
    """The units for whose reports these people answer."""
    return await _list_posts(db, roles.c.person_id, person_ids)


async def list_posts_at(db: AsyncConnection, unit_ids: Collection[int]) -> list[OfficerPost]:
    """Those who answer for these units and have joined."""
    return await _list_posts(db, roles.c.unit_id, unit_ids)


async def list_posts_owing(db: AsyncConnection, asked: AskedUnits) -> list[OfficerPost]:
    """The officers who have joined of every unit that owes a duty."""
    return await _read_posts(db, owes(asked))


async def _list_posts(db: AsyncConnection, column: Any, ids: Collection[int]) -> list[OfficerPost]:
    found: list[OfficerPost] = []
    for some in chunks(sorted(set(ids))):
        found += await _read_posts(db, column.in_(some))
    return found


async def _read_posts(db: AsyncConnection, where: ColumnElement[bool]) -> list[OfficerPost]:
    rows = await db.execute(
        select(roles.c.person_id, roles.c.granted_at, roles.c.role, *unit_columns())
        .join(units, units.c.id == roles.c.unit_id)
        .join(people, people.c.id == roles.c.person_id)
        .where(
            where,
            answers,
            roles.c.ended_at.is_(None),
            people.c.telegram_id.is_not(None),
        )
        .order_by(roles.c.id)
    )
    return [OfficerPost(row[0], row[1], to_unit(row[3:]), row.role == "officer") for row in rows]


async def list_supervisors(db: AsyncConnection) -> list[Supervisor]:
    """Everyone who supervises a unit and has joined; admins stand in where nobody supervises at or above."""
    rows = await db.execute(
        select(roles.c.person_id, roles.c.unit_id, units.c.path, roles.c.granted_at, roles.c.role)
        .join(units, units.c.id == roles.c.unit_id)
        .join(people, people.c.id == roles.c.person_id)
        .where(
            roles.c.role.in_(("supervisor", "admin")),
            roles.c.ended_at.is_(None),
            people.c.telegram_id.is_not(None),
        )
        .order_by(roles.c.id)
    )
    found = [(Supervisor(*row[:4]), row.role == "supervisor") for row in rows]
    proper = [supervisor for supervisor, is_proper in found if is_proper]
    supervised = {supervisor.unit_id for supervisor in proper}
    return proper + [
        admin for admin, is_proper in found if not is_proper and supervised.isdisjoint(path_ids(admin.path))
    ]


async def list_muted_below(
    db: AsyncConnection, paths: Collection[str], now: datetime
) -> list[tuple[OfficerPost, str, datetime]]:
    """Officers at these paths or below who want no reminders now: the post, the name, until when."""
    if not paths:
        return []
    rows = await db.execute(
        select(
            roles.c.person_id,
            roles.c.granted_at,
            *unit_columns(),
            people.c.name.label("person"),
            reminder_preferences.c.muted_until,
        )
        .join(units, units.c.id == roles.c.unit_id)
        .join(people, people.c.id == roles.c.person_id)
        .join(reminder_preferences, reminder_preferences.c.person_id == roles.c.person_id)
        .where(
            or_(*(below(path) for path in paths)),
            roles.c.role == "officer",
            roles.c.ended_at.is_(None),
            people.c.telegram_id.is_not(None),
            reminder_preferences.c.muted_until > now,
        )
        .order_by(units.c.sort_key, roles.c.id)
    )
    return [(OfficerPost(row[0], row[1], to_unit(row[2:-2])), row.person, row.muted_until) for row in rows]


async def list_unreachable_below(db: AsyncConnection, paths: Collection[str]) -> list[tuple[str, str]]:
    """Officers at these paths or below whom Telegram does not let us reach: name and unit."""
    if not paths:
        return []
    rows = await db.execute(
        select(people.c.name, units.c.name)
        .select_from(roles)
        .join(units, units.c.id == roles.c.unit_id)
        .join(people, people.c.id == roles.c.person_id)
        .join(chats, chats.c.chat_id == people.c.telegram_id)
        .where(
            or_(*(below(path) for path in paths)),
            roles.c.role == "officer",
            roles.c.ended_at.is_(None),
            chats.c.unreachable_at.is_not(None),
        )
        .order_by(units.c.sort_key, roles.c.id)
    )
    return [(name, unit) for name, unit in rows]
