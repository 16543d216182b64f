"""What is owed now, by whom, and what is said about it: joins plans, forms and rules with what is stored.

Nothing is written ahead and nothing is held. A tick finds the people for whom a step has come, decides about them with
`knowledge.reminders`, and records each step beside its message; what is owed is read again when the message leaves.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.settings import Settings
from knowledge.calendar.duties import ASSUMED_STEPS, find_debtors, find_occurrences, fitting_steps
from knowledge.calendar.rules import Rule
from knowledge.calendar.working_days import VIETNAM, WorkingDays, vietnam_working_days
from knowledge.forms import load_forms
from knowledge.model import forms
from knowledge.model.forms import Form
from knowledge.model.obligations import (
    DEFAULT_STEPS,
    Item,
    Obligation,
    ObligationKind,
    QuietHours,
    Recipient,
    Snooze,
    Step,
    StepKey,
)
from knowledge.model.owing import AskedUnits, Branch
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.plans import Plan
from knowledge.reminders import BUSY_FOR, FORGOTTEN_AFTER, WAITS_AT_MOST, Slot, decide_reminders, plan_steps
from storage import campaigns, deadlines, messages, owing, people, reminder_recipients, reminders
from storage.deadlines import SetDeadline
from storage.engine import Database
from storage.mail import Kind, NewMessage
from storage.messages import Outgoing
from storage.owing import DutyKey
from storage.reminder_recipients import Addressee, StepCome, Supervisor
from storage.reminders import DecidedStep
from storage.units import Unit

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

EVERY = timedelta(seconds=5)
AHEAD = timedelta(days=21)  # the first step, moved before the longest holiday, comes no earlier
BEHIND = timedelta(days=36)  # the last step, moved after a holiday, and how long it is not forgotten
SWEEP_EVERY = timedelta(minutes=15)
HOT_FOR = WAITS_AT_MOST + timedelta(minutes=10)
STEPS_REMEMBERED = timedelta(days=120)
LOOKED_UP = timedelta(days=400)
PEOPLE_AT_ONCE = 500
DIGESTS_AT_ONCE = 50
ASK_AGAIN_AFTER = timedelta(hours=12)  # a supervisor's "remind all" is passed on to each person once in that time


@dataclass(frozen=True)
class Rules:
    """What holds for everyone: zone, quiet hours, working days, and the plans and forms in force."""

    zone: ZoneInfo = VIETNAM
    quiet: QuietHours = field(default_factory=QuietHours)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    forms: tuple[Form, ...] = field(default_factory=load_forms)
    working_days: WorkingDays = field(default_factory=vietnam_working_days)

    @classmethod
    def of(cls, settings: Settings, plans: Mapping[str, Plan]) -> Rules:
        """The rules by the operator's settings."""
        quiet = QuietHours(settings.quiet_hours.start, settings.quiet_hours.end)
        return cls(settings.timezone, quiet, plans)

    def today(self, now: datetime) -> date:
        """The local date."""
        return now.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The first moment of a local day."""
        return datetime.combine(day, time(), self.zone)

    def find_form(self, form_id: str) -> Form | None:
        """The form of that id."""
        return next((form for form in self.forms if form.id == form_id), None)


# What is owed --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that many units owe until one common date."""

    key: DutyKey
    kind: ObligationKind
    title: str
    due_on: date
    asked: AskedUnits
    due_time: time | None = None
    steps: tuple[int, ...] = DEFAULT_STEPS
    owed_from: datetime | None = None
    period: Period | None = None

    @property
    def group(self) -> str:
        """Its key."""
        return self.key.group

    def obligation(
        self,
        unit_id: int,
        unit_name: str,
        *,
        dissolved_on: date | None = None,
        extended_to: date | None = None,
        done_at: datetime | None = None,
        owed_from: datetime | None = None,
        officers: tuple[int, ...] = (),
        supervisors: tuple[int, ...] = (),
    ) -> Obligation:
        """What one of the units owes."""
        return Obligation(
            key=reminders.join_key(self.group, unit_id),
            group=self.group,
            kind=self.kind,
            unit_id=unit_id,
            unit_name=unit_name,
            title=self.title,
            due_on=self.due_on,
            due_time=self.due_time,
            extended_to=extended_to if extended_to is not None and extended_to > self.due_on else None,
            form=self.key.form,
            period=self.period,
            officers=officers,
            supervisors=supervisors,
            steps=self.steps,
            owed_from=owed_from or self.owed_from,
            submitted_at=done_at,
            dissolved_on=dissolved_on,
        )


