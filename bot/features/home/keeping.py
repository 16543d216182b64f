"""Cards are kept as things are: pinned once they were sent, and changed in place, without a sound, as things change.

What changes is told by the journal: a report sent or sent back, an extension, a campaign, a role. Days pass too, so
each card is looked at in the first hours of a day; and once after a start, for nobody knows what happened before.
An edit is not put into the outbox: a card that its reader deleted must not come back as a new message.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import Enum, auto
from http import HTTPStatus
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Sender
from bot.features.home import words
from bot.features.home.service import list_near_duties, read_home
from bot.hands.asking import Asking
from bot.road.carrier import CarrierError, RefusedError
from bot.road.reply import Reply, to_messages
from bot.road.sending import NOT_MODIFIED, to_request
from bot.road.turn import Surroundings
from bot.rules import Rules
from bot.services.duties import Duty
from storage import audit, home_cards, messages, units
from storage.engine import Database
from storage.home_cards import HomeCard

EVERY: Final = timedelta(seconds=5)
AT_ONCE: Final = 40
"""Cards of one look: eight a second, a third of what Telegram takes."""
DAY_BEGINS: Final = time(5)
"""From then on cards show the new day; nobody hears an edit."""
MOST_CHANGES: Final = 200
"""More units than that in one look, and every card is looked at."""
LATE_ENTRIES: Final = 200
"""A journal entry of a slower transaction may come in after so many later ones."""


async def keep(asking: Asking, card: Reply, *, number: int) -> tuple[Reply, int | None]:
    """The card as it is to be sent, under a key of its own and remembered as the one of this chat.

    With it the number of the message whose place it takes; None where there is none.
    """
    key = f"home:{asking.chat_id}:{number}"
    before = await home_cards.get_cards(asking.db, [asking.chat_id])
    await home_cards.put(asking.db, asking.chat_id, key, _hash(asking.chat_id, card), asking.now)
    return replace(card, key=key), before[0].message_id if before else None


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Forget which card was somebody's."""
    await home_cards.forget(db, telegram_id)


def join(around: Surroundings) -> None:
    """Look at cards every few seconds."""
    keeper = Keeper(around)
    around.hooks.every(EVERY, keeper.tick, name="home cards")


def _hash(chat_id: int, card: Reply) -> str:
    (message,) = to_messages(chat_id, card)
    return hashlib.sha256(message.body.encode()).hexdigest()


class _Outcome(Enum):
    """What came of a call: done, refused for good, or to be tried at a later look."""

    DONE = auto()
    REFUSED = auto()
    LATER = auto()


