"""Officers who cannot be reached any more: the nearest supervisors of their units are told so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders import words
from bot.features.reminders.rules import Rules
from bot.road.turn import post
from storage import people, reminder_recipients


async def tell_supervisors(db: AsyncConnection, rules: Rules, chat_id: int, now: datetime) -> None:
    """Tell the supervisors of whoever owns a chat that it cannot be reached, once a day at most."""
    person = await people.find_by_telegram(db, chat_id)
    if person is None:
        return
    posts = await reminder_recipients.list_posts(db, [person.id])
    supervisors: dict[int, int] = {}
    for each in posts:
        for supervisor in await people.list_supervisors(db, each.unit.id):
            if supervisor.telegram_id is not None and supervisor.id != person.id:
                supervisors[supervisor.id] = supervisor.telegram_id
    said = words.person_unreachable(person.name, [each.unit.name for each in posts])
    not_before = rules.quiet.next_allowed(now.astimezone(rules.zone)).astimezone(now.tzinfo)
    for supervisor_id, supervisor_chat in supervisors.items():
        key = f"lost:{person.id}:{rules.today(now):%Y%m%d}:{supervisor_id}"
        await post(db, supervisor_chat, replace(said, key=key, not_before=not_before), now)
