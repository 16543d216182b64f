"""Open dialogs: at most one for each private chat, kept as a row so that any process can go on with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.purge import Stale
from storage.rows import insert_into
from storage.schema import dialogs

KEPT_FOR = timedelta(days=30)  # long after it was given up

_OF_CHAT = select(dialogs).where(dialogs.c.chat_id == bindparam("chat"))  # asked with every message: made once


@dataclass(frozen=True, slots=True)
class OpenDialog:
    """An open dialog: the feature that asks, its state, and the draft that it fills (None once that is gone)."""

    chat_id: int
    feature: str
    draft_id: int | None
    state: dict[str, Any]
    changed_at: datetime


async def find_dialog(db: AsyncConnection, chat_id: int, *, feature: str | None = None) -> OpenDialog | None:
    """The open dialog of a chat; with `feature`, only where it is that feature's."""
    row = (await db.execute(_OF_CHAT, {"chat": chat_id})).first()
    if row is None or (feature is not None and row.feature != feature):
        return None
    return OpenDialog(row.chat_id, row.feature, row.draft_id, json.loads(row.state), row.changed_at)


async def list_dialogs(db: AsyncConnection, feature: str, *, since: datetime, until: datetime) -> list[OpenDialog]:
    """The open dialogs of a feature that were last changed between two moments, by chat."""
    query = select(dialogs).where(dialogs.c.feature == feature, dialogs.c.changed_at.between(since, until))
    rows = await db.execute(query.order_by(dialogs.c.chat_id))
    return [OpenDialog(row.chat_id, row.feature, row.draft_id, json.loads(row.state), row.changed_at) for row in rows]


async def open_dialog(
    db: AsyncConnection,
    chat_id: int,
    feature: str,
    state: Mapping[str, Any],
    now: datetime,
    *,
    draft_id: int | None = None,
) -> None:
    """Open a dialog, or set its state; another that was open in the chat is dropped."""
    values = {
        "feature": feature,
        "draft_id": draft_id,
        "state": json.dumps(state, ensure_ascii=False, separators=(",", ":")),
        "changed_at": now,
    }
    new = insert_into(db, dialogs).values(chat_id=chat_id, **values)
    await db.execute(new.on_conflict_do_update(index_elements=["chat_id"], set_=values))


async def close_dialog(db: AsyncConnection, chat_id: int, *, feature: str | None = None) -> bool:
    """Close the chat's dialog; False where none was open. With `feature`, another feature's dialog stays open."""
    query = delete(dialogs).where(dialogs.c.chat_id == chat_id)
    if feature is not None:
        query = query.where(dialogs.c.feature == feature)
    return (await db.execute(query)).rowcount > 0


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: dialogs that were left a month ago."""
    return [Stale(dialogs, dialogs.c.changed_at < now - KEPT_FOR)]
