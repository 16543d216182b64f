"""How far a unit is in what it was given to reach in a year, and which units are furthest behind. Pure.

A figure counts once, from reports that stand; what is not reported is counted beside it (`Reached.missing`), never
guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Final

from knowledge.model.forms import Form, Measure, MeasureKind, due_on, is_open, last_opened
from knowledge.model.periods import Period, list_periods, periods_a_year
from knowledge.model.plans import Comparator, Target
from knowledge.model.reached import Followed, Reached
from knowledge.model.shares import Goal
from knowledge.progress import Standing, find_standing

MONTHS_A_YEAR: Final = 12

_LIMITS: Final = frozenset({Comparator.AT_MOST, Comparator.LESS_THAN})


@dataclass(frozen=True, slots=True)
class ShareProgress:
    """How far a unit with all below it has come towards its share of a goal.

    Attributes:
        amount: what is to be reached, in the goal's unit of measure (percent is 0–100).
        value: what was reached; None where no report tells it yet.
        part: `value` as a part of `amount`, 1 is all; 0 where nothing is known.
        missing: what is lacking, never negative.
        by: the last day on which it may be reached.
        months_left: whole months still to come.
        needed: per month, rounded up to a whole number; None where none is left, nothing is missing, or for percent.
        pace: what came together per month lately; None where nothing is known of it.
        behind: how much of the share is lacking against where it should be by now, 0–1; below 0 where it is ahead.
            What comes together over the year should have come evenly up to the last period that was due; what stands
            should be there.
        counted: what a percentage was worked out of, (part, whole); None for others.
    """

    goal: Goal
    how: Followed
    reached: Reached
    amount: Decimal
    value: Decimal | None
    part: Decimal
    missing: Decimal
    by: date
    months_left: int
    needed: Decimal | None
    pace: Decimal | None
    standing: Standing
    behind: Decimal
    counted: tuple[Decimal, Decimal] | None = None

    @property
    def as_of(self) -> Period | None:
        """The latest period of which a report counts."""
        return max(self.reached.periods, default=None)


def find_followed(goal: Goal, forms: Iterable[Form], today: date, target: Target | None = None) -> Followed | None:
    """The way a goal is followed on a day; None where no form that is sent by a calendar measures it.

    Of several forms, the one that is sent most often. Its earlier versions count where they measure it alike.

    Args:
        forms: every version of the forms that are asked for, of each form the earliest first.
        target: the plan's target that the goal was taken from; what must not be exceeded is not followed.
    """
    if target is not None and target.comparator in _LIMITS:
        return None
    versions: dict[str, list[Form]] = {}
    for form in forms:
        if form.calendar is not None:
            versions.setdefault(form.id, []).append(form)
    for each in sorted(versions.values(), key=lambda each: -periods_a_year(each[-1].period)):
        measure = next((one for one in each[-1].measures if _is_meant(one, goal, target)), None)
        if measure is not None:
            return _follow([form for form in each if measure in form.measures], measure, goal.year, today)
    return None


def _is_meant(measure: Measure, goal: Goal, target: Target | None) -> bool:
    scopes = target.scopes if target is not None else ()
    return (
        measure.indicator == goal.indicator and goal.measured_in in measure.units and set(measure.scopes) <= set(scopes)
    )


def _follow(versions: Sequence[Form], measure: Measure, year: int, today: date) -> Followed:
    form = versions[-1]
    last = min(last_opened(form, today), list_year(form, year)[-1])
    every = list_periods(last) if measure.kind is not MeasureKind.FLOW else list_year(form, year)
    counted, due = [], []
    for period in every:
        own = next((each for each in versions if is_open(each, period, today)), None)
        if own is not None:
            counted.append(period)
            due += [period] if due_on(own, period) < today else []
    wanted = due if measure.kind is MeasureKind.FLOW else due[-1:]
    return Followed(form, measure, tuple(counted), tuple(wanted), tuple(versions))


def list_year(form: Form, year: int) -> tuple[Period, ...]:
    """The periods of a year that a form has, in the order of time."""
    last = Period.containing(date(year, 12, 31), form.period)
    return tuple(each for each in list_periods(last) if each.year == year)


def measure_share(goal: Goal, amount: Decimal, how: Followed, reached: Reached, today: date) -> ShareProgress:
    """How far a unit has come towards its share, by what its reports come to."""
    by, counted = date(goal.year, 12, 31), None
    value = _sum(how.measure.keys, reached)
    pace = None
    match how.measure.kind:
        case MeasureKind.SHARE:
            whole = _sum([how.measure.whole or ""], reached)
            counted = (value, whole) if value is not None and whole else None
            value = counted[0] * 100 / counted[1] if counted else None
        case MeasureKind.FLOW:
            pace = _pace(value, how, reached)
        case MeasureKind.LEVEL:
            pace = _pace(reached.sums.get(how.measure.moves or ""), how, reached)
    missing = max(Decimal(0), amount - (value or 0))
    months = _months_left(reached, by, today)
    has_steps = months and missing and how.measure.kind is not MeasureKind.SHARE
    part = (value or Decimal(0)) / amount if amount else Decimal(1)
    return ShareProgress(
        goal=goal,
        how=how,
        reached=reached,
        amount=amount,
        value=value,
        part=part,
        missing=missing,
        by=by,
        months_left=months,
        needed=(missing / months).to_integral_value(ROUND_CEILING) if has_steps else None,
        pace=pace,
        standing=find_standing(missing, months, pace),
        behind=_expected_part(how, goal.year) - part,
        counted=counted,
    )


def rank(found: Iterable[tuple[str, ShareProgress | None]]) -> list[int]:
    """The places of units by how far they are behind, the furthest first; those without a share last.

    Args:
        found: each unit's name as it is sorted, and its progress. Ties go by name.
    """
    known = list(found)
    return sorted(range(len(known)), key=lambda at: _rank_key(*known[at]))


def _rank_key(name: str, progress: ShareProgress | None) -> tuple[bool, Decimal, str]:
    if progress is None:
        return True, Decimal(0), name
    return False, -progress.behind, name


def _expected_part(how: Followed, year: int) -> Decimal:
    """The part of a share that should be there by now, 0–1."""
    if not how.is_flow:
        return Decimal(1)
    months = how.due[-1].end.month if how.due and how.due[-1].year == year else 0
    return Decimal(months) / MONTHS_A_YEAR


def _sum(keys: Iterable[str], reached: Reached) -> Decimal | None:
    wanted = list(keys)
    if any(key not in reached.sums for key in wanted):
        return None
    return sum((reached.sums[key] for key in wanted), Decimal(0))


def _pace(moved: Decimal | None, how: Followed, reached: Reached) -> Decimal | None:
    """Per month, over the periods of which any report came in: one that is missing altogether is no standstill."""
    if moved is None or not reached.periods:
        return None
    return moved * periods_a_year(how.form.period) / (MONTHS_A_YEAR * len(reached.periods))


def _months_left(reached: Reached, by: date, today: date) -> int:
    """Months to the end of `by` that are neither reported nor past; the present one still counts."""
    last = max(reached.periods, default=None)
    done = max(
        last.end.year * MONTHS_A_YEAR + last.end.month if last else 0, today.year * MONTHS_A_YEAR + today.month - 1
    )
    return min(MONTHS_A_YEAR, max(0, by.year * MONTHS_A_YEAR + by.month - done))
