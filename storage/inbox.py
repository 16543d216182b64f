"""The inbox: updates from Telegram, stored until they are handled, once each and in order within a chat."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy import and_, bindparam, func, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.purge import Stale
from storage.schema import UtcDateTime, inbox

KEPT_FOR = timedelta(days=3)
PER_CHAT = 20  # rows of one chat taken at a time
LONGEST_WAIT = timedelta(seconds=10)  # for which a try is ever put off
LARGEST_KEPT = 1_000_000  # bytes kept of what cannot be read

_sqlite_store = sqlite.insert(inbox).on_conflict_do_nothing()
_postgresql_store = postgresql.insert(inbox).on_conflict_do_nothing()

# A try is put off for a second or so; a time further ahead is of a clock that was set back since.
_LATER = "{0}.not_before > :now AND {0}.not_before <= :longest"
_OPEN = f"i.state = 'new' AND (i.not_before IS NULL OR NOT ({_LATER.format('i')}))"
# A chat whose first row waits for its next try holds the rest of that chat back.
_HELD_BACK = (
    "NOT EXISTS (SELECT 1 FROM inbox w WHERE w.state = 'new' AND w.chat_key = i.chat_key"  # noqa: S608
    f" AND {_LATER.format('w')} AND w.id <= i.id)"
)
_MOMENTS = (bindparam("now", type_=UtcDateTime), bindparam("longest", type_=UtcDateTime))
_columns = (inbox.c.id, inbox.c.update_id, inbox.c.chat_key, inbox.c.raw, inbox.c.attempts, inbox.c.received_at)
_names = ", ".join(f"i.{column.name}" for column in _columns)
_open_sqlite = (
    text(
        f"SELECT {_names} FROM inbox i WHERE {_OPEN} AND {_HELD_BACK}"  # noqa: S608
        " AND i.chat_key NOT IN :busy ORDER BY i.id LIMIT :most"
    )
    .bindparams(*_MOMENTS, bindparam("busy", expanding=True))
    .columns(*_columns)
)
# Chats first, each under a lock that lasts as long as the transaction; then, in a statement of its own that sees what
# earlier holders committed, their rows.
_chats_postgresql = text(
    "SELECT c.chat_key FROM (SELECT i.chat_key, min(i.id) AS first FROM inbox i"  # noqa: S608
    f" WHERE {_OPEN} AND {_HELD_BACK} AND NOT (i.chat_key = ANY(:busy))"
    " GROUP BY i.chat_key ORDER BY first LIMIT :window) c"
    " WHERE pg_try_advisory_xact_lock(hashtextextended(c.chat_key, 3)) LIMIT :most"
).bindparams(*_MOMENTS, bindparam("busy", type_=postgresql.ARRAY(inbox.c.chat_key.type)))
_rows_postgresql = (
    text(
        f"SELECT {_names} FROM (SELECT i.*, row_number() OVER (PARTITION BY i.chat_key ORDER BY i.id) AS place"  # noqa: S608
        f" FROM inbox i WHERE i.chat_key = ANY(:chats) AND {_OPEN} AND {_HELD_BACK}) i"
        " WHERE i.place <= :per_chat ORDER BY i.id"
    )
    .bindparams(*_MOMENTS, bindparam("chats", type_=postgresql.ARRAY(inbox.c.chat_key.type)))
    .columns(*_columns)
)
_IS_OPEN = text(f"SELECT 1 FROM inbox i WHERE {_OPEN} LIMIT 1").bindparams(*_MOMENTS)  # noqa: S608
_done = (
    update(inbox)
    .where(inbox.c.id == bindparam("row"), text("state = 'new'"))
    .values(state="done", done_at=bindparam("at", type_=UtcDateTime), error=None)
)


@dataclass(frozen=True, slots=True)
class Received:
    """An update as it came in. `raw` is its JSON; order is kept within a `chat_key`, repeats have one `natural_key`."""

    update_id: int
    chat_key: str
    raw: str
    natural_key: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What came in and cannot be kept as an update or handled: its bytes, and why.

    `update_id` is the number found in it, of any size, None where there is none.
    """

    raw: bytes
    error: str
    update_id: int | None = None

    @property
    def number(self) -> int:
        """Its number in the inbox, by which the same bytes are known again: negative, as no update's is."""
        return -1 - int.from_bytes(hashlib.blake2b(self.raw, digest_size=7).digest())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A stored update that waits to be handled."""

    id: int
    update_id: int
    chat_key: str
    raw: str
    attempts: int
    received_at: datetime


async def store(db: AsyncConnection, bot_id: int, batch: Sequence[Received], now: datetime) -> None:
    """Store a batch; updates already known, by update id or by natural key, are left as they are.

    They are written in the order of their numbers: programs that store the same ones at the same time would otherwise
    wait for each other, until PostgreSQL refuses one of them.
    """
    if not batch:
        return
    rows = [
        {
            "bot_id": bot_id,
            "update_id": received.update_id,
            "natural_key": received.natural_key,
            "chat_key": received.chat_key,
            "raw": received.raw,
            "received_at": now,
        }
        for received in sorted(batch, key=attrgetter("update_id"))
    ]
    await db.execute(_sqlite_store if db.dialect.name == "sqlite" else _postgresql_store, rows)


async def put_aside(db: AsyncConnection, bot_id: int, unreadable: Unreadable, now: datetime) -> int | None:
    """Keep the bytes of what cannot be read, parked from the start; its row, None where it is known already."""
    new = (sqlite.insert if db.dialect.name == "sqlite" else postgresql.insert)(inbox).values(
        bot_id=bot_id,
        update_id=unreadable.number,
        chat_key="?",
        raw="",
        raw_bytes=unreadable.raw[:LARGEST_KEPT],
        state="parked",
        error=unreadable.error[:200],
        received_at=now,
        done_at=now,
    )
    row: int | None = await db.scalar(new.on_conflict_do_nothing().returning(inbox.c.id))
    return row


async def count_put_aside(db: AsyncConnection, *, since: datetime) -> int:
    """How much could not be read since then."""
    query = select(func.count()).select_from(inbox)
    return await db.scalar(query.where(inbox.c.received_at >= since, inbox.c.raw_bytes.is_not(None))) or 0


async def take(db: AsyncConnection, now: datetime, *, most: int, busy: Collection[str] = ()) -> list[Waiting]:
    """The next updates to handle, oldest first, in order within each chat; nobody else gets them in this transaction.

    Args:
        most: how many updates (SQLite) or chats (PostgreSQL) at a time.
        busy: chats to leave out.
    """
    moments = {"now": now, "longest": now + LONGEST_WAIT}
    if db.dialect.name == "sqlite":
        found = await db.execute(_open_sqlite, {**moments, "busy": list(busy), "most": most})
        return [Waiting(*row) for row in found]
    locked = await db.execute(_chats_postgresql, {**moments, "busy": list(busy), "most": most, "window": most * 8})
    chats = list(locked.scalars())
    if not chats:
        return []
    found = await db.execute(_rows_postgresql, {**moments, "chats": chats, "per_chat": PER_CHAT})
    return [Waiting(*row) for row in found]


async def mark_done(db: AsyncConnection, ids: Sequence[int], now: datetime) -> None:
    """Mark updates as handled, in the transaction that holds their effects."""
    if ids:
        await db.execute(_done, [{"row": row, "at": now} for row in ids])


async def note_failure(
    db: AsyncConnection, row: Waiting, *, error: str, again_at: datetime | None, now: datetime
) -> bool:
    """Count a failed try; `again_at` None parks the update for good. False where another process counted it already."""
    counted = await db.execute(
        update(inbox)
        .where(inbox.c.id == row.id, inbox.c.state == "new", inbox.c.attempts == row.attempts)
        .values(
            attempts=inbox.c.attempts + 1,
            error=error[:200],
            not_before=again_at,
            state="new" if again_at else "parked",
            done_at=None if again_at else now,
        )
    )
    return counted.rowcount > 0


async def forget_chat(db: AsyncConnection, chat_key: str) -> None:
    """Empty what a chat wrote, up to the update that is being handled, its first that is open; their numbers stay."""
    theirs = inbox.c.chat_key == chat_key
    handled = select(func.min(inbox.c.id)).where(theirs, inbox.c.state == "new").scalar_subquery()
    await db.execute(
        update(inbox).where(theirs, or_(inbox.c.state != "new", inbox.c.id == handled)).values(raw="", raw_bytes=None)
    )


async def is_open(db: AsyncConnection, now: datetime) -> bool:
    """Whether any update may be handled now."""
    return await db.scalar(_IS_OPEN, {"now": now, "longest": now + LONGEST_WAIT}) is not None


async def count_by_state(db: AsyncConnection) -> dict[str, int]:
    """How many updates are new, done and parked."""
    found = await db.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))
    return dict(tuple(row) for row in found)


async def count_waiting(db: AsyncConnection) -> int:
    """How many updates wait to be handled."""
    return await db.scalar(select(func.count()).select_from(inbox).where(text("state = 'new'"))) or 0


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: updates handled or parked three days ago or more."""
    condition = and_(inbox.c.received_at < now - KEPT_FOR, inbox.c.state.in_(("done", "parked")))
    return [Stale(inbox, condition, along=inbox.c.received_at)]
