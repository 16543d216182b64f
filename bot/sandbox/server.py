"""The sandbox's door: the Bot API and the control routes on one port of 127.0.0.1.

Bot API calls take a short road past the router, because load tests send thousands a second through it. Faults act here,
where the connection is.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import socket
import struct
import time
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any

import msgspec
import uvicorn
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from bot.sandbox import world
from bot.sandbox.clock import MovableClock
from bot.sandbox.control import build_control
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.limits import Limits
from bot.sandbox.methods import METHODS, find_chat_id, read_allowed
from bot.sandbox.model import Call, Json
from bot.sandbox.params import Params, read_params
from bot.sandbox.refusals import (
    TERMINATED_BY_OTHER,
    WEBHOOK_ACTIVE,
    Refusal,
    bad_request,
    forbidden,
    too_many_requests,
    unauthorized,
)
from bot.sandbox.state import Sandbox
from bot.sandbox.webhooks import WebhookCourier

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{30,60}")
_JSON_HEADERS = [(b"content-type", b"application/json")]
_HTML_502 = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"

_encode = msgspec.json.Encoder().encode


class SandboxApp:
    """The ASGI application: `/bot<token>/<method>`, `/file/bot<token>/<path>`, the rest to the control routes."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._control = build_control(sandbox)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] != "http":
            return
        try:
            if path.startswith("/bot"):
                await self._call(scope, receive, send)
            elif path.startswith("/file/bot"):
                await self._download(path, send)
            else:
                await self._control(scope, receive, send)
        except asyncio.CancelledError:
            if not self._sandbox.closing:
                raise

    # The Bot API

    async def _call(self, scope: Scope, receive: Receive, send: Send) -> None:
        sandbox = self._sandbox
        arrived = time.perf_counter()
        token, _, method = scope["path"][4:].partition("/")
        body = await _read_body(receive)
        if token != sandbox.token:
            refusal = unauthorized() if _TOKEN.fullmatch(token) else Refusal(404, "Not Found")
            await _answer(send, refusal.code, _encode(refusal.body()))
            return
        try:
            params = await read_params(Request(scope), body)
        except Refusal as refusal:
            await _answer(send, refusal.code, _encode(refusal.body()))
            return
        chat_id = find_chat_id(params)
        values = dict(params.values)
        for name, upload in params.files.items():
            values[name] = f"<{upload.name}: {len(upload.data)} bytes>"
        call = Call(len(sandbox.history) + 1, sandbox.clock(), arrived, method, values, chat_id)
        sandbox.history.append(call)
        sandbox.counts[method] = sandbox.counts.get(method, 0) + 1
        sandbox.notify()
        fault = sandbox.faults.take(method, chat_id)
        if fault is not None:
            call.fault = fault.kind.value
        if sandbox.latency:
            await asyncio.sleep(sandbox.latency)
        if fault is None:
            status, answer = await self._perform(call, params)
            await _answer(send, status, answer)
        else:
            await self._suffer(fault, call, params, send)
        sandbox.notify()

    async def _perform(self, call: Call, params: Params) -> tuple[int, bytes]:
        """Does what the call asks for and returns HTTP status and body."""
        try:
            name = call.method.lower()
            result: Any
            if name == "getupdates":
                result = await self._get_updates(params)
            else:
                result = METHODS.get(name, _no_such_method)(self._sandbox, params)
        except Refusal as refusal:
            call.status, call.description = refusal.code, refusal.description
            return refusal.code, _encode(refusal.body())
        call.status, call.done = 200, True
        if isinstance(result, dict) and "message_id" in result:
            call.message_id = result["message_id"]
        return 200, _encode({"ok": True, "result": result})

    async def _get_updates(self, params: Params) -> list[Json]:
        sandbox = self._sandbox
        if sandbox.webhook is not None:
            raise Refusal(409, WEBHOOK_ACTIVE)
        offset, limit = params.integer("offset", 0), min(100, max(1, params.integer("limit", 100)))
        sandbox.allowed_updates = read_allowed(params, sandbox.allowed_updates)
        turn = sandbox.become_poller()
        sandbox.confirm_updates(offset)
        deadline = time.monotonic() + min(50, max(0, params.integer("timeout", 0)))
        while True:
            waiting = sandbox.pending_updates(sandbox.allowed_updates, limit)
            if waiting:
                sandbox.hand_out(waiting)
                return [update.json for update in waiting]
            left = deadline - time.monotonic()
            if left <= 0 or sandbox.closing:
                return []
            try:
                async with asyncio.timeout(left):
                    outcome = await turn
            except TimeoutError:
                return []
            if outcome == "conflict":
                raise Refusal(409, TERMINATED_BY_OTHER)
            if outcome == "closing":
                return []
            turn = sandbox.become_poller()

    async def _suffer(self, fault: Fault, call: Call, params: Params, send: Send) -> None:
        """Plays a fault instead of, or around, the ordinary answer."""
        kind = fault.kind
        refusal = _refusal_of(fault)
        if refusal is not None:
            call.status, call.description = refusal.code, refusal.description
            await _answer(send, refusal.code, _encode(refusal.body()))
        elif kind is FaultKind.TOO_MANY_BARE:
            call.status = 429
            bare = {"ok": False, "error_code": 429, "description": "Too Many Requests"}
            await _answer(send, 429, _encode(bare))
        elif kind is FaultKind.BAD_GATEWAY:
            call.status = 502
            await _answer(send, 502, _HTML_502, [(b"content-type", b"text/html")])
        elif kind is FaultKind.OK_FALSE:
            call.status = 200
            await _answer(send, 200, b'{"ok":false}')
        elif kind is FaultKind.NOT_JSON:
            call.status = 200
            await _answer(send, 200, b"upstream said something else")
        elif kind is FaultKind.CUT:
            _, answer = await self._perform(call, params)
            await _cut(send, answer)
        elif kind is FaultKind.RESET:
            await _reset(send)
        elif kind is FaultKind.LOST_AFTER:
            await self._perform(call, params)
            await _reset(send)
        elif kind is FaultKind.HANG:
            await self._hang(fault.seconds)
            await _reset(send)
        elif kind is FaultKind.HANG_AFTER:
            await self._perform(call, params)
            self._sandbox.notify()
            await self._hang(fault.seconds)
            await _reset(send)
        elif kind is FaultKind.DELAY:
            await self._hang(fault.seconds)
            status, answer = await self._perform(call, params)
            await _answer(send, status, answer)
        elif kind is FaultKind.KILL_BEFORE:
            _kill(fault.pid)
            await _reset(send)
        elif kind is FaultKind.KILL_AFTER:
            await self._perform(call, params)
            _kill(fault.pid)
            await _reset(send)

    async def _hang(self, seconds: float) -> None:
        await self._sandbox.wait_until(lambda: self._sandbox.closing, seconds)

    async def _download(self, path: str, send: Send) -> None:
        token, _, file_path = path[len("/file/bot") :].partition("/")
        stored = self._sandbox.files_by_path.get(file_path)
        if token != self._sandbox.token or stored is None:
            refusal = unauthorized() if token != self._sandbox.token else Refusal(404, "Not Found")
            await _answer(send, refusal.code, _encode(refusal.body()))
        else:
            await _answer(send, 200, stored.data, [(b"content-type", b"application/octet-stream")])


