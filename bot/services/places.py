"""Which unit a question about figures means: the one its words name, or the asker's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Right
from bot.hands import reach
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services.plan_targets import find_holder
from knowledge.figures_question import FiguresQuestion, Wanted
from storage import owing, units
from storage.units import Unit

LARGE: Final = 3_000
"""Units from which on sums are worked out aside, not while a chat waits in its transaction."""


async def is_large(db: AsyncConnection, unit: Unit) -> bool:
    """Whether summing up a unit with all below it takes so long that it is done aside."""
    return await units.count_subtree(db, unit.id) > LARGE


async def find_meant(asking: Asking, rules: Rules, question: FiguresQuestion) -> Unit | None:
    """The unit asked about: the one named, where it is within reach; otherwise the asker's own.

    Whoever supervises nobody can only mean their own, whatever else the words may name.
    """
    own = reach.list_own(asking)
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    if question.place:
        found = (await reach.search(asking, question.place, most=2)).meant
        if found or tops:
            return found[0] if found else None
    if question.wanted is Wanted.SUBMITTED and own:
        return own[0]
    asker = asking.asker
    candidates = [*tops, *asker.units(Right.SUPERVISE), *own, *asker.units(Right.SEE)]
    if question.wanted is Wanted.PROGRESS:
        governed = await _find_governed(asking, rules, candidates)
        if governed is not None:
            return governed
    return next(iter(candidates), None)


async def _find_governed(asking: Asking, rules: Rules, candidates: Sequence[Unit]) -> Unit | None:
    """The first of these units that a plan governs, or else the first unit within reach that a plan was set for."""
    for unit in candidates:
        if await find_holder(asking.db, unit, rules) is not None:
            return unit
    set_for = await owing.list_plan_places(asking.db)
    places = [units.path_ids(path)[-1] for path, plan in set_for if rules.list_governing(plan)]
    holders = await units.get_units(asking.db, places)
    reached = (holders[each] for each in places if each in holders and asking.asker.may(Right.SEE, holders[each]))
    return next(reached, None)
