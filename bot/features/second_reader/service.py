"""A second reading of a doubted message: made where nothing that is known of the chat settles what is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import access
from bot.access import Sender
from bot.hands import meaning
from bot.hands.registry import Registry
from bot.living import LivingCatalogue
from bot.reader import Frame, SecondReader
from bot.reader.bounds import Bounds, is_doubted, may_be_read_otherwise
from bot.reader.client import Client
from bot.reader.names import KnownNames
from bot.road.turn import Surroundings
from bot.services.conversation import Conversation, is_understood
from knowledge.answer import Adviser
from knowledge.meanings import Place
from storage import dialogs
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class DoubtedMessage:
    """What somebody says in a chat, in words; `person` is None for nobody in particular."""

    text: str
    chat_id: int
    person: Sender | None
    place: Place


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What it takes to have messages read a second time; it works before the transaction of a message begins."""

    reader: SecondReader
    database: Database
    registry: Registry
    adviser: Adviser
    names: KnownNames
    zone: ZoneInfo

    def is_needed(self, text: str, now: datetime) -> bool:
        """Whether the own reading of these words leaves a doubt, whoever may say them."""
        return self.reader.takes(text) and is_doubted(text, self.adviser, now.astimezone(self.zone).date())

    async def read(self, said: DoubtedMessage, now: datetime) -> Frame | None:
        """What the reader makes of a message; None where it is not to be asked, or fails."""
        if await self._is_settled(said, now):
            return None
        masker = await self.names.get_masker(self.database)
        return await self.reader.read(said.text, masker, [said.person.name] if said.person is not None else [])

    async def _is_settled(self, said: DoubtedMessage, now: datetime) -> bool:
        """Whether a dialog waits for it, or who says it and what they asked before leave no doubt."""
        today = now.astimezone(self.zone).date()
        async with self.database.read() as db:
            if await dialogs.find_dialog(db, said.chat_id) is not None:
                return True
            asker = await access.find_asker(db, said.person) if said.person is not None else None
            plans = self.adviser.understanding
            found = meaning.read_as(self.registry, plans, asker, said.text, said.place, today)
            if not may_be_read_otherwise(found):
                return True
            if said.person is None:
                return False
            asked = Conversation(db, self.adviser, said.chat_id, said.person.telegram_id, now, today)
            return await is_understood(asked, said.text)


def open_reading(around: Surroundings) -> Callable[[], SecondReading] | None:
    """Gives the reading, of the plans that are known then, by the reader that the settings name; None without one."""
    hooks, client = around.hooks, Client.of(around.settings)
    if client is None:
        return None
    bounds = Bounds()
    hooks.provide(bounds)
    hooks.at_stop.append(client.close)
    database, registry, zone = hooks.resource(Database), hooks.resource(Registry), around.settings.timezone

    def make(adviser: Adviser) -> SecondReading:
        reader = SecondReader(adviser, client, bounds=bounds)
        return SecondReading(reader, database, registry, adviser, KnownNames(adviser), zone)

    hooks.resource(LivingCatalogue).derive(SecondReading, make)
    return lambda: hooks.resource(SecondReading)
