"""Broadcasts: messages to everyone below a unit, and how far each has been sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.broadcasts import BroadcastAudience
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from storage.messages import MessageState
from storage.purge import Stale
from storage.rows import columns_of, find_all, find_one, insert_into, to_record
from storage.schema import broadcast_messages, broadcasts, outbox, people, roles, units
from storage.units import active_on, below

RECIPIENTS_KEPT_FOR = timedelta(days=190)  # as long as the messages they point at

_ROLES = {
    BroadcastAudience.OFFICERS: ("officer",),
    BroadcastAudience.SUPERVISORS: ("supervisor", "admin"),
    BroadcastAudience.ALL: ("officer", "supervisor", "admin"),
}
_KINDS = {
    BroadcastAudience.OFFICERS: sorted(GRASSROOTS_KINDS),
    BroadcastAudience.SUPERVISORS: sorted(frozenset(UnitKind) - GRASSROOTS_KINDS),
    BroadcastAudience.ALL: sorted(GRASSROOTS_KINDS),
}
"""The kinds of unit that are silent where nobody of that audience has joined."""


class Stage(StrEnum):
    """How far a broadcast is: confirmed, every message written, every message delivered or given up."""

    CONFIRMED = "confirmed"
    SPREAD = "spread"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A confirmed broadcast.

    `sender` is the name of the unit that writes it, as it was when it was confirmed; empty: the unit it goes to.
    `expected` is how many people it was for then, `spread_to` the last person for whom a message was written,
    `told` the figures last shown to its sender, in the chat `chat_id`.
    """

    id: int
    unit_id: int
    unit_name: str
    unit_path: str
    to: BroadcastAudience
    words: str
    sender: str
    made_by: int
    chat_id: int
    stage: Stage
    expected: int
    spread_to: int
    told: str

    @property
    def progress_key(self) -> str:
        """The key of the message that shows its progress."""
        return f"broadcast:{self.id}"

    @property
    def sent_by(self) -> str:
        """The name of the unit that it comes from."""
        return self.sender or self.unit_name


@dataclass(frozen=True, slots=True)
class Unreached:
    """Whom a broadcast did not reach: people to whom it could not be sent, as (name, unit), and units without anybody.

    Of each the first ones by the unit's name; `units` counts them all.
    """

    people: tuple[tuple[str, str], ...] = ()
    unit_names: tuple[str, ...] = ()
    units: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a broadcast's messages are in which state."""

    sent: int = 0
    failed: int = 0
    doubt: int = 0
    open: int = 0

    @property
    def done(self) -> int:
        """How many are delivered or given up."""
        return self.sent + self.failed + self.doubt


_known = select(
    *columns_of(
        Broadcast,
        broadcasts,
        unit_name=units.c.name,
        unit_path=units.c.path,
        to=broadcasts.c.audience,
        stage=broadcasts.c.state,
    )
).join(units, units.c.id == broadcasts.c.unit_id)


def _audience(path: str, to: BroadcastAudience, without: int) -> Any:
    return (
        select(people.c.id, people.c.telegram_id)
        .distinct()
        .select_from(units)
        .join(roles, roles.c.unit_id == units.c.id)
        .join(people, people.c.id == roles.c.person_id)
        .where(
            below(path),
            roles.c.role.in_(_ROLES[to]),
            roles.c.ended_at.is_(None),
            people.c.telegram_id.is_not(None),
            people.c.id != without,
        )
    )


async def count_readers(db: AsyncConnection, path: str, to: BroadcastAudience, *, without: int) -> int:
    """How many people a broadcast would reach at a path and below, its maker `without` aside."""
    return await db.scalar(select(func.count()).select_from(_audience(path, to, without).subquery())) or 0


async def confirm(
    db: AsyncConnection,
    *,
    unit_id: int,
    to: BroadcastAudience,
    words: str,
    made_by: int,
    chat_id: int,
    token: str,
    expected: int,
    now: datetime,
    sender: str = "",
) -> tuple[Broadcast, bool]:
    """Record a broadcast to be sent; the broadcast, and whether it is new: `token` is unique for ever.

    Args:
        sender: the name of the unit that writes it; empty: the one to which it goes.
    """
    made = await db.execute(
        insert_into(db, broadcasts)
        .values(
            unit_id=unit_id,
            audience=to.value,
            words=words,
            sender=sender,
            made_by=made_by,
            chat_id=chat_id,
            token=token,
            state=Stage.CONFIRMED.value,
            expected=expected,
            confirmed_at=now,
        )
        .on_conflict_do_nothing()
        .returning(broadcasts.c.id)
    )
    is_new = made.first() is not None
    row = (await db.execute(_known.where(broadcasts.c.token == token))).one()
    return to_record(Broadcast, row), is_new


async def has_open(db: AsyncConnection) -> bool:
    """Whether any broadcast is not done."""
    return await db.scalar(select(broadcasts.c.id).where(broadcasts.c.done_at.is_(None)).limit(1)) is not None


