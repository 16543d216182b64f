"""Photos and files that were sent as proof of a report or of work that was done."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of proofs."""
    op.create_table(
        "proofs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.String(240), nullable=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("file_id", sa.String(250), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("album", sa.String(40), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_proofs_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proofs")),
    )
    op.create_index(op.f("ix_proofs_unit_id_about"), "proofs", ["unit_id", "about"])
    op.create_index(op.f("ix_proofs_chat_id_message_id"), "proofs", ["chat_id", "message_id"])
