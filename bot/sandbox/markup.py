"""The check of keyboards: accepts the inline and reply keyboards that Telegram accepts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.refusals import bad_request

Json = dict[str, Any]

MAX_BUTTONS = 100
MAX_CALLBACK_DATA = 64

_INLINE_ACTIONS = (
    "callback_data",
    "url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "web_app",
    "login_url",
    "copy_text",
    "pay",
)


def check_markup(markup: Any) -> Json | None:
    """A keyboard as it will be stored, None for none. Raises Refusal in the server's words for a wrong one."""
    if markup in (None, "", {}):
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = _rows(markup["inline_keyboard"], "inline keyboard")
        checked = [[_inline_button(button) for button in row] for row in rows]
        if sum(map(len, checked)) > MAX_BUTTONS:
            raise bad_request("REPLY_MARKUP_TOO_LONG")
        return {"inline_keyboard": checked} if checked else None
    if "keyboard" in markup:
        rows = _rows(markup["keyboard"], "reply keyboard")
        keyboard = [[_reply_button(button) for button in row] for row in rows]
        if not keyboard:
            raise bad_request("reply keyboard must be non-empty")
        if sum(map(len, keyboard)) > 3 * MAX_BUTTONS:
            raise bad_request("REPLY_MARKUP_TOO_LONG")
        return {**markup, "keyboard": keyboard}
    if "remove_keyboard" in markup or "force_reply" in markup:
        return dict(markup)
    raise bad_request("can't parse reply keyboard markup JSON object")


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what}: field must be of type Array of Arrays")
    return [row for row in rows if row]


def _text_of(button: Any, what: str) -> str:
    text = button.get("text") if isinstance(button, dict) else button
    if not isinstance(text, str) or not text.strip():
        raise bad_request(f"{what} text must be non-empty")
    return text


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    _text_of(button, "inline keyboard button")
    actions = [name for name in _INLINE_ACTIONS if name in button]
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= MAX_CALLBACK_DATA):
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not _is_url(url):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    page = button.get("web_app")
    if page is not None and not (isinstance(page, dict) and _is_page(page.get("url"))):
        raise bad_request("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")
    return dict(button)


def _is_page(url: Any) -> bool:
    """An https address; Telegram's test servers, and this one, take http on the machine itself as well."""
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"})


def _is_url(url: Any) -> bool:
    if not isinstance(url, str):
        return False
    if url.startswith("tg://"):
        return True
    parts = urlsplit(url if "://" in url else f"http://{url}")
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "")


def _reply_button(button: Any) -> Json:
    text = _text_of(button, "keyboard button")
    return {"text": text} if isinstance(button, str) else dict(button)