async def list_duties(
    db: AsyncConnection,
    rules: Rules,
    today: date,
    *,
    behind: timedelta = BEHIND,
    ahead: timedelta = AHEAD,
    only: Collection[str] | None = None,
) -> list[Duty]:
    """Everything due from `behind` before today to `ahead` after it, by forms, campaigns, set deadlines and plans.

    Args:
        only: the groups that are asked for, to save the work for others; more may come.
    """
    first, last = today - behind, today + ahead
    asked = None if only is None else {tuple(group.split(":")[:2]) for group in only}

    def is_asked(kind: str, name: object) -> bool:
        return asked is None or (kind, str(name)) in asked

    of_forms = [form for form in rules.forms if is_asked("form", form.id)]
    duties: list[Duty] = []
    if of_forms:
        granted = await owing.list_extended_dates(db, first, last)
        for form in of_forms:
            duties += _of_form(rules, form, first, last, granted)
        duties += await _of_campaigns(db, rules, of_forms, first, last, granted, today)
    if asked is None or any(kind == "deadline" for kind, *_ in asked):
        for deadline in await deadlines.list_in_force(db):
            if is_asked("deadline", deadline.id):
                duties += _of_deadline(rules, deadline, first, last)
    plans = {name: plan for name, plan in rules.plans.items() if is_asked("plan", name)}
    if plans:
        duties += _of_plans(rules, plans, await owing.list_plan_places(db), first, last)
    return duties


async def _of_campaigns(
    db: AsyncConnection,
    rules: Rules,
    of_forms: Collection[Form],
    first: date,
    last: date,
    granted: Mapping[tuple[str, str], object],
    today: date,
) -> list[Duty]:
    by_id = {form.id: form for form in of_forms}
    near = [
        campaign
        for campaign in await campaigns.list_campaigns(db, open_on=today)
        if campaign.form in by_id
        and (first <= campaign.due_on <= last or (campaign.form, campaign.period.code) in granted)
    ]
    return [
        Duty(
            _key_of(campaign.form, campaign.period),
            ObligationKind.FORM,
            by_id[campaign.form].short,
            campaign.due_on,
            campaign.asked_units,
            owed_from=max(campaign.opened_at, rules.midnight(campaign.opens_on)),
            period=campaign.period,
        )
        for campaign in near
    ]


async def find_duties(db: AsyncConnection, rules: Rules, groups: Collection[str], now: datetime) -> dict[str, Duty]:
    """The duties of these groups, where they are not long past or far ahead."""
    found = await list_duties(db, rules, rules.today(now), behind=LOOKED_UP, ahead=LOOKED_UP, only=groups)
    return {duty.group: duty for duty in found if duty.group in groups}


def _key_of(form: str, period: Period) -> DutyKey:
    return DutyKey(f"form:{form}:{period.code}", form, period.code)


def _of_form(
    rules: Rules, form: Form, first: date, last: date, granted: Mapping[tuple[str, str], object]
) -> Iterable[Duty]:
    if form.calendar is None or form.period is PeriodKind.CAMPAIGN:
        return
    months = form.calendar.due.months
    period = Period.containing(_shifted(first, -months - 1), form.period)
    beyond = Period.containing(_shifted(last, 1 - months), form.period)
    wanted = set()
    while period <= beyond:
        if first <= forms.due_on(form, period) <= last:
            wanted.add(period)
        period = period.shifted(1)
    wanted |= {Period.parse(code) for form_id, code in granted if form_id == form.id}
    for period in sorted(wanted):
        yield Duty(
            _key_of(form.id, period),
            ObligationKind.FORM,
            form.short,
            forms.due_on(form, period),
            AskedUnits.of_period(form, period),
            owed_from=rules.midnight(forms.opens_on(form, period)),
            period=period,
        )


def _shifted(day: date, months: int) -> date:
    """The first day of the month so many months later (earlier when negative)."""
    return Period.month(day.year, day.month).shifted(months).start


def _of_deadline(rules: Rules, deadline: SetDeadline, first: date, last: date) -> Iterable[Duty]:
    rule = Rule.parse(deadline.rule)
    set_on = rules.today(deadline.set_at)
    days: list[date] = []
    for day in rule.occurrences(max(first, set_on) - timedelta(days=1), rules.working_days):
        days.append(day)
        if day > last:
            break
    for place, day in enumerate(days):
        if day > last:
            break
        yield Duty(
            DutyKey(f"deadline:{deadline.id}:{day.isoformat()}"),
            ObligationKind.DEADLINE,
            deadline.what,
            day,
            deadline.asked_units(day),
            due_time=rule.at,
            steps=fitting_steps(day, days[max(0, place - 1) : place + 2]),
            owed_from=deadline.set_at,
        )


def _of_plans(
    rules: Rules, plans: Mapping[str, Plan], places: Sequence[tuple[str, str]], first: date, last: date
) -> Iterable[Duty]:
    """What plans ask of the units they govern: those whose nearest plan has the same issuer."""
    issuers = {path: rules.plans[plan].issuer for path, plan in places if plan in rules.plans}
    if not issuers:
        return
    for plan in plans.values():
        own = [path for path, issuer in issuers.items() if issuer == plan.issuer]
        if not own:
            continue
        branches = tuple(
            Branch(
                path,
                tuple(below for below, issuer in issuers.items() if below != path and below.startswith(path)),
            )
            for path in own
        )
        for deadline in plan.deadlines:
            kinds = find_debtors(deadline)
            if not kinds:
                continue
            for occurrence in find_occurrences(deadline, first, last):
                yield Duty(
                    DutyKey(f"plan:{plan.id}:{deadline.id}:{occurrence.on.isoformat()}"),
                    ObligationKind.PLAN,
                    deadline.what,
                    occurrence.on,
                    AskedUnits.of_plan(kinds, branches, occurrence.on),
                    steps=ASSUMED_STEPS if occurrence.assumed else DEFAULT_STEPS,
                )


