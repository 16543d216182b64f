"""Updates about people who blocked or unblocked the bot."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update

from bot.road.turn import Hooks, Turn
from storage import chats

_GONE = frozenset({"kicked", "left"})


def follow(hooks: Hooks) -> Callable[[Update, Turn], Coroutine[Any, Any, None]]:
    """Make the handler that notes who can be reached, and calls the hooks for those who cannot any more."""

    async def on_membership(update: Update, turn: Turn) -> None:
        change = update.my_chat_member
        if change is None:
            return
        if change.new_chat_member.status not in _GONE:
            await chats.note_reachable(turn.db, change.chat.id)
        elif await chats.note_unreachable(turn.db, change.chat.id, "blocked", turn.now):
            for tell in hooks.on_unreachable:
                await tell(turn.db, change.chat.id, "blocked", turn.now)

    return on_membership
