"""A small Bot API that remembers everything and fails on demand; it listens on a free port of this machine."""

from __future__ import annotations

import asyncio
import json
import socket
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.road.webhook import WebServer

Answer = Callable[[str, dict[str, Any]], Response | None]


class Kept(NamedTuple):
    """Bytes that stay at their place in the queue until the number is confirmed; None: whatever is confirmed."""

    number: int | None
    content: bytes


class FakeApi:
    """Updates in `updates`, everything sent in `calls`, scripted answers in `script` (method → answers in turn).

    Calls of getUpdates are kept apart, in `polls`.

    A scripted answer is a Response, or "lost" (carried out, the connection is cut), "hang" (never answered),
    or None for the ordinary one.
    """

    def __init__(self) -> None:
        self.updates: list[dict[str, Any] | str | Kept] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.polls: list[dict[str, Any]] = []
        self.script: dict[str, deque[Response | str | None]] = {}
        self.webhook_url = ""
        self.honours_offset = True
        self.latency = 0.0
        self._arrived = asyncio.Event()
        self._message_ids = 1000
        self.app = Starlette(routes=[Route("/bot{token}/{method}", self._on_call, methods=["GET", "POST"])])
        self.url = ""

    def hand_over(self, *updates: dict[str, Any] | str | Kept) -> None:
        """Let the next getUpdates return these too; text is put in as it is, for what is not valid."""
        self.updates += updates
        self._arrived.set()

    def answer(self, method: str, *answers: Response | str | None) -> None:
        """Script the next calls of a method."""
        self.script.setdefault(method, deque()).extend(answers)

    def sent(self, chat_id: int | None = None) -> list[dict[str, Any]]:
        """Everything sent as sendMessage, in order."""
        return [
            fields
            for method, fields in self.calls
            if method == "sendMessage" and (chat_id is None or int(fields["chat_id"]) == chat_id)
        ]

    def texts(self, chat_id: int | None = None) -> list[str]:
        """The texts of `sent`."""
        return [str(fields["text"]) for fields in self.sent(chat_id)]

    async def _on_call(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            body = await request.body()
        except ClientDisconnect:
            return Response(status_code=400)
        if request.headers.get("content-type", "").startswith("multipart"):
            fields: dict[str, Any] = {"multipart": body}
            for name in (b"chat_id", b"caption"):
                marker = b'name="' + name + b'"\r\n\r\n'
                if marker in body:
                    fields[name.decode()] = body.split(marker)[1].split(b"\r\n")[0].decode()
        else:
            fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
        if self.latency:
            await asyncio.sleep(self.latency)
        scripted = self.script[method].popleft() if self.script.get(method) else None
        if isinstance(scripted, Response):
            self.calls.append((f"refused:{method}", fields))
            return scripted
        if scripted == "hang":
            self.calls.append((f"hung:{method}", fields))
            await asyncio.sleep(30)
        if method == "getUpdates":
            return await self._on_get_updates(fields)
        self.calls.append((method, fields))
        if scripted == "lost":
            return Response('{"ok": tr', media_type="application/json")
        return JSONResponse({"ok": True, "result": self._result(method, fields)})

    def _result(self, method: str, fields: dict[str, Any]) -> Any:
        if method == "getMe":
            return {"id": 42, "is_bot": True, "first_name": "Thử", "username": "thu_bot"}
        if method == "getWebhookInfo":
            return {"url": self.webhook_url, "has_custom_certificate": False, "pending_update_count": 0}
        if method.startswith("send") or method == "editMessageText":
            self._message_ids += 1
            return {"message_id": int(fields.get("message_id", self._message_ids)), "date": 0, "chat": {"id": 1}}
        return True

    async def _on_get_updates(self, fields: dict[str, Any]) -> Response:
        self.polls.append(fields)
        offset = int(fields["offset"]) if fields.get("offset") else None
        if offset is not None:
            self.updates = [u for u in self.updates if not _is_confirmed(u, offset)]
        if not self.updates and float(fields.get("timeout", 0)) > 0:
            self._arrived.clear()
            try:
                async with asyncio.timeout(min(float(fields["timeout"]), 5)):
                    await self._arrived.wait()
            except TimeoutError:
                pass
        batch = self.updates[:100]
        parts = [
            u.content if isinstance(u, Kept) else (u if isinstance(u, str) else json.dumps(u)).encode() for u in batch
        ]
        self.updates = [u for u in self.updates if not isinstance(u, str)]
        return Response(b'{"ok":true,"result":[' + b",".join(parts) + b"]}", media_type="application/json")


def _is_confirmed(update: dict[str, Any] | str | Kept, offset: int) -> bool:
    if isinstance(update, str):
        return False
    number = update.number if isinstance(update, Kept) else update["update_id"]
    return number is not None and number < offset


def refusal(status: int, description: str, **parameters: Any) -> Response:
    """An answer of the Bot API that says no."""
    content = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(content | ({"parameters": parameters} if parameters else {}), status_code=status)


def message(update_id: int, text: str = "chào", *, chat: int = 7, message_id: int | None = None) -> dict[str, Any]:
    """An update with a message from a private chat."""
    person = {"id": chat, "is_bot": False, "first_name": "An"}
    return {
        "update_id": update_id,
        "message": {
            "message_id": message_id or update_id,
            "date": 1_790_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "An"},
            "from": person,
            "text": text,
        },
    }


def tap(update_id: int, data: str, *, chat: int = 7, query: str = "") -> dict[str, Any]:
    """An update with a tapped button."""
    inner = message(update_id, chat=chat)["message"]
    return {
        "update_id": update_id,
        "callback_query": {
            "id": query or f"q{update_id}",
            "from": inner["from"],
            "message": inner,
            "chat_instance": "1",
            "data": data,
        },
    }


@asynccontextmanager
async def serving(api: FakeApi) -> AsyncIterator[FakeApi]:
    """Serve it on a free port; `api.url` tells where."""
    server = WebServer(api.app, "127.0.0.1", 0)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    api.url = f"http://127.0.0.1:{server.port}"
    try:
        yield api
    finally:
        server.should_exit = True
        server.force_exit = True
        await task


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
