"""The sandbox's server: the Bot API and the control routes on one port of 127.0.0.1."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from bot.sandbox import world
from bot.sandbox.calls import BotApi, CallAnswer
from bot.sandbox.clock import MovableClock
from bot.sandbox.control import build_control
from bot.sandbox.door import Door, reset
from bot.sandbox.limits import Limits
from bot.sandbox.state import Sandbox
from bot.sandbox.webhooks import WebhookCourier


class SandboxApp:
    """The ASGI application: the control routes, and calls of the Bot API that came too unusual for `Door`."""

    def __init__(self, sandbox: Sandbox, api: BotApi, *, keep_alive: bool) -> None:
        self._sandbox = sandbox
        self._api = api
        self._keep_alive = keep_alive
        self._control = build_control(sandbox)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            if scope["path"].startswith(("/bot", "/file/bot")):
                content_type = dict(scope["headers"]).get(b"content-type", b"").decode("latin-1")
                query = scope["query_string"].decode("latin-1")
                body = await _read_body(receive)
                reply = await self._api.answer(scope["path"], query, content_type, body)
                await _send(send, reply, [] if self._keep_alive else [(b"connection", b"close")])
            else:
                await self._control(scope, receive, send)
        except asyncio.CancelledError:
            if not self._sandbox.closing:
                raise


async def _read_body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    pieces = [body]
    while message.get("more_body"):
        message = await receive()
        pieces.append(message.get("body", b""))
    return b"".join(pieces)


async def _send(send: Send, reply: CallAnswer | None, headers: list[tuple[bytes, bytes]]) -> None:
    transport = _transport(send)
    if reply is None:
        reset(transport)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return
    headers += [(b"content-type", reply.content_type), (b"content-length", str(len(reply.body)).encode())]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if reply.cut:
        await send({"type": "http.response.body", "body": reply.body[: len(reply.body) // 2], "more_body": True})
        transport.close()
        await asyncio.sleep(0)
    else:
        await send({"type": "http.response.body", "body": reply.body})


def _transport(send: Send) -> asyncio.Transport:
    """The connection behind an ASGI `send` of uvicorn's, whose request cycle holds it."""
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    return transport


class SandboxServer:
    """Serves a sandbox for the length of an `async with`, on 127.0.0.1; `port` 0 takes a free one.

    Entering returns the `Sandbox`, whose `url` is then the origin for `TELEGRAM_API_URL`. Other keyword arguments are
    those of `Sandbox`. Raises OSError where the port is taken.

    Telegram keeps connections open between calls, and so does the sandbox; `keep_alive` False closes each after its
    answer, for measuring clients whose pool of idle connections costs them more than a new connection.
    """

    def __init__(self, *, port: int = 0, webhook_pause: float = 2.0, keep_alive: bool = True, **options: Any) -> None:
        self.sandbox = Sandbox(**options)
        self._port = port
        self._keep_alive = keep_alive
        self._courier = WebhookCourier(self.sandbox, first_pause=webhook_pause)
        self._connections = ServerState()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Sandbox:
        # The protocol is named because asyncio switches Nagle's delay (40 ms a call) off only where it sees TCP.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", self._port))
        except OSError:
            listener.close()
            raise
        self.sandbox.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        api = BotApi(self.sandbox)
        config = uvicorn.Config(
            SandboxApp(self.sandbox, api, keep_alive=self._keep_alive),
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=75,
            server_header=False,
            date_header=False,
            proxy_headers=False,
        )
        config.load()
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Door(api, config, self._connections, keep_alive=self._keep_alive), sock=listener, backlog=2048
        )
        return self.sandbox

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.sandbox.close()
        await self._courier.stop()
        assert self._server is not None
        self._server.close()
        if unanswered := set(self._connections.tasks):
            _, late = await asyncio.wait(unanswered, timeout=2)
            for task in late:
                task.cancel()
        for connection in list(self._connections.connections):
            connection.shutdown()
        for _ in range(3):
            await asyncio.sleep(0)  # the loop closes the sockets some turns later


@contextlib.asynccontextmanager
async def serve(
    *,
    port: int = 0,
    clock: MovableClock | None = None,
    limits: Limits | None = None,
    prepare: world.Prepare | None = None,
) -> AsyncIterator[Sandbox]:
    """The sandbox of the demo: served, with the sample people in it.

    `prepare` is called with the sandbox before anyone can look, for whoever adds units and figures. The page is at
    the yielded sandbox's `url`; the product is started with the same `url` as its API's address, with `token`, and
    with `clock`.
    """
    async with SandboxServer(port=port, clock=clock, limits=limits) as sandbox:
        world.populate(sandbox)
        if prepare is not None:
            await prepare(sandbox)
        yield sandbox
