"""SQLite for SQLAlchemy's asyncio without a thread behind each statement: statements run where they are called.

A statement on a local file costs some ten microseconds, handing it to a thread and back five times as much. So only
what may take long goes aside, to a thread of the connection: waiting for a lock, a commit (it waits for the disk), and
a read that is not done within `AT_MOST` seconds, which is broken off and begun again there.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Final, Self, TypeVar

from sqlalchemy import URL
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteExecutionContext
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util.concurrency import await_

T = TypeVar("T")

AT_MOST: Final = 0.02
"""Seconds for which a read may keep everything else from running."""
MANY_ROWS: Final = 200
"""Rows from which a statement that writes many goes aside."""
BUSY_TIMEOUT_MS: Final = 10_000
"""How long another program may hold the file before a statement fails."""
DRIVER: Final = "sqlite+inline"
"""The name of the dialect in an address."""
_TRY_ASIDE: Final = (sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_STEPS: Final = 20_000  # of SQLite's machine between two looks at the clock: well under a millisecond


@lru_cache(maxsize=2_000)
def _only_reads(statement: str) -> bool:
    words = statement.upper().split()
    writes = {"INSERT", "UPDATE", "DELETE", "REPLACE"}
    return bool(words) and words[0] in ("SELECT", "WITH") and writes.isdisjoint(words)


class _Nothing:
    """What is awaited where nothing has to be: SQLAlchemy insists that an asynchronous driver awaits something."""

    def __await__(self) -> Generator[Any, None, None]:
        yield from ()


_NOTHING: Final = _Nothing()


class InlineConnection(sqlite3.Connection):
    """A connection that is used by one task of the event loop at a time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._thread: ThreadPoolExecutor | None = None
        self._until = 0.0
        self.isolation_level = None
        self.set_progress_handler(self._is_too_long, _STEPS)

    def _is_too_long(self) -> bool:
        return 0.0 < self._until < time.perf_counter()

    def run(self, work: Callable[[], T], *, reads: bool) -> T:
        """What `work` gives: at once, or aside where it reads for long or another program holds the file."""
        await_(_NOTHING)
        self._until = time.perf_counter() + AT_MOST if reads else 0.0
        try:
            return work()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _TRY_ASIDE:
                raise
        finally:
            self._until = 0.0
        return self.aside(lambda: self._patiently(work))

    def _patiently(self, work: Callable[[], T]) -> T:
        super().execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}").close()
        try:
            return work()
        finally:
            super().execute("PRAGMA busy_timeout=0").close()

    def aside(self, work: Callable[[], T]) -> T:
        """What `work` gives, done in the connection's thread while the event loop goes on."""
        return await_(self._wait_for(work))

    async def _wait_for(self, work: Callable[[], T]) -> T:
        """A cancellation breaks the statement off; it is raised once the thread has let go of the connection."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "sqlite")
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        try:
            return await asyncio.shield(done)
        except asyncio.CancelledError:
            self.interrupt()
            await asyncio.wait({done})
            if not done.cancelled():
                done.exception()
            raise

    def cursor(self, factory: Any = None) -> Any:
        """A cursor that holds its rows."""
        return super().cursor(factory or InlineCursor)  # type: ignore[arg-type]

    def begin(self, statement: str) -> None:
        """Begin a transaction."""
        self.run(lambda: super(InlineConnection, self).execute(statement).close(), reads=False)

    def commit(self) -> None:
        """Commit aside: it waits for the disk."""
        if self.in_transaction:
            self.aside(super().commit)

    def close(self) -> None:
        """Close the connection and end its thread."""
        super().close()
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None


class InlineCursor(sqlite3.Cursor):
    """A cursor that reads all rows of a statement at once."""

    def __init__(self, connection: InlineConnection) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()
        self.connection: InlineConnection

    def execute(self, sql: str, parameters: Any = (), /) -> Self:
        """Execute one statement; see `InlineConnection.run` for where."""
        self._rows = self.connection.run(lambda: self._execute_whole(sql, parameters), reads=_only_reads(sql))
        return self

    def _execute_whole(self, sql: str, parameters: Any) -> deque[Any]:
        super().execute(sql, parameters)
        return deque(super().fetchall()) if self.description else deque()

    def executemany(self, sql: str, seq_of_parameters: Iterable[Any], /) -> Self:
        """Execute one statement for many rows; aside where they are very many."""
        rows = list(seq_of_parameters)

        def work() -> None:
            super(InlineCursor, self).executemany(sql, rows)

        if len(rows) < MANY_ROWS:
            self.connection.run(work, reads=False)
        else:
            self.connection.aside(work)
        return self

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next rows, at most `size`."""
        most = self.arraysize if size is None else size
        return [self._rows.popleft() for _ in range(min(most, len(self._rows)))]

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        rows, self._rows = list(self._rows), deque()
        return rows

    async def _async_soft_close(self) -> None:
        """Nothing is left to close: the rows are here. SQLAlchemy calls it of every asynchronous driver's cursor."""

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        """The rows that are left."""
        while self._rows:
            yield self._rows.popleft()


class _InlineContext(SQLiteExecutionContext):
    def create_server_side_cursor(self) -> Any:
        """A stream of rows is read whole too, aside if it is long."""
        return self._dbapi_connection.cursor()


class InlineDialect(SQLiteDialect_pysqlite):
    """The dialect behind `DRIVER`: SQLAlchemy's own for SQLite, over `InlineConnection`."""

    driver = "inline"
    is_async = True
    supports_statement_cache = True
    supports_server_side_cursors = True
    execution_ctx_cls = _InlineContext

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        """A pool whose takers wait in the event loop."""
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        """What `sqlite3.connect` is given."""
        names, options = super().create_connect_args(url)
        return names, {**options, "factory": InlineConnection, "check_same_thread": False, "timeout": 0.0}


registry.register("sqlite.inline", __name__, InlineDialect.__name__)
