"""Opening a report in the chat: of the unit, period or campaign that was chosen, or one that was sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.access import Right, require
from bot.features.submissions import dialogs, history, service, taps
from bot.features.submissions.dialogs import Choosing
from bot.features.submissions.filling import choose_period, end, follow, present
from bot.features.submissions.service import Unit
from bot.features.submissions.whole import read_as, read_whole, take_report
from bot.features.submissions.words import around, receipts
from bot.hands.asking import Asking, acting
from bot.hands.taps import TapRefusedError, or_gone
from bot.road.turn import Turn
from bot.services.drafts import OpenDraft, open_draft
from bot.services.reports import find_report
from bot.taps import CorrectReport, OpenCampaignReport, OpenReport, OtherPeriod, SendChanges, SendNoChange
from bot.words import reports as report_words
from knowledge.forms import CalledFor, find_called
from knowledge.model.forms import Form, first_period
from knowledge.model.periods import Period
from knowledge.reports import filling
from knowledge.reports.sheet import SheetAction


async def show_history(turn: Turn, asking: Asking, unit: Unit) -> None:
    """Show what was sent for a unit."""
    require(asking.asker, Right.SEE, unit)
    await end(turn, asking)
    turn.say(receipts.history(await history.list_history(asking, unit)))


async def open_report(
    turn: Turn, asking: Asking, unit: Unit, form: Form, period: Period, *, older: Sequence[service.Due] = ()
) -> None:
    """Open a unit's report in this chat, or say why it is not opened; `older` are missing from before."""
    await present(turn, asking, await open_draft(asking, unit, form, period), older=older)


async def open_unit(turn: Turn, asking: Asking, unit: Unit) -> None:
    """Open what this unit owes now, with what it owes from before as buttons; of several forms, ask which."""
    if unit.dissolved_on is not None and not unit.is_active(asking.today):
        turn.say(around.unit_ended(unit.name, unit.dissolved_on))
        return
    dues = await service.list_due(asking, unit)
    first = service.list_first(dues)
    if len({each.form.id for each in first if each.campaign_id is None}) > 1:
        await choose_period(turn, asking, unit, first)
        return
    due = service.pick_present(dues)
    if due is not None:
        await open_report(turn, asking, unit, due.form, due.period, older=service.list_older(dues, due))
        return
    await end(turn, asking)
    last = max((each for each in dues if each.submission is not None), key=lambda each: each.due_on, default=None)
    if last is None or last.submission is None:
        turn.say(around.nothing_owed(unit.name))
        return
    turn.say(around.all_sent(unit, last, last.submission, service.find_next_opening(dues), asking.today))


async def open_called(turn: Turn, asking: Asking, unit: Unit, called: CalledFor) -> None:
    """Open the report of a unit that words call for: of the period they name, else what is missing of that form."""
    form = called.form
    if form is None:
        await open_unit(turn, asking, unit)
        return
    if not form.is_owed_by(unit.kind):
        await end(turn, asking)
        turn.say(around.not_sent_by(unit.name, form))
        return
    if called.period is not None:
        await open_report(turn, asking, unit, asking.forms.get(form.id, called.period), called.period)
        return
    dues = await service.list_due(asking, unit)
    due = service.pick_of_form(dues, form.id)
    period = due.period if due is not None else first_period(form, asking.today)
    older = service.list_older(dues, due) if due is not None else ()
    await open_report(turn, asking, unit, asking.forms.get(form.id, period), period, older=older)


@acting
async def on_unit(turn: Turn, asking: Asking, tap: taps.ChooseUnit) -> None:
    """A unit was chosen: its reports, or the report that waits for a unit."""
    right = Right.SEE if tap.purpose is taps.Purpose.HISTORY else Right.SUBMIT
    unit = await asking.get_unit(right, tap.unit)
    state = await dialogs.find(asking.db, asking.chat_id)
    waits = isinstance(state, Choosing) and state.purpose is tap.purpose
    await go_on(turn, asking, state if isinstance(state, Choosing) and waits else Choosing(purpose=tap.purpose), unit)


