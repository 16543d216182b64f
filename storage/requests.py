"""Requests to the supervisor: more time before the due date, or a report opened again after the lock.

Due date and lock are read here, so that they follow what was granted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model import forms
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from storage import campaigns, submissions
from storage.rows import find_all, find_of_id, find_one
from storage.schema import requests, units
from storage.units import Unit, below


class RequestKind(StrEnum):
    """The kind of a request: more time, or a report opened again."""

    EXTENSION = "extension"
    REOPEN = "reopen"


class RequestState(StrEnum):
    """The state of a request."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Request:
    """A request of a unit about one report. `wanted_on` is the date asked for, if one was."""

    id: int
    unit_id: int
    form: str
    period: Period
    kind: RequestKind
    reason: str
    wanted_on: date | None
    asked_by: int | None
    asked_at: datetime
    state: RequestState
    decided_by: int | None = None
    decided_at: datetime | None = None
    remark: str | None = None
    new_due_on: date | None = None
    new_locks_on: date | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """The dates granted to a unit instead of the form's; None where the form's holds."""

    due_on: date | None = None
    locks_on: date | None = None


async def ask(
    db: AsyncConnection,
    *,
    unit_id: int,
    form: str,
    period: Period,
    kind: RequestKind,
    reason: str,
    asked_by: int | None,
    now: datetime,
    wanted_on: date | None = None,
) -> tuple[Request, bool]:
    """Add a request; the request and whether it is new: while one is open, it is returned instead."""
    found = await find_open(db, unit_id, form, period, kind)
    if found is not None:
        return found, False
    is_new = True
    try:
        async with db.begin_nested():
            await db.execute(
                insert(requests).values(
                    unit_id=unit_id,
                    form=form,
                    period=period.code,
                    kind=kind.value,
                    reason=reason,
                    wanted_on=wanted_on,
                    asked_by=asked_by,
                    asked_at=now,
                    state=RequestState.OPEN.value,
                )
            )
    except IntegrityError:  # asked by a colleague just now
        is_new = False
    found = await find_open(db, unit_id, form, period, kind)
    if found is None:
        raise LookupError(f"no open request for unit {unit_id}")
    return found, is_new


async def find_open(db: AsyncConnection, unit_id: int, form: str, period: Period, kind: RequestKind) -> Request | None:
    """The open request of a unit about a report."""
    query = select(requests).where(
        requests.c.unit_id == unit_id,
        requests.c.form == form,
        requests.c.period == period.code,
        requests.c.kind == kind.value,
        requests.c.state == RequestState.OPEN.value,
    )
    return await find_one(db, Request, query)


async def find_request(db: AsyncConnection, request_id: int) -> Request | None:
    """The request of that id, for ids that somebody else sent."""
    return await find_of_id(db, Request, select(requests), requests.c.id, request_id)


async def list_open(db: AsyncConnection, within: Unit, *, most: int = 50) -> list[Request]:
    """The open requests of a unit and all below it, the oldest first."""
    query = (
        select(requests)
        .join(units, units.c.id == requests.c.unit_id)
        .where(requests.c.state == RequestState.OPEN.value, below(within.path))
        .order_by(requests.c.id)
        .limit(most)
    )
    return await find_all(db, Request, query)


async def decide(
    db: AsyncConnection,
    request_id: int,
    *,
    approved: bool,
    by: int | None,
    now: datetime,
    zone: ZoneInfo,
    new_due_on: date | None = None,
    new_locks_on: date | None = None,
    remark: str | None = None,
) -> Request | None:
    """Answer a request, once; None where it was answered or withdrawn already.

    An extension that is granted moves the due date, and the lock with it where that would come before; reports that
    were sent meanwhile are judged by the new date.

    Args:
        new_due_on: last local day on time, for an extension.
        new_locks_on: last local day on which corrections are taken, for a reopening.
    """
    granted = RequestState.APPROVED if approved else RequestState.REFUSED
    decided = (
        update(requests)
        .where(requests.c.id == request_id, requests.c.state == RequestState.OPEN.value)
        .values(
            state=granted.value,
            decided_by=by,
            decided_at=now,
            remark=remark,
            new_due_on=new_due_on if approved else None,
            new_locks_on=new_locks_on if approved else None,
        )
    )
    request = await find_one(db, Request, decided.returning(requests))
    if request is not None and request.new_due_on is not None:
        late_from = datetime.combine(request.new_due_on + timedelta(days=1), time(), zone)
        await submissions.judge_again(db, request.unit_id, request.form, request.period, late_from=late_from)
    return request