@dataclass
class Keeper:
    """Keeps the cards of a running bot as things are.

    Attributes:
        changed: chats whose card may have changed, and that were not looked at since.
        all_since: cards that were not looked at since that moment are looked at; None before the first look.
    """

    around: Surroundings
    changed: set[int] = field(default_factory=set)
    all_since: datetime | None = None
    last_entry: int = 0
    entries: set[int] = field(default_factory=set)

    async def tick(self, database: Database, now: datetime) -> None:
        """Pin what was sent, then look at some cards."""
        if not await self._place(database):
            return
        await self._look_at_journal(database, now)
        cards = await self._choose(database, now)
        if cards:
            await self._refresh(database, cards, now)

    async def _place(self, database: Database) -> bool:
        """Note the numbers of cards that were sent, and pin them; False where Telegram is out of reach."""
        async with database.read() as db:
            waiting = await home_cards.list_on_the_way(db, most=AT_ONCE)
            sent = await messages.find_deliveries(db, [card.key for card in waiting])
        for card in waiting:
            delivery = sent.get(card.key)
            if delivery is not None and delivery.message_id is not None:
                async with database.write() as db:
                    await home_cards.place(db, card, delivery.message_id)
                self.changed.add(card.chat_id)  # something may have happened while it was on its way
                pin = {"chat_id": card.chat_id, "message_id": delivery.message_id, "disable_notification": True}
                if await self._call("pinChatMessage", pin) is _Outcome.LATER:
                    return False
            elif delivery is None or delivery.state.is_final:
                async with database.write() as db:
                    await home_cards.drop(db, card)
        return True

    async def _look_at_journal(self, database: Database, now: datetime) -> None:
        """Find out whose cards may have changed; the first look only takes note of where the journal ends."""
        is_first = self.all_since is None
        async with database.read() as db:
            if is_first:
                self.all_since, self.last_entry = now, await audit.find_last_id(db)
            found = await audit.list_after(db, max(self.last_entry - LATE_ENTRIES, 0))
            fresh = {} if is_first else {number: unit for number, unit in found.items() if number not in self.entries}
            changed = {unit for unit in fresh.values() if unit is not None}
            if len(changed) > MOST_CHANGES:
                self.all_since = now
            elif changed:
                self.changed |= await home_cards.list_around(db, list((await units.get_units(db, changed)).values()))
        self.entries = set(found)
        self.last_entry = max([self.last_entry, *found])

    async def _choose(self, database: Database, now: datetime) -> list[HomeCard]:
        """Cards to look at: those that may have changed, then those not seen for longest."""
        rules = self.around.hooks.resource(Rules)
        begins = datetime.combine(rules.today(now), DAY_BEGINS, rules.zone)
        if begins > now:
            begins -= timedelta(days=1)
        since = max(begins, self.all_since or begins)
        first = sorted(self.changed)[:AT_ONCE]
        async with database.read() as db:
            chosen = {card.chat_id: card for card in await home_cards.get_cards(db, first)}
            if len(chosen) < AT_ONCE:
                unseen = await home_cards.list_unseen(db, since.astimezone(now.tzinfo), most=AT_ONCE - len(chosen))
                chosen |= {card.chat_id: card for card in unseen}
        self.changed -= set(first) - chosen.keys()
        return list(chosen.values())

    async def _refresh(self, database: Database, cards: Sequence[HomeCard], now: datetime) -> None:
        """Change the cards whose words have changed. What Telegram could not be told is told at a later look."""
        looked: list[tuple[HomeCard, str | None]] = []
        for card, reply, stays in await self._make(database, cards, now):
            shown = _hash(card.chat_id, reply)
            outcome = _Outcome.DONE if shown == card.shown else await self._change(card, reply)
            if outcome is _Outcome.LATER:
                break
            looked.append((card, shown if stays and outcome is _Outcome.DONE else None))
        async with database.write() as db:
            for card, kept in looked:
                if kept is None:
                    await home_cards.drop(db, card)
                else:
                    await home_cards.note_shown(db, card, kept, now)
        self.changed -= {card.chat_id for card, _ in looked}

    async def _make(
        self, database: Database, cards: Sequence[HomeCard], now: datetime
    ) -> list[tuple[HomeCard, Reply, bool]]:
        """What these cards are to show, and whether they stay cards: whoever serves no unit any more has none."""
        settings, rules = self.around.settings, self.around.hooks.resource(Rules)
        duties: list[Duty] | None = None
        made = []
        async with database.read() as db:
            for card in cards:
                sender = Sender(card.chat_id, "", is_admin=card.chat_id in settings.admin_ids)
                asking = Asking(
                    db, await access.find_asker(db, sender), card.chat_id, now, settings.timezone, rules.forms
                )
                if not asking.asker.held:
                    made.append((card, words.no_role_any_more(), False))
                    continue
                duties = await list_near_duties(asking, rules) if duties is None else duties
                made.append((card, words.card(await read_home(asking, rules, duties)), True))
        return made

    async def _change(self, card: HomeCard, reply: Reply) -> _Outcome:
        (message,) = to_messages(card.chat_id, replace(reply, edits=card.message_id))
        return await self._call(*to_request(json.loads(message.body), card.chat_id, again=False))

    async def _call(self, method: str, parameters: dict[str, Any]) -> _Outcome:
        try:
            await self.around.carrier.call(method, parameters)
        except RefusedError as error:
            if NOT_MODIFIED in error.description.lower():
                return _Outcome.DONE
            # Anything else says nothing of this message: a bad token, too many calls.
            return (
                _Outcome.REFUSED if error.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN) else _Outcome.LATER
            )
        except CarrierError:
            return _Outcome.LATER
        return _Outcome.DONE
