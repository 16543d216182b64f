"""Chats: when each last wrote, and whether messages can be delivered there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.obligations import TRIED_AGAIN_AFTER
from storage.purge import Stale
from storage.rows import chunks, insert_into
from storage.schema import chats

KEPT_FOR = timedelta(days=400)  # since it was last heard of


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """What is known of a chat. While Telegram refuses to deliver there, `unreachable_at` tells when it last did."""

    chat_id: int
    heard_at: datetime | None
    unreachable_at: datetime | None
    unreachable_why: str | None

    @property
    def is_reachable(self) -> bool:
        """Whether messages can be delivered, as far as is known."""
        return self.unreachable_at is None

    def is_tried(self, now: datetime) -> bool:
        """Whether messages that nobody asked for are sent there: a refusal holds for a day, and is then put to test."""
        return self.unreachable_at is None or now - self.unreachable_at >= TRIED_AGAIN_AFTER


async def note_heard(db: AsyncConnection, chat_ids: Collection[int], now: datetime) -> None:
    """Note that these chats wrote just now, so they can be reached (again)."""
    if not chat_ids:
        return
    new = insert_into(db, chats)
    statement = new.on_conflict_do_update(
        index_elements=["chat_id"],
        set_={"heard_at": new.excluded.heard_at, "unreachable_at": None, "unreachable_why": None},
    )
    await db.execute(statement, [{"chat_id": chat_id, "heard_at": now} for chat_id in sorted(chat_ids)])


async def note_unreachable(db: AsyncConnection, chat_id: int, why: str, now: datetime) -> bool:
    """Note that Telegram refuses to deliver to this chat; True where that is new, and not the same as before."""
    known = await find_chat(db, chat_id)
    new = insert_into(db, chats).values(chat_id=chat_id, unreachable_at=now, unreachable_why=why[:120])
    await db.execute(
        new.on_conflict_do_update(
            index_elements=["chat_id"],
            set_={"unreachable_at": new.excluded.unreachable_at, "unreachable_why": new.excluded.unreachable_why},
        )
    )
    return known is None or known.is_reachable


async def note_reachable(db: AsyncConnection, chat_id: int) -> None:
    """Note that the person unblocked the bot."""
    await db.execute(update(chats).where(chats.c.chat_id == chat_id).values(unreachable_at=None, unreachable_why=None))


async def note_migrated(db: AsyncConnection, old: int, new: int) -> None:
    """Note that a group became a supergroup under a new number."""
    insert = insert_into(db, chats).values(chat_id=old, migrated_to=new)
    await db.execute(insert.on_conflict_do_update(index_elements=["chat_id"], set_={"migrated_to": new}))


async def find_chat(db: AsyncConnection, chat_id: int) -> ChatAddress | None:
    """What is known of one chat."""
    return (await find_chats(db, [chat_id])).get(chat_id)


async def find_chats(db: AsyncConnection, chat_ids: Collection[int]) -> dict[int, ChatAddress]:
    """What is known of these chats; those never heard of are left out."""
    found: dict[int, ChatAddress] = {}
    columns = (chats.c.chat_id, chats.c.heard_at, chats.c.unreachable_at, chats.c.unreachable_why)
    for some in chunks(chat_ids):
        rows = await db.execute(select(*columns).where(chats.c.chat_id.in_(some)))
        for row in rows:
            found[row.chat_id] = ChatAddress(*row)
    return found


async def forget(db: AsyncConnection, chat_id: int) -> None:
    """Remove what is known of a chat."""
    await db.execute(delete(chats).where(chats.c.chat_id == chat_id))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: chats that neither wrote nor refused a message for a year."""
    before = now - KEPT_FOR
    heard = func.coalesce(chats.c.heard_at, chats.c.unreachable_at)
    return [Stale(chats, and_(heard < before, func.coalesce(chats.c.unreachable_at, heard) < before))]
