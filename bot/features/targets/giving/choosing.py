"""Which unit hands what down, as a message says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import access
from bot.access import Right
from bot.features.targets.giving.beginning import changes, is_sure
from bot.features.targets.giving.dialogs import SettingShares
from bot.features.targets.giving.grounds import list_below, name_below
from bot.features.targets.giving.opinions import find_source
from bot.features.targets.giving.sources import Source, find_named
from bot.hands import reach
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.answer import Adviser
from knowledge.shares.checking import RefusedShare, find_value_fault
from knowledge.shares.goals import read_goal
from knowledge.shares.matching import NamesBelow, plain
from knowledge.shares.reading import read_shares
from storage import shares, units
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class SaidGiving:
    """What a message says of handing down: by whom, for which year, of what, and whether it says shares.

    `subjects` are those that its words for the goal name; it is sure where it names a unit, or serves all of them. It
    `changes` what stands where it says by how much.
    """

    unit: Unit
    year: int
    goal: str
    text: str
    says_shares: bool
    subjects: tuple[str, ...] = ()
    is_sure: bool = False
    changes: bool = False


def opening(unit: Unit, year: int) -> SaidGiving:
    """What a button says: the unit and the year."""
    return SaidGiving(unit, year, "", "", says_shares=False)


async def list_givers(asking: Asking) -> list[Unit]:
    """The topmost units that somebody supervises and that have any below.

    Raises:
        AccessDeniedError: they supervise none at all.
    """
    asking.require_anywhere(Right.SUPERVISE)
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    active = [unit for unit in tops if unit.is_active(asking.today)]
    with_units = await units.list_parents(asking.db, [unit.id for unit in active], active_on=asking.today)
    return [unit for unit in active if unit.id in with_units]


async def name_children(asking: Asking, unit: Unit) -> NamesBelow:
    """The units right below one, to be found by name."""
    return name_below(await list_below(asking, unit))


def read_said(below: NamesBelow, unit: Unit, text: str, today: date, *, year: int | None = None) -> SaidGiving:
    """What a message says, of a unit that hands down. Pure."""
    read = read_shares(text, below, today)
    goal = read.goal or (" ".join(read.unread) if not read.says_shares else "")
    return SaidGiving(
        unit,
        read.year or year or today.year,
        goal,
        text,
        read.says_shares,
        is_sure=is_sure(read),
        changes=changes(read),
    )


async def says_shares(asking: Asking, unit_id: int, text: str) -> bool:
    """Whether a message says anything of shares of the units right below one; raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, unit_id)
    return read_said(await name_children(asking, unit), unit, text, asking.today).says_shares


def with_goal(said: SaidGiving, goal: str) -> SaidGiving:
    """The same of a goal that was named afterwards. Pure."""
    return replace(said, goal=goal)


async def find_said(asking: Asking, places: Sequence[Unit], text: str) -> SaidGiving | None:
    """What a message says, of the unit that has most of those it names right below; None where that is not clear."""
    if text and (named := (await reach.search(asking, text, Right.SUPERVISE, most=2)).meant) and len(named) == 1:
        return opening(named[0], asking.today.year)
    if len(places) == 1:
        return read_said(await name_children(asking, places[0]), places[0], text, asking.today)
    if not text:
        return None
    scored = []
    for place in places:
        below = await name_children(asking, place)
        known = sum(each.match.is_sure for each in read_shares(text, below, asking.today).shares)
        scored.append((known, read_said(below, place, text, asking.today)))
    best = max(known for known, _ in scored)
    found = [said for known, said in scored if known == best]
    return found[0] if best and len(found) == 1 else None


def understand(adviser: Adviser, said: SaidGiving) -> SaidGiving:
    """The same with the subjects that its words for the goal name. Pure."""
    return replace(said, subjects=adviser.understanding.read(said.goal).subjects if said.goal else ())


def choose(found: Sequence[Source], said: SaidGiving) -> list[Source]:
    """What is meant of all that can be handed down; none where nothing was named but shares were, unless these change
    what stands and only one thing does. Pure.
    """
    if not said.goal:
        standing = [each for each in found if each.units] if said.changes else []
        return standing if len(standing) == 1 else []
    return find_named(found, said.subjects, plain(said.goal))


async def find_goal(asking: Asking, rules: Rules, unit: Unit, goal_id: int) -> Source | None:
    """A goal as a unit stands to it; None where it is gone, or neither reaches nor belongs to the unit."""
    goal = await shares.find_goal(asking.db, goal_id)
    if goal is None:
        return None
    source = await find_source(asking, rules, unit, goal)
    return source if source.own is not None or goal.unit_id == unit.id else None


async def list_pending(asking: Asking, state: SettingShares) -> list[Unit]:
    """The units that the first pending name may mean, in the order in which they fit; none that it named otherwise."""
    found = await units.get_units(asking.db, state.pending[0].units)
    return [found[each] for each in state.pending[0].units if each in found and each not in state.named]


def read_own_goal(text: str, year: int, today: date) -> Source | RefusedShare | None:
    """A goal of a unit's own; what is wrong with its amount; None where its name or amount is not clear. Pure."""
    read = read_goal(text, today)
    if read is None:
        return None
    fault = find_value_fault(read.amount, read.measured_in)
    if fault is not None:
        return RefusedShare(fault, read.name, f"{read.amount:f}")
    return Source(read.name, read.measured_in, read.year or year, own=read.amount)
