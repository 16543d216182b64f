"""Migrations: what is still to be run, running it, and whether every table is there afterwards."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect

from storage import schema
from storage.refused import DatabaseRefusedError


def has_pending(connection: Connection) -> bool:
    """Whether migrations are to be run.

    Raises:
        DatabaseRefusedError: the database has migrations that this program does not know, or is at two versions.
    """
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    known, heads = read_revisions()
    present = set(MigrationContext.configure(connection).get_current_heads())
    if len(present) > 1:
        raise DatabaseRefusedError(
            f"the database says that it is at several versions ({', '.join(sorted(present))}); restore a backup"
        )
    if present - known:
        raise DatabaseRefusedError(
            f"the database is newer than this program (it is at {', '.join(sorted(present - known))}); update troly"
        )
    return present != heads


def upgrade(connection: Connection, revision: str = "heads") -> None:
    """Run the migrations that are to be run, up to `revision`, in the transaction of `connection`."""
    from alembic import command  # noqa: PLC0415

    command.upgrade(_config(connection), revision)


def find_missing_tables(connection: Connection) -> list[str]:
    """The tables that should be there and are not, by name."""
    return sorted(schema.metadata.tables.keys() - set(inspect(connection).get_table_names()))


@cache
def read_revisions() -> tuple[frozenset[str], frozenset[str]]:
    """All revisions that this program knows, and the last ones; reading them takes longer than opening a database."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    script = ScriptDirectory.from_config(_config())
    return frozenset(each.revision for each in script.walk_revisions()), frozenset(script.get_heads())


def _config(connection: Connection | None = None) -> Any:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
