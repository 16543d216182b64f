"""What cannot be a share, and how shares stand against what was handed to whoever gives them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from knowledge.model.plans import PERCENT, Plan, PlanState
from knowledge.numbers import LARGEST_COUNT, Reason
from knowledge.shares.amounts import Amount, is_parted
from knowledge.shares.proposals import divide, divide_evenly
from knowledge.shares.reading import Change, ReadShares, Spread
from knowledge.shares.words import takes_parts

ALL: Final = Decimal(100)
YEARS_AHEAD: Final = 5
"""How many years ahead of the present one shares are set."""


class GoalFault(StrEnum):
    """Why nothing of a goal can be handed down."""

    PLAN_ENDED = "plan_ended"
    PLAN_REPLACED = "plan_replaced"
    PLAN_GONE = "plan_gone"
    YEAR_PAST = "year_past"
    YEAR_FAR = "year_far"
    CLOSED = "closed"
    NOT_HELD = "not_held"
    NO_UNITS = "no_units"


class ShareFault(StrEnum):
    """Why something cannot be a unit's share."""

    NEGATIVE = "negative"
    NOT_WHOLE = "not_whole"
    NOT_A_NUMBER = "not_a_number"
    UNCLEAR = "unclear"
    OVER_HUNDRED = "over_hundred"
    IS_PERCENT = "is_percent"
    TOO_LARGE = "too_large"
    TWICE = "twice"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"
    DISSOLVED = "dissolved"
    NOT_YOURS = "not_yours"
    TOTAL_UNKNOWN = "total_unknown"
    TOTAL_EXCEEDED = "total_exceeded"
    BELOW_ZERO = "below_zero"
    NOTHING_STANDS = "nothing_stands"
    BY_OR_TO = "by_or_to"
    OTHER_YEAR = "other_year"


@dataclass(frozen=True, slots=True)
class RefusedShare:
    """Something that cannot be a share: of which unit, as it was called, in which words, in which cell of a table.

    `stands` is what the unit has, where it would change by something.
    """

    fault: ShareFault
    unit: str = ""
    said: str = ""
    place: str = ""
    stands: Decimal | None = None


def find_goal_fault(
    *,
    year: int,
    today: date,
    is_closed: bool = False,
    is_of_plan: bool = False,
    plan: Plan | None = None,
    has_units: bool = True,
) -> GoalFault | None:
    """Why nothing of a goal can be handed down; None where it can.

    Args:
        plan: the plan that sets it, as it stands now; None where it is known no more.
        has_units: whether there is any unit right below.
    """
    if is_closed:
        return GoalFault.CLOSED
    if year < today.year:
        return GoalFault.YEAR_PAST
    if year > today.year + YEARS_AHEAD:
        return GoalFault.YEAR_FAR
    if is_of_plan and plan is None:
        return GoalFault.PLAN_GONE
    if plan is not None and plan.state is PlanState.REPLACED:
        return GoalFault.PLAN_REPLACED
    if plan is not None and (plan.state is PlanState.ENDED or year > plan.covers_to):
        return GoalFault.PLAN_ENDED
    return None if has_units else GoalFault.NO_UNITS


def find_value_fault(value: Decimal, measured_in: str) -> ShareFault | None:
    """Why a number cannot be a share of a goal in that unit of measure; None where it can."""
    if value < 0:
        return ShareFault.NEGATIVE
    if measured_in == PERCENT and value > ALL:
        return ShareFault.OVER_HUNDRED
    if value > LARGEST_COUNT * 1000 or not _is_kept(value):
        return ShareFault.TOO_LARGE
    if not takes_parts(measured_in) and value != value.to_integral_value():
        return ShareFault.NOT_WHOLE
    return None


def _is_kept(value: Decimal) -> bool:
    """Whether it has at most three decimals."""
    return value.is_finite() and value * 1000 == (value * 1000).to_integral_value()


def find_amount_fault(amount: Amount, measured_in: str, *, is_step: bool = False) -> ShareFault | None:
    """The same for an amount as it was said; one by which a share changes (`is_step`) may be below zero."""
    if amount.reason is not None:
        known = {Reason.NEGATIVE: ShareFault.NEGATIVE, Reason.TOO_LARGE: ShareFault.TOO_LARGE}
        return known.get(amount.reason, ShareFault.NOT_A_NUMBER)
    if amount.is_percent and measured_in != PERCENT:
        return ShareFault.IS_PERCENT
    if amount.value is None:
        return ShareFault.NOT_WHOLE if is_parted(amount.said) else ShareFault.UNCLEAR
    return find_value_fault(abs(amount.value) if is_step else amount.value, measured_in)


