"""Whose report is missing, and reminding them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.features.summaries.reports import AskedReport, UnitReport
from bot.features.summaries.service import cut_page
from bot.services import nudging
from bot.services.duties import Duty, find_duties
from bot.services.nudging import LatelyNudged, Nudged, Reachable, find_lately
from storage import chats, joining, owing, people, reminders, requests
from storage import summaries as totals
from storage.owing import DutyKey
from storage.people import Person
from storage.summaries import Completeness, Reported
from storage.units import Unit, get_units, path_ids

MISSING_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Absent:
    """A unit whose report is missing.

    Attributes:
        is_asked: whether the unit is still asked for it: it owes it, and was not dissolved since.
        joined: officers who can be written to, `blocked` of whom cannot be reached any more.
        invited: officers of the roster who have not joined yet.
        reach: who can be reminded, and who was lately, at a supervisor's wish.
        reminded_at: when a reminder last reached one of them.
        extended_to: the due date granted to the unit, where one was.
        contact: whom to call where nobody can be written to, as far as anybody is known.
    """

    unit: Reported
    is_asked: bool
    joined: int
    blocked: int
    invited: int
    reach: Reachable
    reminded_at: datetime | None
    extended_to: date | None = None
    contact: Person | None = None

    @property
    def is_silent(self) -> bool:
        """Whether the unit is asked for it, and nobody there can be written to."""
        return self.is_asked and self.joined == self.blocked

    @property
    def can_be_reminded(self) -> bool:
        """Whether there is anybody to remind who was not reminded lately."""
        return self.is_asked and self.reach.can_be_reminded


@dataclass(frozen=True, slots=True)
class NamedAbsent:
    """A unit that is missing, and the name of the unit above it where that is not the one whose totals are told."""

    name: str
    above: str | None


async def name_absent(report: UnitReport, *, most: int) -> list[NamedAbsent]:
    """The first of those missing, so that it can be read by somebody who has only the message."""
    absent = await totals.list_missing(report.db, report.below, most=most)
    above = {each.unit_id: next(iter(path_ids(each.path)[-2:-1]), None) for each in absent}
    parents = await get_units(report.db, {one for one in above.values() if one not in {None, report.unit.id}})
    named = ((each.name, parents.get(above[each.unit_id] or 0)) for each in absent)
    return [NamedAbsent(name, parent.name if parent is not None else None) for name, parent in named]


@dataclass(frozen=True, slots=True)
class MissingReports:
    """A page of the units whose reports are missing.

    `may_nudge_all` where there is still anybody to remind; `lately` is what was done already, None where nothing was,
    or where they are too many to look at. `newcomers` are units that came in too late to owe it.
    """

    unit: Unit
    asked: AskedReport
    today: date
    completeness: Completeness
    shown: tuple[Absent, ...]
    page: int
    pages: int
    may_nudge: bool
    may_nudge_all: bool = False
    lately: LatelyNudged | None = None
    newcomers: int = 0


async def read_missing(report: UnitReport, *, page: int = 0) -> MissingReports:
    """Who is missing, with when they were last reminded and whether they can be reached."""
    db, asked = report.db, report.asked
    completeness = await totals.count_received(db, report.below)
    page, pages = cut_page(completeness.missing, MISSING_SHOWN, page)
    rows = await totals.list_missing(db, report.below, most=MISSING_SHOWN, skip=page * MISSING_SHOWN)
    shown = await _look_at(report, rows)
    may_nudge_all, lately = report.may_nudge, None
    if report.may_nudge and completeness.missing <= nudging.NUDGED_AT_ONCE:
        may_nudge_all, lately = await _look_at_all(report)
    newcomers = await owing.count_newcomers(
        db,
        DutyKey(asked.group, asked.form.id, asked.period.code),
        report.below.asked,
        within=report.unit.path,
        today=report.today,
    )
    return MissingReports(
        report.unit,
        asked,
        report.today,
        completeness,
        shown,
        page,
        pages,
        report.may_nudge,
        may_nudge_all,
        lately,
        newcomers,
    )


async def _look_at_all(report: UnitReport) -> tuple[bool, LatelyNudged | None]:
    """Whether anybody is left to remind, and what came of reminding; of as many as are reminded at once."""
    rows = await totals.list_missing(report.db, report.below, most=nudging.NUDGED_AT_ONCE, in_order=False)
    reach = await _read_reach(report, [row.unit_id for row in rows if row.is_asked(report.today)])
    return any(each.can_be_reminded for each in reach.values()), find_lately(reach)


async def _read_reach(report: UnitReport, unit_ids: Sequence[int]) -> dict[int, Reachable]:
    group, now = report.asked.group, report.asking.now
    return await nudging.read_reach(report.db, report.rules, group, unit_ids, now, is_report=True)


async def _look_at(report: UnitReport, rows: Sequence[Reported]) -> tuple[Absent, ...]:
    """What is known of units whose report is missing; numbers to call only for whoever may remind them."""
    db, asked = report.db, report.asked
    ids = [row.unit_id for row in rows]
    officers = await people.list_officers_of(db, ids)
    reached = await chats.find_chats(
        db, [each.telegram_id for some in officers.values() for each in some if each.telegram_id is not None]
    )
    reminded = await reminders.list_last_reminded(db, asked.group, ids)
    granted = await requests.list_granted(db, asked.form.id, asked.period, unit_ids=ids) if ids else {}
    contacts = await joining.find_contacts(db, ids) if report.may_nudge else {}
    reach = await _read_reach(report, ids)
    found = []
    for row in rows:
        own = officers.get(row.unit_id, [])
        joined = [each.telegram_id for each in own if each.telegram_id is not None]
        blocked = sum(each in reached and not reached[each].is_reachable for each in joined)
        found.append(
            Absent(
                row,
                row.is_asked(report.today),
                len(joined),
                blocked,
                len(own) - len(joined),
                reach[row.unit_id],
                reminded.get(row.unit_id),
                granted[row.unit_id].due_on if row.unit_id in granted else None,
                contacts.get(row.unit_id),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Pursued:
    """What was done about the missing, of the first `NUDGED_AT_ONCE`: how many units were reminded, who is silent."""

    reminded: int
    silent: tuple[Absent, ...]


async def read_pursued(report: UnitReport) -> Pursued:
    """How many of the missing were reminded, and which units nobody can be written to."""
    found = await _look_at(report, await totals.list_missing(report.db, report.below, most=nudging.NUDGED_AT_ONCE))
    reminded = sum(each.reminded_at is not None and not each.is_silent for each in found)
    silent = sorted((each for each in found if each.is_silent), key=lambda each: each.contact is None)
    return Pursued(reminded, tuple(silent))


async def nudge_missing(report: UnitReport, *, skip: int = 0) -> tuple[Nudged, int] | None:
    """Remind the officers of missing units, `NUDGED_AT_ONCE` of them after the first `skip`.

    Returns:
        What came of it and how many units were looked at; None where the report is owed no longer.
    """
    duty = await _find_duty(report)
    if duty is None:
        return None
    rows = await totals.list_missing(report.db, report.below, most=nudging.NUDGED_AT_ONCE, skip=skip, in_order=False)
    return await _nudge(report, duty, [row for row in rows if row.is_asked(report.today)]), len(rows)


async def nudge_one(report: UnitReport) -> Nudged | None:
    """Remind the officers of one unit; None where it has reported meanwhile, or is asked for nothing."""
    duty = await _find_duty(report)
    row = await totals.find_reported(report.db, report.below)
    if duty is None or row is None or row.is_in or not row.is_asked(report.today):
        return None
    return await _nudge(report, duty, [row])


async def note_nudged(report: UnitReport) -> None:
    """Write into the journal that officers of missing units were reminded."""
    asking = report.asking
    subject = report.asked.group[:80]
    await asking.note("reminder.nudged", unit_id=report.unit.id, subject=subject)


def add_nudged(one: Nudged, other: Nudged) -> Nudged:
    """Both counts together."""
    return Nudged(
        one.reminded + other.reminded,
        one.muted + other.muted,
        one.unreachable + other.unreachable,
        one.again + other.again,
        one.without_officer + other.without_officer,
        one.silent + other.silent,
        one.leaves_at or other.leaves_at,
        one.waits_overnight or other.waits_overnight,
        one.busy + other.busy,
    )


async def _find_duty(report: UnitReport) -> Duty | None:
    group = report.asked.group
    return (await find_duties(report.db, report.rules, [group], report.asking.now)).get(group)


async def _nudge(report: UnitReport, duty: Duty, rows: Sequence[Reported]) -> Nudged:
    db, asked, ids = report.db, report.asked, [row.unit_id for row in rows]
    granted = await requests.list_granted(db, asked.form.id, asked.period, unit_ids=ids) if ids else {}
    owed = [
        duty.obligation(
            row.unit_id,
            row.name,
            dissolved_on=row.dissolved_on,
            extended_to=granted[row.unit_id].due_on if row.unit_id in granted else None,
        )
        for row in rows
    ]
    asking = report.asking
    return await nudging.nudge(db, report.rules, owed, asking.now, by=asking.person_id, duties=[duty])
