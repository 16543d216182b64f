"""`troly run` on a clock that is moved from outside: `POST /moment` with an ISO moment moves it and runs every tick.

`python -m tests.e2e.moved_program MOMENT [still]`: it runs on from that moment, or stands still between moves.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.ext import Application

from bot import app, wiring
from bot.logs import set_up_logs
from bot.road.turn import Hooks, Turn
from bot.sandbox import MovableClock
from bot.settings import load_settings
from storage import messages
from storage.engine import Database


async def run(moment: datetime, *, still: bool) -> None:
    """Run until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = load_settings()
    set_up_logs(settings.log_level, settings.secrets())
    clock = MovableClock(stopped_at=moment) if still else MovableClock(start_at=moment)
    database = await Database.open(settings.database_address)
    bots: list[app.Bot] = []

    async def on_moment(request: Request) -> Response:
        clock.move_to(datetime.fromisoformat((await request.body()).decode()))
        await bots[0].tick_all()
        return Response()

    def register(application: Application[Any, Turn, Any, Any, Any, Any], hooks: Hooks) -> None:
        wiring.register(application, hooks)
        hooks.routes.append(Route("/moment", on_moment, methods=["POST"]))

    try:
        bots.append(app.build(settings, database, clock=clock, register=register))
        async with app.running(bots[0]):
            await stop.wait()
    finally:
        await database.close()
        gc.freeze()  # as the program does


if __name__ == "__main__":
    vars(messages)["WINDOW"] = 0.01  # the clock is moved: a second between two messages to one chat is not waited
    asyncio.run(run(datetime.fromisoformat(sys.argv[1]), still="still" in sys.argv))