async def find_by_token(db: AsyncConnection, token: str) -> Broadcast | None:
    """The broadcast that was confirmed under this token."""
    return await find_one(db, Broadcast, _known.where(broadcasts.c.token == token))


async def list_open(db: AsyncConnection) -> list[Broadcast]:
    """The broadcasts that are not done, the oldest first; on PostgreSQL held until the transaction ends."""
    query = _known.where(broadcasts.c.done_at.is_(None)).order_by(broadcasts.c.id)
    return await find_all(db, Broadcast, query.with_for_update(of=broadcasts, skip_locked=True))


async def take_next(db: AsyncConnection, broadcast: Broadcast, most: int) -> list[tuple[int, int, str]]:
    """The next people it is for, as (person, chat, message key), written down as such; empty at the end."""
    query = _audience(broadcast.unit_path, broadcast.to, broadcast.made_by)
    rows = (await db.execute(query.where(people.c.id > broadcast.spread_to).order_by(people.c.id).limit(most))).all()
    found = [(person, chat, f"broadcast:{broadcast.id}:{person}") for person, chat in rows]
    if found:
        await db.execute(
            insert(broadcast_messages),
            [{"broadcast_id": broadcast.id, "person_id": person, "message_key": key} for person, _, key in found],
        )
        await db.execute(update(broadcasts).where(broadcasts.c.id == broadcast.id).values(spread_to=found[-1][0]))
    else:
        await db.execute(update(broadcasts).where(broadcasts.c.id == broadcast.id).values(state=Stage.SPREAD.value))
    return found


async def count(db: AsyncConnection, broadcast_id: int) -> Counts:
    """Count a broadcast's messages by state."""
    rows = await db.execute(
        select(outbox.c.state, func.count())
        .select_from(broadcast_messages)
        .join(outbox, outbox.c.key == broadcast_messages.c.message_key)
        .where(broadcast_messages.c.broadcast_id == broadcast_id)
        .group_by(outbox.c.state)
    )
    found = {MessageState(state): number for state, number in rows}
    return Counts(
        found.get(MessageState.SENT, 0),
        found.get(MessageState.DEAD, 0) + found.get(MessageState.DROPPED, 0),
        found.get(MessageState.DOUBT, 0),
        found.get(MessageState.DUE, 0) + found.get(MessageState.SENDING, 0),
    )


async def find_unreached(db: AsyncConnection, broadcast: Broadcast, today: date, *, most: int) -> Unreached:
    """Whom a broadcast did not reach, at most so many of each; a unit is silent where nobody it was for has joined."""
    in_force = (roles.c.role.in_(_ROLES[broadcast.to]), roles.c.ended_at.is_(None))
    rows = await db.execute(
        select(people.c.id, people.c.name, func.min(units.c.name).label("unit"))
        .select_from(broadcast_messages)
        .join(outbox, outbox.c.key == broadcast_messages.c.message_key)
        .join(people, people.c.id == broadcast_messages.c.person_id)
        .join(roles, roles.c.person_id == people.c.id)
        .join(units, units.c.id == roles.c.unit_id)
        .where(
            broadcast_messages.c.broadcast_id == broadcast.id,
            outbox.c.state.in_([MessageState.DEAD.value, MessageState.DROPPED.value]),
            below(broadcast.unit_path),
            *in_force,
        )
        .group_by(people.c.id, people.c.name)
        .order_by("unit", people.c.id)
        .limit(most)
    )
    joined = select(roles.c.unit_id).join(people, people.c.id == roles.c.person_id)
    joined = joined.where(people.c.telegram_id.is_not(None), roles.c.unit_id == units.c.id, *in_force)
    silent = select(units.c.name).where(
        below(broadcast.unit_path), active_on(today), units.c.kind.in_(_KINDS[broadcast.to]), ~joined.exists()
    )
    count = await db.scalar(select(func.count()).select_from(silent.subquery())) or 0
    names = (await db.scalars(silent.order_by(units.c.name, units.c.id).limit(most))).all()
    return Unreached(tuple((row.name or "", row.unit) for row in rows), tuple(names), count)


async def note_told(db: AsyncConnection, broadcast_id: int, told: str, *, done_at: datetime | None = None) -> None:
    """Note the figures shown to its sender; `done_at` closes it."""
    values: dict[str, Any] = {"told": told}
    if done_at is not None:
        values |= {"done_at": done_at, "state": Stage.DONE.value}
    await db.execute(update(broadcasts).where(broadcasts.c.id == broadcast_id).values(**values))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: to whom a broadcast went, half a year after it was done; itself, it stays."""
    done = select(broadcasts.c.id).where(broadcasts.c.done_at < now - RECIPIENTS_KEPT_FOR)
    return [Stale(broadcast_messages, broadcast_messages.c.broadcast_id.in_(done))]
