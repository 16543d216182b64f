"""Input that is hostile, forged, damaged or too much: rows 40, 50 to 56 and 63.

Row 50 (forged and replayed buttons) and most of 51 are held in full from outside by tests/e2e/test_forged_taps.py and
test_forged_and_stale.py: every button that the product makes, tapped by people of five kinds. Here stands what those
do not reach: the program as a process, by polling and by webhook, under what comes as bytes, in masses, or at once.
"""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.faults.office import asks, inbox_states, open_office
from tests.faults.rig import Rig

PROMPT = 5.0  # seconds within which others are answered, whatever arrives


def poisoned(kind: str, number: int, person: int) -> tuple[bytes, int]:
    """An update as bytes that cannot be stored or parsed, and the update id that stands in it."""
    who = b'"from":{"id":%d,"is_bot":false,"first_name":"X"},"chat":{"id":%d,"type":"private"}' % (person, person)
    large = 2**70 + number
    text: dict[str, bytes] = {
        "lone surrogate": b'"\\ud83d xin ch\xc3\xa0o"',
        "no UTF-8": b'"xin ch\xe0o \xff\xfe"',
        "zero byte": b'"xin\\u0000ch\xc3\xa0o"',
        "1 MB of text": b'"' + b"a" * 1_000_000 + b'"',
        "nested deep": b"[" * 100_000 + b"]" * 100_000,
        "number too long": b"1" * 6000,
        "number too large": b"1e999",
    }
    if kind in text:
        message = b'"message_id":%d,"date":1700000000,%s,"text":%s' % (number, who, text[kind])
        return b'{"update_id":%d,"message":{%s}}' % (number, message), number
    plain = b'"date":1700000000,"text":"xin ch\xc3\xa0o"'
    if kind == "update id beyond 64 bits":
        return b'{"update_id":%d,"message":{"message_id":5,%s,%s}}' % (large, who, plain), large
    bodies = {
        "chat id beyond 64 bits": b'"message_id":5,"from":{"id":7,"is_bot":false,"first_name":"X"},'
        b'"chat":{"id":%d,"type":"private"},%s' % (large, plain),
        "person id beyond 64 bits": b'"message_id":5,"from":{"id":%d,"is_bot":false,"first_name":"X"},'
        b'"chat":{"id":%d,"type":"private"},%s' % (large, person, plain),
        "message id beyond 64 bits": b'"message_id":%d,%s,%s' % (large, who, plain),
        "date beyond the calendar": b'"message_id":5,%s,"date":99999999999999999,"text":"x"' % who,
        "text that is a list": b'"message_id":5,%s,"date":1700000000,"text":["a",{"b":null}]' % who,
    }
    if kind in bodies:
        return b'{"update_id":%d,"message":{%s}}' % (number, bodies[kind]), number
    return {"no object": b'"xin ch\xc3\xa0o"', "null": b"null", "no update id": b'{"message":{%s}}' % plain}[kind], number


POISONS = (
    "update id beyond 64 bits",
    "lone surrogate",
    "nested deep",
    "1 MB of text",
    "chat id beyond 64 bits",
    "person id beyond 64 bits",
    "message id beyond 64 bits",
    "no UTF-8",
    "zero byte",
    "number too long",
    "number too large",
    "date beyond the calendar",
    "text that is a list",
    "no object",
    "null",
    "no update id",
)


@pytest.mark.row(63, wide=True)
async def test_what_cannot_be_stored_or_parsed_is_put_aside_and_the_next_are_handled_at_once(rig: Rig) -> None:
    office = await open_office(rig, 1)
    hoa, stranger = office.officers[0], rig.chat.person("Người lạ")
    await rig.start()
    for place, kind in enumerate(POISONS):
        raw, number = poisoned(kind, 300_000_001 + place, stranger.id)
        rig.sandbox.inject_raw(raw, number)
        began = time.monotonic()
        await asks(hoa, place)
        assert time.monotonic() - began < PROMPT, f"after {kind}"
    await rig.until(lambda: not rig.sandbox.updates, "an update that cannot be handled is handed over for ever")
    await rig.admin.hears()
    states = await inbox_states(rig)
    assert set(states) <= {"done", "parked"}, states


async def test_nothing() -> None:
    await asyncio.sleep(0)
