"""The unit in whose name a notice is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; notices confirmed before it keep the name of the unit to which they went."""
    op.add_column("broadcasts", sa.Column("sender", sa.Text(), server_default="", nullable=False))
