"""The rules for everyone who is reminded, and what many units owe until one common date."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import Rules
from knowledge.calendar.duties import (
    ASSUMED_STEPS,
    find_debtors,
    find_occurrences,
    find_plan_occurrences,
    fitting_steps,
)
from knowledge.calendar.rules import Rule
from knowledge.model import forms
from knowledge.model.forms import Form
from knowledge.model.obligations import DEFAULT_STEPS, Obligation, ObligationKind
from knowledge.model.owing import AskedUnits, Branch
from knowledge.model.periods import Period, PeriodKind
from knowledge.model.plans import Plan, find_present
from storage import campaigns, deadlines, owing, reminders
from storage.deadlines import SetDeadline
from storage.owing import DutyKey

AHEAD: Final = timedelta(days=21)
"""The first step, moved before the longest holiday, comes no earlier."""
BEHIND: Final = timedelta(days=36)
"""The last step, moved after a holiday, and how long it is not forgotten."""
LOOKED_UP: Final = timedelta(days=400)
"""How far from today a duty is still found by its group."""


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

    of_forms = [form for form in rules.forms.asked if is_asked("form", form.id)]
    duties: list[Duty] = []
    if of_forms:
        granted = await owing.list_extended_dates(db, first, last)
        for form in of_forms:
            duties += _of_form(rules, form, first, last, granted)
        duties += await _of_campaigns(db, rules, of_forms, first, last, granted, today)
    if asked is None or any(kind == "deadline" for kind, *_ in asked):
        for deadline in await deadlines.list_in_force(db):
            if is_asked("deadline", deadline.id):
                duties += occurrences_of(rules, deadline, first, last)
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


def report_group(form_id: str, period: Period) -> str:
    """The key of the duty to send a report."""
    return f"form:{form_id}:{period.code}"


def _key_of(form: str, period: Period) -> DutyKey:
    return DutyKey(report_group(form, period), form, period.code)


def read_report_key(group: str) -> tuple[str, Period] | None:
    """The form and period of a duty's group; None for a duty that is no report. Pure."""
    match group.split(":", 2):
        case ["form", form, code]:
            return form, Period.parse(code)
        case _:
            return None


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
    for period in sorted(period for period in wanted if form.covers(period)):
        yield Duty(
            _key_of(form.id, period),
            ObligationKind.FORM,
            form.short,
            forms.due_on(form, period),
            AskedUnits.of_period(form, period),
            owed_from=rules.midnight(forms.opens_on(form, period)),
            period=period,
        )


def read_deadline_id(group: str) -> int | None:
    """The deadline set by hand that a duty's key names; None for any other duty."""
    kind, _, rest = group.partition(":")
    number = rest.partition(":")[0]
    return int(number) if kind == "deadline" and number.isascii() and number.isdigit() else None


def _shifted(day: date, months: int) -> date:
    """The first day of the month so many months later (earlier when negative)."""
    return Period.month(day.year, day.month).shifted(months).start


def occurrences_of(rules: Rules, deadline: SetDeadline, first: date, last: date) -> Iterable[Duty]:
    """What a deadline set by hand asks between two days."""
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
    """What plans ask, while they are in force, of the units they govern: those whose nearest plan has the same issuer.

    A plan that was set and has been replaced since stands for the one that replaced it.
    """
    governing = {path: find_present(rules.plans, plan) for path, plan in places}
    issuers = {path: rules.issuer_of(plan) for path, plan in governing.items() if plan is not None}
    if not issuers:
        return
    for plan in plans.values():
        own = [path for path, issuer in issuers.items() if issuer == rules.issuer_of(plan)]
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
            around = timedelta(days=DEFAULT_STEPS[-1] * 2)
            nearby = [each.on for each in find_occurrences(deadline, first - around, last + around)]
            for occurrence in find_plan_occurrences(plan, deadline, first, last):
                yield Duty(
                    DutyKey(f"plan:{plan.id}:{deadline.id}:{occurrence.on.isoformat()}"),
                    ObligationKind.PLAN,
                    deadline.what,
                    occurrence.on,
                    AskedUnits.of_plan(kinds, branches, occurrence.on),
                    steps=ASSUMED_STEPS if occurrence.assumed else fitting_steps(occurrence.on, nearby),
                )
