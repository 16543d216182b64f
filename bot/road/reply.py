"""Replies: frozen values that `words` modules make and the outbox stores."""

from __future__ import annotations

import hashlib
import html
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.mail import MessageKind, NewMessage

TEXT_LIMIT = 4096  # UTF-16 units of one message
CAPTION_LIMIT = 1024  # UTF-16 units under a photo or document
BUTTON_DATA_LIMIT = 64  # bytes

_TOKENS = re.compile(r"<[^<>]*>|&#?\w+;|[^<&\s]+|\s+|[<&]")
_TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)[^<>]*>")
_LINE_BREAKS = re.compile(r"<br\s*/?>")
_UNSAFE = re.compile(r'(?:\.{2,}|[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff])+')
_LONGEST_NAME = 120
_LONGEST_ENDING = 5


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message. Exactly one of its four ends.

    Attributes:
        data: callback data, at most 64 bytes.
        inline: a query to begin.
        web_app: the https address of a page that Telegram opens over the chat; in private chats only.
    """

    label: str
    data: str | None = None
    url: str | None = None
    inline: str | None = None
    web_app: str | None = None

    def __post_init__(self) -> None:
        """Refuse what Telegram would."""
        if sum(value is not None for value in (self.data, self.url, self.inline, self.web_app)) != 1:
            raise ValueError("a button does exactly one thing")
        if self.data is not None and not 1 <= len(self.data.encode()) <= BUTTON_DATA_LIMIT:
            raise ValueError(f"callback data takes 1 to {BUTTON_DATA_LIMIT} bytes: {self.data!r}")
        if not self.label.strip():
            raise ValueError("a button has a label")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the keyboard below the text field that does more than send its label: it shares the phone number."""

    label: str
    asks_contact: bool = False


