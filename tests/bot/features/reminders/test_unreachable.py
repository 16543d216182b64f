"""Who cannot be reached is left alone, and their supervisors hear of it."""

from __future__ import annotations

import pytest

from bot.features.reminders.joining import tell_supervisors
from storage import (
    chats,
)
from tests.bot.features.reminders.world import World
from tests.e2e.reminders_tree import BINH, HOA, HUNG, LAN, at


@pytest.mark.both_engines
async def test_the_blocked_are_skipped_and_their_supervisor_is_told(world: World) -> None:
    async with world.database.write() as db:
        await chats.note_unreachable(db, HOA, "blocked", at("28/10", "22:30"))
        await tell_supervisors(db, world.rules, HOA, at("28/10", "22:30"))
    assert await world.leaving(at("28/10", "22:31")) == []
    words = await world.morning(at("29/10"))
    assert set(words) == {BINH, LAN, HUNG}
    assert "Nguyễn Thị Hoa" in words[HUNG]
    assert "không gửi tin được" in words[HUNG]
    words = await world.morning(at("06/11"))
    assert "CĐCS May Sông Xanh (không gửi tin được" in words[HUNG]
    assert HOA in words, "a refusal holds for a day, and is then put to test"
