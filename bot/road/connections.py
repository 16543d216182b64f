"""Connections of the web server, none of which keeps others from being served.

uvicorn limits neither the time in which a request comes in nor that in which its answer is taken; its
`limit_concurrency` turns newcomers away, which is what somebody who only holds connections wants. So each connection
has a deadline for its head, for the whole request and for the exchange, and where there are too many, the one that has
kept its request back longest goes.
"""

from __future__ import annotations

import http
import logging
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import h11
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

logger = logging.getLogger(__name__)

LARGEST_HEAD: Final = 16_384  # bytes


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited for a connection, in seconds, and how many there may be.

    Attributes:
        head: for the head of a request, from its first byte or the opening of the connection.
        request: for the head and the body.
        exchange: for the answer too, until all of it is on its way.
        closing: for what is still on its way when the connection is closed.
        connections: the most at a time; below the 1,024 open files that a process usually may have.
    """

    head: float = 10.0
    request: float = 20.0
    exchange: float = 60.0
    closing: float = 2.0
    connections: int = 256


class Connection(H11Protocol):
    """uvicorn's connection with deadlines; whoever serves calls `look` every so often."""

    def __init__(
        self, *arguments: Any, patience: Patience, monotonic: Callable[[], float] = time.monotonic, **given: Any
    ) -> None:
        super().__init__(*arguments, **given)
        self._patience = patience
        self._monotonic = monotonic
        self._since = monotonic()
        self._is_between = True
        self._closing_since: float | None = None

    # What asyncio and uvicorn call

    def connection_made(self, transport: Any) -> None:
        """Begin; where there are too many connections, one is let go for it."""
        super().connection_made(transport)
        if len(self.connections) > self._patience.connections:
            keeping = [each for each in self.connections if isinstance(each, Connection) and each.is_kept_waiting]
            longest = min(keeping, key=lambda each: each._since, default=self)
            self.connections.discard(longest)  # now, and not some turns later, when the next have come
            longest.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what came; the first bytes of a request begin its time."""
        if self._is_between:
            self._is_between, self._since = False, self._monotonic()
        super().data_received(data)

    def on_response_complete(self) -> None:
        """An answer is on its way; the next request may come, or is here already."""
        self._is_between, self._since = True, self._monotonic()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP, by the status that h11 finds right: 400, 431 for a head too long, 501."""
        error = sys.exc_info()[1]
        self._refuse(error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400)

    def _should_upgrade(self) -> bool:
        return False

    # Deadlines

    @property
    def is_kept_waiting(self) -> bool:
        """Whether its next request is not here as a whole."""
        return not self._has_request or self.cycle.more_body

    @property
    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def look(self) -> None:
        """Cut it off where it takes too long."""
        now = self._monotonic()
        if self.transport.is_closing():
            if self._closing_since is None:
                self._closing_since = now
            if now - self._closing_since > self._patience.closing:
                self.transport.abort()
        elif self.is_kept_waiting:
            if now - self._since > (self._patience.request if self._has_request else self._patience.head):
                self._refuse(408)
        elif now - self._since > self._patience.exchange:
            self.transport.abort()

    def _refuse(self, status: int) -> None:
        """Answer with a status and close; only close where an answer has begun or nothing was asked."""
        if self.cycle is not None:
            self.cycle.disconnected = True  # what the application still says is for nobody
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and not self._is_between:
            head = [("content-length", "0"), ("connection", "close")]
            reason = http.HTTPStatus(status).phrase.encode()
            for event in (h11.Response(status_code=status, headers=head, reason=reason), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()


class Guarded:
    """A Starlette application: heads before it are kept short, and nothing of a request is logged where it fails."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; a failure is logged by its kind and place alone."""
        target = len(scope["raw_path"]) + len(scope["query_string"])
        if target + sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
            await Response(status_code=431, headers={"Connection": "close"})(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except ClientDisconnect:
            return
        except Exception as error:  # the application has answered with 500
            frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            logger.error("web request failed\n%s", frames, extra={"error": type(error).__name__})  # noqa: TRY400
