"""Requests in every shape that HTTP allows, on one connection: the short road and the long one answer alike."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from bot.sandbox import FaultKind, Sandbox, SandboxServer
from tests.bot.sandbox.conftest import HOA


class Wire:
    """A bare connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self.reader = reader
        self.writer = writer
        self.token = token

    async def send(self, *pieces: bytes) -> None:
        """Sends pieces apart from each other."""
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(0.005)

    async def hear(self) -> tuple[int, Any]:
        """The next answer's status and JSON."""
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        return int(head.split()[1]), json.loads(await self.reader.readexactly(length))

    def request(self, body: bytes, *headers: bytes, method: str = "sendMessage", line: bytes = b"HTTP/1.1") -> bytes:
        """A form to a method, with a length unless the headers say otherwise."""
        fields = [b"host: x", b"content-type: application/x-www-form-urlencoded", *headers]
        if b"transfer-encoding: chunked" not in headers:
            fields.append(b"content-length: %d" % len(body))
        start = b"POST /bot%s/%s " % (self.token.encode(), method.encode()) + line
        return b"\r\n".join([start, *fields, b"", body])


@pytest_asyncio.fixture
async def wire(sandbox: Sandbox) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    yield Wire(reader, writer, sandbox.token)
    writer.close()


def _form(text: str) -> bytes:
    return f"chat_id={HOA}&text={text}".encode()


def _texts(sandbox: Sandbox) -> list[str]:
    return [message.text for message in sandbox.chats[HOA].shown]


async def test_requests_of_every_shape_take_turns_on_a_connection(wire: Wire, sandbox: Sandbox) -> None:
    plain = wire.request(_form("a"))
    await wire.send(plain)
    assert (await wire.hear())[1]["result"]["text"] == "a"
    for cut in (3, 40, len(plain) - 2):
        await wire.send(plain[:cut], plain[cut:])
        assert (await wire.hear())[0] == 200
    body = _form("b")
    await wire.send(wire.request(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), b"transfer-encoding: chunked"))
    assert (await wire.hear())[1]["result"]["text"] == "b"
    await wire.send(b"GET /sandbox/counts HTTP/1.1\r\nhost: x\r\n\r\n")
    assert (await wire.hear())[1]["calls"] == {"sendMessage": 5}
    await wire.send(b"GET /bot%s/getMe HTTP/1.1\r\nhost: x\r\n\r\n" % wire.token.replace(":", "%3A").encode())
    assert (await wire.hear())[1]["result"]["id"] == sandbox.bot["id"]
    query = f"/bot{wire.token}/sendMessage?{_form('%C4%91+d').decode()}"
    await wire.send(f"GET {query} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    assert (await wire.hear())[1]["result"]["text"] == "đ d"


async def test_requests_sent_without_waiting_are_answered_in_order(wire: Wire, sandbox: Sandbox) -> None:
    sandbox.latency = 0.005
    counts = b"GET /sandbox/counts HTTP/1.1\r\nhost: x\r\n\r\n"
    await wire.send(wire.request(_form("a")) + wire.request(_form("b")) + counts + wire.request(_form("c")))
    answers = [await wire.hear() for _ in range(4)]
    assert [status for status, _ in answers] == [200] * 4
    assert "calls" in answers[2][1]
    assert _texts(sandbox) == ["a", "b", "c"]


async def test_a_client_may_ask_whether_to_go_on(wire: Wire, sandbox: Sandbox) -> None:
    request = wire.request(_form("a"), b"expect: 100-continue")
    at = request.index(b"\r\n\r\n") + 4
    await wire.send(request[:at])
    assert (await wire.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    await wire.send(request[at:])
    assert (await wire.hear())[0] == 200


@pytest.mark.parametrize("shape", [{"headers": (b"connection: close",)}, {"line": b"HTTP/1.0"}], ids=["close", "1.0"])
async def test_who_wants_the_connection_closed_gets_it(wire: Wire, sandbox: Sandbox, shape: dict[str, Any]) -> None:
    await wire.send(wire.request(_form("a"), *shape.get("headers", ()), line=shape.get("line", b"HTTP/1.1")))
    assert (await wire.hear())[0] == 200
    assert await wire.reader.read() == b""


async def test_a_broken_request_is_refused(wire: Wire, sandbox: Sandbox) -> None:
    await wire.send(wire.request(_form("a"), b"no header"))
    assert (await wire.reader.read()).startswith(b"HTTP/1.1 400")
    assert _texts(sandbox) == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_lost_answer_is_lost_on_either_road(wire: Wire, sandbox: Sandbox, chunked: bool) -> None:
    sandbox.fault(FaultKind.LOST_AFTER, "sendMessage")
    body = _form("a")
    if chunked:
        await wire.send(wire.request(b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body), b"transfer-encoding: chunked"))
    else:
        await wire.send(wire.request(body))
    with pytest.raises(ConnectionResetError):
        await wire.reader.read()
    assert _texts(sandbox) == ["a"]


async def test_without_keep_alive_the_connection_closes_after_each_answer() -> None:
    async with SandboxServer(keep_alive=False) as sandbox:
        for body in (b"", b"0\r\n\r\n"):
            reader, writer = await asyncio.open_connection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
            wire = Wire(reader, writer, sandbox.token)
            headers = (b"transfer-encoding: chunked",) if body else ()
            await wire.send(wire.request(body, *headers, method="getMe"))
            assert (await wire.hear())[0] == 200
            assert await reader.read() == b""
            writer.close()
