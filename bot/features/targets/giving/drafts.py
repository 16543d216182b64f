"""Shares as far as they were said: what they come to, and how they are shown before they hold."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from bot.access import Right
from bot.features.targets.giving.dialogs import Pending, Rest, SettingShares
from bot.features.targets.giving.grounds import (
    find_own,
    list_below,
    list_drafted,
    list_standing,
    make_ground,
    name_below,
    read_last_year,
)
from bot.features.targets.giving.sources import Source
from bot.hands import reach
from bot.hands.asking import Asking
from bot.rules import Rules
from knowledge.model.plans import PERCENT
from knowledge.model.shares import Goal
from knowledge.shares.checking import (
    Balance,
    Drafted,
    GoalFault,
    Ground,
    RefusedShare,
    ShareFault,
    change,
    draft,
    find_goal_fault,
    propose,
    serve_others,
)
from knowledge.shares.reading import ReadShares, Spread, read_shares
from storage import shares, units
from storage.units import Unit

PAGE: Final = 10
LONGEST_REASON: Final = 500


class GoalRefusedError(Exception):
    """Nothing of a goal can be handed down; `name` is the goal's."""

    def __init__(self, fault: GoalFault, name: str) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.name = name


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One unit in the table of shares: what it is to have, what it has, what it had or reached last year."""

    unit: Unit
    value: Decimal | None
    standing: Decimal | None
    last_year: Decimal | None
    is_below: bool = True


@dataclass(frozen=True, slots=True)
class ShownShares:
    """The table of shares before, or after, they hold.

    Attributes:
        own: what the giver is to reach; None where nobody set it.
        figure: what the plan sets for a later year, in its words, where `own` is not known; with that year.
        lines: all of them; `page` is the one that is shown.
        is_changed: whether anything would change.
    """

    state: SettingShares
    unit: Unit
    name: str
    measured_in: str
    own: Decimal | None
    figure: str
    lines: tuple[ShareLine, ...]
    balance: Balance
    page: int
    is_changed: bool
    may_close: bool

    @property
    def is_percent(self) -> bool:
        """Whether it holds for each unit as it is."""
        return self.measured_in == PERCENT

    @property
    def pages(self) -> int:
        """How many pages the units take."""
        return max(1, -(-len(self.lines) // PAGE))

    @property
    def shown(self) -> tuple[ShareLine, ...]:
        """The lines of the page."""
        return self.lines[self.page * PAGE : (self.page + 1) * PAGE]


@dataclass
class TakenWords:
    """What became of a message: the state that stands, and why not all of it was taken; `told` tells results."""

    state: SettingShares
    refused: list[RefusedShare] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


async def begin(asking: Asking, unit: Unit, source: Source) -> SettingShares:
    """The state in which shares of something are set.

    Raises:
        GoalRefusedError: nothing of it can be handed down.
    """
    below = await list_below(asking, unit)
    fault = find_goal_fault(
        year=source.year,
        today=asking.today,
        is_closed=source.goal is not None and source.goal.closed_at is not None,
        is_of_plan=source.target is not None or (source.goal is not None and source.goal.plan_id is not None),
        plan=source.plan,
        has_units=bool(below),
    )
    if fault is not None:
        raise GoalRefusedError(fault, source.name)
    return SettingShares(
        unit=unit.id,
        year=source.year,
        goal=source.goal.id if source.goal is not None else 0,
        name=source.name,
        measured_in=source.measured_in,
        indicator=source.indicator,
        source=source.mark,
        plan=source.plan.id if source.plan is not None else "",
        target=source.target.id if source.target is not None else "",
        own=source.own if source.goal is None else None,
        token=make_token(),
    )


def make_token() -> str:
    """A new token for buttons."""
    return secrets.token_urlsafe(9)


async def check_again(asking: Asking, rules: Rules, state: SettingShares) -> Goal | None:
    """The goal of a state as it stands now; None where it is not opened yet.

    Raises:
        GoalRefusedError: nothing of it can be handed down any more.
    """
    goal = await shares.find_goal(asking.db, state.goal) if state.goal else None
    plan = rules.plans.get(state.plan)
    fault = find_goal_fault(
        year=state.year,
        today=asking.today,
        is_closed=(goal is None and state.goal > 0) or (goal is not None and goal.closed_at is not None),
        is_of_plan=bool(state.plan or (goal is not None and goal.plan_id)),
        plan=plan,
    )
    is_held = goal is None or goal.unit_id == state.unit or await find_own(asking, state) is not None
    if fault is None and not is_held:
        fault = GoalFault.NOT_HELD
    if fault is not None:
        raise GoalRefusedError(fault, state.name)
    return goal


# Saying them ---------------------------------------------------------------------------------------------------------


async def take_words(asking: Asking, rules: Rules, state: SettingShares, text: str) -> TakenWords:
    """The state with the shares that a message says; as it was where anything in it is refused."""
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    below = await list_below(asking, unit)
    held = await units.get_units(asking.db, set(await list_standing(asking, state)) - {each.id for each in below})
    known = name_below([*below, *held.values()])  # a unit that went elsewhere may still hold a share to be taken back
    read = read_shares(text, known, asking.today, measured_in=state.measured_in)
    if read.year not in {None, state.year}:
        return TakenWords(state, [RefusedShare(ShareFault.OTHER_YEAR, said=str(read.year))])
    if not (read.says_shares or read.unread or read.reason or read.total):
        return TakenWords(state, unread=[text])
    return await take_read(asking, rules, state, read, below)


async def take_read(
    asking: Asking, rules: Rules, state: SettingShares, read: ReadShares, below: Sequence[Unit]
) -> TakenWords:
    """The same for a message that was read."""
    ground = await make_ground(asking, rules, state, below, read.spread)
    drafted = draft(read, ground)
    refused = [*drafted.refused, *[await _say_whose(asking, state, words) for words, _ in drafted.unknown]]
    if refused or read.unread:
        return TakenWords(state, refused, read.unread, read.told)
    own = _read_own(read, ground)
    return TakenWords(
        replace(
            state,
            own=state.own if own is None else own,
            said=tuple({**state.values, **drafted.values}.items()),
            pending=tuple(Pending(*each) for each in drafted.asked),
            named=tuple(drafted.values) if drafted.asked else (),
            rest=_read_rest(read) if drafted.asked else None,
            reason=(read.reason or state.reason)[:LONGEST_REASON],
            token=make_token(),
        )
    )


def _read_rest(read: ReadShares) -> Rest | None:
    """How a message serves those whom it does not name. Pure."""
    if read.spread is None or read.spread is Spread.UNCHANGED:
        return None
    total, each = (said.value if said is not None else None for said in (read.total, read.each))
    return Rest(read.spread, total, each, read.is_of_rest, read.change)


async def take_rest(asking: Asking, rules: Rules, state: SettingShares) -> TakenWords:
    """The state with the shares of those whom a message did not name, now that all of its names are known."""
    rest = state.rest
    done = replace(state, named=(), rest=None, token=make_token())
    if rest is None:
        return TakenWords(done)
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    ground = await make_ground(asking, rules, state, await list_below(asking, unit), rest.spread)
    values = {each: state.values[each] for each in state.named if each in state.values}
    refused = serve_others(
        values,
        ground,
        rest.spread,
        total=rest.total,
        each=rest.each,
        is_of_rest=rest.is_of_rest,
        change_by=rest.change,
    )
    if refused:
        kept = tuple((each, value) for each, value in state.said if each not in state.named)
        return TakenWords(replace(done, said=kept), list(refused))
    return TakenWords(replace(done, said=tuple({**state.values, **values}.items())))


def _read_own(read: ReadShares, ground: Ground) -> Decimal | None:
    """What a message sets for the giver itself, where nobody had: what is divided, or what holds for all. Pure."""
    if ground.own is not None or read.spread is None or read.shares:
        return None
    said = read.each if ground.measured_in == PERCENT and read.each is not None else read.total
    return said.value if said is not None else None


async def take_rule(asking: Asking, rules: Rules, state: SettingShares, spread: Spread) -> TakenWords:
    """The state with shares by one rule for all units right below."""
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    below = await list_below(asking, unit)
    drafted: Drafted = propose(await make_ground(asking, rules, state, below, spread), spread)
    if drafted.refused:
        return TakenWords(state, drafted.refused)
    said = tuple(drafted.values.items())
    return TakenWords(replace(state, said=said, pending=(), named=(), rest=None, token=make_token()))


async def choose_named(asking: Asking, state: SettingShares, unit_id: int) -> TakenWords | None:
    """The state with the first pending name decided; None where that is no choice of it."""
    if not state.pending:
        return None
    first, rest = state.pending[0], state.pending[1:]
    if not unit_id:
        return TakenWords(replace(state, pending=rest, token=make_token()))
    if unit_id not in first.units or unit_id in state.named:
        return None
    value = first.value
    if value is not None:
        stands = (await list_drafted(asking, state)).get(unit_id)
        if stands is None and state.measured_in == PERCENT:
            stands = await find_own(asking, state)
        changed = change(stands, value, first.change, state.measured_in, first.words)
        if isinstance(changed, RefusedShare):
            return TakenWords(replace(state, pending=(), named=(), rest=None, token=make_token()), [changed])
        value = changed
    said = tuple({**state.values, unit_id: value}.items())
    return TakenWords(replace(state, pending=rest, said=said, named=(*state.named, unit_id), token=make_token()))


async def look_again(asking: Asking, state: SettingShares) -> SettingShares:
    """The state as it is to be shown: what stands now is what **Giao** will change."""
    return replace(state, seen=await shares.find_latest(asking.db, state.goal, state.unit) if state.goal else 0)


def renew(state: SettingShares, goal_id: int) -> SettingShares:
    """The same shares of a goal that somebody else opened or changed, to be shown anew. Pure."""
    return replace(state, goal=goal_id, token=make_token())


async def _say_whose(asking: Asking, state: SettingShares, words: str) -> RefusedShare:
    """Why a name is none of a unit right below: it lies elsewhere, is no more, or nobody knows it."""
    found = (await reach.search(asking, words, Right.SEE, most=2, active=False)).meant
    if len(found) != 1:
        return RefusedShare(ShareFault.UNKNOWN, words)
    unit = found[0]
    if not unit.is_active(asking.today):
        return RefusedShare(ShareFault.DISSOLVED, unit.name)
    return RefusedShare(ShareFault.ELSEWHERE, unit.name)


# Showing them --------------------------------------------------------------------------------------------------------


async def show(asking: Asking, rules: Rules, state: SettingShares, page: int = 0) -> ShownShares:
    """The table of shares; raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    below = await list_below(asking, unit)
    standing = await list_standing(asking, state)
    last_year = await read_last_year(asking, rules, state, below)
    values: dict[int, Decimal | None] = {**standing, **state.values}
    lines = [ShareLine(each, values.get(each.id), standing.get(each.id), last_year.get(each.id)) for each in below]
    others = await units.get_units(asking.db, set(standing) - {each.id for each in below})
    lines += [
        ShareLine(each, values.get(each.id), standing.get(each.id), None, is_below=False) for each in others.values()
    ]
    own = await find_own(asking, state)
    given = sum((line.value for line in lines if line.value is not None), Decimal(0))
    target = _find_target(rules, state)
    goal = await shares.find_goal(asking.db, state.goal) if state.goal else None
    last = max(0, (len(lines) - 1) // PAGE)
    return ShownShares(
        state,
        unit,
        state.name,
        state.measured_in,
        own,
        target if own is None else "",
        tuple(lines),
        Balance(None if state.measured_in == PERCENT else own, given),
        min(page, last),
        any(standing.get(unit_id) != value for unit_id, value in state.values.items()),
        goal is not None and goal.unit_id == unit.id,
    )


def _find_target(rules: Rules, state: SettingShares) -> str:
    plan = rules.plans.get(state.plan)
    target = next((each for each in plan.targets if each.id == state.target), None) if plan is not None else None
    return f"{target.figure} ({target.year})" if target is not None and target.year else ""
