"""Reminders: decided steps, wishes to be reminded, and preferences (hour, mute).

Whether something is owed is never kept here: `storage.owing` reads it when it is asked. What is kept is each step that
was decided, once for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.obligations import DEFAULT_HOUR, Snooze, StepKey
from storage.mail import MessageKind
from storage.messages import MessageState
from storage.purge import Stale
from storage.rows import chunks, columns_of, find_all, find_of_id, insert_into
from storage.schema import outbox, reminder_preferences, reminder_steps, reminder_wishes

NOTHING = "none"  # why a step was decided without a message: nobody below owed anything
STEPS_KEPT_FOR = timedelta(days=190)  # as long as the messages that carried them; one is decided within weeks
WISHES_KEPT_FOR = timedelta(days=60)
DIGEST = "digest:"


@dataclass(frozen=True, slots=True)
class DecidedStep:
    """A step that was decided. `message_key` is its message's in the outbox, `skipped` why there is none."""

    id: int
    group: str
    unit_id: int
    due_on: date
    recipient: int
    step: str
    message_key: str | None
    skipped: str | None
    decided_at: datetime

    @property
    def key(self) -> StepKey:
        """Its natural key."""
        return StepKey(join_key(self.group, self.unit_id), self.due_on, self.recipient, self.step)


@dataclass(frozen=True, slots=True)
class Preferences:
    """When somebody is reminded (local time of day), and until when not at all."""

    remind_at: time = DEFAULT_HOUR
    muted_until: datetime | None = None


def join_key(group: str, unit_id: int) -> str:
    """The key of an obligation; a digest has no unit (0)."""
    return group if unit_id == 0 else f"{group}:{unit_id}"


def split_key(obligation: str) -> tuple[str, int]:
    """Group and unit of an obligation's key: "set:3:12" → ("set:3", 12)."""
    if obligation.startswith(DIGEST):
        return obligation, 0
    group, _, unit_id = obligation.rpartition(":")
    return group, int(unit_id)


# --- Steps that were decided -----------------------------------------------------------------------------------------

_STEP = columns_of(DecidedStep, reminder_steps, group=reminder_steps.c.group_key)


async def list_recorded(db: AsyncConnection, recipients: Collection[int], since: datetime) -> set[StepKey]:
    """The keys of the steps decided for these people since a moment."""
    found: set[StepKey] = set()
    columns = (
        reminder_steps.c.group_key,
        reminder_steps.c.unit_id,
        reminder_steps.c.due_on,
        reminder_steps.c.recipient,
        reminder_steps.c.step,
    )
    for some in chunks(sorted(set(recipients))):
        rows = await db.execute(
            select(*columns).where(reminder_steps.c.recipient.in_(some), reminder_steps.c.decided_at > since)
        )
        found |= {StepKey(join_key(group, unit), due_on, who, step) for group, unit, due_on, who, step in rows}
    return found


async def record_steps(
    db: AsyncConnection, sent: Mapping[StepKey, str], skipped: Iterable[tuple[StepKey, str]], now: datetime
) -> dict[StepKey, int]:
    """Record steps, each with its message's key or why there is none; returns those that nobody had recorded before.

    Two processes that decide the same at the same moment both call this; each step is given back to one of them only.
    """
    rows = [_step(key, now, message_key=message) for key, message in sent.items()]
    rows += [_step(key, now, skipped=why) for key, why in skipped]
    if not rows:
        return {}
    statement = (
        insert_into(db, reminder_steps)
        .on_conflict_do_nothing()
        .returning(
            reminder_steps.c.id,
            reminder_steps.c.group_key,
            reminder_steps.c.unit_id,
            reminder_steps.c.due_on,
            reminder_steps.c.recipient,
            reminder_steps.c.step,
        )
    )
    rows.sort(key=lambda row: (row["recipient"], row["group_key"], row["unit_id"], row["due_on"], row["step"]))
    new = await db.execute(statement, rows)
    return {StepKey(join_key(group, unit), due_on, who, step): id_ for id_, group, unit, due_on, who, step in new}


def _step(key: StepKey, now: datetime, *, message_key: str | None = None, skipped: str | None = None) -> dict[str, Any]:
    group, unit_id = split_key(key.obligation)
    return {
        "group_key": group,
        "unit_id": unit_id,
        "due_on": key.due_on,
        "recipient": key.recipient,
        "step": key.step,
        "message_key": message_key,
        "skipped": skipped,
        "decided_at": now,
    }


async def find_step(db: AsyncConnection, step_id: int) -> DecidedStep | None:
    """The step of that id, for ids that somebody else sent."""
    return await find_of_id(db, DecidedStep, select(*_STEP), reminder_steps.c.id, step_id)


async def find_steps(db: AsyncConnection, step_ids: Collection[int]) -> dict[int, DecidedStep]:
    """The steps of these ids."""
    found: dict[int, DecidedStep] = {}
    for some in chunks(sorted(set(step_ids))):
        rows = await db.execute(select(*_STEP).where(reminder_steps.c.id.in_(some)))
        found |= {row.id: DecidedStep(*row) for row in rows}
    return found


