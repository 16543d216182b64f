"""When the result of a report is told: at each supervisor's hour, later where nobody was there to tell it, once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, time

import pytest

from bot.features.summaries.digests import make_digests
from bot.road.turn import Hooks
from bot.rules import Rules
from knowledge.model.units import UnitKind
from storage import errands, people, reminders, units
from storage.engine import Database
from storage.people import RoleName
from storage.reminders import Preferences
from tests.e2e.reminders_tree import at

Tick = Callable[[Database, datetime], Awaitable[None]]


def begun() -> Tick:
    hooks = Hooks()
    hooks.provide(Rules())
    return make_digests(hooks)


async def boss_who_wants(database: Database, hour: time, granted: str = "01/10") -> None:
    async with database.write() as db:
        on = at("01/01").date()
        top = await units.add(db, code="T", name="CĐ khu", kind=UnitKind.UPPER, registered_on=on)
        person = await people.add(db, "Hùng", at(granted), telegram_id=100)
        await people.grant(db, person.id, top.id, RoleName.SUPERVISOR, at(granted))
        await reminders.keep_preferences(db, person.id, Preferences(remind_at=hour), at(granted))


async def told(database: Database, now: datetime) -> int:
    async with database.write() as db:
        found = await errands.claim(db, now, most=9)
        for each in found:
            await errands.finish(db, each.id, now)
    return len(found)


@pytest.mark.parametrize(
    ("hour", "not_yet", "then"),
    [
        (time(8, 30), "08:25", "08:30"),
        (time(14), "13:55", "14:00"),
        (time(20, 30), "20:25", "20:30"),
        (time(6), "07:55", "08:00"),
    ],
)
async def test_it_comes_at_ones_own_hour_and_once(database: Database, hour: time, not_yet: str, then: str) -> None:
    await boss_who_wants(database, hour)
    tick = begun()
    await tick(database, at("05/11", then))  # the due date itself
    await tick(database, at("06/11", not_yet))
    assert await told(database, at("06/11", not_yet)) == 0
    await tick(database, at("06/11", then))
    assert await told(database, at("06/11", then)) == 1
    for again in (tick, begun()):
        await again(database, at("06/11", "20:50"))
        await again(database, at("09/11", "20:50"))
    assert await told(database, at("09/11", "20:50")) == 0


@pytest.mark.parametrize(
    ("begins", "comes"),
    [
        (("06/11", "16:00"), True),
        (("06/11", "20:10"), False),
        (("07/11", "09:00"), False),  # a Saturday
        (("09/11", "08:00"), False),
        (("09/11", "08:30"), True),
        (("09/11", "15:00"), True),
        (("10/11", "08:30"), False),
    ],
)
async def test_whoever_was_away_tells_it_later_that_day_or_on_the_next_working_day(
    sqlite_database: Database, begins: tuple[str, str], comes: bool
) -> None:
    await boss_who_wants(sqlite_database, time(8, 30))
    await begun()(sqlite_database, at(*begins))
    assert await told(sqlite_database, at(*begins)) == int(comes)


async def test_whoever_began_to_supervise_after_it_was_told_hears_nothing_of_it(sqlite_database: Database) -> None:
    await boss_who_wants(sqlite_database, time(8, 30), granted="06/11")
    await begun()(sqlite_database, at("09/11"))
    assert await told(sqlite_database, at("09/11")) == 0
