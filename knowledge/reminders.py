"""Reminders: who is reminded of what, and when, as one pure decision over what is owed at this moment.

Nothing is written ahead. At every tick the decision is made afresh from obligations, preferences and the steps already
recorded; asked twice it says the same, and what was recorded in between is not said again.

The rules. Steps up to the due day move to an earlier working day, overdue ones to a later; of two that then share a day
the later counts. A step is sent at its reader's hour, never in quiet hours. After an outage only the latest missed step
is sent: not if another falls today, not a step before the deadline once that has passed, not one more than
`FORGOTTEN_AFTER` old, and, from an earlier day, not before today's hour (overdue ones on working days only). It waits
while its reader is writing, `WAITS_AT_MOST` long.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from knowledge.calendar.working_days import VIETNAM, WorkingDays
from knowledge.model.obligations import (
    BUSY_FOR,
    Decision,
    Digest,
    Item,
    Obligation,
    QuietHours,
    Recipient,
    Reminder,
    Skip,
    SkipReason,
    Snooze,
    Step,
    StepKey,
)
from knowledge.model.order import order_key
from knowledge.model.owing import exists_on

WAITS_AT_MOST = timedelta(hours=1)
FORGOTTEN_AFTER = timedelta(days=14)

_LAST_CALL, _BEFORE, _OVERDUE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Slot:
    """A step and the moment it is sent at."""

    step: Step
    at: datetime


def plan_steps(
    due_on: date,
    due_time: time | None,
    steps: tuple[int, ...],
    hour: time,
    *,
    working_days: WorkingDays,
    quiet: QuietHours,
    zone: ZoneInfo = VIETNAM,
) -> tuple[Slot, ...]:
    """The moments at which someone with that hour is reminded of something due then, in order.

    A step that its hour would put after the deadline is sent as soon as the quiet hours end that day, or, where that is
    too late as well, left to the one before.
    """
    due_at = datetime.combine(due_on + timedelta(days=1), time(), zone)
    if due_time is not None:
        due_at = datetime.combine(due_on, due_time, zone)
    allowed = quiet.hour(hour)
    chosen: dict[date, Slot] = {}
    for days in sorted(set(steps)):
        nominal = due_on + timedelta(days=days)
        day = working_days.on_or_before(nominal) if days <= 0 else working_days.on_or_after(nominal)
        at = datetime.combine(day, allowed, zone)
        if days <= 0 and at >= due_at:
            at = datetime.combine(day, quiet.end, zone)
            if at >= due_at:
                continue
        chosen[day] = Slot(Step(days), at)
    return tuple(chosen[day] for day in sorted(chosen))


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a row of slots stands now: the latest that has come, what comes next, and whether one comes today."""

    current: Slot | None
    following: datetime | None
    comes_today: bool
    is_past_day: bool


@dataclass
class _Candidate:
    item: Item
    ready_at: datetime


@dataclass
class _Tick:
    """One decision in the making; the caches make the cost of an obligation a few look-ups."""

    now: datetime
    working_days: WorkingDays
    quiet: QuietHours
    zone: ZoneInfo
    recorded: Container[StepKey]
    local: datetime = field(init=False)
    today: date = field(init=False)
    is_quiet: bool = field(init=False)
    positions: dict[tuple[date, time | None, tuple[int, ...], time], _Position] = field(default_factory=dict)
    wakeups: set[datetime] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.local = self.now.astimezone(self.zone)
        self.today = self.local.date()
        self.is_quiet = self.quiet.covers(self.local.time())

    def position(self, due_on: date, due_time: time | None, steps: tuple[int, ...], hour: time) -> _Position:
        key = (due_on, due_time, steps, hour)
        found = self.positions.get(key)
        if found is None:
            slots = plan_steps(
                due_on, due_time, steps, hour, working_days=self.working_days, quiet=self.quiet, zone=self.zone
            )
            passed = [slot for slot in slots if slot.at <= self.now]
            ahead = [slot.at for slot in slots if slot.at > self.now]
            current = passed[-1] if passed else None
            found = _Position(
                current,
                ahead[0] if ahead else None,
                bool(ahead) and ahead[0].astimezone(self.zone).date() == self.today,
                current is not None and current.at.astimezone(self.zone).date() < self.today,
            )
            if found.following is not None:
                self.wakeups.add(found.following)
            self.positions[key] = found
        return found

    def ready_at(self, slot: Slot, position: _Position, hour: time) -> datetime | None:
        """When the slot that has come may be sent at the earliest; None where it must not be sent today."""
        if self.now - slot.at > FORGOTTEN_AFTER:
            return None
        if not position.is_past_day:
            return slot.at
        if position.comes_today:
            return None
        if slot.step.days > 0 and slot.step.snoozed_to is None and not self.working_days.is_working_day(self.today):
            following = self.working_days.on_or_after(self.today)
            self.wakeups.add(datetime.combine(following, self.quiet.hour(hour), self.zone))
            return None
        return datetime.combine(self.today, self.quiet.hour(hour), self.zone)

    def may_send(self, person: Recipient, ready_at: datetime) -> bool:
        """Whether it may go out to that person now; otherwise the moment to look again is noted."""
        if ready_at > self.now:
            self.wakeups.add(ready_at)
            return False
        if self.is_quiet:
            self.wakeups.add(self.quiet.next_allowed(self.local))
            return False
        if person.last_wrote_at is not None:
            free_at = min(person.last_wrote_at + BUSY_FOR, ready_at + WAITS_AT_MOST)
            if person.last_wrote_at <= self.now < free_at:
                self.wakeups.add(free_at)
                return False
        return True