@dataclass(frozen=True, slots=True)
class Balance:
    """What was handed to a unit, and what it hands on: `own` is None where nobody set it."""

    own: Decimal | None
    given: Decimal

    @property
    def missing(self) -> Decimal:
        """What nobody below has: it must be confirmed."""
        return max(Decimal(0), self.own - self.given) if self.own is not None else Decimal(0)

    @property
    def reserve(self) -> Decimal:
        """What is handed on beyond it."""
        return max(Decimal(0), self.given - self.own) if self.own is not None else Decimal(0)


@dataclass(frozen=True, slots=True)
class Ground:
    """What shares are drafted on.

    Attributes:
        units: the ids of the units right below, in their order.
        measured_in: the goal's unit of measure.
        own: what the giver is to reach; None where nobody set it.
        standing: what units have and changes begin from, by unit: shares that stand, and those drafted already.
        members: how many members each unit has, as far as that is known.
        last_year: what each had, or reached, last year.
    """

    units: Sequence[int]
    measured_in: str
    own: Decimal | None = None
    standing: Mapping[int, Decimal] = field(default_factory=dict)
    members: Mapping[int, Decimal] = field(default_factory=dict)
    last_year: Mapping[int, Decimal] = field(default_factory=dict)

    def find_standing(self, unit: int) -> Decimal | None:
        """What a unit has; of a percentage, what holds for all where it has none of its own."""
        return self.standing.get(unit, self.own if self.measured_in == PERCENT else None)

    def change(self, unit: int, amount: Decimal, how: Change, called: str = "") -> Decimal | RefusedShare:
        """What a unit's share becomes by an amount; why that cannot be."""
        return change(self.find_standing(unit), amount, how, self.measured_in, called)


@dataclass
class Drafted:
    """Shares as they would be set: by unit, None where one is taken back; what is refused, and what must be asked.

    `asked` are names that may mean several units, with these, the amount (None: taken back) and what it is to a share.
    """

    values: dict[int, Decimal | None] = field(default_factory=dict)
    refused: list[RefusedShare] = field(default_factory=list)
    asked: list[tuple[str, tuple[int, ...], Decimal | None, Change]] = field(default_factory=list)
    unknown: list[tuple[str, Decimal | None]] = field(default_factory=list)


def propose(ground: Ground, spread: Spread, *, total: Decimal | None = None) -> Drafted:
    """Shares of all units right below by one rule."""
    return draft(ReadShares(spread=spread), ground, total=total)


def draft(read: ReadShares, ground: Ground, *, total: Decimal | None = None) -> Drafted:
    """What a message comes to on this ground. Nothing of it holds while something is refused or asked.

    `Drafted.unknown` are names that no unit right below bears: whose they are is for the caller to say.
    """
    found = Drafted()
    for share in read.shares:
        value: Decimal | None = None
        if share.amount is not None:
            fault = find_amount_fault(share.amount, ground.measured_in, is_step=share.change is not Change.TO)
            if fault is not None:
                found.refused.append(RefusedShare(fault, share.words, share.amount.said))
                continue
            value = share.amount.value
        if not share.match.units:
            found.unknown.append((share.words, value))
        elif not share.match.is_sure:
            found.asked.append((share.words, share.match.units, value, share.change))
        elif share.match.units[0] in found.values:
            found.refused.append(RefusedShare(ShareFault.TWICE, share.words))
        elif value is None or share.change is Change.TO:
            found.values[share.match.units[0]] = value
        else:
            changed = ground.change(share.match.units[0], value, share.change, share.words)
            if isinstance(changed, RefusedShare):
                found.refused.append(changed)
            else:
                found.values[share.match.units[0]] = changed
    for amount in (read.total, read.each):
        is_step = read.change is not Change.TO
        fault = find_amount_fault(amount, ground.measured_in, is_step=is_step) if amount is not None else None
        if fault is not None and amount is not None:
            found.refused.append(RefusedShare(fault, said=amount.said))
    if read.spread is not None and not (found.refused or found.asked or found.unknown):
        wanted = total if total is not None else read.total.value if read.total is not None else None
        each = read.each.value if read.each is not None else None
        is_of_rest = read.is_of_rest and total is None
        found.refused += serve_others(
            found.values, ground, read.spread, total=wanted, each=each, is_of_rest=is_of_rest, change_by=read.change
        )
    return found


