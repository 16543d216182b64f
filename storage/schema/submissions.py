"""Tables of reports: what was sent, drafts, dialogs, requests, campaigns, proofs, and the audit of who did what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.schema.columns import RowId, UtcDateTime, metadata

# Reports, every version of them: identity is unit + form + period, `carrier_*` the message that brought it.
# `first_sent_at` is when the first version was sent: what timeliness is judged by. State sent | returned.
# `brought_in`: figures of a time before the unit reported here, from a workbook that an admin sent.
submissions = Table(
    "submissions",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("form", String(60), nullable=False),
    Column("period", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("no_change", Boolean, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("first_sent_at", UtcDateTime, nullable=False),
    Column("sent_by", BigInteger, ForeignKey("people.id")),
    Column("entered_for", Boolean, nullable=False),
    Column("on_time", Boolean, nullable=False),
    Column("state", String(8), nullable=False),
    Column("remark", Text),
    Column("returned_by", BigInteger, ForeignKey("people.id")),
    Column("returned_at", UtcDateTime),
    Column("carrier_chat", BigInteger),
    Column("carrier_message", BigInteger),
    Column("brought_in", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("unit_id", "form", "period", "version"),
    UniqueConstraint("carrier_chat", "carrier_message"),
    Index(
        "ix_submissions_current",
        "form",
        "period",
        "unit_id",
        unique=True,
        sqlite_where=text("is_current"),
        postgresql_where=text("is_current"),
    ),
)

# The figures of every version, in thousandths, so that sums are exact on both engines.
figures = Table(
    "figures",
    metadata,
    Column("submission_id", BigInteger, ForeignKey("submissions.id"), primary_key=True, autoincrement=False),
    Column("indicator", String(60), primary_key=True),
    Column("value", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# Reports begun and not sent: the state of the dialog. `version` tells a stale step.
drafts = Table(
    "drafts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("form", String(60), nullable=False),
    Column("period", String(120), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_by", BigInteger),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("unit_id", "form", "period"),
)

# What a private chat is in the middle of: which feature asks, its own state, and the draft it fills, if any.
dialogs = Table(
    "dialogs",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("feature", String(20), nullable=False),
    Column("draft_id", BigInteger, ForeignKey("drafts.id", ondelete="SET NULL"), index=True),
    Column("state", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

# What needs the supervisor: kind extension | reopen, state open | approved | refused | withdrawn.
requests = Table(
    "requests",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("form", String(60), nullable=False),
    Column("period", String(120), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("wanted_on", Date),
    Column("asked_by", BigInteger, ForeignKey("people.id")),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", String(12), nullable=False),
    Column("decided_by", BigInteger, ForeignKey("people.id")),
    Column("decided_at", UtcDateTime),
    Column("remark", Text),
    Column("new_due_on", Date),
    Column("new_locks_on", Date),
    Index("ix_requests_about", "form", "period", "unit_id"),
    Index(
        "ix_requests_open",
        "unit_id",
        "form",
        "period",
        "kind",
        unique=True,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# A form opened for a subtree with dates of its own; `kinds` are the kinds of unit that owe it, separated by blanks.
campaigns = Table(
    "campaigns",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("form", String(60), nullable=False),
    Column("period", String(120), nullable=False),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("kinds", String(200), nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("locks_on", Date, nullable=False),
    Column("opened_by", BigInteger, ForeignKey("people.id")),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    UniqueConstraint("form", "period"),
)

# Photos and files sent as proof: of a report (`about` is its form and period) or of a duty that was done. One that
# belongs nowhere yet has no unit. `file_id` is Telegram's; `album` tells what was sent together.
proofs = Table(
    "proofs",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id")),
    Column("about", String(240)),
    Column("kind", String(10), nullable=False),
    Column("file_id", String(250), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("album", String(40)),
    Column("added_at", UtcDateTime, nullable=False),
    Index("ix_proofs_unit_id_about", "unit_id", "about"),
    Index("ix_proofs_chat_id_message_id", "chat_id", "message_id"),
)

# Who did what, when; only added to. `person_id` is null for an operator at the command line.
audit = Table(
    "audit",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("person_id", BigInteger),
    Column("action", String(40), nullable=False),
    Column("unit_id", BigInteger),
    Column("subject", String(80)),
    Column("details", Text, nullable=False),
    Index("ix_audit_unit_id_id", "unit_id", "id"),
)
