"""How far a unit is from the targets of the plan that governs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import Rules
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Form, Measure, MeasureKind, is_open, last_opened
from knowledge.model.periods import Period, PeriodKind, list_periods
from knowledge.model.plans import Plan, Target
from knowledge.model.units import UnitKind
from knowledge.progress import History, PlanProgress, find_targets, measure_progress
from storage import summaries as totals
from storage import units
from storage.share_progress import list_held
from storage.units import Unit

_WHOLES: Final = frozenset({UnitKind.CONFEDERATION, UnitKind.PROVINCE, UnitKind.SECTOR})
"""The kinds of unit that plans with counts are made for: what is set for one of them is its own."""


@dataclass(frozen=True, slots=True)
class FiguresOf:
    """Whose figures are held against a plan: a unit's with all below it, of a form up to a period.

    Attributes:
        period: the last one that counts; a campaign's alone.
        today: the local day, from which what is left of the time is counted.
    """

    db: AsyncConnection
    rules: Rules
    unit: Unit
    form: Form
    period: Period
    today: date


def find_month(period: Period | None, today: date) -> Period | None:
    """The month of the monthly report meant, the latest where none is named; None where it is not open. Pure."""
    form = get_form(MONTHLY_FORM)
    found = period or last_opened(form, today)
    return found if found.kind is form.period and is_open(form, found, today) else None


async def find_holder(db: AsyncConnection, unit: Unit, rules: Rules) -> tuple[tuple[Plan, ...], Unit] | None:
    """The plans that govern a unit, the first to be asked first, and the unit they were set for.

    Where what was set is not there any more (withdrawn, or not in force yet), the level above speaks.
    """
    for each in reversed([*await units.list_ancestors(db, unit), unit]):
        if each.plan and (governing := rules.list_governing(each.plan)):
            return governing, each
    return None


async def read_targets(about: FiguresOf, year: int | None = None) -> PlanProgress | None:
    """How far along the unit is; None where no plan governs it, or it sets nothing that the form measures.

    Args:
        year: only the targets for that year.
    """
    unit, today = about.unit, about.today
    held = await find_holder(about.db, unit, about.rules)
    if held is None:
        return None
    governing, holder = held
    found_in = _find_measured(about, governing, year)
    if found_in is None:
        return None
    plan, wanted = found_in
    is_own = unit.id == holder.id
    history, counted, older = await _read_history(about)
    if history is None:
        return PlanProgress(plan, holder.name, is_own, (), (), 0, 0, None)
    found = [
        progress
        for target, measure in wanted
        if (progress := measure_progress(plan, target, measure, history, today=today)) is not None
    ]
    owns_all = is_own and await owns_counts(about, holder, governing)
    own = tuple(each for each in found if owns_all or each.measure.kind is MeasureKind.SHARE)
    beyond = tuple(each for each in found if each not in own)
    has_shares = bool(beyond) and bool(await list_held(about.db, [unit.id], today.year))
    return PlanProgress(plan, holder.name, is_own, own, beyond, counted, older, history.as_of, has_shares)


async def owns_counts(about: FiguresOf, holder: Unit, governing: Sequence[Plan]) -> bool:
    """Whether a plan's counts are about the unit it is set for, with all below it, and not about more than that.

    They are not where the plan is set elsewhere too, nor where a smaller unit works by the plan of a body above it.
    """
    if holder.kind not in _WHOLES and not any(_is_by(plan, holder) for plan in governing):
        return False
    issuers = {about.rules.issuer_of(plan) for plan in governing}
    plans = [each.id for each in about.rules.plans.values() if about.rules.issuer_of(each) in issuers]
    return not await units.is_set_outside(about.db, holder, plans, on=about.today)


def _is_by(plan: Plan, unit: Unit) -> bool:
    """Whether a plan is that of a unit, or of the place of a union above the grassroots, by their names. Pure."""
    own = f" {units.fold_name(unit.name)} "
    if own.strip() in units.fold_name(plan.issuer):
        return True
    places = () if unit.kind.is_grassroots else (plan.place, plan.short, *plan.aliases)
    names = (units.fold_name(each) for each in places)
    return any(" " in name and f" {name} " in own for name in names)


def _find_measured(
    about: FiguresOf, governing: Iterable[Plan], year: int | None = None
) -> tuple[Plan, tuple[tuple[Target, Measure], ...]] | None:
    """The first of the plans that sets what the form measures, with those targets."""
    for plan in governing:
        wanted = find_targets(plan, about.form, about.today, year=year)
        if wanted:
            return plan, wanted
    return None


async def _read_history(about: FiguresOf) -> tuple[History | None, int, int]:
    db, unit, form, period = about.db, about.unit, about.form, about.period
    if period.kind is PeriodKind.CAMPAIGN:
        summed = (await totals.sum_by_period(db, unit, form, [period])).get(period)
        if summed is None:
            return None, 0, 0
        return History(period, summed.figures, {period: summed.figures}), summed.reports, 0
    latest = await totals.find_latest_period(db, unit, form, up_to=period)
    if latest is None:
        return None, 0, 0
    periods = list_periods(latest)
    level = await totals.sum_latest(db, unit, form, periods, alive_on=latest.end)
    by_period = await totals.sum_by_period(db, unit, form, periods)
    figures = {each: found.figures for each, found in by_period.items()}
    return History(latest, level.figures, figures), level.units, level.older


async def list_target_years(about: FiguresOf) -> list[int] | None:
    """The years for which the plan sets what the form measures; None where no plan governs the unit."""
    held = await find_holder(about.db, about.unit, about.rules)
    if held is None:
        return None
    found = _find_measured(about, held[0])
    return sorted({target.year for target, _ in found[1] if target.year is not None}) if found else []
