"""Shares that hold: set in one transaction with the journal, and goals that are closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.access import Right
from bot.features.targets.giving.dialogs import SettingShares
from bot.features.targets.giving.drafts import check_again
from bot.features.targets.giving.grounds import list_below, list_standing
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.model.shares import Changed, Goal
from knowledge.shares.checking import Balance, RefusedShare, ShareFault, find_value_fault
from storage import audit, joined_goals, shares, units
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class GivenShares:
    """Shares that hold now.

    Attributes:
        changed: of the units below, what was and what is.
        names: of these units, by id.
    """

    goal: Goal
    unit: Unit
    changed: tuple[Changed, ...]
    names: Mapping[int, str]
    balance: Balance
    reason: str


async def give(asking: Asking, rules: Rules, state: SettingShares) -> GivenShares:
    """Hand the shares down: goal, shares and the journal in this transaction.

    Raises:
        AccessDeniedError: the asker does not supervise the giver.
        GoalRefusedError: nothing of it can be handed down any more.
        SharesChangedError: what stands is no longer what was shown.
        SharesRefusedError: a unit is not right below any more, or a number cannot be a share.
    """
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    goal = await check_again(asking, rules, state)
    await _check_values(asking, unit, state)
    if goal is None:
        goal = await shares.add_goal(
            asking.db,
            unit,
            year=state.year,
            name=state.name,
            measured_in=state.measured_in,
            indicator=state.indicator or None,
            plan_id=state.plan or None,
            target=state.target or None,
            by=asking.person_id,
            now=asking.now,
        )
    if await shares.hold_latest(asking.db, goal.id, unit.id) != state.seen:
        raise SharesChangedError(goal.id)
    if goal.unit_id == unit.id and state.own is not None:
        await shares.set_shares(asking.db, goal, None, {unit.id: state.own}, by=asking.person_id, now=asking.now)
    changed = await shares.set_shares(
        asking.db, goal, unit, state.values, by=asking.person_id, now=asking.now, reason=state.reason or None
    )
    for joined in await joined_goals.join_goals(asking.db, goal, asking.now):
        await _note_end(asking, joined)
    names = {each.id: each.name for each in (await units.get_units(asking.db, list(state.values))).values()}
    await note_changes(asking, goal, unit, changed)
    held = await shares.find_share(asking.db, goal.id, unit.id)
    given = sum((each.value or Decimal(0) for each in await shares.list_given(asking.db, goal.id, unit.id)), Decimal(0))
    own = held.value if held is not None and not goal.is_percent else None
    return GivenShares(goal, unit, tuple(changed), names, Balance(own, given), state.reason)


class SharesChangedError(Exception):
    """Shares changed after they were shown; `goal_id` is the goal, which may have been opened meanwhile."""

    def __init__(self, goal_id: int) -> None:
        super().__init__(f"goal {goal_id}")
        self.goal_id = goal_id


class SharesRefusedError(Exception):
    """Some of the shares cannot hold any more."""

    def __init__(self, refused: Sequence[RefusedShare]) -> None:
        super().__init__(", ".join(each.fault for each in refused))
        self.refused = tuple(refused)


async def _check_values(asking: Asking, unit: Unit, state: SettingShares) -> None:
    """Whatever stands in a dialog was checked as it was said; the tree may have changed since."""
    below = {each.id for each in await list_below(asking, unit)}
    held = set(await list_standing(asking, state))
    known = await units.get_units(asking.db, list(state.values))
    refused: list[RefusedShare] = []
    for unit_id, value in state.values.items():
        name = known[unit_id].name if unit_id in known else ""
        if unit_id not in below and not (value is None and unit_id in held):
            is_over = unit_id in known and not known[unit_id].is_active(asking.today)
            refused.append(RefusedShare(ShareFault.DISSOLVED if is_over else ShareFault.ELSEWHERE, name))
        elif value is not None and (fault := find_value_fault(value, state.measured_in)) is not None:
            refused.append(RefusedShare(fault, name, f"{value:f}"))
    if refused:
        raise SharesRefusedError(refused)


async def note_changes(asking: Asking, goal: Goal, unit: Unit, changed: Sequence[Changed]) -> None:
    """Note in the journal what was changed from what to what, by the units' ids."""
    if not changed:
        return
    before = {f"share:{each.after.unit_id}": _plain(each.old) for each in changed}
    after = {f"share:{each.after.unit_id}": _plain(each.after.value) for each in changed}
    await asking.note(
        "shares.set",
        unit_id=unit.id,
        subject=f"goal:{goal.id}",
        details={
            "what": f"{goal.name} {goal.year}",
            "measured_in": goal.measured_in,
            "shares": len(changed),
            audit.CHANGED: audit.changes(before, after),
        },
    )


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


async def close(asking: Asking, goal_id: int, unit_id: int) -> tuple[Goal, Unit] | None:
    """Follow a goal no more; None where it is not the unit's, or closed already. Raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, unit_id)
    goal = await shares.find_goal(asking.db, goal_id)
    if goal is None or goal.unit_id != unit.id or not await shares.close_goal(asking.db, goal.id, asking.now):
        return None
    await _note_end(asking, goal)
    return goal, unit


async def _note_end(asking: Asking, goal: Goal) -> None:
    details = {"what": f"{goal.name} {goal.year}"}
    await asking.note("goal.closed", unit_id=goal.unit_id, subject=f"goal:{goal.id}", details=details)
