"""The Bot API methods that the product uses, answered from the sandbox's state.

Each function takes the sandbox and a call's parameters and returns the `result` of the answer, or raises `Refusal`
with the code and description of the real server. `METHODS` maps lower-case names to them: Telegram does not mind the
case. Source: https://core.telegram.org/bots/api and the published server, tdlib/telegram-bot-api.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.sandbox import pictures
from bot.sandbox.entities import MAX_CAPTION, MAX_TEXT, compose, utf16_length
from bot.sandbox.markup import check_markup
from bot.sandbox.model import (
    MAX_DOWNLOAD_BYTES,
    MAX_PHOTO_BYTES,
    MAX_UPLOAD_BYTES,
    Chat,
    Json,
    Message,
    Query,
    StoredFile,
)
from bot.sandbox.params import Params
from bot.sandbox.refusals import CHAT_NOT_FOUND, NOT_MODIFIED, QUERY_TOO_OLD, Refusal, bad_request, forbidden
from bot.sandbox.state import Sandbox, Webhook, document_json, photo_json

Method = Callable[[Sandbox, Params], Any]

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_DELETE_WITHIN = timedelta(hours=48)


# Who and where


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


def _get_chat(sandbox: Sandbox, params: Params) -> Chat:
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
    chat = _get_chat(sandbox, params)
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
    chat = _get_chat(sandbox, params)
    person = sandbox.people.get(params.integer("user_id", 0))
    if person is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return {"user": person.user, "status": "member" if person.id in chat.members else "left"}


def leave_chat(sandbox: Sandbox, params: Params) -> bool:
    _get_chat(sandbox, params).bot_is_member = False
    return True


# Messages out


def _composed(params: Params, field: str, limit: int) -> Json:
    """The text or caption of a message with its entities, under the names the Bot API gives them."""
    names = {"text": ("text", "entities"), "caption": ("caption", "caption_entities")}[field]
    text, entities = compose(params.text(field), params.text("parse_mode"), params.json(names[1]), limit)
    content: Json = {names[0]: text} if text else {}
    if text and entities:
        content[names[1]] = entities
    return content


def _text_content(params: Params) -> Json:
    if not params.text("text"):
        raise bad_request("message text is empty")
    content = _composed(params, "text", MAX_TEXT)
    if not content:
        raise bad_request("text must be non-empty")
    return content


def _reply(sandbox: Sandbox, chat: Chat, params: Params) -> Json:
    wanted = params.json("reply_parameters")
    if wanted is None and (message_id := params.find_integer("reply_to_message_id")):
        wanted = {
            "message_id": message_id,
            "allow_sending_without_reply": params.flag("allow_sending_without_reply"),
        }
    if not wanted:
        return {}
    try:
        return {"reply_to_message": sandbox.quoted(chat, int(wanted.get("message_id", 0)))}
    except KeyError:
        if wanted.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found") from None


def _post(sandbox: Sandbox, params: Params, chat: Chat, content: Json) -> Json:
    """Checks keyboard, reply and pace, in Telegram's order, and only then posts."""
    markup = check_markup(params.json("reply_markup"))
    reply = _reply(sandbox, chat, params)
    sandbox.limiter.take(chat.id)
    keyboard = None
    if markup is not None:
        if "inline_keyboard" in markup:
            content = {**content, "reply_markup": markup}
        else:
            keyboard = markup
    return sandbox.post(chat, sandbox.bot, {**reply, **content}, by_bot=True, keyboard=keyboard).json


def send_message(sandbox: Sandbox, params: Params) -> Json:
    content = _text_content(params) if params.text("chat_id") else {}
    return _post(sandbox, params, _get_chat(sandbox, params), content)


def _stored(sandbox: Sandbox, params: Params, field: str, folder: str) -> StoredFile:
    given = params.file(field)
    if given is None:
        raise bad_request(f"there is no {field} in the request")
    if isinstance(given, str):
        known = sandbox.files.get(given)
        if known is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return known
    if not given.data:
        raise bad_request("file must be non-empty")
    if len(given.data) > MAX_UPLOAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    if field == "photo":
        _check_photo(given.data)
    return sandbox.store_file(given.name, given.data, given.mime, folder=folder)


def _check_photo(data: bytes) -> None:
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request("file is too big for a photo; maximum size is 10485760 bytes")
    size = pictures.find_size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def send_document(sandbox: Sandbox, params: Params) -> Json:
    chat = _get_chat(sandbox, params)
    caption = _composed(params, "caption", MAX_CAPTION)
    stored = _stored(sandbox, params, "document", "documents")
    return _post(sandbox, params, chat, {"document": document_json(stored), **caption})


