"""The card in a chat: sent at /start to whoever serves a unit, then kept as things are."""

from __future__ import annotations

from typing import Final

from bot.features.home import keeping, words
from bot.features.home.service import list_near_duties, read_home
from bot.hands.asking import Asking, privately
from bot.hands.feature import Feature
from bot.hands.taps import On
from bot.road.turn import Turn
from bot.rules import Rules
from bot.taps import ShowHome


@privately
async def on_home(turn: Turn, asking: Asking, _tap: ShowHome) -> None:
    """Send the card anew, so that it stands last in the chat as well as on top of it; the one before goes."""
    rules = turn.resource(Rules)
    card = words.card(await read_home(asking, rules, await list_near_duties(asking, rules)))
    reply, before = await keeping.keep(asking, card, number=turn.incoming.update_id)
    turn.say(reply)
    if before is not None:
        turn.call_later("deleteMessage", chat_id=asking.chat_id, message_id=before)


FEATURE: Final = Feature(
    "home",
    taps=(On(ShowHome, on_home),),
    forget=(keeping.forget,),
    join=keeping.join,
)
