"""The database connection: one writer and many readers on SQLite, a pool on PostgreSQL, `write` and `read` for both.

How SQLite is set up follows measurements: the driver's own transactions lose updates, so BEGIN IMMEDIATE is sent
by us; two connections that write at once can damage old SQLite versions, so there is one writer; FULL keeps the last
commit through a power cut.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import IO, Any, Self, TypeVar

from sqlalchemy import URL, Connection, create_engine, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import schema
from storage.inline import BUSY_TIMEOUT_MS, DRIVER

logger = logging.getLogger(__name__)

T = TypeVar("T")

LOG_LIMIT_BYTES = 16 << 20  # to what SQLite cuts its log once a burst has made it longer
QUICK_CHECK_UP_TO_BYTES = 300_000_000
MIGRATION_LOCK = 0x7472_6F6C_79  # "troly": the advisory lock under which PostgreSQL is migrated
_DRIVERS = {"sqlite": DRIVER, "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class DatabaseRefusedError(Exception):
    """The database cannot be used as it stands; `reason` says why and what to do, in one line without secrets."""

    for_operator = True

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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


def is_fatal(error: BaseException) -> bool:
    """Whether the disk itself fails: then nothing can be stored, and it is better to stop."""
    return "disk I/O error" in str(getattr(error, "orig", error))


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


class Database:
    """An open database. Storage functions get the connection that `write()` or `read()` yields."""

    def __init__(self, url: str) -> None:
        """Prepare the engines for `url`; nothing is opened yet. Use `Database.open` for that."""
        self.url = parse_url(url)
        self.dialect = self.url.get_backend_name()
        self._lock_file: IO[str] | None = None
        if self.is_sqlite:
            self.path: Path | None = Path(self.url.database or "")
            self._writer = _sqlite_engine(self.url, begin="BEGIN IMMEDIATE", size=1)
            self._reader = _sqlite_engine(self.url, begin="BEGIN", size=4, read_only=True)
        else:
            self.path = None
            self._writer = self._reader = create_async_engine(
                self.url,
                hide_parameters=True,
                pool_pre_ping=True,
                pool_size=10,
                max_overflow=5,
                connect_args={
                    "connect_timeout": 10,
                    "options": "-c timezone=UTC -c idle_in_transaction_session_timeout=120000 -c lock_timeout=30000",
                },
            )

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file (one process) rather than PostgreSQL (as many as wanted)."""
        return self.dialect == "sqlite"

    @classmethod
    async def open(cls, url: str, *, create: bool = True) -> Self:
        """Open, check and migrate. A missing SQLite file is made only where no trace of an earlier one lies.

        Raises:
            DatabaseRefusedError: missing, damaged, newer than this program, not writable, not reachable.
        """
        database = cls(url)
        try:
            if database.path is not None:
                await asyncio.to_thread(_check_sqlite_file, database.path, create=create)
            await database._migrate()
        except DatabaseRefusedError:
            await database.close()
            raise
        except (DBAPIError, OSError) as error:
            await database.close()
            raise DatabaseRefusedError(f"the database cannot be opened: {_plain(error)}") from error
        if database.is_sqlite:
            logger.info("database open", extra={"engine": "sqlite", "sqlite_version": sqlite3.sqlite_version})
        else:
            logger.info("database open", extra={"engine": "postgresql"})
        return database

    async def _migrate(self) -> None:
        async with self._writer.connect() as db:
            if await db.run_sync(_pending_revisions):
                if not self.is_sqlite:
                    await db.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                await db.run_sync(_upgrade)
                await uninterrupted(db.commit())
                logger.info("database migrated")

    async def close(self) -> None:
        """Close every connection and give the running lock back."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None

    def lock_for_running(self) -> None:
        """Make this the only `troly run` on a SQLite file; freed when the process ends, however it ends.

        Raises:
            DatabaseRefusedError: another process runs on it.
        """
        if self.path is None or self._lock_file is not None:
            return
        file = lock_path(self.path).open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise DatabaseRefusedError(
                f"another troly run is already using {self.path}; stop it first, or move to PostgreSQL to run several"
            ) from None
        self._lock_file = file

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that may write: committed when the block ends, rolled back when it raises."""
        async with self._writer.connect() as db:
            await db.begin()
            try:
                yield db
            except BaseException:
                with suppress(SQLAlchemyError):
                    await uninterrupted(db.rollback())
                raise
            await uninterrupted(db.commit())

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent view that does not hold up the writer; nothing done in it is kept."""
        async with self._reader.connect() as db:
            await db.begin()
            try:
                yield db
            finally:
                with suppress(SQLAlchemyError):
                    await uninterrupted(db.rollback())

    async def backup(self, target: Path) -> None:
        """Write a consistent, verified copy to `target`, a SQLite file that `troly run` can open; any time.

        The file appears under its name only once it has been checked.

        Raises:
            DatabaseRefusedError: the copy cannot be written or does not pass the check.
        """
        if self.path is not None and await asyncio.to_thread(_is_same_file, target, self.path):
            raise DatabaseRefusedError("the backup must go to another file than the database itself")
        part = target.with_name(f".{target.name}.part-{os.getpid()}")
        try:
            if self.path is not None:
                await asyncio.to_thread(_copy_sqlite, self.path, part)
            else:
                await self._copy_to_sqlite(part)
            await asyncio.to_thread(_verify_copy, part)
            part.replace(target)
        except (OSError, sqlite3.Error, DBAPIError) as error:
            raise DatabaseRefusedError(f"the backup cannot be written to {target}: {_plain(error)}") from error
        finally:
            for leftover in (part, Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-journal")):
                leftover.unlink(missing_ok=True)

    async def _copy_to_sqlite(self, part: Path) -> None:
        copy = await Database.open(URL.create("sqlite", database=str(part)).render_as_string())
        try:
            async with self._reader.connect() as source:
                await source.execution_options(isolation_level="REPEATABLE READ")
                async with copy.write() as target:
                    for table in schema.metadata.sorted_tables:
                        await target.execute(table.delete())
                        rows = await source.stream(select(table))
                        async for chunk in rows.mappings().partitions(1000):
                            await target.execute(insert(table), [dict(row) for row in chunk])
        finally:
            await copy.close()


def lock_path(path: Path) -> Path:
    """The file that `troly run` locks beside a SQLite database; it also tells that a database once lay here."""
    return path.with_name(path.name + ".lock")


def _sqlite_engine(url: URL, *, begin: str, size: int, read_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(
        url, hide_parameters=True, pool_size=size, max_overflow=0, pool_timeout=60, pool_reset_on_return=None
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


def _check_sqlite_file(path: Path, *, create: bool) -> None:
    if not path.exists():
        traces = [name for name in (lock_path(path), Path(f"{path}-wal")) if name.exists()]
        if traces:
            raise DatabaseRefusedError(
                f"the database {path} is gone but {traces[0].name} beside it shows there was one; "
                "restore a backup, or remove that file too to begin anew"
            )
        if not create:
            raise DatabaseRefusedError(f"there is no database at {path}")
        _create_sqlite(path)
        return
    size = path.stat().st_size
    if size == 0:
        raise DatabaseRefusedError(
            f"the database {path} is empty (0 bytes); restore a backup, or remove it to begin anew"
        )
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
            if size <= QUICK_CHECK_UP_TO_BYTES:
                found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                if found != "ok":
                    raise DatabaseRefusedError(f"the database {path} is damaged; restore a backup")
            connection.execute("BEGIN IMMEDIATE")
            connection.rollback()
    except sqlite3.OperationalError as error:
        raise DatabaseRefusedError(f"the database {path} cannot be written: {error}") from None
    except sqlite3.DatabaseError:
        raise DatabaseRefusedError(f"the database {path} is damaged; restore a backup") from None


def _create_sqlite(path: Path) -> None:
    """Make the file whole under another name first, so that a half-made one is never found."""
    part = path.with_name(f".{path.name}.new-{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(URL.create("sqlite", database=str(part)))
        try:
            with engine.begin() as connection:
                _upgrade(connection)
        finally:
            engine.dispose()
        with suppress(FileExistsError):
            path.hardlink_to(part)
    except (OSError, OperationalError) as error:
        raise DatabaseRefusedError(
            f"the database {path} cannot be created ({_plain(error)}); make its folder writable or change DATABASE_URL"
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _is_same_file(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source, timeout=60)) as connection, closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _verify_copy(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("PRAGMA journal_mode=DELETE")
        if copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise DatabaseRefusedError("the copy does not pass its integrity check; run troly doctor")
        copy.execute("SELECT version_num FROM alembic_version").fetchone()
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _plain(error: BaseException) -> str:
    """The driver's message on one line, without statement or parameters."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return " ".join(str(cause).split())[:200] or type(cause).__name__


def _alembic_config(connection: Connection) -> Any:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _pending_revisions(connection: Connection) -> bool:
    """Whether migrations are to be run; a database with migrations unknown to this program is refused."""
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    script = ScriptDirectory.from_config(_alembic_config(connection))
    present = set(MigrationContext.configure(connection).get_current_heads())
    known = {revision.revision for revision in script.walk_revisions()}
    if present - known:
        raise DatabaseRefusedError(
            f"the database is newer than this program (it is at {', '.join(sorted(present - known))}); update troly"
        )
    return present != set(script.get_heads())


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415

    command.upgrade(_alembic_config(connection), "heads")
