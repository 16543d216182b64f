"""A whole database put in another's place: what `backup`, `restore` and a move from one engine to the other do."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import URL, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import files, processes, schema
from storage.engine import Database
from storage.refused import DatabaseRefusedError, plain

_PIECE = 1000  # rows read and written at a time
_BESIDE = ("-wal", "-shm", "-journal")


async def back_up(database: Database, target: Path) -> None:
    """Write a consistent, verified copy to `target`, a SQLite file that `troly run` can open; any time.

    The file appears under its name only once it has been checked, and only its owner may read it: it holds names,
    numbers and messages.

    Raises:
        DatabaseRefusedError: the copy cannot be written or does not pass the check.
    """
    if database.path is not None and await asyncio.to_thread(files.is_same, target, database.path):
        raise DatabaseRefusedError("the backup must go to another file than the database itself")
    try:
        async with _made_aside(target) as part:
            if database.path is not None:
                await asyncio.to_thread(files.copy, database.path, part)
            else:
                await _copy_to_file(database, part)
            await asyncio.to_thread(files.verify_copy, part)
            await asyncio.to_thread(part.replace, target)
    except (OSError, sqlite3.Error, DBAPIError) as error:
        raise DatabaseRefusedError(f"the backup cannot be written to {target}: {plain(error)}") from error


async def restore(address: str, backup: Path, now: datetime) -> Path | None:
    """Let a backup stand in the place of the database at `address`; of an earlier version, it is brought up to date.

    Nothing is lost: what stood there is kept under another name, beside the SQLite file, or in the working folder
    what was in PostgreSQL. The backup itself is not touched.

    Returns:
        where that is kept; None where there was nothing.

    Raises:
        DatabaseRefusedError: the backup is none of ours or damaged, the bot runs, or something cannot be written.
    """
    if not await asyncio.to_thread(backup.is_file):
        raise DatabaseRefusedError(f"there is no file {backup}")
    target = Database(address)
    try:
        if target.path is not None:
            return await _restore_file(target, target.path.resolve(), backup, now)
        return await _restore_tables(address, backup, now)
    except (OSError, sqlite3.Error, DBAPIError) as error:
        raise DatabaseRefusedError(f"the backup cannot be restored: {plain(error)}") from error
    finally:
        await target.close()


async def move(source: Database, address: str) -> int:
    """Copy everything to the empty database at `address`, of either engine; how many rows that were.

    The bot has to be stopped: what it took meanwhile would stay behind.

    Raises:
        DatabaseRefusedError: the bot runs, or something is there already.
    """
    await _check_stopped(source)
    target = await Database.open(address)
    try:
        await _check_stopped(target)
        async with target.read() as db:
            if await _count_rows(db):
                raise DatabaseRefusedError("the database to move to is not empty; name a new one")
        return await _copy_rows(source, target)
    except DBAPIError as error:
        raise DatabaseRefusedError(f"the database cannot be moved: {plain(error)}") from error
    finally:
        await target.close()


# --- The steps -------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _made_aside(target: Path) -> AsyncIterator[Path]:
    """The name of a file beside `target` that is to be made; whatever is left of it goes at the end."""
    part = target.with_name(f".{target.name}.part-{os.getpid()}")
    try:
        yield part
    finally:
        for leftover in (part, *(Path(f"{part}{end}") for end in _BESIDE)):
            leftover.unlink(missing_ok=True)


async def _copy_to_file(source: Database, part: Path) -> None:
    copy = await Database.open(URL.create("sqlite", database=str(part)).render_as_string())
    try:
        await _copy_rows(source, copy)
    finally:
        await copy.close()


async def _copy_rows(source: Database, target: Database) -> int:
    """Every row of every table, in one transaction, instead of what the target holds."""
    copied = 0
    async with source.read(repeatable=True) as old, target.write() as new:
        for table in reversed(schema.metadata.sorted_tables):
            await new.execute(table.delete())
        for table in schema.metadata.sorted_tables:
            # a unit's path begins with that of the unit above it, so what a row refers to stands before it
            order = [table.c.path] if table is schema.units else list(table.primary_key)
            rows = await old.stream(select(table).order_by(*order))
            async for piece in rows.mappings().partitions(_PIECE):
                await new.execute(insert(table), [dict(row) for row in piece])
                copied += len(piece)
        if not target.is_sqlite:
            await _count_on(new)
    return copied


async def _count_on(db: AsyncConnection) -> None:
    """Have PostgreSQL number new rows after those that were copied with their numbers."""
    for table in schema.metadata.sorted_tables:
        if table.autoincrement_column is not None:
            column = table.autoincrement_column
            sequence = await db.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            last = await db.scalar(select(func.max(column)))
            if sequence is not None and last is not None:
                await db.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


async def _count_rows(db: AsyncConnection) -> int:
    counted = 0
    for table in schema.metadata.sorted_tables:
        counted += await db.scalar(select(func.count()).select_from(table)) or 0
    return counted


async def _check_stopped(database: Database) -> None:
    if database.is_sqlite:
        database.lock_for_running()
        return
    async with database.read() as db:
        if await processes.list_alive(db):
            raise DatabaseRefusedError("troly run is using the database; stop it first")


def _name_of_kept(path: Path, now: datetime) -> Path:
    return path.with_name(f"{path.name}.before-restore-{now:%Y%m%d-%H%M%S}")


async def _restore_file(target: Database, path: Path, backup: Path, now: datetime) -> Path | None:
    if await asyncio.to_thread(files.is_same, backup, path):
        raise DatabaseRefusedError("the backup is the database itself")
    await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)  # a new machine has none yet
    target.lock_for_running()
    async with _made_aside(path) as part:
        await asyncio.to_thread(files.copy, backup, part)
        await (await Database.open(URL.create("sqlite", database=str(part)).render_as_string(), create=False)).close()
        await asyncio.to_thread(files.verify_copy, part)
        return await asyncio.to_thread(_put_in_place, part, path, now)


def _put_in_place(part: Path, path: Path, now: datetime) -> Path | None:
    kept = _name_of_kept(path, now) if path.exists() else None
    if kept is not None:
        _give_to_owner(part, path)
        for end in ("", *_BESIDE):
            with suppress(FileNotFoundError):
                Path(f"{path}{end}").rename(f"{kept}{end}")
    part.replace(path)
    return kept


def _give_to_owner(path: Path, other: Path) -> None:
    """Let a file belong to whom the other belongs to: who restores as root is seldom who runs the bot."""
    if os.geteuid() == 0:
        owner = other.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


async def _restore_tables(address: str, backup: Path, now: datetime) -> Path | None:
    database = await Database.open(address)
    kept: Path | None = _name_of_kept(Path("postgresql.db"), now)
    try:
        await _check_stopped(database)
        async with _made_aside(Path(backup.name)) as part:
            await asyncio.to_thread(files.copy, backup, part)
            copy = await Database.open(URL.create("sqlite", database=str(part)).render_as_string(), create=False)
            try:
                async with database.read() as db:
                    is_empty = not await _count_rows(db)
                if is_empty:
                    kept = None
                elif kept is not None:
                    await back_up(database, kept)
                await _copy_rows(copy, database)
            finally:
                await copy.close()
    finally:
        await database.close()
    return kept
