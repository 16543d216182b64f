"""What happens to the file of an open database is noticed at the next commit; what is ours is no alarm."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storage import copying, guard, notes
from storage.engine import Database
from storage.guard import DatabaseLostError, DiskFailedError, is_fatal
from storage.notes import NoteKey


@pytest.fixture
async def guarded(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Database]:
    """A database as the running bot has it, with some writing done; its backup beside it."""
    shutil.copy(sqlite_template, tmp_path / "troly.db")
    opened = await Database.open(f"sqlite:///{tmp_path / 'troly.db'}")
    await copying.back_up(opened, tmp_path / "backup.db")
    opened.guard.begin()
    yield opened
    await opened.close()


async def write(database: Database, words: str = "x") -> None:
    async with database.write() as db:
        await notes.put(db, NoteKey.ALIVE, words, datetime(2026, 11, 3).astimezone())


async def write_much(database: Database) -> None:
    """Enough for some checkpoints."""
    for number in range(6):
        await write(database, "x" * 2_000_000 + str(number))


def overwrite(database: Path, content: bytes) -> None:
    with database.open("r+b") as file:
        file.truncate(0)
        file.write(content)


FATES: tuple[tuple[str, Callable[[Path], Any]], ...] = (
    ("removed", lambda path: path.unlink()),
    ("removed", lambda path: path.rename(path.with_name("away.db"))),
    ("replaced", lambda path: path.with_name("backup.db").replace(path)),
    ("replaced", lambda path: Path(shutil.copy(path, path.with_name("a.db"))).replace(path)),
    ("overwritten", lambda path: overwrite(path, path.with_name("backup.db").read_bytes())),
    ("overwritten", lambda path: overwrite(path, path.with_name("backup.db").read_bytes() + bytes(1_000_000))),
    ("overwritten", lambda path: overwrite(path, path.with_name("backup.db").read_bytes()[:8192])),
    ("overwritten", lambda path: overwrite(path, b"")),
)


@pytest.mark.parametrize("much", [False, True], ids=["little written", "much written"])
@pytest.mark.parametrize(("fate", "happens"), FATES)
async def test_a_commit_into_a_file_that_is_no_longer_ours_is_none(
    guarded: Database, fate: str, happens: Callable[[Path], Any], much: bool
) -> None:
    told: list[Exception] = []
    guarded.guard.on_fatal = told.append
    await write(guarded)
    if much:
        await write_much(guarded)
    assert guarded.path is not None
    happens(guarded.path)
    for _ in range(2):
        with pytest.raises(DatabaseLostError, match=fate):
            await write(guarded)
    assert [type(error) for error in told] == [DatabaseLostError]


@pytest.mark.parametrize(("fate", "happens"), FATES)
async def test_it_is_noticed_in_the_middle_of_a_transaction_and_without_any(
    guarded: Database, fate: str, happens: Callable[[Path], Any]
) -> None:
    assert guarded.path is not None
    with pytest.raises(DatabaseLostError, match=fate):
        async with guarded.write() as db:
            await notes.put(db, NoteKey.CLOCK, "x", datetime(2026, 11, 3).astimezone())
            happens(guarded.path)
    guarded.guard._fatal = None
    with pytest.raises(DatabaseLostError, match=fate):
        await guarded.guard.look()


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
async def test_what_lies_beside_it_is_watched_too(guarded: Database, tmp_path: Path, suffix: str) -> None:
    await write(guarded)
    await guarded.guard.look()
    (tmp_path / f"troly.db{suffix}").unlink()
    with pytest.raises(DatabaseLostError, match=suffix):
        await guarded.guard.look()


async def test_what_was_copied_over_it_is_not_mixed_with_what_was_there(guarded: Database, tmp_path: Path) -> None:
    content = (tmp_path / "backup.db").read_bytes()
    for number in range(20):
        await write(guarded, "x" * 20_000 + str(number))
    overwrite(tmp_path / "troly.db", content)
    with pytest.raises(DatabaseLostError):
        await write(guarded)
    await guarded.close()
    assert (tmp_path / "troly.db").read_bytes() == content
    (aside,) = tmp_path.glob("troly.db-wal.left-*")  # noqa: ASYNC240
    assert aside.stat().st_size > 50_000


async def test_what_moves_is_whole_where_it_moved(guarded: Database, tmp_path: Path) -> None:
    await write(guarded, "the last words")
    (tmp_path / "troly.db").rename(tmp_path / "away.db")
    with pytest.raises(DatabaseLostError):
        await guarded.guard.look()
    await guarded.close()
    moved = await Database.open(f"sqlite:///{tmp_path / 'away.db'}")
    async with moved.read() as db:
        assert [note.words for note in await notes.list_all(db)] == ["the last words"]
    await moved.close()


@pytest.mark.parametrize("replaced", [False, True])
async def test_what_no_name_leads_to_any_more_is_saved(guarded: Database, tmp_path: Path, replaced: bool) -> None:
    await write(guarded, "the last words")
    if replaced:
        (tmp_path / "backup.db").replace(tmp_path / "troly.db")
    else:
        (tmp_path / "troly.db").unlink()
    with pytest.raises(DatabaseLostError, match=r"saved as troly\.db\.rescued"):
        await guarded.guard.look()
    await guarded.close()
    (saved,) = tmp_path.glob("troly.db.rescued-*")  # noqa: ASYNC240
    for name, words in ((saved, ["the last words"]), (tmp_path / "troly.db", [])):
        if name.exists():
            opened = await Database.open(f"sqlite:///{name}")
            async with opened.read() as db:
                assert [note.words for note in await notes.list_all(db)] == words
            await opened.close()


async def test_checkpoints_of_anybody_are_ours(guarded: Database, tmp_path: Path) -> None:
    """In parallel: ours as we write much, another connection's as it writes and empties the log, looks in between."""
    other = sqlite3.connect(tmp_path / "troly.db", timeout=20, isolation_level=None, check_same_thread=False)

    def disturb() -> None:
        for number in range(40):
            other.execute("INSERT INTO files VALUES (?, ?, '2026-01-01')", (f"{number:064}", os.urandom(300_000)))
            mode = ("PASSIVE", "FULL", "RESTART", "TRUNCATE")[number % 4]
            with suppress(sqlite3.OperationalError):
                other.execute(f"PRAGMA wal_checkpoint({mode})")

    disturbing = asyncio.create_task(asyncio.to_thread(disturb))
    while not disturbing.done():
        await write(guarded, "x" * 200_000)
        await guarded.guard.look()
    await disturbing
    other.execute("VACUUM")
    other.close()
    await write_much(guarded)
    await guarded.guard.look()


