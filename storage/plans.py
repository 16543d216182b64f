"""Plans that entered while the bot runs, and what became of every plan; the count of changes that answers can see.

A plan is read, then in force, then replaced or withdrawn. All changes are made one after another: each takes the row
that counts them before it looks, so that of two at once the later sees what the earlier did, and is refused if it no
longer fits. Who replaced whom is a forest: a plan that takes another's place leads nowhere itself, not even to one that
was withdrawn, so that taking back and restoring, in whatever order, never ends in a circle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.plans import Plan
from knowledge.model.stored_plans import PlanStatus, StoredPlan
from storage import audit, entered
from storage.plan_contents import facts_of, identity_of, subjects_of, to_plan
from storage.purge import Stale
from storage.rows import chunks, to_record
from storage.schema import (
    plan_changes,
    plan_facts,
    plan_file_pages,
    plan_files,
    plan_review_rows,
    plan_reviews,
    plan_subjects,
    plan_versions,
)

UNREAD_KEPT_FOR = timedelta(days=30)

_versions = plan_versions.c
_is_read = _versions.status == PlanStatus.READ.value
_is_known = or_(_versions.is_current, _is_read)
_ENGAGED = frozenset({PlanStatus.IN_FORCE, PlanStatus.REPLACED})


class PlanRefusal(StrEnum):
    """Why a change is refused."""

    UNKNOWN = "unknown"
    KNOWN_ALREADY = "known_already"
    NOT_READ = "not_read"
    NOT_IN_FORCE = "not_in_force"
    NOT_WITHDRAWN = "not_withdrawn"
    CIRCLE = "circle"


class PlanRefusedError(Exception):
    """A change of a plan does not fit what became of it; nothing was written. `plan_id` is the plan at fault."""

    def __init__(self, why: PlanRefusal, plan_id: str) -> None:
        super().__init__(f"{plan_id}: {why.value}")
        self.why = why
        self.plan_id = plan_id


# --- What is known ---------------------------------------------------------------------------------------------------


async def get_revision(db: AsyncConnection) -> int:
    """How often what answers can see has changed; it only grows."""
    return await entered.get_count(db, plan_changes)


async def list_plans(
    db: AsyncConnection, *statuses: PlanStatus, seen: Mapping[int, Plan] | None = None
) -> list[StoredPlan]:
    """What became of every plan, and those that are merely read; of these statuses only, where some are named.

    A plan that is read again after it was withdrawn is there twice: withdrawn, and read.

    Args:
        seen: plans listed before, by their versions: a version never changes, so their facts are not read again.
    """
    wanted = _versions.status.in_([each.value for each in statuses or PlanStatus])
    return await _load(db, and_(_is_known, wanted), seen or {})


async def find_plan(db: AsyncConnection, plan_id: str) -> StoredPlan | None:
    """The version of a plan that waits to be approved, otherwise the one that says what became of it.

    None where the database has nothing on it, as on most shipped plans.
    """
    found = await _load(db, and_(_versions.plan_id == plan_id, _is_known), {})
    return next((each for each in found if each.status is PlanStatus.READ), found[0] if found else None)


async def find_file(db: AsyncConnection, file_hash: str) -> tuple[str, bytes] | None:
    """The name and content of a file that a plan was read from."""
    return await entered.find_file(db, plan_files, file_hash)


async def find_id_of_file(db: AsyncConnection, file_hash: str) -> str | None:
    """The id of the plan that was read from a file, whatever became of it; None where there is none."""
    found: str | None = await db.scalar(select(_versions.plan_id).where(_versions.file == file_hash).limit(1))
    return found


async def keep_file(db: AsyncConnection, file: tuple[str, bytes], now: datetime) -> str:
    """Keep a file, name and content, under its hash; where it is kept already, under the name it has."""
    return await entered.keep_file(db, plan_files, file, now)


async def drop_unused_file(db: AsyncConnection, file_hash: str | None) -> None:
    """Forget a file that no plan and no review was read from."""
    used = select(_versions.id).where(_versions.file == plan_files.c.hash).exists()
    reviewed = select(plan_reviews.c.id).where(plan_reviews.c.file == plan_files.c.hash).exists()
    unused = select(plan_files.c.hash).where(plan_files.c.hash == file_hash, ~used, ~reviewed)
    await db.execute(delete(plan_file_pages).where(plan_file_pages.c.file.in_(unused)))
    await db.execute(delete(plan_files).where(plan_files.c.hash == file_hash, ~used, ~reviewed))


# --- Changes ---------------------------------------------------------------------------------------------------------


def stale(now: datetime) -> list[Stale]:
    """What is kept no longer: files of which, a month after they came, neither a review nor a plan was made."""
    used = select(_versions.id).where(_versions.file == plan_files.c.hash).exists()
    reviewed = select(plan_reviews.c.id).where(plan_reviews.c.file == plan_files.c.hash).exists()
    left = and_(plan_files.c.added_at < now - UNREAD_KEPT_FOR, ~used, ~reviewed)
    return [
        Stale(plan_file_pages, plan_file_pages.c.file.in_(select(plan_files.c.hash).where(left))),
        Stale(plan_files, left),
    ]


async def lock(db: AsyncConnection) -> None:
    """Let nobody else change plans until this transaction ends; each change does it, for whoever looks before one."""
    await entered.lock(db, plan_changes)


async def add(
    db: AsyncConnection, plan: Plan, *, file: tuple[str, bytes] | None, by: int | None, now: datetime
) -> StoredPlan:
    """Keep a plan that was read, to be approved; answers do not see it. `file` is the name and content of its file.

    Raises:
        PlanRefusedError: known_already: one of that id is read, in force or replaced.
    """
    await lock(db)
    _require_free(plan.id, await _find_current(db, plan.id))
    if await _find_read(db, plan.id) is not None:
        raise PlanRefusedError(PlanRefusal.KNOWN_ALREADY, plan.id)
    kept = await keep_file(db, file, now) if file is not None else None
    last = await db.scalar(select(func.max(_versions.version)).where(_versions.plan_id == plan.id)) or 0
    values = {"version": last + 1, "status": PlanStatus.READ.value, "is_current": False, "file": kept}
    version_id = await _insert(db, plan.id, by, now, **values, **identity_of(plan))
    for table, rows in ((plan_facts, facts_of(plan, version_id)), (plan_subjects, subjects_of(plan, version_id))):
        if rows:
            await db.execute(insert(table), rows)
    await _note(db, "imported", plan.id, by, now)
    return StoredPlan(version_id, plan.id, PlanStatus.READ, plan, None, None, now, now, by, kept)


async def discard(db: AsyncConnection, plan_id: str, *, by: int | None, now: datetime) -> None:
    """Drop a plan that was read and not approved, with its file; what stood of that id before stays.

    Raises:
        PlanRefusedError: unknown; not_read.
    """
    await lock(db)
    row = await _require_read(db, plan_id)
    await db.execute(delete(plan_facts).where(plan_facts.c.version_id == row.id))
    await db.execute(delete(plan_subjects).where(plan_subjects.c.version_id == row.id))
    await db.execute(delete(plan_versions).where(_versions.id == row.id))
    reviewed = select(plan_reviews.c.id).where(plan_reviews.c.plan_id == plan_id, plan_reviews.c.file == row.file)
    await db.execute(delete(plan_review_rows).where(plan_review_rows.c.review_id.in_(reviewed)))
    await db.execute(delete(plan_reviews).where(plan_reviews.c.id.in_(reviewed)))
    await drop_unused_file(db, row.file)
    await _note(db, "discarded", plan_id, by, now)


async def approve(
    db: AsyncConnection,
    plan_id: str,
    *,
    replaces: str | None,
    in_force_from: date | None,
    shipped: Collection[str],
    by: int | None,
    now: datetime,
) -> None:
    """Put a plan that was read in force, in the place of another one if `replaces` names it.

    Args:
        in_force_from: the day from which it holds; None for the plan's own date.
        shipped: the ids of the plans that come with the program, on which the database need have nothing.

    Raises:
        PlanRefusedError: unknown; not_read (approved already); known_already: one of that id came into force since;
            of the plan to be replaced: unknown, not_in_force, circle.
    """
    await lock(db)
    row = await _require_read(db, plan_id)
    current = await _find_current(db, plan_id)
    _require_free(plan_id, current)
    if replaces is not None:
        await _require_replaceable(db, replaces, plan_id, shipped)
    if current is not None:
        await db.execute(update(plan_versions).where(_versions.id == current.id).values(is_current=False))
    of_before = and_(_versions.replaced_by == plan_id, _versions.status != PlanStatus.REPLACED.value)
    await db.execute(update(plan_versions).where(of_before).values(replaced_by=None))
    await db.execute(
        update(plan_versions)
        .where(_versions.id == row.id)
        .values(
            status=PlanStatus.IN_FORCE.value,
            is_current=True,
            in_force_from=in_force_from or row.issued_on,
            changed_at=now,
            changed_by=by,
        )
    )
    await _note(db, "approved", plan_id, by, now)
    if replaces is not None:
        await _set_replaced(db, replaces, plan_id, by, now)
    await _count(db)


async def replace(
    db: AsyncConnection, old_id: str, new_id: str, *, shipped: Collection[str], by: int | None, now: datetime
) -> None:
    """Let one plan in force stand in the place of another; a new one may replace several.

    Args:
        shipped: the ids of the plans that come with the program, on which the database need have nothing.

    Raises:
        PlanRefusedError: unknown; not_in_force; circle: the new one was replaced by the old one, or is the same.
    """
    await lock(db)
    await _require_replaceable(db, old_id, new_id, shipped)
    new = await _find_known(db, new_id, shipped)
    if new is not None and new.status != PlanStatus.IN_FORCE.value:
        raise PlanRefusedError(PlanRefusal.NOT_IN_FORCE, new_id)
    if new is not None and new.replaced_by is not None:
        await db.execute(update(plan_versions).where(_versions.id == new.id).values(replaced_by=None))
    await _set_replaced(db, old_id, new_id, by, now)
    await _count(db)


async def withdraw(
    db: AsyncConnection, plan_id: str, *, shipped: Collection[str], by: int | None, now: datetime
) -> tuple[str, ...]:
    """Take a plan out of force, and bring back what it had replaced; the ids of that.

    Args:
        shipped: the ids of the plans that come with the program, on which the database need have nothing.

    Raises:
        PlanRefusedError: unknown; not_in_force (read only, replaced, withdrawn already).
    """
    await lock(db)
    row = await _find_known(db, plan_id, shipped)
    if row is not None and row.status != PlanStatus.IN_FORCE.value:
        raise PlanRefusedError(PlanRefusal.NOT_IN_FORCE, plan_id)
    back = await _move_replaced(db, plan_id, PlanStatus.REPLACED, PlanStatus.IN_FORCE, by, now)
    await _set_status(db, plan_id, row, PlanStatus.WITHDRAWN, by, now)
    await _note(db, "withdrawn", plan_id, by, now, back=list(back))
    await _count(db)
    return back


async def restore(db: AsyncConnection, plan_id: str, *, by: int | None, now: datetime) -> tuple[str, ...]:
    """Take a withdrawal back: the plan stands again, also in the place of what it had replaced; the ids of that.

    If it had itself been replaced before by a plan that stands, it is replaced again.

    Raises:
        PlanRefusedError: unknown; not_withdrawn.
    """
    await lock(db)
    row = await _find_current(db, plan_id)
    if row is None or row.status != PlanStatus.WITHDRAWN.value:
        known = row is not None or await _find_read(db, plan_id) is not None
        raise PlanRefusedError(PlanRefusal.NOT_WITHDRAWN if known else PlanRefusal.UNKNOWN, plan_id)
    successor = await _find_current(db, row.replaced_by) if row.replaced_by is not None else None
    stands = successor is None or successor.status in _ENGAGED
    status = PlanStatus.REPLACED if row.replaced_by is not None and stands else PlanStatus.IN_FORCE
    again = await _move_replaced(db, plan_id, PlanStatus.IN_FORCE, PlanStatus.REPLACED, by, now)
    await _set_status(db, plan_id, row, status, by, now)
    await _note(db, "restored", plan_id, by, now, replaced=list(again))
    await _count(db)
    return again


# --- Rows ------------------------------------------------------------------------------------------------------------


async def _count(db: AsyncConnection) -> None:
    await entered.count(db, plan_changes)


async def _note(db: AsyncConnection, action: str, plan_id: str, by: int | None, now: datetime, **details: Any) -> None:
    await audit.note(db, f"plan.{action}", now, by=by, subject=f"plan:{plan_id}"[:80], details=details)


async def _find_current(db: AsyncConnection, plan_id: str) -> Any:
    return (await db.execute(select(plan_versions).where(_versions.plan_id == plan_id, _versions.is_current))).first()


async def _find_read(db: AsyncConnection, plan_id: str) -> Any:
    return (await db.execute(select(plan_versions).where(_versions.plan_id == plan_id, _is_read))).first()


async def _find_known(db: AsyncConnection, plan_id: str, shipped: Collection[str]) -> Any:
    """The row that says what became of a plan; None for a shipped plan as it came."""
    row = await _find_current(db, plan_id)
    if row is None and plan_id not in shipped:
        read = await _find_read(db, plan_id)
        raise PlanRefusedError(PlanRefusal.NOT_IN_FORCE if read is not None else PlanRefusal.UNKNOWN, plan_id)
    return row


async def _require_read(db: AsyncConnection, plan_id: str) -> Any:
    row = await _find_read(db, plan_id)
    if row is None:
        known = await _find_current(db, plan_id) is not None
        raise PlanRefusedError(PlanRefusal.NOT_READ if known else PlanRefusal.UNKNOWN, plan_id)
    return row


def _require_free(plan_id: str, current: Any) -> None:
    """Raise where another content of that id stands; the text of a shipped plan in force may be bettered."""
    if current is None or current.status == PlanStatus.WITHDRAWN.value:
        return
    if current.content is not None or current.status != PlanStatus.IN_FORCE.value:
        raise PlanRefusedError(PlanRefusal.KNOWN_ALREADY, plan_id)


async def _require_replaceable(db: AsyncConnection, old_id: str, new_id: str, shipped: Collection[str]) -> None:
    old = await _find_known(db, old_id, shipped)
    step: str | None = new_id
    while step is not None and step != old_id:
        row = await _find_current(db, step)
        step = row.replaced_by if row is not None and row.status == PlanStatus.REPLACED.value else None
    if step is not None:
        raise PlanRefusedError(PlanRefusal.CIRCLE, old_id)
    if old is not None and old.status != PlanStatus.IN_FORCE.value:
        raise PlanRefusedError(PlanRefusal.NOT_IN_FORCE, old_id)


async def _set_replaced(db: AsyncConnection, old_id: str, new_id: str, by: int | None, now: datetime) -> None:
    row = await _find_current(db, old_id)
    await _set_status(db, old_id, row, PlanStatus.REPLACED, by, now, replaced_by=new_id)
    await _note(db, "replaced", old_id, by, now, successor=new_id)


async def _set_status(
    db: AsyncConnection, plan_id: str, row: Any, status: PlanStatus, by: int | None, now: datetime, **others: Any
) -> None:
    """Say what became of a plan; a shipped one of which nothing is known yet gets its row."""
    if row is None:
        last = await db.scalar(select(func.max(_versions.version)).where(_versions.plan_id == plan_id)) or 0
        await _insert(db, plan_id, by, now, version=last + 1, status=status.value, is_current=True, **others)
        return
    changed = {"status": status.value, "changed_at": now, "changed_by": by} | others
    await db.execute(update(plan_versions).where(_versions.id == row.id).values(changed))


async def _move_replaced(
    db: AsyncConnection, plan_id: str, status: PlanStatus, to: PlanStatus, by: int | None, now: datetime
) -> tuple[str, ...]:
    """Give the plans that this one replaced another status, where they have that one; their ids."""
    theirs = and_(_versions.is_current, _versions.replaced_by == plan_id, _versions.status == status.value)
    moved = (await db.scalars(select(_versions.plan_id).where(theirs).order_by(_versions.plan_id))).all()
    await db.execute(update(plan_versions).where(theirs).values(status=to.value, changed_at=now, changed_by=by))
    return tuple(moved)


async def _insert(db: AsyncConnection, plan_id: str, by: int | None, now: datetime, **values: Any) -> int:
    made = insert(plan_versions).values(plan_id=plan_id, added_at=now, changed_at=now, changed_by=by, **values)
    return int((await db.execute(made.returning(_versions.id))).scalar_one())


async def _load(db: AsyncConnection, wanted: ColumnElement[bool], seen: Mapping[int, Plan]) -> list[StoredPlan]:
    versions = (await db.execute(select(plan_versions).where(wanted).order_by(_versions.id))).all()
    facts: dict[int, list[Any]] = defaultdict(list)
    subjects: dict[int, list[Any]] = defaultdict(list)
    for new in chunks([row.id for row in versions if row.content is not None and row.id not in seen]):
        for table, found in ((plan_facts, facts), (plan_subjects, subjects)):
            query = select(table).where(table.c.version_id.in_(new)).order_by(table.c.version_id, table.c.place)
            for row in await db.execute(query):
                found[row.version_id].append(row)
    plans = {row.id: seen.get(row.id) or _plan(row, facts[row.id], subjects[row.id]) for row in versions}
    return [_stored(row, plans[row.id]) for row in versions]


def _plan(row: Any, facts: list[Any], subjects: list[Any]) -> Plan | None:
    return to_plan(row, facts, subjects) if row.content is not None else None


def _stored(row: Any, plan: Plan | None) -> StoredPlan:
    status = PlanStatus(row.status)
    successor = row.replaced_by if status is PlanStatus.REPLACED else None
    return to_record(StoredPlan, row, version=row.id, plan=plan, by=row.changed_by, replaced_by=successor)
