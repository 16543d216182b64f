"""**Điền bằng Excel**: the workbook of one report being filled in, made aside; it comes back by `receiving`."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.features.summaries.reports import Thing
from bot.features.summaries.showing import say_working
from bot.features.summaries.words import files as words
from bot.features.summaries.workbook import words as sheets
from bot.features.summaries.workbook.writing import make_workbook
from bot.hands import errands
from bot.hands.asking import Asking, acting
from bot.hands.errands import Made, Maker, Workplace
from bot.hands.taps import or_gone
from bot.road.reply import Reply
from bot.road.turn import Turn
from bot.services.drafts import find_opened
from bot.taps import FillWorkbook


class TemplateErrand(msgspec.Struct, frozen=True):
    """Which draft is to be filled in by workbook."""

    draft: int


@acting
async def on_fill_workbook(turn: Turn, asking: Asking, tap: FillWorkbook) -> None:
    """Have it made for whoever may enter for its unit."""
    or_gone(await find_opened(asking, tap.draft))
    await errands.ask(turn, asking, Thing.TO_FILL, TemplateErrand(tap.draft))
    say_working(turn, Thing.TO_FILL)


async def _make(place: Workplace, errand: TemplateErrand) -> Made:
    async with place.reading() as asking:
        opened = await find_opened(asking, errand.draft)
        if opened is None:
            return Made([Reply(words.not_open())])
        today = asking.today
    return Made(lambda: [words.workbook_to_fill(opened, make_workbook(sheets.draft_book(opened, today=today)))])


TEMPLATE: Final = Maker(TemplateErrand, _make, failed=words.failed(Thing.TO_FILL))