def safe_name(name: str) -> str:
    """A file's name without what leads elsewhere or is shown otherwise: "../a\u202excod.exe" → "a-xcod.exe". Pure."""
    plain = _UNSAFE.sub("-", name).strip("-. ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return plain[:_LONGEST_NAME] or "file"
    return f"{stem[: _LONGEST_NAME - len(ending)]}.{ending}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A photo or document to be sent; stored under the hash of its content until then.

    Its name is made such that no program takes it for a path or shows it as another kind of file.
    """

    content: bytes
    name: str

    def __post_init__(self) -> None:
        """Make the name safe: parts of it may have been written by anybody."""
        object.__setattr__(self, "name", safe_name(self.name))

    @property
    def sha256(self) -> str:
        """The hash it is stored under."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo or document that Telegram keeps already, sent once more by its id.

    Attributes:
        field: the name of its kind in the Bot API: photo | document.
    """

    field: str
    file_id: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply. One that is longer than a message takes is sent in pages, buttons under the last.

    Attributes:
        text: Telegram's HTML; whatever people or documents wrote is escaped by the view.
        buttons: rows of inline buttons.
        keyboard: rows of the reply keyboard; None leaves it as it is, () takes it away.
        hint: grey text in the empty text field while the keyboard shows.
        photo: at most one of photo and document; the text is its caption where it is short enough.
        again: a photo or document that Telegram keeps, in their place; the text is its caption.
        edits: the number of a message to change instead of sending a new one.
        edits_key: the `key` of the message to change, where its number is not known yet.
        answers: the number of the message this is a reply to.
        thread_id: the topic of a forum group.
        kind: who goes first, and what happens in doubt.
        key: unique for ever; said twice under one key, it is sent once.
        not_before: the earliest moment to send it (aware).
        last_call: for the last reminder before a deadline: sent again where it is in doubt,
        preface: with this sentence before it.
        silent: arrives without a sound.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    keyboard: tuple[tuple[str | Key, ...], ...] | None = None
    hint: str | None = None
    photo: Attachment | None = None
    document: Attachment | None = None
    again: Kept | None = None
    edits: int | None = None
    edits_key: str | None = None
    answers: int | None = None
    thread_id: int | None = None
    kind: MessageKind = MessageKind.REPLY
    key: str | None = None
    not_before: datetime | None = None
    last_call: bool = False
    preface: str | None = None
    silent: bool = False

    def __post_init__(self) -> None:
        """Refuse what one message cannot carry."""
        if self.buttons and self.keyboard is not None:
            raise ValueError("one message carries buttons or a keyboard, not both")
        if sum(each is not None for each in (self.photo, self.document, self.again)) > 1:
            raise ValueError("one message carries a photo or a document, not both")
        if not self.text.strip() and not (self.photo or self.document):
            raise ValueError("a reply says something")

    @property
    def attachment(self) -> Attachment | None:
        """The photo or document, whichever it is."""
        return self.photo or self.document


def utf16_length(text: str) -> int:
    """The length of `text` in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_plain(text: str) -> str:
    """Telegram's HTML as plain text: "<b>5</b> &lt; 6" → "5 < 6"."""
    return html.unescape(re.sub(r"<[^<>]*>", "", _LINE_BREAKS.sub("\n", text)))


def split_html(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """`text` in pages of at most `limit` UTF-16 units, cut between lines or words, never in a tag or an entity.

    Tags that are open at a cut are closed there and opened again on the next page.
    """
    if utf16_length(text) <= limit:
        return [text]
    pages: list[str] = []
    page = ""
    opened: list[tuple[str, str]] = []

    def closing() -> str:
        return "".join(f"</{name}>" for name, _ in reversed(opened))

    def opening() -> str:
        return "".join(tag for _, tag in opened)

    def turn_over() -> None:
        nonlocal page
        if to_plain(page).strip():
            pages.append(page.rstrip() + closing())
        page = opening()

    def fits(more: str) -> bool:
        return utf16_length(page) + utf16_length(more) + utf16_length(closing()) + 16 <= limit

    for line in text.splitlines(keepends=True):
        if not fits(line) and utf16_length(line) + 200 <= limit:
            turn_over()
        for token in _TOKENS.findall(line):
            tag = _TAG.fullmatch(token)
            if tag is not None:
                if not fits(token) and not tag[1]:
                    turn_over()
                page += token
                if not tag[1]:
                    opened.append((tag[2], token))
                elif opened and opened[-1][0] == tag[2]:
                    opened.pop()
                continue
            rest = token
            while rest and not fits(rest):
                if utf16_length(rest) <= limit // 2:
                    turn_over()
                    if not fits(rest):
                        break
                    continue
                room = max(1, (limit - utf16_length(page) - utf16_length(closing()) - 16) // 2)
                page += rest[:room]
                rest = rest[room:]
                turn_over()
            if rest.strip() or to_plain(page).strip():
                page += rest
    if to_plain(page).strip():
        pages.append(page.rstrip())
    return pages


def to_messages(chat_id: int, reply: Reply) -> list[NewMessage]:
    """A reply as rows for the outbox, one a page."""
    attachment = reply.attachment
    caption_fits = attachment is not None and utf16_length(reply.text) <= CAPTION_LIMIT
    pages: list[dict[str, Any]] = []
    if attachment is not None:
        field = "photo" if reply.photo else "document"
        first: dict[str, Any] = {field: [attachment.sha256, attachment.name]}
        if caption_fits and reply.text.strip():
            first["text"] = reply.text
        pages.append(first)
    if reply.again is not None:
        pages.append({"again": [reply.again.field, reply.again.file_id], "text": reply.text})
    elif not caption_fits:
        pages += [{"text": page} for page in split_html(reply.text)]
    first, last = pages[0], pages[-1]
    if reply.edits is not None:
        first["edits"] = reply.edits
    if reply.edits_key is not None:
        first["edits_key"] = reply.edits_key
    if reply.answers is not None:
        first["answers"] = reply.answers
    if reply.preface is not None:
        first["preface"] = reply.preface
    if reply.buttons:
        last["buttons"] = [[_button(button) for button in row] for row in reply.buttons]
    if reply.keyboard is not None:
        last["keyboard"] = [[_key(key) for key in row] for row in reply.keyboard]
        if reply.hint:
            last["hint"] = reply.hint
    for page in pages:
        if reply.thread_id is not None:
            page["thread_id"] = reply.thread_id
        if reply.silent:
            page["silent"] = True
    return [
        NewMessage(
            chat_id=chat_id,
            body=json.dumps(page, ensure_ascii=False, separators=(",", ":")),
            kind=reply.kind,
            key=None if reply.key is None else reply.key if number == 0 else f"{reply.key}#{number + 1}",
            not_before=reply.not_before,
            last_call=reply.last_call,
        )
        for number, page in enumerate(pages)
    ]


def _button(button: Button) -> dict[str, Any]:
    if button.data is not None:
        return {"text": button.label, "callback_data": button.data}
    if button.url is not None:
        return {"text": button.label, "url": button.url}
    if button.web_app is not None:
        return {"text": button.label, "web_app": {"url": button.web_app}}
    return {"text": button.label, "switch_inline_query_current_chat": button.inline or ""}


def _key(key: str | Key) -> dict[str, Any]:
    if isinstance(key, str):
        return {"text": key}
    return {"text": key.label, "request_contact": True} if key.asks_contact else {"text": key.label}


__all__ = [
    "Attachment",
    "Button",
    "Kept",
    "Key",
    "MessageKind",
    "Reply",
    "split_html",
    "to_messages",
    "to_plain",
    "utf16_length",
]
