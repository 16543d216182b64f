"""Every table, in one place. A change here comes with a step in `migrations/versions`; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: A row number that both engines count up by themselves.
RowId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both engines; a time without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC, and without the zone where the engine has none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# What Telegram handed over, as it came: state new | done | parked. `natural_key` knows the same message or tap again
# when it arrives under another update id; edits have none.
inbox = Table(
    "inbox",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("natural_key", String(80)),
    Column("chat_key", String(40), nullable=False),
    Column("raw", Text, nullable=False),
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

# Every message to a person: state due | sending | sent | doubt | dead | dropped. `done_at` is set with the last four.
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
    Column("lease_until", UtcDateTime),
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
    Column("created_at", UtcDateTime, nullable=False),
)

# How fast messages may leave, for all processes together: the last slots given (epoch seconds) and a halt by Telegram.
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

# What the last question in a chat was about, for the questions that lean on it: one row a person and chat.
conversations = Table(
    "conversations",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("context", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

# What a button stands for: Telegram carries 64 bytes and lets them be forged, so it carries a random token.
buttons = Table(
    "buttons",
    metadata,
    Column("token", String(32), primary_key=True),
    Column("person_id", BigInteger),
    Column("payload", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)

# Questions that found nothing or were voted on, counted, without who asked.
missed_questions = Table(
    "missed_questions",
    metadata,
    Column("question", String(200), primary_key=True),
    Column("missed", Integer, nullable=False, server_default="0"),
    Column("voted_up", Integer, nullable=False, server_default="0"),
    Column("voted_down", Integer, nullable=False, server_default="0"),
    Column("last_on", Date, nullable=False),
)

# One vote an answer shown; `ballot` is a hash of the answer's own token, so it names nobody.
ballots = Table(
    "ballots",
    metadata,
    Column("ballot", String(64), primary_key=True),
    Column("question", String(200), nullable=False),
    Column("good", Boolean, nullable=False),
    Column("voted_on", Date, nullable=False, index=True),
)

# --- Units, people and what they report ------------------------------------------------------------------------------

# A text that compares byte by byte on both engines, so that a prefix is a range of its index.
PathText = Text().with_variant(Text(collation="C"), "postgresql")

# The tree of units: `path` is the ids from the root down, "/1/5/9/". Units are never removed: they are dissolved.
units = Table(
    "units",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("code", String(60), nullable=False),
    Column("code_key", String(60), nullable=False, unique=True),
    Column("name", String(250), nullable=False),
    Column("folded", String(320), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("parent_id", BigInteger, ForeignKey("units.id", deferrable=True, initially="DEFERRED"), index=True),
    Column("path", PathText, nullable=False, unique=True),
    Column("plan", String(80)),
    Column("registered_on", Date, nullable=False),
    Column("dissolved_on", Date),
    Column("merged_into", BigInteger),
)

# Officers, known by Telegram id once they have joined, by phone number before. Rows are never removed: who asks to be
# forgotten loses name, number and id, and what they sent for their unit stays.
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

# One-time invitations, known by the hash of their code only.
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

# Reports, every version of them: identity is unit + form + period, `carrier_*` the message that brought it.
# `first_sent_at` is when the first version was sent: what timeliness is judged by. State sent | returned.
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

# --- Deadlines set by hand, reminders, broadcasts --------------------------------------------------------------------

# Deadlines that an admin or supervisor set for the units below one: audience grassroots | direct | all; `rule` is the
# rule's code, `wording` the words it was read from.
deadlines = Table(
    "deadlines",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False, index=True),
    Column("what", Text, nullable=False),
    Column("rule", String(400), nullable=False),
    Column("wording", Text, nullable=False),
    Column("audience", String(12), nullable=False),
    Column("set_by", BigInteger),
    Column("set_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("ended_by", BigInteger),
)

# Duties without a form that a unit has done: `group_key` names the deadline and its day.
duties_done = Table(
    "duties_done",
    metadata,
    Column("group_key", String(200), primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), primary_key=True, autoincrement=False),
    Column("done_at", UtcDateTime, nullable=False),
    Column("done_by", BigInteger),
    Index("ix_duties_done_unit_id", "unit_id"),
)

# Every step of a reminder that was decided, once for ever: in a message of the outbox (`message_key`), or `skipped`
# muted | unreachable | none. `group_key` is what is owed, for a digest with "digest:" before it and `unit_id` 0.
reminder_steps = Table(
    "reminder_steps",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("group_key", String(200), nullable=False),
    Column("unit_id", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("recipient", BigInteger, nullable=False),
    Column("step", String(20), nullable=False),
    Column("message_key", String(80), index=True),
    Column("skipped", String(12)),
    Column("decided_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("group_key", "unit_id", "due_on", "recipient", "step"),
    Index("ix_reminder_steps_recipient_decided_at", "recipient", "decided_at"),
)

# Wishes to be reminded (again) at a moment: the reader's own, or a supervisor's (`asked_by`). `step` is its code.
reminder_wishes = Table(
    "reminder_wishes",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("group_key", String(200), nullable=False),
    Column("unit_id", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("recipient", BigInteger, nullable=False),
    Column("step", String(20), nullable=False),
    Column("wished_at", UtcDateTime, nullable=False),
    Column("asked_by", BigInteger),
    Column("made_at", UtcDateTime, nullable=False),
    UniqueConstraint("group_key", "unit_id", "due_on", "recipient", "step"),
    Index("ix_reminder_wishes_recipient", "recipient"),
    Index("ix_reminder_wishes_wished_at", "wished_at"),
)

# Each person's hour ("08:30", local) and until when they want no reminders.
reminder_preferences = Table(
    "reminder_preferences",
    metadata,
    Column("person_id", BigInteger, ForeignKey("people.id"), primary_key=True, autoincrement=False),
    Column("remind_at", String(5), nullable=False),
    Column("muted_until", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
)

# Broadcasts: state confirmed | spread | done. `spread_to` is the last person for whom a message was written.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("audience", String(12), nullable=False),
    Column("words", Text, nullable=False),
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

# --- Summing up ------------------------------------------------------------------------------------------------------

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
