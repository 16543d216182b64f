"""Somebody who asks, without a chat: what services are tried with."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Asker, Sender
from bot.hands.asking import Asking
from knowledge.forms import load_book

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def asking_as(db: AsyncConnection, asker: Asker, now: datetime) -> Asking:
    """Whoever is given, in their private chat."""
    return Asking(db, asker, asker.telegram_id, now, ZONE, load_book())


async def known_as(db: AsyncConnection, telegram_id: int, now: datetime) -> Asking:
    """Whoever is known under that Telegram id, with the roles they hold."""
    return asking_as(db, await access.find_asker(db, Sender(telegram_id, "")), now)
