"""The purge in pieces: what goes is what is old, and nobody has to wait for it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, func, select

from bot import app
from storage import conversations, errands, feedback, inbox, pace, purge, relays, reminders
from storage.engine import Database
from storage.processes import Seat, alone
from storage.purge import Stale
from storage.schema import buttons, files, missed_questions, outbox
from storage.schema import conversations as contexts
from storage.schema import inbox as updates
from tests.storage.places import undone

DAY = timedelta(days=1)
FINDERS = (*app.KEPT_FOR_A_TIME, errands.stale, relays.stale, reminders.stale)


async def fill(database: Database, now: datetime, *, rows: int = 0) -> None:
    """Rows of every age and state, and `rows` old updates more."""
    ages = [timedelta(hours=hours) for hours in (1, 71, 73, 24 * 29, 24 * 31, 24 * 89, 24 * 91, 24 * 366, 24 * 801)]
    number = iter(range(10**6))
    async with database.write() as db:
        for age in ages:
            at = now - age
            for state in ("new", "done", "parked"):
                row = next(number)
                await db.execute(
                    updates.insert().values(
                        bot_id=1, update_id=row, chat_key=f"chat:{row}", raw="{}", state=state, received_at=at
                    )
                )
            for kind in ("reply", "receipt", "reminder"):
                for state in ("due", "sent", "doubt", "dead", "dropped"):
                    await db.execute(
                        outbox.insert().values(
                            key=f"k{next(number)}",
                            chat_id=7,
                            kind=kind,
                            priority=0,
                            body="lời",
                            state=state,
                            not_before=at,
                            created_at=at,
                            done_at=None if state == "due" else at,
                        )
                    )
            row = next(number)
            await db.execute(files.insert().values(sha256=f"{row}", content=b"x" * 9000, created_at=at))
            await db.execute(buttons.insert().values(token=f"{row}", payload="{}", created_at=at))
            await db.execute(contexts.insert().values(chat_id=row, person_id=row, context="{}", changed_at=at))
            await db.execute(missed_questions.insert().values(question=f"{row}", last_on=at.date()))
            await feedback.record_vote(db, f"q{row}", good=True, ballot=f"{row}", on=at.date())
        more = [
            {"bot_id": 1, "update_id": row, "chat_key": "chat:7", "raw": "x" * 200, "state": "done", "received_at": at}
            for row, at in ((next(number), now - 9 * DAY) for _ in range(rows))
        ]
        if more:
            await db.execute(updates.insert(), more)


async def read_all(database: Database) -> dict[str, list[Any]]:
    async with database.read() as db:
        return {
            table.name: sorted((tuple(row) for row in await db.execute(select(table))), key=repr)
            for table in (updates, outbox, files, buttons, contexts, missed_questions)
        }


def find(now: datetime) -> list[Stale]:
    return [each for finder in FINDERS for each in finder(now)]


async def test_what_goes_in_pieces_is_what_went_at_once(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "LOOK", 7)
    monkeypatch.setattr(purge, "FIRST_PIECE", 2)
    await fill(database, now, rows=30)
    before = await read_all(database)
    async with undone(database) as db:
        for each in find(now):
            if each.emptied is None:
                await db.execute(each.table.delete().where(each.condition))
            else:
                await db.execute(each.table.update().where(each.condition).values(each.emptied))
        at_once = {
            table.name: sorted((tuple(row) for row in await db.execute(select(table))), key=repr)
            for table in (updates, outbox, files, buttons, contexts, missed_questions)
        }
    assert await read_all(database) == before
    assert await purge.purge(database, find(now)) > 60
    assert await read_all(database) == at_once
    assert at_once != before
    assert await purge.purge(database, find(now)) == 0


async def test_what_changed_since_it_was_looked_up_stays(database: Database, now: datetime) -> None:
    """A row is held against the condition once more in the transaction that would remove it."""
    async with database.write() as db:
        await conversations.keep_context(db, 1, 1, {}, now - 40 * DAY)
    [stale, _] = conversations.stale(now)
    async with database.read() as db:
        [found] = (await db.execute(stale.after(None, 10))).all()
    async with database.write() as db:
        await conversations.keep_context(db, 1, 1, {"new": True}, now)
        await db.execute(stale.change([found]))
        assert await conversations.find_context(db, 1, 1, since=now - DAY) == {"new": True}


async def test_a_purge_can_be_stopped_at_any_moment(
    database: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(database, now, rows=1500)

    async def count_updates() -> int:
        async with database.read() as db:
            return await db.scalar(select(func.count()).select_from(updates)) or 0

    before = await count_updates()
    with monkeypatch.context() as patch:
        patch.setattr(purge, "SHORTEST_PAUSE", 3600)  # it rests after its first piece until it is stopped
        going = asyncio.create_task(purge.purge(database, find(now)))
        while await count_updates() == before:
            pass
        going.cancel()
        with suppress(asyncio.CancelledError):
            await going
    assert await count_updates() == before - purge.FIRST_PIECE
    await purge.purge(database, find(now))
    assert await count_updates() == 9 + 4


async def test_two_processes_do_not_purge_at_once(database: Database, now: datetime) -> None:
    if database.is_sqlite:
        return
    await fill(database, now)
    async with alone(database, Seat.PURGE):
        assert await purge.purge(database, find(now)) == 0
    assert await purge.purge(database, find(now)) > 60


async def test_a_writer_comes_between_any_two_pieces_and_the_log_stays_small(
    sqlite_database: Database, now: datetime
) -> None:
    database = sqlite_database
    assert database.path is not None
    await fill(database, now, rows=30_000)
    with closing(sqlite3.connect(database.path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    log = Path(f"{database.path}-wal")
    going = asyncio.create_task(purge.purge(database, inbox.stale(now)))
    turns, largest = 0, 0
    while not going.done():
        async with database.write() as db:
            await pace.halt(db, turns, 1.0)
        turns += 1
        largest = max(largest, (await asyncio.to_thread(log.stat)).st_size)
    assert await going == 30_000 + 14
    assert turns > 30_000 / purge.LOOK  # no piece is larger, and somebody else comes after each
    assert largest < database.path.stat().st_size / 2


async def test_what_is_old_is_found_by_an_index(sqlite_database: Database, now: datetime) -> None:
    async def explain(query: Select[Any]) -> str:
        async with sqlite_database.read() as db:
            compiled = query.compile(
                dialect=db.dialect, compile_kwargs={"literal_binds": False, "render_postcompile": True}
            )
            rows = await db.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {compiled}", tuple(None for _ in compiled.positiontup or ())
            )
            return " / ".join(row[-1] for row in rows)

    for stale in find(now):
        for last in (None, [stale.order[0].type.python_type and None for _ in stale.order]):
            plan = await explain(stale.after(last, 10))
            is_small = stale.along is None and last is None  # a table that may be read from end to end
            assert is_small or "SEARCH" in plan, (stale.table.name, plan)
