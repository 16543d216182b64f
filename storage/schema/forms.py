"""Tables of forms that entered while the bot runs: their workbooks, every version of them, and the count of changes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import RowId, UtcDateTime, metadata

# Workbooks that forms were read from, as they were received; `hash` is SHA-256 in hex.
form_files = Table(
    "form_files",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
)

# Forms, every version of them: status held | in_force | withdrawn. `content` is the form as JSON, null while it is held
# and for a form that comes with the program; `described` what was understood of its workbook, while it is held.
# `since`: the code of its first period, null for campaigns. `replaces`: the campaign form in whose place it stands.
form_versions = Table(
    "form_versions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("form_id", String(60), nullable=False),
    Column("number", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("since", String(12)),
    Column("content", Text),
    Column("described", Text),
    Column("replaces", String(60)),
    Column("withdrawn_on", Date),
    Column("file", String(64), ForeignKey("form_files.hash"), index=True),
    Column("added_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", BigInteger),
    UniqueConstraint("form_id", "number"),
    Index(
        "ix_form_versions_held",
        "form_id",
        unique=True,
        sqlite_where=text("status = 'held'"),
        postgresql_where=text("status = 'held'"),
    ),
)

# How often the forms that hold have changed; one row, made by the first change.
form_changes = Table(
    "form_changes",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)
