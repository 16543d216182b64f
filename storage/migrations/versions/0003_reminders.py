"""Tables of deadlines set by hand, decided reminder steps, preferences, wishes and broadcasts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of deadlines, reminders and broadcasts."""
    op.create_table(
        "reminder_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_key", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("message_key", sa.String(length=80), nullable=True),
        sa.Column("skipped", sa.String(length=12), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_steps"),
        sa.UniqueConstraint(
            "group_key",
            "unit_id",
            "due_on",
            "recipient",
            "step",
            name="uq_reminder_steps_group_key_unit_id_due_on_recipient_step",
        ),
    )
    op.create_index("ix_reminder_steps_decided_at", "reminder_steps", ["decided_at"], unique=False)
    op.create_index("ix_reminder_steps_message_key", "reminder_steps", ["message_key"], unique=False)
    op.create_index(
        "ix_reminder_steps_recipient_decided_at", "reminder_steps", ["recipient", "decided_at"], unique=False
    )
    op.create_table(
        "reminder_wishes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_key", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recipient", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reminder_wishes"),
        sa.UniqueConstraint(
            "group_key",
            "unit_id",
            "due_on",
            "recipient",
            "step",
            name="uq_reminder_wishes_group_key_unit_id_due_on_recipient_step",
        ),
    )
    op.create_index("ix_reminder_wishes_recipient", "reminder_wishes", ["recipient"], unique=False)
    op.create_index("ix_reminder_wishes_wished_at", "reminder_wishes", ["wished_at"], unique=False)
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("spread_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("told", sa.String(length=80), server_default="", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_broadcasts_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sa.UniqueConstraint("token", name="uq_broadcasts_token"),
    )
    op.create_index(
        "ix_broadcasts_open",
        "broadcasts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=400), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=12), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_deadlines_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
    )
    op.create_index("ix_deadlines_unit_id", "deadlines", ["unit_id"], unique=False)
    op.create_table(
        "duties_done",
        sa.Column("group_key", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_duties_done_unit_id"),
        sa.PrimaryKeyConstraint("group_key", "unit_id", name="pk_duties_done"),
    )
    op.create_index("ix_duties_done_unit_id", "duties_done", ["unit_id"], unique=False)
    op.create_table(
        "reminder_preferences",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("remind_at", sa.String(length=5), nullable=False),
        sa.Column("muted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_reminder_preferences_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_reminder_preferences"),
    )
    op.create_table(
        "broadcast_messages",
        sa.Column("broadcast_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_key", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcasts.id"], name="fk_broadcast_messages_broadcast_id"),
        sa.PrimaryKeyConstraint("broadcast_id", "person_id", name="pk_broadcast_messages"),
    )
    # ### end Alembic commands ###
