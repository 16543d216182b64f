"""What shares are drafted on: the units right below, what stands, members, and what was reached last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from bot.access import Right
from bot.features.targets.giving.dialogs import SettingShares
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services import places
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Form, Measure, MeasureKind, last_opened
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period, PeriodKind, list_periods
from knowledge.shares.checking import Ground
from knowledge.shares.matching import Below, NamesBelow
from knowledge.shares.reading import Spread
from storage import member_counts, shares, summaries, units
from storage.summaries import ReportsBelow
from storage.units import Unit

MEMBERS: Final = "members"
"""The row of the monthly form that units are weighed by."""


async def list_below(asking: Asking, unit: Unit) -> list[Unit]:
    """The units right below that exist today."""
    return await units.list_children(asking.db, unit.id, active_on=asking.today)


def name_below(below: Sequence[Unit]) -> NamesBelow:
    """The same, to be found by name."""
    return NamesBelow(Below(each.id, each.code, each.name) for each in below)


async def find_own(asking: Asking, state: SettingShares) -> Decimal | None:
    """What the giver is to reach."""
    if state.own is not None or not state.goal:
        return state.own
    held = await shares.find_share(asking.db, state.goal, state.unit)
    return held.value if held is not None else None


async def list_standing(asking: Asking, state: SettingShares) -> dict[int, Decimal]:
    """What the giver has handed down, by unit."""
    if not state.goal:
        return {}
    given = await shares.list_given(asking.db, state.goal, state.unit)
    return {share.unit_id: share.value for share in given if share.value is not None}


async def list_drafted(asking: Asking, state: SettingShares) -> dict[int, Decimal]:
    """What units have as it is shown: what was said already, and what stands."""
    values = {**await list_standing(asking, state), **state.values}
    return {unit: value for unit, value in values.items() if value is not None}


async def count_members(asking: Asking, below: Sequence[Unit]) -> dict[int, Decimal]:
    """How many members the units have with all below them, by their latest reports of the last twelve months."""
    form = get_form(MONTHLY_FORM)
    periods = list_periods(last_opened(form, asking.today))
    return await member_counts.count_by_unit(asking.db, below, form.id, MEMBERS, periods, alive_on=asking.today)


async def read_last_year(
    asking: Asking, rules: Rules, state: SettingShares, below: Sequence[Unit]
) -> dict[int, Decimal]:
    """What each unit had of the same thing last year; where it had none, what it reached by its reports.

    Of a tree so large that sums are not worked out while a chat waits, only what it had.
    """
    unit = await asking.get_unit(Right.SUPERVISE, state.unit)
    found = {} if await places.is_large(asking.db, unit) else dict(await _read_results(asking, rules, state, below))
    for held in await shares.list_goals_of(asking.db, unit, state.year - 1):
        goal = held.goal
        same = (goal.plan_id or "", goal.target or "") == (state.plan, state.target) if state.plan else False
        if not same and not (goal.measured_in == state.measured_in and goal.name == state.name):
            continue
        for unit_id, share in (await shares.list_shares(asking.db, goal.id, [each.id for each in below])).items():
            if share.value is not None:
                found[unit_id] = share.value
    return found


async def _read_results(
    asking: Asking, rules: Rules, state: SettingShares, below: Sequence[Unit]
) -> Mapping[int, Decimal]:
    """What came together last year, or stood at its end, where a form that comes again measures it."""
    measured = _find_measure(rules, state)
    if measured is None:
        return {}
    form, measure = measured
    periods = list_periods(Period.containing(date(state.year - 1, 12, 31), form.period))
    unit = await units.get_unit(asking.db, state.unit)
    found: dict[int, Decimal] = {}
    for period in periods if measure.kind is MeasureKind.FLOW else periods[-1:]:
        scope = ReportsBelow(unit, form, period, AskedUnits.of_period(form, period))
        for unit_id, totals in (await summaries.sum_figures_by_child(asking.db, scope, below)).items():
            values = [totals.figures[key] for key in measure.keys if key in totals.figures]
            if len(values) == len(measure.keys):
                found[unit_id] = found.get(unit_id, Decimal(0)) + sum(values, Decimal(0))
    return found


def _find_measure(rules: Rules, state: SettingShares) -> tuple[Form, Measure] | None:
    """What measures it, as a sum or a standing count; shares of another figure say nothing of an amount."""
    for form in rules.forms.asked if state.indicator else ():
        for measure in form.measures if form.period is not PeriodKind.CAMPAIGN else ():
            is_meant = measure.indicator == state.indicator and state.measured_in in measure.units
            if is_meant and measure.kind is not MeasureKind.SHARE:
                return form, measure
    return None


async def make_ground(
    asking: Asking, rules: Rules, state: SettingShares, below: Sequence[Unit], spread: Spread | None
) -> Ground:
    """What shares are drafted on; what only one rule needs is looked up for that rule alone."""
    return Ground(
        [each.id for each in below],
        state.measured_in,
        await find_own(asking, state),
        await list_drafted(asking, state),
        await count_members(asking, below) if spread is Spread.BY_MEMBERS else {},
        await read_last_year(asking, rules, state, below) if spread is Spread.AS_LAST_YEAR else {},
    )
