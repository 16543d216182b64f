"""Tables that people send as files: fetched and read before their turn, for whichever feature knows what they hold.

A file is known by its name or by what Telegram says it is; what it holds is for the features to tell. A button under
the answer to a file has it fetched and read once more: nothing of it is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from typing import Final

from telegram import Bot, Document, Message, Update

from bot.road.turn import Hooks, Turn
from knowledge.spreadsheets.child import is_workbook
from knowledge.spreadsheets.model import ENDINGS, Sheet
from knowledge.spreadsheets.reading import read_sent
from knowledge.spreadsheets.refusals import FROM_CHAT, TableRefusedError, WhyNoTable
from knowledge.spreadsheets.separated import Recognise, choose_way

REREAD: Final = "tab:"
"""Begins the names of buttons that need the file which the message below them answers."""

_TYPES: Final = ("csv", "comma-separated-values", "ms-excel", "spreadsheetml.sheet", "opendocument.spreadsheet")
"""How the types end that Telegram tells of files without an ending."""

_MARK: Final = 12  # letters of a file's hash that a button carries


@dataclass(frozen=True, slots=True)
class SentTable:
    """A table that was sent. `mark` tells it from any other; `name` is what its sender called the file."""

    mark: str
    name: str
    content: bytes
    ways: tuple[Sheet, ...]
    is_workbook: bool

    @property
    def sheets(self) -> tuple[Sheet, ...] | None:
        """Its sheets; None where it is text, of which nobody knows yet what parts its columns."""
        return self.ways if self.is_workbook else None

    def read(self, recognise: Recognise) -> Sequence[Sheet]:
        """Its sheets; `recognise` tells what parts the columns where it is text."""
        return self.ways if self.is_workbook else (choose_way(self.ways, recognise),)


def join(hooks: Hooks) -> None:
    """Let tables be fetched and read before their turn. One feature joins this for all."""
    hooks.prepare(_is_fetched, _fetch, of_strangers=False)


def find_sent(turn: Turn) -> SentTable | TableRefusedError | None:
    """The table that came with this message, or that the tapped message answers; or why it is not read.

    None where there is none in this private chat, or where Telegram did not hand it over: `is_table` tells which.
    """
    document = _find_document(turn.incoming)
    if document is None:
        return None
    if _is_too_large(document):
        return TableRefusedError(WhyNoTable.TOO_LARGE, FROM_CHAT.largest // 1_000_000)
    return turn.prepared if isinstance(turn.prepared, SentTable | TableRefusedError) else None


def is_table(turn: Turn) -> bool:
    """Whether this message brings a table."""
    return turn.message is not None and turn.is_private and _find_document(turn.incoming) is not None


def _find_document(update: Update) -> Document | None:
    message: object = update.message
    if update.callback_query is not None:
        tapped = update.callback_query.message
        message = tapped.reply_to_message if isinstance(tapped, Message) else None
    if not isinstance(message, Message) or message.document is None or message.chat.type != message.chat.PRIVATE:
        return None
    document = message.document
    ending = PurePath(document.file_name or "").suffix.lower()
    return document if ending in ENDINGS or (not ending and (document.mime_type or "").endswith(_TYPES)) else None


def _is_too_large(document: Document) -> bool:
    return (document.file_size or 0) > FROM_CHAT.largest


def _is_fetched(update: Update) -> bool:
    query = update.callback_query
    if query is not None and not (query.data or "").startswith(REREAD):
        return False
    document = _find_document(update)
    return document is not None and not _is_too_large(document)


async def _fetch(update: Update, bot: Bot) -> SentTable | TableRefusedError:
    """Fetch and read the file aside, before any transaction; raises what the network raises."""
    document = _find_document(update)
    assert document is not None
    file = await bot.get_file(document.file_id)
    if (file.file_size or 0) > FROM_CHAT.largest:  # what the message said of itself need not be so
        return TableRefusedError(WhyNoTable.TOO_LARGE, FROM_CHAT.largest // 1_000_000)
    content = bytes(await file.download_as_bytearray())
    mark = sha256(content).hexdigest()[:_MARK]
    try:
        sheets = tuple(await read_sent(content))
    except TableRefusedError as refused:
        return refused
    return SentTable(mark, document.file_name or "", content, sheets, is_workbook(content))