def send_photo(sandbox: Sandbox, params: Params) -> Json:
    chat = _get_chat(sandbox, params)
    caption = _composed(params, "caption", MAX_CAPTION)
    stored = _stored(sandbox, params, "photo", "photos")
    small = {**photo_json(stored)}
    small |= {
        "width": min(320, small["width"]),
        "height": min(320, small["height"]),
        "file_unique_id": "s" + stored.unique_id,
    }
    return _post(sandbox, params, chat, {"photo": [small, photo_json(stored)], **caption})


def send_chat_action(sandbox: Sandbox, params: Params) -> bool:
    chat = _get_chat(sandbox, params)
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.typing_at = sandbox.clock()
    sandbox.emit({"type": "typing", "chat": chat.id, "action": params.text("action")})
    return True


# Messages changed


def _find_edited(sandbox: Sandbox, params: Params) -> tuple[Message, bool]:
    """The message to change, and whether it was sent by a person from inline mode."""
    if inline_id := params.text("inline_message_id"):
        inline = sandbox.inline_messages.get(inline_id)
        if inline is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return inline, True
    chat = _get_chat(sandbox, params)
    message = chat.messages.get(params.integer("message_id", 0))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message, False


def _edit(sandbox: Sandbox, params: Params, change: Callable[[Json], Json]) -> Json | bool:
    message, inline = _find_edited(sandbox, params)
    markup = check_markup(params.json("reply_markup"))
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    before = {key: value for key, value in message.json.items() if key != "edit_date"}
    after = change({key: value for key, value in before.items() if key != "reply_markup"})
    if markup is not None:
        after["reply_markup"] = markup
    if after == before:
        raise bad_request(NOT_MODIFIED)
    chat = sandbox.chats[before["chat"]["id"]]
    if not chat.is_private:
        sandbox.limiter.take(chat.id)
    message.json = {**after, "edit_date": sandbox.timestamp()}
    message.edits += 1
    sandbox.show(chat, message, edited=True)
    return True if inline else message.json


def edit_message_text(sandbox: Sandbox, params: Params) -> Json | bool:
    content = _text_content(params)

    def change(json: Json) -> Json:
        if "text" not in json:
            raise bad_request("there is no text in the message to edit")
        return {**{key: value for key, value in json.items() if key not in {"text", "entities"}}, **content}

    return _edit(sandbox, params, change)


def edit_message_caption(sandbox: Sandbox, params: Params) -> Json | bool:
    content = _composed(params, "caption", MAX_CAPTION)

    def change(json: Json) -> Json:
        if "text" in json:
            raise bad_request("there is no caption in the message to edit")
        return {**{key: value for key, value in json.items() if key not in {"caption", "caption_entities"}}, **content}

    return _edit(sandbox, params, change)


def edit_message_reply_markup(sandbox: Sandbox, params: Params) -> Json | bool:
    return _edit(sandbox, params, dict)


def delete_message(sandbox: Sandbox, params: Params) -> bool:
    chat = _get_chat(sandbox, params)
    message = chat.messages.get(params.integer("message_id", 0))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    age = timedelta(seconds=sandbox.timestamp() - message.json["date"])
    if age > _DELETE_WITHIN or (not message.by_bot and not chat.is_private):
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    sandbox.show(chat, message)
    return True


# Answers to taps and inline queries


def _open_query(sandbox: Sandbox, params: Params, field: str, kind: str) -> Query:
    query = sandbox.queries.get(params.text(field))
    if query is None or query.kind != kind or query.answer is not None or query.expires_at <= sandbox.clock():
        raise bad_request(QUERY_TOO_OLD)
    return query


def answer_callback_query(sandbox: Sandbox, params: Params) -> bool:
    query = _open_query(sandbox, params, "callback_query_id", "callback")
    text = params.text("text")
    if utf16_length(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "show_alert": params.flag("show_alert")}
    sandbox.emit(
        {
            "type": "toast",
            "person": query.person_id,
            "chat": query.chat_id,
            "message_id": query.message_id,
            "query": query.id,
            **query.answer,
        }
    )
    sandbox.notify()
    return True


def _inline_content(result: Json) -> Json:
    """What a card becomes once it is sent."""
    given = result.get("input_message_content")
    if given is None or "message_text" not in given:
        raise bad_request("can't parse inline query result: input message content is not specified")
    if not given["message_text"]:
        raise bad_request("message text is empty")
    text, entities = compose(given["message_text"], given.get("parse_mode", ""), given.get("entities"), MAX_TEXT)
    if not text:
        raise bad_request("text must be non-empty")
    return {"text": text, "entities": entities, "reply_markup": check_markup(result.get("reply_markup"))}


