"""The database connection: one writer and many readers on SQLite, a pool on PostgreSQL, `write` and `read` for both.

How SQLite is set up follows measurements: the driver's own transactions lose updates, so BEGIN IMMEDIATE is sent
by us; two connections that write at once can damage old SQLite versions, so there is one writer; FULL keeps the last
commit through a power cut.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import files, migrating
from storage.compiled import COMPILED
from storage.guard import Guard
from storage.inline import DRIVER
from storage.refused import DatabaseRefusedError, plain
from storage.tallies import DatabaseWork, Tallies

logger = logging.getLogger(__name__)

T = TypeVar("T")

LOG_LIMIT_BYTES = 16 << 20  # to what SQLite cuts its log once a burst has made it longer
MIGRATION_LOCK = 0x7472_6F6C_79  # "troly": the advisory lock under which PostgreSQL is migrated
_ANNOUNCED = "announced"
_DRIVERS = {"sqlite": DRIVER, "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def parse_url(url: str) -> URL:
    """The SQLAlchemy address for a `DATABASE_URL`: sqlite:///a.db → sqlite+inline:///a.db.

    Raises:
        DatabaseRefusedError: it is neither a SQLite file nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseRefusedError("DATABASE_URL cannot be read; it looks like sqlite:///data/troly.db") from None
    driver = _DRIVERS.get(parsed.drivername.split("+")[0])
    if driver is None:
        raise DatabaseRefusedError("DATABASE_URL must begin with sqlite:/// or postgresql://")
    if driver.startswith("sqlite") and (not parsed.database or parsed.database == ":memory:"):
        raise DatabaseRefusedError("DATABASE_URL must name a file, like sqlite:///data/troly.db")
    return parsed.set(drivername=driver)


