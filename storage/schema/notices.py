"""Tables of broadcasts, relayed questions, errands, notes for `troly doctor`, and pinned cards."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, text

from storage.schema.columns import RowId, UtcDateTime, metadata

# Broadcasts: state confirmed | spread | done. `spread_to` is the last person for whom a message was written.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("audience", String(12), nullable=False),
    Column("words", Text, nullable=False),
    Column("sender", Text, nullable=False, server_default=""),
    Column("made_by", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("token", String(32), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("expected", Integer, nullable=False),
    Column("spread_to", BigInteger, nullable=False, server_default="0"),
    Column("told", String(80), nullable=False, server_default=""),
    Column("confirmed_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index("ix_broadcasts_open", "id", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")),
)

# The messages of a broadcast by their keys in the outbox.
broadcast_messages = Table(
    "broadcast_messages",
    metadata,
    Column("broadcast_id", BigInteger, ForeignKey("broadcasts.id"), primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("message_key", String(80), nullable=False),
)

# Slow work that somebody waits for: files, pictures, large sums. `key` is its natural name: asked twice, done once.
errands = Table(
    "errands",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("details", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index(
        "ix_errands_open", "not_before", sqlite_where=text("done_at IS NULL"), postgresql_where=text("done_at IS NULL")
    ),
)

# Questions that went up to a supervisor, until they are answered: the words are dropped then. State open | answered.
relays = Table(
    "relays",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("asked_by", BigInteger, ForeignKey("people.id"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("question", Text, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", String(10), nullable=False),
    Column("answered_by", BigInteger, ForeignKey("people.id")),
    Column("answered_at", UtcDateTime),
    Index("ix_relays_asked_by", "asked_by", "asked_at"),
)

# What a running bot leaves for `troly doctor`: one line for each key, the newest stands. `is_open`: it is still so.
notes = Table(
    "notes",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("words", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("noted_at", UtcDateTime, nullable=False),
)

# The card that stands pinned in a private chat: its `key` in the outbox, its number once it was sent, and the hash of
# what it shows, looked at last at `looked_at`.
home_cards = Table(
    "home_cards",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("key", String(80), nullable=False),
    Column("message_id", BigInteger),
    Column("shown", String(64), nullable=False),
    Column("looked_at", UtcDateTime, nullable=False, index=True),
)
