"""Tables that plans and forms have alike: the files that they were read from, and the count of their changes."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, SmallInteger, String, Table, Text

from storage.schema.columns import UtcDateTime, metadata


def make_files(name: str) -> Table:
    """A table of files as they were received; `hash` is SHA-256 in hex."""
    return Table(
        name,
        metadata,
        Column("hash", String(64), primary_key=True),
        Column("name", Text, nullable=False),
        Column("content", LargeBinary, nullable=False),
        Column("added_at", UtcDateTime, nullable=False),
    )


def make_count(name: str) -> Table:
    """A table that counts changes: one row, made by the first."""
    return Table(
        name,
        metadata,
        Column("id", SmallInteger, primary_key=True, autoincrement=False),
        Column("number", BigInteger, nullable=False),
    )