class _Duties:
    """Duties by where in the tree they hold, so that a unit meets only those that it is still asked for."""

    def __init__(self, duties: Iterable[Duty], today: date) -> None:
        self._everywhere: list[tuple[AskedUnits, Duty]] = []
        self._under: dict[int, list[tuple[AskedUnits, Duty]]] = {}
        for duty in duties:
            held = (duty.asked.still_asked(today), duty)
            roots = duty.asked.root_ids
            if not roots:
                self._everywhere.append(held)
            for root in set(roots):
                self._under.setdefault(root, []).append(held)

    def of(self, unit: Unit) -> Iterable[Duty]:
        for asked, duty in self._everywhere:
            if asked.includes(unit):
                yield duty
        for unit_id in unit.ancestor_ids:
            for asked, duty in self._under.get(unit_id, ()):
                if asked.includes(unit):
                    yield duty


@dataclass(frozen=True)
class Standing:
    """Everything that stands about some people at one moment: what is still asked of their units or was done by them,
    what they heard and wished."""

    readers: dict[int, Addressee]
    obligations: dict[int, list[Obligation]]
    recorded: set[StepKey]
    wishes: dict[Snooze, int | None]

    def of(self, person_id: int) -> list[Obligation]:
        """What that person's units owe or have done."""
        return self.obligations.get(person_id, [])


async def read_standing(
    db: AsyncConnection, rules: Rules, duties: Iterable[Duty], person_ids: Collection[int], now: datetime
) -> Standing:
    """What stands about these people now; a unit's obligation is read for each of its officers by itself."""
    readers = await reminder_recipients.list_readers(db, person_ids)
    posts = await reminder_recipients.list_posts(db, readers)
    by_place = _Duties(duties, rules.today(now))
    met = [(post, duty) for post in posts for duty in by_place.of(post.unit)]
    unit_ids = {post.unit.id for post, _ in met}
    reports = {(duty.key.form, duty.key.period) for _, duty in met if duty.key.form}
    sent = await owing.list_sent(db, reports, unit_ids)
    extensions = await owing.list_extensions(db, reports, unit_ids)
    done = await owing.list_done(db, {duty.group for _, duty in met if not duty.key.form}, unit_ids)
    obligations: dict[int, list[Obligation]] = {}
    for post, duty in met:
        key = (duty.key.form, duty.key.period, post.unit.id)
        extension = extensions.get(key) if duty.key.form else None
        starts = [post.granted_at]
        if duty.owed_from is not None:
            starts.append(duty.owed_from)
        if duty.kind is ObligationKind.FORM:
            starts.append(rules.midnight(post.unit.registered_on))
        if extension is not None and extension.due_on > duty.due_on and extension.granted_at is not None:
            starts.append(extension.granted_at)
        obligations.setdefault(post.person_id, []).append(
            duty.obligation(
                post.unit.id,
                post.unit.name,
                dissolved_on=post.unit.dissolved_on,
                extended_to=extension.due_on if extension is not None else None,
                done_at=sent.get(key) if duty.key.form else done.get((duty.group, post.unit.id)),
                owed_from=max(starts),
                officers=(post.person_id,),
            )
        )
    recorded = await reminders.list_recorded(db, readers, now - STEPS_REMEMBERED)
    wishes = await reminders.list_wishes(db, readers, now - FORGOTTEN_AFTER)
    return Standing(readers, obligations, recorded, wishes)


# The tick ------------------------------------------------------------------------------------------------------------


