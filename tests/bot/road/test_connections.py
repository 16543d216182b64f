"""The web server's connections: whoever is slow is let go, whatever is odd gets its status, and others are served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.road.connections import LARGEST_HEAD, Connection, Guarded, Patience
from bot.road.webhook import WebServer
from tests.bot.road.conftest import until

GET = b"GET /here HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"


class Stage:
    """A server of a page, one that reads a body, one that is never done and one that fails; its time stands still."""

    def __init__(self) -> None:
        self.seconds = 1000.0
        self.visitors: list[Visitor] = []
        self.is_over = asyncio.Event()
        pages = (here, read, self.never, breaks)
        routes = [Route(f"/{each.__name__}", each, methods=["GET", "POST"]) for each in pages]
        self.server = WebServer(
            Guarded(Starlette(routes=routes)),
            "127.0.0.1",
            0,
            patience=Patience(head=10, request=20, exchange=60, closing=2, connections=20),
            monotonic=lambda: self.seconds,
        )

    async def never(self, _request: Request) -> Response:
        await self.is_over.wait()
        return Response()

    async def connect(self, first: bytes = b"") -> Visitor:
        """Somebody who opens a connection and says something; returns once the server has heard it."""
        visitor = Visitor(*await asyncio.open_connection("127.0.0.1", self.server.port))
        self.visitors.append(visitor)
        self.seconds += 0.001
        if first:
            await visitor.says(first)
            own = visitor.writer.get_extra_info("sockname")
            await until(
                lambda: any(each.client == own and (each.cycle or not each._is_between) for each in self.connections)
            )
        return visitor

    @property
    def connections(self) -> list[Connection]:
        return [each for each in self.server.server_state.connections if isinstance(each, Connection)]


def has_heard(connection: Connection) -> bool:
    """Whether anything of a request has come."""
    return bool(connection.cycle) or not connection._is_between


class Visitor:
    """One end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, some: bytes) -> None:
        self.writer.write(some)
        await self.writer.drain()

    async def hears(self) -> bytes:
        """The head of the next answer."""
        async with asyncio.timeout(60):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def hears_the_end(self) -> bytes:
        """Everything until the server hangs up."""
        async with asyncio.timeout(60):
            try:
                return await self.reader.read()
            except ConnectionResetError:
                return b""


async def here(_request: Request) -> Response:
    return Response("here")


async def read(request: Request) -> Response:
    return Response(await request.body())


async def breaks(request: Request) -> Response:
    raise ValueError(f"said: {(await request.body()).decode()}")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    made = Stage()
    serving = asyncio.create_task(made.server.serve())
    await until(lambda: made.server.started)
    yield made
    made.is_over.set()
    for visitor in made.visitors:
        visitor.writer.close()
        with suppress(ConnectionError):
            await visitor.writer.wait_closed()
    made.server.should_exit = True
    await serving


async def passes(stage: Stage, seconds: float) -> None:
    """Let time pass for the server, until it has looked at its connections."""
    stage.seconds += seconds
    looked = asyncio.Event()
    tick = stage.server.on_tick

    async def once(counter: int) -> bool:
        found = await tick(counter)
        looked.set()
        return found

    stage.server.on_tick = once  # type: ignore[method-assign]
    async with asyncio.timeout(60):
        await looked.wait()
    stage.server.on_tick = tick  # type: ignore[method-assign]


async def test_a_request_that_comes_byte_by_byte_is_cut_off(stage: Stage) -> None:
    head, body = await stage.connect(GET), await stage.connect(POST + b"\r\na")
    for _ in range(2):
        await passes(stage, 4.9)
        await head.says(b"A")
        await body.says(b"a")
    assert len(stage.connections) == 2
    await passes(stage, 0.3)
    assert b"408 Request Timeout" in await head.hears_the_end()
    assert len(stage.connections) == 1
    await passes(stage, 10)
    assert b"408 Request Timeout" in await body.hears_the_end()