async def uninterrupted(work: Coroutine[Any, Any, T]) -> T:
    """Carry `work` to its end even if the caller is cancelled meanwhile; the cancellation is raised afterwards.

    A commit that is cut short may or may not have happened, so none is."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        if not task.done():
            await asyncio.wait({task})
        if not task.cancelled() and task.exception() is not None:
            logger.warning("work under cancellation failed", extra={"error": type(task.exception()).__name__})
        raise


class Topic(StrEnum):
    """What is written that somebody in this process may wait for."""

    OUTBOX = "outbox"


def announce(db: AsyncConnection, topic: Topic) -> None:
    """Let those who listen know, once this transaction is committed, that something was written."""
    _info(db).setdefault(_ANNOUNCED, set()).add(topic)


def _info(db: AsyncConnection) -> dict[Any, Any]:
    assert db.sync_connection is not None
    return db.sync_connection.info


class Database:
    """An open database. Storage functions get the connection that `write()` or `read()` yields."""

    def __init__(self, url: str) -> None:
        """Prepare the engines for `url`; nothing is opened yet. Use `Database.open` for that."""
        self.url = parse_url(url)
        self.dialect = self.url.get_backend_name()
        self._lock_file: IO[str] | None = None
        self._listeners: dict[Topic, Callable[[], None]] = {}
        if self.is_sqlite:
            self.path: Path | None = Path(self.url.database or "")
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", size=1)
            self._reader = _sqlite_engine(self.url, begin="BEGIN", size=4, read_only=True)
        else:
            self.path = None
            self._writer = self._reader = create_async_engine(
                self.url,
                hide_parameters=True,
                execution_options={"compiled_cache": COMPILED},
                pool_pre_ping=True,
                pool_size=10,
                max_overflow=5,
                connect_args={
                    "connect_timeout": 5,
                    "keepalives_idle": 10,
                    "keepalives_interval": 5,
                    "keepalives_count": 3,
                    "tcp_user_timeout": 10_000,  # milliseconds: a server that no longer answers is given up
                    "options": "-c timezone=UTC -c idle_in_transaction_session_timeout=120000 -c lock_timeout=30000",
                },
            )

        engines = {self._writer.sync_engine, self._reader.sync_engine}
        self.guard = Guard(self.path)
        self.guard.listen_to(*engines)
        self.tallies = Tallies(*engines)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file (one process) rather than PostgreSQL (as many as wanted)."""
        return self.dialect == "sqlite"

    @classmethod
    async def open(cls, url: str, *, create: bool = True) -> Self:
        """Open, check and migrate. A missing SQLite file is made only where no trace of an earlier one lies.

        Raises:
            DatabaseRefusedError: missing, damaged, another program's, newer than this one, not writable, not reachable.
        """
        database = cls(url)
        try:
            if database.path is not None:
                await asyncio.to_thread(files.check, database.path, create=create)
            await database._migrate()
            database.guard.remember()
        except DatabaseRefusedError:
            await database.close()
            raise
        except (DBAPIError, OSError) as error:
            await database.close()
            raise DatabaseRefusedError(f"the database cannot be opened: {plain(error)}") from error
        if database.is_sqlite:
            logger.info("database open", extra={"engine": "sqlite", "sqlite_version": sqlite3.sqlite_version})
        else:
            logger.info("database open", extra={"engine": "postgresql"})
        return database

    async def _migrate(self) -> None:
        async with self._writer.connect() as db:
            if await db.run_sync(migrating.has_pending):
                if not self.is_sqlite:
                    await db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                await db.run_sync(migrating.upgrade)
                await uninterrupted(db.commit())
                logger.info("database migrated")
            missing = await db.run_sync(migrating.find_missing_tables)
            if missing:
                raise DatabaseRefusedError(f"the database lacks the table {', '.join(missing)}; restore a backup")

    async def close(self) -> None:
        """Close every connection and give the running lock back."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()
        self.guard.close()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    def lock_for_running(self) -> None:
        """Make this the only `troly run` on a SQLite file; freed when the process ends, however it ends.

        Raises:
            DatabaseRefusedError: another process runs on it, or the lock cannot be made.
        """
        if self.path is None or self._lock_file is not None:
            return
        self._lock_file = files.lock_for_running(self.path)

    def listen(self, topic: Topic, listener: Callable[[], None]) -> None:
        """Have `listener` called after each commit of this process that was announced so."""
        self._listeners[topic] = listener

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write: committed when the block ends, rolled back when it raises.

        Raises:
            DatabaseLostError: the file is no longer the one that was opened; what was written counts for nothing.
        """
        self.guard.check_same_file()
        durations, asked_at = self.tallies.durations, time.perf_counter()
        async with self._writer.connect() as db:
            await db.begin()
            durations[DatabaseWork.CONNECTION].add(time.perf_counter() - asked_at)
            _info(db).pop(_ANNOUNCED, None)
            self.tallies.begin(db)
            try:
                yield db
            except BaseException:
                with suppress(SQLAlchemyError):
                    await uninterrupted(db.rollback())
                self.guard.check_same_file()
                raise
            self.guard.check_same_file()
            announced, committing_at = _info(db).get(_ANNOUNCED, ()), time.perf_counter()
            await uninterrupted(db.commit())
            durations[DatabaseWork.COMMIT].add(time.perf_counter() - committing_at)
            self.tallies.take(db)
            self.guard.check_same_file()
            self.guard.written_at = time.monotonic()
        for topic in announced:
            if topic in self._listeners:
                self._listeners[topic]()

    @asynccontextmanager
    async def read(self, *, repeatable: bool = False) -> AsyncIterator[AsyncConnection]:
        """One consistent view that does not hold up the writer; nothing done in it is kept.

        Args:
            repeatable: whether many statements see one moment on PostgreSQL, too, as they always do on SQLite.
        """
        async with self._reader.connect() as db:
            if repeatable and not self.is_sqlite:
                await db.execution_options(isolation_level="REPEATABLE READ")
            await db.begin()
            try:
                yield db
            finally:
                with suppress(SQLAlchemyError):
                    await uninterrupted(db.rollback())


def _sqlite_engine(url: URL, *, begin: str, size: int, read_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        execution_options={"compiled_cache": COMPILED},
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
        pool_reset_on_return=None,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA journal_size_limit={LOG_LIMIT_BYTES}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.begin(begin)

    return engine