def change(
    stands: Decimal | None, amount: Decimal, how: Change, measured_in: str, unit: str = ""
) -> Decimal | RefusedShare:
    """What a share becomes that changes by an amount; why that cannot be.

    Where nothing stands, what is added is all of it, so that it makes no difference which of the two was meant.

    Args:
        amount: below zero where it is taken away.
        unit: as it was called.
    """
    said = f"{abs(amount):f}"
    if how is Change.TO or (stands is None and amount >= 0):
        return amount
    if how is Change.EITHER:
        return RefusedShare(ShareFault.BY_OR_TO, unit, f"{amount:f}", stands=stands)
    if stands is None:
        return RefusedShare(ShareFault.NOTHING_STANDS, unit, said)
    if stands + amount < 0:
        return RefusedShare(ShareFault.BELOW_ZERO, unit, said, stands=stands)
    fault = find_value_fault(stands + amount, measured_in)
    return stands + amount if fault is None else RefusedShare(fault, unit, f"{stands + amount:f}")


def serve_others(
    values: dict[int, Decimal | None],
    ground: Ground,
    spread: Spread,
    *,
    total: Decimal | None = None,
    each: Decimal | None = None,
    is_of_rest: bool = False,
    change_by: Change = Change.TO,
) -> Collection[RefusedShare]:
    """Add the shares of those who were not named to those who were; why that cannot be.

    Args:
        change_by: what `each`, or a part of the total, is to their shares.
        total: what all of them have together, or those not named where it `is_of_rest`; None for what the giver is to
            reach.
    """
    said_total, total = total, ground.own if total is None else total
    others = [unit for unit in ground.units if unit not in values]
    is_percent = ground.measured_in == PERCENT
    match spread:
        case Spread.UNCHANGED:
            return ()
        case Spread.AS_LAST_YEAR if said_total is None or is_percent:
            values.update((unit, ground.last_year[unit]) for unit in others if unit in ground.last_year)
            return ()
        case Spread.EACH:
            return _add(values, ground, dict.fromkeys(others, each or Decimal(0)), change_by)
    if total is None:
        return [RefusedShare(ShareFault.TOTAL_UNKNOWN)]
    if is_percent:
        return _add(values, ground, dict.fromkeys(others, total), change_by)
    named = sum((value for value in values.values() if value is not None), Decimal(0))
    if change_by is not Change.TO:  # what is divided comes on top of what stands
        named -= sum((ground.find_standing(unit) or Decimal(0) for unit in values), Decimal(0))
        if total < 0:
            return [RefusedShare(ShareFault.NEGATIVE, said=f"{total:f}")]
    left = total if is_of_rest else total - named
    if left < 0:
        return [RefusedShare(ShareFault.TOTAL_EXCEEDED, said=f"{total:f}")]
    if spread is Spread.AS_LAST_YEAR:  # an amount is divided as last year's results were
        others = [unit for unit in others if unit in ground.last_year]
    known = ground.last_year if spread is Spread.AS_LAST_YEAR else ground.members
    weights = [known.get(unit) or Decimal(0) for unit in others]
    parts = divide_evenly(left, len(others)) if spread is Spread.EVENLY else divide(left, weights)
    return _add(values, ground, dict(zip(others, parts, strict=True)), change_by)


def _add(
    values: dict[int, Decimal | None], ground: Ground, parts: Mapping[int, Decimal], how: Change
) -> list[RefusedShare]:
    """Add what each of the others gets, all of it or none; the first reason why that cannot be."""
    changed = {unit: ground.change(unit, part, how) for unit, part in parts.items()}
    refused = [each for each in changed.values() if isinstance(each, RefusedShare)]
    if refused:
        return refused[:1]
    values.update((unit, each) for unit, each in changed.items() if isinstance(each, Decimal))
    return []
