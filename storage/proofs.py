"""Photos and files that officers sent as proof: a signed report, work that was done. Telegram keeps what is in them.

A private chat has the Telegram id of its person, so whose a proof is stands in its chat.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import and_, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.purge import Stale
from storage.rows import columns_of, find_all, find_of_id, to_record
from storage.schema import proofs, units
from storage.units import below

UNPLACED_KEPT_FOR: Final = timedelta(days=7)


class ProofKind(StrEnum):
    """The way Telegram sends it."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof.

    Attributes:
        unit_id: whose it is; None, as `about`, while nobody has said what it is of.
        about: what it is of, within its unit.
        file_id: what the bot that received it sends it again by.
        album: what was sent together has one.
    """

    id: int
    unit_id: int | None
    about: str | None
    kind: ProofKind
    file_id: str
    chat_id: int
    message_id: int
    album: str | None
    added_at: datetime


_COLUMNS: Final = columns_of(Proof, proofs)
_UNPLACED: Final = proofs.c.about.is_(None)


async def add(
    db: AsyncConnection,
    *,
    kind: ProofKind,
    file_id: str,
    chat_id: int,
    message_id: int,
    album: str | None,
    now: datetime,
) -> Proof:
    """Keep a proof of which nobody has said yet what it is of."""
    values = {"kind": kind.value, "file_id": file_id, "chat_id": chat_id, "message_id": message_id, "album": album}
    row = await db.execute(insert(proofs).values(**values, added_at=now).returning(proofs.c.id))
    found = await find(db, row.scalar_one())
    assert found is not None
    return found


async def find(db: AsyncConnection, proof_id: int) -> Proof | None:
    """The proof of an id from outside."""
    return await find_of_id(db, Proof, select(*_COLUMNS), proofs.c.id, proof_id)


async def place(db: AsyncConnection, proof: Proof, unit_id: int, about: str) -> int:
    """Say what a proof is of, with all that was sent together with it and belongs nowhere yet; how many there were."""
    own = proofs.c.id == proof.id
    together = or_(own, proofs.c.album == proof.album) if proof.album is not None else own
    placed = await db.execute(
        update(proofs)
        .where(proofs.c.chat_id == proof.chat_id, _UNPLACED, together)
        .values(unit_id=unit_id, about=about)
    )
    return placed.rowcount


async def list_unplaced(db: AsyncConnection, chat_id: int, message_ids: Collection[int]) -> list[Proof]:
    """What came with these messages of a chat and belongs nowhere yet."""
    query = select(*_COLUMNS).where(proofs.c.chat_id == chat_id, _UNPLACED)
    return await find_all(db, Proof, query.where(proofs.c.message_id.in_(sorted(set(message_ids)))))


async def list_about(db: AsyncConnection, unit_id: int, about: str) -> list[Proof]:
    """The proofs of one thing of a unit, in the order they came."""
    query = select(*_COLUMNS).where(proofs.c.unit_id == unit_id, proofs.c.about == about)
    return await find_all(db, Proof, query.order_by(proofs.c.id))


async def list_latest(
    db: AsyncConnection, paths: Collection[str], *, prefix: str, only: str | None = None, most: int
) -> list[tuple[Proof, str]]:
    """The proofs of units at or below any of these paths, the latest first, each with the name of its unit.

    Args:
        prefix: how what they are of begins.
        only: the one thing they are of.
    """
    if not paths:
        return []
    query = (
        select(*_COLUMNS, units.c.name.label("unit_name"))
        .join(units, units.c.id == proofs.c.unit_id)
        .where(or_(*(below(path) for path in paths)), proofs.c.about.startswith(prefix, autoescape=True))
        .order_by(proofs.c.id.desc())
        .limit(most)
    )
    if only is not None:
        query = query.where(proofs.c.about == only)
    return [(to_record(Proof, row), row.unit_name) for row in await db.execute(query)]


async def drop(db: AsyncConnection, proof_id: int, chat_id: int) -> bool:
    """Remove a proof that came from this chat; False where there is none."""
    gone = await db.execute(delete(proofs).where(proofs.c.id == proof_id, proofs.c.chat_id == chat_id))
    return gone.rowcount > 0


async def drop_about(db: AsyncConnection, unit_id: int, about: str) -> None:
    """Remove the proofs of one thing of a unit."""
    await db.execute(delete(proofs).where(proofs.c.unit_id == unit_id, proofs.c.about == about))


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Remove every proof that somebody sent."""
    await db.execute(delete(proofs).where(proofs.c.chat_id == telegram_id))


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: proofs of which nobody said within a week what they are of."""
    return [Stale(proofs, and_(_UNPLACED, proofs.c.added_at < now - UNPLACED_KEPT_FOR))]
