"""Reports in a chat: /baocao, /lichsu, the buttons that open a report, and the dialog among others."""

from __future__ import annotations

from typing import Final

from telegram import Message

from bot.access import Right, require
from bot.features.requests.taps import AskExtension
from bot.features.submissions import dialogs, history, sending, service
from bot.features.submissions.choosing import choose_period, choose_unit, find_unit
from bot.features.submissions.dialogs import Choosing, Filling, Sent
from bot.features.submissions.filling import cancel, follow, keep, on_drop, on_step, present, say_closed, say_step
from bot.features.submissions.service import OpenDraft, Unit
from bot.features.submissions.taps import (
    ChooseUnit,
    CorrectReport,
    DropDraft,
    FillDraft,
    LeaveReport,
    OpenCampaignReport,
    OpenReport,
    OtherPeriod,
    Purpose,
    SendNoChange,
    ShowReport,
)
from bot.features.submissions.whole import read_whole, take_report, take_words
from bot.features.submissions.words import around as words
from bot.features.submissions.words import choices, receipts, sent
from bot.hands import reach
from bot.hands.asking import Asking, acting, get_chat, open_acting, privately
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer, without_words
from bot.hands.registry import Registry
from bot.hands.taps import On
from bot.road.turn import Turn
from bot.words import reports as report_words
from knowledge.answer import Adviser
from knowledge.figures_question import find_period
from knowledge.forms import MONTHLY_FORM, find_form, get_form
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.model.forms import Form
from knowledge.model.periods import Period
from knowledge.numbers import Refused, parse_count
from knowledge.reports import filling
from knowledge.reports.sheet import SheetAction, SheetEvent, SheetNote

_FOR_REPORT: Final = Choosing(purpose=Purpose.REPORT)
_FOR_HISTORY: Final = Choosing(purpose=Purpose.HISTORY)

# Commands ----------------------------------------------------------------------------------------------------------


@acting
async def on_report(turn: Turn, asking: Asking) -> None:
    """/baocao: the report due first, of the only unit or of the one chosen; words after it are read as a report."""
    if not asking.asker.may_anywhere(Right.SUBMIT):
        turn.say(words.no_rights())
        return
    said = " ".join(turn.args or [])
    message = turn.incoming.effective_message
    message_id = message.message_id if message is not None else None
    if said and await take_words(turn, asking, _after_command(message), message_id=message_id):
        return
    if not said:
        await _begin(turn, asking)
        return
    unit = await find_unit(turn, asking, _FOR_REPORT, said)
    if unit is not None:
        await _open_unit(turn, asking, unit)


def _after_command(message: Message | None) -> str:
    """What stands behind the command, its lines kept."""
    return "".join(((message.text if message is not None else None) or "").split(maxsplit=1)[1:])


async def _begin(turn: Turn, asking: Asking) -> None:
    own = reach.list_own(asking)
    state = await dialogs.find(asking.db, asking.chat_id)
    opened = await service.find_opened(asking, state.draft_id) if isinstance(state, Filling) else None
    if opened is not None and opened.is_closed(asking.now):
        await say_closed(turn, asking, opened.as_closed())
        opened = None
    if opened is not None:
        await present(turn, asking, opened)
    elif len(own) == 1 and not reach.reaches_below(asking) and not asking.asker.may_anywhere(Right.MANAGE):
        await _open_unit(turn, asking, own[0])
    else:
        await choose_unit(turn, asking, _FOR_REPORT)


@acting
async def on_history(turn: Turn, asking: Asking) -> None:
    """/lichsu: what was sent, figures in the text; one unit's, or that of the one chosen or named."""
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(words.no_rights())
        return
    own = reach.list_own(asking)
    said = " ".join(turn.args or [])
    if said:
        unit = await find_unit(turn, asking, _FOR_HISTORY, said)
        if unit is not None:
            await _show_history(turn, asking, unit)
    elif len(own) == 1 and not reach.reaches_below(asking):
        await _show_history(turn, asking, own[0])
    else:
        await choose_unit(turn, asking, _FOR_HISTORY)


@acting
async def on_report_words(turn: Turn, asking: Asking, text: str) -> None:
    """Words that hand in a report, or want to begin one: that of the period they name, else what is due first."""
    message_id = turn.message.message_id if turn.message is not None else None
    if await take_words(turn, asking, text, message_id=message_id):
        return
    if not asking.asker.may_anywhere(Right.SUBMIT):
        turn.say(words.no_rights())
        return
    own = reach.list_own(asking)
    period = find_period(text, asking.today)
    form = get_form(MONTHLY_FORM)
    if period is not None and period.kind is form.period and len(own) == 1 and form.is_owed_by(own[0].kind):
        await _open(turn, asking, own[0], form, period)
    else:
        await _begin(turn, asking)


