"""A way to PostgreSQL that loses answers: what the server says to COMMIT is swallowed, and the connection cut.

The server commits and the program never hears of it, as when a router dies in that moment.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Self

_SSL_REQUEST, _GSS_REQUEST = 80877103, 80877104


class LossyRelay:
    """Serves `port` on 127.0.0.1 and passes everything on to a PostgreSQL server's socket.

    Attributes:
        loses: asked at every COMMIT with what was said in its transaction; True loses the answer.
        lost: how many answers were lost.
        committed: how many commits went by.
    """

    def __init__(self, socket_path: str) -> None:
        self._socket_path = socket_path
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.loses: Callable[[bytes], bool] = lambda _said: False
        self.lost = 0
        self.committed = 0
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            await self._pass_on(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, OSError, asyncio.CancelledError):
            pass  # whoever cancelled it waits for it, and asyncio would complain of a cancelled connection
        finally:
            self._open.discard(task)
            writer.transport.abort()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_unix_connection(self._socket_path)
        losing = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._upward(reader, server_writer, losing))
                both.create_task(self._downward(server_reader, writer, losing))
        except* (ConnectionError, asyncio.IncompleteReadError, OSError):
            pass
        finally:
            server_writer.close()

    async def _upward(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, losing: asyncio.Event) -> None:
        """From the program to the server, message by message."""
        said = b""
        while True:
            head = await reader.readexactly(4)
            (length,) = struct.unpack("!I", head)
            rest = await reader.readexactly(length - 4)
            server.write(head + rest)
            if struct.unpack("!I", rest[:4])[0] not in (_SSL_REQUEST, _GSS_REQUEST):
                break
        while True:
            head = await reader.readexactly(5)
            (length,) = struct.unpack("!I", head[1:])
            body = await reader.readexactly(length - 4)
            if b"BEGIN" in body[:16]:
                said = b""
            said = (said + body)[-100_000:]
            if b"COMMIT" in body:
                self.committed += 1
                if self.loses(said):
                    self.lost += 1
                    losing.set()
            server.write(head + body)
            await server.drain()

    async def _downward(
        self, server: asyncio.StreamReader, writer: asyncio.StreamWriter, losing: asyncio.Event
    ) -> None:
        """From the server to the program, until an answer is to be lost."""
        while chunk := await server.read(65536):
            if losing.is_set():
                if b"COMMIT" in chunk:
                    raise ConnectionResetError
                continue
            writer.write(chunk)
            await writer.drain()
        raise ConnectionResetError


@asynccontextmanager
async def relayed(address: str) -> AsyncIterator[tuple[LossyRelay, str]]:
    """A relay before the server of this `postgresql://` address (by socket folder), and the address that goes by it."""
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(address)
    port = parts.get("port") or 5432
    async with LossyRelay(f"{parts['host']}/.s.PGSQL.{port}") as relay:
        password = f":{parts['password']}" if parts.get("password") else ""
        yield relay, f"postgresql://{parts['user']}{password}@127.0.0.1:{relay.port}/{parts['dbname']}"


__all__ = ["LossyRelay", "relayed"]
