"""Totals of a report over a unit and all below it: what has come in, what it comes to, and the table of it.

Functions here join storage with knowledge; whoever made the `UnitReport` has decided that the asker may see the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.features.summaries.reports import AskedReport, UnitReport, list_asked
from bot.services import places
from bot.services.plan_targets import read_targets
from bot.services.progress import read_first
from knowledge.forms import check_report
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period, list_periods, periods_a_year
from knowledge.model.units import GRASSROOTS_KINDS, UnitKind
from knowledge.progress import PlanProgress
from knowledge.share_progress import ShareProgress
from storage import audit, submissions, units
from storage import summaries as totals
from storage.submissions import Submission
from storage.summaries import Completeness, Level, LikeForLike, Reported, Totals
from storage.units import Unit

CHILDREN_SHOWN: Final = 8
EXPLAINED_SHOWN: Final = 6
MOST_COLUMNS: Final = 2_000
MOST_LINES: Final = 5_000
MISSING_NAMED: Final = 30  # units in the printed sum


def cut_page(count: int, size: int, page: int) -> tuple[int, int]:
    """The nearest page there is of so many things, and how many pages there are. Pure."""
    pages = -(-count // size)
    return min(max(page, 0), max(pages - 1, 0)), pages


# The summary ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """The change since another period, over the units that reported in both: what is missing makes no fall."""

    period: Period
    alike: LikeForLike


@dataclass(frozen=True, slots=True)
class Child:
    """A unit right below, with what has come in from it and all below it."""

    unit: Unit
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class Summary:
    """A form and period summed up over a unit and all below it.

    Attributes:
        last_period: the period before, `last_year` the same period a year earlier; None where no unit reported in both.
        share: how far the unit is in the first of its shares of this year that is followed.
        explained: how many reports broke a rule that was confirmed with a reason.
        children: how many units lie right below.
        above: the unit right above, where the asker may look at it.
        choices: how many reports there are to choose from.
    """

    unit: Unit
    asked: AskedReport
    today: date
    completeness: Completeness
    totals: Totals
    last_period: Compared | None
    last_year: Compared | None
    targets: PlanProgress | None
    share: ShareProgress | None
    explained: int
    children: int
    above: Unit | None
    may_nudge: bool
    choices: int


@dataclass(frozen=True, slots=True)
class UnitsBelow:
    """A page of the units right below, in the order of units, with what has come in from each.

    Attributes:
        count: how many units lie right below.
    """

    unit: Unit
    asked: AskedReport
    shown: tuple[Child, ...]
    count: int
    page: int
    pages: int


async def read_summary(report: UnitReport) -> Summary:
    """What /tonghop shows of the whole, short and at length."""
    db, unit, asked = report.db, report.unit, report.asked
    last_period = last_year = None
    if asked.campaign is None:
        last_period = await _compare(report, asked.period.shifted(-1))
        earlier = asked.period.shifted(-periods_a_year(asked.period.kind))
        last_year = await _compare(report, earlier) if earlier != asked.period.shifted(-1) else None
    above = await find_above(report)
    return Summary(
        unit=unit,
        asked=asked,
        today=report.today,
        completeness=await totals.count_received(db, report.below),
        totals=await totals.sum_figures(db, report.below),
        last_period=last_period,
        last_year=last_year,
        targets=await read_targets(report.figures),
        share=await _read_share(report),
        explained=await totals.count_explained(db, report.below),
        children=await units.count_children(db, unit.id),
        above=above if above is not None and report.asking.asker.may(Right.SEE, above) else None,
        may_nudge=report.may_nudge,
        choices=len(await list_asked(report.asking, unit)),
    )


async def _read_share(report: UnitReport) -> ShareProgress | None:
    """None of what is no report of this year's, and of units with so much below that /chitieu makes it aside."""
    is_of_this_year = report.asked.campaign is None and report.asked.period.year == report.today.year
    if not is_of_this_year or await places.is_large(report.db, report.unit):
        return None
    found = await read_first(report.db, report.figures.rules, [report.unit.id], report.today)
    return found.get(report.unit.id)