@dataclass
class Sweep:
    """How far the ticks of this process looked last. A hint to save work: forgotten, it is only looked once more."""

    at: datetime | None = None
    ticked_at: datetime | None = None

    def needs_all(self, now: datetime, hours: Sequence[time], zone: ZoneInfo) -> bool:
        """Whether to look at every step that has come, however long ago."""
        before, self.ticked_at = self.ticked_at, now
        if self.at is None or before is None or not timedelta(0) <= now - self.at < SWEEP_EVERY:
            return True
        today = now.astimezone(zone).date()
        return any(before < datetime.combine(today, hour, zone) <= now for hour in hours)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What a tick wrote: messages to officers, digests, steps withheld."""

    reminders: int = 0
    digests: int = 0
    skipped: int = 0

    def __add__(self, other: Ticked) -> Ticked:
        return Ticked(self.reminders + other.reminders, self.digests + other.digests, self.skipped + other.skipped)


async def tick(database: Database, rules: Rules, now: datetime, sweep: Sweep | None = None) -> Ticked:
    """Write what is due to be said now. Safe to run in several processes, and after any outage.

    Nothing comes of it in quiet hours. Reading is done beside the writer, in portions; the uniqueness of each step
    decides where two processes come to the same conclusion.
    """
    if rules.quiet.covers(now.astimezone(rules.zone).time()):
        return Ticked()
    sweep = sweep or Sweep()
    async with database.read() as db:
        today = rules.today(now)
        hours = await reminder_recipients.list_hours(db)
        everything = sweep.needs_all(now, hours, rules.zone)
        wishers = await reminder_recipients.find_wishers(db, now, now - FORGOTTEN_AFTER)
        furthest = max([today + AHEAD, *wishers.values()])
        duties = await list_duties(db, rules, today, ahead=furthest - today)
        granted = await owing.list_extended_dates(db, today - BEHIND, today + AHEAD)
        due = set(wishers)
        for duty in duties:
            due |= await _find_due(db, rules, duty, granted, hours, now, everything=everything)
        supervisors = await _find_supervisors_due(db, rules, duties, granted, hours, now, everything=everything)
    written = Ticked()
    for some in _portions(sorted(due)):
        async with database.read() as db:
            standing = await read_standing(db, rules, duties, some, now)
        async with database.write() as db:
            written += await write_reminders(db, rules, standing, now)
        await asyncio.sleep(0)
    for digests in _portions(supervisors, DIGESTS_AT_ONCE):
        async with database.write() as db:
            everyone = await reminder_recipients.list_supervisors(db)
            for person_id, duty in digests:
                written += await _write_digest(db, rules, person_id, duty, now, everyone)
        await asyncio.sleep(0)
    if everything:
        sweep.at = now
    if written != Ticked():
        logger.info(
            "reminders written",
            extra={"reminders": written.reminders, "digests": written.digests, "skipped": written.skipped},
        )
    return written


def _portions(values: Sequence[Value], size: int = PEOPLE_AT_ONCE) -> Iterable[Sequence[Value]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _due_dates(duty: Duty, granted: Mapping[tuple[str, str], set[date]]) -> list[date | None]:
    """The common date (None) and those granted instead."""
    if not duty.key.form:
        return [None]
    return [None, *sorted(day for day in granted.get((duty.key.form, duty.key.period), ()) if day > duty.due_on)]


def _steps_come(
    rules: Rules, duty: Duty, due_on: date, steps: tuple[int, ...], hours: Sequence[time], now: datetime, *, all_: bool
) -> list[StepCome]:
    """The steps that have come, each with the hours for which it is the latest."""
    at_hours: dict[str, list[tuple[time, Slot]]] = {}
    for hour in hours:
        slots = plan_steps(
            due_on, duty.due_time, steps, hour, working_days=rules.working_days, quiet=rules.quiet, zone=rules.zone
        )
        passed = [slot for slot in slots if slot.at <= now]
        if not passed:
            continue
        slot = passed[-1]
        if now - slot.at > FORGOTTEN_AFTER or not (all_ or now - slot.at <= HOT_FOR):
            continue
        at_hours.setdefault(slot.step.code, []).append((hour, slot))
    return [
        StepCome(code, tuple(hour for hour, _ in found), max(slot.at for _, slot in found))
        for code, found in at_hours.items()
    ]


async def _find_due(
    db: AsyncConnection,
    rules: Rules,
    duty: Duty,
    granted: Mapping[tuple[str, str], set[date]],
    hours: Sequence[time],
    now: datetime,
    *,
    everything: bool,
) -> set[int]:
    found: set[int] = set()
    still_asked = duty.asked.still_asked(rules.today(now))
    for granted_on in _due_dates(duty, granted):
        falls_on = granted_on or duty.due_on
        is_late = now >= _late_from(rules, duty, falls_on)
        for come in _steps_come(rules, duty, falls_on, duty.steps, hours, now, all_=everything):
            if (is_late and not come.step.startswith("+")) or (duty.owed_from is not None and duty.owed_from > come.at):
                continue
            found |= await reminder_recipients.find_officers_due(
                db, duty.key, still_asked, come, due_on=duty.due_on, granted_on=granted_on
            )
    return found


def _late_from(rules: Rules, duty: Duty, falls_on: date) -> datetime:
    if duty.due_time is not None:
        return datetime.combine(falls_on, duty.due_time, rules.zone)
    return rules.midnight(falls_on + timedelta(days=1))


def _message_key(person_id: int, keys: Iterable[StepKey]) -> str:
    """What a message is known by: the same steps make the same key, whoever decides."""
    digest = hashlib.sha256("\n".join(sorted(key.code for key in keys)).encode()).hexdigest()
    return f"remind:{person_id}:{digest[:24]}"


async def write_reminders(db: AsyncConnection, rules: Rules, standing: Standing, now: datetime) -> Ticked:
    """Decide about these people, and write what is to be said and what is withheld."""
    known = {person_id: reader.recipient for person_id, reader in standing.readers.items()}
    decision = decide_reminders(
        (obligation for each in standing.obligations.values() for obligation in each),
        known,
        standing.recorded,
        now=now,
        working_days=rules.working_days,
        quiet=rules.quiet,
        snoozes=standing.wishes,
        zone=rules.zone,
    )
    keys = {reminder.recipient: _message_key(reminder.recipient, reminder.keys) for reminder in decision.reminders}
    sent = {key: keys[reminder.recipient] for reminder in decision.reminders for key in reminder.keys}
    skipped = [(skip.key, skip.reason.value) for skip in decision.skipped]
    new = await reminders.record_steps(db, sent, skipped, now)
    written = []
    for reminder in decision.reminders:
        items = tuple(item for item in reminder.items if any(key in new for key in item.keys))
        if not items:
            continue
        steps = [new[key] for item in items for key in item.keys if key in new]
        written.append(
            NewMessage(
                standing.readers[reminder.recipient].chat_id,
                _body(
                    reminder.recipient,
                    steps,
                    reminder.scheduled_at,
                    until=max(item.obligation.falls_on for item in items),
                ),
                Kind.REMINDER,
                keys[reminder.recipient],
                last_call=any(item.is_last_call for item in items),
            )
        )
    await messages.enqueue(db, written, now)
    return Ticked(len(written), 0, sum(key in new for key, _ in skipped))


def _body(
    person_id: int, steps: Sequence[int], scheduled_at: datetime, *, until: date | None = None, group: str = ""
) -> str:
    """What the outbox carries: no words yet, they are made when the message leaves. `until` is the furthest date."""
    fields: dict[str, Any] = {"person": person_id, "steps": list(steps), "at": scheduled_at.isoformat()}
    if until is not None:
        fields["until"] = until.isoformat()
    if group:
        fields["digest"] = group
    return json.dumps(fields, separators=(",", ":"))


# Digests -------------------------------------------------------------------------------------------------------------


async def _find_supervisors_due(
    db: AsyncConnection,
    rules: Rules,
    duties: Sequence[Duty],
    granted: Mapping[tuple[str, str], set[date]],
    hours: Sequence[time],
    now: datetime,
    *,
    everything: bool,
) -> list[tuple[int, Duty]]:
    """Supervisors for whom a digest of a duty has come and was not decided yet."""
    come_by_duty: list[tuple[Duty, date, list[StepCome]]] = []
    for duty in duties:
        steps = tuple(days for days in duty.steps if days > 0)
        for granted_on in _due_dates(duty, granted) if steps else ():
            falls_on = granted_on or duty.due_on
            every = _steps_come(rules, duty, falls_on, steps, hours, now, all_=everything)
            come = [each for each in every if duty.owed_from is None or duty.owed_from <= each.at]
            if come and now >= _late_from(rules, duty, falls_on):
                come_by_duty.append((duty, falls_on, come))
    if not come_by_duty:
        return []
    supervisors = await reminder_recipients.list_supervisors(db)
    person_ids = {supervisor.person_id for supervisor in supervisors}
    readers = await reminder_recipients.list_readers(db, person_ids)
    recorded = await reminders.list_recorded(db, person_ids, now - STEPS_REMEMBERED)
    posts: dict[int, list[str]] = {}
    for supervisor in supervisors:
        posts.setdefault(supervisor.person_id, []).append(supervisor.path)
    found: list[tuple[int, Duty]] = []
    for duty, falls_on, steps_come in come_by_duty:
        for person_id in sorted(readers):
            hour = readers[person_id].recipient.remind_at
            latest = next((each for each in steps_come if hour in each.hours), None)
            if latest is None or not any(map(duty.asked.may_lie_in, posts[person_id])):
                continue
            key = StepKey(reminders.DIGEST + duty.group, falls_on, person_id, latest.step)
            if key not in recorded and (person_id, duty) not in found[-2:]:
                found.append((person_id, duty))
    return found


async def read_group(
    db: AsyncConnection,
    rules: Rules,
    duty: Duty,
    person_id: int,
    now: datetime,
    everyone: Sequence[Supervisor] | None = None,
) -> list[Obligation]:
    """What the units owe for which this person is the nearest supervisor, done or not.

    Args:
        everyone: all supervisors, where they were read already.
    """
    everyone = everyone or await reminder_recipients.list_supervisors(db)
    own = [each for each in everyone if each.person_id == person_id]
    others = {each.path for each in everyone} - {each.path for each in own}
    found: dict[int, Obligation] = {}
    for post in own:
        nearer = [path for path in others if path.startswith(post.path) and path != post.path]
        for row in await owing.list_owing(db, duty.key, duty.asked, within=post.path, without=nearer):
            starts = [rules.midnight(row.unit.registered_on)] if duty.kind is ObligationKind.FORM else []
            if duty.owed_from is not None:
                starts.append(duty.owed_from)
            found[row.unit.id] = duty.obligation(
                row.unit.id,
                row.unit.name,
                dissolved_on=row.unit.dissolved_on,
                extended_to=row.extended_to,
                done_at=row.done_at,
                owed_from=max(starts, default=None),
                supervisors=(person_id,),
            )
    return list(found.values())


async def _write_digest(
    db: AsyncConnection, rules: Rules, person_id: int, duty: Duty, now: datetime, everyone: Sequence[Supervisor]
) -> Ticked:
    reader = (await reminder_recipients.list_readers(db, [person_id])).get(person_id)
    if reader is None:
        return Ticked()
    obligations = await read_group(db, rules, duty, person_id, now, everyone)
    recorded = await reminders.list_recorded(db, [person_id], now - STEPS_REMEMBERED)
    decision = decide_reminders(
        obligations,
        {person_id: reader.recipient},
        recorded,
        now=now,
        working_days=rules.working_days,
        quiet=rules.quiet,
        zone=rules.zone,
    )
    sent = {key: _message_key(person_id, digest.keys) for digest in decision.digests for key in digest.keys}
    skipped = [(skip.key, skip.reason.value) for skip in decision.skipped]
    if not sent and not skipped and not _is_busy(reader.recipient, now):
        skipped = [(key, reminders.NOTHING) for key in _digest_keys(rules, duty, obligations, reader.recipient, now)]
    new = await reminders.record_steps(db, sent, skipped, now)
    written = [
        NewMessage(
            reader.chat_id,
            _body(person_id, [new[key] for key in digest.keys if key in new], digest.scheduled_at, group=duty.group),
            Kind.REMINDER,
            _message_key(person_id, digest.keys),
        )
        for digest in decision.digests
        if any(key in new for key in digest.keys)
    ]
    await messages.enqueue(db, written, now)
    return Ticked(0, len(written), sum(key in new for key, why in skipped if why != reminders.NOTHING))


def _digest_keys(
    rules: Rules, duty: Duty, obligations: Iterable[Obligation], person: Recipient, now: datetime
) -> set[StepKey]:
    """The steps that came without anybody missing, for every date that counts."""
    days = {duty.due_on, *(obligation.falls_on for obligation in obligations)}
    steps = tuple(step for step in duty.steps if step > 0)
    return {
        StepKey(reminders.DIGEST + duty.group, day, person.id, come.step)
        for day in days
        for come in _steps_come(rules, duty, day, steps, [person.remind_at], now, all_=True)
    }


def _is_busy(person: Recipient, now: datetime) -> bool:
    return person.last_wrote_at is not None and timedelta(0) <= now - person.last_wrote_at < BUSY_FOR


# The moment of sending -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now, but at that moment."""

    at: datetime


