"""A backup in the place of a database, and a database moved to the other engine: nothing lost, numbers go on."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.terminal import sample
from knowledge.model.units import UnitKind
from storage import copying, processes, schema, units
from storage.engine import Database
from storage.refused import DatabaseRefusedError
from tests.bot.terminal.test_sample import ZONE


async def _fill(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await sample.seed(db, now, ZONE)
        await sample.hand_down(db, now, ZONE)


async def _counts(database: Database) -> dict[str, int]:
    async with database.read() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table)) or 0
            for table in schema.metadata.sorted_tables
        }


def _address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


async def test_a_backup_is_read_by_its_owner_only(database: Database, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.touch(mode=0o644)
    await copying.back_up(database, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_on_a_new_machine_the_folder_is_made(sqlite_database: Database, tmp_path: Path, now: datetime) -> None:
    await copying.back_up(sqlite_database, tmp_path / "copy.db")
    address = f"sqlite:///{tmp_path}/data/troly.db"
    assert await copying.restore(address, tmp_path / "copy.db", now) is None
    await (await Database.open(address, create=False)).close()


async def test_a_restored_database_is_as_it_was_and_goes_on_counting(
    database: Database, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    await _fill(database, now)
    before = await _counts(database)
    await copying.back_up(database, tmp_path / "copy.db")
    async with database.write() as db:
        later = await units.add(
            db, code="LATER", name="Đơn vị thêm sau", kind=UnitKind.PRIVATE, parent_id=None, registered_on=now.date()
        )
    address = _address(database)
    if database.is_sqlite:
        await database.close()
    kept = await copying.restore(address, tmp_path / "copy.db", now)
    restored = await Database.open(address)
    try:
        assert await _counts(restored) == before
        async with restored.write() as db:
            assert await units.find_unit(db, "LATER") is None
            added = await units.add(
                db, code="NEW", name="Đơn vị mới", kind=UnitKind.PRIVATE, parent_id=None, registered_on=now.date()
            )
        assert added.id == later.id
        assert kept is not None
        with sqlite3.connect(kept) as old:
            assert old.execute("SELECT count(*) FROM units WHERE code = 'LATER'").fetchone() == (1,)
        old.close()
    finally:
        await restored.close()


async def test_a_database_moves_to_a_new_file_and_to_none_that_holds_something(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    await _fill(database, now)
    target = tmp_path / "moved.db"
    rows = await copying.move(database, f"sqlite:///{target}")
    moved = await Database.open(f"sqlite:///{target}")
    try:
        assert await _counts(moved) == await _counts(database)
        assert rows == sum((await _counts(moved)).values())
        await database.close()
        with pytest.raises(DatabaseRefusedError, match="not empty"):
            await copying.move(moved, _address(database))
    finally:
        await moved.close()


async def test_a_file_moves_to_postgresql_and_rows_are_numbered_on(
    sqlite_database: Database, postgres_url: str, now: datetime
) -> None:
    await _fill(sqlite_database, now)
    await copying.move(sqlite_database, postgres_url)
    moved = await Database.open(postgres_url)
    try:
        assert await _counts(moved) == await _counts(sqlite_database)
        async with moved.write() as db:
            last = await db.scalar(select(func.max(schema.units.c.id)))
            added = await units.add(
                db, code="NEW", name="Đơn vị mới", kind=UnitKind.PRIVATE, parent_id=None, registered_on=now.date()
            )
        assert added.id == last + 1
    finally:
        await moved.close()


@asynccontextmanager
async def _running(database: Database) -> AsyncIterator[None]:
    """As `troly run` has it."""
    database.lock_for_running()
    presence = processes.Presence(database)
    task = asyncio.create_task(presence.run())
    try:
        await presence.wait_held()
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_neither_is_done_under_a_running_bot(database: Database, tmp_path: Path, now: datetime) -> None:
    await copying.back_up(database, tmp_path / "copy.db")
    address = _address(database)
    async with _running(database):
        with pytest.raises(DatabaseRefusedError, match="stop it first"):
            await copying.restore(address, tmp_path / "copy.db", now)


async def test_what_is_no_backup_leaves_everything_as_it_was(
    sqlite_database: Database, tmp_path: Path, now: datetime
) -> None:
    await _fill(sqlite_database, now)
    before = await _counts(sqlite_database)
    address = _address(sqlite_database)
    await sqlite_database.close()
    (tmp_path / "text.db").write_text("no database at all, but long enough to be looked at " * 20)
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE songs (name TEXT)")
    other.close()
    shutil.copy(tmp_path / "troly.db", tmp_path / "torn.db")
    with (tmp_path / "torn.db").open("r+b") as torn:
        torn.truncate(40_000)
    for name in ("text.db", "other.db", "torn.db", "none.db", "troly.db"):
        with pytest.raises(DatabaseRefusedError):
            await copying.restore(address, tmp_path / name, now)
    left = await Database.open(address)
    assert await _counts(left) == before
    await left.close()
    assert not [*tmp_path.glob("*before-restore*"), *tmp_path.glob("*part*")]  # noqa: ASYNC240
