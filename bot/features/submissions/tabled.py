"""A table of somebody's own layout: whose each of its reports is, and the drafts that they fill in.

Nothing is taken from the file's word for who may report what: units are looked for among those of the sender.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.access import Right
from bot.features.submissions import service
from bot.hands import reach
from bot.hands.asking import Asking
from bot.services import drafts
from bot.services.drafts import OpenDraft
from knowledge.model.forms import Form, last_opened
from knowledge.model.periods import Period
from knowledge.reports import filling
from knowledge.reports.tabled import TabledReport, TabledReports
from storage.submissions import State
from storage.units import Unit, code_key, fold_name

MOST_REPORTS: Final = 100
"""Reports filled in from one file; the rest after these were sent."""


@dataclass
class Matched:
    """Whose the reports of a table are.

    Attributes:
        reports: those of a unit that the sender may report for.
        strange: those of which no such unit is known, or several are.
        twice: two of the same unit and month; neither is taken.
        blank: known units that stand in the table without a figure, each as the cell that names it and its name.
    """

    reports: list[tuple[Unit, TabledReport]] = field(default_factory=list)
    strange: list[TabledReport] = field(default_factory=list)
    twice: list[tuple[TabledReport, TabledReport]] = field(default_factory=list)
    blank: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class FilledTable:
    """What a table came to: the reports filled in, and the names of units whose report is not taken or stands so."""

    form: Form
    filled: list[tuple[Unit, Period]] = field(default_factory=list)
    not_opened: list[str] = field(default_factory=list)
    unchanged: int = 0
    left: int = 0


async def list_owing(
    asking: Asking, found: TabledReports, column: int | None = None, *, of: Sequence[Unit] | None = None
) -> list[tuple[Unit, Period]]:
    """The units whose report of a larger form a table may be, each with the period: the one that the table names, where
    that owes it; otherwise the sender's own.

    Args:
        column: that of the report; None for any.
        of: units that may be meant instead.
    """
    named = found.reports[column or 0].name
    units = list(of or reach.list_own(asking))
    if of is None and named:
        meant = (await reach.search(asking, named, Right.SUBMIT)).units
        exact = [unit for unit in meant if fold_name(unit.name) == fold_name(named)]
        units = exact[:1] if len(exact) == 1 and await _find_due(asking, exact[0], found.form) else units
    owing = [(unit, await _find_due(asking, unit, found.form)) for unit in units]
    return [(unit, period) for unit, period in owing if period is not None]


def may_be_of(report: TabledReport, unit: Unit) -> bool:
    """Whether the table names no unit, or this one, in its own words."""
    named, own = fold_name(report.name), fold_name(unit.name)
    return not named or named in own or own in named


async def _find_due(asking: Asking, unit: Unit, form: Form) -> Period | None:
    due = service.pick_of_form(await service.list_due(asking, unit), form.id)
    return due.period if due is not None else None


async def match(asking: Asking, found: TabledReports) -> Matched:
    """Find the unit of each report by its code or name; those that name none are the sender's only one's."""
    own = [unit for unit in reach.list_own(asking) if found.form.is_owed_by(unit.kind)]
    matched = Matched()
    known: dict[str, Unit | None] = {}
    seen: dict[tuple[int, Period | None], TabledReport] = {}
    for report in found.reports:
        called = report.code or report.name
        if called not in known:
            known[called] = await _find(asking, found.form, report)
        unit = known[called] if called else own[0] if len(own) == 1 else None
        if unit is None:
            matched.strange.append(report)
            continue
        before = seen.setdefault((unit.id, report.reading.period), report)
        if before is not report:
            matched.twice.append((before, report))
        matched.reports.append((unit, report))
    for place, called in found.blank[:MOST_REPORTS]:
        unit = await _find(asking, found.form, TabledReport(found.reports[0].reading, called, place=place))
        unit = unit or await _find(asking, found.form, TabledReport(found.reports[0].reading, code=called, place=place))
        if unit is not None:
            matched.blank.append((place, unit.name))
    wrong = {id(each) for pair in matched.twice for each in pair}
    matched.reports = [each for each in matched.reports if id(each[1]) not in wrong]
    return matched


async def _find(asking: Asking, form: Form, report: TabledReport) -> Unit | None:
    for said, is_code in ((report.code, True), (report.name, False)):
        if not said:
            continue
        found = [
            unit
            for unit in (await reach.search(asking, said, Right.SUBMIT)).units
            if form.is_owed_by(unit.kind) and asking.asker.may(Right.SUBMIT, unit)
        ]
        key = code_key if is_code else fold_name
        exact = [unit for unit in found if key(unit.code if is_code else unit.name) == key(said)]
        if is_code or exact:
            found = exact
        if len(found) == 1:
            return found[0]
    return None


async def fill(asking: Asking, form: Form, matched: Matched) -> FilledTable:
    """Put the figures into drafts, as if each had been typed."""
    filled = FilledTable(form, left=max(0, len(matched.reports) - MOST_REPORTS))
    for unit, report in matched.reports[:MOST_REPORTS]:
        period = report.reading.period or last_opened(form, asking.today)
        opened = await drafts.open_draft(asking, unit, form, period, reading=report.reading)
        if not isinstance(opened, OpenDraft):
            filled.not_opened.append(unit.name)
            continue
        outcome = opened.taken or filling.merge(form, opened.sheet, opened.previous, report.reading)
        standing = opened.standing
        if standing is not None and standing.state is State.SENT and opened.is_new and not outcome.sheet.doubts:
            told = report.reading.values
            if told and all(standing.figures.get(key) == value for key, value in told.items()):
                await drafts.throw_away(asking, opened)
                filled.unchanged += 1
                continue
        if outcome.sheet != opened.sheet:
            await drafts.save(asking, opened, outcome.sheet)
        filled.filled.append((unit, period))
    if filled.filled:
        tops = asking.asker.units(Right.SUBMIT)
        await asking.note(
            "workbook.taken",
            unit_id=filled.filled[0][0].id if len(filled.filled) == 1 or not tops else tops[0].id,
            details={"form": form.id, "reports": len(filled.filled)},
        )
    return filled
