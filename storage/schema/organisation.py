"""Tables of units, people, roles and invitations."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, text

from storage.schema.columns import PathText, RowId, UtcDateTime, metadata

# The tree of units: `path` is the ids from the root down, "/1/5/9/"; lists are in the order of `sort_key`. Units are
# never removed: they are dissolved.
units = Table(
    "units",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("code", String(60), nullable=False),
    Column("code_key", String(60), nullable=False, unique=True),
    Column("name", String(250), nullable=False),
    Column("folded", String(320), nullable=False),
    Column("sort_key", PathText, nullable=False, server_default=""),
    Column("kind", String(20), nullable=False),
    Column("parent_id", BigInteger, ForeignKey("units.id", deferrable=True, initially="DEFERRED"), index=True),
    Column("path", PathText, nullable=False, unique=True),
    Column("plan", String(80)),
    Column("registered_on", Date, nullable=False),
    Column("dissolved_on", Date),
    Column("merged_into", BigInteger),
    Index(
        "ix_units_merged_into",
        "merged_into",
        sqlite_where=text("merged_into IS NOT NULL"),
        postgresql_where=text("merged_into IS NOT NULL"),
    ),
)

# Officers, known by Telegram id once they have joined, by phone number before. Rows are never removed: who asks to be
# forgotten loses name, number and id, and what they sent for their unit stays. `called` is how they chose to be
# addressed: anh | chi | nothing; null where they chose nothing.
people = Table(
    "people",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("telegram_id", BigInteger, unique=True),
    Column("name", String(120), nullable=False),
    Column("phone", String(20), unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("joined_at", UtcDateTime),
    Column("forgotten_at", UtcDateTime),
    Column("called", String(4)),
)

# Who does what for which unit and all below: role officer | supervisor | admin.
roles = Table(
    "roles",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("role", String(12), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("granted_by", BigInteger),
    Column("ended_at", UtcDateTime),
    Column("ended_by", BigInteger),
    Index(
        "ix_roles_held",
        "person_id",
        "unit_id",
        "role",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index(
        "ix_roles_unit",
        "unit_id",
        "role",
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
)

# One-time invitations, known by the hash of their code only. `passes` role | account: whoever uses it takes over that
# role of `passes_from`, or is that person with another account.
invites = Table(
    "invites",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False, index=True),
    Column("role", String(12), nullable=False),
    Column("created_by", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("used_by", BigInteger),
    Column("used_at", UtcDateTime),
    Column("passes", String(8)),
    Column("passes_from", BigInteger),
)

# Lists of who has joined below a unit, in private chats: the last one of each unit is changed as people join.
joining_lists = Table(
    "joining_lists",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("unit_id", BigInteger, ForeignKey("units.id"), primary_key=True, autoincrement=False, index=True),
    Column("key", String(80), nullable=False),
    Column("page", Integer, nullable=False),
    Column("shown_at", UtcDateTime, nullable=False),
)

# Codes that opened nothing, to limit how many may be tried.
invite_tries = Table(
    "invite_tries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False),
    Column("tried_at", UtcDateTime, nullable=False, index=True),
    Index("ix_invite_tries_telegram_id_tried_at", "telegram_id", "tried_at"),
)
