"""Methods that send: messages, documents, photos, chat actions; and `getFile`."""

from __future__ import annotations

from bot.sandbox import files
from bot.sandbox.entities import MAX_CAPTION, MAX_TEXT, compose
from bot.sandbox.files import document_json, photo_json
from bot.sandbox.markup import check_markup
from bot.sandbox.methods.places import get_writable_chat
from bot.sandbox.model import MAX_DOWNLOAD_BYTES, MAX_PHOTO_BYTES, MAX_UPLOAD_BYTES, Chat, Json, StoredFile
from bot.sandbox.params import Params
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.state import Sandbox

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
    content = read_text(params) if params.text("chat_id") else {}
    return _post(sandbox, params, get_writable_chat(sandbox, params), content)


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
    size = files.find_size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def send_document(sandbox: Sandbox, params: Params) -> Json:
    chat = get_writable_chat(sandbox, params)
    caption = read_composed(params, "caption", MAX_CAPTION)
    stored = _stored(sandbox, params, "document", "documents")
    return _post(sandbox, params, chat, {"document": document_json(stored), **caption})


def send_photo(sandbox: Sandbox, params: Params) -> Json:
    chat = get_writable_chat(sandbox, params)
    caption = read_composed(params, "caption", MAX_CAPTION)
    stored = _stored(sandbox, params, "photo", "photos")
    small = {**photo_json(stored)}
    small |= {
        "width": min(320, small["width"]),
        "height": min(320, small["height"]),
        "file_unique_id": "s" + stored.unique_id,
    }
    return _post(sandbox, params, chat, {"photo": [small, photo_json(stored)], **caption})


def send_chat_action(sandbox: Sandbox, params: Params) -> bool:
    chat = get_writable_chat(sandbox, params)
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    sandbox.emit({"type": "typing", "chat": chat.id, "action": params.text("action")})
    return True


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


def read_composed(params: Params, field: str, limit: int) -> Json:
    """The text or caption of a message with its entities, under the names the Bot API gives them."""
    names = {"text": ("text", "entities"), "caption": ("caption", "caption_entities")}[field]
    text, entities = compose(params.text(field), params.text("parse_mode"), params.json(names[1]), limit)
    content: Json = {names[0]: text} if text else {}
    if text and entities:
        content[names[1]] = entities
    return content


def read_text(params: Params) -> Json:
    if not params.text("text"):
        raise bad_request("message text is empty")
    content = read_composed(params, "text", MAX_TEXT)
    if not content:
        raise bad_request("text must be non-empty")
    return content
