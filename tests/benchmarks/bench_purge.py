"""How long somebody who writes waits while old rows are purged, in pieces and in one statement as it was before.

    python tests/benchmarks/bench_purge.py [--rows 500000] [--engine sqlite --engine postgresql]

Half the old rows are handled updates, half sent replies; a tenth as many newer ones are kept, and reminders with them.
Meanwhile somebody commits a small change every 10 ms. Both purges remove the same rows from copies of one database,
in the same run. The aim is 200 ms, or what the machine alone makes somebody wait where that is more. On SQLite the
sizes of the file and its log are watched too.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy import bindparam, text

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from storage import inbox, messages, pace  # noqa: E402
from storage.engine import Database  # noqa: E402
from storage.purge import Stale, purge  # noqa: E402
from storage.schema import UtcDateTime  # noqa: E402

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
CHUNK = 5000
LONGEST_WAIT = 0.2  # seconds, the aim
EVERY = 0.01

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM n WHERE i < :last) "
UPDATES = text(
    "INSERT INTO inbox (bot_id, update_id, natural_key, chat_key, raw, state, received_at, done_at) "
    + _NUMBERS
    + "SELECT 1, i, 'm:' || (i % 5000) || ':' || i, 'chat:' || (i % 5000), :filler, 'done', :at, :at FROM n"
).bindparams(bindparam("at", type_=UtcDateTime))
MESSAGES = text(
    "INSERT INTO outbox (chat_id, kind, priority, body, state, not_before, attempts, message_id, created_at, done_at) "
    + _NUMBERS
    + "SELECT i % 5000, :kind, 0, :filler, 'sent', :at, 1, i, :at, :at FROM n"
).bindparams(bindparam("at", type_=UtcDateTime))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a purge cost: its length and others' waits in seconds, sizes in MB (0 on PostgreSQL)."""

    took: float
    longest: float
    p99: float
    removed: int
    log: float
    file: float


def find(now: datetime) -> list[Stale]:
    """What is purged here."""
    return [*inbox.stale(now), *messages.stale(now)]


async def fill(database: Database, rows: int) -> None:
    """Old rows, newer ones, and reminders that are kept."""
    number = 1
    for count, newest, days, kind in (
        (rows // 2, NOW - timedelta(days=4), 10, "reply"),
        (rows // 10, NOW - timedelta(days=1), 1, "reply"),
        (rows // 10, NOW - timedelta(days=4), 10, "reminder"),
    ):
        for done in range(0, count, CHUNK):
            span = {"first": number, "last": number + min(CHUNK, count - done) - 1}
            at = newest - timedelta(days=days) * (1 - done / count)
            async with database.write() as db:
                if kind == "reply":
                    await db.execute(UPDATES, span | {"filler": "x" * 600, "at": at})
                await db.execute(MESSAGES, span | {"filler": "x" * 300, "at": at, "kind": kind})
            number = span["last"] + 1


async def at_once(database: Database, stale: list[Stale]) -> int:
    """The purge as it was: one transaction, one statement for each kind of row."""
    count = 0
    async with database.write() as db:
        for each in stale:
            statement = each.table.delete() if each.emptied is None else each.table.update().values(each.emptied)
            count += (await db.execute(statement.where(each.condition))).rowcount
    return count


async def nothing(_database: Database, _stale: list[Stale]) -> int:
    """No purge, for twenty seconds: what the machine alone makes others wait."""
    await asyncio.sleep(20)
    return 0


async def measure(url: str, work: Callable[[Database, list[Stale]], Awaitable[int]]) -> Figures:
    """Purge while somebody writes."""
    database = await Database.open(url)
    log = f"{database.path}-wal"
    waits, sizes = [], [0]

    async def watch_log() -> None:
        while database.is_sqlite:
            sizes.append(os.stat(log).st_size)  # noqa: PTH116
            await asyncio.sleep(EVERY)

    watching = asyncio.ensure_future(watch_log())
    try:
        began = time.perf_counter()
        going = asyncio.ensure_future(work(database, find(NOW)))
        while not going.done():
            wanted = time.perf_counter()
            async with database.write() as db:
                await pace.halt(db, wanted, 1.0)
            waits.append(time.perf_counter() - wanted)
            await asyncio.sleep(EVERY)
        took = time.perf_counter() - began
        size = database.path.stat().st_size if database.path is not None else 0
        p99 = sorted(waits)[int(0.99 * len(waits))]
        return Figures(took, max(waits), p99, await going, max(sizes) / 1e6, size / 1e6)
    finally:
        watching.cancel()
        await database.close()


def show(engine: str, name: str, figures: Figures) -> None:
    """One line."""
    sizes = f", log up to {figures.log:.0f} MB, file {figures.file:.0f} MB" if figures.file else ""
    click.echo(
        f"{engine:<11} {name:<12} longest wait {1000 * figures.longest:7.0f} ms, p99 {1000 * figures.p99:6.0f} ms, "
        f"{figures.removed:,} rows in {figures.took:.1f} s{sizes}"
    )


async def compare(engine: str, url_before: str, url_after: str) -> bool:
    """Both purges; whether the aim is met."""
    idle = await measure(url_before, nothing)
    show(engine, "no purge", idle)
    before = await measure(url_before, at_once)
    show(engine, "in one", before)
    after = await measure(url_after, purge)
    show(engine, "in pieces", after)
    aim = max(LONGEST_WAIT, idle.longest)
    met = after.longest <= aim and after.removed == before.removed
    click.echo(
        f"{engine:<11} longest wait in pieces: {after.longest / before.longest:.3f} of that in one; "
        f"aim at most {1000 * aim:.0f} ms: {'met' if met else 'MISSED'}"
    )
    return met


async def on_sqlite(folder: Path, rows: int) -> bool:
    """Two copies of a file."""
    first, second = folder / "first.db", folder / "second.db"
    database = await Database.open(f"sqlite:///{first}")
    await fill(database, rows)
    await database.close()
    click.echo(f"sqlite      file of {first.stat().st_size / 1e6:.0f} MB")
    shutil.copy(first, second)
    return await compare("sqlite", f"sqlite:///{first}", f"sqlite:///{second}")


async def on_postgresql(folder: Path, rows: int) -> bool:
    """A server that syncs as it would in earnest, with a database and its copy."""
    from tests.conftest import _start_postgres

    await asyncio.to_thread(folder.chmod, 0o755)
    server, handle = _start_postgres(folder)
    try:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM RESET {setting}")
        server.execute("SELECT pg_reload_conf()")
        server.execute("CREATE DATABASE first")
        database = await Database.open(server.address("first"))
        await fill(database, rows)
        await database.close()
        server.execute("CREATE DATABASE second TEMPLATE first")
        for name in ("first", "second"):
            database = await Database.open(server.address(name))
            async with database.write() as db:
                await db.execute(text("ANALYZE"))
            await database.close()
        return await compare("postgresql", server.address("first"), server.address("second"))
    finally:
        with suppress(ProcessLookupError):
            os.kill(int((folder / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
        handle.cleanup()


@click.command(help=__doc__)
@click.option("--rows", default=500_000, show_default=True)
@click.option("--engine", "engines", multiple=True, type=click.Choice(["sqlite", "postgresql"]))
def main(rows: int, engines: tuple[str, ...]) -> None:
    """Both engines, or those that are named."""
    met = []
    for engine in engines or ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="troly-bench-") as folder:
            run = on_sqlite if engine == "sqlite" else on_postgresql
            met.append(asyncio.run(run(Path(folder), rows)))
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
