"""Methods for the bot's profile: command menus, name and descriptions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.entities import utf16_length
from bot.sandbox.model import Json
from bot.sandbox.params import Params
from bot.sandbox.refusals import CHAT_NOT_FOUND, bad_request
from bot.sandbox.state import Sandbox

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def _scope(sandbox: Sandbox, params: Params) -> str:
    scope = params.json("scope") or {"type": "default"}
    kind = str(scope.get("type", ""))
    if kind in {"chat", "chat_administrators", "chat_member"}:
        chat_id = int(scope.get("chat_id", 0))
        if chat_id not in sandbox.chats:
            raise bad_request(CHAT_NOT_FOUND)
        return f"{kind}:{chat_id}" + (f":{scope.get('user_id')}" if kind == "chat_member" else "")
    if kind in {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}:
        return kind
    raise bad_request("can't parse BotCommandScope: unsupported type specified")


def set_my_commands(sandbox: Sandbox, params: Params) -> bool:
    commands = params.json("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    key = (_scope(sandbox, params), params.text("language_code"))
    if sandbox.commands.get(key) != commands:
        sandbox.commands[key] = commands
        sandbox.emit({"type": "commands"})
    return True


def get_my_commands(sandbox: Sandbox, params: Params) -> list[Json]:
    return sandbox.commands.get((_scope(sandbox, params), params.text("language_code")), [])


def delete_my_commands(sandbox: Sandbox, params: Params) -> bool:
    sandbox.commands.pop((_scope(sandbox, params), params.text("language_code")), None)
    sandbox.emit({"type": "commands"})
    return True


def profile_setter(field: str, limit: int, complaint: str) -> Callable[[Sandbox, Params], Any]:
    def set_profile(sandbox: Sandbox, params: Params) -> bool:
        if utf16_length(params.text(field)) > limit:
            raise bad_request(complaint)
        sandbox.profile[field, params.text("language_code")] = params.text(field)
        sandbox.emit({"type": "people"})
        return True

    return set_profile


def profile_getter(field: str) -> Callable[[Sandbox, Params], Any]:
    def get_profile(sandbox: Sandbox, params: Params) -> Json:
        default = str(sandbox.bot["first_name"]) if field == "name" else ""
        found = sandbox.profile.get((field, params.text("language_code")))
        return {field: found or sandbox.profile.get((field, ""), default)}

    return get_profile
