"""What is done with a second reading: it only answers and shows; what would begin something is offered as a button."""

from __future__ import annotations

from bot.features.second_reader import words
from bot.features.second_reader.joining import join
from bot.hands.feature import Feature, Viewer
from bot.hands.meaning import TAPS, ChooseMeaning, keep_offer
from bot.hands.registry import Registry
from bot.reader import Frame
from bot.reader.bounds import may_be_read_otherwise
from bot.road.turn import Turn
from knowledge.meanings import Meaning, Understood


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
    audiences = await registry.find_audiences(turn.db, turn.person)
    return registry.get_meant(means).for_guests or not audiences <= {Viewer.EVERYONE}


FEATURE = Feature("second_reader", taps=TAPS, act_first=act_first, join=join)
