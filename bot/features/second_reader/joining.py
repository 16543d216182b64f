"""Where the second reader joins the road: before the transaction of a message that the own reading doubts.

What it makes of the message is found in `turn.prepared`, and acted on in `commands`. Without one, or where it fails,
the message goes on as if there were none.
"""

from __future__ import annotations

from telegram import Bot, Update

from bot import access
from bot.features.second_reader.service import DoubtedMessage, open_reading
from bot.hands.routing import read_said
from bot.reader import Frame
from bot.reader.client import SECONDS
from bot.road.turn import Surroundings
from knowledge.meanings import Place


def join(around: Surroundings) -> None:
    """Let doubted messages be read by the reader that the settings name; without one, nothing."""
    reading, clock = open_reading(around), around.clock
    if reading is None:
        return

    def is_needed(update: Update) -> bool:
        said = _said(update, update.get_bot())
        return said is not None and reading.is_needed(said, clock())

    async def prepare(update: Update, bot: Bot) -> Frame | None:
        said, chat = _said(update, bot), update.effective_chat
        if said is None or chat is None:
            return None
        place = Place.PRIVATE if access.is_private(update) else Place.GROUP
        person = access.identify(update, around.settings)
        return await reading.read(DoubtedMessage(said, chat.id, person, place), clock())

    around.hooks.prepare(is_needed, prepare, within=SECONDS)


def _said(update: Update, bot: Bot) -> str | None:
    """The words of a new message to the bot; None where there are none, or where they are a command or another's."""
    message = update.message
    if message is None or message.text is None:
        return None
    said = read_said(message, bot)
    return said.text if said is not None and said.command is None and not said.is_forwarded else None
