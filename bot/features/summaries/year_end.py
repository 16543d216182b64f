"""The year's summary in January: for each officer their unit's year, for each supervisor that of all below theirs.

It is an errand that nobody asked for: its key is natural, so that each is told once, whatever is corrected later.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.features.summaries import years
from bot.features.summaries.digests import AT_ONCE, EVENING, EVERY
from bot.features.summaries.reports import Thing
from bot.features.summaries.words import year_end as words
from bot.hands import errands
from bot.hands.asking import Asking
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import Reply
from bot.road.turn import Hooks, Surroundings
from bot.rules import Rules
from knowledge.calendar.working_days import WorkingDays
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.model.forms import due_on
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period
from storage import reminder_recipients, units
from storage.engine import Database
from storage.reminder_recipients import Addressee

BEGINS: Final = time(8, 45)  # when most have been told the results of December
MORNINGS: Final = 3  # working mornings on which it may come, so that a day without the program loses nothing


class YearErrand(msgspec.Struct, frozen=True):
    """Whose year is told: the unit's, with all below it for whoever supervises it."""

    unit: int
    year: int


@dataclass(frozen=True, slots=True)
class YearLetter:
    """A year's summary that is due, for one person about one unit."""

    person_id: int
    chat_id: int
    unit_id: int
    year: int

    @property
    def key(self) -> str:
        """Its natural name: told once."""
        return f"year-end:{self.year}:{self.unit_id}:{self.person_id}"


def join(around: Surroundings) -> None:
    """Let the year be told in January."""
    around.hooks.every(EVERY, make_year_ends(around.hooks), name="year ends")


def find_year(working_days: WorkingDays, today: date) -> int | None:
    """The year that is told on that day: on the first working days after December's report was due. Pure."""
    year = today.year - 1
    day = due_on(get_form(MONTHLY_FORM), Period.month(year, 12))
    for _ in range(MORNINGS):
        day = working_days.following(day)
        if day == today:
            return year
    return None


def make_year_ends(hooks: Hooks) -> Callable[[Database, datetime], Awaitable[None]]:
    """On the mornings of January on which it is due, has each person's summary of the year made."""
    done: set[str] = set()

    async def tick(database: Database, now: datetime) -> None:
        rules = hooks.resource(Rules)
        local = now.astimezone(rules.zone)
        year = find_year(rules.working_days, local.date())
        if year is None or not BEGINS <= local.time() < EVENING or rules.quiet.covers(local.time()):
            return
        async with database.read() as db:
            letters = await list_letters(db, year, local.date(), now)
        new = [each for each in letters if each.key not in done]
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            async with database.write() as db:
                for each in some:
                    details = YearErrand(each.unit_id, each.year)
                    await errands.add(db, Thing.YEAR_END, each.chat_id, details, now, key=each.key)
            done.update(each.key for each in some)

    return tick


async def list_letters(db: AsyncConnection, year: int, today: date, now: datetime) -> list[YearLetter]:
    """Whom the year is told to: officers of units that owed December's report and supervisors, each for their unit.

    Those who muted reminders or cannot be reached are left out.
    """
    asked = AskedUnits.of_period(get_form(MONTHLY_FORM), Period.month(year, 12)).still_asked(today)
    officers = await reminder_recipients.list_posts_owing(db, asked)
    supervisors = await reminder_recipients.list_supervisors(db)
    seats = await units.get_units(db, [each.unit_id for each in supervisors])
    wanted = {(post.person_id, post.unit.id) for post in officers}
    wanted |= {(each.person_id, each.unit_id) for each in supervisors if seats[each.unit_id].is_active(today)}
    readers = await reminder_recipients.list_readers(db, {person_id for person_id, _ in wanted})
    return [
        YearLetter(person_id, readers[person_id].chat_id, unit_id, year)
        for person_id, unit_id in sorted(wanted)
        if person_id in readers and is_open(readers[person_id], now)
    ]


def is_open(reader: Addressee, now: datetime) -> bool:
    """Whether somebody can be reached and has not muted reminders. Pure."""
    muted_until = reader.recipient.muted_until
    return reader.recipient.reachable and (muted_until is None or muted_until <= now)


async def _make(place: Workplace, errand: YearErrand) -> Made:
    async with place.reading() as asking:
        said = await _tell(asking, errand)
    return Made([said] if said is not None else [])


async def _tell(asking: Asking, errand: YearErrand) -> Reply | None:
    """What is said; None where nothing came all year, or the person is no longer to be told."""
    db, form = asking.db, get_form(MONTHLY_FORM)
    unit, person_id, rows = await units.find_unit_by_id(db, errand.unit), asking.person_id, form.movement
    if unit is None or person_id is None or rows is None or not asking.asker.may(Right.SEE, unit):
        return None
    reader = (await reminder_recipients.list_readers(db, [person_id])).get(person_id)
    if reader is None or not is_open(reader, asking.now):
        return None
    if asking.asker.may(Right.SUPERVISE, unit) and await units.count_children(db, unit.id):
        below = await years.read_below(db, form, rows, unit, errand.year)
        return words.year_below(below, form, reader.name) if below.count.received else None
    own = await years.read_own(db, form, rows, unit, errand.year)
    return words.own_year(own, form, reader.name) if own.count.received else None


YEAR_END: Final = Maker(YearErrand, _make)