def _no_such_method(sandbox: Sandbox, params: Params) -> Any:
    raise Refusal(404, "Not Found: method not found")


def _refusal_of(fault: Fault) -> Refusal | None:
    """The Bot API's refusal that a fault stands for, None where it is no refusal."""
    kind = fault.kind
    if kind is FaultKind.RETRY_AFTER:
        return too_many_requests(fault.retry_after)
    if kind is FaultKind.INTERNAL:
        return Refusal(500, fault.description or "Internal Server Error: restart")
    if kind is FaultKind.FORBIDDEN:
        return forbidden(fault.description or "bot was blocked by the user")
    if kind is FaultKind.BAD_REQUEST:
        return bad_request(fault.description or "chat not found")
    if kind is FaultKind.UNAUTHORIZED:
        return unauthorized()
    if kind is FaultKind.NOT_FOUND:
        return Refusal(404, "Not Found")
    if kind is FaultKind.CONFLICT:
        return Refusal(409, TERMINATED_BY_OTHER)
    if kind is FaultKind.MIGRATE:
        moved = "Bad Request: group chat was upgraded to a supergroup chat"
        return Refusal(400, moved, migrate_to_chat_id=fault.migrate_to)
    return None


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


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


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*(headers or _JSON_HEADERS), length]})
    await send({"type": "http.response.body", "body": body})


async def _cut(send: Send, body: bytes) -> None:
    """Announces the whole body, sends half of it, and closes."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [*_JSON_HEADERS, length]})
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
    _transport(send).close()
    await asyncio.sleep(0)


async def _reset(send: Send) -> None:
    """Resets the TCP connection without a byte of answer."""
    transport = _transport(send)
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _transport(send: Send) -> asyncio.Transport:
    """The connection behind an ASGI `send` of uvicorn's, whose request cycle holds it."""
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    return transport


class SandboxServer:
    """Serves a sandbox for the length of an `async with`, on 127.0.0.1; `port` 0 takes a free one.

    Entering returns the `Sandbox`, whose `url` is then the origin for `TELEGRAM_API_URL`. Other keyword arguments are
    those of `Sandbox`. Raises OSError where the port is taken.
    """

    def __init__(self, *, port: int = 0, webhook_pause: float = 2.0, **options: Any) -> None:
        self.sandbox = Sandbox(**options)
        self._port = port
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
        config = uvicorn.Config(
            SandboxApp(self.sandbox),
            log_config=None,
            log_level="warning",
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_keep_alive=75,
            server_header=False,
            date_header=False,
        )
        config.load()
        protocol: Any = config.http_protocol_class
        self._server = await asyncio.get_running_loop().create_server(
            lambda: protocol(config=config, server_state=self._connections, app_state={}), sock=listener, backlog=2048
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
