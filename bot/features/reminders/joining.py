"""Reminders as they join the road: their ticks, a last look at each as it leaves, word of who is unreachable."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders import sweep, words
from bot.features.reminders.digests import DigestContent
from bot.features.reminders.leaving import LastCheck, ReminderContent
from bot.road.reply import Button, Reply
from bot.road.turn import BeforeSend, Later, Surroundings, post
from bot.rules import Rules
from bot.services.reminding import ReminderBody
from bot.words.calling import word_for
from storage import people, reminder_recipients, reminders
from storage.engine import Database
from storage.mail import MessageKind
from storage.messages import Outgoing


def join(around: Surroundings) -> None:
    """Let reminders join the road, by the rules that hold in each moment."""
    hooks = around.hooks
    looked = sweep.Sweep()

    async def tick(database: Database, now: datetime) -> None:
        await sweep.tick(database, hooks.resource(Rules), now, looked)

    async def on_unreachable(db: AsyncConnection, chat_id: int, _why: str, now: datetime) -> None:
        await tell_supervisors(db, hooks.resource(Rules), chat_id, now)

    hooks.before_send[MessageKind.REMINDER] = make_words(lambda: hooks.resource(Rules))
    hooks.every(sweep.EVERY, tick, name="reminders")
    hooks.stale.append(reminders.stale)
    hooks.on_unreachable.append(on_unreachable)


def make_words(find_rules: Callable[[], Rules]) -> BeforeSend:
    """What a reminder says, made in the moment it leaves, from what is owed then by the plans that hold then."""
    check = LastCheck()

    async def look_again(db: AsyncConnection, outgoing: Outgoing, now: datetime) -> Reply | Later | None:
        body = ReminderBody.parse(outgoing.body)
        if body is None:
            return _as_written(outgoing.body)
        found = await check.look(db, find_rules(), outgoing, body, now)
        match found:
            case ReminderContent():
                said = words.reminder(found)
            case DigestContent():
                said = words.digest(found)
            case _:
                return found
        reader = check.find_addressee(body.person)
        return replace(said, text=word_for(reader.name, reader.called)(said.text)) if reader is not None else said

    return look_again


def _as_written(body: str) -> Reply | None:
    """A message of this kind whose words were made when it was written."""
    fields = json.loads(body) if body else {}
    if not fields.get("text"):
        return None
    rows = tuple(
        tuple(Button(button["text"], data=button["callback_data"]) for button in row if "callback_data" in button)
        for row in fields.get("buttons", ())
    )
    return Reply(fields["text"], rows, kind=MessageKind.REMINDER)


async def tell_supervisors(db: AsyncConnection, rules: Rules, chat_id: int, now: datetime) -> None:
    """Tell the supervisors of whoever owns a chat that it cannot be reached, once a day at most."""
    person = await people.find_by_telegram(db, chat_id)
    if person is None:
        return
    posts = [post for post in await reminder_recipients.list_posts(db, [person.id]) if post.is_officer]
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
