"""Where a handler of reports begins: who asks at this moment, and in which chat."""

from __future__ import annotations

from dataclasses import replace

from bot import access
from bot.features.submissions.service import Desk
from bot.road.turn import Turn


async def open_desk(turn: Turn) -> Desk:
    """The transaction, who asks with everything they may, and the time."""
    assert turn.person is not None
    asker = await access.find_asker(turn.db, turn.person)
    if asker.id is None and asker.is_admin:
        asker = replace(asker, id=await access.get_acting_id(turn.db, asker, turn.now))
    return Desk(turn.db, asker, turn.now, turn.settings.timezone)


def get_chat(turn: Turn) -> int:
    """The chat that the update comes from."""
    assert turn.chat_id is not None
    return turn.chat_id
