"""A tree in a database, and reminders that a test sends by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.features.reminders.joining import make_words
from bot.features.reminders.sweep import Sweep, tick
from bot.road.reply import Reply, to_plain
from bot.road.turn import Later
from bot.rules import Rules
from bot.services.reminding import WrittenCounts
from knowledge.calendar.rules import Rule
from knowledge.model.owing import Audience
from storage import (
    deadlines,
    messages,
)
from storage.engine import Database
from storage.messages import Claim, MessageState, Outcome, Outgoing
from tests.e2e.reminders_tree import HUNG, Tree, at

MOST = 500


@dataclass
class World:
    """A tree in a database, and an outbox that a test empties by hand."""

    database: Database
    rules: Rules
    tree: Tree

    def __post_init__(self) -> None:
        self.look_again = make_words(lambda: self.rules)
        self.sweep = Sweep()

    async def tick(self, now: datetime) -> WrittenCounts:
        return await tick(self.database, self.rules, now, self.sweep)

    async def leaving(self, now: datetime) -> list[tuple[int, Reply | Later | None]]:
        """What becomes of everything due: sent, put off or dropped; as the dispatcher does it."""
        found: list[tuple[int, Reply | Later | None]] = []
        async with self.database.write() as db:
            for epoch in range(10):
                claim = Claim(1, timedelta(minutes=1), 1e9 + 100 * epoch)
                claimed = await messages.claim(db, now, claim, most=MOST, bulk=True)
                found += [(outgoing.chat_id, await self._settle(db, outgoing, now)) for outgoing in claimed]
        return found

    async def _settle(self, db: object, outgoing: Outgoing, now: datetime) -> Reply | Later | None:
        said = await self.look_again(db, outgoing, now)  # type: ignore[arg-type]
        state = (
            MessageState.SENT
            if isinstance(said, Reply)
            else MessageState.DUE
            if isinstance(said, Later)
            else MessageState.DROPPED
        )
        again = said.at if isinstance(said, Later) else None
        outcome = Outcome(outgoing.id, outgoing.generation, state, message_id=1, again_at=again)
        await messages.finish(db, [outcome], now)  # type: ignore[arg-type]
        return said

    async def morning(self, now: datetime) -> dict[int, str]:
        """Tick, and send: the words by chat."""
        await self.tick(now)
        return {chat: to_plain(said.text) for chat, said in await self.leaving(now) if isinstance(said, Reply)}


async def set_deadline(
    db: object, world: World, what: str, rule: Rule, audience: Audience = Audience.GRASSROOTS
) -> int:
    deadline = await deadlines.add(
        db,  # type: ignore[arg-type]
        unit_id=world.tree.upper.id,
        what=what,
        rule=rule.code,
        wording="",
        audience=audience,
        set_by=world.tree.person[HUNG],
        now=at("01/10"),
    )
    return deadline.id
