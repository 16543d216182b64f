"""Forms for ADMIN_IDS: a workbook that was sent, its doubts, **Duyệt**, and what becomes of every form."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot.access import Right
from bot.features.forms import service, taps, words
from bot.features.forms.entering import FormChangedError, HeldForm
from bot.hands import tables
from bot.hands.asking import Asking, acting, open_asking, privately
from bot.hands.feature import Dialog, Feature
from bot.hands.tables import SentTable
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.living import LivingCatalogue
from bot.road.turn import Turn
from bot.taps import ListForms
from knowledge.answer import Adviser
from knowledge.forms.workbook import FormWorkbookError, describes_form
from knowledge.glossary import Glossary
from knowledge.spreadsheets.marks import is_report
from knowledge.spreadsheets.model import Sheet

Done = TypeVar("Done")


def _glossary(turn: Turn) -> Glossary:
    return turn.resource(Adviser).glossary


# A workbook ----------------------------------------------------------------------------------------------------------


async def hear_file(turn: Turn) -> bool:
    """Take a workbook that describes a form; every other file is for others."""
    sent = tables.find_sent(turn) if turn.message is not None and tables.is_table(turn) else None
    if not isinstance(sent, SentTable) or sent.sheets is None or not _describes(sent.sheets):
        return False
    asking = await open_asking(turn)
    if not asking.asker.may_anywhere(Right.SEE):
        return False
    if not asking.asker.is_admin:
        turn.say(words.not_yours())
        return True
    asking = await asking.as_actor()
    document = turn.message.document if turn.message is not None else None
    name = document.file_name if document is not None and document.file_name else "workbook.xlsx"
    try:
        held = await service.keep(asking, sent.sheets, (name, sent.content), _glossary(turn))
    except FormWorkbookError as refused:
        turn.say(words.refused(refused))
        return True
    _show_held(turn, held)
    return True


def _describes(sheets: Sequence[Sheet]) -> bool:
    return not any(map(is_report, sheets)) and describes_form(sheets)


def _show_held(turn: Turn, held: HeldForm) -> None:
    turn.say(words.ask(held) if held.doubt is not None else words.preview(held))


async def _find_held(turn: Turn, asking: Asking, tap: taps.HeldTap) -> HeldForm:
    found = await service.find_held(asking, tap.held, tap.mark, _glossary(turn))
    return or_gone(found, words.not_held())


@acting
async def on_held(turn: Turn, asking: Asking, tap: taps.ShowHeld) -> None:
    _show_held(turn, await _find_held(turn, asking, tap))


@acting
async def on_decide(turn: Turn, asking: Asking, tap: taps.DecideDoubt) -> None:
    held = await _find_held(turn, asking, tap)
    decided = await service.answer_doubt(asking, held, tap.left, tap.choice, _glossary(turn))
    _show_held(turn, or_gone(decided, words.decided_already()))


@acting
async def on_approve(turn: Turn, asking: Asking, tap: taps.ApproveForm) -> None:
    """**Duyệt**: it is asked for from that period on."""
    held = await _find_held(turn, asking, tap)
    form = await _do(turn, service.approve(asking, held, tap.since))
    turn.say(words.approved(form, held, tap.since))


@acting
async def on_drop(turn: Turn, asking: Asking, tap: taps.DropForm) -> None:
    held = await _find_held(turn, asking, tap)
    await _do(turn, service.drop(asking, held))
    turn.say(words.dropped(held.described.short))


async def _do(turn: Turn, doing: Awaitable[Done]) -> Done:
    """Do it, and have it seen at once; where it is no longer as the button showed it, say so, change nothing."""
    try:
        done = await doing
    except FormChangedError:
        raise TapRefusedError(words.not_held()) from None
    turn.after_commit(turn.resource(LivingCatalogue).renew)
    return done


# What is known -------------------------------------------------------------------------------------------------------


@privately
async def on_list(turn: Turn, asking: Asking, _tap: ListForms) -> None:
    service.require_operator(asking)
    turn.say(words.form_list(asking.forms, await service.list_held(asking), edits=turn.tapped))


@privately
async def on_show(turn: Turn, asking: Asking, tap: taps.ShowForm) -> None:
    turn.say(words.known(or_gone(await service.find_known(asking, tap.form, _glossary(turn)))))


@privately
async def on_fetch(turn: Turn, asking: Asking, tap: taps.FetchForm) -> None:
    """The workbook that describes a form."""
    known = or_gone(await service.find_known(asking, tap.form, _glossary(turn)))
    turn.say(words.workbook(known.form, service.write_workbook(known.form, _glossary(turn))))


@acting
async def on_withdraw(turn: Turn, asking: Asking, tap: taps.WithdrawForm) -> None:
    """**Rút biểu này**: in one step; **Dùng lại** takes it back."""
    known = or_gone(await service.find_known(asking, tap.form, _glossary(turn)))
    await _do(turn, service.withdraw(asking, tap.form))
    turn.say(replace(words.withdrawn(known.form), edits=turn.tapped))


@acting
async def on_restore(turn: Turn, asking: Asking, tap: taps.RestoreForm) -> None:
    known = or_gone(await service.find_known(asking, tap.form, _glossary(turn)))
    await _do(turn, service.restore(asking, tap.form))
    turn.say(replace(words.restored(known.form), edits=turn.tapped))


async def _never(_turn: Turn) -> bool:
    """A file opens nothing that could be left."""
    return False


FEATURE = Feature(
    "forms",
    taps=(
        On(ListForms, on_list),
        On(taps.ShowHeld, on_held),
        On(taps.DecideDoubt, on_decide),
        On(taps.ApproveForm, on_approve),
        On(taps.DropForm, on_drop),
        On(taps.ShowForm, on_show),
        On(taps.FetchForm, on_fetch),
        On(taps.WithdrawForm, on_withdraw),
        On(taps.RestoreForm, on_restore),
    ),
    dialogs=(Dialog(hear=hear_file, leave=_never, takes_forwarded=True),),
)
