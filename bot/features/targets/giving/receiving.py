"""A workbook of shares that comes back: read, shown like every other way of setting shares, held by **Giao**."""

from __future__ import annotations

from collections.abc import Sequence

from bot.access import AccessDeniedError, Right
from bot.features.targets.giving import sheet_words, taking, words
from bot.features.targets.giving.commands import show_taken
from bot.features.targets.giving.drafts import GoalRefusedError
from bot.features.targets.giving.sheet import is_ours, read_table, recognise
from bot.hands import tables
from bot.hands.asking import Asking, open_acting
from bot.hands.tables import SentTable
from bot.road.turn import Turn
from bot.rules import Rules
from knowledge.answer import Adviser
from knowledge.spreadsheets.model import Sheet


async def hear(turn: Turn) -> bool:
    """Take a workbook of shares, wherever in the chat it was sent; every other table is for whoever reads it."""
    sent = tables.find_sent(turn) if turn.person is not None and tables.is_table(turn) else None
    if not isinstance(sent, SentTable):
        return False
    sheets = sent.read(recognise)
    if not is_ours(sheets):
        return False
    asking = await open_acting(turn)
    if asking.asker.may_anywhere(Right.SUPERVISE):
        await _take(turn, asking, sheets)
    else:
        turn.say(sheet_words.not_yours())
    return True


async def _take(turn: Turn, asking: Asking, sheets: Sequence[Sheet]) -> None:
    table = read_table(sheets, "")
    if table is None or table.is_hidden:
        turn.say(sheet_words.hidden())
        return
    if table.mark is None:
        turn.say(sheet_words.mark_changed())
        return
    if not table.has_columns:
        turn.say(sheet_words.columns_missing())
        return
    rules = turn.resource(Rules)
    try:
        source = await taking.find_source(asking, rules, turn.resource(Adviser).glossary, table.mark)
        taken = await taking.take(asking, rules, source, table.mark, sheets) if source is not None else None
    except AccessDeniedError:
        turn.say(sheet_words.not_yours())
        return
    except GoalRefusedError as refused:
        turn.say(words.goal_refused(refused))
        return
    if source is None:
        turn.say(sheet_words.source_gone())
    elif taken is None:
        turn.say(sheet_words.nothing_in_it())
    else:
        await show_taken(turn, asking, taken)


async def leave(_turn: Turn) -> bool:
    """A file opens nothing that could be left beside the shares themselves."""
    return False
