"""What is on somebody's plate now: the reports of their own units, and what has come in from those below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from bot.access import Right
from bot.hands import reach
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services import nudging
from bot.services.campaigns import find_campaign
from bot.services.duties import AHEAD, Duty, list_duties, report_group
from bot.services.officer_records import read_officer_records
from bot.services.places import is_large
from bot.services.progress import read_first
from knowledge.forms import MONTHLY_FORM
from knowledge.model.forms import Form, due_on, is_locked
from knowledge.model.obligations import Obligation, ObligationKind
from knowledge.model.order import order_key, split_latest
from knowledge.model.owing import AskedUnits
from knowledge.model.periods import Period, PeriodKind
from knowledge.reports.sheet import total_rows
from knowledge.share_progress import ShareProgress
from storage import submissions, summaries
from storage.people import RoleName
from storage.submissions import State
from storage.summaries import Completeness, ReportsBelow
from storage.units import Unit

BEHIND: Final = timedelta(days=24 * 31)
"""As far back as /baocao offers months to be sent."""
LONG_OVERDUE: Final = timedelta(days=31)
"""What has been missing for longer stands behind what is due now, in few words, even where nothing later is missing."""
TOPS_SHOWN: Final = 2
SOON: Final = 3
"""Days before the due date from which the card offers to remind those missing."""


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report of one of somebody's own units.

    Attributes:
        sent_on: the local day on which it was sent; None while it is missing.
        campaign_id: the campaign that asks for it, None for one that is due by the calendar.
        is_returned: it was sent, and sent back.
        can_say_no_change: **Không có biến động** makes sense, `can_tell_changes` **Có thay đổi** does.
    """

    unit_id: int
    unit_name: str
    form: Form
    period: Period
    falls_on: date
    sent_on: date | None
    campaign_id: int | None = None
    is_returned: bool = False
    can_say_no_change: bool = False
    can_tell_changes: bool = False


@dataclass(frozen=True, slots=True)
class RemindedBelow:
    """What a supervisor's wish has come to among the units that miss a report.

    Attributes:
        units: how many were reminded; `left` of the others can be.
        at: when that was wished last, `leaves_at` when it goes out where quiet hours keep it back; both local.
        silent: names of units where nobody can be written to.
        muted: names of those where all have turned reminders off.
    """

    units: int
    left: int
    at: datetime
    leaves_at: datetime | None
    silent: tuple[str, ...]
    muted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportBelow:
    """The latest report of a form over a unit and all below it; `reminded` where that was wished lately."""

    unit: Unit
    form: Form
    period: Period
    due_on: date
    count: Completeness
    reminded: RemindedBelow | None = None


@dataclass(frozen=True, slots=True)
class UnitShareProgress:
    """How far a unit is in the first goal that it was given and that is followed."""

    unit_name: str
    progress: ShareProgress


@dataclass(frozen=True, slots=True)
class FirstReport:
    """The first report that a new unit owes."""

    period: Period
    due_on: date


@dataclass(frozen=True, slots=True)
class Home:
    """What a card shows.

    Attributes:
        own: the reports of their own units: what is missing first, the earliest due first, then what was sent.
        below: the month of the units they supervise, at most `TOPS_SHOWN`, and other forms while they are being sent.
        has_unit: whether they are an officer of a unit that exists.
        shares: how far their units are in what they were given to reach, the first goal of each; as few as `below`.
        called: how they chose to be addressed; None where they chose nothing.
        first: the first report of a unit of theirs that is new and owes nothing yet.
    """

    name: str
    today: date
    own: tuple[OwnReport, ...]
    below: tuple[ReportBelow, ...]
    has_unit: bool
    shares: tuple[UnitShareProgress, ...] = ()
    called: str | None = None
    first: FirstReport | None = None

    @property
    def missing(self) -> tuple[OwnReport, ...]:
        """What is to be sent now: of each unit's form the latest, as /baocao opens it; then what was sent back."""
        latest, older = self._split_missing()
        now = (*latest, *[each for each in older if each.is_returned])
        return tuple(each for each in now if not self._is_long_overdue(each))

    @property
    def older(self) -> tuple[OwnReport, ...]:
        """What is missing from before, the earliest due first."""
        now = self.missing
        latest, older = self._split_missing()
        return tuple(
            sorted((each for each in (*latest, *older) if each not in now), key=lambda each: each.falls_on),
        )

    def _split_missing(self) -> tuple[list[OwnReport], list[OwnReport]]:
        return split_latest(
            (each for each in self.own if each.sent_on is None),
            kind=lambda each: (each.unit_id, each.form.id, each.campaign_id),
            due_on=lambda each: each.falls_on,
        )

    @property
    def sent(self) -> tuple[OwnReport, ...]:
        """What was sent last, where nothing later of the kind is missing."""
        return tuple(each for each in self.own if each.sent_on is not None)

    def _is_long_overdue(self, report: OwnReport) -> bool:
        return self.today - report.falls_on > LONG_OVERDUE