async def withdraw(db: AsyncConnection, request_id: int, now: datetime) -> bool:
    """Withdraw an open request that became needless; False where it was answered."""
    changed = await db.execute(
        update(requests)
        .where(requests.c.id == request_id, requests.c.state == RequestState.OPEN.value)
        .values(state=RequestState.WITHDRAWN.value, decided_at=now)
    )
    return changed.rowcount > 0


async def pass_open(db: AsyncConnection, unit_id: int, before: int, after: int) -> None:
    """Make the open requests that somebody made for a unit those of whoever comes after (ids of people)."""
    await db.execute(
        update(requests)
        .where(
            requests.c.unit_id == unit_id, requests.c.asked_by == before, requests.c.state == RequestState.OPEN.value
        )
        .values(asked_by=after)
    )


async def list_granted(
    db: AsyncConnection,
    form: str,
    period: Period,
    *,
    unit_ids: Collection[int] | None = None,
    within: Unit | None = None,
) -> dict[int, Granted]:
    """By unit, the dates granted instead of the form's own; units without any are left out.

    Args:
        unit_ids: only these units (for few of them).
        within: only units at or below this one.
    """
    query = select(requests.c.unit_id, func.max(requests.c.new_due_on), func.max(requests.c.new_locks_on)).where(
        requests.c.form == form,
        requests.c.period == period.code,
        requests.c.state == RequestState.APPROVED.value,
    )
    if unit_ids is not None:
        query = query.where(requests.c.unit_id.in_(sorted(set(unit_ids))))
    if within is not None:
        query = query.join(units, units.c.id == requests.c.unit_id).where(below(within.path))
    return {row[0]: Granted(row[1], row[2]) for row in await db.execute(query.group_by(requests.c.unit_id))}


async def _own_dates(db: AsyncConnection, form: Form, period: Period) -> tuple[date, date]:
    if period.kind is not PeriodKind.CAMPAIGN:
        return forms.due_on(form, period), forms.locks_on(form, period)
    campaign = await campaigns.find_campaign(db, form.id, period)
    if campaign is None:
        raise LookupError(f"no campaign {period.code}")
    return campaign.due_on, campaign.locks_on


async def get_dates(db: AsyncConnection, unit_id: int, form: Form, period: Period) -> tuple[date, date]:
    """The last local days on which the unit is on time, and on which it may correct without asking.

    Extensions and reopenings are included.

    Raises:
        LookupError: the period is a campaign that was never opened.
    """
    about = (form.id, period)
    return (await list_dates(db, unit_id, {about: await _own_dates(db, form, period)}))[about]


async def list_dates(
    db: AsyncConnection, unit_id: int, own: Mapping[tuple[str, Period], tuple[date, date]]
) -> dict[tuple[str, Period], tuple[date, date]]:
    """As `get_dates` for many reports of a unit: due day and lock by form and period.

    Args:
        own: the same before anything was granted, those of the form or the campaign.
    """
    if not own:
        return {}
    query = (
        select(requests.c.form, requests.c.period, func.max(requests.c.new_due_on), func.max(requests.c.new_locks_on))
        .where(
            requests.c.form.in_(sorted({form for form, _ in own})),
            requests.c.period.in_(sorted({period.code for _, period in own})),
            requests.c.unit_id == unit_id,
            requests.c.state == RequestState.APPROVED.value,
        )
        .group_by(requests.c.form, requests.c.period)
    )
    granted = {(form, code): Granted(due_on, locks_on) for form, code, due_on, locks_on in await db.execute(query)}
    return {
        (form, period): _extend(*dates, granted.get((form, period.code), Granted()))
        for (form, period), dates in own.items()
    }


def _extend(due_on: date, locks_on: date, granted: Granted) -> tuple[date, date]:
    return max(due_on, granted.due_on or due_on), max(
        locks_on, granted.locks_on or locks_on, granted.due_on or locks_on
    )


def is_late(sent_at: datetime, due_on: date, zone: ZoneInfo) -> bool:
    """Whether a message of that date comes after the due day, which ends at midnight in `zone`."""
    return sent_at.astimezone(zone).date() > due_on
