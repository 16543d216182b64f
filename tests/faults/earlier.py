"""A database as an earlier version of the program left it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, TextClause, create_engine, insert, make_url, select, text

import storage.migrations

EARLIEST = "0001"


def sync_engine(url: str) -> Engine:
    """An engine for this DATABASE_URL that needs no event loop."""
    parsed = make_url(url)
    return create_engine(
        parsed.set(drivername="sqlite" if parsed.get_backend_name() == "sqlite" else "postgresql+psycopg")
    )


def make_earlier(url: str, revision: str) -> None:
    """Make the database what it would be at an earlier revision: its tables, and the rows and columns they had."""
    engine = sync_engine(url)
    try:
        with engine.begin() as connection:
            kept = _read_all(connection)
            _drop_all(connection)
            upgrade(connection, revision)
            tables = MetaData()
            tables.reflect(connection)
            for table in tables.sorted_tables:
                rows = [
                    {c.name: row[c.name] for c in table.columns if c.name in row} for row in kept.get(table.name, ())
                ]
                if rows and table.name != "alembic_version":
                    connection.execute(insert(table), rows)
                if connection.dialect.name == "postgresql" and "id" in table.columns:
                    connection.execute(_count_on(table.name))
    finally:
        engine.dispose()


def _count_on(table: str) -> TextClause:
    """New rows get numbers behind those that were copied."""
    sequence = f"pg_get_serial_sequence('{table}', 'id')"
    return text(f"SELECT setval({sequence}, (SELECT max(id) FROM {table})) WHERE {sequence} IS NOT NULL")


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision over this connection, in its transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(storage.migrations.__path__[0])))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _read_all(connection: Connection) -> dict[str, list[Any]]:
    tables = MetaData()
    tables.reflect(connection)
    return {table.name: [*connection.execute(select(table)).mappings()] for table in tables.sorted_tables}


def _drop_all(connection: Connection) -> None:
    tables = MetaData()
    tables.reflect(connection)
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    tables.drop_all(connection)
