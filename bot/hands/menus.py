"""Command menus: everyone's, set at the start, and each officer's own, set when their role is known or changes."""

from __future__ import annotations

from collections.abc import Collection
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


async def set_all(carrier: Carrier, registry: Registry, settings: Settings) -> None:
    """Set the menus of everyone, of groups, and of the admins named in the settings, each where it differs."""
    for_all = registry.seen_by(())
    await _set(carrier, for_all, None)
    await _set(carrier, [command for command in for_all if command.in_groups], {"type": "all_group_chats"})
    for admin in sorted(settings.admin_ids):
        try:
            await _set(carrier, registry.seen_by({Viewer.ADMIN}), _chat(admin))
        except CarrierError:  # an admin who has not written to the bot yet; /start sets it
            continue


async def _set(carrier: Carrier, commands: Collection[Command], scope: dict[str, Any] | None) -> None:
    lines = _lines(commands)
    if await carrier.call("getMyCommands", {"scope": scope}) != lines:
        await carrier.call("setMyCommands", {"commands": lines, "scope": scope})


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