def find_next(
    obligations: Iterable[Obligation],
    hour: time,
    *,
    after: datetime,
    working_days: WorkingDays,
    quiet: QuietHours,
    zone: ZoneInfo = VIETNAM,
) -> tuple[datetime, Obligation] | None:
    """When somebody with that hour is reminded next, and of what, if it is still owed then; None where of nothing."""
    found = [
        (slot.at, obligation)
        for obligation in obligations
        if obligation.submitted_at is None
        for slot in plan_steps(
            obligation.falls_on,
            obligation.due_time,
            obligation.steps,
            hour,
            working_days=working_days,
            quiet=quiet,
            zone=zone,
        )
        if slot.at > after
    ]
    return min(found, key=lambda each: (each[0], each[1].falls_on, each[1].key), default=None)


def decide_reminders(
    obligations: Iterable[Obligation],
    people: Mapping[int, Recipient],
    recorded: Container[StepKey],
    *,
    now: datetime,
    working_days: WorkingDays,
    quiet: QuietHours | None = None,
    snoozes: Iterable[Snooze] = (),
    zone: ZoneInfo = VIETNAM,
) -> Decision:
    """What is to be sent at `now` (aware), by the rules at the head of this module.

    Args:
        obligations: What units owe; submitted ones and those of units dissolved since are not reminded of and count as
            expected in digests.
        people: Everyone named in `officers` and `supervisors` who can be written to; others are passed over.
        recorded: The keys of every step already sent, in doubt or skipped; for a due date since changed they do not
            count.
        now: The moment of the decision.
        working_days: Which days are worked.
        quiet: When nothing is sent, 21:00 to 07:00 unless told.
        snoozes: Wishes to be reminded again, past ones included.
        zone: Where hours and days are counted.

    Returns:
        One reminder for each person, one digest for each supervisor and group, what is withheld, and the next moment at
        which the answer can change by itself. Linear in the number of obligations.
    """
    tick = _Tick(now, working_days, quiet or QuietHours(), zone, recorded)
    wishes: dict[tuple[str, int], list[Snooze]] = {}
    for snooze in snoozes:
        wishes.setdefault((snooze.obligation, snooze.recipient), []).append(snooze)
    waiting: dict[int, list[_Candidate]] = {}
    escalated: dict[tuple[int, str], list[Obligation]] = {}
    expected: dict[tuple[int, str], int] = {}
    skipped: list[Skip] = []
    coming: set[date] = set()
    for obligation in obligations:
        exists = exists_on(tick.today, obligation.dissolved_on)
        for supervisor in obligation.supervisors:
            key = (supervisor, obligation.group)
            expected[key] = expected.get(key, 0) + 1
            if obligation.submitted_at is not None:
                continue
            if obligation.falls_on <= tick.today:
                escalated.setdefault(key, []).append(obligation)
            elif exists:
                coming.add(obligation.falls_on)
        if obligation.submitted_at is not None or not exists:
            continue
        for officer in obligation.officers:
            person = people.get(officer)
            if person is None:
                continue
            found = _candidate(tick, obligation, person, wishes.get((obligation.key, officer), ()))
            if isinstance(found, Skip):
                skipped.append(found)
            elif found is not None:
                waiting.setdefault(officer, []).append(found)
    reminders = [
        _message(tick, people[officer], candidates)
        for officer, candidates in waiting.items()
        if tick.may_send(people[officer], min(candidate.ready_at for candidate in candidates))
    ]
    reminders.sort(key=lambda reminder: (reminder.urgency, reminder.items[0].obligation.falls_on, reminder.recipient))
    tick.wakeups.update(datetime.combine(day, time(), zone) for day in coming)
    digests, withheld = _digests(tick, escalated, expected, people)
    wakeups = [moment for moment in tick.wakeups if moment > now]
    return Decision(
        tuple(reminders),
        tuple(digests),
        (*skipped, *withheld),
        min(wakeups).astimezone(now.tzinfo) if wakeups else None,
    )


