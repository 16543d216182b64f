"""The audit: who did what, when, and what was changed from what to what.

Rows are only added; they hold ids, figures and names of units, never names or phone numbers of people.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import find_all
from storage.schema import audit, units
from storage.units import Unit, below

CHANGED: Final = "changed"
"""The key of an entry's details under which stands what was changed."""


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """What differs between two states of a row, as `CHANGED` keeps it. Pure.

    Example: {"due_on": date(2026, 12, 5)}, {"due_on": date(2026, 12, 8)} → {"due_on": ["2026-12-05", "2026-12-08"]}.
    """
    keys = dict.fromkeys((*before, *after))
    pairs = {key: (before.get(key), after.get(key)) for key in keys}
    return {
        key: [None if each is None else str(each) for each in (old, new)]
        for key, (old, new) in pairs.items()
        if old != new
    }


@dataclass(frozen=True, slots=True)
class Entry:
    """One action in the audit.

    Attributes:
        person_id: who; None for an operator at the command line.
        action: what, as a stable word: "role.granted", "submission.recorded".
        unit_id: the unit it concerned, None for all.
        subject: the row it was done to: "person:12", "submission:7".
        details: what else is known of it. What was changed stands under `CHANGED`, by what it is: [before, after], as
            text; None where there was, or is, nothing.
    """

    id: int
    at: datetime
    person_id: int | None
    action: str
    unit_id: int | None
    subject: str | None
    details: dict[str, Any]


async def note(
    db: AsyncConnection,
    action: str,
    now: datetime,
    *,
    by: int | None,
    unit_id: int | None = None,
    subject: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry."""
    await db.execute(
        insert(audit).values(
            at=now,
            person_id=by,
            action=action,
            unit_id=unit_id,
            subject=subject,
            details=json.dumps(details or {}, ensure_ascii=False, separators=(",", ":"), default=str),
        )
    )


async def list_entries(
    db: AsyncConnection,
    *,
    within: Unit | None = None,
    before_id: int | None = None,
    most: int = 20,
) -> list[Entry]:
    """Entries, the latest first.

    Args:
        within: only entries about this unit and those below it.
        before_id: only entries before that one, for the next page.
    """
    query = select(audit)
    if within is not None:
        query = query.join(units, units.c.id == audit.c.unit_id).where(below(within.path))
    if before_id is not None:
        query = query.where(audit.c.id < before_id)
    return await find_all(db, Entry, query.order_by(audit.c.id.desc()).limit(most))


async def find_last_id(db: AsyncConnection) -> int:
    """The number of the latest entry; 0 where there is none."""
    return await db.scalar(select(func.max(audit.c.id))) or 0


async def list_after(db: AsyncConnection, entry_id: int) -> dict[int, int | None]:
    """The units that entries with a greater number concern, by those numbers."""
    rows = await db.execute(select(audit.c.id, audit.c.unit_id).where(audit.c.id > entry_id))
    return {row.id: row.unit_id for row in rows}
