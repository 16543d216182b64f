"""Methods that answer taps and inline queries."""

from __future__ import annotations

from bot.sandbox.entities import MAX_TEXT, compose, utf16_length
from bot.sandbox.markup import check_markup
from bot.sandbox.model import Json, Query
from bot.sandbox.params import Params
from bot.sandbox.refusals import QUERY_TOO_OLD, bad_request
from bot.sandbox.state import Sandbox


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
