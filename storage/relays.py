"""Questions passed on to a supervisor. Their words are kept until they are answered, and never serve as an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.purge import Stale
from storage.rows import find_of_id, find_one, to_record
from storage.schema import people, relays

KEPT_FOR: Final = timedelta(days=60)


class RelayState(StrEnum):
    """The state of a relayed question: waiting or answered."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Relay:
    """A question passed on. `chat_id` is where its answer goes; `unit_id` the asker's unit."""

    id: int
    asked_by: int
    chat_id: int
    unit_id: int
    question: str
    asked_at: datetime
    state: RelayState
    answered_by: int | None = None


async def add(
    db: AsyncConnection, *, asked_by: int, chat_id: int, unit_id: int, question: str, now: datetime
) -> tuple[Relay, bool]:
    """Add a question; the relay and whether it is new: while one waits, asking it again adds none."""
    query = select(relays).where(relays.c.asked_by == asked_by, relays.c.question == question)
    waiting = await find_one(db, Relay, query.where(relays.c.state == RelayState.OPEN.value))
    if waiting is not None:
        return waiting, False
    new = await db.execute(
        insert(relays)
        .values(
            asked_by=asked_by,
            chat_id=chat_id,
            unit_id=unit_id,
            question=question,
            asked_at=now,
            state=RelayState.OPEN.value,
        )
        .returning(relays)
    )
    return to_record(Relay, new.one()), True


async def count_since(db: AsyncConnection, asked_by: int, since: datetime) -> int:
    """How many questions somebody has passed on since a moment."""
    query = select(func.count()).select_from(relays).where(relays.c.asked_by == asked_by, relays.c.asked_at >= since)
    return await db.scalar(query) or 0


async def find(db: AsyncConnection, relay_id: int) -> Relay | None:
    """The question of that id, for ids that somebody else sent."""
    return await find_of_id(db, Relay, select(relays), relays.c.id, relay_id)


async def answer(db: AsyncConnection, relay_id: int, *, by: int, now: datetime) -> bool:
    """Mark a question as answered and drop its words; False where somebody answered before."""
    done = await db.execute(
        update(relays)
        .where(relays.c.id == relay_id, relays.c.state == RelayState.OPEN.value)
        .values(state=RelayState.ANSWERED.value, answered_by=by, answered_at=now, question="")
    )
    return done.rowcount > 0


async def forget_person(db: AsyncConnection, telegram_id: int) -> None:
    """Remove the questions somebody passed on; before the person itself is forgotten."""
    own = select(people.c.id).where(people.c.telegram_id == telegram_id)
    await db.execute(delete(relays).where(relays.c.asked_by.in_(own)))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: questions after two months."""
    return [Stale(relays, relays.c.asked_at < now - KEPT_FOR)]
