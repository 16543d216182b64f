"""A whole report in one message: for which unit and period it is, then its summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.access import Right
from bot.features.submissions import dialogs, service, standing
from bot.features.submissions.dialogs import Choosing
from bot.features.submissions.filling import choose_period, choose_unit, follow, present
from bot.features.submissions.service import Unit
from bot.features.submissions.taps import Purpose
from bot.features.submissions.words import around as words
from bot.hands import reach
from bot.hands.asking import Asking
from bot.road.turn import Turn
from bot.services.drafts import OpenDraft, open_draft
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.reports import ReportText, filling, parse_report
from knowledge.reports.choosing import find_reports


@dataclass(frozen=True, slots=True)
class WholeReport:
    """A message that hands in a report: its words, what they say, and the messages that went into it so far.

    `rivals` are other forms that it may as well be meant for.
    """

    text: str
    reading: ReportText
    form: Form
    heard: tuple[int, ...]
    rivals: tuple[Form, ...] = ()

    @property
    def forms(self) -> tuple[Form, ...]:
        """Every form that it may be meant for."""
        return (self.form, *self.rivals)

    def may_be_from(self, unit: Unit) -> bool:
        """Whether the unit sends any of the forms."""
        return any(form.is_owed_by(unit.kind) for form in self.forms)

    @property
    def waiting(self) -> Choosing:
        """The dialog that keeps it while the unit or period is asked."""
        return Choosing(purpose=Purpose.REPORT, text=self.text, heard=self.heard)


def read_whole(asking: Asking, text: str, heard: tuple[int, ...] = ()) -> WholeReport | None:
    """The report that a message hands in; None where it hands in none."""
    found = find_reports(text, (form for form, _ in asking.forms.list_opened(asking.today)), asking.today)
    return WholeReport(text, *found[0], heard, tuple(each.form for each in found[1:])) if found else None


def read_as(asking: Asking, said: WholeReport, form: Form) -> WholeReport:
    """The same message read by one form, with the rows of its unit; what a table said stays as it was read."""
    if form is said.form:
        return said
    return WholeReport(said.text, parse_report(said.text, form, today=asking.today), form, said.heard)


async def take_words(
    turn: Turn, asking: Asking, text: str, *, heard: tuple[int, ...] = (), message_id: int | None = None
) -> bool:
    """Take words that hand in a report; False where they do not."""
    said = read_whole(asking, text, dialogs.with_heard(heard, message_id))
    if said is not None:
        await take_report(turn, asking, said)
    return said is not None


async def take_report(
    turn: Turn, asking: Asking, said: WholeReport, *, unit: Unit | None = None, period: Period | None = None
) -> None:
    """Find out for which unit and period a report is, asking where it does not say; then go to its summary."""
    if not asking.asker.may_anywhere(Right.SUBMIT):
        turn.say(words.no_rights())
        return
    unit = unit or await _find_unit(turn, asking, said)
    if unit is None:
        return
    fitting = [form for form in said.forms if form.is_owed_by(unit.kind)] or [said.form]
    if len(fitting) > 1:
        await _choose_form(turn, asking, said, unit, fitting)
        return
    said = read_as(asking, said, fitting[0].asked_of(unit.kind))
    period = period or await _find_period(turn, asking, said, unit)
    if period is None:
        return
    found = await open_draft(asking, unit, said.form, period, reading=said.reading)
    if not isinstance(found, OpenDraft):
        await present(turn, asking, found)
        return
    outcome = found.taken or filling.merge(said.form, found.sheet, found.previous, said.reading)
    await follow(turn, asking, found, outcome, None, heard=said.heard, opening=True)


async def _choose_form(turn: Turn, asking: Asking, said: WholeReport, unit: Unit, forms: Sequence[Form]) -> None:
    """Ask which of the forms is meant: each with the report of it that would be opened."""
    dues = await service.list_due(asking, unit)
    first = [due for form in forms if (due := service.pick_of_form(dues, form.id)) is not None]
    await choose_period(turn, asking, unit, first, text=said.text, heard=said.heard)


async def _find_unit(turn: Turn, asking: Asking, said: WholeReport) -> Unit | None:
    """The unit of a report; where that is open, it is asked and None comes back."""
    own = [unit for unit in reach.list_own(asking) if said.may_be_from(unit)]
    hint = said.reading.unit_hint
    if hint and (len(own) != 1 or reach.reaches_below(asking)):
        reached = await reach.search(asking, hint)
        found = [unit for unit in reached.meant if said.may_be_from(unit)]
        if len(found) == 1:
            return found[0]
        if found:
            choice = words.units_found(found, Purpose.REPORT, hint, more=reached.has_more)
            await standing.show(turn, asking, said.waiting, [choice])
            return None
    if len(own) == 1:
        return own[0]
    await choose_unit(turn, asking, said.waiting)
    return None


async def _find_period(turn: Turn, asking: Asking, said: WholeReport, unit: Unit) -> Period | None:
    """The period of a report; where that is open, it is asked and None comes back."""
    reading = said.reading
    dues = [due for due in await service.list_due(asking, unit) if due.form.id == said.form.id]
    if reading.period is not None:
        meant = [due for due in dues if due.is_missing or due.period == reading.period]
        # One still to come is told so; one that has come but may be another is asked about.
        if reading.period_is_sure or not meant or reading.period > max(due.period for due in dues):
            return reading.period
        await choose_period(turn, asking, unit, meant, text=said.text, heard=said.heard)
        return None
    missing = [due for due in dues if due.is_missing]
    named = [due for due in dues if due.period in reading.period_choices]
    if len(named) > 1 or (len(missing) > 1 and not reading.period_choices):
        await choose_period(turn, asking, unit, named or missing, text=said.text, heard=said.heard)
        return None
    if missing and not reading.period_is_sure:
        await choose_period(turn, asking, unit, missing, text=said.text, heard=said.heard)
        return None
    if named:
        return named[0].period
    due = service.pick_due(dues)
    if due is not None:
        return due.period
    if dues:  # everything was sent: what is said now corrects the latest
        return max(dues, key=lambda each: each.due_on).period
    turn.say(words.nothing_owed(unit.name))
    return None