async def read_units(report: UnitReport, *, page: int = 0) -> UnitsBelow:
    """A page of the units right below; those of whom nothing is expected are left out."""
    db, unit = report.db, report.unit
    count = await units.count_children(db, unit.id)
    page, pages = cut_page(count, CHILDREN_SHOWN, page)
    listed = await units.list_children(db, unit.id, most=CHILDREN_SHOWN, skip=page * CHILDREN_SHOWN)
    by_child = await totals.count_received_by_child(db, report.below, listed)
    shown = tuple(Child(each, by_child[each.id]) for each in listed if each.id in by_child)
    return UnitsBelow(unit, report.asked, shown, count, page, pages)


async def _compare(report: UnitReport, period: Period) -> Compared | None:
    found = await totals.sum_alike(report.db, report.below, period)
    return Compared(period, found) if found is not None else None


async def find_above(report: UnitReport) -> Unit | None:
    """The unit right above, whoever may see it; None above a root."""
    parent_id = report.unit.parent_id
    return await units.find_unit_by_id(report.db, parent_id) if parent_id is not None else None


async def find_own(report: UnitReport) -> Reported | None:
    """How the report of this very unit stands; None where it owes none."""
    return await totals.find_reported(report.db, report.below)


async def read_completeness(report: UnitReport) -> Completeness:
    """Who has reported, in numbers."""
    return await totals.count_received(report.db, report.below)


async def read_children(report: UnitReport, *, most: int) -> tuple[list[Child], int]:
    """The units right below, the least complete first, and how many there are in all."""
    children = await units.list_children(report.db, report.unit.id)
    found = await totals.count_received_by_child(report.db, report.below, children)
    own = [Child(each, found[each.id]) for each in children if each.id in found]
    own.sort(key=lambda child: (child.completeness.completeness, -child.completeness.missing, child.unit.order))
    return own[:most], len(own)


# What was explained ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explanation:
    """A report with the rules it breaks and the officer's reasons."""

    unit_name: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ExplanationPage:
    """A page of explanations of a report."""

    unit: Unit
    asked: AskedReport
    shown: tuple[Explanation, ...]
    page: int
    pages: int


async def read_explained(report: UnitReport, *, page: int = 0) -> ExplanationPage:
    """A page of what officers gave as reasons."""
    db, asked = report.db, report.asked
    page, pages = cut_page(await totals.count_explained(db, report.below), EXPLAINED_SHOWN, page)
    rows = await totals.list_explained(db, report.below, most=EXPLAINED_SHOWN, skip=page * EXPLAINED_SHOWN)
    found = []
    for row in rows:
        sent = await submissions.find_current(db, row.unit_id, asked.form.id, asked.period)
        if sent is None:
            continue
        previous = await submissions.find_previous(db, row.unit_id, asked.form.id, asked.period)
        broken = check_report(asked.form.asked_of(row.kind), sent.figures, previous.figures if previous else None)
        sentences = {verdict.rule: verdict.sentence for verdict in broken}
        lines = tuple((sentences.get(rule, ""), said) for rule, said in sent.reasons.items())
        found.append(Explanation(row.name, lines))
    return ExplanationPage(report.unit, asked, tuple(found), page, pages)


# What goes into files ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnitTotals:
    """One column of the table: a unit with the sum of all below it.

    `fillable` where it is the unit's own report: a unit that has others below it shows their sum with its own.
    """

    unit: Unit
    totals: Totals | None
    fillable: bool


