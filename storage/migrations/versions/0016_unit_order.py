"""What units are sorted by, for every unit there is."""

import sqlalchemy as sa
from alembic import op

from knowledge.model.order import order_key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_AT_ONCE = 2_000

_units = sa.table(
    "units",
    sa.column("id", sa.BigInteger()),
    sa.column("code", sa.String()),
    sa.column("name", sa.String()),
    sa.column("sort_key", sa.Text()),
)


def upgrade() -> None:
    """Add the column and fill it, some units at a time."""
    compared = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.add_column("units", sa.Column("sort_key", compared, nullable=False, server_default=""))
    connection, last = op.get_bind(), 0
    of_id = _units.update().where(_units.c.id == sa.bindparam("unit")).values(sort_key=sa.bindparam("new"))
    listed = sa.select(_units.c.id, _units.c.code, _units.c.name).order_by(_units.c.id).limit(_AT_ONCE)
    while rows := connection.execute(listed.where(_units.c.id > last)).all():
        connection.execute(of_id, [{"unit": row.id, "new": order_key(row.name, row.code)} for row in rows])
        last = rows[-1].id
