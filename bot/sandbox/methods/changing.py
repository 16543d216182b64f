"""Methods that change or delete a message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.sandbox.entities import MAX_CAPTION
from bot.sandbox.markup import check_markup
from bot.sandbox.methods.places import get_writable_chat
from bot.sandbox.methods.sending import read_composed, read_text
from bot.sandbox.model import Json, Message
from bot.sandbox.params import Params
from bot.sandbox.refusals import NOT_MODIFIED, bad_request
from bot.sandbox.state import Sandbox

_DELETE_WITHIN = timedelta(hours=48)


def _find_edited(sandbox: Sandbox, params: Params) -> tuple[Message, bool]:
    """The message to change, and whether it was sent by a person from inline mode."""
    if inline_id := params.text("inline_message_id"):
        inline = sandbox.inline_messages.get(inline_id)
        if inline is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return inline, True
    chat = get_writable_chat(sandbox, params)
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
    content = read_text(params)

    def change(json: Json) -> Json:
        if "text" not in json:
            raise bad_request("there is no text in the message to edit")
        return {**{key: value for key, value in json.items() if key not in {"text", "entities"}}, **content}

    return _edit(sandbox, params, change)


def edit_message_caption(sandbox: Sandbox, params: Params) -> Json | bool:
    content = read_composed(params, "caption", MAX_CAPTION)

    def change(json: Json) -> Json:
        if "text" in json:
            raise bad_request("there is no caption in the message to edit")
        return {**{key: value for key, value in json.items() if key not in {"caption", "caption_entities"}}, **content}

    return _edit(sandbox, params, change)


def edit_message_reply_markup(sandbox: Sandbox, params: Params) -> Json | bool:
    return _edit(sandbox, params, dict)


def delete_message(sandbox: Sandbox, params: Params) -> bool:
    chat = get_writable_chat(sandbox, params)
    message = chat.messages.get(params.integer("message_id", 0))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    age = timedelta(seconds=sandbox.timestamp() - message.json["date"])
    if age > _DELETE_WITHIN or (not message.by_bot and not chat.is_private):
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    if chat.keyboard is not None and chat.keyboard is message.keyboard:
        chat.keyboard = None  # as the apps do
    if chat.pinned == message.id:
        chat.pinned = 0
    sandbox.show(chat, message)
    return True


def pin_chat_message(sandbox: Sandbox, params: Params) -> bool:
    chat = get_writable_chat(sandbox, params)
    message = chat.messages.get(params.integer("message_id", 0))
    if message is None or message.deleted:
        raise bad_request("message to pin not found")
    chat.pinned = message.id
    sandbox.emit({"type": "pinned", "chat": chat.id, "message_id": message.id})
    sandbox.notify()
    return True
