"""Units within somebody's reach: by id, by name or code, their own, the topmost, those below.

Units for which the asker lacks the right are treated as not existing.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot import access
from bot.access import Right
from bot.hands.asking import Asking
from knowledge.model.units import GRASSROOTS_KINDS
from storage import units
from storage.people import RoleName
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class FoundUnits:
    """Units found by a search, at most as many as were wanted, and whether there are more."""

    text: str
    units: tuple[Unit, ...]
    has_more: bool

    @property
    def meant(self) -> tuple[Unit, ...]:
        """The one whose code was typed; all of them where it is no unit's code."""
        code = units.code_key(self.text)
        return tuple(unit for unit in self.units if units.code_key(unit.code) == code) or self.units


async def find(asking: Asking, unit_id: int, right: Right) -> Unit | None:
    """The unit of an id, where the asker has that right for it; None alike where it is not there."""
    held = next((held.unit for held in asking.asker.held if held.unit.id == unit_id), None)
    unit = held or await units.find_unit_by_id(asking.db, unit_id)
    return unit if unit is not None and asking.asker.may(right, unit) else None


async def search(
    asking: Asking, text: str, right: Right = Right.SEE, *, most: int = 8, active: bool = True
) -> FoundUnits:
    """Units that fit a name or code, an exact code first.

    Args:
        right: what the asker may do for them.
        active: without those dissolved by today.
    """
    on = asking.today if active else None
    tops: tuple[Unit | None, ...] = (None,) if asking.asker.is_admin else asking.asker.units(right)
    seen: dict[int, Unit] = {}
    for top in tops:
        for unit in await units.search(asking.db, text, top, active_on=on, most=most + 1):
            seen.setdefault(unit.id, unit)
    code = units.code_key(text)
    found = sorted(seen.values(), key=lambda unit: units.code_key(unit.code) != code)
    return FoundUnits(text, tuple(found[:most]), len(found) > most)


def list_own(asking: Asking) -> list[Unit]:
    """The units that the asker answers for, which still exist, in the order of units.

    Those that they are officer of; those above the grassroots that they supervise where a form is asked of such a unit.
    """
    opened = asking.forms.list_opened(asking.today)
    above = [
        unit
        for unit in asking.asker.units_as(RoleName.SUPERVISOR)
        if unit.kind not in GRASSROOTS_KINDS and any(form.is_owed_by(unit.kind) for form, _ in opened)
    ]
    held = (*asking.asker.units_as(RoleName.OFFICER), *above)
    own = {unit.id: unit for unit in held if unit.is_active(asking.today)}
    return sorted(own.values(), key=lambda unit: (unit.order, unit.id))


def list_ended(asking: Asking) -> list[Unit]:
    """The units that the asker is officer of and that exist no more, the last to end first."""
    ended = {unit.id: unit for unit in asking.asker.units_as(RoleName.OFFICER) if not unit.is_active(asking.today)}
    return sorted(ended.values(), key=lambda unit: (unit.dissolved_on or asking.today, unit.id), reverse=True)


async def list_tops(asking: Asking, right: Right) -> list[Unit]:
    """The topmost units for which the asker may do that, which still exist; for ADMIN_IDS the roots of all trees."""
    return [unit for unit in await access.list_tops(asking.db, asking.asker, right) if unit.is_active(asking.today)]


def reaches_below(asking: Asking) -> bool:
    """Whether the asker may report for units below their own."""
    return asking.asker.is_admin or any(unit.kind not in GRASSROOTS_KINDS for unit in asking.asker.units(Right.SUBMIT))


async def list_offered(asking: Asking, *, most: int = 8) -> list[Unit]:
    """Units to begin a choice with: an officer's own; a supervisor's own and a few below it."""
    own = list_own(asking)
    if any(unit in own for unit in asking.asker.units_as(RoleName.OFFICER)):
        return own[:most]
    return [*own[:most], *await list_below(asking, most=most - len(own[:most]))]


async def list_below(asking: Asking, *, most: int = 8) -> list[Unit]:
    """A few grassroots units for which the asker may report, to begin a choice with; more are found by typing."""
    found: list[Unit] = []
    for top in await access.list_tops(asking.db, asking.asker, Right.SUBMIT):
        if len(found) < most and top.kind not in GRASSROOTS_KINDS:
            found += await units.list_subtree(
                asking.db, top.id, kinds=GRASSROOTS_KINDS, active_on=asking.today, most=most - len(found)
            )
    return found