def answer_inline_query(sandbox: Sandbox, params: Params) -> bool:
    query = _open_query(sandbox, params, "inline_query_id", "inline")
    results = params.json("results")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results JSON array")
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    seen: set[str] = set()
    cards: list[Json] = []
    for result in results:
        result_id = str(result.get("id", ""))
        if not 1 <= len(result_id.encode()) <= 64:
            raise bad_request("RESULT_ID_INVALID")
        if result_id in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(result_id)
        if result.get("type") != "article":
            raise bad_request("can't parse inline query result: only articles are understood here")
        if not result.get("title"):
            raise bad_request("can't parse inline query result: title must be non-empty")
        cards.append({**result, "id": result_id, "_content": _inline_content(result)})
    query.answer = {"results": cards, "button": params.json("button"), "next_offset": params.text("next_offset")}
    shown = [{"id": card["id"], "title": card["title"], "description": card.get("description", "")} for card in cards]
    sandbox.emit(
        {
            "type": "cards",
            "person": query.person_id,
            "chat": query.chat_id,
            "query": query.id,
            "text": query.data,
            "results": shown,
            "button": query.answer["button"],
        }
    )
    sandbox.notify()
    return True


# Files


def get_file(sandbox: Sandbox, params: Params) -> Json:
    file_id = params.text("file_id")
    stored = sandbox.files.get(file_id)
    if stored is None:
        raise bad_request("invalid file_id" if file_id else "file_id is not specified")
    if stored.size > MAX_DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


# The bot's profile


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


def _setter(field: str, limit: int, complaint: str) -> Method:
    def set_profile(sandbox: Sandbox, params: Params) -> bool:
        if utf16_length(params.text(field)) > limit:
            raise bad_request(complaint)
        sandbox.profile[field, params.text("language_code")] = params.text(field)
        sandbox.emit({"type": "people"})
        return True

    return set_profile


def _getter(field: str) -> Method:
    def get_profile(sandbox: Sandbox, params: Params) -> Json:
        default = str(sandbox.bot["first_name"]) if field == "name" else ""
        found = sandbox.profile.get((field, params.text("language_code")))
        return {field: found or sandbox.profile.get((field, ""), default)}

    return get_profile


# The webhook


def set_webhook(sandbox: Sandbox, params: Params) -> bool:
    url = params.text("url")
    if not url:
        return delete_webhook(sandbox, params)
    if not url.startswith(("https://", "http://")):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    secret = params.text("secret_token")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if params.flag("drop_pending_updates"):
        sandbox.updates.clear()
    sandbox.webhook = Webhook(url, secret, params.integer("max_connections", 40))
    sandbox.allowed_updates = read_allowed(params, sandbox.allowed_updates)
    if sandbox.on_webhook is not None:
        sandbox.on_webhook()
    return True


def read_allowed(params: Params, known: frozenset[str]) -> frozenset[str]:
    """Which kinds of update the bot wants: empty for all; what was `known` where the call does not say."""
    given = params.json("allowed_updates")
    return known if given is None else frozenset(given)


def delete_webhook(sandbox: Sandbox, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        sandbox.updates.clear()
    sandbox.webhook = None
    sandbox.notify()
    return True


def get_webhook_info(sandbox: Sandbox, params: Params) -> Json:
    webhook = sandbox.webhook
    info: Json = {
        "url": webhook.url if webhook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(sandbox.pending_updates(limit=1_000_000)),
    }
    if webhook is not None:
        info["max_connections"] = webhook.max_connections
        if webhook.last_error_at is not None:
            info["last_error_date"] = int(webhook.last_error_at.timestamp())
            info["last_error_message"] = webhook.last_error
    if sandbox.allowed_updates:
        info["allowed_updates"] = sorted(sandbox.allowed_updates)
    return info


METHODS: dict[str, Method] = {
    "getme": get_me,
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "leavechat": leave_chat,
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "sendchataction": send_chat_action,
    "editmessagetext": edit_message_text,
    "editmessagecaption": edit_message_caption,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "answercallbackquery": answer_callback_query,
    "answerinlinequery": answer_inline_query,
    "getfile": get_file,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": _setter("name", 64, "BOT_NAME_TOO_LONG"),
    "getmyname": _getter("name"),
    "setmydescription": _setter("description", 512, "BOT_DESCRIPTION_TOO_LONG"),
    "getmydescription": _getter("description"),
    "setmyshortdescription": _setter("short_description", 120, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
    "getmyshortdescription": _getter("short_description"),
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
