"""How many members units have with all below them, by their latest reports: what shares are weighed by."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.periods import Period
from storage.rows import chunks
from storage.schema import figures, submissions, units
from storage.submissions import State, from_stored
from storage.units import Unit, active_on, lies_below


async def count_by_unit(
    db: AsyncConnection, among: Collection[Unit], form: str, key: str, periods: Collection[Period], *, alive_on: date
) -> dict[int, Decimal]:
    """The latest figure of a row, summed over each unit with all below it; units of whom nothing is known are left out.

    Args:
        form: the form that has the row `key`.
        periods: those that are looked at, of one kind.
        alive_on: units dissolved by this day are left out.
    """
    codes = sorted(period.code for period in periods)
    found: dict[int, Decimal] = {}
    above = units.alias("above")
    stands = and_(submissions.c.is_current, submissions.c.state == State.SENT.value, submissions.c.form == form)
    for some in chunks(sorted(unit.id for unit in among)):
        latest = (
            select(above.c.id.label("part"), submissions.c.unit_id, func.max(submissions.c.period).label("period"))
            .select_from(above.join(units, lies_below(above)).join(submissions, submissions.c.unit_id == units.c.id))
            .where(above.c.id.in_(some), stands, submissions.c.period.in_(codes), active_on(alive_on))
            .group_by(above.c.id, submissions.c.unit_id)
            .subquery("latest")
        )
        rows = await db.execute(
            select(latest.c.part, func.sum(figures.c.value))
            .select_from(
                latest.join(
                    submissions,
                    and_(stands, submissions.c.unit_id == latest.c.unit_id, submissions.c.period == latest.c.period),
                ).join(figures, and_(figures.c.submission_id == submissions.c.id, figures.c.indicator == key))
            )
            .group_by(latest.c.part)
        )
        found |= {part: from_stored(int(value)) for part, value in rows}
    return found
