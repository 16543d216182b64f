"""Campaigns: forms that an admin opens for a subtree, with dates of their own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from storage.rows import is_id, to_record
from storage.schema import campaigns, units
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Campaign:
    """A form asked of every unit of `kinds` at or below `unit_id`, whose path in the tree is `unit_path`.

    Days are local and inclusive. Once it is closed, nothing is asked any more; what was sent stays.
    """

    id: int
    form: str
    period: Period
    unit_id: int
    unit_path: str
    kinds: frozenset[UnitKind]
    opens_on: date
    due_on: date
    locks_on: date
    opened_by: int | None
    opened_at: datetime
    closed_at: datetime | None = None

    @property
    def asked_units(self) -> AskedUnits:
        """The units that owe the form in this campaign."""
        return AskedUnits.of_campaign(self.kinds, self.unit_path, self.due_on)

    def takes(self, sent_at: datetime) -> bool:
        """Whether a message of that date came before the closing; Telegram's dates are whole seconds."""
        return self.closed_at is None or sent_at < self.closed_at.replace(microsecond=0)


_known = select(campaigns, units.c.path.label("unit_path")).join(units, units.c.id == campaigns.c.unit_id)


def _campaign(row: Any) -> Campaign:
    return to_record(Campaign, row, kinds=frozenset(map(UnitKind, row.kinds.split())))


async def open_campaign(
    db: AsyncConnection,
    *,
    form: str,
    period: Period,
    unit_id: int,
    opens_on: date,
    due_on: date,
    locks_on: date,
    opened_by: int | None,
    now: datetime,
    kinds: Collection[UnitKind] = GRASSROOTS_KINDS,
) -> Campaign:
    """Open a form for a subtree; the same form and period again gives the campaign that is there.

    Raises:
        ValueError: the period is no campaign, or the dates are not in order.
    """
    if period.kind is not PeriodKind.CAMPAIGN or not opens_on <= due_on <= locks_on:
        raise ValueError("a campaign opens, is due and locks, in this order")
    found = await find_campaign(db, form, period)
    if found is not None:
        return found
    await db.execute(
        insert(campaigns).values(
            form=form,
            period=period.code,
            unit_id=unit_id,
            kinds=" ".join(sorted(kind.value for kind in kinds)),
            opens_on=opens_on,
            due_on=due_on,
            locks_on=locks_on,
            opened_by=opened_by,
            opened_at=now,
        )
    )
    found = await find_campaign(db, form, period)
    if found is None:
        raise LookupError(f"no campaign {period.code}")
    return found


async def find_campaign(db: AsyncConnection, form: str, period: Period) -> Campaign | None:
    """The campaign for a form and period, closed or not."""
    row = (await db.execute(_known.where(campaigns.c.form == form, campaigns.c.period == period.code))).first()
    return _campaign(row) if row else None


async def find_campaign_of_id(db: AsyncConnection, campaign_id: int) -> Campaign | None:
    """The campaign of an id from outside, closed or not; None where there is none."""
    if not is_id(campaign_id):
        return None
    row = (await db.execute(_known.where(campaigns.c.id == campaign_id))).first()
    return _campaign(row) if row else None


async def list_campaigns(db: AsyncConnection, *, open_on: date | None = None) -> list[Campaign]:
    """Every campaign, the latest due last; with `open_on`, only those opened by that day and not closed."""
    query = _known.order_by(campaigns.c.due_on, campaigns.c.id)
    if open_on is not None:
        query = query.where(campaigns.c.closed_at.is_(None), campaigns.c.opens_on <= open_on)
    return [_campaign(row) for row in await db.execute(query)]


async def list_for_unit(db: AsyncConnection, unit: Unit, *, open_on: date) -> list[Campaign]:
    """The campaigns in which something is still asked of a unit on that day."""
    asking = await list_campaigns(db, open_on=open_on)
    return [campaign for campaign in asking if campaign.asked_units.still_asked(open_on).includes(unit)]


async def close_campaign(db: AsyncConnection, campaign_id: int, now: datetime) -> bool:
    """Close a campaign; what was sent stays. False where it was closed already."""
    changed = await db.execute(
        update(campaigns).where(campaigns.c.id == campaign_id, campaigns.c.closed_at.is_(None)).values(closed_at=now)
    )
    return changed.rowcount > 0