async def test_a_touch_is_no_change(guarded: Database, tmp_path: Path) -> None:
    await guarded.guard.look()
    os.utime(tmp_path / "troly.db")
    await guarded.guard.look()
    await write(guarded)


async def test_a_file_that_was_given_another_number_is_the_same(guarded: Database) -> None:
    await write(guarded)
    guarded.guard._identity = (0, 0)
    await write(guarded)
    assert guarded.guard._identity != (0, 0)


async def test_after_a_kill_the_log_that_was_left_is_taken_over(tmp_path: Path, sqlite_template: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "first.db")
    first = await Database.open(f"sqlite:///{tmp_path / 'first.db'}")
    await write(first, "left in the log")
    for suffix in ("", "-wal"):
        shutil.copy(tmp_path / f"first.db{suffix}", tmp_path / f"troly.db{suffix}")
    await first.close()
    second = await Database.open(f"sqlite:///{tmp_path / 'troly.db'}")
    second.guard.begin()
    await second.guard.look()
    async with second.read() as db:
        assert [note.words for note in await notes.list_all(db)] == ["left in the log"]
    shutil.copyfile(sqlite_template, tmp_path / "troly.db")
    with pytest.raises(DatabaseLostError, match="overwritten"):
        await second.guard.look()
    await second.close()


async def test_a_large_file_is_compared_by_samples(guarded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "WHOLE_UP_TO_BYTES", 100_000)
    await write_much(guarded)
    await guarded.guard.look()
    assert guarded.path is not None
    os.utime(guarded.path)
    await guarded.guard.look()
    overwrite(guarded.path, guarded.path.with_name("backup.db").read_bytes())
    with pytest.raises(DatabaseLostError):
        await guarded.guard.look()


async def test_a_full_disk_is_noted_whoever_meets_it(guarded: Database) -> None:
    async with guarded.write() as db:
        pages = await db.scalar(text("PRAGMA page_count"))
        await db.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(OperationalError):
        await write(guarded, "x" * 3_000_000)
    assert guarded.guard.trouble == "database or disk is full"
    assert guarded.guard.troubled_at > 0
    await write(guarded)


async def test_a_failing_disk_ends_everything(guarded: Database) -> None:
    told: list[Exception] = []
    guarded.guard.on_fatal = told.append
    with pytest.raises(DiskFailedError):
        async with guarded.write():
            error = OperationalError("x", {}, sqlite3.OperationalError("disk I/O error"))
            guarded.guard._note_error(SimpleNamespace(original_exception=error.orig))
            raise error
    assert [type(error) for error in told] == [DiskFailedError]
    with pytest.raises(DiskFailedError):
        await write(guarded)


@pytest.mark.parametrize(
    ("error", "fatal"),
    [
        (OperationalError("x", {}, sqlite3.OperationalError("disk I/O error")), True),
        (OperationalError("x", {}, sqlite3.OperationalError("database or disk is full")), False),
        (DatabaseLostError("x"), True),
        (DiskFailedError("x"), True),
        (RuntimeError("disk"), False),
        (None, False),
    ],
)
def test_what_is_fatal(error: Exception | None, fatal: bool) -> None:
    assert is_fatal(error) is fatal
    if error is not None:
        outer = ValueError()
        outer.__cause__ = error
        assert is_fatal(outer) is fatal


def test_no_room_for_the_index_is_a_full_disk() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_SHMSIZE"
    assert not is_fatal(error)


async def test_nothing_is_watched_on_postgresql(database: Database) -> None:
    database.guard.begin()
    await write(database)
    await database.guard.look()
