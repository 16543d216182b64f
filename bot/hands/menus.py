"""Command menus: everyone's, set at the start, and each officer's own, set when their role is known or changes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Any

from bot import access
from bot.access import Sender
from bot.hands.feature import Command, Viewer
from bot.hands.registry import Registry
from bot.road.carrier import Carrier, CarrierError
from bot.road.turn import Turn
from bot.settings import Settings


def _lines(commands: Collection[Command]) -> list[dict[str, str]]:
    return [{"command": command.name, "description": command.line} for command in commands]


def set_at_start(registry: Registry, settings: Settings) -> Callable[[Carrier], Awaitable[None]]:
    """Sets the menus of everyone, of groups, and of the admins named in the settings."""

    async def set_menus(carrier: Carrier) -> None:
        await carrier.call("setMyCommands", {"commands": _lines(registry.seen_by(()))})
        in_groups = [command for command in registry.seen_by(()) if command.in_groups]
        await carrier.call("setMyCommands", {"commands": _lines(in_groups), "scope": {"type": "all_group_chats"}})
        everything = _lines(registry.seen_by({Viewer.ADMIN}))
        for admin in sorted(settings.admin_ids):
            try:
                await carrier.call("setMyCommands", {"commands": everything, "scope": _chat(admin)})
            except CarrierError:  # an admin who has not written to the bot yet; /start sets it
                continue

    return set_menus


async def show(turn: Turn, person: Sender | None = None, *, chat_id: int | None = None) -> None:
    """Set the menu of one person's private chat by who they are now. Call it when a role changes."""
    person, chat_id = person or turn.person, chat_id or turn.chat_id
    if person is None or chat_id is None:
        return
    registry = turn.resource(Registry)
    audiences = registry.list_audiences(await access.find_asker(turn.db, person))
    if audiences <= {Viewer.EVERYONE}:
        turn.call_later("deleteMyCommands", scope=_chat(chat_id))
    else:
        turn.call_later("setMyCommands", commands=_lines(registry.seen_by(audiences)), scope=_chat(chat_id))


def _chat(chat_id: int) -> dict[str, Any]:
    return {"type": "chat", "chat_id": chat_id}
