"""Progress towards targets: how far along, what is still missing, and whether the pace is enough. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from knowledge.model.forms import Figures, Form, Measure, MeasureKind
from knowledge.model.periods import Period, PeriodKind, periods_a_year
from knowledge.model.plans import ANNUAL, Comparator, Plan, Target

_MONTHS_A_YEAR = 12
MONTHS_OF_PACE = 12  # the pace is what moved in so many periods at most


class Standing(StrEnum):
    """Where the figures stand against a target.

    REACHED: there. ON_PACE: at the pace of the last months it will be reached in time. BEHIND: it will not. TOO_LATE:
    its date has passed without it. UNKNOWN: nothing moved yet by which to judge.
    """

    REACHED = "reached"
    ON_PACE = "on_pace"
    BEHIND = "behind"
    TOO_LATE = "too_late"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a unit with all below it has come towards one target.

    Attributes:
        value: what was reached, in the target's unit (percent is 0–100).
        goal: what is to be reached; the lower end of a range.
        share: `value` as a part of `goal`; 1 is all, more is more.
        missing: what is lacking in the target's unit, never negative.
        by: the last day on which it may be reached.
        months_left: whole months that are still to come, from the period of the figures on.
        needed: per month, rounded up to a whole number; None where no month is left or the measure has no months.
        pace: what moved per month lately; None where nothing is known of it.
        counted: what a share was worked out of, (part, whole); None for others.
    """

    plan: Plan
    target: Target
    measure: Measure
    value: Decimal
    goal: Decimal
    share: Decimal
    missing: Decimal
    by: date
    as_of: Period
    months_left: int
    needed: Decimal | None
    pace: Decimal | None
    standing: Standing
    counted: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far along, against the plan that governs a unit.

    Attributes:
        holder: the name of the unit for which the plan was set; `is_own` where that is the unit looked at.
        progress: towards the targets that are the unit's own.
        beyond: counts that the plan sets for more than this unit; percentages hold for each unit as they are.
        units: how many units' figures were counted, `older` of them from an earlier period.
        has_shares: whether something was handed down to the unit this year: then its counts are its shares.
    """

    plan: Plan
    holder: str
    is_own: bool
    progress: tuple[Progress, ...]
    beyond: tuple[Progress, ...]
    units: int
    older: int
    as_of: Period | None
    has_shares: bool = False

    @property
    def level(self) -> Progress | None:
        """The unit's own target to draw: the first one about a total."""
        return next((each for each in self.progress if each.measure.kind is MeasureKind.LEVEL), None)


@dataclass(frozen=True, slots=True)
class History:
    """The totals of a unit with all below it, as far as a target needs them.

    Attributes:
        as_of: the latest period in which figures were received.
        level: every unit's latest figures up to then, summed.
        periods: the totals of the periods received, by period.
    """

    as_of: Period
    level: Figures
    periods: Mapping[Period, Figures]


def find_measure(target: Target, form: Form) -> Measure | None:
    """How the form measures the target; None where it does not.

    A wish without a figure, and what is to be none at all or at most so much, is never measured; what comes together in
    a year is held against a yearly pace alone, a total never against one.
    """
    if not target.value or target.comparator in {Comparator.AT_MOST, Comparator.LESS_THAN}:
        return None
    for measure in form.measures:
        is_meant = measure.indicator == target.indicator and set(measure.scopes) <= set(target.scopes)
        if is_meant and target.unit in measure.units and _has_pace_of(target, measure):
            return measure
    return None


def _has_pace_of(target: Target, measure: Measure) -> bool:
    is_yearly = target.each_year or target.horizon == ANNUAL
    return measure.kind is MeasureKind.SHARE or is_yearly == (measure.kind is MeasureKind.FLOW)


def find_targets(plan: Plan, form: Form, today: date, *, year: int | None = None) -> tuple[tuple[Target, Measure], ...]:
    """The plan's targets that the form measures, the nearest horizon first.

    Args:
        year: only targets for that year (a yearly one only for the present year); otherwise those still ahead, and
            where all have passed, the last one of each indicator.
    """
    measured = [(target, measure) for target in plan.targets if (measure := find_measure(target, form)) is not None]
    if year is not None:
        staged = tuple(pair for pair in measured if not pair[0].each_year and speaks_of(plan, pair[0], year))
        yearly = (pair for pair in measured if pair[0].each_year and speaks_of(plan, pair[0], year))
        return staged or (tuple(yearly) if year == today.year else ())
    found: list[tuple[Target, Measure]] = []
    for indicator in dict.fromkeys((target.indicator, measure.keys) for target, measure in measured):
        own = sorted(
            (pair for pair in measured if (pair[0].indicator, pair[1].keys) == indicator),
            key=lambda pair: _horizon(plan, pair[0]),
        )
        ahead = [pair for pair in own if _horizon(plan, pair[0]) >= today.year]
        if own[0][0].each_year:
            found += ahead[:1]
        else:
            found += ahead or own[-1:]
    return tuple(found)


