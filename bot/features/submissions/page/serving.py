"""The page over HTTP: its three files, and what it asks and says. Figures travel in bodies only, never in addresses."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import access
from bot.access import Sender
from bot.features.submissions.address import PAGE_PATH
from bot.features.submissions.page import service, words
from bot.features.submissions.page.opener import read_opener
from bot.features.submissions.page.service import PageSaid
from bot.features.submissions.sending import Delivered
from bot.features.submissions.telling import list_told
from bot.hands.asking import Asking
from bot.road.turn import Surroundings, post
from bot.rules import Rules
from bot.services.drafts import OpenDraft, StaleDraftError
from bot.settings import Settings
from storage.engine import Database

logger = logging.getLogger(__name__)

LARGEST_SAID: Final = 32_768  # bytes
_TRIES: Final = 3
_SCHEME: Final = "tma "  # as Telegram's documentation names it
_FILES: Final = {
    "": ("page.html", "text/html"),
    "/page.js": ("page.js", "text/javascript"),
    "/page.css": ("page.css", "text/css"),
}

Answer = Callable[[Asking, PageSaid], Awaitable[Response]]


def join(around: Surroundings) -> None:
    """Serve the page where the bot has a public address."""
    if around.settings.webhook_url is not None:
        around.hooks.routes += _routes(around)


def _routes(around: Surroundings) -> list[Route]:
    headers = _headers(around.settings)
    routes = []
    for ending, (name, media) in _FILES.items():
        content = files(__package__).joinpath(name).read_bytes()
        routes.append(Route(PAGE_PATH + ending, _static(Response(content, media_type=media, headers=headers))))
    for ending, answer in (("open", _open), ("save", _save), ("send", _send)):
        routes.append(Route(f"{PAGE_PATH}/{ending}", _asked(around, answer, headers), methods=["POST"]))
    return routes


def _headers(settings: Settings) -> dict[str, str]:
    """Nothing from elsewhere, nothing inline; framed by Telegram's web clients, or the server that stands for them."""
    frames = ["https://web.telegram.org", "https://*.web.telegram.org"]
    api = urlsplit(settings.telegram_api_url)
    if api.hostname in {"127.0.0.1", "localhost"}:
        frames.append(f"{api.scheme}://{api.netloc}")
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {' '.join(frames)}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def _static(response: Response) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_request: Request) -> Response:
        return response

    return serve


def _asked(around: Surroundings, answer: Answer, headers: dict[str, str]) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        response = await _answer(around, request, answer)
        response.headers.update(headers)
        return response

    return serve


async def _answer(around: Surroundings, request: Request, answer: Answer) -> Response:
    now, settings, forms = around.clock(), around.settings, around.hooks.resource(Rules).forms
    authorization = request.headers.get("authorization", "")
    opener = read_opener(authorization.removeprefix(_SCHEME), settings.token, now)
    if opener is None or not authorization.startswith(_SCHEME):
        return _refuse(401, words.not_signed())
    try:
        body = await _read_body(request)
        said = msgspec.json.decode(body, type=PageSaid) if body is not None else None
    except (ClientDisconnect, msgspec.MsgspecError, UnicodeDecodeError):
        return _refuse(400, words.too_large())
    if said is None:
        return _refuse(413, words.too_large())
    person = Sender(opener[0], opener[1], is_admin=opener[0] in settings.admin_ids)
    for _ in range(_TRIES):  # looked at anew where the draft moved on meanwhile: a page that closes asks once only
        try:
            async with around.hooks.resource(Database).write() as db:
                asker = await access.find_asker(db, person)
                asking = await Asking(db, asker, person.telegram_id, now, settings.timezone, forms).as_actor()
                return await answer(asking, said)
        except StaleDraftError:
            continue
    return _refuse(409, words.moved_on(None))


async def _read_body(request: Request) -> bytes | None:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_SAID:
            return None
    return bytes(body)


def _refuse(status: int, text: str, **more: Any) -> Response:
    return JSONResponse({"said": text, **more}, status_code=status)


async def _open(asking: Asking, said: PageSaid) -> Response:
    opened = await service.find_draft(asking, said)
    return _refuse(404, words.gone()) if opened is None else JSONResponse({"report": service.describe(opened)})


async def _say_renewed(asking: Asking, opened: OpenDraft) -> Response:
    """The page with the rows of the new version; what was typed stays on it, to be looked at and saved."""
    return _refuse(409, words.form_renewed(), report=service.describe(await service.renew(asking, opened)))


async def _save(asking: Asking, said: PageSaid) -> Response:
    opened = await service.find_draft(asking, said)
    if opened is None:
        return _refuse(404, words.gone())
    if opened.renewed is not None and not said.closing:
        return await _say_renewed(asking, opened)
    may = service.may_take(asking, opened, said)
    if may is None:
        return _refuse(409, words.moved_on(opened.by), report=service.describe(opened))
    taken = service.fill_in(opened, may)
    opened = await service.save(asking, opened, taken.sheet)
    return JSONResponse(
        {
            "report": service.describe(opened),
            "wrong": taken.wrong,
            "understood": taken.understood,
            "unexplained": taken.unexplained,
        }
    )


async def _send(asking: Asking, said: PageSaid) -> Response:
    opened = await service.find_draft(asking, said)
    if opened is None:
        again = await service.was_sent(asking, said)
        return _refuse(404, words.gone()) if again is None else JSONResponse({"sent": words.sent()})
    if opened.renewed is not None:
        return await _say_renewed(asking, opened)
    if said.version != opened.draft.version:
        return _refuse(409, words.moved_on(opened.by), report=service.describe(opened))
    delivered = await service.send(asking, opened, said.draft)
    if delivered is None:
        return _refuse(422, words.not_ready(), report=service.describe(opened))
    if not isinstance(delivered, Delivered):
        return _refuse(404, words.gone())
    for chat_id, reply in list_told(asking, delivered):
        await post(asking.db, chat_id, reply, asking.now)
    return JSONResponse({"sent": words.sent()})