@acting
async def on_extension_words(turn: Turn, asking: Asking, text: str) -> None:
    """Begin **Xin gia hạn** from words: for the period they name, otherwise for what is due first."""
    own = reach.list_own(asking)
    if not own:
        turn.say(report_words.needs_no_extension() if asking.asker.held else words.no_rights())
        return
    if len(own) > 1:
        await choose_unit(turn, asking, _FOR_REPORT)
        return
    dues = [due for due in await service.list_due(asking, own[0]) if due.is_missing]
    period = find_period(text, asking.today)
    due = next((each for each in dues if each.period == period), None) or service.pick_due(dues)
    if due is None:
        turn.say(report_words.needs_no_extension())
        return
    await turn.resource(Registry).hand_over(turn, AskExtension(own[0].id, due.form.id, due.period))


# Opening a report --------------------------------------------------------------------------------------------------


async def _open(turn: Turn, asking: Asking, unit: Unit, form: Form, period: Period) -> None:
    await present(turn, asking, await service.open_draft(asking, unit, form, period))


async def _open_unit(turn: Turn, asking: Asking, unit: Unit) -> None:
    """Open what this unit owes first."""
    if unit.dissolved_on is not None and not unit.is_active(asking.today):
        turn.say(choices.unit_ended(unit.name, unit.dissolved_on))
        return
    dues = await service.list_due(asking, unit)
    due = service.pick_due(dues)
    if due is not None:
        await _open(turn, asking, unit, due.form, due.period)
        return
    await dialogs.close(turn.db, get_chat(turn))
    last = max((each for each in dues if each.submission is not None), key=lambda each: each.due_on, default=None)
    if last is None or last.submission is None:
        turn.say(choices.nothing_owed(unit.name))
        return
    calendar = last.form.calendar
    next_on = calendar.opens.after(last.period.shifted(1)) if calendar is not None else None
    turn.say(choices.all_sent(unit, last, last.submission, next_on))


@acting
async def on_unit(turn: Turn, asking: Asking, tap: ChooseUnit) -> None:
    """A unit was chosen: its reports, or the report that waits for a unit."""
    right = Right.SEE if tap.purpose is Purpose.HISTORY else Right.SUBMIT
    unit = await asking.get_unit(right, tap.unit)
    state = await dialogs.find(asking.db, asking.chat_id)
    waits = isinstance(state, Choosing) and state.purpose is tap.purpose
    await _chosen(turn, asking, state if isinstance(state, Choosing) and waits else Choosing(purpose=tap.purpose), unit)


async def _chosen(turn: Turn, asking: Asking, choosing: Choosing, unit: Unit) -> None:
    said = read_whole(asking, choosing.text, choosing.heard) if choosing.text else None
    if choosing.purpose is Purpose.HISTORY:
        await _show_history(turn, asking, unit)
    elif said is not None:
        await take_report(turn, asking, said, unit=unit)
    else:
        await _open_unit(turn, asking, unit)


@acting
async def on_open(turn: Turn, asking: Asking, tap: OpenReport) -> None:
    """**Nộp ngay**, or a period chosen."""
    await _open_named(turn, asking, tap.unit, find_form(tap.form), tap.period)


@acting
async def on_open_campaign(turn: Turn, asking: Asking, tap: OpenCampaignReport) -> None:
    """The same for a campaign."""
    found = await service.find_campaign_report(asking, tap.campaign)
    if found is None:
        turn.answer_tap(report_words.button_over(), alert=True)
        return
    await _open_named(turn, asking, tap.unit, *found)


async def _open_named(turn: Turn, asking: Asking, unit_id: int, form: Form | None, period: Period) -> None:
    if form is None or period.kind is not form.period:
        turn.answer_tap(report_words.button_over(), alert=True)
        return
    unit = await asking.get_unit(Right.SUBMIT, unit_id)
    state = await dialogs.find(asking.db, asking.chat_id)
    said = read_whole(asking, state.text, state.heard) if isinstance(state, Choosing) and state.text else None
    if said is not None and said.form.id == form.id:
        await take_report(turn, asking, said, unit=unit, period=period)
    else:
        await _open(turn, asking, unit, form, period)


@acting
async def on_no_change(turn: Turn, asking: Asking, tap: SendNoChange) -> None:
    """Fill in that nothing changed and show the summary, to be sent with **Gửi**."""
    form = find_form(tap.form)
    if form is None:
        turn.answer_tap(report_words.button_over(), alert=True)
        return
    unit = await asking.get_unit(Right.SUBMIT, tap.unit)
    opened = await service.open_draft(asking, unit, form, tap.period)
    if not isinstance(opened, OpenDraft):
        await present(turn, asking, opened)
        return
    await keep(asking, opened, ())
    outcome = filling.decide(opened.form, opened.sheet, opened.previous, SheetAction.NO_CHANGE)
    await follow(turn, asking, opened, outcome, None)


