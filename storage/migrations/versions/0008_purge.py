"""An index for the purge of files: their age is found without reading their contents."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_files_created_at", "files", ["created_at"], if_not_exists=True)
