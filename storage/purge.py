"""The purge of what is kept no longer, in pieces: nobody who writes waits for more than one of them.

What is old is looked up by readers; only its removal by key needs the writer, in transactions of some 30 ms with
pauses between them. A piece on SQLite copies the log back into the file as it is committed, so that its cost is known
with it, the log never holds the whole purge, and freed pages are used again. In each transaction a row is held against
the condition once more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import Delete, Update

from storage.engine import Database
from storage.processes import Seat, alone

logger = logging.getLogger(__name__)

HELD_FOR = 0.03  # seconds aimed at for one transaction
SHORTEST_PAUSE = 0.01  # seconds
LOOK = 2000  # keys looked up at a time, and the largest piece
FIRST_PIECE, SMALLEST_PIECE = 50, 10  # rows
USUAL_LOG = 1000  # pages of the log at which SQLite copies them back, as it is set by default


@dataclass(frozen=True, slots=True)
class Stale:
    """Rows that are kept no longer: those of `table` that meet `condition`.

    Attributes:
        along: the column of an index that `condition` bounds from above, so that only what is old is read; left out
            for small tables, which are read from end to end.
        emptied: what is written into these rows; left out to remove them.
    """

    table: Table
    condition: ColumnElement[bool]
    along: Column[Any] | None = None
    emptied: Mapping[str, Any] | None = None

    @property
    def order(self) -> tuple[Column[Any], ...]:
        """The columns in whose order the rows are looked up, the primary key last."""
        keys = tuple(self.table.primary_key)
        return keys if self.along is None else (self.along, *keys)

    def after(self, last: Sequence[Any] | None, most: int) -> Select[Any]:
        """The query for the next rows, behind the values of `order` that came `last`."""
        query = select(*self.order).where(self.condition).order_by(*self.order).limit(most)
        if last is None:
            return query
        values = (literal(value, column.type) for column, value in zip(self.order, last, strict=True))
        return query.where(tuple_(*self.order) > tuple_(*values))

    def change(self, rows: Sequence[Sequence[Any]]) -> Delete | Update:
        """The statement that removes or empties rows that were looked up, as far as they still are what they were."""
        keys = tuple(self.table.primary_key)
        if len(keys) == 1:
            chosen = keys[0].in_([row[-1] for row in rows])
        else:
            chosen = tuple_(*keys).in_([tuple(row[-len(keys) :]) for row in rows])
        if self.emptied is None:
            return self.table.delete().where(self.condition, chosen)
        return self.table.update().where(self.condition, chosen).values(self.emptied)


#: What a part of the program keeps no longer at a moment.
FindStale = Callable[[datetime], Iterable[Stale]]


async def purge(database: Database, stale: Iterable[Stale]) -> int:
    """Remove (or empty) everything stale; how many rows. Nothing is done where another process is at it.

    It may be cancelled at any moment: what is left is for the next time.
    """
    async with alone(database, Seat.PURGE) as ours:
        if not ours:
            return 0
        count = 0
        for each in stale:
            count += await _purge(database, each)
        if count:
            logger.info("purged", extra={"rows": count})
        return count


async def _purge(database: Database, stale: Stale) -> int:
    size, count = FIRST_PIECE, 0
    last: Sequence[Any] | None = None
    while True:
        async with database.read() as db:
            found = (await db.execute(stale.after(last, LOOK))).all()
        if not found:
            return count
        last = found[-1]
        while found:
            piece, found = found[:size], found[size:]
            async with database.write() as db:
                await _copy_log_back_at(db, 1)
                began = time.perf_counter()
                count += (await db.execute(stale.change(piece))).rowcount
            held = time.perf_counter() - began
            if len(piece) == size:
                size = max(SMALLEST_PIECE, min(2 * size, LOOK, int(size * HELD_FOR / held)))
            async with database.write() as db:
                await _copy_log_back_at(db, USUAL_LOG)
            await asyncio.sleep(max(held, SHORTEST_PAUSE))


async def _copy_log_back_at(db: AsyncConnection, pages: int) -> None:
    """Let a commit of this writer copy the log back once it has so many pages."""
    if db.dialect.name == "sqlite":
        await db.exec_driver_sql(f"PRAGMA wal_autocheckpoint={pages}")
