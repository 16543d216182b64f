"""A table of somebody's own layout that is sent: taken as a report where it names the rows of one.

One report goes the way of a typed one; several are filled in and offered to be looked over. A larger form is asked for
by a campaign: its table is of whichever unit owes it, and of others it is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from bot.access import Right
from bot.features.submissions import tabled, taps
from bot.features.submissions.filling import end
from bot.features.submissions.service import Unit
from bot.features.submissions.whole import WholeReport, take_report
from bot.features.submissions.words import tables as words
from bot.hands import tables
from bot.hands.asking import Asking, acting, open_asking
from bot.hands.carried import words_of
from bot.hands.tables import SentTable
from bot.hands.taps import TapRefusedError
from bot.road.reply import Reply
from bot.road.turn import Turn
from bot.taps import ReadFigures
from knowledge.model.periods import Period
from knowledge.reports.long_tabled import count_told, read_long_table
from knowledge.reports.tabled import TabledReports, count_names, read_tables, write_message

_SO_MUCH_LARGER: Final = 2
"""A table tells a larger form where it names so many times the rows of a shorter one."""


async def hear(turn: Turn) -> bool:
    """Take a table that holds figures and is none of our own workbooks; every other file is for somebody else."""
    sent = tables.find_sent(turn) if turn.person is not None and tables.is_table(turn) else None
    if not isinstance(sent, SentTable):
        return False
    asking = await open_asking(turn)
    found = await _read(turn, asking, sent) if asking.asker.may_anywhere(Right.SUBMIT) else []
    if not found:
        return False
    await _take_any(turn, await asking.as_actor(), found, sent.mark)
    return True


async def _read(turn: Turn, asking: Asking, sent: SentTable) -> list[TabledReports]:
    """The tables of figures in a file, one for each sheet that holds one."""
    around = [words_of(turn.message)] if turn.message is not None else [""]
    sheets = sent.read(count_names)
    found = read_tables(sheets, asking.today, around=[*around, sent.name])
    larger = read_long_table(sheets)
    most = max(map(count_told, found), default=0)
    if larger is None or (found and count_told(larger) <= _SO_MUCH_LARGER * most):
        return found
    return [larger] if await tabled.list_owing(asking, larger) else found


async def _take_any(turn: Turn, asking: Asking, found: Sequence[TabledReports], mark: str) -> None:
    """Take the only table of a file; where several sheets hold one, ask which, for they may contradict each other."""
    if len(found) > 1:
        _ask(turn, words.which_sheet(found, mark))
    else:
        await _take(turn, asking, found[0], mark)


async def _take(turn: Turn, asking: Asking, found: TabledReports, mark: str, sheet: int = 0) -> None:
    if found.form.parts:
        await _take_larger(turn, asking, found, mark)
        return
    if not found.reports:
        turn.say(words.no_figures(found))
        return
    if len(found.reports) == 1 and not found.reports[0].code:
        await take_report(turn, asking, _as_whole(found, 0))
        return
    matched = await tabled.match(asking, found)
    if found.are_columns and not matched.reports:
        _ask(turn, words.which_column(found, mark, sheet))
        return
    if len(matched.reports) == 1 and not matched.twice:
        unit, report = matched.reports[0]
        if matched.strange or matched.blank:
            turn.say(words.left_aside(matched))
        await take_report(turn, asking, _as_whole(found, found.reports.index(report)), unit=unit)
        return
    filled = await tabled.fill(asking, found.form, matched)
    await end(turn, asking)
    turn.say(words.outcome(filled, matched))


async def _take_larger(turn: Turn, asking: Asking, found: TabledReports, mark: str) -> None:
    if len(found.reports) > 1:
        _ask(turn, words.which_column(found, mark))
    else:
        await _take_column(turn, asking, found, 0, mark)


async def _take_column(turn: Turn, asking: Asking, found: TabledReports, column: int, mark: str) -> None:
    """Take a column of a larger form's table as the report of the unit that owes it, or ask which."""
    owing = await tabled.list_owing(asking, found, column)
    if len(owing) == 1 and tabled.may_be_of(found.reports[column], owing[0][0]):
        await _take_of(turn, asking, found, column, *owing[0])
    else:
        _ask(turn, words.which_unit([unit for unit, _ in owing], column, mark))


async def _take_of(turn: Turn, asking: Asking, found: TabledReports, column: int, unit: Unit, period: Period) -> None:
    whole = _as_whole(found, column)
    turn.say(words.read_larger(found.form, whole.reading))
    await take_report(turn, asking, whole, unit=unit, period=period)


def _ask(turn: Turn, asked: Reply) -> None:
    """Ask as an answer to the file, so that a button below finds it again."""
    answered, tapped = turn.message, turn.incoming.effective_message
    if answered is None and tapped is not None:
        answered = tapped.reply_to_message
    turn.say(replace(asked, answers=answered.message_id) if answered is not None else asked)


def _as_whole(found: TabledReports, number: int) -> WholeReport:
    reading = found.reports[number].reading
    return WholeReport(write_message(found.form, reading), reading, found.form, ())


async def _find_again(turn: Turn, asking: Asking, mark: str) -> list[TabledReports]:
    sent = tables.find_sent(turn)
    if not isinstance(sent, SentTable) or sent.mark != mark:
        raise TapRefusedError(words.send_again())
    return await _read(turn, asking, sent)


@acting
async def on_read(turn: Turn, asking: Asking, tap: ReadFigures) -> None:
    """A table that may be two things holds figures."""
    asking.require_anywhere(Right.SUBMIT)
    found = await _find_again(turn, asking, tap.mark)
    if not found:
        turn.say(words.not_understood())
        return
    await _take_any(turn, asking, found, tap.mark)


@acting
async def on_sheet(turn: Turn, asking: Asking, tap: taps.ChooseSheet) -> None:
    """The figures stand on that sheet."""
    asking.require_anywhere(Right.SUBMIT)
    found = await _find_again(turn, asking, tap.mark)
    if not 0 <= tap.sheet < len(found):
        raise TapRefusedError(words.send_again())
    await _take(turn, asking, found[tap.sheet], tap.mark, tap.sheet)


@acting
async def on_column(turn: Turn, asking: Asking, tap: taps.ChooseColumn) -> None:
    """The figures stand in that column."""
    asking.require_anywhere(Right.SUBMIT)
    tables_found = await _find_again(turn, asking, tap.mark)
    found = tables_found[tap.sheet] if 0 <= tap.sheet < len(tables_found) else None
    if found is None or not 0 <= tap.column < len(found.reports):
        raise TapRefusedError(words.send_again())
    if found.form.parts:
        await _take_column(turn, asking, found, tap.column, tap.mark)
        return
    whole = _as_whole(found, tap.column)
    await take_report(turn, asking, replace(whole, reading=msgspec.structs.replace(whole.reading, unit_hint=None)))


@acting
async def on_table_unit(turn: Turn, asking: Asking, tap: taps.ChooseTableUnit) -> None:
    """The figures of a larger form's table are of that unit."""
    unit = await asking.get_unit(Right.SUBMIT, tap.unit)
    found = next(iter(await _find_again(turn, asking, tap.mark)), None)
    if found is None or not found.form.parts or not 0 <= tap.column < len(found.reports):
        raise TapRefusedError(words.send_again())
    period = next(
        (period for own, period in await tabled.list_owing(asking, found, of=[unit]) if own.id == unit.id), None
    )
    if period is None:
        raise TapRefusedError(words.send_again())
    await _take_of(turn, asking, found, tap.column, unit, period)
