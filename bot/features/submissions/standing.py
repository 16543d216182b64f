"""The one message in which a report is filled in: what a tap answers changes in place, what is typed moves it down.

So a chat has one set of live buttons at most, and it stands where the officer looks: under their thumb after a tap,
below what they typed otherwise. Taking away what stood before is best effort: a button of a step that is over says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import msgspec

from bot.features.submissions import dialogs, service
from bot.features.submissions.dialogs import Choosing, Filling
from bot.hands.asking import Asking
from bot.road.reply import Reply
from bot.road.turn import Turn

_KEY: Final = "step"


async def show(
    turn: Turn, asking: Asking, state: Filling | Choosing, replies: Sequence[Reply], *, under_step: bool = False
) -> None:
    """Be in the middle of `state` from now on, and show where it stands.

    Args:
        replies: the step; a second reply, which brings **Gửi**, is said once and stays while only buttons are tapped.
        under_step: whether the button that was tapped, if one was, can only stand under a step.
    """
    before = await _find_shown(asking)
    tapped = turn.tapped
    if tapped is not None and (under_step or tapped in before):
        turn.say(replace(replies[0], edits=tapped))
        others = [number for number in before if number != tapped]
        shown: list[int | str] = [tapped, *(others or _say(turn, replies[1:], first=1))]
    else:
        _take_away(turn, before)
        shown = _say(turn, replies)
    await dialogs.keep(asking, msgspec.structs.replace(state, shown=tuple(shown)))


async def take_away(turn: Turn, asking: Asking) -> None:
    """Take away what stands of a step that was left."""
    _take_away(turn, await _find_shown(asking))


async def settle(turn: Turn, asking: Asking) -> None:
    """Leave the step that led to **Gửi** to be read, without buttons; what brought **Gửi** goes."""
    shown = await _find_shown(asking)
    if shown:
        turn.call_later("editMessageReplyMarkup", chat_id=asking.chat_id, message_id=shown[0])
    _take_away(turn, shown[1:])


def _say(turn: Turn, replies: Sequence[Reply], *, first: int = 0) -> list[int | str]:
    """Say the replies, each under a key by which it is found when it has gone; the keys."""
    keys: list[int | str] = []
    for number, reply in enumerate(replies, first):
        key = f"{_KEY}:{turn.chat_id}:{turn.incoming.update_id}:{number}"
        turn.say(replace(reply, key=key))
        keys.append(key)
    return keys


async def _find_shown(asking: Asking) -> list[int]:
    """The messages of the step that stands in the chat, as far as they have gone out."""
    state = await dialogs.find(asking.db, asking.chat_id)
    return await service.find_messages(asking, state.shown) if isinstance(state, Filling | Choosing) else []


def _take_away(turn: Turn, numbers: Sequence[int]) -> None:
    for number in numbers:
        turn.call_later("deleteMessage", chat_id=turn.chat_id, message_id=number)