@dataclass(frozen=True, slots=True)
class ItemNow:
    """One thing still owed: with the number of its step, whether it was begun, and who asked for the reminder."""

    item: Item
    number: int
    has_draft: bool = False
    can_say_no_change: bool = False
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class ReminderNow:
    """A reminder as it stands when it leaves, the most pressing first."""

    items: tuple[ItemNow, ...]
    is_late: bool


@dataclass(frozen=True, slots=True)
class MissingNow:
    """A unit that owes something and has not done it: how many officers there are to remind, and how many hear nothing.

    Not `is_asked` where the unit was dissolved meanwhile: then there is nobody to remind.
    """

    obligation: Obligation
    is_asked: bool
    officers: int
    muted: int
    unreachable: int


@dataclass(frozen=True, slots=True)
class DigestNow:
    """A digest as it stands when it leaves."""

    duty: Duty
    missing: tuple[MissingNow, ...]
    expected: int
    number: int
    overdue_for: timedelta


@dataclass(frozen=True)
class _Snapshot:
    """Everything about the messages that leave in one transaction."""

    duties: dict[str, Duty] = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing({}, {}, set(), {}))
    steps: dict[int, DecidedStep] = field(default_factory=dict)
    drafts: set[tuple[str, str, int]] = field(default_factory=set)
    askers: dict[int, str] = field(default_factory=dict)


