"""What waits on the road at a moment: updates to be handled, messages to be sent, and since when. For the operator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.mail import MessageKind
from storage.messages import MessageState
from storage.schema import inbox, outbox

_ANSWERS = frozenset({MessageKind.REPLY, MessageKind.RECEIPT})


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits.

    Attributes:
        updates: how many updates wait to be handled.
        messages: how many messages are due or on their way, by kind and state; what is for later is left out.
        unanswered_since: when the oldest update came that is not handled yet, or the oldest answer was written that
            has not left yet; None where nobody waits.
    """

    updates: int
    messages: Mapping[tuple[MessageKind, MessageState], int]
    unanswered_since: datetime | None

    @property
    def messages_in_all(self) -> int:
        """How many messages are due or on their way."""
        return sum(self.messages.values())


async def find_backlog(db: AsyncConnection, now: datetime) -> Backlog:
    """What waits now; it costs as much as waits, whatever is stored besides."""
    new = text("state = 'new'")  # as the partial indices say it
    updates = await db.scalar(select(func.count()).select_from(inbox).where(new)) or 0
    oldest = await db.scalar(select(inbox.c.received_at).where(new).order_by(inbox.c.id).limit(1)) if updates else None
    since = [oldest] if oldest is not None else []
    found: dict[tuple[MessageKind, MessageState], int] = {}
    waiting = (
        select(outbox.c.kind, outbox.c.state, func.count(), func.min(outbox.c.created_at))
        .where(outbox.c.done_at.is_(None), outbox.c.not_before <= now)
        .group_by(outbox.c.kind, outbox.c.state)
    )
    for kind, state, count, first in await db.execute(waiting):
        found[MessageKind(kind), MessageState(state)] = count
        if MessageKind(kind) in _ANSWERS:
            since.append(first)
    return Backlog(updates, found, min(since, default=None))
