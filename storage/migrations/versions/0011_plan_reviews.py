"""Reviews of files that become plans: one a file, and a row for each thing that was read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of reviews."""
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "plan_reviews",
        sa.Column("id", row_id, nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.String(80), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["file"], ["plan_files.hash"], name=op.f("fk_plan_reviews_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_reviews")),
        sa.UniqueConstraint("file", name=op.f("uq_plan_reviews_file")),
    )
    op.create_table(
        "plan_review_rows",
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(9), nullable=False),
        sa.Column("verdict", sa.String(11), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["plan_reviews.id"], name=op.f("fk_plan_review_rows_review_id")),
        sa.PrimaryKeyConstraint("review_id", "place", name=op.f("pk_plan_review_rows")),
        sqlite_with_rowid=False,
    )
