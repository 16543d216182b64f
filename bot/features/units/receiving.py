"""A list of units sent as a file by whoever manages units: looked at, shown, taken in by a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.access import Right
from bot.features.units import file_words, lists, taps
from bot.features.units.headings import count_columns
from bot.features.units.troubles import UnitFileRefusedError
from bot.hands import tables
from bot.hands.asking import Asking, acting, open_asking, privately
from bot.hands.tables import SentTable
from bot.hands.taps import TapRefusedError
from bot.road.reply import Reply
from bot.road.turn import Turn
from knowledge.answer import Adviser
from knowledge.spreadsheets.model import Sheet


async def hear_file(turn: Turn) -> bool:
    """Take a file that holds units; every other one is for whoever reads figures."""
    sent = tables.find_sent(turn) if turn.person is not None and tables.is_table(turn) else None
    if not isinstance(sent, SentTable):
        return False
    asking = await open_asking(turn)
    sheets = sent.read(count_columns) if asking.asker.may_anywhere(Right.SEE) else None
    if sheets is None or not lists.holds_units(sheets):
        return False
    has_figures = lists.holds_figures(sheets, asking.forms)
    may_take = asking.asker.may_anywhere(Right.MANAGE)
    if may_take:
        reply = file_words.which(sent.mark) if has_figures else await _foresee(turn, asking, sent, sheets)
        turn.say(_answering(turn, reply))
    elif not has_figures:
        turn.say(file_words.not_yours())
    return may_take or not has_figures


def _answering(turn: Turn, reply: Reply) -> Reply:
    """As an answer to the file, so that the buttons below find it again."""
    return replace(reply, answers=turn.message.message_id) if turn.message is not None else reply


async def _foresee(turn: Turn, asking: Asking, sent: SentTable, sheets: Sequence[Sheet]) -> Reply:
    try:
        foreseen = await lists.foresee(asking, sheets, tuple(turn.resource(Adviser).plans.values()))
    except UnitFileRefusedError as refused:
        return file_words.refused(refused)
    return file_words.foreseen(foreseen, sent.mark)


def _find_again(turn: Turn, mark: str) -> tuple[SentTable, Sequence[Sheet]]:
    """The file that a button is about, fetched once more; raises TapRefusedError where it is not to be had."""
    sent = tables.find_sent(turn)
    if not isinstance(sent, SentTable) or sent.mark != mark:
        raise TapRefusedError(file_words.send_again())
    return sent, sent.read(count_columns)


@privately
async def on_read(turn: Turn, asking: Asking, tap: taps.ReadList) -> None:
    """It is a list of units, not figures."""
    sent, sheets = _find_again(turn, tap.mark)
    turn.say(replace(await _foresee(turn, asking, sent, sheets), edits=turn.tapped))


@acting
async def on_take(turn: Turn, asking: Asking, tap: taps.TakeList) -> None:
    """Take the list in."""
    _, sheets = _find_again(turn, tap.mark)
    try:
        outcome = await lists.take(asking, sheets, tuple(turn.resource(Adviser).plans.values()))
    except UnitFileRefusedError as refused:
        turn.say(replace(file_words.refused(refused), edits=turn.tapped))
        return
    turn.say(replace(file_words.taken(outcome), edits=turn.tapped))


@privately
async def on_figures(turn: Turn, _asking: Asking, _tap: taps.ShowFiguresWay) -> None:
    """It has figures: how they come in."""
    turn.say(replace(file_words.figures_way(), edits=turn.tapped))


@privately
async def on_leave(turn: Turn, _asking: Asking, _tap: taps.LeaveList) -> None:
    """It is not taken in."""
    turn.say(replace(file_words.left_alone(), edits=turn.tapped))