async def list_steps_of(db: AsyncConnection, message_key: str) -> list[DecidedStep]:
    """Every step that one message carries."""
    query = select(*_STEP).where(reminder_steps.c.message_key == message_key)
    return await find_all(db, DecidedStep, query.order_by(reminder_steps.c.id))


async def list_leaving(db: AsyncConnection, most: int = 256) -> list[str]:
    """The bodies of reminders that are on their way at this moment."""
    ahead = (
        select(outbox.c.body, outbox.c.state, outbox.c.kind)
        .where(outbox.c.done_at.is_(None))
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(most)
        .subquery()
    )
    rows = await db.execute(
        select(ahead.c.body).where(
            ahead.c.state == MessageState.SENDING.value, ahead.c.kind == MessageKind.REMINDER.value
        )
    )
    return list(rows.scalars())


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: steps after half a year, wishes after two months."""
    steps, wishes = reminder_steps.c, reminder_wishes.c
    return [
        Stale(reminder_steps, steps.decided_at < now - STEPS_KEPT_FOR, along=steps.decided_at),
        Stale(reminder_wishes, wishes.wished_at < now - WISHES_KEPT_FOR, along=wishes.wished_at),
    ]


# --- Wishes and preferences ------------------------------------------------------------------------------------------


async def add_wishes(
    db: AsyncConnection, wishes: Iterable[tuple[Snooze, str]], now: datetime, *, asked_by: int | None = None
) -> int:
    """Keep wishes to be reminded, each with its step's code; returns how many are new."""
    rows = []
    for wish, step in wishes:
        group, unit_id = split_key(wish.obligation)
        rows.append(
            {
                "group_key": group,
                "unit_id": unit_id,
                "due_on": wish.due_on,
                "recipient": wish.recipient,
                "step": step,
                "wished_at": wish.at,
                "asked_by": asked_by,
                "made_at": now,
            }
        )
    if not rows:
        return 0
    statement = insert_into(db, reminder_wishes).on_conflict_do_nothing().returning(reminder_wishes.c.id)
    return len((await db.execute(statement, rows)).all())


async def list_last_reminded(db: AsyncConnection, group: str, unit_ids: Collection[int]) -> dict[int, datetime]:
    """When a reminder of this duty last reached an officer of each of these units; those never reached are left out."""
    found: dict[int, datetime] = {}
    for some in chunks(sorted(set(unit_ids))):
        query = (
            select(reminder_steps.c.unit_id, func.max(outbox.c.done_at))
            .join(outbox, outbox.c.key == reminder_steps.c.message_key)
            .where(
                reminder_steps.c.group_key == group,
                reminder_steps.c.unit_id.in_(some),
                outbox.c.state == MessageState.SENT.value,
            )
            .group_by(reminder_steps.c.unit_id)
        )
        found |= {row[0]: row[1] for row in await db.execute(query)}
    return found


async def list_wishes(db: AsyncConnection, recipients: Collection[int], since: datetime) -> dict[Snooze, int | None]:
    """The wishes of these people that came or come after `since`, with who asked for them."""
    found: dict[Snooze, int | None] = {}
    for some in chunks(sorted(set(recipients))):
        rows = await db.execute(
            select(
                reminder_wishes.c.group_key,
                reminder_wishes.c.unit_id,
                reminder_wishes.c.due_on,
                reminder_wishes.c.recipient,
                reminder_wishes.c.wished_at,
                reminder_wishes.c.asked_by,
            ).where(reminder_wishes.c.recipient.in_(some), reminder_wishes.c.wished_at > since)
        )
        for group, unit, due_on, recipient, at, asked_by in rows:
            found[Snooze(join_key(group, unit), due_on, recipient, at)] = asked_by
    return found


async def get_preferences(db: AsyncConnection, person_id: int) -> Preferences:
    """Somebody's hour and mute; the usual where they set none."""
    query = select(reminder_preferences).where(reminder_preferences.c.person_id == person_id)
    row = (await db.execute(query)).first()
    return Preferences(time.fromisoformat(row.remind_at), row.muted_until) if row else Preferences()


async def keep_preferences(db: AsyncConnection, person_id: int, kept: Preferences, now: datetime) -> None:
    """Set somebody's hour and mute."""
    new = insert_into(db, reminder_preferences).values(
        person_id=person_id,
        remind_at=f"{kept.remind_at:%H:%M}",
        muted_until=kept.muted_until,
        changed_at=now,
    )
    await db.execute(
        new.on_conflict_do_update(
            index_elements=["person_id"],
            set_={
                "remind_at": new.excluded.remind_at,
                "muted_until": new.excluded.muted_until,
                "changed_at": new.excluded.changed_at,
            },
        )
    )


async def forget_person(db: AsyncConnection, person_id: int) -> None:
    """Remove somebody's hour, mute and wishes."""
    await db.execute(delete(reminder_preferences).where(reminder_preferences.c.person_id == person_id))
    await db.execute(delete(reminder_wishes).where(reminder_wishes.c.recipient == person_id))
