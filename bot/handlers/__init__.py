"""One thin module for each thing an officer does; here they are wired, in the order in which they are tried."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import Application, ChatMemberHandler

from bot.turn import Hooks, Turn
from storage import chats


async def on_membership(update: Update, turn: Turn) -> None:
    """Somebody blocked the bot, or let it in again."""
    change = update.my_chat_member
    if change is None:
        return
    if change.new_chat_member.status in ("kicked", "left"):
        await chats.note_unreachable(turn.db, change.chat.id, "blocked", turn.now)
    else:
        await chats.note_reachable(turn.db, change.chat.id)


def register(application: Application[Any, Turn, Any, Any, Any, Any], hooks: Hooks) -> None:
    """Wire every handler, and let features join the road through `hooks`."""
    application.add_handler(ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
