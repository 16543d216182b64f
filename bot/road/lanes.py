"""Connections to one HTTP/1.1 server, kept open, each for one request at a time: what carries the Bot API's calls.

It stands on httpcore, which httpx and python-telegram-bot stand on too. A pool looks through all its connections with
every request, a client adds cookies, redirects and decoding that a call of the Bot API has no use for, and head and
body of a request are written one by one, two packets and two wake-ups of either side: together a third of what a call
costs.
"""

from __future__ import annotations

import asyncio
import importlib.util
import ssl
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any

import httpcore
import httpx
import socksio

# Without sniffio (an optional helper of the HTTP library) the library looks for it on the disk a dozen times a request,
# half of what a request costs. This entry says at once that it is not there.
if importlib.util.find_spec("sniffio") is None:
    sys.modules["sniffio"] = None  # type: ignore[assignment]

#: The request did not leave.
NEVER_LEFT = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    socksio.SOCKSError,
    httpcore.UnsupportedProtocol,
)
#: The request may have left, and no whole answer came.
BROKEN = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ConnectionNotAvailable,
    OSError,
)

CONNECT_SECONDS = 10.0
IDLE_SECONDS = 5.0  # how long a connection is kept that nobody uses
_MARGIN_SECONDS = 0.5  # before that, from which on it is not counted on


class _InOnePiece(httpcore.AsyncNetworkStream):
    """A connection on which what is written leaves with the next read: httpcore reads once a request is complete."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner
        self._written: list[bytes] = []
        self._timeout: float | None = None

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        if self._written:
            whole, self._written = b"".join(self._written), []
            with suppress(httpcore.WriteError):  # a server may refuse, and close, before it has read all
                await self._inner.write(whole, self._timeout)
        return await self._inner.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        self._timeout = timeout
        if buffer:
            self._written.append(buffer)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        return _InOnePiece(await self._inner.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Network(httpcore.AsyncNetworkBackend):
    """httpcore's way to the network, its connections written to in one piece."""

    def __init__(self) -> None:
        self._inner: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        return _InOnePiece(await self._inner.connect_tcp(host, port, timeout, local_address, socket_options))

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


@cache
def tls_context() -> ssl.SSLContext:
    """The certificates that are trusted, read once and not for every client."""
    return httpx.create_ssl_context()


class Lanes:
    """Up to `most` connections to `origin` ("https://api.telegram.org"). Close them with `close()`."""

    def __init__(self, origin: str, *, proxy: str | None, most: int) -> None:
        """`proxy` is the address of an HTTP or SOCKS5 proxy, with name and password where it wants them."""
        address = httpx.URL(origin)
        self._scheme, self._host, self._port = address.raw_scheme, address.raw_host, address.port
        self._host_header = address.netloc
        self._origin = httpcore.URL(scheme=self._scheme, host=self._host, port=self._port, target=b"/").origin
        self._maker = httpcore.AsyncConnectionPool(
            ssl_context=tls_context(),
            proxy=_read_proxy(proxy),
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Network(),
        )
        self._turns = asyncio.Semaphore(most)
        self._open: set[httpcore.AsyncConnectionInterface] = set()
        self._idle: list[tuple[httpcore.AsyncConnectionInterface, float]] = []

    async def close(self) -> None:
        """Close every connection."""
        lanes, self._open = self._open, set()
        self._idle = []
        for lane in lanes:
            await lane.aclose()

    def count_ready(self, most: int) -> int:
        """How many connections are open and wait for a request, as far as is known; counted up to `most`."""
        count, fresh_since = 0, time.monotonic() - IDLE_SECONDS + _MARGIN_SECONDS
        for _, used_at in reversed(self._idle):
            if count >= most or used_at < fresh_since:
                break
            count += 1
        return count

    def _add(self) -> httpcore.AsyncConnectionInterface:
        lane = self._maker.create_connection(self._origin)
        self._open.add(lane)
        return lane

    async def post(
        self, path: str, content: bytes, content_type: str, seconds: float, *, anew: bool = False
    ) -> tuple[int, bytes]:
        """Status and body of the answer to a POST.

        Args:
            path: of the address, already quoted.
            seconds: for each step (connecting at most `CONNECT_SECONDS`), and, with one more, for the whole.
            anew: open another connection for it, which then is there for the next.

        Raises:
            NEVER_LEFT, BROKEN: by one of the exceptions listed there.
        """
        connecting = min(CONNECT_SECONDS, seconds)
        request = httpcore.Request(
            b"POST",
            httpcore.URL(scheme=self._scheme, host=self._host, port=self._port, target=path.encode()),
            headers=[
                (b"Host", self._host_header),
                (b"Accept-Encoding", b"identity"),  # left out, it would allow packing, and nothing is unpacked here
                (b"Content-Type", content_type.encode()),
                (b"Content-Length", b"%d" % len(content)),
            ],
            content=content,
            extensions={"timeout": {"connect": connecting, "read": seconds, "write": seconds}},
        )
        async with self._turns:
            lane = self._idle.pop()[0] if self._idle and not anew else self._add()
            try:
                if lane.has_expired() or lane.is_closed():
                    self._open.discard(lane)
                    await lane.aclose()
                    lane = self._add()
                async with asyncio.timeout(seconds + 1):
                    response = await lane.handle_async_request(request)
                    try:
                        answer = response.status, await response.aread()
                    finally:
                        await response.aclose()
            except BaseException:
                self._open.discard(lane)
                await lane.aclose()
                raise
            self._idle.append((lane, time.monotonic()))
            return answer


def _read_proxy(address: str | None) -> httpcore.Proxy | None:
    if address is None:
        return None
    proxy = httpx.Proxy(address)
    url = httpcore.URL(
        scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=proxy.url.raw_path
    )
    return httpcore.Proxy(url, auth=proxy.raw_auth, headers=proxy.headers.raw, ssl_context=proxy.ssl_context)
