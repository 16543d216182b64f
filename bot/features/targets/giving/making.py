"""Slow work of handing down, done aside: the workbook of shares, and telling the people of many units."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.targets.giving import sheet_words, taking, told_words, words
from bot.features.targets.giving.dialogs import SettingShares
from bot.features.targets.giving.sheet import ShareSheet, make_sheet
from bot.features.targets.giving.telling import KIND, Telling, ToldErrand, list_told_aside
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import to_messages
from bot.rules import Rules
from storage import messages

TABLE: Final = "shares_table"


class TableErrand(msgspec.Struct, frozen=True):
    """Which shares are to be set by workbook."""

    state: SettingShares


async def _make_table(place: Workplace, errand: TableErrand) -> Made:
    async with place.reading() as asking:
        found = await taking.read_lines(asking, place.resource(Rules), errand.state)
    shown = found.shown
    table = ShareSheet(
        found.mark,
        sheet_words.sheet_title(),
        sheet_words.title(shown),
        sheet_words.notes(shown),
        sheet_words.heads(shown.measured_in),
        found.lines,
    )
    return Made(lambda: [sheet_words.table_file(shown, make_sheet(table))])


async def _tell(place: Workplace, errand: ToldErrand) -> Made:
    """Everybody's message is written with the one that says so: told once, whatever is killed."""
    rules = place.resource(Rules)
    async with place.database.read() as db:
        telling = await list_told_aside(db, rules, errand)
    if telling is None:
        return Made()
    found: Telling = telling

    async def note(db: AsyncConnection) -> None:
        said = [replace(told_words.told(each), key=each.key) for each in found.told]
        new = [
            message
            for each, reply in zip(found.told, said, strict=True)
            for message in to_messages(each.chat_id, reply)
        ]
        await messages.enqueue(db, new, place.now)

    return Made([words.told_aside(found)], note)


ERRANDS: Final[dict[str, Maker[Any]]] = {
    TABLE: Maker(TableErrand, _make_table, failed=sheet_words.failed()),
    KIND: Maker(ToldErrand, _tell),
}
