"""Slow work of handing down, done aside: the workbook of shares, and telling the people of many units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.targets.giving import closing, sheet_words, taking, told_words, words
from bot.features.targets.giving.closing import ClosedErrand
from bot.features.targets.giving.dialogs import SettingShares
from bot.features.targets.giving.sheet import ShareSheet, make_sheet
from bot.features.targets.giving.telling import KIND, ToldErrand, list_told_aside
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import Reply, to_messages
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
    said = [(each.chat_id, replace(told_words.told(each), key=each.key)) for each in telling.told]
    return _write(place, words.told_aside(telling), said)


async def _tell_closed(place: Workplace, errand: ClosedErrand) -> Made:
    """The same for a goal that was closed."""
    async with place.database.read() as db:
        told = await closing.list_told(db, place.resource(Rules), errand.goal, by=errand.by or None, now=place.now)
    return _write(
        place, words.told_closed_aside(len(told)), [(each.chat_id, told_words.told_closed(each)) for each in told]
    )


def _write(place: Workplace, done: Reply, said: Sequence[tuple[int, Reply]]) -> Made:
    new = [message for chat_id, reply in said for message in to_messages(chat_id, reply)]

    async def note(db: AsyncConnection) -> None:
        await messages.enqueue(db, new, place.now)

    return Made([done], note)


ERRANDS: Final[dict[str, Maker[Any]]] = {
    TABLE: Maker(TableErrand, _make_table, failed=sheet_words.failed()),
    KIND: Maker(ToldErrand, _tell),
    closing.KIND: Maker(ClosedErrand, _tell_closed),
}
