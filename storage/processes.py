"""Processes on one database: which of them are alive, and which one alone does something.

On PostgreSQL both are advisory locks on a connection of their own, outside the pool: the server frees them when that
connection ends, however the process ended. A process that is killed closes its connection at once; one whose machine
or network is gone stops answering the server's keepalive probes and is given up after `GIVEN_UP_AFTER` seconds. A
pooler in between has to be in session mode. On SQLite there is one process, and nothing to be found out.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine import Database

logger = logging.getLogger(__name__)

ONLY_PROCESS = 1  # the number of the only process there is on SQLite
PING_EVERY = 1.0  # seconds
ANSWER_WITHIN = 4.0  # seconds for the answer to a ping; less than the server takes to give the connection up
GIVEN_UP_AFTER = 6.0  # seconds after which the server gives up a peer that does not answer
HUNG_AFTER = 10.0  # seconds of silence after which a process that hangs has to leave its seat
TRY_EVERY = 1.0  # seconds
_NUMBERS, _SEATS = 0x7472_6F6C, 0x7472_6F6D  # the first keys of the locks: "trol", "trom"
_KEEPALIVES = {"tcp_keepalives_idle": 3, "tcp_keepalives_interval": 1, "tcp_keepalives_count": 3}

# Only what this version of the server knows; a Unix socket has no keepalives and takes no notice.
_SET_UP = (
    "SELECT set_config(known.name, wanted.value, false) FROM pg_settings known"
    " JOIN unnest(%s::text[], %s::text[]) AS wanted(name, value) ON wanted.name = known.name"
)
_ALIVE = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2"
    " AND classid::bigint = :numbers"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Seat(IntEnum):
    """What one process alone does at a time."""

    POLLER = 1
    PURGE = 2
    INTRODUCTION = 3


async def list_alive(db: AsyncConnection) -> frozenset[int]:
    """The numbers of the processes that are alive, as far as the database knows now."""
    if db.dialect.name == "sqlite":
        return frozenset({ONLY_PROCESS})
    return frozenset((await db.execute(_ALIVE, {"numbers": _NUMBERS})).scalars())


@asynccontextmanager
async def alone(database: Database, seat: Seat) -> AsyncIterator[bool]:
    """Whether the block has the seat to itself; False where another process sits there, and the block is to do nothing.

    Raises:
        psycopg.Error: the database cannot be reached.
    """
    if database.is_sqlite:
        yield True
        return
    connection = await _connect(database)
    try:
        ours = await _try_lock(connection, _SEATS, seat)
        yield ours
        if ours:  # at once, and not when the server comes to notice the end of the connection
            await connection.execute("SELECT pg_advisory_unlock(%s, %s)", [_SEATS, seat])
    finally:
        await connection.close()


class _Hold:
    """An advisory lock, taken again whenever it was lost. `run()` goes on until it is cancelled.

    Attributes:
        refused: whether the database said last that another process has it.
        followed: whether another process had it before this one took it.
    """

    def __init__(self, database: Database, *, may_be_silent: float) -> None:
        self._database = database
        self._may_be_silent = may_be_silent
        self._held = asyncio.Event()
        self._lost = asyncio.Event()
        self._lost.set()
        self.refused = False
        self.followed = False

    def _choose(self) -> tuple[int, int]:
        """Both keys of the lock to try next."""
        raise NotImplementedError

    def _took(self, key: int) -> None:
        """The lock was taken."""
        self._held.set()
        self._lost.clear()

    def _gave_up(self) -> None:
        """The lock was lost, or is given back."""
        self._held.clear()
        self._lost.set()

    @property
    def held(self) -> bool:
        """Whether it is held now, as far as this process knows."""
        return self._held.is_set()

    async def wait_held(self) -> None:
        """Wait until it is held."""
        await self._held.wait()

    async def wait_lost(self) -> None:
        """Wait until it is not held."""
        await self._lost.wait()

    async def run(self) -> None:
        """Take the lock and keep it; try again each second where another process has it or the connection is lost."""
        while True:
            connection = None
            try:
                connection = await _connect(self._database, may_be_silent=self._may_be_silent)
                number, key = self._choose()
                self.followed = False
                while not await _try_lock(connection, number, key):
                    self.refused = self.followed = True
                    await asyncio.sleep(TRY_EVERY)
                    number, key = self._choose()
                self.refused = False
                self._took(key)
                await _watch(connection)
            except (psycopg.Error, OSError) as error:
                level = logging.WARNING if self.held else logging.DEBUG  # the loss, and not each try since
                extra = {"hold": type(self).__name__, "error": type(error).__name__}
                logger.log(level, "connection of this process lost", extra=extra)
            finally:
                self.refused = False
                self._gave_up()
                if connection is not None:
                    await connection.close()
            await asyncio.sleep(TRY_EVERY)


class Presence(_Hold):
    """The number under which this process is known to be alive for as long as it is.

    A process that lost its connection takes a new number, since others may have concluded from the loss that it died
    and taken over what it had claimed under the old one.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(database, may_be_silent=0)
        self._number: int | None = ONLY_PROCESS if database.is_sqlite else None

    @property
    def number(self) -> int | None:
        """The number to put on claims made now; None while there is none, so that a claim rests on its lease alone."""
        return self._number

    async def run(self) -> None:
        """Keep a number until cancelled; on SQLite it is given and nothing is to be done."""
        if self._database.is_sqlite:
            self._held.set()
            await asyncio.Event().wait()
        await super().run()

    def _choose(self) -> tuple[int, int]:
        return _NUMBERS, 1 + secrets.randbelow(2**31 - 1)

    def _took(self, key: int) -> None:
        self._number = key
        super()._took(key)
        logger.info("process has a number", extra={"number": key})

    def _gave_up(self) -> None:
        self._number = None
        super()._gave_up()