async def go_on(turn: Turn, asking: Asking, choosing: Choosing, unit: Unit) -> None:
    """Go on once the unit is known: its reports, the report that waits for a unit, or what it owes first."""
    said = read_whole(asking, choosing.text, choosing.heard) if choosing.text else None
    if choosing.purpose is taps.Purpose.HISTORY:
        await show_history(turn, asking, unit)
    elif said is not None:
        await take_report(turn, asking, said, unit=unit)
    else:
        await open_called(turn, asking, unit, find_called(choosing.text, asking.forms.asked, asking.today))


@acting
async def on_open(turn: Turn, asking: Asking, tap: OpenReport) -> None:
    await _open_named(turn, asking, tap.unit, asking.forms.find(tap.form, tap.period), tap.period)


@acting
async def on_open_campaign(turn: Turn, asking: Asking, tap: OpenCampaignReport) -> None:
    found = or_gone(await service.find_campaign_report(asking, tap.campaign), report_words.button_over())
    await _open_named(turn, asking, tap.unit, *found)


async def _open_named(turn: Turn, asking: Asking, unit_id: int, form: Form | None, period: Period) -> None:
    if form is None or period.kind is not form.period:
        raise TapRefusedError(report_words.button_over())
    unit = await asking.get_unit(Right.SUBMIT, unit_id)
    state = await dialogs.find(asking.db, asking.chat_id)
    said = read_whole(asking, state.text, state.heard) if isinstance(state, Choosing) and state.text else None
    if said is not None and form.id in {each.id for each in said.forms}:
        await take_report(turn, asking, read_as(asking, said, form), unit=unit, period=period)
    else:
        await open_report(turn, asking, unit, form, period)


@acting
async def on_no_change(turn: Turn, asking: Asking, tap: SendNoChange) -> None:
    """Fill in that nothing changed and show the summary, to be sent with **Gửi**."""
    await _open_with(turn, asking, tap, SheetAction.NO_CHANGE)


@acting
async def on_changes(turn: Turn, asking: Asking, tap: SendChanges) -> None:
    """Ask only who joined and who left."""
    await _open_with(turn, asking, tap, SheetAction.CHANGED)


async def _open_with(turn: Turn, asking: Asking, tap: SendNoChange | SendChanges, action: SheetAction) -> None:
    """Open a report with that button tapped."""
    form = or_gone(asking.forms.find(tap.form, tap.period), report_words.button_over())
    unit = await asking.get_unit(Right.SUBMIT, tap.unit)
    opened = await open_draft(asking, unit, form, tap.period)
    if not isinstance(opened, OpenDraft):
        await present(turn, asking, opened)
        return
    outcome = filling.decide(opened.form, opened.sheet, opened.previous, action)
    await follow(turn, asking, opened, outcome, None, opening=action is SheetAction.CHANGED)


@acting
async def on_other_period(turn: Turn, asking: Asking, tap: OtherPeriod) -> None:
    """**Kỳ khác** where everything was sent, the periods before those that a card or a step names, a page of them."""
    unit = await asking.get_unit(Right.SUBMIT, tap.unit)
    state = await dialogs.find(asking.db, asking.chat_id)
    waits = isinstance(state, Choosing) and state.purpose is taps.Purpose.REPORT
    text, heard = (state.text, state.heard) if isinstance(state, Choosing) and waits else ("", ())
    dues = await service.list_due(asking, unit)
    await choose_period(turn, asking, unit, dues, page=tap.page, text=text, heard=heard)


@acting
async def on_show(turn: Turn, asking: Asking, tap: taps.ShowReport) -> None:
    """One report opened, whichever version of it the button was made for."""
    found = or_gone(await find_report(asking, Right.SEE, tap.submission), report_words.button_over())
    turn.say(receipts.report(await history.show(asking, found), asking.zone))


@acting
async def on_correct(turn: Turn, asking: Asking, tap: CorrectReport) -> None:
    found = or_gone(await find_report(asking, Right.SUBMIT, tap.submission), report_words.button_over())
    await open_report(turn, asking, found.unit, found.form, found.period)
