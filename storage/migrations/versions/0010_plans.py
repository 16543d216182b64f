"""Plans in the database: files, versions, facts, subjects, and the count of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of plans."""
    op.create_table(
        "plan_files",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_plan_files")),
    )
    row_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "plan_versions",
        sa.Column("id", row_id, nullable=False),
        sa.Column("plan_id", sa.String(80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("covers_from", sa.Integer(), nullable=True),
        sa.Column("covers_to", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.String(80), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("file", sa.String(64), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["file"], ["plan_files.hash"], name=op.f("fk_plan_versions_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint("plan_id", "version", name=op.f("uq_plan_versions_plan_id_version")),
    )
    op.create_index(op.f("ix_plan_versions_file"), "plan_versions", ["file"])
    op.create_index(op.f("ix_plan_versions_replaced_by"), "plan_versions", ["replaced_by"])
    for name, where in (("current", "is_current"), ("read", "status = 'read'")):
        op.create_index(
            f"ix_plan_versions_{name}",
            "plan_versions",
            ["plan_id"],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "plan_facts",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("sort", sa.String(8), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=True),
        sa.Column("quote", sa.Text(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_versions.id"], name=op.f("fk_plan_facts_version_id")),
        sa.PrimaryKeyConstraint("version_id", "sort", "place", name=op.f("pk_plan_facts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plan_subjects",
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["plan_versions.id"], name=op.f("fk_plan_subjects_version_id")),
        sa.PrimaryKeyConstraint("version_id", "place", name=op.f("pk_plan_subjects")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "plan_changes",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_changes")),
    )
