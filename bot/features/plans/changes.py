"""Plans enter, come into force and leave: each change is checked against everything that is known.

What is known after a change is put together in its transaction, so that no change leaves plans of which no answers
could be made. A function that raises may have written: its transaction, or savepoint, must be rolled back then.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.catalogue import make_catalogue
from knowledge.catalogue.checking import check_plan
from knowledge.glossary import load_glossary
from knowledge.model.plans import Plan, PlanState
from knowledge.model.stored_plans import PlanStatus, StoredPlan
from knowledge.plans import load_plans
from knowledge.subjects.joining import join_subjects
from storage import plans
from storage.plans import PlanRefusal, PlanRefusedError


def list_others(stored: Sequence[StoredPlan], today: date) -> tuple[Plan, ...]:
    """The plans that a new one has to fit: those that are known today, and those that come into force later."""
    known = {plan.id: plan for plan in make_catalogue(load_plans(), stored, today)}
    coming = {row.plan_id: row.plan for row in stored if row.status is PlanStatus.IN_FORCE and row.plan is not None}
    return tuple((coming | known).values())


async def add(
    db: AsyncConnection, plan: Plan, today: date, *, file: tuple[str, bytes] | None, by: int | None, now: datetime
) -> StoredPlan:
    """Keep a plan that was read, to be approved. Its names may be those of the plan that it is to replace.

    Raises:
        CatalogueError: it does not fit the plans that are known.
        PlanRefusedError: one of its id is known.
    """
    others = list_others(await plans.list_plans(db), today)
    check_plan(plan.id, plan, others, load_glossary(), replaces=[other.id for other in others])
    return await plans.add(db, plan, file=file, by=by, now=now)


async def approve(
    db: AsyncConnection,
    plan_id: str,
    today: date,
    *,
    replaces: str | None = None,
    in_force_from: date | None = None,
    by: int | None,
    now: datetime,
) -> StoredPlan:
    """Put a plan that was read in force, from its own date where no day is given.

    Raises:
        CatalogueError: it does not fit the plans that are known by now.
        PlanRefusedError: it waits for no approval, or what it should replace cannot be replaced.
    """
    await plans.approve(
        db, plan_id, replaces=replaces, in_force_from=in_force_from, shipped=_shipped_ids(), by=by, now=now
    )
    stored = await _check_whole(db, today)
    found = next(row for row in stored if row.plan_id == plan_id and row.status is PlanStatus.IN_FORCE)
    assert found.plan is not None
    check_plan(plan_id, found.plan, list_others(stored, today), load_glossary())
    return found


async def replace(db: AsyncConnection, old_id: str, new_id: str, today: date, *, by: int | None, now: datetime) -> None:
    """Let one plan in force stand in the place of another.

    Raises:
        PlanRefusedError: one of them is unknown or not in force, or they would replace each other.
    """
    await plans.replace(db, old_id, new_id, shipped=_shipped_ids(), by=by, now=now)
    known = {plan.id: plan for plan in make_catalogue(load_plans(), await _check_whole(db, today), today)}
    if new_id in known and known[new_id].state in {PlanState.REPLACED, PlanState.ENDED}:
        raise PlanRefusedError(PlanRefusal.NOT_IN_FORCE, new_id)


async def withdraw(db: AsyncConnection, plan_id: str, today: date, *, by: int | None, now: datetime) -> tuple[str, ...]:
    """Take a plan out of force and bring back what it had replaced; the ids of that.

    Raises:
        CatalogueError: another plan needs a subject of it.
        PlanRefusedError: it is unknown or not in force.
    """
    back = await plans.withdraw(db, plan_id, shipped=_shipped_ids(), by=by, now=now)
    await _check_whole(db, today)
    return back


async def restore(db: AsyncConnection, plan_id: str, today: date, *, by: int | None, now: datetime) -> tuple[str, ...]:
    """Take a withdrawal back; the ids of what the plan replaces again.

    Raises:
        CatalogueError: it does not fit the plans that are known by now.
        PlanRefusedError: it is unknown or was not withdrawn.
    """
    again = await plans.restore(db, plan_id, by=by, now=now)
    stored = await _check_whole(db, today)
    found = next((row.plan for row in stored if row.plan_id == plan_id and row.plan is not None), None)
    if found is not None:
        # Another file of the same plan may have taken its place meanwhile.
        check_plan(plan_id, found, list_others(stored, today), load_glossary())
    return again


def _shipped_ids() -> frozenset[str]:
    return frozenset(plan.id for plan in load_plans())


async def _check_whole(db: AsyncConnection, today: date) -> list[StoredPlan]:
    stored = await plans.list_plans(db)
    join_subjects(make_catalogue(load_plans(), stored, today), load_glossary())
    return stored
