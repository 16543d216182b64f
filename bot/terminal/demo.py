"""`troly demo`: the whole product on this machine, with no token and no network.

The very application of `troly run` speaks over HTTP to a stand-in for the Bot API, on a database that is thrown away
afterwards; both read one clock, which the chat page can move.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot import app
from bot.road.clock import Clock
from bot.road.reply import to_plain
from bot.sandbox import Limits, MovableClock, Sandbox, serve
from bot.sandbox.world import ADMIN
from bot.settings import Settings, load_settings
from bot.terminal import sample
from bot.words import answers
from knowledge.answer import load_adviser
from knowledge.model.obligations import QuietHours
from storage import people
from storage.engine import Database

logger = logging.getLogger(__name__)

DEFAULT_PORT = 8642
TIMEZONE = ZoneInfo("Asia/Ho_Chi_Minh")


class PortTakenError(Exception):
    """Another program listens on the port."""

    for_operator = True

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken; choose another with --port, or --port 0 for a free one")


async def seed(database: Database, sandbox: Sandbox, clock: Clock) -> None:
    """Put sample units, officers and figures into a new database, for the people that can be played.

    Officers who joined have an open chat already, so that reminders reach them before they write.
    """
    async with database.write() as db:
        await sample.seed(db, clock(), TIMEZONE)
        for person in sandbox.people.values():
            person.started = person.started or await people.find_by_telegram(db, person.id) is not None


async def add_more(database: Database, clock: Clock) -> None:
    """What can be tried besides the monthly report: shares handed down, quarters, and a campaign of the larger form."""
    async with database.write() as db:
        for more in (sample.hand_down, sample.fill_quarters, sample.open_campaign):
            await more(db, clock(), TIMEZONE)


def demo_settings(sandbox: Sandbox, folder: Path) -> Settings:
    """Settings of the demo; the operator's own are left out.

    It takes updates by a webhook on a free port of 127.0.0.1, for the page of larger forms is served beside one.
    """
    port = _free_port()
    return load_settings(
        _env_file=None,
        telegram_bot_token=sandbox.token,
        telegram_api_url=sandbox.url,
        database_url=f"sqlite:///{folder / 'demo.db'}",
        timezone=TIMEZONE,
        admin_ids=frozenset({ADMIN.id}),
        webhook_url=f"http://127.0.0.1:{port}/updates",
        webhook_secret=None,
        listen=("127.0.0.1", port),
        telegram_proxy=None,
        reader_url=None,
        reader_key=None,
        reader_model=None,
        send_rate=30.0,
        bot_name=None,
        quiet_hours=QuietHours(time(21), time(7)),
        log_level="WARNING",
    )


def _free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def example_answer() -> str:
    """The example question with its answer, for the terminal."""
    question = answers.EXAMPLES[0]
    return f"❓ {question}\n\n{to_plain(answers.answer(load_adviser().ask(question)))}\n"


async def run_demo(port: int | None, *, browser: bool, say: Callable[[str], None]) -> None:
    """Serve the demo until SIGINT or SIGTERM.

    Args:
        port: where the chat page is served on 127.0.0.1; 0 for a free port, None for the usual one or else a free one.
        browser: whether to open the page.
        say: prints a line for whoever started it.

    Raises:
        PortTakenError: the port is not free.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    clock = MovableClock()
    with tempfile.TemporaryDirectory(prefix="troly-demo-") as folder:
        async with _serving(port, clock) as sandbox:
            say(example_answer())
            database = await Database.open(f"sqlite:///{Path(folder) / 'demo.db'}")
            try:
                await seed(database, sandbox, clock)
                await add_more(database, clock)
                bot = app.build(demo_settings(sandbox, Path(folder)), database, clock=clock)
                moves: set[asyncio.Task[None]] = set()

                def on_move() -> None:
                    task = asyncio.ensure_future(bot.tick_all())
                    moves.add(task)
                    task.add_done_callback(moves.discard)

                clock.on_move(on_move)
                async with app.running(bot):
                    say(f"Open {sandbox.url} in a browser and ask it there; Ctrl+C stops it.")
                    if browser:
                        await asyncio.to_thread(_open_page, sandbox.url)
                    await _until(stop, bot.failed)
                    await asyncio.gather(*moves, return_exceptions=True)
            finally:
                await database.close()
    say("Stopped; nothing was kept.")


@asynccontextmanager
async def _serving(port: int | None, clock: MovableClock) -> AsyncIterator[Sandbox]:
    wanted = DEFAULT_PORT if port is None else port
    async with AsyncExitStack() as stack:
        try:
            sandbox = await stack.enter_async_context(serve(port=wanted, clock=clock, limits=Limits()))
        except OSError:
            if port is not None:
                raise PortTakenError(port) from None
            sandbox = await stack.enter_async_context(serve(port=0, clock=clock, limits=Limits()))
        yield sandbox


async def _until(stop: asyncio.Event, failed: asyncio.Future[None]) -> None:
    stopped = asyncio.ensure_future(stop.wait())
    either: set[asyncio.Future[Any]] = {stopped, failed}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if failed.done():
        failed.result()


def _open_page(url: str) -> None:
    """Open a browser window where there is a desktop; a browser in the terminal would take it over."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    try:
        webbrowser.open(url)
    except webbrowser.Error:
        logger.info("no browser to open")
