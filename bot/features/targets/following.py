"""What units are to reach and how far they are: of one unit, and of those right below it by how far they are behind.

Functions take units that the asker may see; goals by ids from outside are looked at here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.access import Right
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services.progress import find_way, measure
from knowledge.model.reached import Followed, Reached
from knowledge.model.shares import Goal, HeldShare, Share
from knowledge.share_progress import ShareProgress, measure_share, rank
from knowledge.share_question import ShareQuestion, choose_goals, names_of
from storage import share_progress, shares, units
from storage.people import RoleName
from storage.units import Unit

UNITS_SHOWN: Final = 10
_LAST_YEAR_UNTIL: Final = 3  # months: until then, what counts is last year's where nothing is set for this one


@dataclass(frozen=True, slots=True)
class UnitShare:
    """A unit's share of a goal.

    Attributes:
        progress: None where no form in force measures the goal.
        giver: the name of the unit that handed it down; None for the unit's own.
        before: the version before, where the amount was changed.
        inherits: it is a percentage that a unit above was given, which holds for this one as it is.
        given: of a percentage that is only handed down, unit by unit: the lowest, the highest, and to how many units.
    """

    held: HeldShare
    progress: ShareProgress | None
    giver: str | None = None
    before: Share | None = None
    inherits: bool = False
    given: tuple[Decimal, Decimal, int] | None = None


@dataclass(frozen=True, slots=True)
class SharesOfUnit:
    """What a unit is to reach in a year, the oldest goal first; `children` is how many units lie right below."""

    unit: Unit
    year: int
    shares: tuple[UnitShare, ...]
    children: int = 0


@dataclass(frozen=True, slots=True)
class UnitBelow:
    """A unit right below, with what it is to reach (None: nothing) and how far it is."""

    unit: Unit
    amount: Decimal | None
    progress: ShareProgress | None


@dataclass(frozen=True, slots=True)
class UnitsOfGoal:
    """Units right below another by how far they are behind in a goal, a page of them.

    Attributes:
        whole: how far the unit above is in its own share; None where it has none or nothing measures it.
        below: all of them, the furthest behind first; `shown` are those of the page.
    """

    goal: Goal
    unit: Unit
    how: Followed | None
    whole: ShareProgress | None
    below: tuple[UnitBelow, ...]
    page: int
    pages: int

    @property
    def shown(self) -> tuple[UnitBelow, ...]:
        """The units of the page."""
        return self.below[self.page * UNITS_SHOWN :][:UNITS_SHOWN]


async def read_shares(
    asking: Asking, rules: Rules, unit: Unit, year: int | None, question: ShareQuestion | None = None
) -> SharesOfUnit:
    """What holds for a unit in a year (the present one where none is named), as far as words ask for it."""
    held = await _list_held(asking, unit, year or asking.today.year)
    found_year = year or asking.today.year
    if not held and year is None and asking.today.month <= _LAST_YEAR_UNTIL:
        found_year -= 1
        held = await _list_held(asking, unit, found_year)
    if question is not None and held:
        names = {each.goal.id: names_of(each.goal, find_way(rules, each.goal, asking.today)) for each in held}
        meant = choose_goals(question, names)
        held = [each for each in held if each.goal.id in meant]
    told = [await _tell(asking, rules, unit, each) for each in held]
    children = await units.count_children(asking.db, unit.id, active_on=asking.today) if held else 0
    return SharesOfUnit(unit, found_year, tuple(told), children)


async def has_shares(asking: Asking) -> bool:
    """Whether a unit that the asker serves as officer or supervisor has anything to reach this year."""
    own = [held.unit for held in asking.asker.held if held.role in {RoleName.OFFICER, RoleName.SUPERVISOR}]
    for unit in own:
        if await _list_held(asking, unit, asking.today.year):
            return True
    return False


async def _list_held(asking: Asking, unit: Unit, year: int) -> list[HeldShare]:
    """What a unit is to reach; of what it handed down without an amount of its own, all that it handed down."""
    held = await shares.list_goals_of(asking.db, unit, year)
    known = {each.goal.id for each in held}
    own = [goal for goal in await shares.list_goals(asking.db, unit.id, year) if goal.id not in known]
    summed = [(goal, await shares.sum_given(asking.db, goal)) for goal in own]
    return [*held, *(HeldShare(goal, share) for goal, share in summed if share is not None)]


async def _find_share(asking: Asking, goal: Goal, unit: Unit) -> Share | None:
    share = await shares.find_share(asking.db, goal.id, unit.id)
    if share is not None or goal.unit_id != unit.id:
        return share
    return await shares.sum_given(asking.db, goal)


async def _tell(asking: Asking, rules: Rules, unit: Unit, held: HeldShare) -> UnitShare:
    db, share = asking.db, held.share
    progress = await measure(db, rules, held, unit.id, asking.today)
    giver = await units.find_unit_by_id(db, share.given_by) if share.given_by is not None else None
    versions = await shares.list_versions(db, share.goal_id, share.unit_id) if share.number > 1 else []
    below = await shares.list_given(db, share.goal_id, unit.id) if share.value is None else []
    amounts = [each.value for each in below if each.value is not None]
    others = [each for each in versions if each.number < share.number and each.value not in {None, share.value}]
    return UnitShare(
        held,
        progress,
        giver.name if giver is not None else None,
        others[-1] if others else None,
        share.unit_id != unit.id,
        (min(amounts), max(amounts), len(amounts)) if amounts else None,
    )


async def find_goal(asking: Asking, goal_id: int, unit: Unit) -> Goal | None:
    """The open goal of an id from outside that concerns a unit: its own, one of a unit above, or handed to it."""
    goal = await shares.find_goal(asking.db, goal_id)
    if goal is None or goal.closed_at is not None:
        return None
    is_above = goal.unit_id in unit.ancestor_ids
    return goal if is_above or await shares.list_shares(asking.db, goal.id, [unit.id]) else None


async def read_one(asking: Asking, rules: Rules, goal: Goal, unit: Unit) -> SharesOfUnit:
    """What a unit is to reach of one goal."""
    share = await _find_share(asking, goal, unit)
    told = (await _tell(asking, rules, unit, HeldShare(goal, share)),) if share is not None else ()
    return SharesOfUnit(unit, goal.year, told, await units.count_children(asking.db, unit.id, active_on=asking.today))


async def read_units(asking: Asking, rules: Rules, goal: Goal, unit: Unit, page: int = 0) -> UnitsOfGoal:
    """The units right below, the furthest behind first, those without a share last."""
    db, today = asking.db, asking.today
    children = await units.list_children(db, unit.id, active_on=today)
    own = await _find_share(asking, goal, unit)
    given = await shares.list_shares(db, goal.id, [child.id for child in children])
    how = find_way(rules, goal, today)
    whole, reached = await share_progress.read_below(db, unit, how, today) if how is not None else (Reached(), {})

    def progress(value: Decimal | None, found: Reached) -> ShareProgress | None:
        return measure_share(goal, value, how, found, today) if how is not None and value is not None else None

    inherited = own.value if own is not None and goal.is_percent else None
    below = []
    for child in children:
        share = given.get(child.id)
        value = share.value if share is not None else inherited
        below.append(UnitBelow(child, value, progress(value, reached.get(child.id, Reached()))))
    order = rank([(each.unit.order, each.progress) for each in below])
    pages = max(1, -(-len(below) // UNITS_SHOWN))
    return UnitsOfGoal(
        goal,
        unit,
        how,
        progress(own.value if own is not None else None, whole),
        tuple(below[at] for at in order),
        min(max(page, 0), pages - 1),
        pages,
    )


async def find_parent(asking: Asking, unit: Unit) -> Unit | None:
    """The unit right above, where the asker may see it."""
    if unit.parent_id is None:
        return None
    above = await units.find_unit_by_id(asking.db, unit.parent_id)
    return above if above is not None and asking.asker.may(Right.SEE, above) else None
