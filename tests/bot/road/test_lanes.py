"""The connections under the Bot API's calls: kept, replaced, bounded, through proxies; what surely did not leave."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpcore
import pytest

from bot.road.lanes import BROKEN, NEVER_LEFT, Lanes
from tests.bot.road.fake_api import free_port

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"
FORM = "application/x-www-form-urlencoded"

Serve = Callable[["Server", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Server:
    """An HTTP server whose connections are served by a function of the test."""

    def __init__(self, serve: Serve) -> None:
        self._serve = serve
        self.url = ""
        self.port = 0
        self.connections = 0
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []

    async def on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            await self._serve(self, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def take(self, reader: asyncio.StreamReader) -> None:
        """Read one request."""
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        self.heads.append(head)
        self.bodies.append(await reader.readexactly(length))


async def answer_all(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request, for as long as they come."""
    while True:
        await server.take(reader)
        writer.write(OK)


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[Server]:
    """The server on a free port."""
    found = Server(serve)
    listening = await asyncio.start_server(found.on_connection, "127.0.0.1", 0)
    found.port = listening.sockets[0].getsockname()[1]
    found.url = f"http://127.0.0.1:{found.port}"
    try:
        yield found
    finally:
        listening.close()


@asynccontextmanager
async def lanes_to(url: str, *, most: int = 4, proxy: str | None = None) -> AsyncIterator[Lanes]:
    """Lanes that are closed afterwards."""
    lanes = Lanes(url, proxy=proxy, most=most)
    try:
        yield lanes
    finally:
        await lanes.close()


async def post(lanes: Lanes, seconds: float = 5.0) -> tuple[int, bytes]:
    return await lanes.post("/bot1:x/getMe", b"a=1", FORM, seconds)


async def test_a_connection_is_kept_and_the_request_comes_in_one_piece() -> None:
    pieces: list[bytes] = []

    async def serve(_server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(10_000):
            pieces.append(piece)
            writer.write(OK)

    async with serving(serve) as server, lanes_to(server.url) as lanes:
        for _ in range(3):
            assert await post(lanes) == (200, b"good")
    assert server.connections == 1
    request = (
        b"POST /bot1:x/getMe HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Encoding: identity\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1"
    ) % server.port
    assert pieces == [request] * 3


async def test_a_connection_that_the_server_closed_meanwhile_is_replaced() -> None:
    async def serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.take(reader)
        writer.write(OK)

    async with serving(serve) as server, lanes_to(server.url) as lanes:
        for number in range(1, 4):
            assert await post(lanes) == (200, b"good")
            assert server.connections == number
            await asyncio.sleep(0.05)


async def test_a_connection_that_the_server_says_it_closes_is_replaced() -> None:
    async def serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.take(reader)
            writer.write(OK.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))

    async with serving(serve) as server, lanes_to(server.url) as lanes:
        assert await post(lanes) == (200, b"good")
        assert await post(lanes) == (200, b"good")
        assert server.connections == 2


async def test_no_more_connections_than_allowed_are_open_and_all_calls_are_answered() -> None:
    async def serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await server.take(reader)
            await asyncio.sleep(0.01)
            writer.write(OK)

    async with serving(serve) as server, lanes_to(server.url, most=3) as lanes:
        assert await asyncio.gather(*(post(lanes) for _ in range(20))) == [(200, b"good")] * 20
        assert server.connections == 3
        assert len(server.bodies) == 20


async def test_an_address_where_nobody_listens_never_got_the_request() -> None:
    async with lanes_to(f"http://127.0.0.1:{free_port()}") as lanes:
        for _ in range(2):
            with pytest.raises(NEVER_LEFT):
                await post(lanes)


async def test_no_answer_a_cut_answer_and_a_reset_leave_it_open_and_the_next_call_is_well() -> None:
    async def hang(server: Server, reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await server.take(reader)
        await reader.read()  # until the caller gives up

    async def cut(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.take(reader)
        writer.write(OK[:-2])

    async def reset(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.take(reader)
        writer.transport.abort()

    async def foreign(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.take(reader)
        writer.write(b"SSH-2.0-x\r\n\r\n")

    ways = [hang, cut, reset, foreign, answer_all]

    async def serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await ways[server.connections - 1](server, reader, writer)

    async with serving(serve) as server, lanes_to(server.url, most=1) as lanes:
        for _ in ways[:-1]:
            with pytest.raises(BROKEN) as caught:
                await post(lanes, 0.1)
            assert not isinstance(caught.value, NEVER_LEFT)
        assert await post(lanes) == (200, b"good")


async def test_a_call_that_is_cancelled_gives_its_connection_back() -> None:
    async def serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.take(reader)
        arrived.set()
        if server.connections == 1:
            await reader.read()  # until the caller gives up
        writer.write(OK)

    arrived = asyncio.Event()
    async with serving(serve) as server, lanes_to(server.url, most=1) as lanes:
        call = asyncio.create_task(post(lanes))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await post(lanes) == (200, b"good")


async def test_through_an_http_proxy_with_name_and_password() -> None:
    async with (
        serving(answer_all) as proxy,
        lanes_to("http://api.invalid:8081", proxy=f"http://an:m%E1%BA%ADt@127.0.0.1:{proxy.port}") as lanes,
    ):
        assert await post(lanes) == (200, b"good")
    assert proxy.heads[0].startswith(b"POST http://api.invalid:8081/bot1:x/getMe HTTP/1.1\r\n")
    assert base64.b64encode("an:mật".encode()) in proxy.heads[0]


async def test_through_a_socks_proxy() -> None:
    asked: list[bytes] = []

    async def serve(server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = await reader.readexactly(2)
        await reader.readexactly(greeting[1])
        writer.write(b"\x05\x00")
        head = await reader.readexactly(5)
        asked.append(await reader.readexactly(head[4]))
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
        await answer_all(server, reader, writer)

    async with (
        serving(serve) as proxy,
        lanes_to("http://api.invalid:8081", proxy=f"socks5://127.0.0.1:{proxy.port}") as lanes,
    ):
        assert await post(lanes) == (200, b"good")
        assert await post(lanes) == (200, b"good")
    assert asked == [b"api.invalid"]


async def test_a_proxy_that_refuses_never_passed_the_request_on() -> None:
    async def serve(_server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with serving(serve) as proxy, lanes_to("https://api.invalid", proxy=proxy.url) as lanes:
        with pytest.raises(httpcore.ProxyError):
            await post(lanes)
    assert httpcore.ProxyError in NEVER_LEFT
