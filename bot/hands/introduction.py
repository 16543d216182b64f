"""What Telegram shows of the bot: name, descriptions and command menus, brought up to date when a process starts.

Telegram limits how often a name may be set, so each is read first and set only where it differs, by
one process at a time.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.hands import menus
from bot.hands.registry import Registry
from bot.road.carrier import Carrier, CarrierError
from bot.road.turn import Hooks
from bot.settings import KEEP, Settings
from bot.words import introduction as words
from storage.engine import Database
from storage.processes import Seat, alone

logger = logging.getLogger(__name__)

_PROFILE: Final = (
    ("getMyDescription", "setMyDescription", "description", words.DESCRIPTION),
    ("getMyShortDescription", "setMyShortDescription", "short_description", words.SHORT_DESCRIPTION),
)


def set_at_start(registry: Registry, settings: Settings, hooks: Hooks) -> Callable[[Carrier], Awaitable[None]]:
    """Sets menus and profile, unless another process is at it. What Telegram refuses is left for the next start."""

    async def introduce(carrier: Carrier) -> None:
        async with alone(hooks.resource(Database), Seat.INTRODUCTION) as ours:
            if not ours:
                return
            await menus.set_all(carrier, registry, settings)
            if settings.bot_name == KEEP:
                return
            for read, write, field, wanted in _PROFILE:
                await _set(carrier, read, write, field, wanted)
            await _set(carrier, "getMyName", "setMyName", "name", settings.bot_name or words.NAME)

    return introduce


async def _set(carrier: Carrier, read: str, write: str, field: str, wanted: str) -> None:
    try:
        shown = await carrier.call(read)
        if not isinstance(shown, dict) or shown.get(field) != wanted:
            await carrier.call(write, {field: wanted})
            logger.info("profile set", extra={"field": field})
    except CarrierError as error:
        logger.warning("profile not set", extra={"field": field, "error": str(error)})
