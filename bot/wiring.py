"""The wiring of features to the bot's handlers, in the order in which they are tried."""

from __future__ import annotations

from typing import Any

from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.features.registry import REGISTRY
from bot.hands import introduction, membership
from bot.hands.routing import Router
from bot.living import LivingCatalogue
from bot.road.turn import Hooks, Surroundings, Turn
from bot.words.calling import word_for


def register(application: Application[Any, Turn, Any, Any, Any, Any], hooks: Hooks) -> None:
    """Wire every handler, and let features join the road."""
    around: Surroundings = application.bot_data["around"]
    hooks.provide(REGISTRY)
    hooks.wording = lambda asker: word_for(asker.name, asker.called)
    hooks.provide(LivingCatalogue(hooks, around.settings, around.clock))
    for feature in reversed(REGISTRY.features):
        if feature.join is not None:
            feature.join(around)
    hooks.at_start.append(introduction.set_at_start(REGISTRY, around.settings, hooks))
    router = Router(REGISTRY)
    application.add_handler(ChatMemberHandler(membership.follow(hooks), ChatMemberHandler.MY_CHAT_MEMBER))
    application.add_handler(MessageHandler(filters.UpdateType.MESSAGE, router.on_message))
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, router.on_edited))
    application.add_handler(CallbackQueryHandler(router.on_tap))
    application.add_handler(InlineQueryHandler(router.on_inline))
