"""Opening, refusing, sharing and copying a database."""

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import IntegrityError

from storage import copying, messages
from storage.engine import Database
from storage.files import lock_path
from storage.mail import NewMessage
from storage.refused import DatabaseRefusedError
from storage.schema import chats


async def test_parallel_read_then_write_loses_nothing(database: Database) -> None:
    async with database.write() as db:
        await db.execute(text("INSERT INTO pace (name, slots, halt_until) VALUES ('n', '[]', 0)"))

    async def add_one() -> None:
        async with database.write() as db:
            lock = "" if database.is_sqlite else " FOR UPDATE"
            value = await db.scalar(text(f"SELECT halt_until FROM pace WHERE name = 'n'{lock}"))
            await db.execute(text("UPDATE pace SET halt_until = :v WHERE name = 'n'"), {"v": value + 1})

    await asyncio.gather(*(add_one() for _ in range(30)))
    async with database.read() as db:
        assert await db.scalar(text("SELECT halt_until FROM pace WHERE name = 'n'")) == 30


async def test_a_block_that_raises_leaves_nothing(database: Database, now: datetime) -> None:
    with pytest.raises(RuntimeError):
        async with database.write() as db:
            await messages.enqueue(db, [NewMessage(1, "x")], now)
            raise RuntimeError
    async with database.read() as db:
        assert await messages.count_by_state(db) == {}


async def test_a_task_cancelled_while_it_writes_leaves_the_door_open(database: Database, now: datetime) -> None:
    async def write() -> None:
        async with database.write() as db:
            await messages.enqueue(db, [NewMessage(1, "x")], now)

    for turns in range(12):
        task = asyncio.create_task(write())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    await write()
    async with database.read() as db:
        assert sum((await messages.count_by_state(db)).values()) >= 1


async def test_times_come_back_aware_and_in_utc(database: Database, now: datetime) -> None:
    async with database.write() as db:
        await messages.enqueue(db, [NewMessage(1, "x", key="k")], now)
    async with database.read() as db:
        found = await messages.find_delivery(db, "k")
    assert found is not None
    assert found.created_at == now
    assert found.created_at.utcoffset() is not None


async def test_the_schema_is_what_the_migrations_make(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from storage.schema import metadata

    async with database.read() as db:
        assert await db.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata)) == []


async def test_a_newer_database_is_refused(database_url: str) -> None:
    database = await Database.open(database_url)
    async with database.write() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    await database.close()
    with pytest.raises(DatabaseRefusedError, match=r"newer than this program.*update troly"):
        await Database.open(database_url)


async def test_a_missing_file_is_made_only_where_none_was(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "troly.db"
    database = await Database.open(f"sqlite:///{path}")
    database.lock_for_running()
    await database.close()
    path.unlink()
    with pytest.raises(DatabaseRefusedError, match="restore a backup"):
        await Database.open(f"sqlite:///{path}")
    assert not path.exists()
    lock_path(path).unlink()
    await (await Database.open(f"sqlite:///{path}")).close()
    assert path.exists()
    assert [entry.name for entry in path.parent.iterdir() if entry.name.startswith(".")] == []


@pytest.mark.parametrize("keep", [0, 100, 5000, 20000], ids=["empty", "header only", "one page", "some pages"])
async def test_a_truncated_file_is_refused_and_left_alone(tmp_path: Path, sqlite_template: Path, keep: int) -> None:
    path = tmp_path / "troly.db"
    path.write_bytes(sqlite_template.read_bytes()[:keep])  # noqa: ASYNC240
    with pytest.raises(DatabaseRefusedError, match=r"damaged|empty"):
        await Database.open(f"sqlite:///{path}")
    assert path.stat().st_size == keep


async def test_something_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "troly.db"
    path.write_bytes(b"not a database at all " * 500)
    with pytest.raises(DatabaseRefusedError, match="damaged"):
        await Database.open(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "nonsense", "sqlite://", "sqlite:///:memory:", "postgresql://secret:pw@127.0.0.1:1/none"]
)
async def test_an_unusable_address_is_refused_without_its_secrets(url: str) -> None:
    with pytest.raises(DatabaseRefusedError) as refused:
        await Database.open(url)
    assert "\n" not in refused.value.reason
    assert "pw" not in refused.value.reason


async def test_a_second_run_on_one_file_is_refused(tmp_path: Path, sqlite_database: Database) -> None:
    sqlite_database.lock_for_running()
    other = await Database.open(f"sqlite:///{tmp_path / 'troly.db'}")
    with pytest.raises(DatabaseRefusedError, match="already using"):
        other.lock_for_running()
    await other.close()


async def test_a_backup_taken_while_writing_is_whole_and_opens(
    database: Database, tmp_path: Path, now: datetime
) -> None:
    async def write_on() -> None:
        for number in range(40):
            async with database.write() as db:
                await messages.enqueue(db, [NewMessage(number, "x", key=f"k{number}")], now)

    async with database.write() as db:
        await messages.enqueue(db, [NewMessage(1, "x", key="before")], now)
    writing = asyncio.create_task(write_on())
    await copying.back_up(database, tmp_path / "copy.db")
    await writing
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    copy.close()
    restored = await Database.open(f"sqlite:///{tmp_path / 'copy.db'}")
    async with restored.read() as db:
        assert await messages.find_delivery(db, "before")
    await restored.close()
    assert not list(tmp_path.glob("*part*"))  # noqa: ASYNC240


async def test_a_backup_never_lands_on_the_database_itself(sqlite_database: Database) -> None:
    assert sqlite_database.path is not None
    with pytest.raises(DatabaseRefusedError, match="another file"):
        await copying.back_up(sqlite_database, sqlite_database.path)


async def test_what_a_failure_says_holds_nothing_that_was_written(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised:
        async with database.write() as db:
            for _ in range(2):
                await db.execute(insert(chats), {"chat_id": 7, "unreachable_why": "+84901000003"})
    assert "901000003" not in str(raised.value)
