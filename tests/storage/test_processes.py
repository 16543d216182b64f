"""What the database knows of the processes that run on it, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from storage import processes
from storage.engine import Database
from storage.processes import Presence, Seat, Tenure, alone, list_alive
from tests.conftest import Postgres, PostgresDatabases

ROOT = Path(__file__).parents[2]
PROGRAM = """
import asyncio, sys
from storage.engine import Database
from storage.processes import Presence

async def main():
    presence = Presence(Database(sys.argv[1]))
    running = asyncio.create_task(presence.run())
    await presence.wait_held()
    print(presence.number, flush=True)
    await running

asyncio.run(main())
"""
TERMINATE = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = :classid"
)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    """PostgreSQL alone: on SQLite there is nothing to be found out."""
    return postgres_url


@pytest.fixture
def other_url(postgres: Postgres, postgres_databases: PostgresDatabases) -> Iterator[str]:
    """Another database of the same server."""
    name = postgres_databases.take()
    yield postgres.address(name)
    postgres_databases.give_back(name)


@asynccontextmanager
async def going(*holds: Presence | Tenure) -> AsyncIterator[None]:
    """The holds at work."""
    tasks = [asyncio.create_task(hold.run()) for hold in holds]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def one_holds(*holds: Presence | Tenure) -> None:
    """Wait until one of them holds."""

    async def is_held() -> bool:
        return any(hold.held for hold in holds)

    await within(5, is_held)


async def alive(database: Database) -> frozenset[int]:
    async with database.read() as db:
        return await list_alive(db)


async def within(seconds: float, condition: Callable[[], Awaitable[bool]]) -> float:
    """How long it took until `condition` held."""
    began = time.monotonic()
    while not await condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, int]]:
    """A process of its own that holds a number; and the number."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        url,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        yield process, int(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_process_is_alive_while_it_runs(database: Database) -> None:
    one, other = Presence(database), Presence(database)
    assert not one.held
    async with going(one):
        async with going(other):
            await asyncio.gather(one.wait_held(), other.wait_held())
            assert one.number != other.number
            assert await alive(database) == {one.number, other.number}
        assert other.number is None

        async def is_alone() -> bool:
            return await alive(database) == {one.number}

        await within(1, is_alone)


async def test_a_killed_process_is_dead_within_a_second_and_a_stopped_one_is_not(
    database: Database, database_url: str
) -> None:
    async with another_process(database_url) as (process, number):
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(3 * processes.PING_EVERY)
        assert number in await alive(database)
        process.send_signal(signal.SIGCONT)
        process.kill()

        async def is_dead() -> bool:
            return number not in await alive(database)

        await within(1, is_dead)


async def test_a_lost_connection_brings_a_new_number(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "PING_EVERY", 60.0)
    presence = Presence(database)
    async with going(presence):
        await presence.wait_held()
        before = presence.number
        async with database.write() as db:
            await db.execute(TERMINATE, {"classid": processes._NUMBERS})

        async def is_lost() -> bool:
            return presence.number is None

        await within(10, is_lost)  # noticed at once, not at the next ping
        await asyncio.wait_for(presence.wait_held(), 5)
        assert presence.number not in (None, before)
        assert await alive(database) == {presence.number}


async def test_numbers_of_another_database_are_not_ours(database: Database, other_url: str) -> None:
    other = Database(other_url)
    stranger = Presence(other)
    async with going(stranger):
        await stranger.wait_held()
        assert await alive(database) == frozenset()
        assert await alive(other) == {stranger.number}
    await other.close()


async def test_a_dead_machine_is_noticed_by_the_server(database: Database) -> None:
    address = database.url
    connection = await processes._connect(database, may_be_silent=5)
    try:
        shown = {}
        for name in ("tcp_keepalives_idle", "tcp_user_timeout", "idle_session_timeout"):
            row = await (await connection.execute(f"SHOW {name}".encode())).fetchone()
            assert row is not None
            shown[name] = row[0]
    finally:
        await connection.close()
    assert shown["idle_session_timeout"] == "5s"
    if "host" not in address.query:  # a Unix socket has neither
        assert shown["tcp_user_timeout"] == "6s"


async def test_one_sits_and_the_next_follows_when_it_goes(database: Database) -> None:
    first, second = Tenure(database, Seat.POLLER), Tenure(database, Seat.POLLER)
    async with going(second):
        async with going(first):
            await one_holds(first, second)
            holder, waiter = (first, second) if first.held else (second, first)
            await asyncio.sleep(1.2 * processes.TRY_EVERY)
            assert holder.held
            assert not waiter.held
            async with database.write() as db:
                await db.execute(TERMINATE, {"classid": processes._SEATS})
            await asyncio.wait_for(asyncio.shield(holder.wait_lost()), 5)
            await one_holds(first, second)
            assert first.held != second.held
        await asyncio.wait_for(second.wait_held(), 10)


async def test_a_process_that_hangs_leaves_its_seat(database: Database) -> None:
    hung = await processes._connect(database, may_be_silent=0.5)
    assert await processes._try_lock(hung, processes._SEATS, Seat.POLLER)
    tenure = Tenure(database, Seat.POLLER)
    async with going(tenure):
        await asyncio.wait_for(tenure.wait_held(), 4)
    await hung.close()


async def test_work_for_one_is_left_to_it(database: Database) -> None:
    async with alone(database, Seat.PURGE) as ours:
        assert ours
        async with alone(database, Seat.PURGE) as theirs:
            assert not theirs
        async with alone(database, Seat.POLLER) as other_seat:
            assert other_seat
    async with alone(database, Seat.PURGE) as ours_again:
        assert ours_again


async def test_on_sqlite_there_is_one_process(sqlite_database: Database) -> None:
    presence = Presence(sqlite_database)
    assert presence.number == processes.ONLY_PROCESS
    async with going(presence):
        await presence.wait_held()
        assert await alive(sqlite_database) == {presence.number}
    async with alone(sqlite_database, Seat.PURGE) as ours:
        assert ours
