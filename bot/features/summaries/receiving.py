"""A filled-in workbook that comes back: read before its turn, put into drafts, opened from there."""

from __future__ import annotations

from dataclasses import replace

from bot.access import Right
from bot.features.summaries import earlier
from bot.features.summaries.taps import OpenFilled
from bot.features.summaries.words import earlier as earlier_words
from bot.features.summaries.workbook import importing, words
from bot.features.summaries.workbook.earlier import FIXED as EARLIER
from bot.features.summaries.workbook.earlier import read_earlier
from bot.features.summaries.workbook.reading import FileTrouble, WorkbookReading, read_reports, recognise
from bot.hands import tables
from bot.hands.asking import Asking, open_asking, privately
from bot.hands.registry import Registry
from bot.hands.tables import SentTable
from bot.hands.taps import or_gone
from bot.road.reply import Reply
from bot.road.turn import Surroundings, Turn
from bot.services.drafts import find_opened
from bot.taps import FetchEarlier, OpenReport
from knowledge.spreadsheets.refusals import TableRefusedError


def join(around: Surroundings) -> None:
    """Let tables be read before their turn, also for the features that are asked before this one."""
    tables.join(around.hooks)


def _read(turn: Turn) -> WorkbookReading | FileTrouble | TableRefusedError | None:
    """What the file says, known by what it holds; None where it was not handed over."""
    sent = tables.find_sent(turn)
    if not isinstance(sent, SentTable):
        return sent
    sheets = sent.read(recognise)
    return read_earlier(sheets) or read_reports(sheets)


async def hear(turn: Turn) -> bool:
    """Take a workbook that came back, wherever in the chat it was sent; of whoever reports nothing, one of ours."""
    if turn.person is None or not tables.is_table(turn):
        return False
    asking = await open_asking(turn)
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(words.file_of_stranger())
        return True
    may_report = asking.asker.may_anywhere(Right.SUBMIT)
    read = _read(turn)
    if not may_report and isinstance(read, FileTrouble | TableRefusedError):
        return False
    if not may_report:
        turn.say(words.file_not_yours())
    elif isinstance(read, TableRefusedError):
        turn.say(words.table_refused(read))
    elif isinstance(read, FileTrouble):
        turn.say(_trouble(turn, asking, read))
    elif read is None:
        turn.say(words.download_failed())
    elif read.twice:
        turn.say(words.twice(read))
    elif read.fixed == EARLIER:
        await _take_earlier(turn, await asking.as_actor(), read)
    else:
        taken = await importing.take(await asking.as_actor(), read)
        turn.say(words.file_outcome(taken, read) if taken is not None else words.file_bad_report())
    return True


def _trouble(turn: Turn, asking: Asking, trouble: FileTrouble) -> Reply:
    """Why it is not taken, as an answer to the file, so that a button below finds it again."""
    sent = tables.find_sent(turn)
    table = sent.mark if isinstance(sent, SentTable) and asking.asker.is_admin else None
    said = words.file_trouble(trouble, table=table)
    return replace(said, answers=turn.message.message_id) if said.buttons and turn.message is not None else said


async def _take_earlier(turn: Turn, asking: Asking, read: WorkbookReading) -> None:
    """Figures of earlier times, from whoever manages units."""
    if not asking.asker.may_anywhere(Right.MANAGE):
        turn.say(earlier_words.not_yours())
        return
    taken = await earlier.take(asking, read)
    turn.say(earlier_words.outcome(taken) if taken is not None else earlier_words.bad_form())


@privately
async def on_fetch_earlier(turn: Turn, asking: Asking, tap: FetchEarlier) -> None:
    """**Số liệu kỳ trước**: the workbook to fill in."""
    found = await earlier.read_form(asking, await asking.get_unit(Right.MANAGE, tap.unit))
    turn.say(earlier_words.template_file(found) if found.units else earlier_words.no_units())


@privately
async def on_open_filled(turn: Turn, asking: Asking, tap: OpenFilled) -> None:
    """Open a report that a file filled in: from here on it is a report like any other."""
    opened = or_gone(await find_opened(asking, tap.draft))
    report = OpenReport(opened.unit.id, opened.form.id, opened.period)
    await turn.resource(Registry).hand_over(turn, report)
