"""A conversation about the plans: what one person asked in one chat lately, for the next question to lean on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.answer import Adviser
from knowledge.model.questions import Question
from storage import conversations

SILENCE_ENDS: Final = timedelta(minutes=30)
"""After so long, a question leans on nothing before it."""
NOTED_FOR: Final = timedelta(hours=12)
"""So long, what became of a plan is not said again in the same chat."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What one person and the bot say to each other in one chat.

    Attributes:
        db: the update's transaction.
        person_id: the Telegram id; None for somebody who hides: nothing is remembered of them.
        now: the update's moment (aware, UTC), `today` the local date, under which a question that found nothing is
            counted.
        own: the plans (ids) that govern the person's unit, the nearest level first: they answer first.
    """

    db: AsyncConnection
    adviser: Adviser
    chat_id: int
    person_id: int | None
    now: datetime
    today: date
    own: tuple[str, ...] = ()


class Remembered(msgspec.Struct, frozen=True):
    """A conversation's context as it is stored.

    Attributes:
        question: the last question.
        choices: what was offered where it could mean several things.
        message_id: the message that asked it; 0 where a button did.
        before: the question that it could lean on, for when that message is edited.
        asked_at: when it was asked.
        noted: plans (ids) of which it was said what became of them, and when.
    """

    question: Question
    choices: tuple[str, ...] = ()
    message_id: int = 0
    before: Question | None = None
    asked_at: datetime | None = None
    noted: dict[str, datetime] = {}

    def leans(self, now: datetime) -> bool:
        """Whether the next question may still lean on it."""
        return self.asked_at is not None and now - self.asked_at <= SILENCE_ENDS

    def read(self, now: datetime, *, again: bool) -> dict[str, datetime]:
        """The plans noted lately; where the last message is answered `again`, as they were before it."""
        lately = {plan: at for plan, at in self.noted.items() if now - at <= NOTED_FOR}
        return {plan: at for plan, at in lately.items() if at != self.asked_at} if again else lately


async def find_context(conversation: Conversation) -> Remembered | None:
    """What is remembered of a conversation, be it only for what was noted in it."""
    if conversation.person_id is None:
        return None
    return await _find_remembered(conversation.db, conversation.chat_id, conversation.person_id, conversation.now)


async def _find_remembered(db: AsyncConnection, chat_id: int, person_id: int, now: datetime) -> Remembered | None:
    kept = await conversations.find_context(db, chat_id, person_id, since=now - NOTED_FOR)
    return read_kept(Remembered, kept) if kept else None


def choice_of(text: str, context: Remembered | None) -> str | None:
    """The question meant by a bare number, where choices were offered just before."""
    number = text.strip().rstrip(".")
    if context is None or not number.isdecimal() or len(number) > 2:
        return None
    place = int(number) - 1
    return context.choices[place] if 0 <= place < len(context.choices) else None


async def is_understood(conversation: Conversation, text: str) -> bool:
    """Whether a message is surely understood once it leans on what this person asked there before."""
    context = await find_context(conversation)
    if context is None:
        return False
    adviser = conversation.adviser
    return choice_of(text, context) is not None or not adviser.is_unsure(adviser.ask(text, context.question))


async def leave(db: AsyncConnection, *, chat_id: int, person_id: int, now: datetime) -> bool:
    """Let the next question lean on nothing; True where there was something to lean on."""
    context = await _find_remembered(db, chat_id, person_id, now)
    known = context is not None and context.leans(now)
    await conversations.drop_context(db, chat_id, person_id)
    return known


def read_kept(shape: Any, kept: Any) -> Any:
    """A stored value; None where an earlier version of the product wrote it otherwise."""
    try:
        return msgspec.convert(kept, shape)
    except msgspec.ValidationError:
        return None