async def test_one_that_says_nothing_is_closed_without_a_word(stage: Stage) -> None:
    silent = await stage.connect()
    await until(lambda: len(stage.connections) == 1)
    await passes(stage, 10.1)
    assert await silent.hears_the_end() == b""


async def test_the_rest_of_a_body_that_nobody_waits_for_does_not_hold_the_connection(stage: Stage) -> None:
    refused = await stage.connect(b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\na")
    assert b"404" in await refused.hears()
    for _ in range(4):
        await refused.says(b"a")
        await passes(stage, 4.9)
    assert b"408" not in await refused.hears_the_end()


async def test_an_exchange_has_its_end(stage: Stage) -> None:
    waiting = await stage.connect(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
    await passes(stage, 59)
    assert len(stage.connections) == 1
    await passes(stage, 2)
    assert await waiting.hears_the_end() == b""


async def test_an_answer_that_is_not_taken_is_dropped(stage: Stage) -> None:
    large = b"a" * 5_000_000  # more than the buffers of both ends
    await stage.connect(b"POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(large) + large)
    (connection,) = stage.connections
    await until(lambda: connection.cycle is not None and connection.cycle.response_complete)
    connection.timeout_keep_alive_handler()
    await passes(stage, 1)
    assert stage.connections == [connection]
    await passes(stage, 2.1)
    await until(lambda: stage.connections == [])


async def test_a_hundred_that_keep_their_requests_back_do_not_keep_others_out(stage: Stage) -> None:
    slow = [await stage.connect(GET if number % 2 else POST + b"\r\na") for number in range(100)]
    assert len(stage.connections) <= 20
    asked = await stage.connect(GET + b"\r\n")
    assert b"200 OK" in await asked.hears()
    assert await slow[0].hears_the_end() == b""


async def test_who_waits_for_an_answer_is_not_let_go_for_a_newcomer(stage: Stage) -> None:
    for _ in range(20):
        await stage.connect(b"GET /never HTTP/1.1\r\nHost: x\r\n\r\n")
    await until(lambda: not any(each.is_kept_waiting for each in stage.connections))
    newcomer = await stage.connect()
    assert await newcomer.hears_the_end() == b""
    assert len(stage.connections) == 20


async def test_requests_one_after_another_and_several_at_once(stage: Stage) -> None:
    visitor = await stage.connect((POST + b"\r\nhello") * 3)
    for _ in range(3):
        assert b"200 OK" in await visitor.hears()
        assert await visitor.reader.readexactly(5) == b"hello"
    await passes(stage, 4)
    await visitor.says(GET + b"\r\n")
    assert b"200 OK" in await visitor.hears()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"\x16\x03\x01\x02\x00\r\n\r\n", b"400"),
        (GET + b"A: " + b"a" * 100_000 + b"\r\n\r\n", b"431"),
        (b"GET /here?" + b"a" * LARGEST_HEAD + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"431"),
        (b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"POST /here HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"DELETE /here HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"405"),
        (GET + b"Connection: upgrade, close\r\nUpgrade: websocket\r\n\r\n", b"200"),
    ],
)
async def test_what_is_odd_gets_its_status(
    stage: Stage, request_: bytes, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = await stage.connect()
    with caplog.at_level(logging.WARNING, logger="bot"):
        await visitor.says(request_)
        answer = await visitor.hears()
        assert answer.split()[1] == status
        assert b"server:" not in answer.lower()
    assert [record for record in caplog.records if record.name.startswith("bot")] == []


async def test_a_failure_is_logged_by_its_kind_and_place_alone(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    visitor = await stage.connect(b"POST /breaks HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nsecret")
    assert b"500 Internal Server Error" in await visitor.hears()
    await until(lambda: bool(caplog.records))
    assert "ValueError" in {getattr(record, "error", "") for record in caplog.records}
    assert "test_connections.py" in caplog.text
    assert "secret" not in caplog.text
