"""Broadcasts as they join the road: the tick that carries them out and tells how far they are."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.features.broadcasts import service, words
from bot.road.turn import Hooks, Surroundings, post
from bot.rules import Rules
from storage import broadcasts, messages
from storage.engine import Database


def join(around: Surroundings) -> None:
    """Let broadcasts be carried out."""
    around.hooks.every(service.EVERY, make_tick(around.hooks), name="broadcasts")


def make_tick(hooks: Hooks) -> Callable[[Database, datetime], Awaitable[None]]:
    """Carries out what was confirmed, and tells how far it has come."""

    async def tick(database: Database, now: datetime) -> None:
        async with database.read() as db:
            if not await broadcasts.has_open(db):
                return
        going = True
        while going:
            going = False
            async with database.write() as db:
                for broadcast in await broadcasts.list_open(db):
                    if broadcast.stage is broadcasts.Stage.CONFIRMED:
                        said = words.message(broadcast.words, broadcast.sent_by)
                        going = await service.spread(db, hooks.resource(Rules), broadcast, said, now) or going
        async with database.write() as db:
            for broadcast in await broadcasts.list_open(db):
                news = await service.find_news(db, hooks.resource(Rules), broadcast, now)
                if news is None or not broadcast.chat_id:
                    continue
                if not news.is_done or await messages.find_message_id(db, broadcast.progress_key) is not None:
                    counted = words.progress(news.counts, broadcast.expected, broadcast.progress_key)
                    await post(db, broadcast.chat_id, counted, now)
                if news.is_done:
                    await post(db, broadcast.chat_id, words.finished(news, broadcast.unit_name), now)

    return tick