def measure_progress(plan: Plan, target: Target, measure: Measure, history: History, *, today: date) -> Progress | None:
    """How far a unit has come towards a target, by its figures; None where those were never reported.

    Args:
        today: the local day; the months left are counted from the later of it and the period of the figures.
    """
    assert target.value is not None
    by, pace, counted = date(_horizon(plan, target), 12, 31), None, None
    match measure.kind:
        case MeasureKind.SHARE:
            part = _sum(measure.keys, history.level)
            whole = _sum((measure.whole,), history.level) if measure.whole else None
            counted = (part, whole) if part is not None and whole else None
            value = counted[0] * 100 / counted[1] if counted else None
        case MeasureKind.LEVEL:
            value = _sum(measure.keys, history.level)
            pace = _pace(measure.moves, history) if measure.moves else None
        case MeasureKind.FLOW:
            year = history.as_of.year
            own = [figures for period, figures in history.periods.items() if period.year == year]
            sums = [each for figures in own if (each := _sum(measure.keys, figures)) is not None]
            value = sum(sums, Decimal(0)) if sums else None
            pace = value / len(sums) if value is not None else None
            by = date(year, 12, 31)
    if value is None:
        return None
    if pace is not None and history.as_of.kind is not PeriodKind.CAMPAIGN:
        pace = pace * periods_a_year(history.as_of.kind) / _MONTHS_A_YEAR
    months = months_left(history.as_of, by, today)
    goal = target.value
    missing = _missing(target, value, goal)
    has_steps = months and missing and measure.kind is not MeasureKind.SHARE
    needed = (missing / months).to_integral_value(ROUND_CEILING) if has_steps else None
    return Progress(
        plan=plan,
        target=target,
        measure=measure,
        value=value,
        goal=goal,
        share=value / goal,
        missing=missing,
        by=by,
        as_of=history.as_of,
        months_left=months,
        needed=needed,
        pace=pace,
        standing=find_standing(missing, months, pace),
        counted=counted,
    )


def months_left(as_of: Period, by: date, today: date) -> int:
    """Months from the end of the figures' period to the end of the month of `by`; not those that have passed since.

    The present month still counts: nothing of it has been reported.
    """
    if as_of.kind is PeriodKind.CAMPAIGN:
        since = today.year * 12 + today.month - 1
    else:
        since = max(as_of.end.year * 12 + as_of.end.month, today.year * 12 + today.month - 1)
    return max(0, by.year * 12 + by.month - since)


def _missing(target: Target, value: Decimal, goal: Decimal) -> Decimal:
    if target.comparator is Comparator.MORE_THAN and value == goal and target.unit != "%":
        return Decimal(1)
    return max(Decimal(0), goal - value)


def find_standing(missing: Decimal, months: int, pace: Decimal | None) -> Standing:
    """Where it stands with so much missing, so many months left, and so much moved in each lately."""
    if not missing:
        return Standing.REACHED
    if not months:
        return Standing.TOO_LATE
    if pace is None:
        return Standing.UNKNOWN
    return Standing.ON_PACE if pace * months >= missing else Standing.BEHIND


def _pace(key: str, history: History) -> Decimal | None:
    recent = sorted(history.periods, key=lambda period: (period.year, period.number))[-MONTHS_OF_PACE:]
    moved = [figures[key] for period in recent if key in (figures := history.periods[period])]
    return sum(moved, Decimal(0)) / len(moved) if moved else None


def _sum(keys: Sequence[str], figures: Figures) -> Decimal | None:
    return sum((figures[key] for key in keys), Decimal(0)) if all(key in figures for key in keys) else None


def _horizon(plan: Plan, target: Target) -> int:
    return plan.covers_to if target.year is None else target.year


def speaks_of(plan: Plan, target: Target, year: int) -> bool:
    """Whether a target counts for `year`: a yearly one up to its horizon, from the horizon before it on."""
    if target.year is None:
        return plan.covers_from <= year <= plan.covers_to
    if not target.each_year:
        return target.year == year
    return _start(plan.targets, target.indicator, target.year, plan.covers_from) <= year <= target.year


def _start(targets: Iterable[Target], indicator: str, stage: int, covers_from: int) -> int:
    """The first year of a yearly target inside the stage that ends with the year `stage`."""
    years = (other.year for other in targets if other.indicator == indicator)
    earlier = [year for year in years if year is not None and year < stage]
    return max(earlier) + 1 if earlier else covers_from
