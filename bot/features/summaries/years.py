"""What a year of monthly reports came to: how many came, members at its ends, who joined and left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.forms import Form, Indicator, Movement
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from storage import submissions
from storage import summaries as totals
from storage.submissions import State, Submission
from storage.summaries import Completeness, Level, LikeForLike, ReportsBelow
from storage.units import Unit

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class GivenTotal:
    """A total as the report of a period gives it."""

    period: Period
    value: Decimal


@dataclass(frozen=True, slots=True)
class Ends:
    """A total at the beginning and the end of a year, over the same `units`.

    The beginning is the report of the December before; where none is there, the first of the year.
    """

    first: GivenTotal
    last: GivenTotal
    units: int = 1


@dataclass(frozen=True, slots=True)
class Moves:
    """Who came and who went, summed over `reports`."""

    came: Decimal
    went: Decimal
    reports: int


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A unit's own year. `count` is of what it sent itself; `ends` is None with fewer than two reports that give the
    total."""

    unit: Unit
    year: int
    rows: Movement
    count: Completeness
    moves: Moves
    ends: Ends | None


@dataclass(frozen=True, slots=True)
class YearBelow:
    """The year of a unit and all below it.

    Attributes:
        count: over all units and months, without figures that were brought in.
        level: every unit's latest figures of the year.
        ends: over the units that reported at both ends; None where none did.
        alike, alike_before: who came and went in this year and the year before, over the unit's months that were
            reported in both; None where there are none.
    """

    unit: Unit
    year: int
    rows: Movement
    count: Completeness
    moves: Moves
    level: Level
    ends: Ends | None
    alike: Moves | None
    alike_before: Moves | None


def list_months(year: int) -> list[Period]:
    """The twelve months of a year. Pure."""
    return [Period.month(year, number) for number in range(1, 13)]


def sum_up_own(form: Form, rows: Movement, unit: Unit, year: int, sent: Mapping[Period, Submission]) -> OwnYear:
    """A unit's own year from its reports that stand, those of the December before among them. Pure."""
    months = list_months(year)
    here = [sent[month] for month in months if month in sent]
    expected = [month for month in months if month in sent or AskedUnits.of_period(form, month).includes(unit)]
    brought_in = sum(each.brought_in for each in here)
    on_time = sum(each.on_time and not each.brought_in for each in here)
    count = Completeness(len(expected), len(here), on_time, brought_in=brought_in)
    came, went = (sum((each.figures.get(row.key, ZERO) for each in here), ZERO) for row in rows[1:])
    known = [
        GivenTotal(month, sent[month].figures[rows.level.key])
        for month in (months[0].shifted(-1), *months)
        if month in sent and rows.level.key in sent[month].figures
    ]
    ends = Ends(known[0], known[-1]) if len(known) > 1 else None
    return OwnYear(unit, year, rows, count_own(count), Moves(came, went, len(here)), ends)


async def read_own(db: AsyncConnection, form: Form, rows: Movement, unit: Unit, year: int) -> OwnYear:
    """A unit's own year; what lies below it and what was sent back do not count."""
    months = list_months(year)
    found = await submissions.list_standing(db, [unit.id], form.id, [months[0].shifted(-1), *months])
    sent = {each.period: each for each in found if each.state is State.SENT}
    return sum_up_own(form, rows, unit, year, sent)


async def read_below(db: AsyncConnection, form: Form, rows: Movement, unit: Unit, year: int) -> YearBelow:
    """The year of a unit and all below it."""
    months = list_months(year)
    scopes = [ReportsBelow(unit, form, month, AskedUnits.of_period(form, month)) for month in months]
    count = add_counts([await totals.count_received(db, scope) for scope in scopes])
    by_month = await totals.sum_by_period(db, unit, form, months)
    came, went = (sum((each.figures.get(row.key, ZERO) for each in by_month.values()), ZERO) for row in rows[1:])
    pairs = [await totals.sum_alike(db, scope, scope.period.shifted(-12)) for scope in scopes]
    alike, alike_before = add_alike(rows, [each for each in pairs if each is not None])
    return YearBelow(
        unit,
        year,
        rows,
        count_own(count),
        Moves(came, went, count.received),
        await totals.sum_latest(db, unit, form, months, alive_on=months[-1].end),
        await _find_ends(db, scopes[-1], rows.level),
        alike,
        alike_before,
    )


async def _find_ends(db: AsyncConnection, december: ReportsBelow, row: Indicator) -> Ends | None:
    last = december.period
    for back in range(12, 0, -1):
        first = last.shifted(-back)
        found = await totals.sum_alike(db, december, first)
        if found is not None and found.find_change(row.key) is not None:
            before, now = found.before.figures[row.key], found.now.figures[row.key]
            return Ends(GivenTotal(first, before), GivenTotal(last, now), found.units)
    return None


def add_counts(counts: Sequence[Completeness]) -> Completeness:
    """Several periods' counts together. Pure."""
    return Completeness(
        sum(each.expected for each in counts),
        sum(each.received for each in counts),
        sum(each.on_time for each in counts),
        sum(each.returned for each in counts),
        sum(each.brought_in for each in counts),
    )


def count_own(count: Completeness) -> Completeness:
    """The same without what was brought in: nobody sent that, in time or not. Pure."""
    gone = count.brought_in
    return Completeness(count.expected - gone, count.received - gone, count.on_time, count.returned)


def add_alike(rows: Movement, pairs: Sequence[LikeForLike]) -> tuple[Moves, Moves] | tuple[None, None]:
    """Who came and went now and before, over the pairs in which every unit told both each time. Pure."""
    whole = [each for each in pairs if all(each.find_change(row.key) is not None for row in rows[1:])]
    if not whole:
        return None, None
    reports = sum(each.units for each in whole)

    def add(row: Indicator, *, before: bool) -> Decimal:
        return sum(((each.before if before else each.now).figures[row.key] for each in whole), ZERO)

    now = Moves(add(rows.came, before=False), add(rows.went, before=False), reports)
    return now, Moves(add(rows.came, before=True), add(rows.went, before=True), reports)
