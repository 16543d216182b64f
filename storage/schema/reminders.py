"""Tables of reminders: deadlines set by hand, duties done, decided steps, wishes and preferences."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, String, Table, Text, UniqueConstraint

from storage.schema.columns import RowId, UtcDateTime, metadata

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
