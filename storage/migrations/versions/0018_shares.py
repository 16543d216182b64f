"""Targets that are handed down: goals, and the shares of units in them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add both tables, empty, and an index of the few units that were merged: their figures count elsewhere."""
    op.create_index(
        "ix_units_merged_into",
        "units",
        ["merged_into"],
        sqlite_where=sa.text("merged_into IS NOT NULL"),
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_table(
        "goals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(250), nullable=False),
        sa.Column("measured_in", sa.String(60), nullable=False),
        sa.Column("indicator", sa.String(80), nullable=True),
        sa.Column("plan_id", sa.String(80), nullable=True),
        sa.Column("target", sa.String(80), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_goals_unit_id_units")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_goals_created_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goals")),
    )
    op.create_index("ix_goals_unit_id_year", "goals", ["unit_id", "year"])
    op.create_table(
        "shares",
        sa.Column("id", _ID, nullable=False),
        sa.Column("goal_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("given_by", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(10), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled", sa.String(10), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["goal_id"], ["goals.id"], name=op.f("fk_shares_goal_id_goals")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_shares_unit_id_units")),
        sa.ForeignKeyConstraint(["given_by"], ["units.id"], name=op.f("fk_shares_given_by_units")),
        sa.ForeignKeyConstraint(["set_by"], ["people.id"], name=op.f("fk_shares_set_by_people")),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_shares_answered_by_people")),
        sa.ForeignKeyConstraint(["settled_by"], ["people.id"], name=op.f("fk_shares_settled_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shares")),
        sa.UniqueConstraint("goal_id", "unit_id", "number", name=op.f("uq_shares_goal_id_unit_id_number")),
    )
    stands = sa.text("is_current")
    op.create_index(
        "ix_shares_current",
        "shares",
        ["goal_id", "unit_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index("ix_shares_held", "shares", ["unit_id"], sqlite_where=stands, postgresql_where=stands)
