"""Updates from bytes: whatever comes, nothing raises, nothing is lost, and what comes back can be stored."""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.road.carrier import BadTokenError, CarrierError, LostError, NotTelegramError
from bot.road.updates import DEEPEST, LARGEST_UPDATE, LONGEST_TEXT, decide_offset, read_batch, read_stored, read_update
from storage import inbox
from storage.engine import Database
from storage.inbox import Received, Unreadable
from tests.bot.road.fake_api import message

GOOD = json.dumps(message(5), separators=(",", ":")).encode()


def with_text(text: bytes, number: bytes = b"7") -> bytes:
    chat = b'{"id":7,"type":"private"}'
    return b'{"update_id":' + number + b',"message":{"message_id":1,"chat":' + chat + b',"text":' + text + b"}}"


POISON = {
    "beyond 64 bits": with_text(b'"x"', b"%d" % 2**70),
    "far beyond": with_text(b'"x"', b"9" * 5000),
    "negative": with_text(b'"x"', b"-5"),
    "fraction": with_text(b'"x"', b"5.0"),
    "in quotes": with_text(b'"x"', b'"5"'),
    "missing": b'{"message":{"message_id":1}}',
    "no object": b"[1,2]",
    "lone surrogate": with_text(rb'"\ud800"'),
    "lone second surrogate": with_text(rb'"a\udc00b"'),
    "surrogate as bytes": with_text(b'"\xed\xa0\x80"'),
    "not UTF-8": with_text(b'"\xff"'),
    "NUL as a byte": with_text(b'"a\0b"'),
    "deep": with_text(b"[" * 100_000 + b"]" * 100_000),
    "rather deep": with_text(b'{"a":' * 300 + b"1" + b"}" * 300),
    "long": with_text(b'"' + b"x" * 900_000 + b'"'),
    "large": with_text(b'"' + b"x" * 1_100_000 + b'"'),
    "a large number": with_text(b"%d" % 2**64),
    "not a number": with_text(b"NaN"),
    "cut": with_text(b'"x')[:-5],
    "unclosed": with_text(b'"x'),
    "chat without a number": b'{"update_id":7,"message":{"message_id":1,"chat":{"id":"seven"}}}',
    "chat beyond 64 bits": b'{"update_id":7,"message":{"message_id":1,"chat":{"id":%d}}}' % 2**64,
    "sender without a number": b'{"update_id":7,"callback_query":{"id":"1","from":{"id":1.5}}}',
}


def test_nul_characters_are_left_out_of_what_is_handled() -> None:
    found = read_update(with_text(rb'"a\u0000b \\u0000"'))
    assert isinstance(found, Received)
    assert read_stored(found.raw)["message"]["text"] == r"ab \u0000"


@pytest.mark.parametrize("raw", POISON.values(), ids=POISON)
def test_what_cannot_be_kept_or_handled_is_put_aside_with_its_bytes(raw: bytes) -> None:
    found = read_update(raw)
    assert isinstance(found, Unreadable)
    assert found.raw == raw
    assert found.number < 0
    assert found.number == Unreadable(raw, "otherwise").number


@pytest.mark.parametrize("raw", POISON.values(), ids=POISON)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_bad_update_spoils_only_itself(raw: bytes, place: int) -> None:
    parts = [GOOD, with_text(rb'"said: {\"update_id\":9, [ \\"', b"6")]
    parts.insert(place, raw)
    read = read_batch(200, b'{"ok":true,"result":[' + b",".join(parts) + b"]}")
    found = [read_update(each) for each in read]
    assert [each.update_id for each in found if isinstance(each, Received)] == [5, 6]
    assert sum(isinstance(each, Unreadable) for each in found) == 1
    assert decide_offset(found) == 7


def test_an_answer_that_is_no_batch_means_what_it_says() -> None:
    assert read_batch(200, b'{"ok":true,"result":[]}') == []
    assert read_batch(200, b' {"ok" : true, "result" : [ 1 , 2 ] } ') == [b"1", b"2"]
    for status, content, error in (
        (200, b'{"ok":true,"result":[{"update_id":5,"mess', LostError),
        (200, b'{"ok":true,"result":true}', LostError),
        (200, b"<html>", NotTelegramError),
        (200, b'{"ok":true,"result":[' + b"[" * 9000, LostError),
        (401, b'{"ok":false,"error_code":401,"description":"Unauthorized"}', BadTokenError),
        (401, b"<html>", NotTelegramError),
    ):
        with pytest.raises(error):
            read_batch(status, content)


