"""Tables of targets that are handed down: goals, and the shares of units in them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.schema.columns import RowId, UtcDateTime, metadata

# What a unit hands down in a year: from a plan's target, or of its own. `measured_in` is the unit of measure.
goals = Table(
    "goals",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("name", String(250), nullable=False),
    Column("measured_in", String(60), nullable=False),
    Column("indicator", String(80)),
    Column("plan_id", String(80)),
    Column("target", String(80)),
    Column("created_by", BigInteger, ForeignKey("people.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Index("ix_goals_unit_id_year", "unit_id", "year"),
)

# What units are to reach of goals, every version; value in thousandths, null where it was taken back or ended by a
# merger. `given_by` is the unit that handed it down, null for the owner's own. Answer clear | objected, settled
# changed | kept.
shares = Table(
    "shares",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("goal_id", BigInteger, ForeignKey("goals.id"), nullable=False),
    Column("unit_id", BigInteger, ForeignKey("units.id"), nullable=False),
    Column("given_by", BigInteger, ForeignKey("units.id")),
    Column("number", Integer, nullable=False),
    Column("value", BigInteger),
    Column("is_current", Boolean, nullable=False),
    Column("reason", Text),
    Column("set_by", BigInteger, ForeignKey("people.id")),
    Column("set_at", UtcDateTime, nullable=False),
    Column("answer", String(10)),
    Column("remark", Text),
    Column("answered_by", BigInteger, ForeignKey("people.id")),
    Column("answered_at", UtcDateTime),
    Column("settled", String(10)),
    Column("settled_by", BigInteger, ForeignKey("people.id")),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("goal_id", "unit_id", "number"),
    Index(
        "ix_shares_current",
        "goal_id",
        "unit_id",
        unique=True,
        sqlite_where=text("is_current"),
        postgresql_where=text("is_current"),
    ),
    Index(
        "ix_shares_held",
        "unit_id",
        sqlite_where=text("is_current"),
        postgresql_where=text("is_current"),
    ),
)
