"""One request to an endpoint that may be anything: whatever it does, an answer or a reason within the time given."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.reader import client as client_module
from bot.reader.client import LARGEST, Client, ReaderError
from tests.bot.reader.stand_in import HANGS, Behaviour, StandIn, completion, response

ASKED = [{"role": "system", "content": "rules"}, {"role": "user", "content": 'MESSAGE\n"xin chào"'}]


@pytest.fixture
async def client(stand_in: StandIn) -> AsyncIterator[Client]:
    made = Client(stand_in.url, "a-model", "a-secret-key")
    yield made
    await made.close()


async def test_what_is_asked_and_what_comes_back(stand_in: StandIn, client: Client) -> None:
    stand_in.behaviour = lambda _body: completion('{"means": "due"}')
    assert await client.complete(ASKED) == '{"means": "due"}'
    assert (stand_in.bodies[0]["model"], stand_in.bodies[0]["messages"]) == ("a-model", ASKED)
    assert stand_in.bodies[0]["max_tokens"] <= 400
    assert stand_in.heads[0].startswith("POST /v1/chat/completions HTTP/1.1")
    assert "Authorization: Bearer a-secret-key" in stand_in.heads[0]


async def test_an_endpoint_of_ones_own_needs_no_key_and_may_be_named_whole(stand_in: StandIn) -> None:
    stand_in.behaviour = lambda _body: completion("{}")
    client = Client(f"{stand_in.url}/chat/completions/", "m")
    await client.complete(ASKED)
    await client.close()
    assert stand_in.heads[0].startswith("POST /v1/chat/completions HTTP/1.1")
    assert "authorization" not in stand_in.heads[0].lower()


async def test_a_server_that_does_not_take_the_options_is_asked_without(stand_in: StandIn, client: Client) -> None:
    def behaviour(body: dict[str, Any]) -> bytes:
        return response(b"{}", "400 Bad Request") if "response_format" in body else completion("{}")

    stand_in.behaviour = behaviour
    assert await client.complete(ASKED) == "{}"
    assert await client.complete(ASKED) == "{}"
    assert ["temperature" in body for body in stand_in.bodies] == [True, False, False]


def always(answer: bytes) -> Behaviour:
    return lambda _body: answer


HUGE = response(b" " * (LARGEST + 1))
FAULTS = {
    "refused": always(response(b"{}", "401 Unauthorized")),
    "too many": always(response(b"{}", "429 Too Many Requests", "Retry-After: 600")),
    "down": always(response(b"oops", "503 Service Unavailable")),
    "bad request for ever": always(response(b"{}", "400 Bad Request")),
    "redirected": always(response(b"", "307 Temporary Redirect", "Location: http://127.0.0.1:9/steal")),
    "HTML": always(response(b"<html><script>alert(1)</script></html>")),
    "empty": always(response(b"")),
    "no choices": always(response(b'{"choices": []}')),
    "no text": always(response(b'{"choices": [{"message": {"content": null}}]}')),
    "a tool call": always(response(b'{"choices": [{"message": {"tool_calls": [{"function": {"name": "x"}}]}}]}')),
    "another shape": always(response(b'{"choices": {"0": "x"}}')),
    "no Unicode": always(response(b'{"choices": [{"message": {"content": "\xff\xfe"}}]}')),
    "deep": always(response(b"[" * 60_000)),
    "huge": always(HUGE),
    "huge without end": always(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"10000\r\n" + b"x" * 65536),
    "compressed": always(response(b"\x1f\x8b\x08", "200 OK", "Content-Encoding: gzip")),
    "cut off": always(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"),
    "no HTTP": always(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "long headers": always(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n"),
    "nothing": lambda _body: None,
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_every_fault_is_a_reason_in_time(
    stand_in: StandIn, client: Client, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "SECONDS", 0.4)
    stand_in.behaviour = FAULTS[fault]
    with pytest.raises(ReaderError) as raised:
        async with asyncio.timeout(HANGS / 2):
            await client.complete(ASKED)
    assert not any(word in str(raised.value) for word in ("secret", "xin chào", "script"))
    assert len(stand_in.bodies) <= 2, "no redirect is followed, nothing is tried again and again"


async def test_one_that_drips_is_given_up(stand_in: StandIn, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "SECONDS", 0.4)
    stand_in.delay = HANGS
    with pytest.raises(ReaderError, match="no answer within"):
        async with asyncio.timeout(HANGS / 2):
            await client.complete(ASKED)


async def test_nobody_there() -> None:
    client = Client("http://127.0.0.1:9/v1", "m")
    with pytest.raises(ReaderError, match="out of reach"):
        await client.complete(ASKED)
    await client.close()


async def test_no_cookie_is_kept(stand_in: StandIn, client: Client) -> None:
    stand_in.behaviour = lambda _body: response(
        json.dumps({"choices": [{"message": {"content": "{}"}}]}).encode(), "200 OK", "Set-Cookie: a=b; Path=/"
    )
    await client.complete(ASKED)
    await client.complete(ASKED)
    assert "cookie" not in stand_in.heads[1].lower()
