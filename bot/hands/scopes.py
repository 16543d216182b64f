"""The choice of the part of the tree that a deadline or notice is for: a unit with all below it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from bot import access
from bot.access import Right
from bot.hands import reach
from bot.hands.asking import Asking
from bot.hands.taps import Tap, read_number
from bot.road.reply import Reply
from bot.words import units as words
from knowledge.addressees import Addressees
from knowledge.text import fold
from storage import units
from storage.units import Unit

Draft = TypeVar("Draft")

MOST_OFFERED: Final = 8

_UP: Final = "up"
_BACK: Final = "back"


@dataclass(frozen=True, slots=True)
class ScopeChoice:
    """The choice that a button carries: a unit by its id; None: the one above, or the one chosen before."""

    unit_id: int | None = None
    goes_up: bool = False

    def __str__(self) -> str:
        """The choice as callback data."""
        if self.unit_id is not None:
            return str(self.unit_id)
        return _UP if self.goes_up else _BACK

    @classmethod
    def parse(cls, text: str) -> ScopeChoice:
        """The choice read from callback data, "12" → unit 12; raises ValueError where it is none."""
        if text in {_UP, _BACK}:
            return cls(goes_up=text == _UP)
        return cls(read_number(text))


@dataclass(frozen=True, slots=True)
class OfferedScopes:
    """Units to choose from, and whether one may also go up from here."""

    units: tuple[Unit, ...]
    may_go_up: bool = False


@dataclass(frozen=True, slots=True)
class Addressed(Generic[Draft]):
    """A draft for those whom a message is for, and what else it says.

    `offered` are the parts of the tree to choose from where `said` did not name one; None where all is clear.
    """

    draft: Draft
    text: str
    offered: OfferedScopes | None = None
    said: str = ""


async def get_whole_scope(asking: Asking) -> Unit:
    """The first of the topmost units that somebody supervises; raises AccessDeniedError where there is none."""
    asking.require_anywhere(Right.SUPERVISE)
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    if not tops:
        raise access.AccessDeniedError(Right.SUPERVISE)
    return tops[0]


async def may_choose_other(asking: Asking, unit: Unit) -> bool:
    """Whether there is another part of the tree to choose."""
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    if len(tops) > 1 or all(unit.id != top.id for top in tops):
        return True
    return await units.count_children(asking.db, unit.id, active_on=asking.today) > 0


async def offer_scopes(asking: Asking, unit_id: int) -> OfferedScopes:
    """The units right below a unit, and the topmost ones beside it; raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, unit_id)
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    below = await units.list_children(asking.db, unit.id, active_on=asking.today, most=MOST_OFFERED)
    lies_below = all(unit.id != top.id for top in tops)
    others = [] if lies_below else [top for top in tops if top.id != unit.id]
    return OfferedScopes((*others, *below)[:MOST_OFFERED], lies_below)


async def find_scopes(asking: Asking, text: str) -> OfferedScopes | None:
    """The units of that name, or a part of it, among those somebody supervises; None where there are none."""
    found = (await reach.search(asking, text, Right.SUPERVISE, most=MOST_OFFERED)).units
    return OfferedScopes(found) if found else None


async def find_addressed(asking: Asking, addressed: Addressees) -> tuple[Unit, ...]:
    """The units that are meant by those addressed, among them somebody supervises: one where it is clear, or none."""
    found = (await reach.search(asking, addressed.unit, Right.SUPERVISE, most=MOST_OFFERED)).units
    if addressed.audience is not None:
        found = tuple(unit for unit in found if not unit.kind.is_grassroots) or found
    name = fold(addressed.unit)
    for unit in found:
        if fold(unit.name) == name or all(other.lies_in(unit) for other in found):
            return (unit,)
    return found


def ask_scope(
    offered: OfferedScopes, tap: Callable[[ScopeChoice], Tap], edits: int | None = None, *, said: str = ""
) -> Reply:
    """The question which part of the tree it is to be; `tap` makes the button of a choice, `said` was not one unit."""
    choices = [tap(ScopeChoice(unit.id)).button(words.label(unit.name)) for unit in offered.units]
    return words.choose_scope(choices, tap(ScopeChoice(goes_up=offered.may_go_up)).button(words.BACK), edits, said=said)


async def get_chosen_scope(asking: Asking, unit_id: int, choice: ScopeChoice) -> Unit:
    """The unit that a button chooses, `unit_id` being the one chosen before; raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, unit_id)
    if choice.unit_id is not None:
        return await asking.get_unit(Right.SUPERVISE, choice.unit_id)
    if choice.goes_up and unit.parent_id is not None:
        return await asking.get_unit(Right.SUPERVISE, unit.parent_id)
    return unit
