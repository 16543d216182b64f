"""One message on its way: the request it becomes, and the second try where Telegram minds how it is written."""

from __future__ import annotations

import json
import logging
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from bot.road import words
from bot.road.carrier import Carrier, MigratedError, NotSentError, RefusedError
from bot.road.reply import to_plain
from storage import messages
from storage.engine import Database
from storage.messages import Outgoing

logger = logging.getLogger(__name__)

SEND_SECONDS: Final = 15.0
FILE_SECONDS: Final = 35.0
"""Within a claim's lease: a message is not on its way for longer than it is believed to be."""

NOT_MODIFIED: Final = "message is not modified"
"""Telegram's answer to an edit that changes nothing."""
_NOT_EDITABLE = ("message to edit not found", "message can't be edited", "no text in the message", "message_id_invalid")
_FILE_GONE = ("wrong file identifier", "wrong remote file", "wrong padding", "invalid file")
_METHODS = (("photo", "sendPhoto"), ("document", "sendDocument"))
_BAD_HTML = ("can't parse", "unsupported start tag", "can't find end", "unclosed", "unmatched end tag", "entity")


def to_request(body: dict[str, Any], chat_id: int, *, again: bool) -> tuple[str, dict[str, Any]]:
    """Method and parameters for a stored body; a photo or document is added by the caller. Pure.

    Args:
        again: whether it is sent again after a doubt: then its preface goes before it.
    """
    text = str(body.get("text", ""))
    if again and body.get("preface"):
        text = f"{body['preface']}\n\n{text}"
    parameters: dict[str, Any] = {"chat_id": chat_id}
    if "buttons" in body:
        parameters["reply_markup"] = {"inline_keyboard": body["buttons"]}
    elif "keyboard" in body:
        keyboard = body["keyboard"]
        parameters["reply_markup"] = (
            {"keyboard": keyboard, "resize_keyboard": True, "is_persistent": True}
            | ({"input_field_placeholder": body["hint"][:64]} if "hint" in body else {})
            if keyboard
            else {"remove_keyboard": True}
        )
    if body.get("edits"):
        parameters |= {"message_id": body["edits"], "text": text, "parse_mode": "HTML"}
        return "editMessageText", parameters | {"link_preview_options": {"is_disabled": True}}
    if "answers" in body:
        parameters["reply_parameters"] = {"message_id": body["answers"], "allow_sending_without_reply": True}
    if "thread_id" in body:
        parameters["message_thread_id"] = body["thread_id"]
    if body.get("silent"):
        parameters["disable_notification"] = True
    for field, method in _METHODS:
        if field in body:
            return method, parameters | ({"caption": text, "parse_mode": "HTML"} if text else {})
        if body.get("again", [None])[0] == field:
            return method, parameters | {field: body["again"][1], "caption": text, "parse_mode": "HTML"}
    return "sendMessage", parameters | {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


async def send(database: Database, carrier: Carrier, outgoing: Outgoing) -> int | None:
    """Send a message; Telegram's number of it. An edit that cannot be and HTML that is refused go in another way.

    Raises:
    CarrierError: it was not sent, or nobody knows.
    """
    body: dict[str, Any] = json.loads(outgoing.body)
    files: dict[str, tuple[str, bytes]] | None = None
    if "edits_key" in body or "photo" in body or "document" in body:
        try:
            async with database.read() as db:
                if "edits_key" in body:
                    body["edits"] = await messages.find_message_id(db, body["edits_key"])
                for field in ("photo", "document"):
                    if field in body:
                        sha256, name = body[field]
                        files = {field: (name, await messages.get_file(db, sha256))}
        except (SQLAlchemyError, OSError) as error:
            raise NotSentError(type(error).__name__) from error
    for _ in range(3):
        method, parameters = to_request(body, outgoing.chat_id, again=outgoing.doubts > 0)
        if body.get("plain"):
            parameters.pop("parse_mode", None)
        try:
            result = await carrier.call(
                method, parameters, files=files, timeout=SEND_SECONDS if not files else FILE_SECONDS
            )
        except RefusedError as error:
            reason = error.description.lower()
            if error.status != 400 or isinstance(error, MigratedError):
                raise
            if body.get("edits") and NOT_MODIFIED in reason:
                return int(body["edits"])
            if body.get("edits") and any(sign in reason for sign in _NOT_EDITABLE):
                del body["edits"]
            elif "again" in body and any(sign in reason for sign in _FILE_GONE):
                del body["again"]
                body["text"] = f"{body['text']}\n{words.file_gone()}"
            elif not body.get("plain") and any(sign in reason for sign in _BAD_HTML):
                logger.warning("html refused, sent as plain text", extra={"outbox": outgoing.id})
                body |= {"text": to_plain(str(body.get("text", ""))), "plain": True}
                if body.get("preface"):
                    body["preface"] = to_plain(str(body["preface"]))
            else:
                raise
            continue
        return result.get("message_id") if isinstance(result, dict) else None
    raise RefusedError(400, "refused as HTML and as plain text")
