"""A plain balancer before several programs: each request to the next of them in turn, nothing known of their health.

    async with Balancer() as balancer:
        balancer.ports = [8081, 8082, 8083]
        ...                                    # WEBHOOK_URL is f"{balancer.url}/telegram"

A program that cannot be reached is passed over; one that breaks off in the middle of a request costs a 502, as behind
any proxy that does not know whether a request may be repeated.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from contextlib import suppress
from types import TracebackType
from typing import Self

_BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Balancer:
    """Serves at `url`, one request a connection.

    Attributes:
        ports: those of the programs behind it.
        passed_on: how many requests each of them answered.
    """

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.passed_on: Counter[int] = Counter()
        self._turn = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Its origin."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                writer.write(await self._pass_on(head[:-2] + b"Connection: close\r\n\r\n" + body))
                await writer.drain()
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _pass_on(self, request: bytes) -> bytes:
        for _ in self.ports:
            self._turn += 1
            port = self.ports[self._turn % len(self.ports)]
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            try:
                writer.write(request)
                answer = await reader.read()
            except OSError:
                answer = b""
            finally:
                writer.close()
            self.passed_on[port] += bool(answer)
            return answer or _BAD_GATEWAY
        return _BAD_GATEWAY
