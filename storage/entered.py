"""What plans and forms, which enter while the bot runs, do alike: files kept under their hash, changes counted."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from sqlalchemy import Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import insert_into


async def find_file(db: AsyncConnection, files: Table, file_hash: str) -> tuple[str, bytes] | None:
    """The name and content of the file of that hash; None where none is kept."""
    row = (await db.execute(select(files.c.name, files.c.content).where(files.c.hash == file_hash))).first()
    return (row.name, row.content) if row is not None else None


async def keep_file(db: AsyncConnection, files: Table, file: tuple[str, bytes], now: datetime) -> str:
    """Keep a file, name and content, under its hash; where it is kept already, under the name it has."""
    name, content = file
    digest = sha256(content).hexdigest()
    row = {"hash": digest, "name": name, "content": content, "added_at": now}
    await db.execute(insert_into(db, files).values(row).on_conflict_do_nothing())
    return digest


async def get_count(db: AsyncConnection, changes: Table) -> int:
    """How often something changed; it only grows."""
    return await db.scalar(select(changes.c.number)) or 0


async def lock(db: AsyncConnection, changes: Table) -> None:
    """Let nobody else change it until this transaction ends."""
    await db.execute(
        insert_into(db, changes)
        .values(id=1, number=0)
        .on_conflict_do_update(index_elements=[changes.c.id], set_={"number": changes.c.number})
    )


async def count(db: AsyncConnection, changes: Table) -> None:
    """Count a change, which is locked."""
    await db.execute(update(changes).values(number=changes.c.number + 1))
