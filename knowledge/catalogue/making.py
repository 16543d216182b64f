"""The plans that are known on a day: those that come with the program, and those of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from knowledge.model.plans import Plan, PlanState
from knowledge.model.stored_plans import PlanStatus, StoredPlan


def make_catalogue(shipped: Iterable[Plan], stored: Iterable[StoredPlan], today: date) -> tuple[Plan, ...]:
    """Every plan that may be spoken of on a day, with its state on that day; the shipped ones first.

    Plans that are merely read, withdrawn or not in force yet are left out. A plan of the database stands instead of the
    shipped one of its id. A replaced plan names the one that stands in its place today; while that is not in force yet,
    the old one is. A plan whose years are over has ended; a state that its file gives is kept as written, unless what
    the file says replaced it was withdrawn.
    """
    rows = {row.plan_id: row for row in stored if row.status is not PlanStatus.READ}
    there: dict[str, Plan] = {}
    for plan in shipped:
        row = rows.get(plan.id)
        if row is None or row.status is not PlanStatus.WITHDRAWN:
            stands = row is not None and _has_begun(row, today)
            there[plan.id] = row.plan if stands and row is not None and row.plan is not None else plan
    for row in rows.values():
        if row.plan is not None and row.status is not PlanStatus.WITHDRAWN and _has_begun(row, today):
            there.setdefault(row.plan_id, row.plan)
    return tuple(_on_day(plan, rows, there, today) for plan in there.values())


def list_gone(shipped: Iterable[Plan], stored: Iterable[StoredPlan]) -> tuple[str, ...]:
    """What the issuers of plans that were withdrawn are called: places and bodies that are still known to be such."""
    by_id = {plan.id: plan for plan in shipped}
    plans = (row.plan or by_id.get(row.plan_id) for row in stored if row.status is PlanStatus.WITHDRAWN)
    names = (name for plan in plans if plan is not None for name in (*plan.aliases, plan.place.partition(",")[0]))
    return tuple(dict.fromkeys(name for name in names if " " in name and not any(map(str.isdigit, name))))


def _has_begun(row: StoredPlan, today: date) -> bool:
    return row.in_force_from is None or row.in_force_from <= today


def _on_day(plan: Plan, rows: Mapping[str, StoredPlan], there: Mapping[str, Plan], today: date) -> Plan:
    successor = _successor(plan.id, rows, there)
    if successor is not None:
        row = rows.get(successor)
        since = (row.in_force_from if row is not None else None) or there[successor].issued_on
        return msgspec.structs.replace(
            plan, state=PlanState.REPLACED, state_since=since, state_note=None, replaced_by=successor
        )
    by = rows.get(plan.replaced_by or "")
    if by is not None and by.status is PlanStatus.WITHDRAWN and plan.replaced_by not in there:
        plan = msgspec.structs.replace(
            plan, state=PlanState.IN_FORCE, state_since=None, state_note=None, replaced_by=None
        )
    if plan.state is PlanState.IN_FORCE and plan.covers_to < today.year:
        over = date(plan.covers_to + 1, 1, 1)
        return msgspec.structs.replace(plan, state=PlanState.ENDED, state_since=over, state_note=None)
    row = rows.get(plan.id)
    if plan.state is PlanState.IN_FORCE and row is not None and row.plan is not None:
        return msgspec.structs.replace(plan, state_since=max(row.in_force_from or date.min, row.changed_at.date()))
    return plan


def _successor(plan_id: str, rows: Mapping[str, StoredPlan], there: Mapping[str, Plan]) -> str | None:
    """The first plan in the chain of those that replaced this one which is there; None where it was not replaced."""
    seen = {plan_id}
    row = rows.get(plan_id)
    while row is not None and row.status is PlanStatus.REPLACED and row.replaced_by not in seen:
        assert row.replaced_by is not None
        if row.replaced_by in there:
            return row.replaced_by
        seen.add(row.replaced_by)
        row = rows.get(row.replaced_by)
    return None