class Leaving:
    """Reads what is owed again when messages leave: once for all that leave in one transaction.

    The transaction is remembered by itself, so what was read in it is never taken for a later one's.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._transaction: object = None
        self._known = _Snapshot()

    async def look(
        self, db: AsyncConnection, outgoing: Outgoing, now: datetime
    ) -> ReminderNow | DigestNow | Wait | None:
        """The message as it is to leave now, when to look again, or None where nothing of it is owed any more."""
        fields = json.loads(outgoing.body)
        person_id, scheduled_at = int(fields["person"]), datetime.fromisoformat(fields["at"])
        local = now.astimezone(self._rules.zone)
        if self._rules.quiet.covers(local.time()):
            return Wait(self._rules.quiet.next_allowed(local))
        transaction = db.sync_connection.get_transaction() if db.sync_connection else None
        if transaction is not self._transaction or fields["steps"][0] not in self._known.steps:
            self._known = await self._read(db, fields, now)
            self._transaction = transaction
        reader = self._known.standing.readers.get(person_id)
        if reader is None or reader.chat_id != outgoing.chat_id:
            return None
        wrote_at = reader.recipient.last_wrote_at
        if wrote_at is not None and wrote_at <= now:
            free_at = min(wrote_at + BUSY_FOR, scheduled_at + WAITS_AT_MOST)
            if now < free_at:
                return Wait(free_at)
        steps = [self._known.steps[each] for each in fields["steps"] if each in self._known.steps]
        if not steps:
            return None
        if "digest" in fields:
            duty = self._known.duties.get(fields["digest"])
            if duty is None:
                return None
            return await read_digest(db, self._rules, duty, person_id, now, number=steps[0].id)
        return self._reminder(reader, steps, now)

    async def _read(self, db: AsyncConnection, own: dict[str, Any], now: datetime) -> _Snapshot:
        """What stands about everyone whose reminder is in hand at this moment."""
        bodies = [own, *(json.loads(body) for body in await reminders.list_leaving(db))]
        bodies = [body for body in bodies if "person" in body]
        steps = await reminders.find_steps(db, {step for body in bodies for step in body["steps"]})
        groups = {step.group.removeprefix(reminders.DIGEST) for step in steps.values()}
        today = self._rules.today(now)
        furthest = max([today + AHEAD, *(date.fromisoformat(body["until"]) for body in bodies if "until" in body)])
        found = await list_duties(db, self._rules, today, ahead=furthest - today, only=groups)
        duties = [duty for duty in found if duty.group in groups]
        standing = await read_standing(db, self._rules, duties, {int(body["person"]) for body in bodies}, now)
        reports = [
            (each.form, each.period.code, each.unit_id)
            for owed in standing.obligations.values()
            for each in owed
            if each.period is not None and each.submitted_at is None
        ]
        askers = await people.get_people(db, {by for by in standing.wishes.values() if by is not None})
        return _Snapshot(
            {duty.group: duty for duty in duties},
            standing,
            steps,
            await owing.list_drafts(
                db, {(form, period) for form, period, _ in reports}, {unit_id for _, _, unit_id in reports}
            ),
            {person.id: person.name for person in askers.values()},
        )

    def _reminder(self, reader: Addressee, steps: Sequence[DecidedStep], now: datetime) -> ReminderNow | None:
        """Decided once more, as if these steps had not been recorded: only what still comes of them is said."""
        own = {step.key: step.id for step in steps}
        standing, person_id = self._known.standing, reader.person_id
        wishes = {wish: by for wish, by in standing.wishes.items() if wish.recipient == person_id}
        decision = decide_reminders(
            standing.of(person_id),
            {person_id: replace(reader.recipient, last_wrote_at=None)},
            {key for key in standing.recorded if key.recipient == person_id} - own.keys(),
            now=now,
            working_days=self._rules.working_days,
            quiet=self._rules.quiet,
            snoozes=wishes,
            zone=self._rules.zone,
        )
        items = [item for reminder in decision.reminders for item in reminder.items if own.keys() & set(item.keys)]
        if not items:
            return None
        found = []
        for item in items:
            owed = item.obligation
            form = self._rules.find_form(owed.form)
            asked_by = next(
                (by for wish, by in wishes.items() if wish.obligation == owed.key and wish.at == item.step.snoozed_to),
                None,
            )
            found.append(
                ItemNow(
                    item,
                    next(own[key] for key in item.keys if key in own),
                    owed.period is not None and (owed.form, owed.period.code, owed.unit_id) in self._known.drafts,
                    form is not None and bool(form.no_change),
                    self._known.askers.get(asked_by, "") if asked_by is not None else "",
                )
            )
        is_late = now >= min(item.obligation.due_at(self._rules.zone) for item in items)
        return ReminderNow(tuple(found), is_late)


async def read_digest(
    db: AsyncConnection, rules: Rules, duty: Duty, person_id: int, now: datetime, *, number: int
) -> DigestNow | None:
    """Who below this supervisor owes a duty past its date; None where none of them is still asked for it."""
    obligations = await read_group(db, rules, duty, person_id, now)
    today = rules.today(now)
    late = [each for each in obligations if each.submitted_at is None and now >= each.due_at(rules.zone)]
    asked = [each for each in late if each.is_asked(today)]
    if not asked:
        return None
    posts = await reminder_recipients.list_posts_at(db, {each.unit_id for each in asked})
    readers = await reminder_recipients.list_readers(db, {post.person_id for post in posts})
    missing = []
    for each in late:
        here = [readers[post.person_id].recipient for post in posts if post.unit.id == each.unit_id]
        muted = sum(who.muted_until is not None and now < who.muted_until for who in here)
        missing.append(MissingNow(each, each.is_asked(today), len(here), muted, sum(not who.reachable for who in here)))
    first = min(each.falls_on for each in asked)
    return DigestNow(duty, tuple(missing), len(obligations), number, today - first)


# What people do about it ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Nudged:
    """What came of a supervisor's wish that everyone missing be reminded; counts of people, and of units."""

    reminded: int = 0
    muted: int = 0
    unreachable: int = 0
    again: int = 0
    without_officer: int = 0


