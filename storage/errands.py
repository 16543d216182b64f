"""Errands: slow work that somebody waits for, kept as rows so that it is done even if the program is killed before.

An errand is claimed by moving its `not_before` ahead, and whoever does it moves it on for as long as it takes: of a
process that was killed it is free again within `LEASE`. Its message goes out under the errand's own key, so that an
errand done twice is told once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.purge import Stale
from storage.rows import insert_into
from storage.schema import errands

LEASE: Final = timedelta(seconds=15)
RENEWED: Final = LEASE / 5
"""How often whoever does an errand holds it for another `LEASE`."""
TRIES: Final = 3
KEPT_FOR: Final = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class Errand:
    """A claimed errand. `details` is anything JSON can hold; `attempts` counts this try too."""

    id: int
    key: str
    chat_id: int
    kind: str
    details: dict[str, Any]
    attempts: int
    created_at: datetime


async def add(
    db: AsyncConnection,
    kind: str,
    chat_id: int,
    details: Mapping[str, Any],
    now: datetime,
    *,
    key: str,
    not_before: datetime | None = None,
) -> bool:
    """Add an errand for a chat; False where the key was used before."""
    added = await db.execute(
        insert_into(db, errands)
        .values(
            key=key,
            chat_id=chat_id,
            kind=kind,
            details=json.dumps(details, ensure_ascii=False, separators=(",", ":")),
            not_before=not_before or now,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(errands.c.id)
    )
    return added.first() is not None


async def has_due(db: AsyncConnection, now: datetime) -> bool:
    """Whether an errand is due."""
    query = select(errands.c.id).where(errands.c.done_at.is_(None), errands.c.not_before <= now).limit(1)
    return await db.scalar(query) is not None


async def claim(db: AsyncConnection, now: datetime, *, most: int = 2) -> list[Errand]:
    """Claim the errands that wait longest. They can be claimed again after `LEASE`, at most `TRIES` times in all."""
    query = (
        select(errands.c.id)
        .where(errands.c.done_at.is_(None), errands.c.not_before <= now)
        .order_by(errands.c.not_before, errands.c.id)
        .limit(most)
    )
    if db.dialect.name != "sqlite":
        query = query.with_for_update(skip_locked=True)
    ids = list((await db.execute(query)).scalars())
    if not ids:
        return []
    rows = await db.execute(
        update(errands)
        .where(errands.c.id.in_(ids))
        .values(not_before=now + LEASE, attempts=errands.c.attempts + 1)
        .returning(errands)
    )
    return sorted(
        (
            Errand(row.id, row.key, row.chat_id, row.kind, json.loads(row.details), row.attempts, row.created_at)
            for row in rows
        ),
        key=lambda errand: errand.id,
    )


async def finish(db: AsyncConnection, errand_id: int, now: datetime) -> bool:
    """Mark an errand as done or given up; False where another process finished it meanwhile."""
    done = await db.execute(
        update(errands).where(errands.c.id == errand_id, errands.c.done_at.is_(None)).values(done_at=now)
    )
    return done.rowcount > 0


async def again(db: AsyncConnection, errand_id: int, at: datetime) -> None:
    """Let an errand be tried again at `at`, not before."""
    await db.execute(
        update(errands).where(errands.c.id == errand_id, errands.c.done_at.is_(None)).values(not_before=at)
    )


async def forget_chat(db: AsyncConnection, chat_id: int) -> None:
    """Remove the errands of this chat, done ones too."""
    await db.execute(delete(errands).where(errands.c.chat_id == chat_id))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: errands that were done long ago."""
    return [Stale(errands, errands.c.done_at < now - KEPT_FOR)]
