"""The sandbox's Bot API: answers requests, independent of the connection they came by.

Faults act here too, so that whoever holds the connection only has to send a reply, cut it, or reset.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import time
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from bot.sandbox.faults import Fault, FaultKind
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

_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{30,60}")
_HTML_502 = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>502 Bad Gateway</body>\r\n</html>\r\n"

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """The answer to a call. `cut` announces the whole body, sends half of it, and closes."""

    status: int
    body: bytes
    content_type: bytes = b"application/json"
    cut: bool = False


_SPOILT = {
    FaultKind.TOO_MANY_BARE: CallAnswer(429, b'{"ok":false,"error_code":429,"description":"Too Many Requests"}'),
    FaultKind.BAD_GATEWAY: CallAnswer(502, _HTML_502, b"text/html"),
    FaultKind.OK_FALSE: CallAnswer(200, b'{"ok":false}'),
    FaultKind.NOT_JSON: CallAnswer(200, b"upstream said something else"),
}


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def note_unused(self) -> None:
        """Notes that a connection was closed without a byte of a request."""
        self._sandbox.unused_connections += 1

    async def answer(self, path: str, query: str, content_type: str, body: bytes) -> CallAnswer | None:
        """The reply to a request, None where the connection is to be reset without one. `path` is unquoted."""
        if path.startswith("/file/bot"):
            return self._download(path)
        arrived = time.perf_counter()
        sandbox = self._sandbox
        token, _, method = path[len("/bot") :].partition("/")
        if token != sandbox.token:
            return _refuse(unauthorized() if _TOKEN.fullmatch(token) else Refusal(404, "Not Found"))
        try:
            params = await read_params(query, content_type, body)
        except Refusal as refusal:
            return _refuse(refusal)
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
        reply = await (self._perform(call, params) if fault is None else self._suffer(fault, call, params))
        if reply is not None:
            call.answered = time.perf_counter()
        sandbox.notify()
        return reply

    async def _perform(self, call: Call, params: Params) -> CallAnswer:
        """Carries out the call."""
        try:
            name = call.method.lower()
            result: Any
            if name == "getupdates":
                result = await self._get_updates(params)
            else:
                result = METHODS.get(name, _no_such_method)(self._sandbox, params)
        except Refusal as refusal:
            call.status, call.description = refusal.code, refusal.description
            return _refuse(refusal)
        call.status, call.done = 200, True
        if isinstance(result, dict) and "message_id" in result:
            call.message_id = result["message_id"]
        return CallAnswer(200, _encode({"ok": True, "result": result}))

    async def _get_updates(self, params: Params) -> list[Json | msgspec.Raw]:
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
                return [update.json if update.raw is None else msgspec.Raw(update.raw) for update in waiting]
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

    async def _suffer(self, fault: Fault, call: Call, params: Params) -> CallAnswer | None:
        """Plays a fault instead of, or around, the ordinary answer."""
        kind = fault.kind
        fault.fired = time.perf_counter()
        refusal = _refusal_of(fault)
        if refusal is not None:
            call.status, call.description = refusal.code, refusal.description
            return _refuse(refusal)
        if kind is FaultKind.PAGE:
            call.status = fault.status
            return CallAnswer(fault.status, fault.body.encode(), fault.content_type.encode())
        if kind is FaultKind.KILL_ANSWERED:
            reply = await self._perform(call, params)
            asyncio.get_running_loop().call_soon(_kill_now, fault)
            return reply
        if kind in _SPOILT:
            spoilt = _SPOILT[kind]
            call.status = spoilt.status
            return spoilt
        if kind is FaultKind.CUT:
            return replace(await self._perform(call, params), status=200, cut=True)
        if kind is FaultKind.DELAY:
            await self._hang(fault.seconds)
            return await self._perform(call, params)
        if kind in {FaultKind.LOST_AFTER, FaultKind.HANG_AFTER, FaultKind.KILL_AFTER}:
            await self._perform(call, params)
            self._sandbox.notify()
        if kind in {FaultKind.HANG, FaultKind.HANG_AFTER}:
            await self._hang(fault.seconds)
        elif kind in {FaultKind.KILL_BEFORE, FaultKind.KILL_AFTER}:
            _kill_now(fault)
        return None

    async def _hang(self, seconds: float) -> None:
        await self._sandbox.wait_until(lambda: self._sandbox.closing, seconds)

    def _download(self, path: str) -> CallAnswer:
        token, _, file_path = path[len("/file/bot") :].partition("/")
        if token != self._sandbox.token:
            return _refuse(unauthorized())
        stored = self._sandbox.files_by_path.get(file_path)
        if stored is None:
            return _refuse(Refusal(404, "Not Found"))
        return CallAnswer(200, stored.data, b"application/octet-stream")


def _refuse(refusal: Refusal) -> CallAnswer:
    return CallAnswer(refusal.code, _encode(refusal.body()))


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


def _kill_now(fault: Fault) -> None:
    fault.fired = time.perf_counter()
    with contextlib.suppress(ProcessLookupError):
        os.kill(fault.pid, signal.SIGKILL)
