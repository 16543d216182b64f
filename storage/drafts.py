"""Drafts: reports begun and not sent. A draft belongs to the unit, not to the person who began it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.periods import Period
from storage.purge import Stale
from storage.rows import chunks, find_all, find_of_id, find_one, insert_into
from storage.schema import drafts

KEPT_FOR = timedelta(days=400)  # since it was last touched: a report of the year before is sent no more


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft. `state` is anything JSON can hold; `version` grows with every change, so that a stale step is known."""

    id: int
    unit_id: int
    form: str
    period: Period
    version: int
    state: dict[str, Any]
    changed_by: int | None
    changed_at: datetime


def _text(state: Mapping[str, Any]) -> str:
    return json.dumps(state, ensure_ascii=False, separators=(",", ":"))


async def find_draft(db: AsyncConnection, unit_id: int, form: str, period: Period) -> Draft | None:
    """The draft of a unit for a form and period."""
    query = select(drafts).where(drafts.c.unit_id == unit_id, drafts.c.form == form)
    return await find_one(db, Draft, query.where(drafts.c.period == period.code))


async def find_by_id(db: AsyncConnection, draft_id: int) -> Draft | None:
    """The draft of that id; None once it was sent or dropped."""
    return await find_of_id(db, Draft, select(drafts), drafts.c.id, draft_id)


async def list_drafts(db: AsyncConnection, unit_ids: Collection[int]) -> list[Draft]:
    """The drafts of these units, the latest changed first."""
    found: list[Draft] = []
    for some in chunks(sorted(set(unit_ids))):
        found += await find_all(db, Draft, select(drafts).where(drafts.c.unit_id.in_(some)))
    return sorted(found, key=lambda draft: (draft.changed_at, draft.id), reverse=True)


async def begin(
    db: AsyncConnection,
    unit_id: int,
    form: str,
    period: Period,
    state: Mapping[str, Any],
    *,
    by: int | None,
    now: datetime,
) -> Draft:
    """The unit's draft for a form and period: the one that is there, or a new one in this state."""
    new = insert_into(db, drafts).values(
        unit_id=unit_id,
        form=form,
        period=period.code,
        version=1,
        state=_text(state),
        changed_by=by,
        changed_at=now,
    )
    found = await find_one(db, Draft, new.on_conflict_do_nothing().returning(drafts))
    found = found or await find_draft(db, unit_id, form, period)
    if found is None:
        raise LookupError(f"no draft for unit {unit_id}")
    return found


async def save(
    db: AsyncConnection, draft: Draft, state: Mapping[str, Any], *, by: int | None, now: datetime
) -> Draft | None:
    """Write the next state over the version that `draft` shows; None where it was changed or dropped meanwhile."""
    changed = (
        update(drafts)
        .where(drafts.c.id == draft.id, drafts.c.version == draft.version)
        .values(state=_text(state), version=draft.version + 1, changed_by=by, changed_at=now)
    )
    return await find_one(db, Draft, changed.returning(drafts))


async def drop(db: AsyncConnection, draft_id: int, *, version: int | None = None) -> bool:
    """Remove a draft: it was sent or given up; False where it was gone already, or is no longer at `version`."""
    query = delete(drafts).where(drafts.c.id == draft_id)
    if version is not None:
        query = query.where(drafts.c.version == version)
    return (await db.execute(query)).rowcount > 0


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: drafts that nobody touched for a year."""
    return [Stale(drafts, drafts.c.changed_at < now - KEPT_FOR)]
