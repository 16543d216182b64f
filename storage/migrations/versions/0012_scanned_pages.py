"""Scanned pages of plans' files, as they were read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of scanned pages."""
    op.create_table(
        "plan_file_pages",
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("page", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file"], ["plan_files.hash"], name=op.f("fk_plan_file_pages_file")),
        sa.PrimaryKeyConstraint("file", "page", name=op.f("pk_plan_file_pages")),
    )
