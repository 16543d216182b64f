"""How far a unit is from the targets of the plan that governs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.summaries.reports import UnitReport
from bot.rules import Rules
from knowledge.model.forms import Measure, MeasureKind
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.plans import Plan, Target
from knowledge.model.units import UnitKind
from knowledge.progress import History, Progress, find_targets, measure_progress
from storage import summaries as totals
from storage import units
from storage.units import Unit

_WHOLES: Final = frozenset({UnitKind.CONFEDERATION, UnitKind.PROVINCE, UnitKind.SECTOR})
"""The kinds of unit that plans with counts are made for: what is set for one of them is its own."""

_PERIODS_A_YEAR: Final = {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2}


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far along, against the plan that governs the unit.

    Attributes:
        holder: the unit for which the plan was set.
        progress: towards the targets that are the unit's own.
        beyond: counts that the plan sets for more than this unit; percentages hold for each unit as they are.
        units: how many units' figures were counted, `older` of them from an earlier period.
    """

    plan: Plan
    holder: Unit
    progress: tuple[Progress, ...]
    beyond: tuple[Progress, ...]
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
        return PlanProgress(plan, holder, (), (), 0, 0, None)
    found = [
        progress
        for target, measure in wanted
        if (progress := measure_progress(plan, target, measure, history, today=today)) is not None
    ]
    owns_all = unit.id == holder.id and await _is_owner(report, holder, governing)
    own = tuple(each for each in found if owns_all or each.measure.kind is MeasureKind.SHARE)
    beyond = tuple(each for each in found if each not in own)
    return PlanProgress(plan, holder, own, beyond, counted, older, history.as_of)


async def _is_owner(report: UnitReport, holder: Unit, governing: Sequence[Plan]) -> bool:
    """Whether a plan's counts are about the unit it is set for, with all below it, and not about more than that.

    They are not where the plan is set elsewhere too, nor where a smaller unit works by the plan of a body above it.
    """
    if holder.kind not in _WHOLES and not any(_is_by(plan, holder) for plan in governing):
        return False
    issuers = {report.rules.issuer_of(plan) for plan in governing}
    plans = [each.id for each in report.rules.plans.values() if report.rules.issuer_of(each) in issuers]
    return not await units.is_set_outside(report.db, holder, plans, on=report.today)


def _is_by(plan: Plan, unit: Unit) -> bool:
    """Whether a plan is that of a unit, or of the place of a union above the grassroots, by their names. Pure."""
    own = f" {units.fold_name(unit.name)} "
    if own.strip() in units.fold_name(plan.issuer):
        return True
    places = () if unit.kind.is_grassroots else (plan.place, plan.short, *plan.aliases)
    names = (units.fold_name(each) for each in places)
    return any(" " in name and f" {name} " in own for name in names)


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
    """The unit's own target to draw: the first one about a total."""
    if targets is None:
        return None
    return next((each for each in targets.progress if each.measure.kind is MeasureKind.LEVEL), None)
