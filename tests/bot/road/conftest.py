"""A bot on the road between a small Bot API and a database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from telegram import Update
from telegram.ext import Application, CallbackQueryHandler, MessageHandler, filters

from bot import app
from bot.app import Bot
from bot.road.reply import Reply
from bot.road.turn import Hooks, Turn
from bot.sandbox import MovableClock
from bot.settings import Settings, load_settings
from storage.engine import Database
from tests.bot.road.fake_api import FakeApi, serving

TOKEN = "42:a-token-for-tests-only"
ADMIN = 99


async def on_text(update: Update, turn: Turn) -> None:
    """Echo; `vỡ` breaks, `vỡ mãi` breaks after it has spoken."""
    text = (update.effective_message.text if update.effective_message else "") or ""
    turn.say(Reply(f"Nghe: {text}"))
    if text.startswith("vỡ"):
        raise RuntimeError("secret text of a person")


async def on_tap(update: Update, turn: Turn) -> None:
    """Say what was tapped."""
    assert update.callback_query is not None
    turn.answer_tap("Được")
    turn.say(Reply(f"Bấm: {update.callback_query.data}"))


def register(application: Application[Any, Turn, Any, Any, Any, Any], hooks: Hooks) -> None:
    """An echo, so that the road is tried by itself."""
    application.add_handler(MessageHandler(filters.TEXT, on_text))
    application.add_handler(CallbackQueryHandler(on_tap))


@pytest.fixture
async def api() -> AsyncIterator[FakeApi]:
    """A Bot API on this machine."""
    async with serving(FakeApi()) as served:
        yield served


@pytest.fixture
def settings(api: FakeApi) -> Settings:
    """Settings that point to it; no limit on the rate."""
    return load_settings(
        telegram_bot_token=TOKEN,
        telegram_api_url=api.url,
        send_rate=0,
        admin_ids=str(ADMIN),
        database_url="sqlite:///x",
    )


@pytest.fixture
def clock(now: datetime) -> MovableClock:
    """Runs on from a morning in November."""
    return MovableClock(start_at=now)


@pytest.fixture
async def bot(settings: Settings, database: Database, clock: MovableClock) -> AsyncIterator[Bot]:
    """A running bot, on both engines."""
    async with app.running(app.build(settings, database, clock=clock, register=register)) as running:
        yield running


@pytest.fixture
async def sqlite_bot(settings: Settings, sqlite_database: Database, clock: MovableClock) -> AsyncIterator[Bot]:
    """A running bot, where the engine makes no difference."""
    async with app.running(app.build(settings, sqlite_database, clock=clock, register=register)) as running:
        yield running


async def until(true: Callable[[], bool] | Callable[[], Awaitable[bool]], *, within: float = 60.0) -> None:
    """Come back as soon as something is true; fails where it does not become so at all."""
    async with asyncio.timeout(within):
        while True:
            found = true()
            if found if isinstance(found, bool) else await found:
                return
            await asyncio.sleep(0.01)
