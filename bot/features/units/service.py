"""The tree of units as it is shown and changed in the chat: pages, searches, moves, mergers, ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Asker, Right
from bot.features.people import service
from knowledge.model.units import GRASSROOTS_KINDS
from storage import audit, invites, units
from storage.people import Person, Role
from storage.units import Unit, UnitMoveError

PAGE = 8


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
class Found:
    """Units that were searched for: one page, and whether there are more."""

    text: str
    units: tuple[Unit, ...]
    has_more: bool


async def show_unit(db: AsyncConnection, asker: Asker, unit: Unit, page: int, today: date) -> UnitPage:
    """One page of a unit, for somebody who may see it.

    Raises:
        AccessDeniedError: they may not.
    """
    access.require(asker, Right.SEE, unit)
    count = await units.count_children(db, unit.id, active_on=today)
    page = min(max(page, 0), max(0, (count - 1) // PAGE))
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
        staff=tuple(await service.list_staff(db, unit.id)),
        plan=await units.get_governing_plan(db, unit.id),
        may_invite=is_active and asker.may(Right.SUPERVISE, unit),
        may_manage=asker.may(Right.MANAGE, unit),
    )


async def find(
    db: AsyncConnection, asker: Asker, text: str, right: Right, *, active_on: date | None = None, most: int = PAGE
) -> Found:
    """The units of that name or code for which somebody may do something."""
    tops: list[Unit | None] = [None] if asker.is_admin else list(asker.units(right))
    found: list[Unit] = []
    for top in tops:
        found += await units.search(db, text, top, active_on=active_on, most=most + 1)
    exact = units.code_key(text)
    found.sort(key=lambda unit: units.code_key(unit.code) != exact)
    return Found(text, tuple(found[:most]), len(found) > most)


async def move(db: AsyncConnection, asker: Asker, unit: Unit, target: Unit, now: datetime) -> Unit | None:
    """Put a unit below another one, for an admin of both; None where the tree does not allow it.

    Raises:
        AccessDeniedError: the asker does not manage both.
    """
    _require_both(asker, unit, target)
    acting = await access.get_acting_id(db, asker, now)
    try:
        moved = await units.move(db, unit.id, target.id)
    except UnitMoveError:
        return None
    if unit.parent_id != target.id:
        details = {"from": unit.parent_id, "to": target.id}
        await audit.note(db, "unit.moved", now, by=acting, unit_id=unit.id, details=details)
    return moved


async def merge(db: AsyncConnection, asker: Asker, unit: Unit, target: Unit, now: datetime, today: date) -> bool:
    """End a unit whose place another one takes: what lies below goes there; False where the tree does not allow it.

    Raises:
        AccessDeniedError: the asker does not manage both.
    """
    _require_both(asker, unit, target)
    unit, target = await units.get_unit(db, unit.id), await units.get_unit(db, target.id)
    if target.lies_in(unit) or not (unit.is_active(today) and target.is_active(today)):
        return False
    acting = await access.get_acting_id(db, asker, now)
    for child in await units.list_children(db, unit.id, active_on=today):
        await units.move(db, child.id, target.id)
    await units.dissolve(db, unit.id, today, merged_into=target.id)
    await invites.revoke_by_unit(db, unit.id, now)
    await audit.note(db, "unit.merged", now, by=acting, unit_id=unit.id, details={"into": target.id})
    return True


def _require_both(asker: Asker, unit: Unit, target: Unit) -> None:
    access.require(asker, Right.MANAGE, unit)
    access.require(asker, Right.MANAGE, target)


async def dissolve(db: AsyncConnection, asker: Asker, unit: Unit, now: datetime, today: date) -> int:
    """End a unit and all below it today; how many ended.

    Raises:
        AccessDeniedError: the asker does not manage it.
    """
    access.require(asker, Right.MANAGE, unit)
    acting = await access.get_acting_id(db, asker, now)
    ended = await units.dissolve(db, unit.id, today)
    if ended:
        await audit.note(db, "unit.dissolved", now, by=acting, unit_id=unit.id, details={"units": ended})
    return ended


async def revive(db: AsyncConnection, asker: Asker, unit: Unit, now: datetime) -> Unit:
    """Take back the end of a unit.

    Raises:
        AccessDeniedError: the asker does not manage it.
    """
    access.require(asker, Right.MANAGE, unit)
    acting = await access.get_acting_id(db, asker, now)
    if unit.dissolved_on is not None:
        await audit.note(db, "unit.revived", now, by=acting, unit_id=unit.id)
    return await units.revive(db, unit.id)


async def rename(db: AsyncConnection, asker: Asker, unit: Unit, name: str, now: datetime) -> Unit:
    """Give a unit another name.

    Raises:
        AccessDeniedError: the asker does not manage it.
    """
    access.require(asker, Right.MANAGE, unit)
    acting = await access.get_acting_id(db, asker, now)
    renamed = await units.change(db, unit.id, name=name)
    await audit.note(db, "unit.renamed", now, by=acting, unit_id=unit.id)
    return renamed
