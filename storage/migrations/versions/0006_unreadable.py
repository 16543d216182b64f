"""What came in and cannot be kept as text is kept as bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column beside the text."""
    op.add_column("inbox", sa.Column("raw_bytes", sa.LargeBinary(), nullable=True))
