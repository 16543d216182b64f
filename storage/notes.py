"""Notes of the running bot for `troly doctor`, which is another process: one line for each key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import schema
from storage.rows import columns_of, find_all, insert_into


class NoteKey(StrEnum):
    """What is noted."""

    STARTED = "started"  # the bot was started, and could write
    ALIVE = "alive"  # the bot can write; noted every few seconds in which nothing else is written
    CLOCK = "clock"  # the clock jumped
    CATALOGUE = "catalogue"  # the stored plans cannot be taken in
    FORMS = "forms"  # the stored forms cannot be taken in
    STORAGE = "storage"  # the database could not be written
    DOCTOR = "doctor"  # `troly doctor` can write


@dataclass(frozen=True, slots=True)
class Note:
    """One line. `is_open`: it is still so, as far as the bot knew."""

    key: NoteKey
    words: str
    is_open: bool
    noted_at: datetime


async def put(db: AsyncConnection, key: NoteKey, words: str, now: datetime, *, is_open: bool = False) -> None:
    """Note `words` (English, one line) under `key`, in the place of what stood there."""
    new = insert_into(db, schema.notes)
    values = {"words": words, "is_open": is_open, "noted_at": now}
    await db.execute(new.values(key=key.value, **values).on_conflict_do_update(index_elements=["key"], set_=values))


async def drop(db: AsyncConnection, key: NoteKey) -> None:
    """Forget what stands under `key`."""
    await db.execute(delete(schema.notes).where(schema.notes.c.key == key.value))


async def find_last_sign(db: AsyncConnection) -> datetime | None:
    """When the bot was last seen at work: it noted that it lives, took an update in, or settled a message."""
    alive = select(schema.notes.c.noted_at).where(schema.notes.c.key == NoteKey.ALIVE.value)
    signs = (alive, select(func.max(schema.inbox.c.received_at)), select(func.max(schema.outbox.c.done_at)))
    found = [await db.scalar(sign) for sign in signs]
    return max((sign for sign in found if sign is not None), default=None)


async def list_all(db: AsyncConnection) -> list[Note]:
    """Every note, by key. Keys of a later version of the program are left out."""
    columns = columns_of(Note, schema.notes)
    known = schema.notes.c.key.in_([key.value for key in NoteKey])
    return await find_all(db, Note, select(*columns).where(known).order_by(schema.notes.c.key))
