"""The digest on the first working day after a due date: for each supervisor picture and workbook of their unit.

It comes at the hour at which they want to be reminded; where the program was away then, later that day or on the next
working day. Digests are errands that nobody asked for: their key is natural, so that each is told once.
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
from bot.services.progress import read_first
from knowledge.forms import FormBook
from knowledge.model.forms import due_on, last_opened
from storage import campaigns, reminder_recipients, units
from storage.engine import Database

EVERY: Final = timedelta(minutes=5)
MORNING: Final = time(8)
EVENING: Final = time(20)
AT_ONCE: Final = 200
MOST_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Morning:
    """A digest that is due: for a supervisor, about one unit and one report whose due date has just passed.

    `remind_at` is the local hour at which they want to be reminded.
    """

    person_id: int
    chat_id: int
    unit_id: int
    asked: AskedReport
    remind_at: time

    @property
    def key(self) -> str:
        """Its natural name: told once."""
        return f"digest:{self.asked.form.id}:{self.asked.period.code}:{self.unit_id}:{self.person_id}"


def join(around: Surroundings) -> None:
    """Let digests be asked for in the morning."""
    around.hooks.every(EVERY, make_digests(around.hooks), name="digests")


def make_digests(hooks: Hooks) -> Callable[[Database, datetime], Awaitable[None]]:
    """Has each supervisor's digest made at their hour, on the first working day after a due date or on the next one."""
    done: set[str] = set()

    async def tick(database: Database, now: datetime) -> None:
        rules = hooks.resource(Rules)
        local = now.astimezone(rules.zone)
        today = local.date()
        if rules.quiet.covers(local.time()) or not rules.working_days.is_working_day(today):
            return
        async with database.read() as db:
            mornings = await list_mornings(db, rules, today)
        new = [each for each in mornings if each.key not in done and _has_come(each.remind_at, local.time(), rules)]
        for start in range(0, len(new), AT_ONCE):
            async with database.write() as db:
                for each in new[start : start + AT_ONCE]:
                    details = ReportErrand(each.unit_id, str(each.asked.ref))
                    await errands.add(db, Thing.DIGEST, each.chat_id, details, now, key=each.key)
            done.update(each.key for each in new[start : start + AT_ONCE])

    return tick


def _has_come(hour: time, now: time, rules: Rules) -> bool:
    """Whether it is late enough for whoever wants to be reminded at that hour, and not too late in the evening."""
    at = MORNING if rules.quiet.covers(hour) else hour
    return at <= now and (now < EVENING or at >= EVENING)


def list_due_on(forms: FormBook, today: date, day: date) -> list[AskedReport]:
    """The reports whose own due date is `day`, campaigns aside. Pure."""
    return [
        AskedReport.of_calendar(form, period)
        for form in forms.asked
        if form.calendar is not None
        for period in (last_opened(form, today).shifted(-back) for back in range(4))
        if form.covers(period) and due_on(form, period) == day
    ]


async def list_mornings(db: AsyncConnection, rules: Rules, today: date) -> list[Morning]:
    """The digests of today and of the working day before, for every supervisor whom a report concerns.

    What was due on a Friday or at the weekend is told on Monday. What should have been told on the working day before
    is told to those who supervised then.
    """
    yesterday = rules.working_days.previous(today)
    since = rules.working_days.previous(yesterday)
    days = [since + timedelta(days=step) for step in range((today - since).days)]
    due = [each for day in days for each in list_due_on(rules.forms, today, day)]
    for campaign in await campaigns.list_campaigns(db, open_on=today):
        form = rules.forms.find(campaign.form)
        if campaign.due_on in days and form is not None and form.withdrawn_on is None:
            due.append(AskedReport(form, campaign.period, campaign.due_on, campaign))
    if not due:
        return []
    return await _address(db, rules, due, today, yesterday)


async def _address(
    db: AsyncConnection, rules: Rules, due: Collection[AskedReport], today: date, yesterday: date
) -> list[Morning]:
    supervisors = await reminder_recipients.list_supervisors(db)
    readers = await reminder_recipients.list_readers(db, {each.person_id for each in supervisors})
    seats = await units.get_units(db, [each.unit_id for each in supervisors])
    found = []
    for asked in due:
        is_late = asked.due_on < yesterday
        for each in supervisors:
            seat, reader = seats.get(each.unit_id), readers.get(each.person_id)
            if seat is None or reader is None or not seat.is_active(today) or not asked.concerns(seat):
                continue
            if not is_late or each.granted_at < rules.midnight(yesterday):
                hour = reader.recipient.remind_at
                found.append(Morning(each.person_id, reader.chat_id, seat.id, asked, hour))
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
        share = (await read_first(asking.db, report.rules, [report.unit.id], asking.today)).get(report.unit.id)

    def make() -> list[Reply]:
        said = words.digest(whole, absent, followed, draw() if draw is not None else None, share=share)
        return [said, replace(workbook_file(report, table), kind=MessageKind.BROADCAST)]

    return Made(make)


DIGEST: Final = Maker(ReportErrand, _make)