@dataclass(frozen=True, slots=True)
class SummaryTable:
    """Everything a workbook or CSV shows of one form and period.

    Attributes:
        columns: the units right below; the unit itself where none are.
        lines: every unit that is expected, one by one, with its report; empty where there are too many.
        left_out: how many units there were no columns for.
    """

    unit: Unit
    above: Unit | None
    asked: AskedReport
    completeness: Completeness
    columns: tuple[UnitTotals, ...]
    lines: tuple[tuple[Reported, Submission | None], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class YearSeries:
    """A unit's totals of a year, period by period up to the one asked for; None where nothing was sent.

    `partial` are the periods for which some expected report is missing: their totals are no fall.
    """

    unit: Unit
    above: Unit | None
    asked: AskedReport
    totals: tuple[tuple[Period, Totals | None], ...]
    partial: frozenset[Period] = frozenset()

    @property
    def has_any(self) -> bool:
        """Whether there is a report at all."""
        return any(each is not None for _, each in self.totals)


async def read_table(report: UnitReport) -> SummaryTable:
    """What the official summary of a unit shows."""
    db, unit, below = report.db, report.unit, report.below
    children = await units.list_children(db, unit.id)
    by_child = await totals.count_received_by_child(db, below, children)
    children = [each for each in children if each.id in by_child]
    completeness = await totals.count_received(db, below)
    if children:
        sums = await totals.sum_figures_by_child(db, below, children[:MOST_COLUMNS])
        columns = [
            UnitTotals(each, sums.get(each.id), _reports_alone(below.asked, each.kind))
            for each in children[:MOST_COLUMNS]
        ]
    else:
        own = await totals.sum_figures(db, below)
        columns = [UnitTotals(unit, own if own.figures else None, _reports_alone(below.asked, unit.kind))]
    rows = await totals.list_expected(db, below, most=MOST_LINES + 1)
    lines: list[tuple[Reported, Submission | None]] = []
    if len(rows) <= MOST_LINES:
        sent = await totals.list_figures(db, below, [row.unit_id for row in rows if row.is_in])
        lines = [(row, sent.get(row.unit_id)) for row in rows]
    left_out = max(0, len(children) - MOST_COLUMNS)
    return SummaryTable(
        unit, await find_above(report), report.asked, completeness, tuple(columns), tuple(lines), left_out
    )


def _reports_alone(asked: AskedUnits, kind: UnitKind) -> bool:
    """Whether what is told of a unit of that kind is its own report, and no sum with others."""
    return asked.has_kind(kind) and (kind.is_grassroots or not any(map(asked.has_kind, GRASSROOTS_KINDS)))


async def read_series(report: UnitReport) -> YearSeries:
    """The totals of a year up to the period asked for."""
    periods = list_periods(report.asked.period)
    found = await totals.sum_by_period(report.db, report.unit, report.asked.form, periods)
    series = tuple((period, found.get(period)) for period in periods)
    partial = set()
    for period in found if report.asked.campaign is None else ():
        asked = AskedReport.of_calendar(report.asked.form, period)
        if (await totals.count_received(report.db, asked.below(report.unit))).missing:
            partial.add(period)
    return YearSeries(report.unit, await find_above(report), report.asked, series, frozenset(partial))


async def read_level(report: UnitReport) -> Level:
    """Every unit's latest figures up to the period asked for, summed: as things stand although some are missing."""
    asked = report.asked
    periods = list_periods(asked.period)
    return await totals.sum_latest(report.db, report.unit, asked.form, periods, alive_on=asked.period.end)


@dataclass(frozen=True, slots=True)
class PrintedSum:
    """A sum to be printed: its figures, and the names of the units that are not in it, as many as are named."""

    unit: Unit
    above: Unit | None
    asked: AskedReport
    completeness: Completeness
    figures: dict[str, Decimal]
    missing: tuple[str, ...]


async def read_printed(report: UnitReport) -> PrintedSum:
    """What the printed sum of a unit shows."""
    db, below = report.db, report.below
    summed = await totals.sum_figures(db, below)
    missing = await totals.list_missing(db, below, most=MISSING_NAMED)
    return PrintedSum(
        report.unit,
        await find_above(report),
        report.asked,
        await totals.count_received(db, below),
        summed.figures,
        tuple(each.name for each in missing),
    )


async def note_export(db: AsyncConnection, report: UnitReport) -> None:
    """Write into the journal that a file was made for somebody."""
    asking = report.asking
    await audit.note(db, "summary.exported", asking.now, by=asking.person_id, unit_id=report.unit.id)