async def list_near_duties(asking: Asking, rules: Rules) -> list[Duty]:
    """The reports that many units owe; the same for everyone, so one look serves many cards."""
    reports = [f"form:{form.id}" for form in rules.forms.asked]
    return await list_duties(asking.db, rules, asking.today, behind=BEHIND, ahead=AHEAD, only=reports)


async def read_home(asking: Asking, rules: Rules, duties: Iterable[Duty]) -> Home:
    """What is on the asker's plate; `duties` are those of `list_near_duties`."""
    tops = await reach.list_tops(asking, Right.SUPERVISE) if asking.asker.may_anywhere(Right.SUPERVISE) else []
    answers_for = reach.list_own(asking)
    officer_of = [unit for unit in asking.asker.units_as(RoleName.OFFICER) if unit.is_active(asking.today)]
    return Home(
        asking.asker.name,
        asking.today,
        await _read_own(asking, rules, duties) if answers_for else (),
        tuple([each for unit in tops[:TOPS_SHOWN] for each in await _list_below(asking, rules, unit)]),
        bool(officer_of),
        await _read_shares(asking, rules, officer_of[:TOPS_SHOWN], tops[:TOPS_SHOWN]),
        asking.asker.called,
        _find_first(officer_of, rules, asking.today),
    )


def _find_first(own: Sequence[Unit], rules: Rules, today: date) -> FirstReport | None:
    """The earliest of the first months of their units; None where those are past."""
    found = []
    for unit in own:
        month = Period.containing(unit.registered_on, PeriodKind.MONTH)
        form = rules.forms.find(MONTHLY_FORM, month)
        if form is not None and form.is_owed_by(unit.kind) and due_on(form, month) >= today:
            found.append(FirstReport(month, due_on(form, month)))
    return min(found, key=lambda each: each.due_on, default=None)


async def _read_shares(
    asking: Asking, rules: Rules, own: Sequence[Unit], tops: Sequence[Unit]
) -> tuple[UnitShareProgress, ...]:
    """Of a few units; what would take long to sum up is left to /chitieu."""
    of = [*own, *[unit for unit in tops if not await is_large(asking.db, unit)]]
    found = await read_first(asking.db, rules, {unit.id for unit in of}, asking.today)
    named = {unit.id: unit.name for unit in of}
    return tuple(UnitShareProgress(named[each], found[each]) for each in named if each in found)


