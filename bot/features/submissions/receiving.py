"""A table of somebody's own layout that is sent: taken as a report where it names the rows of one.

One report goes the way of a typed one; several are filled in and offered to be looked over.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from bot.access import Right
from bot.features.submissions import tabled, taps
from bot.features.submissions.filling import end
from bot.features.submissions.whole import WholeReport, take_report
from bot.features.submissions.words import tables as words
from bot.hands import tables
from bot.hands.asking import Asking, acting, open_asking
from bot.hands.carried import words_of
from bot.hands.tables import SentTable
from bot.hands.taps import TapRefusedError
from bot.road.turn import Turn
from bot.taps import ReadFigures
from knowledge.reports.tabled import TabledReports, count_names, read_table, write_message
from knowledge.spreadsheets.refusals import TableRefusedError


async def hear(turn: Turn) -> bool:
    """Take a table that holds figures and is none of our own workbooks; every other file is for somebody else."""
    sent = tables.find_sent(turn) if turn.person is not None and tables.is_table(turn) else None
    if not isinstance(sent, SentTable):
        return False
    asking = await open_asking(turn)
    found = _read(turn, asking, sent) if asking.asker.may_anywhere(Right.SUBMIT) else None
    if found is None:
        return False
    await _take(turn, await asking.as_actor(), found, sent.mark)
    return True


def _read(turn: Turn, asking: Asking, sent: SentTable) -> TabledReports | None:
    around = [words_of(turn.message)] if turn.message is not None else [""]
    try:
        return read_table(sent.read(count_names), asking.today, around=[*around, sent.name])
    except TableRefusedError:
        return None


async def _take(turn: Turn, asking: Asking, found: TabledReports, mark: str) -> None:
    if len(found.reports) == 1 and not found.reports[0].code:
        await take_report(turn, asking, _as_whole(found, 0))
        return
    matched = await tabled.match(asking, found)
    if found.are_columns and not matched.reports:
        asked = words.which_column(found, mark)
        turn.say(replace(asked, answers=turn.message.message_id) if turn.message is not None else asked)
        return
    if len(matched.reports) == 1 and not matched.twice:
        unit, report = matched.reports[0]
        if matched.strange:
            turn.say(words.left_aside(matched))
        await take_report(turn, asking, _as_whole(found, found.reports.index(report)), unit=unit)
        return
    filled = await tabled.fill(asking, found.form, matched)
    await end(turn, asking)
    turn.say(words.outcome(filled, matched))


def _as_whole(found: TabledReports, number: int) -> WholeReport:
    reading = found.reports[number].reading
    return WholeReport(write_message(found.form, reading), reading, found.form, ())


def _find_again(turn: Turn, asking: Asking, mark: str) -> TabledReports | None:
    sent = tables.find_sent(turn)
    if not isinstance(sent, SentTable) or sent.mark != mark:
        raise TapRefusedError(words.send_again())
    return _read(turn, asking, sent)


@acting
async def on_read(turn: Turn, asking: Asking, tap: ReadFigures) -> None:
    """A table that may be two things holds figures."""
    asking.require_anywhere(Right.SUBMIT)
    found = _find_again(turn, asking, tap.mark)
    if found is None:
        turn.say(words.not_understood())
        return
    await _take(turn, asking, found, tap.mark)


@acting
async def on_column(turn: Turn, asking: Asking, tap: taps.ChooseColumn) -> None:
    """The figures stand in that column."""
    asking.require_anywhere(Right.SUBMIT)
    found = _find_again(turn, asking, tap.mark)
    if found is None or not 0 <= tap.column < len(found.reports):
        raise TapRefusedError(words.send_again())
    whole = _as_whole(found, tap.column)
    await take_report(turn, asking, replace(whole, reading=msgspec.structs.replace(whole.reading, unit_hint=None)))
