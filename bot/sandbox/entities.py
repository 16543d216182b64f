"""The parser of message text: HTML or plain text into text and entities, refusing what Telegram refuses.

Follows the rules of https://core.telegram.org/bots/api#html-style and the error wording of the published server. One
rule is stricter than Telegram's on purpose: a bare `&` is refused, because it always means that text was not escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.sandbox.refusals import bad_request

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_ENTITIES = 100

_ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_URL = re.compile(r"^(?:https?://|tg://|mailto:|tel:)?[^\s<>\"]+\.[^\s<>\"]+$|^tg://\S+$|^https?://[^\s<>\"]+$")
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?P<command>(?<![\w/<>@.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<![\w/@])@[A-Za-z0-9_]{4,32}(?!\w))"
)
_SPACE = " \t\r\n\v\f"


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the measure of every Telegram offset and limit."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


@dataclass(slots=True)
class _Open:
    tag: str
    offset: int
    argument: str


class _HtmlParser:
    """One pass over the text; `utf16` counts the units put out so far."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._out: list[str] = []
        self._utf16 = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        text, size = self._text, len(self._text)
        while self._at < size:
            character = text[self._at]
            if character == "&":
                self._reference()
            elif character != "<":
                end = self._at + 1
                while end < size and text[end] not in "<&":
                    end += 1
                self._put(text[self._at : end])
                self._at = end
            elif text.startswith("</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        if self._open:
            raise _cannot_parse(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        self._entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self._out), self._entities

    def _put(self, piece: str) -> None:
        self._out.append(piece)
        self._utf16 += utf16_length(piece)

    def _byte(self, position: int) -> int:
        return len(self._text[:position].encode())

    def _reference(self) -> None:
        match = _REFERENCE.match(self._text, self._at)
        if match is None:
            raise _cannot_parse(f'Unescaped "&" at byte offset {self._byte(self._at)} (the sandbox is strict here)')
        decimal, hexadecimal, named = match.groups()
        if named:
            self._put(_NAMED[named])
        else:
            point = int(decimal) if decimal else int(hexadecimal, 16)
            self._put(chr(point) if 0 < point < 0x110000 and not 0xD800 <= point < 0xE000 else match.group())
        self._at = match.end()

    def _start_tag(self) -> None:
        text, begin = self._text, self._at
        at = begin + 1
        while at < len(text) and text[at] not in _SPACE and text[at] != ">":
            at += 1
        if at >= len(text):
            raise _cannot_parse(f"Unclosed start tag at byte offset {self._byte(begin)}")
        tag = text[begin + 1 : at].lower()
        if tag not in _ENTITY_OF_TAG:
            raise _cannot_parse(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes, at = self._attributes(tag, begin, at)
        argument = ""
        if tag == "a":
            argument = attributes.get("href", "")
        elif tag == "code":
            language = attributes.get("class", "")
            argument = language.removeprefix("language-") if language.startswith("language-") else ""
        elif tag == "span":
            if attributes.get("class") != "tg-spoiler":
                raise _cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        elif tag == "tg-emoji":
            argument = attributes.get("emoji-id", "")
            if not argument.isdigit():
                raise _cannot_parse("Invalid custom emoji identifier specified")
        elif tag == "blockquote" and "expandable" in attributes:
            argument = "expandable"
        self._open.append(_Open(tag, self._utf16, argument))
        self._at = at + 1

    def _attributes(self, tag: str, begin: int, at: int) -> tuple[dict[str, str], int]:
        text, size = self._text, len(self._text)
        attributes: dict[str, str] = {}

        def unclosed() -> Exception:
            return _cannot_parse(f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}')

        while True:
            while at < size and text[at] in _SPACE:
                at += 1
            if at >= size:
                raise unclosed()
            if text[at] == ">":
                return attributes, at
            name_at = at
            while at < size and text[at] not in _SPACE and text[at] not in "=>\"'/":
                at += 1
            name = text[name_at:at].lower()
            if not name:
                raise _cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
            while at < size and text[at] in _SPACE:
                at += 1
            if at >= size:
                raise unclosed()
            if text[at] != "=":
                attributes[name] = ""
                continue
            at += 1
            while at < size and text[at] in _SPACE:
                at += 1
            if at >= size:
                raise unclosed()
            if text[at] in "\"'":
                end = text.find(text[at], at + 1)
                if end < 0:
                    raise unclosed()
                value, at = text[at + 1 : end], end + 1
            else:
                value_at = at
                while at < size and (text[at].isalnum() or text[at] in ".-"):
                    at += 1
                value = text[value_at:at]
                if at < size and text[at] not in _SPACE and text[at] != ">":
                    raise _cannot_parse(f"Unexpected end of name token at byte offset {self._byte(value_at)}")
            attributes[name] = _REFERENCE.sub(lambda found: _NAMED.get(found[3] or "", found[0]), value)

    def _end_tag(self) -> None:
        text, begin = self._text, self._at
        if not self._open:
            raise _cannot_parse(f"Unexpected end tag at byte offset {self._byte(begin)}")
        at = begin + 2
        while at < len(text) and text[at] not in _SPACE and text[at] != ">":
            at += 1
        found = text[begin + 2 : at].lower()
        while at < len(text) and text[at] in _SPACE:
            at += 1
        if at >= len(text) or text[at] != ">":
            raise _cannot_parse(f"Unclosed end tag at byte offset {self._byte(begin)}")
        opened = self._open.pop()
        if found and found != opened.tag:
            raise _cannot_parse(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", found "</{found}>"'
            )
        self._at = at + 1
        if self._utf16 > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Json = {
            "type": _ENTITY_OF_TAG[opened.tag],
            "offset": opened.offset,
            "length": self._utf16 - opened.offset,
        }
        if opened.tag == "a":
            encoded = "".join(self._out).encode("utf-16-le")
            url = opened.argument or encoded[opened.offset * 2 :].decode("utf-16-le")
            if not _URL.match(url):
                return
            entity["url"] = url if "://" in url or url.startswith(("mailto:", "tel:")) else f"http://{url}/"
        elif opened.tag == "code" and self._open and self._open[-1].tag == "pre":
            self._open[-1].argument = opened.argument
            return
        elif opened.tag == "pre" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        self._entities.append(entity)


def _cannot_parse(reason: str) -> Exception:
    return bad_request(f"can't parse entities: {reason}")


def parse_html(text: str) -> tuple[str, list[Json]]:
    """Plain text and its entities (offsets in UTF-16 units): "<b>a</b>" → "a" and bold from 0, length 1.

    Raises Refusal (400, "can't parse entities: …") on tags it does not know, tags left open or closed in the wrong
    order, a bare `<`, and a bare `&`.
    """
    if "<" not in text and "&" not in text:
        return text, []
    return _HtmlParser(text).parse()


def find_entities(text: str, bot_commands: bool = True) -> list[Json]:
    """Links, commands and mentions that Telegram marks by itself in any text."""
    if "/" not in text and "@" not in text:
        return []
    found: list[Json] = []
    for match in _FOUND.finditer(text):
        kind = {"url": "url", "command": "bot_command", "mention": "mention"}[match.lastgroup or ""]
        if kind == "bot_command" and not bot_commands:
            continue
        found.append(
            {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(match.group())}
        )
    return found


def compose(text: str, parse_mode: str, given: list[Json] | None, limit: int) -> tuple[str, list[Json]]:
    """What a message will hold: text without the space around it, and entities, marked and found.

    `limit` is MAX_TEXT or MAX_CAPTION, in UTF-16 units after parsing. Raises Refusal where the text cannot be parsed
    or is too long. An empty result is for the caller to judge: captions may be empty, messages may not.
    """
    mode = parse_mode.lower()
    if mode == "html":
        text, entities = parse_html(text)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        entities = list(given or [])
    lead = len(text) - len(text.lstrip("\n"))
    text = text[lead:].rstrip()
    size = utf16_length(text)
    if lead or entities:
        entities = [cut for entity in entities if (cut := _within(entity, lead, size))]
    if size > limit:
        raise bad_request("message is too long" if limit == MAX_TEXT else "message caption is too long")
    taken = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities if _hides(entity)]
    for entity in find_entities(text):
        begin, end = entity["offset"], entity["offset"] + entity["length"]
        if not any(begin < other_end and other_begin < end for other_begin, other_end in taken):
            entities.append(entity)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities[:MAX_ENTITIES]


def _hides(entity: Json) -> bool:
    return entity["type"] in {"code", "pre", "text_link", "url", "mention", "bot_command"}


def _within(entity: Json, lead: int, size: int) -> Json | None:
    begin = max(0, int(entity["offset"]) - lead)
    end = min(size, int(entity["offset"]) + int(entity["length"]) - lead)
    return {**entity, "offset": begin, "length": end - begin} if end > begin else None
