"""Figures of earlier times: the workbook to fill in, and what becomes of the filled one.

They are kept as they were written, for an admin's own units, and marked as brought in; a real report is never touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from bot.access import Right, require
from bot.features.summaries.workbook.earlier import split_code
from bot.features.summaries.workbook.reading import WorkbookReading, WrongCell, interpret
from bot.hands.asking import Asking
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import Figures, Form, last_opened
from knowledge.model.periods import EARLIEST_YEAR, Period, PeriodKind
from storage import earlier_reports, submissions, units
from storage.earlier_reports import BroughtIn
from storage.units import Unit

MOST_UNITS: Final = 380
"""Rows that are read back from one file."""


@dataclass(frozen=True, slots=True)
class EarlierForm:
    """What a template is made of. `units` are too many for one file where `left` of them did not fit.

    `standing` are the figures that stand already, by unit and period: reports, and what was brought in before.
    """

    unit: Unit
    form: Form
    periods: tuple[Period, ...]
    units: tuple[Unit, ...]
    left: int
    standing: Mapping[tuple[int, Period], Figures]


@dataclass
class TakenEarlier:
    """What a file of earlier figures came to.

    Attributes:
        wrong: cells that give no figure, by unit and period; nothing is kept while there are any.
        not_yours: codes of units that are none, or that the asker does not manage.
        not_owed: units that do not send this report.
        not_past: periods that are not over yet, or none.
        kept: what came of the rest; None while there are wrong cells.
        names: of the units, by id.
    """

    form: Form
    wrong: list[tuple[str, WrongCell]] = field(default_factory=list)
    not_yours: list[str] = field(default_factory=list)
    not_owed: list[str] = field(default_factory=list)
    not_past: list[str] = field(default_factory=list)
    kept: BroughtIn | None = None
    names: dict[int, str] = field(default_factory=dict)


def choose_periods(form: Form, today: date) -> tuple[Period, ...]:
    """The same month last year, the end of last year, and the month before the one that is reported now. Pure."""
    current = last_opened(form, today)
    return tuple(
        sorted(
            {current.shifted(-12), Period.month(current.year - 1, 12), current.shifted(-1)},
            key=lambda period: period.code,
        )
    )


async def read_form(asking: Asking, unit: Unit) -> EarlierForm:
    """What the template for a unit and all below it holds.

    Raises:
        AccessDeniedError: the asker does not manage it.
    """
    require(asking.asker, Right.MANAGE, unit)
    form = get_form(MONTHLY_FORM)
    found = await units.list_subtree(asking.db, unit.id, kinds=form.owed_by, active_on=asking.today)
    shown = tuple(found[:MOST_UNITS])
    periods = choose_periods(form, asking.today)
    there = await submissions.list_standing(asking.db, [each.id for each in shown], form.id, periods)
    standing = {(each.unit_id, each.period): each.figures for each in there}
    return EarlierForm(unit, form, periods, shown, len(found) - len(shown), standing)


async def take(asking: Asking, reading: WorkbookReading) -> TakenEarlier | None:
    """Keep the figures of a filled workbook, or none where a cell is wrong; None where its form does not exist."""
    form = asking.forms.find(reading.form)
    if form is None or form.calendar is None or form.period is not PeriodKind.MONTH:
        return None
    taken = TakenEarlier(form)
    reports: dict[tuple[int, Period], dict[str, Decimal]] = {}
    known: dict[str, Unit | None] = {}
    for column in reading.columns:
        written, code = split_code(column.code)
        if code not in known:
            known[code] = await _find_unit(asking, taken, code)
        unit = known[code]
        period = _find_past(form, written, asking.today)
        if period is None and written not in taken.not_past:
            taken.not_past.append(written)
        if unit is None or period is None:
            continue
        filled = interpret(form, column)
        taken.wrong += [(unit.name, each) for each in filled.wrong]
        reports.setdefault((unit.id, period), {}).update(filled.figures)
    if taken.wrong:
        return taken
    taken.kept = await earlier_reports.bring_in(
        asking.db,
        form.id,
        {key: figures for key, figures in reports.items() if figures},
        asking.now,
        by=asking.person_id,
    )
    await _note(asking, taken, [unit for unit in known.values() if unit is not None])
    return taken


async def _find_unit(asking: Asking, taken: TakenEarlier, code: str) -> Unit | None:
    unit = await units.find_unit(asking.db, code)
    if unit is None or not asking.asker.may(Right.MANAGE, unit):
        taken.not_yours.append(code)
        return None
    if not taken.form.is_owed_by(unit.kind):
        taken.not_owed.append(unit.name)
        return None
    taken.names[unit.id] = unit.name
    return unit


def _find_past(form: Form, written: str, today: date) -> Period | None:
    """The period of a code, where it came before the one that is reported now."""
    try:
        period = Period.parse(written)
    except ValueError:
        return None
    is_past = period.kind is form.period and period.year >= EARLIEST_YEAR
    return period if is_past and period.code < last_opened(form, today).code else None


async def _note(asking: Asking, taken: TakenEarlier, concerned: list[Unit]) -> None:
    kept = taken.kept
    if kept is None or not (kept.new or kept.changed):
        return
    tops = [unit for unit in asking.asker.units(Right.MANAGE) if all(each.lies_in(unit) for each in concerned)]
    details = {"form": taken.form.id, "new": len(kept.new), "changed": len(kept.changed)}
    await asking.note("figures.brought_in", unit_id=(tops or concerned)[0].id, details=details)
