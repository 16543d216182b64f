"""The sandbox's control routes: everything people and tests can do, over HTTP and JSON, and the chat page itself.

`GET /` is the page. `POST /sandbox/say` and the like act for a person, `/sandbox/faults`, `/sandbox/clock` and
`/sandbox/burst` steer the world, `GET /sandbox/events` streams what happens as server-sent events. An act that is
impossible in Telegram answers 409 with `{"error": …}`, a malformed request 400.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from importlib import resources
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.sandbox.bursts import Burst
from bot.sandbox.chats import Unplayable
from bot.sandbox.clock import LOCAL_ZONE
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.limits import NO_LIMITS, Limits, Pace
from bot.sandbox.model import Call, Chat, Json, Message, Player, Query
from bot.sandbox.state import Sandbox
from bot.sandbox.web_apps import sign_opening

_PAGE_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-src http: https:"
)


def json_answer(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")


def describe_person(person: Player) -> Json:
    shown: Json = {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "phone": person.phone,
        "username": person.username,
        "started": person.started,
        "blocked": person.blocked,
    }
    return shown


def describe_call(call: Call) -> Json:
    return {**asdict(call), "at": call.at.isoformat()}


class Control:
    """The routes; each method is one of them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._bursts: list[Burst] = []

    def routes(self) -> list[Route]:
        acts: dict[str, Callable[[Json], Any]] = {
            "people": self._add_person,
            "start": self._start,
            "say": self._say,
            "tap": self._tap,
            "press": self._press,
            "edit": self._edit,
            "contact": self._contact,
            "upload": self._upload,
            "voice": lambda body: self._message(self._sandbox.send_voice(body["person"])),
            "sticker": lambda body: self._message(self._sandbox.send_sticker(body["person"], body.get("emoji", "👍"))),
            "inline": self._inline,
            "choose": self._choose,
            "block": lambda body: self._sandbox.block(body["person"]),
            "unblock": lambda body: self._sandbox.unblock(body["person"]),
            "groups": self._add_group,
            "groups/add": lambda body: self._sandbox.add_to_group(body["group"], body["person"]),
            "groups/kick-bot": lambda body: self._sandbox.remove_bot_from_group(body["group"], body["person"]),
            "groups/migrate": lambda body: {"group": self._sandbox.migrate_group(body["group"]).id},
            "web_app": self._open_web_app,
            "faults": self._add_fault,
            "faults/clear": lambda body: self._sandbox.faults.clear(),
            "latency": self._set_latency,
            "limits": self._set_limits,
            "updates/redeliver": self._redeliver,
            "updates/renumber": lambda body: self._sandbox.renumber_updates(body["next"]),
            "updates/inject": lambda body: {"update_id": self._sandbox.inject_update(body["update"])},
            "clock": self._move_clock,
            "burst": self._burst,
        }
        reads: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/": self._page,
            "/sandbox/world": self._world,
            "/sandbox/chats/{chat_id}": self._chat,
            "/sandbox/files/{file_id}": self._file,
            "/sandbox/clock": self._clock,
            "/sandbox/history": self._history,
            "/sandbox/counts": self._counts,
            "/sandbox/burst/{number:int}": self._burst_summary,
            "/sandbox/events": self._events,
        }
        return [Route(path, read) for path, read in reads.items()] + [
            Route(f"/sandbox/{name}", _act(act), methods=["POST"]) for name, act in acts.items()
        ]

    # Acts of people

    def _message(self, message: Message) -> Json:
        return self._sandbox.shown_message(message)

    def _add_person(self, body: Json) -> Json:
        started = bool(body.pop("started", False))
        return describe_person(self._sandbox.add_person(Player(**body), started=started))

    def _start(self, body: Json) -> Json:
        return self._message(self._sandbox.start(body["person"], body.get("code", "")))

    def _say(self, body: Json) -> Json:
        said = self._sandbox.say(body["person"], body["text"], chat_id=body.get("chat"), reply_to=body.get("reply_to"))
        return self._message(said)

    def _tap(self, body: Json) -> Json:
        query = self._sandbox.tap(body["person"], body["message"], body["data"], chat_id=body.get("chat"))
        return {"query": query.id}

    def _press(self, body: Json) -> Json:
        result = self._sandbox.press(body["person"], body["label"], chat_id=body.get("chat"))
        return {"query": result.id} if isinstance(result, Query) else self._message(result)

    def _open_web_app(self, body: Json) -> Json:
        person = self._sandbox.get_person(body["person"])
        return {"data": sign_opening(person, self._sandbox.token, self._sandbox.clock())}

    def _edit(self, body: Json) -> Json:
        return self._message(
            self._sandbox.edit(body["person"], body["message"], body["text"], chat_id=body.get("chat"))
        )

    def _contact(self, body: Json) -> Json:
        other = self._sandbox.people[body["of"]] if "of" in body else None
        return self._message(self._sandbox.share_contact(body["person"], of=other, phone=body.get("phone")))

    def _upload(self, body: Json) -> Json:
        data = base64.b64decode(body["base64"])
        where: Json = {"chat_id": body.get("chat"), "caption": body.get("caption", "")}
        if body.get("photo"):
            return self._message(self._sandbox.send_photo(body["person"], data, **where))
        sent = self._sandbox.send_file(
            body["person"],
            body["name"],
            data,
            mime=body.get("mime", ""),
            declared_size=body.get("declared_size"),
            **where,
        )
        return self._message(sent)

    def _inline(self, body: Json) -> Json:
        return {"query": self._sandbox.ask_inline(body["person"], body["text"], chat_id=body.get("chat")).id}

    def _choose(self, body: Json) -> Json:
        return self._message(self._sandbox.choose_inline(body["person"], body["query"], body["result"]))

    def _add_group(self, body: Json) -> Json:
        group = self._sandbox.add_group(body["title"], body.get("members", ()), kind=body.get("kind", "supergroup"))
        return {"group": group.id}

    # The world

    def _add_fault(self, body: Json) -> None:
        self._sandbox.faults.add(Fault(**{**body, "kind": FaultKind(body["kind"])}))

    def _set_latency(self, body: Json) -> None:
        self._sandbox.latency = float(body["ms"]) / 1000

    def _set_limits(self, body: Json) -> None:
        if not body.get("on", True):
            self._sandbox.limiter.limits = NO_LIMITS
            return

        def pace(name: str, ordinary: Pace | None) -> Pace | None:
            return Pace(*body[name]) if name in body else ordinary

        usual = Limits()
        self._sandbox.limiter.limits = Limits(
            pace("overall", usual.overall), pace("private_chat", usual.private_chat), pace("group", usual.group)
        )

    def _redeliver(self, body: Json) -> Json:
        again = self._sandbox.redeliver(body["update_id"], under_new_id=bool(body.get("under_new_id")))
        return {"update_id": again.id}

    def _move_clock(self, body: Json) -> Json:
        clock = self._sandbox.clock
        if "forward" in body:
            clock.move(timedelta(seconds=float(body["forward"])))
        elif "to" in body:
            clock.move_to(datetime.fromisoformat(body["to"]))
        elif "moment" in body:
            clock.move_to(self._sandbox.moments[body["moment"]](clock()))
        else:
            raise ValueError('one of "forward" (seconds), "to" (time with zone) or "moment" (name) is needed')
        return self._describe_clock()

    def _burst(self, body: Json) -> Json:
        burst = Burst(self._sandbox, int(body["people"]), body["messages"], one_by_one=bool(body.get("one_by_one")))
        self._bursts.append(burst)
        burst.begin()
        return {"burst": len(self._bursts) - 1, "expected": burst.expected}

    async def _burst_summary(self, request: Request) -> Response:
        """Waits for `heard` answers (all by default) up to `timeout` seconds; then what was measured."""
        number = request.path_params["number"]
        if not 0 <= number < len(self._bursts):
            return json_answer({"error": "no such burst"}, 404)
        burst = self._bursts[number]
        wanted = int(request.query_params.get("heard", burst.expected))
        await burst.wait_heard(wanted, float(request.query_params.get("timeout", 60)))
        answer = burst.summary()
        if request.query_params.get("latencies"):
            answer["latencies_ms"] = [round(1000 * latency, 3) for latency in burst.latencies()]
        return json_answer(answer)

    # What can be read

    async def _page(self, request: Request) -> Response:
        page = resources.files("bot.sandbox").joinpath("page.html").read_text(encoding="utf-8")
        return HTMLResponse(page, headers={"Cache-Control": "no-store", "Content-Security-Policy": _PAGE_POLICY})

    def _describe_clock(self) -> Json:
        clock = self._sandbox.clock
        now = clock()
        return {
            "now": now.isoformat(),
            "local": now.astimezone(LOCAL_ZONE).isoformat(),
            "version": clock.version,
            "running": clock.is_running,
            "moments": list(self._sandbox.moments),
        }

    async def _clock(self, request: Request) -> Response:
        """The time; with `after=VERSION` waits up to `timeout` seconds for the next move."""
        after = request.query_params.get("after")
        clock = self._sandbox.clock
        if after is not None:
            seen = int(after)
            wait = float(request.query_params.get("timeout", 50))
            await self._sandbox.wait_until(lambda: clock.version != seen or self._sandbox.closing, wait)
        return json_answer(self._describe_clock())

    async def _world(self, request: Request) -> Response:
        sandbox = self._sandbox
        groups = [chat for chat in sandbox.chats.values() if not chat.is_private and not chat.migrated_to]
        crowd = [person for person in sandbox.people.values() if person.id < 900_000_000 or len(sandbox.people) < 60]
        answer = {
            "bot": {
                **sandbox.bot,
                "description": sandbox.profile.get(("description", ""), ""),
                "short": sandbox.profile.get(("short_description", ""), ""),
            },
            "people": [{**describe_person(person), "last": self._last(sandbox.chats[person.id])} for person in crowd],
            "groups": [
                {"id": chat.id, "title": chat.title, "members": sorted(chat.members), "last": self._last(chat)}
                for chat in groups
            ],
            "clock": self._describe_clock(),
        }
        return json_answer(answer)

    def _last(self, chat: Chat) -> Json | None:
        for message in reversed(chat.messages.values()):
            if not message.deleted:
                return self._message(message)
        return None

    async def _chat(self, request: Request) -> Response:
        """One chat as the person `as` sees it: the newest `limit` messages, the reply keyboard, the command menu."""
        sandbox = self._sandbox
        chat_id = int(request.path_params["chat_id"])
        chat = sandbox.chats.get(chat_id)
        person = sandbox.people.get(int(request.query_params.get("as", chat_id)))
        if chat is None or person is None:
            return json_answer({"error": "no such chat"}, 404)
        limit = int(request.query_params.get("limit", 300))
        return json_answer(
            {
                "id": chat.id,
                "kind": chat.kind,
                "title": chat.title,
                "messages": [self._message(message) for message in chat.shown[-limit:]],
                "keyboard": chat.keyboard,
                "pinned": chat.pinned,
                "commands": sandbox.commands_for(chat, person),
            }
        )

    async def _file(self, request: Request) -> Response:
        stored = self._sandbox.files.get(request.path_params["file_id"])
        if stored is None:
            return json_answer({"error": "no such file"}, 404)
        shown = stored.mime if stored.mime in {"image/png", "image/jpeg"} else "application/octet-stream"
        kind = "inline" if shown.startswith("image/") else "attachment"
        headers = {
            "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(stored.name)}",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(stored.data, media_type=shown, headers=headers)

    async def _history(self, request: Request) -> Response:
        methods = request.query_params.getlist("method")
        chat = request.query_params.get("chat")
        calls = self._sandbox.calls(*methods, chat_id=int(chat) if chat else None)
        return json_answer([describe_call(call) for call in calls])

    async def _counts(self, request: Request) -> Response:
        sandbox = self._sandbox
        return json_answer(
            {
                "calls": sandbox.counts,
                "bot_messages": sandbox.bot_messages,
                "pending_updates": len(sandbox.updates),
                "refused_by_limits": sandbox.limiter.refused,
            }
        )

    async def _events(self, request: Request) -> Response:
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def _stream(self) -> AsyncIterator[bytes]:
        queue = self._sandbox.subscribe()
        try:
            yield b"retry: 1000\n\n"
            while (event := await queue.get()) is not None:
                yield b"data: " + msgspec.json.encode(event) + b"\n\n"
        finally:
            self._sandbox.unsubscribe(queue)


def _act(act: Callable[[Json], Any]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            result = act(msgspec.json.decode(await request.body() or b"{}", type=dict[str, Any]))
        except Unplayable as error:
            return json_answer({"error": str(error)}, 409)
        except KeyError as error:
            return json_answer({"error": f"missing or unknown: {error}"}, 400)
        except (TypeError, ValueError) as error:
            return json_answer({"error": str(error)}, 400)
        return json_answer({"ok": True} if result is None else result)

    return endpoint


def build_control(sandbox: Sandbox) -> Starlette:
    return Starlette(routes=Control(sandbox).routes())
