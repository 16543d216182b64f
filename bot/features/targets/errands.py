"""Progress of large trees, worked out aside; looked up anew when it is made, as the asker may see it then."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.access import Right
from bot.features.targets import words
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import Reply
from bot.rules import Rules
from bot.services.plan_targets import FiguresOf, find_month, list_target_years, read_targets
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.periods import Period

KIND: Final = "progress"


class ProgressErrand(msgspec.Struct, frozen=True):
    """Whose progress is worked out: up to the month `month` ("": the latest), by the targets of `year` (0: any)."""

    unit: int
    month: str = ""
    year: int = 0


async def progress_reply(about: FiguresOf, year: int | None) -> Reply | None:
    """How far a unit is from the targets of its plan, or those of a year; None where no plan governs it."""
    found = await read_targets(about, year)
    if found is not None:
        return words.progress_answer(found, about.unit)
    years = await list_target_years(about)
    return words.no_target(about.unit, year, years) if years is not None else None


async def _make(place: Workplace, errand: ProgressErrand) -> Made:
    async with place.reading() as asking:
        unit = await asking.get_unit(Right.SEE, errand.unit)
        month = find_month(Period.parse(errand.month) if errand.month else None, asking.today)
        if month is None:
            return Made([words.failed()])
        about = FiguresOf(asking.db, place.resource(Rules), unit, get_form(MONTHLY_FORM), month, asking.today)
        found = await progress_reply(about, errand.year or None)
        return Made([found if found is not None else words.no_plan(unit)])


MAKER: Final = Maker(ProgressErrand, _make, failed=words.failed())
