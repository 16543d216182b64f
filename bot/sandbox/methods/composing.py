"""Text and captions of messages, as `sendMessage` and the edits take them."""

from __future__ import annotations

from bot.sandbox.entities import MAX_TEXT, compose
from bot.sandbox.model import Json
from bot.sandbox.params import Params
from bot.sandbox.refusals import bad_request


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