async def nudge(
    db: AsyncConnection,
    rules: Rules,
    missing: Sequence[Obligation],
    now: datetime,
    *,
    by: int | None,
    duties: Sequence[Duty] | None = None,
) -> Nudged:
    """Remind the officers of units that owe something, at a supervisor's wish; at once, or after the quiet hours.

    Units that were dissolved are passed over.

    It goes the way of every reminder: read again when it leaves, not to whoever turned reminders off.

    Args:
        by: who wishes it.
        duties: what it is about, where that is further ahead than reminders look.
    """
    missing = [each for each in missing if each.is_asked(rules.today(now))]
    posts = await reminder_recipients.list_posts_at(db, {each.unit_id for each in missing})
    readers = await reminder_recipients.list_readers(db, {post.person_id for post in posts})
    wished = await reminders.list_wishes(db, readers, now - ASK_AGAIN_AFTER)
    lately = {(wish.obligation, wish.recipient) for wish, asker in wished.items() if asker is not None}
    wishes, reached, muted, unreachable, again = [], set(), set(), set(), set()
    for owed in missing:
        for post in posts:
            if post.unit.id != owed.unit_id:
                continue
            who = readers[post.person_id].recipient
            if not who.reachable:
                unreachable.add(who.id)
            elif who.muted_until is not None and now < who.muted_until:
                muted.add(who.id)
            elif (owed.key, who.id) in lately:
                again.add(who.id)
            else:
                moment = now.replace(second=0, microsecond=0)
                wish = Snooze(owed.key, owed.falls_on, who.id, moment)
                wishes.append((wish, Step(0, moment).code))
                reached.add(who.id)
    await reminders.add_wishes(db, wishes, now, asked_by=by)
    if reached:
        known = await list_duties(db, rules, rules.today(now))
        known += [duty for duty in duties or () if duty.group not in {each.group for each in known}]
        for some in _portions(sorted(reached)):
            await write_reminders(db, rules, await read_standing(db, rules, known, some, now), now)
    served = {post.unit.id for post in posts}
    return Nudged(
        len(reached),
        len(muted - reached),
        len(unreachable - reached),
        len(again - reached),
        len({each.unit_id for each in missing} - served),
    )


