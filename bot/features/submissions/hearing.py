"""What is typed while a report is filled in or a unit chosen, and how that dialog stands among others."""

from __future__ import annotations

from telegram import Message

from bot.access import Right
from bot.features.submissions import dialogs, sending
from bot.features.submissions.dialogs import Choosing, Filling, Sent
from bot.features.submissions.filling import cancel, choose_unit, end, find_unit, follow, say_closed, show_step
from bot.features.submissions.opening import go_on
from bot.features.submissions.taps import Purpose
from bot.features.submissions.whole import read_whole, take_report, take_words
from bot.features.submissions.words import around as words
from bot.features.submissions.words import receipts
from bot.hands.asking import Asking, get_chat, open_acting, privately
from bot.hands.carried import words_of
from bot.hands.meaning import is_question, is_said_aside
from bot.hands.registry import Registry
from bot.road.turn import Turn
from bot.services.drafts import find_opened
from bot.taps import LeaveReport
from bot.words import reports as report_words
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.numbers import Refused, parse_count
from knowledge.reports import filling
from knowledge.reports.sheet import SheetAction, SheetEvent, SheetNote


async def hear(turn: Turn) -> bool:
    """Take what was said if it answers the dialog that is open, or is a report; anything else is a question."""
    message = turn.message
    text = words_of(message) if message is not None else ""
    if message is None or not text:
        return False
    if turn.in_dialog is not None and turn.in_dialog.feature != dialogs.DIALOG_NAME:
        return False
    state = dialogs.read(turn.in_dialog)
    action = filling.find_action(text)
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
    return await take_words(turn, asking, text, heard=heard, message_id=message.message_id)


async def _hear_choosing(turn: Turn, state: Choosing, message: Message) -> bool:
    """A unit's name, or another report."""
    text = words_of(message)
    if is_said_aside(text):
        return False
    asking = await open_acting(turn)
    asking.require_anywhere(Right.SEE if state.purpose is Purpose.HISTORY else Right.SUBMIT)
    if state.purpose is Purpose.REPORT and await take_words(
        turn, asking, text, heard=state.heard, message_id=message.message_id
    ):
        return True
    unit = await find_unit(turn, asking, state, text)
    if unit is not None:
        await go_on(turn, asking, state, unit)
    return True


async def _hear_filling(turn: Turn, state: Filling, message: Message) -> bool:
    text = words_of(message)
    is_aside = is_question(turn.meant)
    if is_aside and load_words().is_asking(text):
        return False
    asking = await open_acting(turn)
    opened = await find_opened(asking, state.draft_id)
    if opened is None:
        return await _hear_after_end(turn, asking, state, message)
    action = filling.find_action(text)
    if opened.is_closed(message.date) and not is_aside:
        await say_closed(turn, asking, opened.as_closed())
        return True
    if state.version != opened.draft.version and not is_aside:
        if action is SheetAction.CANCEL:
            await cancel(turn, asking, opened)
            return True
        await show_step(turn, asking, opened, state.heard, lead=words.moved_on(opened.by), opening=True)
        return True
    if opened.renewed is not None and opened.is_elsewhere and action is not SheetAction.CANCEL and not is_aside:
        await show_step(turn, asking, opened, state.heard, opening=True)
        return True
    heard = dialogs.with_heard(state.heard, message.message_id)
    said = read_whole(asking, text, heard) if action is None else None
    if said is not None and filling.hands_in_another(
        said.reading, opened.form, opened.sheet, opened.previous, opened.period
    ):
        await take_report(turn, asking, said, unit=opened.unit)
        return True
    outcome = filling.decide_words(opened.form, opened.sheet, opened.previous, text, today=asking.today)
    if outcome.may_be_question and is_aside:
        return False
    if outcome.note is SheetNote.REASON_TAKEN and _asks_of_plans(turn, text):
        return False
    if outcome.event is SheetEvent.NOT_AN_ANSWER:
        await show_step(turn, asking, opened, state.heard, lead=words.not_understood())
        return True
    await follow(turn, asking, opened, outcome, message, heard=heard)
    return True


async def _hear_after_end(turn: Turn, asking: Asking, state: Filling, message: Message) -> bool:
    """The draft is gone: a colleague sent it or threw it away."""
    text = words_of(message)
    await end(turn, asking)
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


# Among others ------------------------------------------------------------------------------------------------------


async def leave(turn: Turn) -> bool:
    """For /huy: leave what is open; the draft stays."""
    state = await dialogs.find(turn.db, get_chat(turn))
    if state is None or isinstance(state, Sent):
        await dialogs.close(turn.db, get_chat(turn))
        return False
    asking = await open_acting(turn)
    opened = await find_opened(asking, state.draft_id) if isinstance(state, Filling) else None
    if opened is not None and opened.is_closed(turn.now):
        await say_closed(turn, asking, opened.as_closed())
    elif opened is not None:
        await cancel(turn, asking, opened)
    else:
        await end(turn, asking)
        turn.say(report_words.step_left())
    return True


@privately
async def on_leave(turn: Turn, _asking: Asking, _tap: LeaveReport) -> None:
    """**Hủy** where a unit or period is chosen; earlier versions put it under every other question too."""
    if not await leave(turn):
        await turn.resource(Registry).get_meant(Meaning.CANCEL).act(turn, "")


async def resume(turn: Turn) -> None:
    """After a question in between: say again what was asked."""
    state = await dialogs.find(turn.db, get_chat(turn))
    if state is None or isinstance(state, Sent):
        return
    asking = await open_acting(turn)
    if isinstance(state, Choosing):
        await choose_unit(turn, asking, state)
        return
    opened = await find_opened(asking, state.draft_id)
    if opened is not None and opened.is_closed(turn.now):
        await say_closed(turn, asking, opened.as_closed())
    elif opened is not None:
        await show_step(turn, asking, opened, state.heard, lead=words.back_to())


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
