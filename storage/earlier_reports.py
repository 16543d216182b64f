"""Figures of a time before units reported here, brought in many at once. They never take the place of a real report."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.periods import Period
from storage.rows import chunks
from storage.schema import figures as figure_rows
from storage.schema import submissions, units
from storage.submissions import State, Submission, list_standing, to_stored

Key = tuple[int, Period]


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What came of it, by unit and period.

    Attributes:
        new: figures that were not there before; `changed` took the place of others that were brought in.
        same: stood already.
        real: a report of the unit's own stands, or was sent back: it was left as it is.
    """

    new: tuple[Key, ...] = ()
    changed: tuple[Key, ...] = ()
    same: tuple[Key, ...] = ()
    real: tuple[Key, ...] = ()


async def bring_in(
    db: AsyncConnection,
    form: str,
    reports: Mapping[Key, Mapping[str, Decimal]],
    now: datetime,
    *,
    by: int | None,
) -> BroughtIn:
    """Store figures of earlier periods as they are given; the same again changes nothing, what is not given stays.

    Raises:
        ValueError: a figure cannot be kept exactly.
    """
    await _hold_units(db, {unit_id for unit_id, _ in reports})
    standing: dict[Key, Submission] = {}
    periods = {period for _, period in reports}
    for some in chunks(sorted({unit_id for unit_id, _ in reports})):
        for each in await list_standing(db, some, form, periods):
            standing[each.unit_id, each.period] = each
    new, changed, same, real = [], [], [], []
    whole: dict[Key, Mapping[str, Decimal]] = {}
    for key, given in reports.items():
        before = standing.get(key)
        whole[key] = given if before is None else {**before.figures, **given}
        if before is None:
            new.append(key)
        elif before.figures == whole[key]:
            same.append(key)
        elif not before.brought_in:
            real.append(key)
        else:
            changed.append(key)
    for some in chunks([standing[key].id for key in changed]):
        await db.execute(update(submissions).where(submissions.c.id.in_(some)).values(is_current=False))
    await _insert(db, form, {key: whole[key] for key in (*new, *changed)}, standing, now, by)
    return BroughtIn(tuple(new), tuple(changed), tuple(same), tuple(real))


async def _hold_units(db: AsyncConnection, unit_ids: Collection[int]) -> None:
    """One report of a unit at a time, in one order for everybody; SQLite has one writer anyway."""
    if db.dialect.name == "sqlite":
        return
    for some in chunks(sorted(unit_ids)):
        held = select(units.c.id).where(units.c.id.in_(some)).order_by(units.c.id)
        await db.execute(held.with_for_update(key_share=True))


async def _insert(
    db: AsyncConnection,
    form: str,
    reports: Mapping[Key, Mapping[str, Decimal]],
    standing: Mapping[Key, Submission],
    now: datetime,
    by: int | None,
) -> None:
    rows = [
        {
            "unit_id": unit_id,
            "form": form,
            "period": period.code,
            "version": standing[unit_id, period].version + 1 if (unit_id, period) in standing else 1,
            "is_current": True,
            "no_change": False,
            "reasons": "{}",
            "sent_at": now,
            "first_sent_at": now,
            "sent_by": by,
            "entered_for": True,
            "on_time": True,
            "state": State.SENT.value,
            "brought_in": True,
        }
        for unit_id, period in reports
    ]
    for some in chunks(rows):
        wanted = insert(submissions).returning(submissions.c.id, submissions.c.unit_id, submissions.c.period)
        added = (await db.execute(wanted, some)).all()
        stored = [
            {"submission_id": row.id, "indicator": key, "value": to_stored(value)}
            for row in added
            for key, value in reports[row.unit_id, Period.parse(row.period)].items()
        ]
        await db.execute(insert(figure_rows), stored)
