"""A second reading: made before the transaction of a doubted message, found by its handling in `turn.prepared`.

It only answers and shows; what would begin something is offered as a button. Without a second reader, or where it
fails, the message goes on as if there were none.
"""

from __future__ import annotations

from telegram import Bot, Update

from bot import access
from bot.features.second_reader import words
from bot.features.second_reader.service import DoubtedMessage, open_reading
from bot.hands.feature import Feature, Viewer
from bot.hands.meaning import TAPS, ChooseMeaning, keep_offer
from bot.hands.registry import Registry
from bot.hands.routing import read_said
from bot.reader import Frame
from bot.reader.bounds import may_be_read_otherwise
from bot.reader.client import SECONDS
from bot.road.turn import Surroundings, Turn
from knowledge.meanings import Meaning, Place, Understood


async def act_first(turn: Turn, found: Understood, text: str) -> bool:
    """Act on a second reading where the own one is open; False where there is none, or where the own one stands."""
    frame = turn.prepared
    if not isinstance(frame, Frame) or turn.in_dialog is not None or not may_be_read_otherwise(found):
        return False
    registry = turn.resource(Registry)
    meant = registry.get_meant(frame.means)
    if frame.means is Meaning.PLAN_QUESTION:
        if not (frame.facts or (frame.silent and registry.get_meant(found.means).is_talk)):
            return False
        turn.read_otherwise = True
        await meant.act(turn, text)
        return True
    is_own = frame.means is found.means and not found.choices
    if is_own or turn.person is None or not turn.is_private or not await _has_use_for(turn, frame.means):
        return False
    if meant.shows:
        turn.say(words.understood_as(frame.means))
    if meant.shows or meant.is_talk:
        await meant.act(turn, text)
        return True
    token = await keep_offer(turn, turn.person.telegram_id, text, (frame.means,))
    turn.say(words.offer(frame.means, ChooseMeaning(token, 0)))
    return True


async def _has_use_for(turn: Turn, means: Meaning) -> bool:
    """Whether somebody's role has a use for it: a guest is shown what is for everybody."""
    if means in {Meaning.UNKNOWN, Meaning.ANSWER}:
        return False
    assert turn.person is not None
    registry = turn.resource(Registry)
    asker = await turn.find_asker()
    audiences = registry.list_audiences(asker) if asker is not None else frozenset()
    return registry.get_meant(means).for_guests or not audiences <= {Viewer.EVERYONE}


def join(around: Surroundings) -> None:
    """Let doubted messages be read by the reader that the settings name; without one, nothing."""
    find_reading, clock = open_reading(around), around.clock
    if find_reading is None:
        return

    def is_needed(update: Update) -> bool:
        said = _said(update, update.get_bot())
        return said is not None and find_reading().is_needed(said, clock())

    async def prepare(update: Update, bot: Bot) -> Frame | None:
        said, chat = _said(update, bot), update.effective_chat
        if said is None or chat is None:
            return None
        place = Place.PRIVATE if access.is_private(update) else Place.GROUP
        person = access.identify(update, around.settings)
        return await find_reading().read(DoubtedMessage(said, chat.id, person, place), clock())

    around.hooks.prepare(is_needed, prepare, within=SECONDS)


def _said(update: Update, bot: Bot) -> str | None:
    """The words of a new message to the bot; None where there are none, or where they are a command or another's."""
    message = update.message
    if message is None or message.text is None:
        return None
    said = read_said(message, bot)
    return said.text if said is not None and said.command is None and not said.is_forwarded else None


FEATURE = Feature("second_reader", taps=TAPS, act_first=act_first, join=join)
