"""The card that stands pinned in a private chat: which message it is, and what it shows. One for each chat.

Private chats have the Telegram id of the person, so a card is found by the roles of its chat.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows import chunks, columns_of, find_all, insert_into
from storage.schema import home_cards, people, roles, units
from storage.units import Unit, below


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A card. `key` is its message's in the outbox, `message_id` Telegram's number of it, None until it was sent.

    Attributes:
        shown: the hash of what it shows.
    """

    chat_id: int
    key: str
    message_id: int | None
    shown: str
    looked_at: datetime


_UNITS_AT_ONCE: Final = 50  # each is a condition of its own
_COLUMNS: Final = columns_of(HomeCard, home_cards)


async def put(db: AsyncConnection, chat_id: int, key: str, shown: str, now: datetime) -> None:
    """Keep a card that is about to be sent, in the place of the one before."""
    values = {"key": key, "message_id": None, "shown": shown, "looked_at": now}
    new = insert_into(db, home_cards).values(chat_id=chat_id, **values)
    await db.execute(new.on_conflict_do_update(index_elements=["chat_id"], set_=values))


async def list_on_the_way(db: AsyncConnection, *, most: int) -> list[HomeCard]:
    """Cards that nobody knows to have been sent yet, the latest first."""
    query = select(*_COLUMNS).where(home_cards.c.message_id.is_(None))
    return await find_all(db, HomeCard, query.order_by(home_cards.c.looked_at.desc()).limit(most))


async def place(db: AsyncConnection, card: HomeCard, message_id: int) -> None:
    """Note that a card was sent; nothing where a later one took its place."""
    await db.execute(update(home_cards).where(_is(card)).values(message_id=message_id))


async def note_shown(db: AsyncConnection, card: HomeCard, shown: str, now: datetime) -> None:
    """Note what a card shows now; nothing where a later one took its place."""
    await db.execute(update(home_cards).where(_is(card)).values(shown=shown, looked_at=now))


async def drop(db: AsyncConnection, card: HomeCard) -> None:
    """Forget a card that stands no more; nothing where a later one took its place."""
    await db.execute(delete(home_cards).where(_is(card)))


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Forget the card of somebody."""
    await db.execute(delete(home_cards).where(home_cards.c.chat_id == telegram_id))


async def get_cards(db: AsyncConnection, chat_ids: Collection[int]) -> list[HomeCard]:
    """The cards that were sent to these chats."""
    found: list[HomeCard] = []
    for some in chunks(sorted(chat_ids)):
        sent = home_cards.c.message_id.is_not(None)
        found += await find_all(db, HomeCard, select(*_COLUMNS).where(home_cards.c.chat_id.in_(some), sent))
    return found


async def list_unseen(db: AsyncConnection, since: datetime, *, most: int) -> list[HomeCard]:
    """Cards that were sent and not looked at since that moment, the longest unseen first."""
    query = select(*_COLUMNS).where(home_cards.c.message_id.is_not(None), home_cards.c.looked_at < since)
    return await find_all(db, HomeCard, query.order_by(home_cards.c.looked_at, home_cards.c.chat_id).limit(most))


async def list_around(db: AsyncConnection, changed: Sequence[Unit]) -> set[int]:
    """The chats with a card of whoever serves one of these units, one above or one below."""
    found: set[int] = set()
    for start in range(0, len(changed), _UNITS_AT_ONCE):
        some = changed[start : start + _UNITS_AT_ONCE]
        above = {each for unit in some for each in unit.ancestor_ids}
        query = (
            select(home_cards.c.chat_id)
            .join(people, people.c.telegram_id == home_cards.c.chat_id)
            .join(roles, roles.c.person_id == people.c.id)
            .join(units, units.c.id == roles.c.unit_id)
            .where(or_(units.c.id.in_(above), *(below(unit.path) for unit in some)))
        )
        found.update(await db.scalars(query.distinct()))
    return found


def _is(card: HomeCard) -> ColumnElement[bool]:
    return and_(home_cards.c.chat_id == card.chat_id, home_cards.c.key == card.key)
