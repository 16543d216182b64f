"""Methods that say who the bot is and which chats there are; its menus, name and descriptions."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.entities import utf16_length
from bot.sandbox.model import Chat, Json
from bot.sandbox.params import Params
from bot.sandbox.refusals import CHAT_NOT_FOUND, Refusal, bad_request, forbidden
from bot.sandbox.state import Sandbox


def get_me(sandbox: Sandbox, params: Params) -> Json:
    return {
        **sandbox.bot,
        "can_join_groups": True,
        "can_read_all_group_messages": not sandbox.group_privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def find_chat_id(params: Params) -> int | None:
    """The chat a call is about, None where it names none; never raises."""
    try:
        return int(params.values.get("chat_id", ""))
    except (TypeError, ValueError):
        return None


def get_writable_chat(sandbox: Sandbox, params: Params) -> Chat:
    """The chat that may be written to. Raises the refusals of a chat that is unknown, blocked, left or moved."""
    if not params.text("chat_id"):
        raise bad_request("chat_id is empty")
    chat = sandbox.chats.get(find_chat_id(params) or 0)
    if chat is None:
        raise bad_request(CHAT_NOT_FOUND)
    if chat.migrated_to:
        raise Refusal(
            400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to
        )
    if chat.is_private:
        person = sandbox.people[chat.id]
        if person.deactivated:
            raise forbidden("user is deactivated")
        if person.blocked:
            raise forbidden("bot was blocked by the user")
        if not person.started:
            raise forbidden("bot can't initiate conversation with a user")
    elif not chat.bot_is_member:
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    return chat


def get_chat(sandbox: Sandbox, params: Params) -> Json:
    chat = get_writable_chat(sandbox, params)
    return {
        **chat.json,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def get_chat_member(sandbox: Sandbox, params: Params) -> Json:
    chat = get_writable_chat(sandbox, params)
    person = sandbox.people.get(params.integer("user_id", 0))
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return {"user": person.user, "status": "member" if person.id in chat.members else "left"}


def leave_chat(sandbox: Sandbox, params: Params) -> bool:
    get_writable_chat(sandbox, params).bot_is_member = False
    return True


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
        language = params.text("language_code")
        sandbox.profile[field, language] = params.text(field)
        if field == "name" and not language and params.text(field):
            sandbox.bot["first_name"] = params.text(field)
        sandbox.emit({"type": "people"})
        return True

    return set_profile


def profile_getter(field: str) -> Callable[[Sandbox, Params], Any]:
    def get_profile(sandbox: Sandbox, params: Params) -> Json:
        default = str(sandbox.bot["first_name"]) if field == "name" else ""
        found = sandbox.profile.get((field, params.text("language_code")))
        return {field: found or sandbox.profile.get((field, ""), default)}

    return get_profile
