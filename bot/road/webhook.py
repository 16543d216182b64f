"""The bot's web server: updates by webhook, and monitoring by /healthz and /metrics."""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, cast
from urllib.parse import urlsplit

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.road.connections import Connection, Guarded, Patience
from bot.road.intake import Store
from bot.road.updates import read_update, unreadable

logger = logging.getLogger(__name__)

LARGEST_BODY: Final = 1_000_000  # bytes that are kept of an update
LARGEST_READ: Final = 16_000_000  # bytes that are read of one, so that it can be acknowledged
STORE_SECONDS: Final = 10.0  # within which an update is stored, or Telegram is asked to send it again
BACKLOG: Final = 128  # connections that asyncio takes in one turn, before any of them can be let go
STOP_SECONDS: Final = 2  # for the answers that are under way when the server stops
_SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105
_JSON: Final = "application/json"

#: What /healthz says: whether all is well, and the figures.
Health = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]
#: What /metrics says, in Prometheus' text format.
Metrics = Callable[[], Awaitable[bytes]]


def build_web(
    *,
    health: Health,
    metrics: Metrics,
    store: Store | None = None,
    url: str = "",
    secret: str = "",
    pages: Sequence[BaseRoute] = (),
) -> ASGIApp:
    """The ASGI application; with a `store` it takes updates at the path of `url` from whoever knows `secret`.
    `pages` are what features serve.

    Telegram sends again for hours whatever is not answered with 200, and nothing else meanwhile: so an update that
    cannot be read, or is too large, is put aside and answered like any other.
    """

    async def on_update(request: Request) -> Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        if request.headers.get("content-type", _JSON).partition(";")[0].strip().lower() != _JSON:
            return Response(status_code=415)
        try:
            body, size = await _read_body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if size > LARGEST_READ:
            return Response(status_code=413, headers={"Connection": "close"})
        if not body.lstrip().startswith(b"{"):  # nothing of Telegram's
            return Response(status_code=413 if size > LARGEST_BODY else 400)
        received = read_update(body) if size == len(body) else unreadable(body, f"too large: {size} bytes")
        try:
            assert store is not None
            async with asyncio.timeout(STORE_SECONDS):
                await store.put(received)
        except Exception as error:
            logger.error("update not stored; telegram will send it again", extra={"error": type(error).__name__})  # noqa: TRY400
            return Response(status_code=503, headers={"Retry-After": "2"})
        return Response(status_code=200)

    async def on_health(_request: Request) -> Response:
        well, figures = await health()
        return JSONResponse(figures, status_code=200 if well else 503)

    async def on_metrics(_request: Request) -> Response:
        return Response(await metrics(), media_type=CONTENT_TYPE_LATEST)

    routes: list[BaseRoute] = [Route("/healthz", on_health), Route("/metrics", on_metrics), *pages]
    if store is not None:
        routes.append(Route(urlsplit(url).path or "/", on_update, methods=["POST"]))
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False  # it would lead to whatever host the request names
    return Guarded(app)


async def _read_body(request: Request) -> tuple[bytes, int]:
    """The body up to `LARGEST_BODY`, and its size; the rest is read as well, and dropped, up to `LARGEST_READ`."""
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        body += chunk[: LARGEST_BODY - len(body)]
        if size > LARGEST_READ:
            break
    return bytes(body), size


class WebServer(uvicorn.Server):
    """uvicorn inside our process, which handles signals itself and lets go of whoever keeps it waiting."""

    def __init__(
        self,
        app: ASGIApp,
        host: str,
        port: int,
        *,
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Serve `app` at `host:port`; port 0 takes a free one, which `port` then tells."""
        connection = partial(Connection, patience=patience or Patience(), monotonic=monotonic)
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                http=cast("type[asyncio.Protocol]", connection),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=BACKLOG,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )

    async def on_tick(self, counter: int) -> bool:
        """Look after the connections, ten times a second."""
        for connection in list(self.server_state.connections):
            if isinstance(connection, Connection):
                connection.look()
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Install no signal handlers."""
        yield

    @property
    def port(self) -> int:
        """The port it listens on; known once it is `started`."""
        return int(self.servers[0].sockets[0].getsockname()[1])
