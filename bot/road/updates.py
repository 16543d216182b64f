"""Updates as they come in, read from bytes: what can be kept and handled, and what has to be put aside.

One update that cannot be read must not stop the others: neither in the answer it came in, nor at the head of the queue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import msgspec

from bot.road.carrier import LostError, read_answer
from storage.inbox import Received, Unreadable

LARGEST_UPDATE: Final = 1_000_000  # bytes
LONGEST_TEXT: Final = 20_000  # letters; Telegram's messages have 4,096
DEEPEST: Final = 64  # levels of nesting; Telegram's updates have a dozen
_LARGEST_NUMBER: Final = 2**63 - 1  # what both engines keep


class _Batch(msgspec.Struct):
    ok: bool
    result: list[msgspec.Raw]


_decode_batch = msgspec.json.Decoder(_Batch).decode
_decode = msgspec.json.Decoder().decode

_BATCH_BEGINS = re.compile(rb'\s*+\{\s*+"ok"\s*+:\s*+true\s*+,\s*+"result"\s*+:\s*+\[')
_SIGN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z|\\)|[\[\]{},]', re.DOTALL)
_UPDATE_BEGINS = re.compile(rb'\{\s*+"update_id"\s*+:')
_NUMBER = re.compile(rb'"update_id"\s*+:\s*+(-?\d{1,40})(?![\d.eE])')


def read_batch(status: int, content: bytes) -> list[bytes]:
    """The updates in an answer to getUpdates, unread; one that is no JSON spoils only itself. Pure.

    Raises:
        CarrierError: it is no such answer; see `read_answer`.
    """
    if status == 200:
        try:
            answer = _decode_batch(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            parts = _split(content)
            if parts is not None:
                return parts
        else:
            if answer.ok:
                return [bytes(raw) for raw in answer.result]
    read_answer(status, content)
    raise LostError("an answer of Telegram's without updates")


def _split(content: bytes) -> list[bytes] | None:
    """The elements of an answer that cannot be decoded as a whole; None where it is no whole answer of Telegram's."""
    begins = _BATCH_BEGINS.match(content)
    body = content.rstrip()
    if begins is None or not body.endswith(b"}") or not body[:-1].rstrip().endswith(b"]"):
        return None
    inner = body[begins.end() : body.rindex(b"]")]
    by_signs = list(_split_by_signs(inner))
    starts = [found.start() for found in _UPDATE_BEGINS.finditer(inner)]
    if by_signs and len(by_signs) >= len(starts):
        return by_signs
    bounds = sorted({0, *starts, len(inner)})
    parts = [inner[start:stop].strip().removesuffix(b",").rstrip() for start, stop in pairwise(bounds)]
    return [each for part in parts if part for each in list(_split_by_signs(part)) or [part]]


def _split_by_signs(inner: bytes) -> Iterator[bytes]:
    """The elements of a list, cut at the commas between them; nothing where brackets do not match."""
    depth, start, cuts = 0, 0, []
    for found in _SIGN.finditer(inner):
        match inner[found.start() : found.start() + 1]:
            case b"[" | b"{":
                depth += 1
            case b"]" | b"}":
                depth -= 1
                if depth < 0:
                    return
            case b"," if depth == 0:
                cuts.append((start, found.start()))
                start = found.end()
    if depth == 0:
        for first, last in [*cuts, (start, len(inner))]:
            if part := inner[first:last].strip():
                yield part


def decide_offset(batch: Sequence[Received | Unreadable]) -> int | None:
    """The offset that confirms a batch that was kept, None where none can. Pure.

    What can be read tells it: what stands before in Telegram's queue goes with it. Only a batch in which nothing can
    be read is confirmed by a number found in its bytes; one that Telegram cannot have given confirms nothing, since it
    might take with it what nobody has seen yet.
    """
    readable = [each.update_id for each in batch if isinstance(each, Received)]
    found = [each.update_id for each in batch if each.update_id is not None and 0 <= each.update_id < _LARGEST_NUMBER]
    numbers = readable or found
    return numbers[-1] + 1 if numbers else None


def read_update(raw: bytes) -> Received | Unreadable:
    """One update's JSON as it is kept in the inbox. Never raises: what cannot be kept or handled says why. Pure."""
    if len(raw) > LARGEST_UPDATE:
        return unreadable(raw, "too large")
    try:
        text, update = raw.decode(), _decode(raw)
    except UnicodeDecodeError:
        return unreadable(raw, "not UTF-8")
    except RecursionError:
        return unreadable(raw, "nested too deeply")
    except Exception:
        return unreadable(raw, "not JSON")
    number: Any = update.get("update_id") if isinstance(update, dict) else None
    if not _is_id(number) or number < 0:
        return unreadable(raw, "no update_id")
    fault = _find_fault(update)
    if fault is not None:
        return Unreadable(raw, fault, number)
    for kind, content in update.items():
        if isinstance(content, dict):
            return Received(number, _chat_key(content, number), text, _natural_key(kind, content))
    return Received(number, f"update:{number}", text)


def read_stored(text: str) -> Any:
    """A stored update as Telegram's values, without NUL characters: nobody types them, and PostgreSQL keeps none."""
    update = _decode(text)
    return _without_nul(update) if "\\u0000" in text else update


def _without_nul(value: Any) -> Any:
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_without_nul(each) for each in value]
        case dict():
            return {name: _without_nul(each) for name, each in value.items()}
    return value


def unreadable(raw: bytes, error: str) -> Unreadable:
    """Bytes that are put aside, with the number that stands in them."""
    found = _NUMBER.search(raw)
    return Unreadable(raw, error, int(found[1]) if found else None)


def _find_fault(update: dict[str, Any]) -> str | None:
    """Why an update cannot be kept or handled although it is JSON; None where it can."""
    waiting: list[tuple[Any, int]] = [(update, 1)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, str):
            if len(value) > LONGEST_TEXT:
                return "too long a text"
        elif isinstance(value, int):
            if not -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER:
                return "a number beyond 64 bits"
        elif isinstance(value, dict | list):
            if depth > DEEPEST:
                return "nested too deeply"
            waiting += [(each, depth + 1) for each in (value.values() if isinstance(value, dict) else value)]
    for content in update.values():
        for holder in (content, content.get("message")) if isinstance(content, dict) else ():
            for name in ("chat", "from"):
                whose = holder.get(name) if isinstance(holder, dict) else None
                if isinstance(whose, dict) and not _is_id(whose.get("id")):
                    return f"{name} without a number"
    return None


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST_NUMBER


def _id_in(content: Any, name: str) -> int | None:
    inner = content.get(name) if isinstance(content, dict) else None
    found = inner.get("id") if isinstance(inner, dict) else None
    return found if _is_id(found) else None


def _chat_key(content: dict[str, Any], number: int) -> str:
    """The key of an update's queue: the chat of messages and taps, the sender of everything else."""
    chat = _id_in(content, "chat")
    if chat is None:
        chat = _id_in(content.get("message"), "chat")
    if chat is not None:
        return f"chat:{chat}"
    sender = _id_in(content, "from")
    return f"from:{sender}" if sender is not None else f"update:{number}"


def _natural_key(kind: str, content: dict[str, Any]) -> str | None:
    if kind == "message":
        chat, message = _id_in(content, "chat"), content.get("message_id")
        return f"m:{chat}:{message}" if chat is not None and _is_id(message) else None
    if kind in ("callback_query", "inline_query") and isinstance(content.get("id"), str):
        return f"{kind[0]}:{content['id'][:70]}"
    return None
