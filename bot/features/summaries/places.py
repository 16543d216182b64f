"""Which unit somebody means: the one their words name, or their own."""

from __future__ import annotations

from collections.abc import Sequence

from bot import access
from bot.access import Right
from bot.features.summaries.progress import find_holder
from bot.hands import reach
from bot.hands.asking import Asking
from bot.hands.reach import FoundUnits
from bot.rules import Rules
from knowledge.figures_question import FiguresQuestion, Wanted
from storage import owing, units
from storage.units import Unit

MOST_CHOICES = 10


async def list_meant(asking: Asking, named: str) -> FoundUnits:
    """The units that words may mean; without words, the topmost the asker supervises, or else their own."""
    if named:
        return await reach.search(asking, named, most=MOST_CHOICES)
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    tops = tops or await access.list_tops(asking.db, asking.asker, Right.SEE)
    active = tuple(unit for unit in tops if unit.is_active(asking.today))
    return FoundUnits("", active[:MOST_CHOICES], len(active) > MOST_CHOICES)


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
