"""How far a unit is from the targets of the plan that governs it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.summaries.reports import UnitReport
from bot.rules import Rules
from knowledge.model.forms import Measure, MeasureKind
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.plans import Plan, Target
from knowledge.progress import History, Progress, find_targets, measure_progress
from storage import summaries as totals
from storage import units
from storage.units import Unit

_PERIODS_A_YEAR: Final = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2}


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far along, against the plan that governs the unit.

    Attributes:
        holder: the unit for which the plan was set: its targets are for all of it.
        is_part: whether the unit is only a part of the holder: of targets in numbers it owns none, they are held
            against the holder's totals alone; a share in percent holds for each part as it is.
        units: how many units' figures were counted, `older` of them from an earlier period.
    """

    plan: Plan
    holder: Unit
    progress: tuple[Progress, ...]
    is_part: bool
    units: int
    older: int
    as_of: Period | None


async def find_holder(db: AsyncConnection, unit: Unit, rules: Rules) -> tuple[tuple[Plan, ...], Unit] | None:
    """The plans that govern a unit, the first to be asked first, and the unit they were set for.

    Where what was set is not there any more (withdrawn, or not in force yet), the level above speaks.
    """
    for each in reversed([*await units.list_ancestors(db, unit), unit]):
        if each.plan and (governing := rules.list_governing(each.plan)):
            return governing, each
    return None


async def read_targets(report: UnitReport, year: int | None = None) -> PlanProgress | None:
    """How far along the unit is; None where no plan governs it, or it sets nothing that the form measures.

    Args:
        year: only the targets for that year.
    """
    unit, today = report.unit, report.today
    held = await find_holder(report.db, unit, report.rules)
    if held is None:
        return None
    governing, holder = held
    found_in = _find_measured(report, governing, year)
    if found_in is None:
        return None
    plan, wanted = found_in
    history, counted, older = await _read_history(report)
    if history is None:
        return PlanProgress(plan, holder, (), unit.id != holder.id, 0, 0, None)
    is_part = unit.id != holder.id
    found = [
        progress
        for target, measure in wanted
        if not is_part or measure.kind is MeasureKind.SHARE
        if (progress := measure_progress(plan, target, measure, history, today=today)) is not None
    ]
    return PlanProgress(plan, holder, tuple(found), is_part, counted, older, history.as_of)


def _find_measured(
    report: UnitReport, governing: Iterable[Plan], year: int | None = None
) -> tuple[Plan, tuple[tuple[Target, Measure], ...]] | None:
    """The first of the plans that sets what the form measures, with those targets."""
    for plan in governing:
        wanted = find_targets(plan, report.asked.form.id, report.today, year=year)
        if wanted:
            return plan, wanted
    return None


async def _read_history(report: UnitReport) -> tuple[History | None, int, int]:
    db, unit, asked = report.db, report.unit, report.asked
    if asked.campaign is not None:
        summed = (await totals.sum_by_period(db, unit, asked.form, [asked.period])).get(asked.period)
        if summed is None:
            return None, 0, 0
        return History(asked.period, summed.figures, {asked.period: summed.figures}), summed.reports, 0
    latest = await totals.find_latest_period(db, unit, asked.form, up_to=asked.period)
    if latest is None:
        return None, 0, 0
    periods = list_periods(latest)
    level = await totals.sum_latest(db, unit, asked.form, periods, alive_on=latest.end)
    by_period = await totals.sum_by_period(db, unit, asked.form, periods)
    figures = {period: each.figures for period, each in by_period.items()}
    return History(latest, level.figures, figures), level.units, level.older


def list_periods(last: Period) -> list[Period]:
    """The periods of a year up to this one, in the order of time."""
    count = periods_a_year(last.kind)
    return [last.shifted(step) for step in range(1 - count, 1)]


def periods_a_year(kind: PeriodKind) -> int:
    """How many periods of that kind a year has."""
    return _PERIODS_A_YEAR.get(kind, 1)


async def list_target_years(report: UnitReport) -> list[int] | None:
    """The years for which the plan sets what the form measures; None where no plan governs the unit."""
    held = await find_holder(report.db, report.unit, report.rules)
    if held is None:
        return None
    found = _find_measured(report, held[0])
    return sorted({target.year for target, _ in found[1] if target.year is not None}) if found else []


def find_level(targets: PlanProgress | None) -> Progress | None:
    """The target to draw: the first one about a total; none for a part of those for whom it was set."""
    if targets is None or targets.is_part:
        return None
    return next((each for each in targets.progress if each.measure.kind is MeasureKind.LEVEL), None)
