"""A connection of the sandbox's server, with a fast path for calls of the Bot API.

Nearly all that a bot under load sends are plain HTTP/1.1 requests to `/bot<token>/<method>`. Those are read and
answered here in one piece; everything else on the same connection, and whatever is not plain (chunked bodies, broken
heads, `Expect`), goes to uvicorn's own protocol and comes out at the ASGI application.
"""

from __future__ import annotations

import asyncio
import http
import re
import socket
import struct
from dataclasses import dataclass
from urllib.parse import unquote

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from bot.sandbox.calls import BotApi, CallAnswer
from bot.sandbox.model import MAX_UPLOAD_BYTES

_CALLS = (b"POST /bot", b"GET /bot", b"GET /file/bot")
_REQUEST_LINE = re.compile(rb"(?:GET|POST) ([!-~]+) HTTP/1\.1")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([ \t!-~]*)")
_UNUSUAL = frozenset({b"transfer-encoding", b"expect", b"connection", b"upgrade"})
_MAX_HEAD = 64 * 1024
_MAX_BODY = MAX_UPLOAD_BYTES + 64 * 1024


@dataclass(frozen=True, slots=True)
class _Head:
    target: bytes
    content_type: str
    body_at: int
    end: int
    """The offset in the received bytes at which the request ends."""


class Door(H11Protocol):
    """A connection of the sandbox's server. Without `keep_alive` it is closed after a call's answer."""

    def __init__(self, api: BotApi, config: uvicorn.Config, server_state: ServerState, *, keep_alive: bool) -> None:
        super().__init__(config=config, server_state=server_state, app_state={})
        self._api = api
        self._keep_alive = keep_alive
        self._received = bytearray()
        self._head: _Head | None = None
        self._is_answering = False
        self._is_used = False

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_used:
            self._api.note_unused()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._is_used = True
        if not self._received and not self._is_answering and not (data.startswith(_CALLS) and self._is_between()):
            super().data_received(data)
            return
        self._received += data
        if not self._is_answering:
            self._take_next()

    def _is_between(self) -> bool:
        """Whether uvicorn's protocol is between two requests, so that the next may be taken from it."""
        return self.conn.our_state is h11.IDLE and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]

    def _take_next(self) -> None:
        """Answers what was received, once it is whole, or passes it on."""
        if self._head is None:
            self._head = _read_head(self._received) if self._received.startswith(_CALLS) else None
            if self._head is None:
                passed_on, self._received = bytes(self._received), bytearray()
                super().data_received(passed_on)
                return
            self._unset_keepalive_if_required()
        head = self._head
        if len(self._received) < head.end:
            return
        body = bytes(self._received[head.body_at : head.end])
        del self._received[: head.end]
        self._head = None
        self._is_answering = True
        task = self.loop.create_task(self._answer(head, body))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _answer(self, head: _Head, body: bytes) -> None:
        path, _, query = head.target.decode("ascii").partition("?")
        try:
            reply = await self._api.answer(unquote(path), query, head.content_type, body)
        except Exception:
            self.logger.exception("A call of the Bot API failed")
            self._write(CallAnswer(500, b"Internal Server Error", b"text/plain; charset=utf-8"))
            self.transport.close()
        except asyncio.CancelledError:
            self.transport.close()
            raise
        else:
            if reply is None:
                reset(self.transport)
            else:
                self._write(reply)
        self._is_answering = False
        self.on_response_complete()
        if self._received and not self.transport.is_closing():
            self._take_next()

    def _write(self, reply: CallAnswer) -> None:
        if self.transport.is_closing():
            return
        body = reply.body
        head = b"HTTP/1.1 %d %s\r\ncontent-type: %s\r\ncontent-length: %d\r\n%s\r\n" % (
            reply.status,
            http.HTTPStatus(reply.status).phrase.encode(),
            reply.content_type,
            len(body),
            b"" if self._keep_alive else b"connection: close\r\n",
        )
        self.transport.write(head + (body[: len(body) // 2] if reply.cut else body))
        if reply.cut or not self._keep_alive:
            self.transport.close()


def reset(transport: asyncio.Transport) -> None:
    """Resets the TCP connection without a byte of answer."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _read_head(received: bytearray) -> _Head | None:
    """The head of a plain request; None where it is not whole yet or not plain."""
    end = received.find(b"\r\n\r\n", 0, _MAX_HEAD)
    if end < 0:
        return None
    lines = bytes(received[:end]).split(b"\r\n")
    request = _REQUEST_LINE.fullmatch(lines[0])
    headers: dict[bytes, bytes] = {}
    for line in lines[1:]:
        header = _HEADER.fullmatch(line)
        if header is None:
            return None
        name = header[1].lower()
        if name in headers:
            return None
        headers[name] = header[2].rstrip()
    length = headers.get(b"content-length", b"0")
    if request is None or b"host" not in headers or not length.isdigit() or len(length) > 10 or int(length) > _MAX_BODY:
        return None
    if not _UNUSUAL.isdisjoint(headers) and not _is_plain(headers):
        return None
    content_type = headers.get(b"content-type", b"").decode("ascii")
    return _Head(request[1], content_type, end + 4, end + 4 + int(length))


def _is_plain(headers: dict[bytes, bytes]) -> bool:
    """Whether the only unusual header is the customary `Connection: keep-alive`."""
    return _UNUSUAL.intersection(headers) == {b"connection"} and headers[b"connection"].lower() == b"keep-alive"
