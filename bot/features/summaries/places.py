"""Which units somebody may mean who asks for totals."""

from __future__ import annotations

from bot import access
from bot.access import Right
from bot.hands import reach
from bot.hands.asking import Asking
from bot.hands.reach import FoundUnits

MOST_CHOICES = 10


async def list_meant(asking: Asking, named: str) -> FoundUnits:
    """The units that words may mean; without words, the topmost the asker supervises, or else their own."""
    if named:
        return await reach.search(asking, named, most=MOST_CHOICES)
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    tops = tops or await access.list_tops(asking.db, asking.asker, Right.SEE)
    active = tuple(unit for unit in tops if unit.is_active(asking.today))
    return FoundUnits("", active[:MOST_CHOICES], len(active) > MOST_CHOICES)
