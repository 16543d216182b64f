"""Who sends a message, and when it was put off: a claim ends with its process, a wait with the clock that began it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns to the outbox."""
    op.add_column("outbox", sa.Column("claimed_by", sa.Integer()))
    op.add_column("outbox", sa.Column("put_off_at", sa.DateTime(timezone=True)))