def next_wakeup(
    obligations: Iterable[Obligation],
    people: Mapping[int, Recipient],
    recorded: Container[StepKey],
    *,
    now: datetime,
    working_days: WorkingDays,
    quiet: QuietHours | None = None,
    snoozes: Iterable[Snooze] = (),
    zone: ZoneInfo = VIETNAM,
) -> datetime | None:
    """The next moment after `now` at which `decide_reminders` can say something new by itself, or None."""
    return decide_reminders(
        obligations, people, recorded, now=now, working_days=working_days, quiet=quiet, snoozes=snoozes, zone=zone
    ).next_wakeup


def _candidate(
    tick: _Tick, obligation: Obligation, person: Recipient, wishes: Iterable[Snooze]
) -> _Candidate | Skip | None:
    """What this person is to hear of this obligation now, if anything."""
    due_on = obligation.falls_on
    position = tick.position(due_on, obligation.due_time, obligation.steps, person.remind_at)
    slot = position.current
    wish = _latest_wish(tick, due_on, wishes, slot) if wishes else None
    if slot is not None and not _is_due(tick, obligation, person, slot):
        slot = None
    if slot is None and wish is None:
        return None
    keys: list[StepKey] = []
    ready: list[datetime] = []
    step: Step | None = None
    if slot is not None:
        ready_at = tick.ready_at(slot, position, person.remind_at)
        if ready_at is not None:
            keys.append(StepKey(obligation.key, due_on, person.id, slot.step.code))
            ready.append(ready_at)
            step = slot.step
    if wish is not None:
        wished = Step((tick.today - due_on).days, wish.at)
        is_past = wish.at.astimezone(tick.zone).date() < tick.today
        ready_at = tick.ready_at(Slot(wished, wish.at), replace(position, is_past_day=is_past), person.remind_at)
        if ready_at is not None:
            keys.append(StepKey(obligation.key, due_on, person.id, wished.code))
            ready.append(ready_at)
            step = step or wished
    if step is None:
        return None
    withheld = _withheld(person, max(_moments(slot, wish)), tick.now)
    if withheld is not None:
        return Skip(keys[0], withheld, obligation.unit_id)
    is_before = tick.now < obligation.due_at(tick.zone)
    ahead = is_before and position.following is not None and position.following < obligation.due_at(tick.zone)
    return _Candidate(
        Item(
            obligation,
            step,
            tuple(keys),
            (due_on - tick.today).days,
            is_before and not ahead,
            any(moment.astimezone(tick.zone).date() < tick.today for moment in _moments(slot, wish)),
        ),
        min(ready),
    )


def _moments(slot: Slot | None, wish: Snooze | None) -> list[datetime]:
    return ([] if slot is None else [slot.at]) + ([] if wish is None else [wish.at])


def _is_due(tick: _Tick, obligation: Obligation, person: Recipient, slot: Slot) -> bool:
    """Whether the slot that has come is this person's, not yet used, and still makes sense."""
    if (obligation.owed_from is not None and obligation.owed_from > slot.at) or (
        person.since is not None and person.since > slot.at
    ):
        return False
    if StepKey(obligation.key, obligation.falls_on, person.id, slot.step.code) in tick.recorded:
        return False
    return slot.step.days > 0 or tick.now < obligation.due_at(tick.zone)


def _latest_wish(tick: _Tick, due_on: date, wishes: Iterable[Snooze], slot: Slot | None) -> Snooze | None:
    """The latest wish that has come and is neither used up nor overtaken by a regular step; future ones are noted."""
    latest: Snooze | None = None
    for wish in wishes:
        if wish.due_on != due_on:
            continue
        if wish.at > tick.now:
            tick.wakeups.add(wish.at)
        elif latest is None or wish.at > latest.at:
            latest = wish
    if latest is None or (slot is not None and slot.at > latest.at):
        return None
    key = StepKey(latest.obligation, due_on, latest.recipient, Step(0, latest.at).code)
    return None if key in tick.recorded else latest