def test_an_offset_is_only_what_telegram_can_have_given() -> None:
    def aside(number: int | None) -> Unreadable:
        return Unreadable(b"", "x", number)

    def good(number: int) -> Received:
        return Received(number, "a", "{}")

    assert decide_offset([good(5), good(6)]) == 7
    assert decide_offset([good(900), good(17)]) == 18, "after a quiet week numbers begin anew"
    assert decide_offset([good(5), aside(2**70)]) == 6, "what is behind is not known"
    assert decide_offset([good(5), aside(6)]) == 6, "the next poll confirms it"
    assert decide_offset([aside(6)]) == 7
    assert decide_offset([aside(6), aside(2**70)]) == 7
    for number in (None, -5, 2**70, 2**63 - 1):
        assert decide_offset([aside(number)]) is None
    assert read_update(POISON["lone surrogate"]).update_id == 7
    assert read_update(POISON["fraction"]).update_id is None


def test_what_telegram_can_send_is_read() -> None:
    nested: dict[str, Any] = {"chat": {"id": -(10**12), "type": "supergroup"}, "message_id": 2**40}
    for _ in range(DEEPEST - 5):
        nested = {"chat": {"id": 1}, "message_id": 1, "reply_to_message": nested}
    for update in (
        message(2**31, "a\\u0000 & \U0001f600" * 400),
        {"update_id": 0, "something_new": {"chat": {"id": 2**52}}},
        {"update_id": 1, "message": nested},
        message(1, "x" * LONGEST_TEXT),
        {"update_id": 1},
    ):
        found = read_update(json.dumps(update).encode())
        assert isinstance(found, Received)
        assert json.loads(found.raw) == update


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text("\0\ud800\udc00\\u0 {}[],:"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
people = st.fixed_dictionaries({}, optional={"id": st.integers() | json_values})
contents = st.fixed_dictionaries(
    {}, optional={"id": json_values, "message_id": json_values, "chat": people, "from": people, "text": json_values}
)
kinds = st.sampled_from(["message", "edited_message", "callback_query", "inline_query", "my_chat_member", "new"])
updates = st.builds(
    lambda number, kind, content: {"update_id": number, kind: content},
    st.integers() | json_values,
    kinds,
    contents | json_values,
)
ugly = st.builds(lambda value, escaped: json.dumps(value, ensure_ascii=escaped), updates | json_values, st.booleans())
raws = st.binary() | ugly.map(lambda text: text.encode("utf-8", "surrogatepass"))


@given(st.lists(raws, max_size=5))
def test_no_bytes_whatsoever_raise(parts: list[bytes]) -> None:
    for part in parts:
        found = read_update(part)
        assert isinstance(found, Received) or found.raw == part
    for content in (*parts, b'{"ok":true,"result":[' + b",".join(parts) + b"]}"):
        for status in (200, 403):
            try:
                read_batch(status, content)
            except CarrierError:
                continue


@given(st.lists(ugly, max_size=4), st.sampled_from(sorted(POISON)), st.integers(0, 5), st.integers(0, 5))
def test_good_ones_are_found_beside_anything_that_is_json(others: list[str], bad: str, first: int, then: int) -> None:
    parts = [each.encode("utf-8", "surrogatepass") for each in others]
    parts.insert(first, GOOD)
    parts.insert(then, POISON[bad])
    read = read_batch(200, b'{"ok":true,"result":[' + b",".join(parts) + b"]}")
    assert GOOD in read


async def test_whatever_is_read_can_be_stored(database: Database, now: datetime) -> None:
    seen: list[Received | Unreadable] = [read_update(raw) for raw in POISON.values()]

    @settings(max_examples=300, database=None)
    @given(raws)
    def collect(raw: bytes) -> None:
        seen.append(read_update(raw))

    collect()
    assert sum(isinstance(each, Received) for each in seen) > 5
    async with database.write() as db:
        await inbox.store(db, 1, [each for each in seen if isinstance(each, Received)], now)
        for each in seen:
            if isinstance(each, Unreadable):
                await inbox.put_aside(db, 1, each, now)
        stands = await inbox.count_by_state(db)
        aside = {each.number for each in seen if isinstance(each, Unreadable)}
        assert stands["parked"] == await inbox.count_put_aside(db, since=now) == len(aside)
        assert stands["new"] > 0


def test_no_update_is_larger_than_what_is_kept() -> None:
    assert LARGEST_UPDATE <= inbox.LARGEST_KEPT
