"""Deadlines that admins and supervisors set for a subtree, and which units have met them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.owing import AskedUnits, Audience
from knowledge.model.units import UnitKind
from storage.rows import columns_of, find_all, find_of_id, insert_into
from storage.schema import deadlines, duties_done, units
from storage.units import path_ids


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """A deadline set by hand.

    `what` and `wording` are the setter's own words, `rule` the code of the recurrence read from the wording.
    `unit_kind`, `unit_name` and `unit_path` are those of the unit it is set at; `set_by` and `ended_by` are people.
    """

    id: int
    unit_id: int
    what: str
    rule: str
    wording: str
    audience: Audience
    set_by: int | None
    set_at: datetime
    unit_name: str
    unit_path: str
    unit_kind: UnitKind
    ended_at: datetime | None = None

    def asked_units(self, due_on: date) -> AskedUnits:
        """The units that owe it on one of its days."""
        return AskedUnits.of_deadline(
            self.audience, self.unit_id, self.unit_path, due_on, is_grassroots=self.unit_kind.is_grassroots
        )


_known = select(
    *columns_of(SetDeadline, deadlines, unit_name=units.c.name, unit_path=units.c.path, unit_kind=units.c.kind)
).join(units, units.c.id == deadlines.c.unit_id)


async def add(
    db: AsyncConnection,
    *,
    unit_id: int,
    what: str,
    rule: str,
    wording: str,
    audience: Audience,
    set_by: int | None,
    now: datetime,
) -> SetDeadline:
    """Set a deadline for units below one; it holds until it is ended."""
    row = await db.execute(
        insert(deadlines)
        .values(
            unit_id=unit_id,
            what=what,
            rule=rule,
            wording=wording,
            audience=audience.value,
            set_by=set_by,
            set_at=now,
        )
        .returning(deadlines.c.id)
    )
    found = await find(db, row.scalar_one())
    assert found is not None
    return found


async def find(db: AsyncConnection, deadline_id: int) -> SetDeadline | None:
    """The deadline of that id, ended ones too, for ids that somebody else sent."""
    return await find_of_id(db, SetDeadline, _known, deadlines.c.id, deadline_id)


async def list_in_force(db: AsyncConnection) -> list[SetDeadline]:
    """Every deadline that has not been ended, the oldest first."""
    return await find_all(db, SetDeadline, _known.where(deadlines.c.ended_at.is_(None)).order_by(deadlines.c.id))


async def list_set_within(db: AsyncConnection, paths: Collection[str]) -> list[SetDeadline]:
    """The deadlines in force that were set at units which lie at one of these paths or below."""
    wanted = [path_ids(path)[-1] for path in paths]
    return [
        deadline for deadline in await list_in_force(db) if any(each in path_ids(deadline.unit_path) for each in wanted)
    ]


async def end(db: AsyncConnection, deadline_id: int, now: datetime, *, by: int | None) -> bool:
    """Take a deadline back; False where it has ended already, or never was."""
    ended = await db.execute(
        update(deadlines)
        .where(deadlines.c.id == deadline_id, deadlines.c.ended_at.is_(None))
        .values(ended_at=now, ended_by=by)
    )
    return ended.rowcount > 0


async def mark_done(db: AsyncConnection, group_key: str, unit_id: int, now: datetime, *, by: int | None) -> bool:
    """Note that a unit did a duty that has no form; False where that is known already."""
    done = await db.execute(
        insert_into(db, duties_done)
        .values(group_key=group_key, unit_id=unit_id, done_at=now, done_by=by)
        .on_conflict_do_nothing()
        .returning(duties_done.c.unit_id)
    )
    return done.first() is not None


async def mark_undone(db: AsyncConnection, group_key: str, unit_id: int) -> bool:
    """Take that back; False where nothing was noted."""
    gone = await db.execute(
        delete(duties_done).where(duties_done.c.group_key == group_key, duties_done.c.unit_id == unit_id)
    )
    return gone.rowcount > 0
