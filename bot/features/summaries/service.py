"""The supervisor's morning: who has reported, what it comes to, how far from the plan's targets, what goes upward.

Functions here join storage with knowledge; whoever calls them has decided that the asker may see the unit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders import service as reminding
from bot.features.reminders.service import Duty, Nudged, Rules
from knowledge.forms import check_report, find_form, load_forms
from knowledge.model.forms import Form, due_on, is_open, last_opened
from knowledge.model.obligations import Obligation
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import EARLIEST_YEAR, Period, PeriodKind
from knowledge.model.plans import Plan
from knowledge.progress import History, MeasureKind, Progress, find_targets, measure_progress
from storage import campaigns, chats, people, requests, submissions, units
from storage import summaries as totals
from storage.campaigns import Campaign
from storage.submissions import Submission
from storage.summaries import Completeness, Reported, ReportsBelow, Totals
from storage.units import Unit

CHILDREN_SHOWN: Final = 8
MISSING_SHOWN: Final = 8
EXPLAINED_SHOWN: Final = 6
LARGE: Final = 3_000  # units from which on sums are worked out aside, not while a chat waits in its transaction
MOST_COLUMNS: Final = 2_000
MOST_LINES: Final = 5_000
NUDGED_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A form and period with its dates; `campaign` where a campaign asks for it."""

    form: Form
    period: Period
    due_on: date
    campaign: Campaign | None = None

    @property
    def code(self) -> str:
        """What a button carries; read by `find_asked`."""
        if self.campaign is not None:
            return f"c.{self.campaign.id}"
        return f"n.{self.form.id}.{self.period.code}"

    @property
    def group(self) -> str:
        """The key of the duty that reminders know it by."""
        return f"form:{self.form.id}:{self.period.code}"

    def below(self, unit: Unit) -> ReportsBelow:
        """What is summed up for a unit and all below it."""
        asked = AskedUnits.of_period(self.form, self.period) if self.campaign is None else self.campaign.asked_units
        return ReportsBelow(unit, self.form, self.period, asked)


def ask_for(form: Form, period: Period) -> Asked:
    """A form that is owed by its own calendar."""
    return Asked(form, period, due_on(form, period))


async def find_asked(db: AsyncConnection, code: str, today: date) -> Asked | None:
    """The report that a button names; None for anything forged, gone or still to come."""
    match code.split("."):
        case ["n", form_id, period_code]:
            form = find_form(form_id)
            try:
                period = Period.parse(period_code)
            except ValueError:
                return None
            if form is None or form.calendar is None or period.kind is not form.period:
                return None
            known = period.year >= EARLIEST_YEAR and is_open(form, period, today)
            return ask_for(form, period) if known else None
        case ["c", number] if number.isascii() and number.isdecimal() and len(number) < 19:
            found = next((each for each in await campaigns.list_campaigns(db) if each.id == int(number)), None)
            form = find_form(found.form) if found is not None else None
            return Asked(form, found.period, found.due_on, found) if found is not None and form is not None else None
    return None


async def list_asked(db: AsyncConnection, unit: Unit, today: date) -> list[Asked]:
    """The reports a supervisor of this unit may look at now: each form's latest period, and the campaigns around it."""
    found = [ask_for(form, last_opened(form, today)) for form in load_forms() if form.calendar is not None]
    around = [each for each in await campaigns.list_campaigns(db) if each.opens_on <= today]
    places = await units.get_units(db, [each.unit_id for each in around])
    for each in reversed(around):
        place, form = places.get(each.unit_id), find_form(each.form)
        if place is not None and form is not None and (place.lies_in(unit) or unit.lies_in(place)):
            found.append(Asked(form, each.period, each.due_on, each))
    return found


# The summary ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """The totals of another period, to compare with."""

    period: Period
    totals: Totals


@dataclass(frozen=True, slots=True)
class Child:
    """A unit right below, with what has come in from it and all below it."""

    unit: Unit
    completeness: Completeness


@dataclass(frozen=True, slots=True)
class Summary:
    """A form and period summed up over a unit and all below it.

    Attributes:
        before: the period before, and the same period a year earlier; those without a report are left out.
        explained: how many reports broke a rule that was confirmed with a reason.
        pages: how many pages of children there are; 0 where none lie below.
        above: the unit right above, where the asker may look at it.
    """

    unit: Unit
    asked: Asked
    today: date
    completeness: Completeness
    totals: Totals
    last_period: Compared | None
    last_year: Compared | None
    targets: Targets | None
    explained: int
    children: tuple[Child, ...]
    page: int
    pages: int
    above: Unit | None = None


