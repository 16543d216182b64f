"""Which SQLite files are used, and under what name; what is said of the others."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage import copying, files
from storage.engine import Database
from storage.files import APPLICATION_ID, lock_path
from storage.refused import DatabaseRefusedError


@pytest.fixture
def path(tmp_path: Path, sqlite_template: Path) -> Path:
    shutil.copy(sqlite_template, tmp_path / "troly.db")
    return tmp_path / "troly.db"


def stamp_of(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[68:72], "big")


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


async def opens(path: Path) -> None:
    await (await Database.open(f"sqlite:///{path}")).close()


async def refused(path: Path) -> str:
    with pytest.raises(DatabaseRefusedError) as raised:
        await opens(path)
    assert "\n" not in raised.value.reason
    return raised.value.reason


async def test_a_file_made_by_us_says_so(tmp_path: Path) -> None:
    await opens(tmp_path / "new.db")
    assert stamp_of(tmp_path / "new.db") == APPLICATION_ID


async def test_one_made_before_we_said_so_is_known_by_its_tables_and_marked(path: Path) -> None:
    change(path, "PRAGMA application_id=0")
    await opens(path)
    assert stamp_of(path) == APPLICATION_ID


@pytest.mark.parametrize(
    "statements",
    [
        ("CREATE TABLE songs (title TEXT)",),
        ("CREATE TABLE songs (title TEXT)", "CREATE TABLE alembic_version (version_num TEXT)"),
        (
            "CREATE TABLE alembic_version (version_num TEXT)",
            "INSERT INTO alembic_version VALUES ('ab12cd34')",
            *(f"CREATE TABLE {name} (id INTEGER)" for name in ("people", "units", "roles")),
        ),
        (
            "CREATE TABLE alembic_version (version_num TEXT)",
            "INSERT INTO alembic_version VALUES ('0001')",
            *(f"CREATE TABLE {name} (id INTEGER)" for name in ("people", "units", "roles", "a", "b", "c", "d")),
        ),
        ("CREATE TABLE songs (title TEXT)", "PRAGMA application_id=7"),
        ("PRAGMA application_id=7", "PRAGMA user_version=1"),
    ],
)
async def test_another_program_s_is_refused_and_left_alone(tmp_path: Path, statements: tuple[str, ...]) -> None:
    change(tmp_path / "other.db", *statements)
    before = (tmp_path / "other.db").read_bytes()
    assert "another program" in await refused(tmp_path / "other.db")
    assert (tmp_path / "other.db").read_bytes() == before
    assert os.listdir(tmp_path) == ["other.db"]  # noqa: PTH208


async def test_one_without_tables_is_not_begun_anew(tmp_path: Path) -> None:
    change(tmp_path / "bare.db", "PRAGMA user_version=1")
    assert "no tables" in await refused(tmp_path / "bare.db")


@pytest.mark.parametrize("table", ["outbox", "submissions"])
async def test_a_missing_table_is_named(path: Path, table: str) -> None:
    change(path, "PRAGMA foreign_keys=OFF", f"DROP TABLE {table}")
    said = await refused(path)
    assert table in said
    assert "restore a backup" in said


async def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "no file" in await refused(tmp_path)


@pytest.mark.parametrize("which", ["troly.db", "troly.db-wal", "troly.db-shm", ""])
async def test_what_may_not_be_written_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    for name in ("troly.db-wal", "troly.db-shm"):
        path.with_name(name).touch()
    denied = path.with_name(which) if which else path.parent
    may = os.access
    monkeypatch.setattr(os, "access", lambda name, mode: Path(name) != denied and may(name, mode))
    assert "cannot be written" in await refused(path)


async def test_a_symlink_and_its_file_have_one_lock(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(path)
    one, other = await Database.open(f"sqlite:///{path}"), await Database.open(f"sqlite:///{link}")
    one.lock_for_running()
    with pytest.raises(DatabaseRefusedError, match="already using"):
        other.lock_for_running()
    await other.close()
    await one.close()
    assert lock_path(link) == lock_path(path)


async def test_a_second_name_is_refused_until_it_is_gone(path: Path, tmp_path: Path) -> None:
    (tmp_path / "second.db").hardlink_to(path)
    for name in (path, tmp_path / "second.db"):
        assert "hard link" in await refused(name)
    (tmp_path / "second.db").unlink()
    await opens(path)


async def test_the_second_name_that_a_killed_start_left_is_removed(path: Path) -> None:
    left = path.with_name(".troly.db.new-17")
    left.hardlink_to(path)
    await opens(path)
    assert not left.exists()


async def test_a_lock_that_cannot_be_made_is_one_sentence(path: Path) -> None:
    database = await Database.open(f"sqlite:///{path}")
    lock_path(path).mkdir()
    with pytest.raises(DatabaseRefusedError, match=r"lock .* cannot be made"):
        database.lock_for_running()
    await database.close()


async def test_a_lock_that_others_made_can_be_taken(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock_path(path).touch(0o444)
    flags: list[int] = []
    opening = os.open

    def note(name: Any, given: int, *more: Any) -> int:
        flags.append(given)
        return opening(name, given, *more)

    monkeypatch.setattr(os, "open", note)
    files.lock_for_running(path).close()
    assert not any(given & (os.O_WRONLY | os.O_RDWR) for given in flags)


async def test_a_backup_is_known_as_ours(database: Database, tmp_path: Path) -> None:
    await copying.back_up(database, tmp_path / "copy.db")
    assert stamp_of(tmp_path / "copy.db") == APPLICATION_ID
