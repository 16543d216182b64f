"""Invitations that hand something over, lists of who has joined, and figures of earlier times."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table."""
    op.add_column("invites", sa.Column("passes", sa.String(8), nullable=True))
    op.add_column("invites", sa.Column("passes_from", sa.BigInteger(), nullable=True))
    op.create_table(
        "joining_lists",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_joining_lists_unit_id")),
        sa.PrimaryKeyConstraint("chat_id", "unit_id", name=op.f("pk_joining_lists")),
    )
    op.create_index(op.f("ix_joining_lists_unit_id"), "joining_lists", ["unit_id"])
    op.add_column("submissions", sa.Column("brought_in", sa.Boolean(), server_default=sa.false(), nullable=False))
