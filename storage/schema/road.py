"""Tables of the road: inbox, outbox, sending pace and chats."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
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

# What Telegram handed over, as it came: state new | done | parked. `natural_key` knows the same message or tap again
# when it arrives under another update id; edits have none. What cannot be kept as an update is parked under a negative
# `update_id` made of its bytes, which stand in `raw_bytes`.
inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("natural_key", String(80)),
    Column("chat_key", String(40), nullable=False),
    Column("raw", Text, nullable=False),
    Column("raw_bytes", LargeBinary),
    Column("state", String(8), nullable=False, server_default="new"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("not_before", UtcDateTime),
    Column("error", String(200)),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    UniqueConstraint("bot_id", "update_id"),
    UniqueConstraint("bot_id", "natural_key"),
    Index("ix_inbox_open", "id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
    Index(
        "ix_inbox_open_chat",
        "chat_key",
        "id",
        sqlite_where=text("state = 'new'"),
        postgresql_where=text("state = 'new'"),
    ),
    Index("ix_inbox_received_at", "received_at"),
)

# Every message to a person: state due | sending | sent | doubt | dead | dropped. `done_at` is set with the last four;
# `claimed_by` is the process that sends it, `put_off_at` when its `not_before` was last set to something later.
outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("key", String(200), unique=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("last_call", Boolean, nullable=False, server_default=text("false")),
    Column("body", Text, nullable=False),
    Column("state", String(8), nullable=False, server_default="due"),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("doubts", SmallInteger, nullable=False, server_default="0"),
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("claimed_by", Integer),
    Column("lease_until", UtcDateTime),
    Column("put_off_at", UtcDateTime),
    Column("slot_at", Float),
    Column("message_id", BigInteger),
    Column("error", String(200)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("doubted_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Index(
        "ix_outbox_open",
        "priority",
        "id",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
    Index(
        "ix_outbox_open_chat",
        "chat_id",
        "priority",
        "id",
        sqlite_where=text("done_at IS NULL"),
        postgresql_where=text("done_at IS NULL"),
    ),
    Index("ix_outbox_chat_id_slot_at", "chat_id", "slot_at"),
    Index("ix_outbox_done_at", "done_at"),
)

# Photos and documents on their way out, by the hash of their content.
files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# How fast messages may leave, for all processes together: when the last ones left (JSON of `storage.pace`), and a halt
# by Telegram; epoch seconds.
pace = Table(
    "pace",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("slots", Text, nullable=False, server_default="[]"),
    Column("halt_until", Float),
)

# What is known of a chat as an address: when it last wrote, whether it can be reached.
chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("heard_at", UtcDateTime),
    Column("unreachable_at", UtcDateTime),
    Column("unreachable_why", String(120)),
    Column("migrated_to", BigInteger),
)
