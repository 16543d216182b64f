"""Which unit and which period, asked in the chat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.access import Right
from bot.features.campaigns import service as campaigns
from bot.features.submissions import dialogs
from bot.features.submissions.dialogs import Choosing
from bot.features.submissions.service import Due, Unit
from bot.features.submissions.taps import Purpose
from bot.features.submissions.words import around as words
from bot.hands import reach
from bot.hands.asking import Asking
from bot.road.turn import Turn

MOST_CHOICES: Final = 8


async def choose_unit(turn: Turn, asking: Asking, choosing: Choosing) -> None:
    """Offer the asker's own units, or a few below them; admins find campaigns here as well."""
    own = reach.list_own(asking)
    can_search = reach.reaches_below(asking) or len(own) > MOST_CHOICES
    offered = own[:MOST_CHOICES] or await reach.list_below(asking, most=MOST_CHOICES)
    await dialogs.keep(asking, choosing)
    may_manage = choosing.purpose is Purpose.REPORT and asking.asker.may_anywhere(Right.MANAGE)
    count = len(await campaigns.list_open(asking)) if may_manage else None
    turn.say(words.choose_unit(offered, choosing.purpose, can_search=can_search, campaigns=count))


async def find_unit(turn: Turn, asking: Asking, choosing: Choosing, said: str) -> Unit | None:
    """The unit that was typed; where there is none or are several, that is said and None comes back."""
    found = await reach.search(asking, said, active=choosing.purpose is not Purpose.HISTORY)
    if len(found.meant) == 1:
        return found.meant[0]
    await dialogs.keep(asking, choosing)
    turn.say(words.units_found(found.meant, choosing.purpose, said, more=found.has_more))
    return None


async def choose_period(
    turn: Turn, asking: Asking, unit: Unit, dues: Sequence[Due], *, text: str = "", heard: tuple[int, ...] = ()
) -> None:
    """Offer the reports of a unit: the missing ones due first, then what was sent, the latest first."""
    shown = sorted(dues, key=lambda due: (not due.is_missing, _order(due)))
    await dialogs.keep(asking, Choosing(purpose=Purpose.REPORT, text=text, heard=heard))
    turn.say(words.choose_period(unit, shown[:MOST_CHOICES], asking.today))


def _order(due: Due) -> int:
    return due.due_on.toordinal() if due.is_missing else -due.due_on.toordinal()