async def _read_own(asking: Asking, rules: Rules, duties: Iterable[Duty]) -> tuple[OwnReport, ...]:
    if asking.person_id is None:
        return ()
    reports = [duty for duty in duties if duty.kind is ObligationKind.FORM]
    records = await read_officer_records(asking.db, rules, reports, [asking.person_id], asking.now)
    opened = [
        each
        for each in records.of(asking.person_id)
        if each.period is not None and (each.owed_from is None or each.owed_from <= asking.now)
    ]
    shown = choose_shown(opened, asking.today)
    named = [(each.form, each.period, each.unit_id) for each in shown if each.period is not None]
    before = await submissions.list_before(asking.db, named)
    returned = await _list_returned(asking, [each for each in shown if each.submitted_at is None])
    found = []
    for each in shown:
        form = rules.forms.find(each.form, each.period)
        if form is None or each.period is None:
            continue
        last = before.get((each.form, each.period, each.unit_id))
        campaign = await find_campaign(asking, form, each.period)
        sent = each.submitted_at.astimezone(asking.zone).date() if each.submitted_at is not None else None
        is_returned = (each.unit_id, each.form, each.period) in returned
        found.append(
            OwnReport(
                each.unit_id,
                each.unit_name,
                form,
                each.period,
                each.falls_on,
                sent,
                campaign.id if campaign is not None else None,
                is_returned,
                bool(form.no_change) and not is_returned,
                not is_returned and total_rows(form, last.figures if last is not None else None) is not None,
            )
        )
    return tuple(found)


def choose_shown(opened: Sequence[Obligation], today: date) -> list[Obligation]:
    """What a card names of reports that may be sent: all that are missing, the earliest due first, then, for each unit
    and form, the one sent last, unless a later one is missing. Pure.
    """
    missing = [each for each in opened if each.is_asked(today)]
    done = []
    by_report = sorted(opened, key=lambda each: (order_key(each.unit_name), each.unit_id, each.form))
    for _, same in groupby(by_report, key=lambda each: (each.unit_id, each.form)):
        known = [each for each in same if each.is_asked(today) or each.submitted_at is not None]
        last = max(known, key=lambda each: each.due_on, default=None)
        if last is not None and last.submitted_at is not None:
            done.append(last)
    return [*sorted(missing, key=lambda each: (each.falls_on, order_key(each.unit_name), each.unit_id)), *done]


async def _list_returned(asking: Asking, owed: Sequence[Obligation]) -> set[tuple[int, str, Period]]:
    """Which of what is owed was sent, and sent back: unit, form and period."""
    found = set()
    for form in {each.form for each in owed}:
        periods = {each.period for each in owed if each.form == form and each.period is not None}
        units = {each.unit_id for each in owed if each.form == form}
        for standing in await submissions.list_standing(asking.db, units, form, periods):
            if standing.state is State.RETURNED:
                found.add((standing.unit_id, form, standing.period))
    return found


async def _list_below(asking: Asking, rules: Rules, unit: Unit) -> list[ReportBelow]:
    """The month, and whatever else is being sent now by units below: until it locks, where anybody is expected to."""
    found = []
    for form, period in sorted(asking.forms.list_opened(asking.today), key=lambda each: each[0].id != MONTHLY_FORM):
        if form.id != MONTHLY_FORM and is_locked(form, period, asking.today):
            continue
        below = ReportsBelow(unit, form, period, AskedUnits.of_period(form, period))
        count = await summaries.count_received(asking.db, below)
        if form.id == MONTHLY_FORM or count.expected:
            due, reminded = due_on(form, period), None
            if (due - asking.today).days <= SOON and 0 < count.missing <= nudging.NUDGED_AT_ONCE:
                reminded = await _read_reminded(asking, rules, below)
            found.append(ReportBelow(unit, form, period, due, count, reminded))
    return found


async def _read_reminded(asking: Asking, rules: Rules, below: ReportsBelow) -> RemindedBelow | None:
    rows = await summaries.list_missing(asking.db, below, most=nudging.NUDGED_AT_ONCE)
    names = {row.unit_id: row.name for row in rows if row.is_asked(asking.today)}
    group = report_group(below.form.id, below.period)
    reach = await nudging.read_reach(asking.db, rules, group, names, asking.now, is_report=True)
    lately = nudging.find_lately(reach)
    if lately is None:
        return None
    return RemindedBelow(
        len(lately.reminded),
        len(names.keys() - lately.reminded - lately.muted - lately.silent),
        lately.at.astimezone(asking.zone),
        lately.leaves_at,
        tuple(name for unit, name in names.items() if unit in lately.silent),
        tuple(name for unit, name in names.items() if unit in lately.muted),
    )
