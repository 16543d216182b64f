"""The digest on the first working morning after a due date: for each supervisor picture and workbook of their unit.

Digests are errands that nobody asked for: their key is natural, so that each is told once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right
from bot.features.summaries import missing, service
from bot.features.summaries.errands import ReportErrand, find_completeness_drawing, find_subject, workbook_file
from bot.features.summaries.reports import AskedReport, Thing
from bot.features.summaries.words import files as words
from bot.hands import errands
from bot.hands.errands import Made, Maker, Workplace
from bot.road.reply import MessageKind, Reply
from bot.road.turn import Hooks, Surroundings
from bot.rules import Rules
from knowledge.forms import FormBook
from knowledge.model.forms import due_on, last_opened
from storage import campaigns, people, reminder_recipients, units
from storage.engine import Database

EVERY: Final = timedelta(minutes=5)
MORNING: Final = time(8)
EVENING: Final = time(20)
AT_ONCE: Final = 200
MOST_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Morning:
    """A digest that is due: for a supervisor, about one unit and one report whose due date has just passed."""

    person_id: int
    chat_id: int
    unit_id: int
    asked: AskedReport

    @property
    def key(self) -> str:
        """Its natural name: told once."""
        return f"digest:{self.asked.form.id}:{self.asked.period.code}:{self.unit_id}:{self.person_id}"


def join(around: Surroundings) -> None:
    """Let digests be asked for in the morning."""
    around.hooks.every(EVERY, make_digests(around.hooks), name="digests")


def make_digests(hooks: Hooks) -> Callable[[Database, datetime], Awaitable[None]]:
    """On the first working morning after a due date, has each supervisor's digest made."""
    done: set[str] = set()

    async def tick(database: Database, now: datetime) -> None:
        rules = hooks.resource(Rules)
        local = now.astimezone(rules.zone)
        if not MORNING <= local.time() < EVENING or rules.quiet.covers(local.time()):
            return
        today = local.date()
        if not rules.working_days.is_working_day(today):
            return
        since = rules.working_days.previous(today)
        async with database.read() as db:
            mornings = await list_mornings(db, rules.forms, today, since=since)
        new = [each for each in mornings if each.key not in done]
        for start in range(0, len(new), AT_ONCE):
            async with database.write() as db:
                for each in new[start : start + AT_ONCE]:
                    details = ReportErrand(each.unit_id, str(each.asked.ref))
                    await errands.add(db, Thing.DIGEST, each.chat_id, details, now, key=each.key)
            done.update(each.key for each in new[start : start + AT_ONCE])

    return tick


def list_due_on(forms: FormBook, today: date, day: date) -> list[AskedReport]:
    """The reports whose own due date is `day`, campaigns aside. Pure."""
    return [
        AskedReport.of_calendar(form, period)
        for form in forms.asked
        if form.calendar is not None
        for period in (last_opened(form, today).shifted(-back) for back in range(4))
        if form.covers(period) and due_on(form, period) == day
    ]


async def list_mornings(db: AsyncConnection, forms: FormBook, today: date, *, since: date) -> list[Morning]:
    """The digests of this morning, for every supervisor whom a report concerns that was due from `since` to yesterday.

    `since` is the last working day: what was due on a Friday or at the weekend is told on Monday.
    """
    days = [since + timedelta(days=step) for step in range((today - since).days)]
    due = [each for day in days for each in list_due_on(forms, today, day)]
    for campaign in await campaigns.list_campaigns(db, open_on=today):
        form = forms.find(campaign.form)
        if campaign.due_on in days and form is not None and form.withdrawn_on is None:
            due.append(AskedReport(form, campaign.period, campaign.due_on, campaign))
    if not due:
        return []
    return await _address(db, due, today)


async def _address(db: AsyncConnection, due: Collection[AskedReport], today: date) -> list[Morning]:
    supervisors = await reminder_recipients.list_supervisors(db)
    known = await people.get_people(db, [each.person_id for each in supervisors])
    seats = await units.get_units(db, [each.unit_id for each in supervisors])
    found = []
    for asked in due:
        for each in supervisors:
            seat, person = seats.get(each.unit_id), known.get(each.person_id)
            if seat is None or person is None or person.telegram_id is None or not seat.is_active(today):
                continue
            if asked.concerns(seat):
                found.append(Morning(person.id, person.telegram_id, seat.id, asked))
    return found


async def _make(place: Workplace, errand: ReportErrand) -> Made:
    async with place.reading() as asking:
        report = await find_subject(asking, place.resource(Rules), errand, right=Right.SUPERVISE)
        if report is None:
            return Made()
        whole = await service.read_summary(report)
        if not whole.completeness.expected:
            return Made()
        table = await service.read_table(report)
        followed = await missing.read_pursued(report)
        draw = await find_completeness_drawing(report)
        absent = await missing.name_absent(report, most=MOST_NAMED)

    def make() -> list[Reply]:
        said = words.digest(whole, absent, followed, draw() if draw is not None else None)
        return [said, replace(workbook_file(report, table), kind=MessageKind.BROADCAST)]

    return Made(make)


DIGEST: Final = Maker(ReportErrand, _make)
