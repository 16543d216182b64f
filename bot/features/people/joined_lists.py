"""The list of who has joined: shown, turned over, and changed in every chat where it stands as people join."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.access import Right
from bot.features.people import bulk_words as words
from bot.features.people import inviting
from bot.hands.asking import Asking
from bot.road.turn import Turn
from bot.rules import Rules


async def show(turn: Turn, asking: Asking, unit_id: int) -> None:
    """The list in a message of its own, kept as people join."""
    found = await inviting.read_joining(asking, await asking.get_unit(Right.SUPERVISE, unit_id), 0)
    key = f"joined:{unit_id}:{asking.chat_id}:{turn.incoming.update_id}"
    await inviting.keep_list(asking, found, key)
    turn.say(replace(words.joined(found), key=key))


async def turn_over(turn: Turn, asking: Asking, unit_id: int, page: int) -> None:
    """Another page of it, where it stands."""
    found = await inviting.read_joining(asking, await asking.get_unit(Right.SUPERVISE, unit_id), page)
    await inviting.turn_list(asking, found)
    turn.say(words.joined(found, edits=turn.tapped))


async def renew(turn: Turn, paths: Collection[str]) -> None:
    """Change the lists in which the units at these paths stand: somebody has joined there."""
    for each in await inviting.list_changed(turn.db, paths, turn.now, turn.settings, turn.resource(Rules).forms):
        turn.say_to(each.chat_id, replace(words.joined(each.found), edits_key=each.key))
