"""Figures from a filled-in workbook, put where an officer's own would be: into drafts that are looked at and sent.

Nothing is taken from the file's word for who may report what; every column is held against the sender's rights.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

import msgspec

from bot.access import Right
from bot.features.summaries.workbook.reading import FilledColumn, WorkbookReading, WrongCell, interpret
from bot.hands.asking import Asking
from bot.services import drafts
from bot.services.drafts import Locked, OpenDraft, ReportClosed
from bot.services.reports import NotAsked, NotOpenYet
from knowledge.model.forms import Form
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.units import GRASSROOTS_KINDS
from knowledge.reports import ReportText, filling
from knowledge.reports import sheet as sheets
from knowledge.reports.tabled import find_named
from knowledge.text import fold
from storage import submissions, units
from storage.submissions import State, Submission
from storage.units import Unit

MOST_REPORTS: Final = 100  # filled in from one file; the rest after these were sent
MOST_WRONG: Final = 12


@dataclass
class TakenFile:
    """What a file came to.

    Attributes:
        drafts: the reports filled in, by the unit (and period) they are for: (label, draft id).
        wrong: cells that give no figure, by unit; nothing is filled in while there are any.
        locked: units whose report may not be corrected any more.
        not_owed: units that do not send this report.
        strange: codes of columns that are for no unit the sender may report for.
        unchanged: columns that say what is known already.
        left: changed reports that did not fit.
        gone: cells of rows that the form has no more: the file was fetched before its new version.
        titled: the period that the title names, where the file's own mark is of another; nothing is filled in then.
        kept: figures that stood in drafts already and whose cells the file leaves empty; an empty cell takes none away.
    """

    form: Form
    drafts: list[tuple[Unit, Period, int]] = field(default_factory=list)
    wrong: list[tuple[str, WrongCell]] = field(default_factory=list)
    locked: list[str] = field(default_factory=list)
    not_owed: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    unchanged: int = 0
    left: int = 0
    gone: list[str] = field(default_factory=list)
    titled: Period | None = None
    kept: int = 0


async def take(asking: Asking, reading: WorkbookReading) -> TakenFile | None:
    """Fill in what the file changes; None where its form or period does not exist."""
    form = asking.forms.find(reading.form, _find_period(reading))
    if form is None:
        return None
    taken = TakenFile(form, titled=_find_other_title(reading, form, asking.today))
    if taken.titled is not None:
        return taken
    changed: list[tuple[Unit, Period, FilledColumn, Submission | None]] = []
    units_by_code: dict[str, Unit | None] = {}
    rows = {row.key for row in form.indicators}
    for column in reading.columns:
        if not column.cells:
            continue
        code = reading.fixed if reading.by_period else column.code
        period = _period(column.code if reading.by_period else reading.fixed)
        if period is None or period.kind is not form.period:
            return None
        if code not in units_by_code:
            units_by_code[code] = await units.find_unit(asking.db, code)
        unit = units_by_code[code]
        if unit is None or not asking.asker.may(Right.SUBMIT, unit):
            taken.strange.append(code)
            continue
        if _sums_up(form, unit, reading):
            continue
        taken.gone += [where for key, (_, _, where) in column.cells.items() if key not in rows]
        filled = interpret(form.asked_of(unit.kind), column)
        if not filled.figures and not filled.wrong:
            continue
        current = await submissions.find_current(asking.db, unit.id, form.id, period)
        if current is None and form.calendar is not None and not form.is_owed_by(unit.kind):
            continue  # the sum of what lies below, not a report
        if filled.wrong:
            taken.wrong += [(unit.name, each) for each in filled.wrong]
        elif current is not None and current.state is State.SENT and _says(current, filled):
            taken.unchanged += 1
        else:
            changed.append((unit, period, filled, current))
    if taken.wrong:
        return taken
    taken.left = max(0, len(changed) - MOST_REPORTS)
    for unit, period, filled, _ in changed[:MOST_REPORTS]:
        await _fill_in(asking, taken, unit, period, filled)
    if taken.drafts:
        tops = asking.asker.units(Right.SUBMIT)
        await asking.note(
            "workbook.taken",
            unit_id=taken.drafts[0][0].id if len(taken.drafts) == 1 or not tops else tops[0].id,
            details={"form": form.id, "reports": len(taken.drafts)},
        )
    return taken


def _find_other_title(reading: WorkbookReading, form: Form, today: date) -> Period | None:
    """The period in the title of a workbook of one period, where it is not the one the workbook was made for."""
    period = None if reading.by_period else _period(reading.fixed)
    if period is None or period.kind is PeriodKind.CAMPAIGN:
        return None
    named = [find_named(fold(said), form, today) for said in reading.headings]
    others = [each for each in named if each is not None]
    return others[0] if others and period not in others else None


def _find_period(reading: WorkbookReading) -> Period | None:
    """The period that a workbook is about, the latest where it has several."""
    named = [each.code for each in reading.columns] if reading.by_period else [reading.fixed]
    return max(filter(None, map(_period, named)), default=None)


def _sums_up(form: Form, unit: Unit, reading: WorkbookReading) -> bool:
    """Whether a column shows what lies below a unit with its own report, and so is no report of its own."""
    is_sum = form.calendar is not None and not unit.kind.is_grassroots and bool(form.owed_by & GRASSROOTS_KINDS)
    return is_sum and not (reading.by_period and form.parts)


def _period(code: str) -> Period | None:
    try:
        return Period.parse(code)
    except ValueError:
        return None


def _says(current: Submission, filled: FilledColumn) -> bool:
    """Whether the file says of a report nothing but what stands; an empty cell says nothing."""
    return all(current.figures.get(key) == value for key, value in filled.figures.items())


async def _fill_in(asking: Asking, taken: TakenFile, unit: Unit, period: Period, filled: FilledColumn) -> None:
    opened = await drafts.open_draft(asking, unit, taken.form, period)
    match opened:
        case ReportClosed() if opened.refused is not None:
            taken.not_owed.append(unit.name)
        case NotOpenYet() | NotAsked():
            taken.not_owed.append(unit.name)
        case Locked() | ReportClosed():
            taken.locked.append(unit.name)
        case OpenDraft():
            form, stands = (
                opened.form,
                opened.sheet,
            )  # an officer may have typed in the chat since the workbook was fetched
            taken.kept += sum(row.key in stands.figures and row.key not in filled.figures for row in form.asked)
            told = {**stands.figures, **filled.figures}
            skipped = tuple(row.key for row in form.asked if row.key not in told and sheets.may_skip(form, row))
            begun = sheets.change(stands, skipped=skipped, no_change=False, moves_only=False)
            whole = ReportText(values=dict(filled.figures), is_report=True)
            sheet = filling.merge(form, begun, opened.previous, whole).sheet
            kept = await drafts.save(asking, opened, msgspec.structs.replace(sheet, positional=False))
            taken.drafts.append((unit, period, kept.draft.id))
