"""Methods about the bot itself and about chats."""

from __future__ import annotations

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