class Tenure(_Hold):
    """A seat that this process competes for on PostgreSQL and keeps until it dies, hangs, or loses its connection."""

    def __init__(self, database: Database, seat: Seat) -> None:
        super().__init__(database, may_be_silent=HUNG_AFTER)
        self._seat = seat

    def _choose(self) -> tuple[int, int]:
        return _SEATS, self._seat


async def _connect(database: Database, *, may_be_silent: float = 0) -> psycopg.AsyncConnection[Any]:
    """A connection outside the pool, whose end the server notices soon; `may_be_silent` seconds, 0 for ever."""
    arguments = database.url.get_dialect()().create_connect_args(database.url)[1]
    client = {name.removeprefix("tcp_"): value for name, value in _KEEPALIVES.items()}
    connection = await psycopg.AsyncConnection.connect(
        **{
            **arguments,
            **client,
            "tcp_user_timeout": int(ANSWER_WITHIN * 1000),
            "connect_timeout": 10,
        },
        autocommit=True,
    )
    server = _KEEPALIVES | {
        "tcp_user_timeout": int(GIVEN_UP_AFTER * 1000),
        "idle_session_timeout": int(may_be_silent * 1000),
    }
    try:
        await connection.execute(_SET_UP, [list(server), [str(value) for value in server.values()]])
    except BaseException:
        await connection.close()
        raise
    return connection


async def _try_lock(connection: psycopg.AsyncConnection[Any], number: int, key: int) -> bool:
    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [number, key])).fetchone()
    return bool(row and row[0])


async def _watch(connection: psycopg.AsyncConnection[Any]) -> None:
    """Look after the connection until it is lost; raises psycopg.Error or TimeoutError then."""
    while True:
        async for _ in connection.notifies(timeout=PING_EVERY):  # ends at once where the server hangs up
            pass
        asked = asyncio.create_task(connection.execute("SELECT 1"))
        await asyncio.wait({asked}, timeout=ANSWER_WITHIN)
        if not asked.done():
            asked.add_done_callback(lambda task: task.cancelled() or task.exception())
            asked.cancel()
            raise TimeoutError("no answer to a ping")
        asked.result()
