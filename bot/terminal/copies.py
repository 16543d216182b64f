"""The database as a whole from the terminal: a copy of it, a copy in its place, and its move to the other engine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from storage import copying
from storage.engine import Database


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(settings.database_address, create=False)
    try:
        yield database
    finally:
        await database.close()


def back_up(settings: Settings, file: Path, say: Callable[[str], None]) -> str:
    """Write a checked copy of the database to `file`.

    Raises:
        DatabaseRefusedError: the database cannot be opened, or the copy not be written.
    """

    async def run() -> None:
        async with _opened(settings) as database:
            await copying.back_up(database, file)

    say("copying …")
    asyncio.run(run())
    return f"{file}: {file.stat().st_size / 1_000_000:.1f} MB, checked; only its owner may read it"


def restore(settings: Settings, file: Path, say: Callable[[str], None]) -> str:
    """Put a backup in the place of the database, and say where what was there is kept.

    Raises:
        DatabaseRefusedError: the backup is none, the bot runs, or something cannot be written.
    """
    say("restoring …")
    kept = asyncio.run(copying.restore(settings.database_address, file, datetime.now(UTC)))
    return f"restored from {file}" + (f"; what was there before: {kept}" if kept is not None else "")


def move(settings: Settings, address: str, say: Callable[[str], None]) -> str:
    """Copy everything to another, empty database.

    Raises:
        DatabaseRefusedError: the bot runs, or the other database is not empty or not to be reached.
    """

    async def run() -> int:
        async with _opened(settings) as database:
            return await copying.move(database, address)

    say("copying …")
    rows = asyncio.run(run())
    return f"{rows} rows copied; now put the new address into DATABASE_URL and start troly run"
