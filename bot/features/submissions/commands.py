"""Reports in a chat: /baocao, /lichsu, and what the feature brings."""

from __future__ import annotations

from datetime import date
from typing import Final

from telegram import Message

from bot.access import Right
from bot.features.submissions import asking_again, dialogs, papers, printing, receiving, service, taps, workbooks
from bot.features.submissions.dialogs import Choosing, Filling
from bot.features.submissions.filling import choose_unit, find_unit, on_drop, on_step, present, say_closed
from bot.features.submissions.hearing import hear_edited, leave, on_leave, resume
from bot.features.submissions.opening import (
    on_changes,
    on_correct,
    on_no_change,
    on_open,
    on_open_campaign,
    on_other_period,
    on_show,
    on_unit,
    open_called,
    open_unit,
    show_history,
)
from bot.features.submissions.page import serving
from bot.features.submissions.whole import take_words
from bot.features.submissions.words import around as words
from bot.hands import reach
from bot.hands.asking import Asking, acting
from bot.hands.carried import words_of
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer, without_words
from bot.hands.registry import Registry
from bot.hands.taps import On
from bot.road.reply import Reply
from bot.road.turn import Surroundings, Turn
from bot.services import proofs
from bot.services.drafts import find_opened
from bot.taps import (
    AskExtension,
    CorrectReport,
    LeaveReport,
    OpenCampaignReport,
    OpenReport,
    OtherPeriod,
    ReadFigures,
    SendChanges,
    SendNoChange,
)
from bot.words import reports as report_words
from bot.words.commands import report_in_private
from knowledge.calendar.new_days import read_new_day
from knowledge.forms import CalledFor, find_called
from knowledge.meanings import Meaning

_FOR_REPORT: Final = Choosing(purpose=taps.Purpose.REPORT)
_FOR_HISTORY: Final = Choosing(purpose=taps.Purpose.HISTORY)


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
        await begin(turn, asking)
        return
    called = find_called(said, asking.forms.asked, asking.today)
    if called.form is not None and not called.rest:
        await _begin_called(turn, asking, said, called)
        return
    unit = await find_unit(turn, asking, _FOR_REPORT, called.rest if called.form is not None else said)
    if unit is not None:
        await open_called(turn, asking, unit, called)


async def _begin_called(turn: Turn, asking: Asking, said: str, called: CalledFor) -> None:
    """Begin the report that words call for: of the asker's only unit that sends it, or of one to be chosen."""
    own = reach.list_own(asking)
    sending = [unit for unit in own if called.form is not None and called.form.is_owed_by(unit.kind)]
    if len(sending) == 1 or len(own) == 1:
        await open_called(turn, asking, (sending or own)[0], called)
    else:
        await choose_unit(turn, asking, Choosing(purpose=taps.Purpose.REPORT, text=said))


def _after_command(message: Message | None) -> str:
    """What stands behind the command, its lines kept."""
    return "".join((words_of(message) if message is not None else "").split(maxsplit=1)[1:])


async def begin(turn: Turn, asking: Asking) -> None:
    own = reach.list_own(asking) or reach.list_ended(asking)[:1]
    state = await dialogs.find(asking.db, asking.chat_id)
    opened = await find_opened(asking, state.draft_id) if isinstance(state, Filling) else None
    if opened is not None and opened.is_closed(asking.now):
        await say_closed(turn, asking, opened.as_closed())
        opened = None
    if opened is not None:
        await present(turn, asking, opened)
    elif len(own) == 1 and not reach.reaches_below(asking) and not asking.asker.may_anywhere(Right.MANAGE):
        await open_unit(turn, asking, own[0])
    else:
        await choose_unit(turn, asking, _FOR_REPORT)


