"""Where the second reader joins the road: before the transaction of a message that the own reading doubts.

What it makes of the message is found in `turn.prepared`, and acted on in `commands`. Without one, or where it fails,
the message goes on as if there were none.
"""

from __future__ import annotations

from datetime import date

from telegram import Bot, Update

from bot import access
from bot.features.questions import service as questions
from bot.hands import meaning
from bot.hands.registry import Registry
from bot.hands.routing import read_said
from bot.reader import Frame, Reader
from bot.reader.client import SECONDS, Client
from bot.reader.doubts import is_doubted, may_be_read_otherwise
from bot.reader.names import Names
from bot.road.clock import Clock
from bot.road.turn import Hooks
from bot.settings import Settings
from knowledge.answer import Adviser
from knowledge.meanings import Place
from storage import dialogs
from storage.engine import Database


def register(hooks: Hooks, registry: Registry, adviser: Adviser, settings: Settings, clock: Clock) -> None:
    """Let doubted messages be read by the reader that the settings name; without one, nothing."""
    client = Client.of(settings)
    if client is None:
        return
    reader = Reader(adviser, client)
    hooks.provide(reader)
    hooks.at_stop.append(reader.close)
    names = Names(adviser)

    def today() -> date:
        return clock().astimezone(settings.timezone).date()

    def is_needed(update: Update) -> bool:
        said = _said(update, update.get_bot())
        return said is not None and reader.takes(said) and is_doubted(said, adviser, today())

    async def prepare(update: Update, bot: Bot) -> Frame | None:
        said, chat = _said(update, bot), update.effective_chat
        database = hooks.resources[Database]
        assert isinstance(database, Database)
        if said is None or chat is None:
            return None
        person = access.identify(update, settings)
        async with database.read() as db:
            if await dialogs.find_dialog(db, chat.id) is not None:
                return None
            place = Place.PRIVATE if access.is_private(update) else Place.GROUP
            found = await meaning.read_as(db, registry, person, said, place, today())
            if not may_be_read_otherwise(found):
                return None
            if person is not None and await questions.is_understood(
                db, adviser, said, chat_id=chat.id, person_id=person.telegram_id, now=clock()
            ):
                return None
        masker = await names.get_masker(database)
        return await reader.read(said, masker, [person.name] if person is not None else [])

    hooks.prepare(is_needed, prepare, within=SECONDS)


def _said(update: Update, bot: Bot) -> str | None:
    """The words of a new message to the bot; None where there are none, or where they are a command or another's."""
    message = update.message
    if message is None or message.text is None:
        return None
    said = read_said(message, bot)
    return said.text if said is not None and said.command is None and not said.is_forwarded else None