@acting
async def on_other_period(turn: Turn, asking: Asking, tap: OtherPeriod) -> None:
    """**Kỳ khác** where everything was sent."""
    unit = await asking.get_unit(Right.SUBMIT, tap.unit)
    await choose_period(turn, asking, unit, await service.list_due(asking, unit))


# What was sent -----------------------------------------------------------------------------------------------------


async def _show_history(turn: Turn, asking: Asking, unit: Unit) -> None:
    require(asking.asker, Right.SEE, unit)
    await dialogs.close(turn.db, get_chat(turn))
    turn.say(sent.history(await history.list_history(asking, unit), asking.zone))


@acting
async def on_show(turn: Turn, asking: Asking, tap: ShowReport) -> None:
    """One report opened, whichever version of it the button was made for."""
    found = await service.find_report(asking, Right.SEE, tap.submission)
    if found is None:
        turn.answer_tap(report_words.button_over(), alert=True)
        return
    turn.say(sent.report(await history.show(asking, found), asking.zone))


@acting
async def on_correct(turn: Turn, asking: Asking, tap: CorrectReport) -> None:
    """**Sửa** on a report that was sent."""
    found = await service.find_report(asking, Right.SUBMIT, tap.submission)
    if found is None:
        turn.answer_tap(report_words.button_over(), alert=True)
        return
    await _open(turn, asking, found.unit, found.form, found.period)


# What is typed -----------------------------------------------------------------------------------------------------


async def hear(turn: Turn) -> bool:
    """Take what was said if it answers the dialog that is open, or is a report; anything else is a question."""
    message = turn.message
    if message is None or not message.text:
        return False
    if turn.in_dialog is not None and turn.in_dialog.feature != dialogs.DIALOG_NAME:
        return False
    state = dialogs.read(turn.in_dialog)
    action = filling.find_action(message.text)
    match state:
        case Filling():
            return await _hear_filling(turn, state, message)
        case Choosing() if action is SheetAction.CANCEL:
            return await leave(turn) or True
        case Choosing():
            return await _hear_choosing(turn, state, message)
        case Sent() if action is SheetAction.SEND:
            await _repeat_receipt(turn, await open_acting(turn), state)
            return True
    if action is SheetAction.SEND:
        turn.say(words.nothing_to_send())
        return True
    if turn.meant is None or turn.meant.means is not Meaning.REPORT or turn.meant.choices:
        return False
    asking = await open_acting(turn)
    heard = dialogs.heard_in(state)
    return await take_words(turn, asking, message.text, heard=heard, message_id=message.message_id)


async def _hear_choosing(turn: Turn, state: Choosing, message: Message) -> bool:
    """A unit's name, or another report."""
    text = message.text or ""
    if service.is_said_aside(text):
        return False
    asking = await open_acting(turn)
    if state.purpose is Purpose.REPORT and await take_words(
        turn, asking, text, heard=state.heard, message_id=message.message_id
    ):
        return True
    unit = await find_unit(turn, asking, state, text)
    if unit is not None:
        await _chosen(turn, asking, state, unit)
    return True


async def _hear_filling(turn: Turn, state: Filling, message: Message) -> bool:
    text = message.text or ""
    is_question = service.is_question(turn.meant)
    if is_question and load_words().is_asking(text):
        return False
    asking = await open_acting(turn)
    opened = await service.find_opened(asking, state.draft_id)
    if opened is None:
        return await _hear_after_end(turn, asking, state, message)
    action = filling.find_action(text)
    if opened.is_closed(message.date) and not is_question:
        await say_closed(turn, asking, opened.as_closed())
        return True
    if state.version != opened.draft.version and not is_question:
        if action is SheetAction.CANCEL:
            await cancel(turn, asking, opened)
            return True
        await keep(asking, opened, state.heard)
        say_step(turn, opened, lead=words.moved_on(opened.by), opening=True)
        return True
    heard = dialogs.with_heard(state.heard, message.message_id)
    said = read_whole(asking, text, heard) if action is None else None
    if said is not None and filling.hands_in_another(
        said.reading, opened.form, opened.sheet, opened.previous, opened.period
    ):
        await take_report(turn, asking, said, unit=opened.unit)
        return True
    outcome = filling.decide_words(opened.form, opened.sheet, opened.previous, text, today=asking.today)
    if outcome.may_be_question and is_question:
        return False
    if outcome.note is SheetNote.REASON_TAKEN and _asks_of_plans(turn, text):
        return False
    if outcome.event is SheetEvent.NOT_AN_ANSWER:
        say_step(turn, opened, lead=words.not_understood())
        return True
    await follow(turn, asking, opened, outcome, message, heard=heard)
    return True


