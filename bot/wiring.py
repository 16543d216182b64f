"""Features wired to the road, in the order in which they are tried."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.features.registry import REGISTRY
from bot.features.relay import forgetting
from bot.features.reminders import commands as reminders
from bot.features.reminders.service import Rules
from bot.features.second_reader import joining as second
from bot.features.summaries import commands as summary
from bot.hands import errands, menus
from bot.hands.routing import Router
from bot.road.turn import Hooks, Surroundings, Turn
from knowledge.answer import Adviser, load_adviser
from storage import chats


async def on_membership(update: Update, turn: Turn) -> None:
    """Somebody blocked the bot, or let it in again."""
    change = update.my_chat_member
    if change is None:
        return
    if change.new_chat_member.status in ("kicked", "left"):
        if await chats.note_unreachable(turn.db, change.chat.id, "blocked", turn.now):
            await reminders.tell_of_lost(turn.db, turn.resource(Rules), change.chat.id, turn.now)
    else:
        await chats.note_reachable(turn.db, change.chat.id)


def register(application: Application[Any, Turn, Any, Any, Any, Any], hooks: Hooks) -> None:
    """Wire every handler, and let features join the road through `hooks`."""
    around: Surroundings = application.bot_data["around"]
    router = Router(REGISTRY)
    hooks.provide(REGISTRY)
    adviser = load_adviser()
    hooks.provide(adviser, kind=Adviser)
    rules = Rules.of(around.settings, adviser.plans)
    reminders.register(hooks, rules)
    summary.register(hooks, rules)
    forgetting.register(hooks)
    errands.register(hooks, REGISTRY.makers, around.settings)
    second.register(hooks, REGISTRY, adviser, around.settings, around.clock)
    hooks.at_start.append(menus.set_at_start(REGISTRY, around.settings))
    application.add_handler(ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE, router.on_message))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, router.on_edited))
    application.add_handler(CallbackQueryHandler(router.on_tap))
    application.add_handler(InlineQueryHandler(router.on_inline))
