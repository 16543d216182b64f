"""Tables of plans: the files they were read from, every version of them with its facts, and the count of changes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import RowId, UtcDateTime, metadata
from storage.schema.entered import make_count, make_files

# Files that plans were read from.
plan_files = make_files("plan_files")

# Pages of such files of which there was only a picture: each as it was read, with its picture.
plan_file_pages = Table(
    "plan_file_pages",
    metadata,
    Column("file", String(64), ForeignKey("plan_files.hash"), primary_key=True),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

# Plans, every version of them: status read | in_force | replaced | withdrawn. `is_current`: it says what became of the
# plan of that id; not so one that is merely read, nor what another version stands for now. `content` holds, as JSON,
# what the other columns do not; null for a plan that comes with the program. `replaced_by` is a plan's id; beside a
# status other than `replaced` that plan was withdrawn since, and this one is replaced again if it is restored.
plan_versions = Table(
    "plan_versions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("plan_id", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("status", String(10), nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("issuer", Text),
    Column("number", Text),
    Column("issued_on", Date),
    Column("covers_from", Integer),
    Column("covers_to", Integer),
    Column("content", Text),
    Column("replaced_by", String(80)),
    Column("in_force_from", Date),
    Column("file", String(64), ForeignKey("plan_files.hash"), index=True),
    Column("added_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", BigInteger),
    UniqueConstraint("plan_id", "version"),
    Index(
        "ix_plan_versions_current",
        "plan_id",
        unique=True,
        sqlite_where=text("is_current"),
        postgresql_where=text("is_current"),
    ),
    Index(
        "ix_plan_versions_read",
        "plan_id",
        unique=True,
        sqlite_where=text("status = 'read'"),
        postgresql_where=text("status = 'read'"),
    ),
    Index("ix_plan_versions_replaced_by", "replaced_by"),
)

# What a version says: sort target | deadline | task, in the order of the plan. `ref` is its id, of a task its section.
plan_facts = Table(
    "plan_facts",
    metadata,
    Column("version_id", BigInteger, ForeignKey("plan_versions.id"), primary_key=True, autoincrement=False),
    Column("sort", String(8), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("ref", Text, nullable=False),
    Column("section", Text),
    Column("quote", Text),
    Column("content", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Subjects that a version brings with it.
plan_subjects = Table(
    "plan_subjects",
    metadata,
    Column("version_id", BigInteger, ForeignKey("plan_versions.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("content", Text, nullable=False),
    sqlite_with_rowid=False,
)

# How often what answers can see of the plans has changed.
plan_changes = make_count("plan_changes")

# Files that are being looked over before a plan is made of them, one review a file. `identity`: who issued what, as
# JSON. `plan_id`: the plan that was made; null until then. `number` counts its changes.
plan_reviews = Table(
    "plan_reviews",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("file", String(64), ForeignKey("plan_files.hash"), nullable=False, unique=True),
    Column("identity", Text, nullable=False),
    Column("plan_id", String(80)),
    Column("number", Integer, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", BigInteger),
)

# What is asked of such a file: matter identity | target | deadline | task | left_over | subject | duty; verdict sure |
# doubtful | open | accepted | corrected | dropped | made_target. `content` is the fact as JSON.
plan_review_rows = Table(
    "plan_review_rows",
    metadata,
    Column("review_id", BigInteger, ForeignKey("plan_reviews.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("matter", String(9), nullable=False),
    Column("verdict", String(11), nullable=False),
    Column("doubt", Text),
    Column("content", Text, nullable=False),
    Column("decided_by", BigInteger),
    Column("decided_at", UtcDateTime),
    sqlite_with_rowid=False,
)
