"""Tables of forms that entered while the bot runs: their workbooks, every version of them, and the count of changes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import RowId, UtcDateTime, metadata
from storage.schema.entered import make_count, make_files

# Workbooks that forms were read from.
form_files = make_files("form_files")

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

# How often the forms that hold have changed.
form_changes = make_count("form_changes")
