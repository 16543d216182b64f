"""The rule of who owes what, in SQL, and who has done it; the twin of `knowledge.model.owing`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, not_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.owing import AskedUnits, Branch
from storage.rows import chunks
from storage.schema import duties_done, requests, submissions, units
from storage.units import Unit, active_on, below, path_ids, to_unit, unit_columns


@dataclass(frozen=True, slots=True)
class DutyKey:
    """The key of a duty: a form and period, or (without a form) a duty that is marked as done under its group."""

    group: str
    form: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class OwingUnit:
    """A unit that owes something, and when it did it; `extended_to` is the date granted instead of the common one."""

    unit: Unit
    done_at: datetime | None
    extended_to: date | None


@dataclass(frozen=True, slots=True)
class Extension:
    """A later date granted to a unit, and when."""

    due_on: date
    granted_at: datetime | None


def owes(asked: AskedUnits) -> ColumnElement[bool]:
    """The SQL condition that the unit of the row owes a duty: true for just those that `asked` includes."""
    conditions = [units.c.registered_on <= asked.registered_by, active_on(asked.outlives)]
    if asked.kinds is not None:
        conditions.append(units.c.kind.in_(sorted(kind.value for kind in asked.kinds)))
    if asked.parent_id is not None:
        conditions.append(units.c.parent_id == asked.parent_id)
    if asked.without_id is not None:
        conditions.append(units.c.id != asked.without_id)
    if asked.branches:
        conditions.append(or_(*(_lies_in(branch) for branch in asked.branches)))
    condition: ColumnElement[bool] = and_(*conditions)
    return condition


def _lies_in(branch: Branch) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = and_(below(branch.path), *(not_(below(path)) for path in branch.excepted))
    return condition


def done_at(key: DutyKey) -> Any:
    """When the unit of the row did a duty: a scalar subquery, NULL where it still owes it."""
    if key.form:
        return (
            select(submissions.c.first_sent_at)
            .where(
                submissions.c.form == key.form,
                submissions.c.period == key.period,
                submissions.c.unit_id == units.c.id,
                submissions.c.is_current,
                submissions.c.state == "sent",
            )
            .scalar_subquery()
        )
    return (
        select(duties_done.c.done_at)
        .where(duties_done.c.group_key == key.group, duties_done.c.unit_id == units.c.id)
        .scalar_subquery()
    )


def extended_to(key: DutyKey) -> Any:
    """The date granted to the unit of the row, the latest of several; NULL where none was."""
    return (
        select(func.max(requests.c.new_due_on))
        .where(
            requests.c.form == key.form,
            requests.c.period == key.period,
            requests.c.unit_id == units.c.id,
            requests.c.kind == "extension",
            requests.c.state == "approved",
        )
        .scalar_subquery()
    )


async def count_owing(db: AsyncConnection, asked: AskedUnits) -> int:
    """How many units owe a duty."""
    return await db.scalar(select(func.count()).select_from(units).where(owes(asked))) or 0


async def count_newcomers(db: AsyncConnection, key: DutyKey, asked: AskedUnits, *, within: str, today: date) -> int:
    """How many units at the path `within` came in too late to owe a report, and have sent none all the same."""
    would_owe = replace(asked, registered_by=today, outlives=today)
    sent = exists().where(
        submissions.c.form == key.form,
        submissions.c.period == key.period,
        submissions.c.unit_id == units.c.id,
        submissions.c.is_current,
    )
    query = select(func.count()).select_from(units)
    query = query.where(units.c.registered_on > asked.registered_by, owes(would_owe), below(within), not_(sent))
    return await db.scalar(query) or 0


async def count_done(db: AsyncConnection, key: DutyKey, asked: AskedUnits) -> int:
    """How many of the units that owe a duty have done it."""
    query = select(func.count()).select_from(units).where(owes(asked), done_at(key).is_not(None))
    return await db.scalar(query) or 0


async def list_owing(
    db: AsyncConnection, key: DutyKey, asked: AskedUnits, *, within: str, without: Collection[str] = ()
) -> list[OwingUnit]:
    """The units that owe it and lie at the path `within` but not at those of `without`, done or not, in their order."""
    granted = extended_to(key) if key.form else literal(None)
    rows = await db.execute(
        select(*unit_columns(), done_at(key).label("done_at"), granted.label("extended_to"))
        .where(owes(asked), below(within))
        .order_by(units.c.sort_key, units.c.id)
    )
    others = {path_ids(path)[-1] for path in without}
    found = (OwingUnit(to_unit(row[:-2]), row.done_at, row.extended_to) for row in rows)
    return [each for each in found if others.isdisjoint(path_ids(each.unit.path))]


async def list_extended_dates(db: AsyncConnection, first: date, last: date) -> dict[tuple[str, str], set[date]]:
    """The dates granted instead of the common ones, by form and period."""
    rows = await db.execute(
        select(requests.c.form, requests.c.period, requests.c.new_due_on)
        .distinct()
        .where(
            requests.c.kind == "extension",
            requests.c.state == "approved",
            requests.c.new_due_on >= first,
            requests.c.new_due_on <= last,
        )
    )
    found: dict[tuple[str, str], set[date]] = {}
    for form, period, day in rows:
        found.setdefault((form, period), set()).add(day)
    return found


async def list_plan_places(db: AsyncConnection) -> list[tuple[str, str]]:
    """The places in the tree where plans are set: path and plan of every unit that has one of its own."""
    rows = await db.execute(select(units.c.path, units.c.plan).where(units.c.plan != "").order_by(units.c.path))
    return [(path, plan) for path, plan in rows]


async def list_sent(
    db: AsyncConnection, reports: Collection[tuple[str, str]], unit_ids: Collection[int]
) -> dict[tuple[str, str, int], datetime]:
    """When these units sent these reports (form and period); those still owed or sent back are left out."""
    found: dict[tuple[str, str, int], datetime] = {}
    for form in sorted({form for form, _ in reports}):
        periods = sorted({period for of, period in reports if of == form})
        for some in chunks(sorted(set(unit_ids))):
            rows = await db.execute(
                select(submissions.c.period, submissions.c.unit_id, submissions.c.first_sent_at).where(
                    submissions.c.form == form,
                    submissions.c.period.in_(periods),
                    submissions.c.unit_id.in_(some),
                    submissions.c.is_current,
                    submissions.c.state == "sent",
                )
            )
            found |= {(form, period, unit_id): sent_at for period, unit_id, sent_at in rows}
    return found


async def list_extensions(
    db: AsyncConnection, reports: Collection[tuple[str, str]], unit_ids: Collection[int]
) -> dict[tuple[str, str, int], Extension]:
    """The dates granted to these units for these reports, the latest of several each."""
    found: dict[tuple[str, str, int], Extension] = {}
    if not reports:
        return found
    for some in chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(requests.c.form, requests.c.period, requests.c.unit_id, requests.c.new_due_on, requests.c.decided_at)
            .where(
                tuple_(requests.c.form, requests.c.period).in_(sorted(set(reports))),
                requests.c.unit_id.in_(some),
                requests.c.kind == "extension",
                requests.c.state == "approved",
                requests.c.new_due_on.is_not(None),
            )
            .order_by(requests.c.new_due_on, requests.c.id.desc())
        )
        found |= {(form, period, unit): Extension(due_on, at) for form, period, unit, due_on, at in rows}
    return found


async def list_done(
    db: AsyncConnection, groups: Collection[str], unit_ids: Collection[int]
) -> dict[tuple[str, int], datetime]:
    """Which of these units did which of these duties, and when."""
    found: dict[tuple[str, int], datetime] = {}
    if not groups:
        return found
    wanted = set(groups)
    for some in chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(duties_done.c.group_key, duties_done.c.unit_id, duties_done.c.done_at).where(
                duties_done.c.unit_id.in_(some)
            )
        )
        found |= {(group, unit_id): at for group, unit_id, at in rows if group in wanted}
    return found
