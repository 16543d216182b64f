"""A filled-in workbook that comes back: read before its turn, put into drafts, opened from there."""

from __future__ import annotations

import re
from typing import Final

from telegram import Bot, Message, Update

from bot.access import Right
from bot.features.summaries.taps import OpenFilled
from bot.features.summaries.workbook import importing, words
from bot.features.summaries.workbook.reading import LARGEST_FILE, FileTrouble, WorkbookReading, read_workbook
from bot.hands.asking import Asking, open_asking, privately
from bot.hands.registry import Registry
from bot.hands.taps import or_gone
from bot.road.turn import Surroundings, Turn
from bot.services.drafts import find_opened
from bot.taps import OpenReport

_DOCUMENT: Final = re.compile(r".*\.xls[xm]", re.IGNORECASE)


def join(around: Surroundings) -> None:
    """Let files be read before their turn."""
    around.hooks.prepare(_is_readable, _read)


def _is_workbook(message: Message | None) -> bool:
    if message is None or message.document is None or message.chat.type != message.chat.PRIVATE:
        return False
    return bool(_DOCUMENT.fullmatch(message.document.file_name or ""))


def _is_too_large(message: Message) -> bool:
    return message.document is not None and (message.document.file_size or 0) > LARGEST_FILE


def _is_readable(update: Update) -> bool:
    return update.message is not None and _is_workbook(update.message) and not _is_too_large(update.message)


async def _read(update: Update, bot: Bot) -> WorkbookReading | FileTrouble:
    """Fetch and read the file, before any transaction; raises what the network raises."""
    message = update.message
    assert message is not None and message.document is not None
    file = await bot.get_file(message.document.file_id)
    return await read_workbook(bytes(await file.download_as_bytearray()))


async def hear(turn: Turn) -> bool:
    """Take a workbook that came back; one that is not ours is for other features where the sender reports nothing."""
    message = turn.message
    if message is None or turn.person is None or not _is_workbook(message):
        return False
    asking = await open_asking(turn)
    read = FileTrouble.TOO_LARGE if _is_too_large(message) else turn.prepared
    may_report = asking.asker.may_anywhere(Right.SUBMIT)
    if read is FileTrouble.NOT_OURS and not may_report:
        return False
    if not may_report:
        turn.say(words.file_not_yours())
    elif isinstance(read, FileTrouble):
        turn.say(words.file_trouble(read))
    elif not isinstance(read, WorkbookReading):
        turn.say(words.download_failed())
    else:
        taken = await importing.take(await asking.as_actor(), read)
        turn.say(words.file_outcome(taken) if taken is not None else words.file_bad_report())
    return True


@privately
async def on_open_filled(turn: Turn, asking: Asking, tap: OpenFilled) -> None:
    """Open a report that a file filled in: from here on it is a report like any other."""
    opened = or_gone(await find_opened(asking, tap.draft))
    report = OpenReport(opened.unit.id, opened.form.id, opened.period)
    await turn.resource(Registry).hand_over(turn, report)
