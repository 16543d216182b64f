"""This version on the database of any earlier one, with rows in every table: nothing is lost, and the bot goes on."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select

from bot import app
from bot.settings import load_settings
from knowledge.model.units import UnitKind
from storage import copying, migrating, notes, schema, units
from storage.engine import Database
from storage.notes import NoteKey
from storage.purge import purge
from storage.refused import DatabaseRefusedError

SINCE: Final = date(2025, 1, 6)
GONE: Final = object()

#: What stands in columns whose text means something to whoever reads it; all others get words of their own.
WORDS: Final[dict[str, Any]] = {
    "units.kind": UnitKind.PRIVATE.value,
    "roles.role": "officer",
    "invites.role": "officer",
    "invites.passes": "role",
    "inbox.state": "done",
    "inbox.raw": "{}",
    "outbox.state": "sent",
    "outbox.kind": "receipt",
    "submissions.state": "sent",
    "submissions.form": "doan-vien-thang",
    "drafts.form": "doan-vien-thang",
    "drafts.state": "{}",
    "dialogs.state": json.dumps({"type": "Own"}),
    "requests.kind": "reopen",
    "requests.state": "approved",
    "broadcasts.audience": "all",
    "broadcasts.state": "done",
    "deadlines.audience": "all",
    "relays.state": "answered",
    "errands.details": "{}",
    "conversations.context": "{}",
    "buttons.payload": "{}",
    "reminder_preferences.remind_at": "08:30",
    "plan_versions.status": "withdrawn",
    "plan_versions.content": None,
    "form_versions.status": "withdrawn",
    "form_versions.content": None,
    "plan_reviews.identity": "{}",
    "plan_review_rows.content": "{}",
    "plan_facts.content": "{}",
    "plan_subjects.content": "{}",
    "pace.slots": "[]",
}


Row = Mapping[str, Any]


@dataclass
class Kept:
    """What was put into a database on the way: by table, each row by its key, with what it held.

    `tables` and `looks` are the tables as they were last seen, and what tells that they have changed since.
    """

    rows: dict[str, dict[tuple[Any, ...], Row]] = field(default_factory=dict)
    made: int = 0
    tables: sa.MetaData = field(default_factory=sa.MetaData)
    looks: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Kept:
        """The rows as they are now."""
        return Kept({name: dict(rows) for name, rows in self.rows.items()}, tables=self.tables)

    def look(self, connection: Connection) -> None:
        """See what tables there are, and what has changed in them."""
        query = sa.text(_LOOKS[connection.dialect.name])
        found: dict[str, str] = {row.name: row.look for row in connection.execute(query)}
        changed = [name for name, look in found.items() if self.looks.get(name) != look and name != "alembic_version"]
        if changed:
            self.tables.reflect(connection, only=changed, extend_existing=True)
        self.looks = found


_LOOKS: Final = {
    "sqlite": "SELECT name, sql AS look FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT table_name AS name, string_agg(column_name, ' ') AS look FROM information_schema.columns"
    " WHERE table_schema = 'public' GROUP BY table_name",
}


@cache
def list_revisions() -> tuple[str, ...]:
    """Every revision, the first one first."""
    script = ScriptDirectory(str(Path(migrating.__file__).parent / "migrations"))
    return tuple(each.revision for each in reversed(list(script.walk_revisions())))


def make_value(column: sa.Column[Any], number: int) -> Any:
    """Something that fits this column and stands in no other row."""
    name = f"{column.table.name}.{column.name}"
    if name in WORDS:
        return WORDS[name]
    kind = column.type
    if isinstance(kind, sa.Boolean):
        return number % 2 == 0
    if isinstance(kind, sa.DateTime):
        return datetime(2025, 1, 6, 8, 30, 15) + timedelta(hours=number)  # noqa: DTZ001 - as SQLite keeps it
    if isinstance(kind, sa.Date):
        return SINCE + timedelta(days=number)
    if isinstance(kind, sa.Integer):
        return number
    if isinstance(kind, sa.Float | sa.Numeric):
        return number + 0.5
    if isinstance(kind, sa.LargeBinary):
        return f"tệp {number}".encode()
    return f"{column.name} số {number}"[-(getattr(kind, "length", None) or 100) :]


def fill(connection: Connection, kept: Kept) -> None:
    """Put two rows into every table there is: one with what has to be, one with everything."""
    kept.look(connection)
    latest: dict[str, Row] = {}
    for is_whole in (False, True):
        for table in kept.tables.sorted_tables:
            kept.made += 1
            latest[table.name] = add_row(connection, table, kept.made, latest, is_whole=is_whole)
    for name in latest:
        kept.rows[name] = read_rows(connection, kept.tables.tables[name])


def add_row(connection: Connection, table: sa.Table, number: int, latest: dict[str, Row], *, is_whole: bool) -> Row:
    """Put a row into a table; what it refers to are the rows made last."""
    values: dict[str, Any] = {}
    for column in table.columns:
        if (
            column.name == "id"
            and len(table.primary_key) == 1
            and column.type.python_type is int
            and not is_fixed(table)
        ):
            continue  # numbered by the database
        if column.nullable and not is_whole:
            continue
        target = next(iter(column.foreign_keys), None)
        if target is None:
            values[column.name] = make_value(column, number)
        elif target.column.table.name in latest:
            values[column.name] = latest[target.column.table.name][target.column.name]
    made = connection.execute(table.insert().values(values).returning(*table.columns)).mappings().one()
    row = dict(made)
    if table.name == "units":  # where it stands in the tree is told by numbers that are known now
        above = latest.get("units", {}).get("path", "/") if row["parent_id"] else "/"
        row["path"] = f"{above}{row['id']}/"
        connection.execute(table.update().where(table.c.id == row["id"]).values(path=row["path"]))
    return row


def is_fixed(table: sa.Table) -> bool:
    """Whether rows bring their own number."""
    return table.name in {"plan_changes", "form_changes"}


def read_rows(connection: Connection, table: sa.Table) -> dict[tuple[Any, ...], Row]:
    """The rows of a table by their keys, as the database has them now."""
    keys = [column.name for column in table.primary_key]
    rows = connection.execute(sa.text(f'SELECT * FROM "{table.name}"')).mappings()
    return {tuple(row[key] for key in keys): dict(row) for row in rows}


def list_lost(connection: Connection, kept: Kept) -> list[str]:
    """What is no longer there, or no longer as it was."""
    lost = []
    for name, rows in kept.rows.items():
        found = read_rows(connection, kept.tables.tables[name])
        for key, row in rows.items():
            left = found.get(key, {})
            lost += [f"{name} {key}: {column}" for column, value in row.items() if left.get(column, GONE) != value]
        if len(found) != len(rows):
            lost.append(f"{name}: {len(found)} rows for {len(rows)}")
    return lost


def list_broken(connection: Connection) -> list[Any]:
    """References to nothing, on SQLite, which does not look at them while tables are made anew."""
    if connection.dialect.name != "sqlite":
        return []
    pragmas = ("foreign_key_check", "integrity_check")
    rows = [tuple(row) for pragma in pragmas for row in connection.exec_driver_sql(f"PRAGMA {pragma}")]
    return [row for row in rows if row != ("ok",)]


async def grow(database: Database, after: Callable[[str, Kept], None] | None = None) -> Kept:
    """Take a database from the first version to this one, with new rows at each."""
    kept = Kept()
    for revision in list_revisions():
        async with database.write() as db:
            await db.run_sync(migrating.upgrade, revision)
            await db.run_sync(fill, kept)
        if after is not None:
            after(revision, kept)
    return kept


def begin_with_nothing(connection: Connection) -> None:
    """Make the database as it was before the first version."""
    schema.metadata.drop_all(connection)
    connection.exec_driver_sql("DROP TABLE alembic_version")


async def check(address: str, kept: Kept) -> None:
    """Open the database, which upgrades it, and hold it against what was put into it."""
    database = await Database.open(address, create=False)
    try:
        async with database.read() as db:
            assert await db.run_sync(list_lost, kept) == []
            assert await db.run_sync(list_broken) == []
    finally:
        await database.close()


async def check_at_work(address: str, kept: Kept, now: datetime) -> None:
    """Let the bot do with an upgraded database what it begins with, add to it, and purge it of what is old."""
    database = await Database.open(address)
    settings = load_settings(telegram_bot_token="7100000001:none-of-a-real-bot")
    bot = app.build(settings, database, clock=lambda: now)
    try:
        async with database.read() as db:
            assert await db.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), schema.metadata)) == []
            for table in schema.metadata.sorted_tables:  # read as the program reads it
                assert len((await db.execute(select(table))).all()) == len(kept.rows[table.name])
        for prepare in bot.hooks.before_work:
            await prepare(database)
        async with database.write() as db:
            assert not [note for note in await notes.list_all(db) if note.key in (NoteKey.CATALOGUE, NoteKey.FORMS)]
            there = {unit.id for unit in await units.list_children(db, None)}
            added = await units.add(
                db, code="NEW", name="Đơn vị mới", kind=UnitKind.PRIVATE, parent_id=None, registered_on=now.date()
            )
            assert added.id not in there
        much_later = now + timedelta(days=2000)
        assert await purge(database, [each for find in bot.hooks.stale for each in find(much_later)]) > 0
        async with database.read() as db:
            assert await db.run_sync(list_broken) == []
    finally:
        await bot.carrier.close()
        await database.close()


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Kept]]:
    """A file of every version, with the rows of its time and of all before it."""
    folder, found = tmp_path_factory.mktemp("earlier"), dict[str, tuple[Path, Kept]]()

    def keep(revision: str, kept: Kept) -> None:
        path = folder / f"{revision}.db"
        with closing(sqlite3.connect(folder / "growing.db")) as growing, closing(sqlite3.connect(path)) as copy:
            growing.backup(copy)
        found[revision] = path, kept.copy()

    async def run() -> None:
        database = Database(f"sqlite:///{folder / 'growing.db'}")
        await grow(database, keep)
        await database.close()

    asyncio.run(run())
    return found


@pytest.mark.parametrize("revision", list_revisions())
async def test_the_file_of_any_version_becomes_one_of_this(
    earlier: dict[str, tuple[Path, Kept]], revision: str, tmp_path: Path
) -> None:
    path, kept = earlier[revision]
    shutil.copy(path, tmp_path / "troly.db")
    await check(f"sqlite:///{tmp_path / 'troly.db'}", kept)


async def test_the_bot_works_with_rows_of_every_version(
    earlier: dict[str, tuple[Path, Kept]], tmp_path: Path, now: datetime
) -> None:
    path, kept = earlier[list_revisions()[-1]]
    assert set(kept.rows) == set(schema.metadata.tables)
    shutil.copy(path, tmp_path / "troly.db")
    await check_at_work(f"sqlite:///{tmp_path / 'troly.db'}", kept, now)


async def test_rows_of_every_version_are_there_in_this_one_on_postgresql(postgres_url: str, now: datetime) -> None:
    database = Database(postgres_url)
    async with database.write() as db:
        await db.run_sync(begin_with_nothing)
    kept = await grow(database)
    await database.close()
    assert set(kept.rows) == set(schema.metadata.tables)
    await check(postgres_url, kept)
    await check_at_work(postgres_url, kept, now)


async def test_a_backup_of_an_early_version_can_be_restored(
    earlier: dict[str, tuple[Path, Kept]],
    database_url: str,
    tmp_path: Path,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    path, kept = earlier[list_revisions()[5]]
    await copying.restore(database_url, path, now)
    database = await Database.open(database_url)
    try:
        async with database.read() as db:
            for name, rows in kept.rows.items():
                found = await db.scalar(select(func.count()).select_from(schema.metadata.tables[name]))
                assert (name, found) == (name, len(rows))
    finally:
        await database.close()


async def test_a_migration_that_is_cut_off_changes_nothing(
    earlier: dict[str, tuple[Path, Kept]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    early, late = list_revisions()[3], list_revisions()[12]
    path, kept = earlier[early]
    shutil.copy(path, tmp_path / "troly.db")
    upgrade = migrating.upgrade

    def fail(connection: Connection) -> None:
        upgrade(connection, late)
        assert "home_cards" in inspect(connection).get_table_names()
        raise OSError("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(migrating, "upgrade", fail)
        with pytest.raises(DatabaseRefusedError, match="cut off"):
            await Database.open(f"sqlite:///{tmp_path / 'troly.db'}")
    with closing(sqlite3.connect(tmp_path / "troly.db")) as left:
        assert left.execute("SELECT version_num FROM alembic_version").fetchall() == [(early,)]
        assert not left.execute("SELECT name FROM sqlite_master WHERE name LIKE 'home_cards%'").fetchall()
    await check(f"sqlite:///{tmp_path / 'troly.db'}", kept)