async def announce(
    db: AsyncConnection, rules: Rules, deadline: SetDeadline, now: datetime, *, by: int | None
) -> Nudged:
    """Tell everyone who owes a deadline set by hand of its next day, at once or after the quiet hours."""
    today = rules.today(now)
    ahead = timedelta(days=400)
    duty = next(iter(_of_deadline(rules, deadline, today, today + ahead)), None)
    if duty is None:
        return Nudged()
    found = await owing.list_owing(db, duty.key, duty.asked.still_asked(today), within=deadline.unit_path)
    missing = [duty.obligation(each.unit.id, each.unit.name) for each in found if each.done_at is None]
    return await nudge(db, rules, missing, now, by=by, duties=[duty])


async def list_message(
    db: AsyncConnection, rules: Rules, step: DecidedStep, now: datetime
) -> list[tuple[DecidedStep, Obligation]]:
    """Everything of the message that a step went out with, which is still its reader's."""
    steps = await reminders.list_steps_of(db, step.message_key) if step.message_key else [step]
    duties = await find_duties(db, rules, {each.group for each in steps}, now)
    standing = await read_standing(db, rules, duties.values(), [step.recipient], now)
    owed = {each.key: each for each in standing.of(step.recipient)}
    found: dict[str, tuple[DecidedStep, Obligation]] = {}
    for each in steps:
        key = reminders.join_key(each.group, each.unit_id)
        if key in owed and key not in found:
            found[key] = (each, owed[key])
    return list(found.values())


async def list_ahead(
    db: AsyncConnection, rules: Rules, person_id: int, now: datetime, *, ahead: timedelta = timedelta(days=62)
) -> list[Obligation]:
    """What somebody's units owe from now on, and what they still owe from before, the earliest first."""
    duties = await list_duties(db, rules, rules.today(now), ahead=ahead)
    standing = await read_standing(db, rules, duties, [person_id], now)
    today = rules.today(now)
    owed = [
        each
        for each in standing.of(person_id)
        if each.is_asked(today) and (each.falls_on >= today or each.kind is not ObligationKind.PLAN)
    ]
    return sorted(owed, key=lambda each: (each.falls_on, each.due_time or time.max, each.title, each.unit_name))


async def list_below(
    db: AsyncConnection, rules: Rules, paths: Collection[str], now: datetime, *, ahead: timedelta = timedelta(days=62)
) -> list[Duty]:
    """What falls due at or below these places from now on, the earliest first."""
    today = rules.today(now)
    duties = await list_duties(db, rules, today, behind=timedelta(0), ahead=ahead)
    return sorted(
        (duty for duty in duties if any(map(duty.asked.may_lie_in, paths))),
        key=lambda duty: (duty.due_on, duty.title),
    )


@dataclass(frozen=True, slots=True)
class Lost:
    """Somebody who cannot be reached any more, and the chats of those who should know."""

    person_id: int
    name: str
    unit_names: tuple[str, ...]
    tell: tuple[tuple[int, int], ...]
    not_before: datetime


async def read_lost(db: AsyncConnection, rules: Rules, chat_id: int, now: datetime) -> Lost | None:
    """Whom to tell that a chat cannot be reached: the nearest supervisors of its owner's units (person and chat)."""
    person = await people.find_by_telegram(db, chat_id)
    if person is None:
        return None
    posts = await reminder_recipients.list_posts(db, [person.id])
    tell: dict[int, int] = {}
    for post in posts:
        for supervisor in await people.list_supervisors(db, post.unit.id):
            if supervisor.telegram_id is not None and supervisor.id != person.id:
                tell[supervisor.id] = supervisor.telegram_id
    if not tell:
        return None
    not_before = rules.quiet.next_allowed(now.astimezone(rules.zone)).astimezone(now.tzinfo)
    return Lost(person.id, person.name, tuple(post.unit.name for post in posts), tuple(tell.items()), not_before)