def _withheld(person: Recipient, due_at: datetime, now: datetime) -> SkipReason | None:
    if person.muted_until is not None and due_at < person.muted_until:
        return SkipReason.MUTED
    return None if person.is_tried(now) else SkipReason.UNREACHABLE


def _pressing(item: Item) -> tuple[int, date, str]:
    urgency = _LAST_CALL if item.is_last_call else _BEFORE if item.days_left >= 0 else _OVERDUE
    return urgency, item.obligation.falls_on, item.obligation.key


def _message(tick: _Tick, person: Recipient, candidates: list[_Candidate]) -> Reminder:
    items = sorted((candidate.item for candidate in candidates), key=_pressing)
    latest = max(items, key=lambda item: (item.step.days, item.step.snoozed_to is None))
    return Reminder(
        person.id,
        tuple(items),
        latest.step,
        min(_pressing(item)[0] for item in items),
        any(item.is_last_call for item in items),
        max(candidate.ready_at for candidate in candidates).astimezone(tick.now.tzinfo),
    )


def _digests(
    tick: _Tick,
    escalated: Mapping[tuple[int, str], list[Obligation]],
    expected: Mapping[tuple[int, str], int],
    people: Mapping[int, Recipient],
) -> tuple[list[Digest], list[Skip]]:
    digests: list[Digest] = []
    skipped: list[Skip] = []
    for (supervisor, group), obligations in escalated.items():
        person = people.get(supervisor)
        if person is None:
            continue
        keys: dict[StepKey, tuple[Slot, datetime]] = {}
        overdue: list[Obligation] = []
        for obligation in obligations:
            after = tuple(days for days in obligation.steps if days > 0)
            position = tick.position(obligation.falls_on, obligation.due_time, after, person.remind_at)
            if tick.now < obligation.due_at(tick.zone):
                continue
            slot = position.current
            overdue.append(obligation)
            if not obligation.is_asked(tick.today):
                continue  # its unit is no more: named beside the others, no reason to write
            if slot is None or (obligation.owed_from is not None and obligation.owed_from > slot.at):
                continue
            key = StepKey(f"digest:{group}", obligation.falls_on, supervisor, slot.step.code)
            if key in keys or key in tick.recorded or (person.since is not None and person.since > slot.at):
                continue
            ready_at = tick.ready_at(slot, position, person.remind_at)
            if ready_at is not None:
                keys[key] = (slot, ready_at)
        if not keys:
            continue
        ready_at = max(ready for _, ready in keys.values())
        withheld = _withheld(person, max(slot.at for slot, _ in keys.values()), tick.now)
        if withheld is not None:
            skipped.extend(Skip(key, withheld, overdue[0].unit_id) for key in keys)
        elif tick.may_send(person, min(ready for _, ready in keys.values())):
            missing = tuple(sorted(overdue, key=lambda obligation: (order_key(obligation.unit_name), obligation.key)))
            latest = max((slot.step for slot, _ in keys.values()), key=lambda step: step.days)
            scheduled_at = ready_at.astimezone(tick.now.tzinfo)
            total = expected[supervisor, group]
            title = missing[0].title
            digests.append(Digest(supervisor, group, title, missing, total, latest, tuple(keys), scheduled_at))
    digests.sort(key=lambda digest: (digest.supervisor, digest.group))
    return digests, skipped


class SnoozeChoice(StrEnum):
    """What the button "Nhắc lại sau" offers."""

    THIS_AFTERNOON = "this_afternoon"
    TOMORROW = "tomorrow"


def snooze_times(
    now: datetime, person: Recipient, quiet: QuietHours | None = None, zone: ZoneInfo = VIETNAM
) -> dict[SnoozeChoice, datetime]:
    """The moments that can be offered at `now`: 14:00 today while that is half an hour off, tomorrow at their hour."""
    local = now.astimezone(zone)
    hours = quiet or QuietHours()
    afternoon = datetime.combine(local.date(), hours.hour(time(14)), zone)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), hours.hour(person.remind_at), zone)
    offered = {SnoozeChoice.THIS_AFTERNOON: afternoon} if afternoon - local >= timedelta(minutes=30) else {}
    return offered | {SnoozeChoice.TOMORROW: tomorrow}
