"""Contexts of the last questions, for follow-up questions; and the contents of buttons too long for 64 bytes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.purge import Stale
from storage.schema import buttons, conversations

CONTEXT_KEPT_FOR = timedelta(days=30)
BUTTONS_KEPT_FOR = timedelta(days=90)

# Needed for every question, so put together once.
_CONTEXT = select(conversations.c.context).where(
    conversations.c.chat_id == bindparam("chat"),
    conversations.c.person_id == bindparam("person"),
    conversations.c.changed_at >= bindparam("since"),
)
_KEEP_BUTTON = buttons.insert()


@cache
def _keep_context(dialect: str) -> sqlite.Insert | postgresql.Insert:
    new = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(conversations)
    return new.on_conflict_do_update(
        index_elements=["chat_id", "person_id"],
        set_={"context": new.excluded.context, "changed_at": new.excluded.changed_at},
    )


async def keep_context(
    db: AsyncConnection, chat_id: int, person_id: int, context: Mapping[str, Any], now: datetime
) -> None:
    """Keep the context of a person's last question in a chat; `context` is anything JSON can hold."""
    said = json.dumps(context, ensure_ascii=False)
    await db.execute(
        _keep_context(db.dialect.name),
        {"chat_id": chat_id, "person_id": person_id, "context": said, "changed_at": now},
    )


async def find_context(db: AsyncConnection, chat_id: int, person_id: int, *, since: datetime) -> dict[str, Any] | None:
    """The context of that person's last question in that chat, unless it was before `since`."""
    found = await db.scalar(_CONTEXT, {"chat": chat_id, "person": person_id, "since": since})
    return json.loads(found) if found else None


async def drop_context(db: AsyncConnection, chat_id: int, person_id: int) -> None:
    """Drop the context: the next question is read by itself."""
    await db.execute(
        delete(conversations).where(conversations.c.chat_id == chat_id, conversations.c.person_id == person_id)
    )


async def keep_button(
    db: AsyncConnection, payload: Mapping[str, Any], now: datetime, *, person_id: int | None = None
) -> str:
    """Keep a button's content; the token for its callback data (16 letters, not to be guessed).

    Args:
        person_id: the only one who may press it; None for everyone in the chat.
    """
    token = secrets.token_urlsafe(12)
    said = json.dumps(payload, ensure_ascii=False)
    await db.execute(_KEEP_BUTTON, {"token": token, "person_id": person_id, "payload": said, "created_at": now})
    return token


async def find_button(db: AsyncConnection, token: str, *, person_id: int) -> dict[str, Any] | None:
    """The content of a pressed button; None alike for unknown, forgotten, and another person's."""
    row = (await db.execute(select(buttons.c.person_id, buttons.c.payload).where(buttons.c.token == token))).first()
    if row is None or (row.person_id is not None and row.person_id != person_id):
        return None
    payload: dict[str, Any] = json.loads(row.payload)
    return payload


async def forget_person(db: AsyncConnection, person_id: int) -> None:
    """Remove everything kept here about one person."""
    await db.execute(delete(conversations).where(conversations.c.person_id == person_id))
    await db.execute(delete(buttons).where(buttons.c.person_id == person_id))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: conversations after thirty days, buttons after ninety."""
    return [
        Stale(conversations, conversations.c.changed_at < now - CONTEXT_KEPT_FOR),
        Stale(buttons, buttons.c.created_at < now - BUTTONS_KEPT_FOR, along=buttons.c.created_at),
    ]