@dataclass(frozen=True, slots=True)
class Targets:
    """How far along, against the plan that governs the unit.

    Attributes:
        holder: the unit for which the plan was set: its targets are for all of it.
        is_part: whether the unit is only a part of the holder.
        units: how many units' figures were counted, `older` of them from an earlier period.
    """

    plan: Plan
    holder: Unit
    progress: tuple[Progress, ...]
    is_part: bool
    units: int
    older: int
    as_of: Period | None


async def is_large(db: AsyncConnection, unit: Unit) -> bool:
    """Whether summing up takes so long that it is done aside."""
    return await units.count_subtree(db, unit.id) > LARGE


async def read_summary(
    db: AsyncConnection,
    unit: Unit,
    asked: Asked,
    *,
    today: date,
    plans: Mapping[str, Plan],
    page: int = 0,
    above: Unit | None = None,
) -> Summary:
    """Everything /tonghop shows."""
    reports = asked.below(unit)
    completeness = await totals.count_received(db, reports)
    summed = await totals.sum_figures(db, reports)
    last_period = last_year = None
    if asked.campaign is None:
        last_period = await _compared(db, reports, asked.period.shifted(-1))
        earlier = asked.period.shifted(-_periods_a_year(asked.period.kind))
        last_year = await _compared(db, reports, earlier) if earlier != asked.period.shifted(-1) else None
    count = await units.count_children(db, unit.id)
    pages = -(-count // CHILDREN_SHOWN)
    page = min(max(page, 0), max(pages - 1, 0))
    shown = await units.list_children(db, unit.id, most=CHILDREN_SHOWN, skip=page * CHILDREN_SHOWN)
    by_child = await totals.count_received_by_child(db, reports, shown)
    return Summary(
        unit,
        asked,
        today,
        completeness,
        summed,
        last_period,
        last_year,
        await read_targets(db, unit, asked, plans=plans, today=today),
        await totals.count_explained(db, reports),
        tuple(Child(each, by_child[each.id]) for each in shown if each.id in by_child),
        page,
        pages,
        above,
    )


def _periods_a_year(kind: PeriodKind) -> int:
    return {PeriodKind.MONTH: 12, PeriodKind.QUARTER: 4, PeriodKind.HALF: 2}.get(kind, 1)


async def _compared(db: AsyncConnection, reports: ReportsBelow, period: Period) -> Compared | None:
    found = (await totals.sum_by_period(db, reports.unit, reports.form, [period])).get(period)
    return Compared(period, found) if found is not None else None


# Against the plan ----------------------------------------------------------------------------------------------


async def find_holder(db: AsyncConnection, unit: Unit, plans: Mapping[str, Plan]) -> tuple[Plan, Unit] | None:
    """The plan that governs a unit, and the unit it was set for."""
    for each in reversed([*await units.list_ancestors(db, unit), unit]):
        if each.plan:
            return (plans[each.plan], each) if each.plan in plans else None
    return None


async def read_targets(
    db: AsyncConnection,
    unit: Unit,
    asked: Asked,
    *,
    plans: Mapping[str, Plan],
    today: date,
    year: int | None = None,
) -> Targets | None:
    """How far along the unit is; None where no plan governs it, or it sets nothing that the form measures.

    Args:
        year: only the targets for that year.
    """
    held = await find_holder(db, unit, plans)
    if held is None:
        return None
    plan, holder = held
    wanted = find_targets(plan, asked.form.id, today, year=year)
    if not wanted:
        return None
    history, counted, older = await _read_history(db, unit, asked)
    if history is None:
        return Targets(plan, holder, (), unit.id != holder.id, 0, 0, None)
    found = [
        progress
        for target, measure in wanted
        if (progress := measure_progress(plan, target, measure, history, today=today)) is not None
    ]
    return Targets(plan, holder, tuple(found), unit.id != holder.id, counted, older, history.as_of)


async def _read_history(db: AsyncConnection, unit: Unit, asked: Asked) -> tuple[History | None, int, int]:
    if asked.campaign is not None:
        summed = (await totals.sum_by_period(db, unit, asked.form, [asked.period])).get(asked.period)
        if summed is None:
            return None, 0, 0
        return History(asked.period, summed.figures, {asked.period: summed.figures}), summed.reports, 0
    latest = await totals.find_latest_period(db, unit, asked.form, up_to=asked.period)
    if latest is None:
        return None, 0, 0
    periods = list_periods(latest)
    level = await totals.sum_latest(db, unit, asked.form, periods, alive_on=latest.end)
    by_period = await totals.sum_by_period(db, unit, asked.form, periods)
    figures = {period: each.figures for period, each in by_period.items()}
    return History(latest, level.figures, figures), level.units, level.older


def list_periods(last: Period) -> list[Period]:
    """The periods of a year up to this one, in the order of time."""
    count = _periods_a_year(last.kind)
    return [last.shifted(step) for step in range(1 - count, 1)]


# Who is missing ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Absent:
    """A unit whose report is missing.

    Attributes:
        is_asked: whether the unit is still asked for it: it owes it, and was not dissolved since.
        joined: officers who can be written to, `blocked` of whom cannot be reached any more.
        invited: officers of the roster who have not joined yet.
        reminded_at: when a reminder last reached one of them.
        extended_to: the due date granted to the unit, where one was.
    """

    unit: Reported
    is_asked: bool
    joined: int
    blocked: int
    invited: int
    reminded_at: datetime | None
    extended_to: date | None = None

    @property
    def can_be_reminded(self) -> bool:
        """Whether there is anybody to remind."""
        return self.is_asked and self.joined > self.blocked


@dataclass(frozen=True, slots=True)
class Missing:
    """A page of the units whose reports are missing."""

    unit: Unit
    asked: Asked
    today: date
    completeness: Completeness
    shown: tuple[Absent, ...]
    page: int
    pages: int


async def read_missing(db: AsyncConnection, unit: Unit, asked: Asked, *, today: date, page: int = 0) -> Missing:
    """Who is missing, with when they were last reminded and whether they can be reached."""
    reports = asked.below(unit)
    completeness = await totals.count_received(db, reports)
    pages = -(-completeness.missing // MISSING_SHOWN)
    page = min(max(page, 0), max(pages - 1, 0))
    rows = await totals.list_missing(db, reports, most=MISSING_SHOWN, skip=page * MISSING_SHOWN)
    ids = [row.unit_id for row in rows]
    officers = await people.list_officers_of(db, ids)
    reached = await chats.find_chats(
        db, [each.telegram_id for some in officers.values() for each in some if each.telegram_id is not None]
    )
    reminded = await totals.list_last_reminded(db, asked.group, ids)
    granted = await requests.list_granted(db, asked.form.id, asked.period, unit_ids=ids) if ids else {}
    shown = []
    for row in rows:
        own = officers.get(row.unit_id, [])
        joined = [each.telegram_id for each in own if each.telegram_id is not None]
        blocked = sum(each in reached and not reached[each].is_reachable for each in joined)
        shown.append(
            Absent(
                row,
                row.is_asked(today),
                len(joined),
                blocked,
                len(own) - len(joined),
                reminded.get(row.unit_id),
                granted[row.unit_id].due_on if row.unit_id in granted else None,
            )
        )
    return Missing(unit, asked, today, completeness, tuple(shown), page, pages)


async def nudge_missing(
    db: AsyncConnection, rules: Rules, unit: Unit, asked: Asked, now: datetime, *, by: int | None, skip: int = 0
) -> tuple[Nudged, int] | None:
    """Remind the officers of missing units, `NUDGED_AT_ONCE` of them after the first `skip`.

    Returns:
        What came of it and how many units were looked at; None where the report is owed no longer.
    """
    duty = await _duty(db, rules, asked, now)
    if duty is None:
        return None
    reports = asked.below(unit)
    rows = await totals.list_missing(db, reports, most=NUDGED_AT_ONCE, skip=skip)
    owed = await _obligations(db, asked, duty, [row for row in rows if row.is_asked(rules.today(now))])
    return await reminding.nudge(db, rules, owed, now, by=by, duties=[duty]), len(rows)


async def nudge_one(
    db: AsyncConnection, rules: Rules, unit: Unit, asked: Asked, now: datetime, *, by: int | None
) -> Nudged | None:
    """Remind the officers of one unit; None where it has reported meanwhile, or is asked for nothing."""
    duty = await _duty(db, rules, asked, now)
    row = await totals.find_reported(db, asked.below(unit))
    if duty is None or row is None or row.is_in or not row.is_asked(rules.today(now)):
        return None
    owed = await _obligations(db, asked, duty, [row])
    return await reminding.nudge(db, rules, owed, now, by=by, duties=[duty])


def add_nudged(one: Nudged, other: Nudged) -> Nudged:
    """Both counts together."""
    return Nudged(
        one.reminded + other.reminded,
        one.muted + other.muted,
        one.unreachable + other.unreachable,
        one.again + other.again,
        one.without_officer + other.without_officer,
    )


async def _duty(db: AsyncConnection, rules: Rules, asked: Asked, now: datetime) -> Duty | None:
    return (await reminding.find_duties(db, rules, [asked.group], now)).get(asked.group)


async def _obligations(db: AsyncConnection, asked: Asked, duty: Duty, rows: Sequence[Reported]) -> list[Obligation]:
    ids = [row.unit_id for row in rows]
    granted = await requests.list_granted(db, asked.form.id, asked.period, unit_ids=ids) if ids else {}
    return [
        duty.obligation(
            row.unit_id,
            row.name,
            dissolved_on=row.dissolved_on,
            extended_to=granted[row.unit_id].due_on if row.unit_id in granted else None,
        )
        for row in rows
    ]


# What was explained ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Explanation:
    """A report with the rules it breaks and the officer's reasons."""

    unit_name: str
    lines: tuple[tuple[str, str], ...]


async def read_explained(
    db: AsyncConnection, unit: Unit, asked: Asked, *, page: int = 0
) -> tuple[list[Explanation], int, int]:
    """A page of explanations, with its number and how many pages there are."""
    reports = asked.below(unit)
    pages = -(-await totals.count_explained(db, reports) // EXPLAINED_SHOWN)
    page = min(max(page, 0), max(pages - 1, 0))
    rows = await totals.list_explained(db, reports, most=EXPLAINED_SHOWN, skip=page * EXPLAINED_SHOWN)
    found = []
    for row in rows:
        report = await submissions.find_current(db, row.unit_id, asked.form.id, asked.period)
        if report is None:
            continue
        previous = await submissions.find_previous(db, row.unit_id, asked.form.id, asked.period)
        broken = check_report(asked.form, report.figures, previous.figures if previous else None)
        sentences = {verdict.rule: verdict.sentence for verdict in broken}
        lines = tuple((sentences.get(rule, ""), said) for rule, said in report.reasons.items())
        found.append(Explanation(row.name, lines))
    return found, page, pages


# What goes into files ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One column of the table: a unit with the sum of all below it. `fillable` where it reports itself."""

    unit: Unit
    totals: Totals | None
    fillable: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Everything a workbook or CSV shows of one form and period.

    Attributes:
        parts: the units right below; the unit itself where none are.
        lines: every unit that is expected, one by one, with its report; empty where there are too many.
        left_out: how many parts there were no columns for.
    """

    unit: Unit
    above: Unit | None
    asked: Asked
    completeness: Completeness
    parts: tuple[Part, ...]
    lines: tuple[tuple[Reported, Submission | None], ...]
    left_out: int


async def read_table(db: AsyncConnection, unit: Unit, asked: Asked) -> Table:
    """What the official summary of a unit shows."""
    reports = asked.below(unit)
    children = await units.list_children(db, unit.id)
    by_child = await totals.count_received_by_child(db, reports, children)
    children = [each for each in children if each.id in by_child]
    completeness = await totals.count_received(db, reports)
    if children:
        sums = await totals.sum_figures_by_child(db, reports, children[:MOST_COLUMNS])
        parts = [Part(each, sums.get(each.id), reports.asked.has_kind(each.kind)) for each in children[:MOST_COLUMNS]]
    else:
        parts = [Part(unit, await _own(db, reports), reports.asked.has_kind(unit.kind))]
    rows = await totals.list_expected(db, reports, most=MOST_LINES + 1)
    lines: list[tuple[Reported, Submission | None]] = []
    if len(rows) <= MOST_LINES:
        sent = await totals.list_figures(db, reports, [row.unit_id for row in rows if row.is_in])
        lines = [(row, sent.get(row.unit_id)) for row in rows]
    above = await units.find_unit_by_id(db, unit.parent_id) if unit.parent_id is not None else None
    return Table(unit, above, asked, completeness, tuple(parts), tuple(lines), max(0, len(children) - MOST_COLUMNS))


async def _own(db: AsyncConnection, reports: ReportsBelow) -> Totals | None:
    found = await totals.sum_figures(db, reports)
    return found if found.figures else None


async def read_series(db: AsyncConnection, unit: Unit, asked: Asked) -> list[tuple[Period, Totals | None]]:
    """The totals of a year up to the period asked for."""
    periods = list_periods(asked.period)
    found = await totals.sum_by_period(db, unit, asked.form, periods)
    return [(period, found.get(period)) for period in periods]


async def read_level(db: AsyncConnection, unit: Unit, asked: Asked) -> totals.Level:
    """Every unit's latest figures up to the period asked for, summed: as things stand although some are missing."""
    periods = list_periods(asked.period)
    return await totals.sum_latest(db, unit, asked.form, periods, alive_on=asked.period.end)


async def read_completeness(db: AsyncConnection, unit: Unit, asked: Asked) -> Completeness:
    """Who has reported, in numbers."""
    return await totals.count_received(db, asked.below(unit))


async def read_children(db: AsyncConnection, unit: Unit, asked: Asked, *, most: int) -> tuple[list[Child], int]:
    """The units right below, the least complete first, and how many there are in all."""
    reports = asked.below(unit)
    children = await units.list_children(db, unit.id)
    found = await totals.count_received_by_child(db, reports, children)
    own = [Child(each, found[each.id]) for each in children if each.id in found]
    own.sort(key=lambda child: (child.completeness.completeness, -child.completeness.missing, child.unit.name))
    return own[:most], len(own)


# Digests ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Morning:
    """A digest that is due: for a supervisor, about one unit and one report whose due date was yesterday."""

    person_id: int
    chat_id: int
    unit_id: int
    asked: Asked

    @property
    def key(self) -> str:
        """Its natural name: told once."""
        return f"digest:{self.asked.form.id}:{self.asked.period.code}:{self.unit_id}:{self.person_id}"


def list_due_on(today: date, day: date) -> list[Asked]:
    """The reports whose own due date is `day`, campaigns aside. Pure."""
    return [
        ask_for(form, period)
        for form in load_forms()
        if form.calendar is not None
        for period in (last_opened(form, today).shifted(-back) for back in range(4))
        if due_on(form, period) == day
    ]


async def has_due_yesterday(db: AsyncConnection, today: date) -> bool:
    """Whether any report was due yesterday."""
    yesterday = today - timedelta(days=1)
    if list_due_on(today, yesterday):
        return True
    return any(each.due_on == yesterday for each in await campaigns.list_campaigns(db, open_on=today))


async def list_mornings(
    db: AsyncConnection, today: date, supervisors: Collection[tuple[int, int]], yesterday: date
) -> list[Morning]:
    """The digests of this morning: of every report that was due yesterday, for every (person, unit) given."""
    due = list_due_on(today, yesterday)
    places: dict[int, Unit] = {}
    for campaign in await campaigns.list_campaigns(db, open_on=today):
        form = find_form(campaign.form)
        if campaign.due_on == yesterday and form is not None:
            due.append(Asked(form, campaign.period, campaign.due_on, campaign))
            places |= await units.get_units(db, [campaign.unit_id])
    if not due or not supervisors:
        return []
    known = await people.get_people(db, [person_id for person_id, _ in supervisors])
    seats = await units.get_units(db, [unit_id for _, unit_id in supervisors])
    found = []
    for asked in due:
        place = places.get(asked.campaign.unit_id) if asked.campaign is not None else None
        for person_id, unit_id in supervisors:
            seat, person = seats.get(unit_id), known.get(person_id)
            if seat is None or person is None or person.telegram_id is None or not seat.is_active(today):
                continue
            if place is None or place.lies_in(seat) or seat.lies_in(place):
                found.append(Morning(person_id, person.telegram_id, unit_id, asked))
    return found


def has_movement(form: Form) -> bool:
    """Whether the form tells who came and who left, month by month."""
    return form.period is PeriodKind.MONTH and any(row.sign == "+" for row in form.indicators)


def find_level(targets: Targets | None) -> Progress | None:
    """The target to draw: the first one about a total; none for a part of those for whom it was set."""
    if targets is None or targets.is_part:
        return None
    return next((each for each in targets.progress if each.measure.kind is MeasureKind.LEVEL), None)