@acting
async def on_history(turn: Turn, asking: Asking) -> None:
    """/lichsu: what was sent, figures in the text; one unit's, or that of the one chosen or named."""
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(words.no_rights())
        return
    own = reach.list_own(asking) or reach.list_ended(asking)[:1]
    said = " ".join(turn.args or [])
    if said:
        unit = await find_unit(turn, asking, _FOR_HISTORY, said)
        if unit is not None:
            await show_history(turn, asking, unit)
    elif len(own) == 1 and not reach.reaches_below(asking):
        await show_history(turn, asking, own[0])
    else:
        await choose_unit(turn, asking, _FOR_HISTORY)


@acting
async def on_report_words(turn: Turn, asking: Asking, text: str) -> None:
    """Words that hand in a report, or want to begin one: of the form and period they name, else what is due first."""
    message_id = turn.message.message_id if turn.message is not None else None
    if await take_words(turn, asking, text, message_id=message_id):
        return
    if not asking.asker.may_anywhere(Right.SUBMIT):
        turn.say(words.no_rights())
        return
    called = find_called(text, asking.forms.asked, asking.today)
    if called.form is not None:
        await _begin_called(turn, asking, text, called)
    else:
        await begin(turn, asking)


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
    called = find_called(text, asking.forms.asked, asking.today)
    meant = [each for each in dues if called.form is not None and each.form.id == called.form.id]
    due = next((each for each in meant if each.period == called.period), None) or service.pick_present(meant or dues)
    if due is None:
        turn.say(report_words.needs_no_extension())
        return
    until = read_new_day(text, asking.today, due.due_on)
    wanted = until if isinstance(until, date) else None
    await turn.resource(Registry).hand_over(turn, AskExtension(own[0].id, due.form.id, due.period, wanted))


def _in_private(bot_name: str) -> Reply:
    return report_in_private(bot_name, "baocao")


def join(around: Surroundings) -> None:
    """Ask again after an absence, keep what comes beside reports, and serve the page of larger forms."""
    asking_again.join(around)
    papers.join(around)
    serving.join(around)


OFFICERS: Final = frozenset({Viewer.OFFICER, Viewer.SUPERVISOR, Viewer.ADMIN})
FEATURE: Final = Feature(
    "submissions",
    commands=(
        Command("baocao", on_report, audience=OFFICERS, by_link=True),
        Command("lichsu", on_history, audience=OFFICERS),
    ),
    taps=(
        On(taps.FillDraft, on_step),
        On(taps.DropDraft, on_drop),
        On(OpenReport, on_open),
        On(OpenCampaignReport, on_open_campaign),
        On(SendNoChange, on_no_change),
        On(SendChanges, on_changes),
        On(taps.ChooseUnit, on_unit),
        On(OtherPeriod, on_other_period),
        On(taps.ShowReport, on_show),
        On(CorrectReport, on_correct),
        On(LeaveReport, on_leave),
        On(taps.PrintReport, printing.on_print),
        On(taps.AttachPaper, papers.on_attach),
        On(taps.DropPaper, papers.on_drop),
        On(taps.ShowPapers, papers.on_show),
        On(ReadFigures, receiving.on_read),
        On(taps.ChooseColumn, receiving.on_column),
        On(taps.ChooseSheet, receiving.on_sheet),
        On(taps.ChooseTableUnit, receiving.on_table_unit),
        *workbooks.TAPS,
    ),
    dialogs=(
        Dialog(
            hear=papers.hear,
            leave=leave,
            resume=resume,
            hear_edited=hear_edited,
            place=dialogs.get_place,
            takes_forwarded=True,
        ),
    ),
    meanings={
        Meaning.REPORT: Meant(on_report_words, moved_by=_in_private),
        Meaning.BEGIN_REPORT: Meant(on_report_words, moved_by=_in_private),
        Meaning.HISTORY: Meant(without_words(on_history), shows=True),
        Meaning.EXTENSION: Meant(on_extension_words),
    },
    errands=printing.MAKERS,
    act_first=workbooks.act_first,
    forget=(proofs.forget,),
    join=join,
)
