"""The tree of units as it is shown and changed in the chat: pages, searches, moves, mergers, ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot import access
from bot.access import AccessDeniedError, Right
from bot.features.units.taps import Rearrangement
from bot.hands import reach
from bot.hands.asking import Asking
from bot.hands.reach import FoundUnits
from knowledge.model.units import GRASSROOTS_KINDS
from storage import audit, invites, people, share_mergers, shares, units
from storage.people import Person, Role
from storage.units import Unit, UnitMoveError

PAGE: Final = 8
LONGEST_NAME: Final = 250
LONGEST_SEARCH: Final = 100


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A unit as somebody sees it.

    Attributes:
        above: the units above it that the asker may see, the topmost first.
        children: one page of the active units right below; `count` of them in all.
        below: all active units below it, `grassroots` of them send figures.
        staff: who serves this very unit.
        plan: the id of the plan that governs it.
        may_invite, may_manage: what the asker may do here.
    """

    unit: Unit
    above: tuple[Unit, ...]
    children: tuple[Unit, ...]
    count: int
    page: int
    below: int
    grassroots: int
    staff: tuple[tuple[Role, Person], ...]
    plan: str | None
    may_invite: bool
    may_manage: bool

    @property
    def pages(self) -> int:
        """How many pages the units right below take."""
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class TopsPage:
    """One page of the topmost units for which somebody may do that; `count` of them in all."""

    right: Right
    units: tuple[Unit, ...]
    page: int
    count: int

    @property
    def pages(self) -> int:
        """How many pages they take."""
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change of the tree concerns: with a move all `carried` units below, with a merger those right below.

    `shares` are the targets that a unit which is merged holds shares of.
    """

    change: Rearrangement
    unit: Unit
    target: Unit
    carried: int
    shares: int = 0


async def show_unit(asking: Asking, unit: Unit, page: int) -> UnitPage:
    """One page of a unit, for somebody who may see it.

    Raises:
        AccessDeniedError: they may not.
    """
    db, asker, today = asking.db, asking.asker, asking.today
    access.require(asker, Right.SEE, unit)
    count = await units.count_children(db, unit.id, active_on=today)
    page = min(page, max(0, (count - 1) // PAGE))
    children = await units.list_children(db, unit.id, active_on=today, most=PAGE, skip=page * PAGE)
    above = [each for each in await units.list_ancestors(db, unit) if asker.may(Right.SEE, each)]
    is_active = unit.is_active(today)
    return UnitPage(
        unit=unit,
        above=tuple(above),
        children=tuple(children),
        count=count,
        page=page,
        below=await units.count_subtree(db, unit.id, active_on=today) - is_active,
        grassroots=await units.count_subtree(db, unit.id, active_on=today, kinds=GRASSROOTS_KINDS)
        - (is_active and unit.kind.is_grassroots),
        staff=tuple(await people.list_staff(db, unit.id)),
        plan=next(iter(await units.get_governing_plans(db, unit.id)), None),
        may_invite=is_active and asker.may(Right.SUPERVISE, unit),
        may_manage=asker.may(Right.MANAGE, unit),
    )


async def list_tops(asking: Asking, right: Right, page: int) -> TopsPage:
    """One page of the topmost active units for which somebody may do that; empty for an admin without any units.

    Raises:
        AccessDeniedError: there are none, for anybody else.
    """
    tops = await reach.list_tops(asking, right)
    if not tops and not asking.asker.is_admin:
        raise AccessDeniedError(right)
    page = min(page, max(0, (len(tops) - 1) // PAGE))
    return TopsPage(right, tuple(tops[page * PAGE : (page + 1) * PAGE]), page, len(tops))


async def find(asking: Asking, text: str, right: Right, *, only_active: bool = False) -> FoundUnits:
    """The units of that name or code for which somebody may do something."""
    return await reach.search(asking, text[:LONGEST_SEARCH], right, most=PAGE, active=only_active)


async def count_below(asking: Asking, unit: Unit) -> int:
    """How many active units lie below one."""
    return max(await units.count_subtree(asking.db, unit.id, active_on=asking.today) - 1, 0)


async def foresee(asking: Asking, change: Rearrangement, unit: Unit, target: Unit) -> Foreseen:
    """What a move or merger would concern; changes nothing."""
    if change is Rearrangement.MOVE:
        return Foreseen(change, unit, target, await count_below(asking, unit))
    children = await units.count_children(asking.db, unit.id, active_on=asking.today)
    held = await shares.list_goals_of(asking.db, unit, asking.today.year)
    own = sum(each.share.unit_id == unit.id for each in held)
    return Foreseen(change, unit, target, children, own)


async def rearrange(asking: Asking, change: Rearrangement, unit: Unit, target: Unit) -> Unit | None:
    """Move a unit, or merge it, for an admin of both; the unit to be shown then, None where the tree forbids it.

    Raises:
        AccessDeniedError: the asker does not manage both.
    """
    if change is Rearrangement.MOVE:
        return await move(asking, unit, target)
    return await merge(asking, unit, target)


async def move(asking: Asking, unit: Unit, target: Unit) -> Unit | None:
    """Put a unit below another one, for an admin of both; None where the tree does not allow it.

    Raises:
        AccessDeniedError: the asker does not manage both.
    """
    _require_both(asking, unit, target)
    acting = await access.get_acting_id(asking.db, asking.asker, asking.now)
    try:
        moved = await units.move(asking.db, unit.id, target.id)
    except UnitMoveError:
        return None
    if unit.parent_id != target.id:
        details = {"from": unit.parent_id, "to": target.id}
        await audit.note(asking.db, "unit.moved", asking.now, by=acting, unit_id=unit.id, details=details)
    return moved


async def merge(asking: Asking, unit: Unit, target: Unit) -> Unit | None:
    """End a unit whose place another one takes: what lies below goes there, and so do its shares of targets.

    None where the tree does not allow it.

    Raises:
        AccessDeniedError: the asker does not manage both.
    """
    _require_both(asking, unit, target)
    db, now, today = asking.db, asking.now, asking.today
    unit, target = await units.get_unit(db, unit.id), await units.get_unit(db, target.id)
    if target.lies_in(unit) or not (unit.is_active(today) and target.is_active(today)):
        return None
    acting = await access.get_acting_id(db, asking.asker, now)
    brought = await share_mergers.merge_shares(db, unit, target, by=acting, now=now)
    for child in await units.list_children(db, unit.id, active_on=today):
        await units.move(db, child.id, target.id)
    await units.dissolve(db, unit.id, today, merged_into=target.id)
    await invites.revoke_by_unit(db, unit.id, now)
    mine = sum(each.after.unit_id == target.id for _, each in brought)
    details: dict[str, int] = {"into": target.id} | ({"targets": mine} if mine else {})
    await audit.note(db, "unit.merged", now, by=acting, unit_id=unit.id, details=details)
    return target


def _require_both(asking: Asking, unit: Unit, target: Unit) -> None:
    access.require(asking.asker, Right.MANAGE, unit)
    access.require(asking.asker, Right.MANAGE, target)


async def dissolve(asking: Asking, unit: Unit) -> Unit:
    """End a unit and all below it today.

    Raises:
        AccessDeniedError: the asker does not manage it.
    """
    access.require(asking.asker, Right.MANAGE, unit)
    acting = await access.get_acting_id(asking.db, asking.asker, asking.now)
    ended = await units.dissolve(asking.db, unit.id, asking.today)
    if ended:
        details = {"units": ended}
        await audit.note(asking.db, "unit.dissolved", asking.now, by=acting, unit_id=unit.id, details=details)
    return await units.get_unit(asking.db, unit.id)


async def revive(asking: Asking, unit: Unit) -> Unit:
    """Take back the end of a unit.

    Raises:
        AccessDeniedError: the asker does not manage it.
    """
    access.require(asking.asker, Right.MANAGE, unit)
    acting = await access.get_acting_id(asking.db, asking.asker, asking.now)
    if unit.dissolved_on is not None:
        await audit.note(asking.db, "unit.revived", asking.now, by=acting, unit_id=unit.id)
    return await units.revive(asking.db, unit.id)


async def rename(asking: Asking, unit: Unit, name: str) -> Unit:
    """Give a unit another name, of at most `LONGEST_NAME` letters.

    Raises:
        AccessDeniedError: the asker does not manage it.
    """
    access.require(asking.asker, Right.MANAGE, unit)
    acting = await access.get_acting_id(asking.db, asking.asker, asking.now)
    renamed = await units.change(asking.db, unit.id, name=name)
    details = {audit.CHANGED: audit.changes({"name": unit.name}, {"name": renamed.name})}
    await audit.note(asking.db, "unit.renamed", asking.now, by=acting, unit_id=unit.id, details=details)
    return renamed