async def _hear_after_end(turn: Turn, asking: Asking, state: Filling, message: Message) -> bool:
    """The draft is gone: a colleague sent it or threw it away."""
    text = message.text or ""
    await dialogs.close(turn.db, get_chat(turn))
    delivered = await sending.find_delivered(asking, state.unit_id, state.form, state.period)
    if filling.find_action(text) is SheetAction.SEND or not isinstance(parse_count(text), Refused):
        if delivered is None:
            turn.say(words.draft_already_gone())
        else:
            sender = await sending.find_sender(asking, delivered.submission)
            turn.say(receipts.receipt(delivered, asking.zone, lead=receipts.sent_meanwhile(sender)))
        return True
    return await take_words(turn, asking, text, heard=state.heard, message_id=message.message_id)


def _asks_of_plans(turn: Turn, text: str) -> bool:
    """Whether words given where a reason is asked for plainly ask for a plan's figure instead."""
    answer = turn.resource(Adviser).ask(text)
    found = bool(answer.facts or answer.absences)
    return found and (bool(answer.question.plans) or answer.question.asks("asked_figure"))


async def _repeat_receipt(turn: Turn, asking: Asking, state: Sent) -> None:
    delivered = await sending.find_delivered(asking, state.unit_id, state.form, state.period)
    turn.say(
        words.nothing_to_send()
        if delivered is None
        else receipts.receipt(delivered, asking.zone, lead=receipts.sent_already())
    )


# The dialog among others -------------------------------------------------------------------------------------------


async def leave(turn: Turn) -> bool:
    """For /huy: leave what is open; the draft stays."""
    state = await dialogs.find(turn.db, get_chat(turn))
    if isinstance(state, Filling):
        asking = await open_acting(turn)
        opened = await service.find_opened(asking, state.draft_id)
        if opened is not None:
            await (
                say_closed(turn, asking, opened.as_closed())
                if opened.is_closed(turn.now)
                else cancel(turn, asking, opened)
            )
            return True
    await dialogs.close(turn.db, get_chat(turn))
    if state is None or isinstance(state, Sent):
        return False
    turn.say(report_words.step_left())
    return True


@privately
async def on_leave(turn: Turn, _asking: Asking, _tap: LeaveReport) -> None:
    """**Hủy** where a unit or a period is chosen."""
    await leave(turn)


async def resume(turn: Turn) -> None:
    """After a question in between: say again what was asked."""
    state = await dialogs.find(turn.db, get_chat(turn))
    if state is None or isinstance(state, Sent):
        return
    asking = await open_acting(turn)
    if isinstance(state, Choosing):
        await choose_unit(turn, asking, state)
        return
    opened = await service.find_opened(asking, state.draft_id)
    if opened is not None and opened.is_closed(turn.now):
        await say_closed(turn, asking, opened.as_closed())
    elif opened is not None:
        await keep(asking, opened, state.heard)
        say_step(turn, opened, lead=words.back_to())


async def hear_edited(turn: Turn) -> bool:
    """A message edited after its figure was taken changes nothing, and that is said."""
    message = turn.incoming.edited_message
    if message is None or not turn.is_private:
        return False
    heard = dialogs.heard_in(await dialogs.find(turn.db, get_chat(turn)))
    if message.message_id not in heard and not await sending.has_sent(turn.db, message.chat.id, message.message_id):
        return False
    turn.say(words.edited())
    return True


OFFICERS: Final = frozenset({Viewer.OFFICER, Viewer.SUPERVISOR, Viewer.ADMIN})
FEATURE: Final = Feature(
    "submissions",
    commands=(
        Command("baocao", on_report, words.REPORT, audience=OFFICERS),
        Command("lichsu", on_history, words.HISTORY, audience=OFFICERS),
    ),
    taps=(
        On(FillDraft, on_step),
        On(DropDraft, on_drop),
        On(OpenReport, on_open),
        On(OpenCampaignReport, on_open_campaign),
        On(SendNoChange, on_no_change),
        On(ChooseUnit, on_unit),
        On(OtherPeriod, on_other_period),
        On(ShowReport, on_show),
        On(CorrectReport, on_correct),
        On(LeaveReport, on_leave),
    ),
    dialogs=(Dialog(hear=hear, leave=leave, resume=resume, hear_edited=hear_edited, place=dialogs.get_place),),
    meanings={
        Meaning.REPORT: Meant(on_report_words),
        Meaning.BEGIN_REPORT: Meant(on_report_words),
        Meaning.HISTORY: Meant(without_words(on_history), shows=True),
        Meaning.EXTENSION: Meant(on_extension_words),
    },
)
