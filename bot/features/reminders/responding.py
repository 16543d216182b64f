"""What people do about a reminder they were sent: done, later, into the calendar, everyone missing reminded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access import Right
from bot.features.reminders.digests import DigestContent, read_digest
from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services.campaigns import is_closed
from bot.services.duties import Duty, find_duties, read_report_key
from bot.services.nudging import Nudged, nudge
from bot.services.officer_records import read_officer_records
from knowledge.calendar import ics
from knowledge.model.obligations import Obligation, ObligationKind, Snooze, Step
from knowledge.model.periods import Period
from knowledge.reminders import SnoozeChoice, snooze_times
from storage import deadlines, reminder_recipients, reminders
from storage.reminders import DecidedStep


@dataclass(frozen=True, slots=True)
class SentObligation:
    """Something that a reminder is about, as it stands now, with the id of its step."""

    step_id: int
    obligation: Obligation


@dataclass(frozen=True, slots=True)
class SentReminder:
    """A reminder that was sent to whoever asks: what one button of it is about, and all that is still theirs."""

    own: Obligation
    all: tuple[SentObligation, ...]

    @property
    def extendable(self) -> list[SentObligation]:
        """The reports in it that are not sent yet."""
        return [
            each for each in self.all if each.obligation.period is not None and each.obligation.submitted_at is None
        ]


@dataclass(frozen=True, slots=True)
class ClosedReport:
    """A unit's report in a campaign that was closed."""

    unit_id: int
    form: str
    period: Period


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """Dates for the phone's calendar, and what they are of."""

    content: bytes
    obligations: tuple[Obligation, ...]


@dataclass(frozen=True, slots=True)
class RemindedAll:
    """What came of reminding everyone whom a digest of a duty names; both None where nobody misses it any more."""

    duty: Duty
    nudged: Nudged | None = None
    digest: DigestContent | None = None


async def find_sent(asking: Asking, rules: Rules, step_id: int) -> SentReminder | None:
    """The reminder that a step went out with; None where it was another's, or what it is about is theirs no more."""
    step = await _find_step(asking, step_id)
    if step is None:
        return None
    about = await _list_message(asking, rules, step)
    key = reminders.join_key(step.group, step.unit_id)
    own = next((each.obligation for each in about if each.obligation.key == key), None)
    return SentReminder(own, about) if own is not None else None


async def find_closed_report(asking: Asking, step_id: int) -> ClosedReport | None:
    """The report that a step asked for until its campaign was closed; None where it asks for something else."""
    step = await _find_step(asking, step_id)
    key = read_report_key(step.group) if step is not None else None
    form = asking.forms.find(*key) if key is not None else None
    if step is None or key is None or form is None or not await is_closed(asking, form, key[1]):
        return None
    return ClosedReport(step.unit_id, *key)


async def _find_step(asking: Asking, step_id: int) -> DecidedStep | None:
    step = await reminders.find_step(asking.db, step_id) if asking.person_id is not None else None
    return step if step is not None and step.recipient == asking.person_id else None


async def _list_message(asking: Asking, rules: Rules, step: DecidedStep) -> tuple[SentObligation, ...]:
    """Everything of the message that a step went out with, which is still its reader's."""
    steps = await reminders.list_steps_of(asking.db, step.message_key) if step.message_key else [step]
    duties = await find_duties(asking.db, rules, {each.group for each in steps}, asking.now)
    records = await read_officer_records(asking.db, rules, duties.values(), [step.recipient], asking.now)
    owed = {each.key: each for each in records.of(step.recipient)}
    found: dict[str, SentObligation] = {}
    for each in steps:
        key = reminders.join_key(each.group, each.unit_id)
        if key in owed and key not in found:
            found[key] = SentObligation(each.id, owed[key])
    return tuple(found.values())


async def mark_done(asking: Asking, owed: Obligation) -> None:
    """Keep that a unit has done something that is no report; raises AccessDeniedError."""
    await asking.get_unit(Right.SUBMIT, owed.unit_id)
    await deadlines.mark_done(asking.db, owed.group, owed.unit_id, asking.now, by=asking.person_id)


async def mark_undone(asking: Asking, rules: Rules, unit_id: int, group: str) -> Obligation | None:
    """Take that back; what is owed again, None where that unit never owed it. Raises AccessDeniedError."""
    unit = await asking.get_unit(Right.SUBMIT, unit_id)
    duty = (await find_duties(asking.db, rules, {group}, asking.now)).get(group)
    if duty is None or duty.kind is ObligationKind.FORM or not duty.asked.includes(unit):
        return None
    await deadlines.mark_undone(asking.db, group, unit.id)
    return duty.obligation(unit.id, unit.name)


async def offer_snoozes(asking: Asking, rules: Rules) -> Mapping[SnoozeChoice, datetime] | None:
    """When somebody may be reminded again (local moments); None where they cannot be written to."""
    person_id = asking.person_id or 0
    addressee = (await reminder_recipients.list_readers(asking.db, [person_id])).get(person_id)
    return snooze_times(asking.now, addressee.recipient, rules.quiet, rules.zone) if addressee is not None else None


async def snooze(asking: Asking, rules: Rules, sent: SentReminder, choice: SnoozeChoice) -> datetime | None:
    """Remind somebody of a message once more; the local moment, None where that choice is gone."""
    at = (await offer_snoozes(asking, rules) or {}).get(choice)
    if at is None or asking.person_id is None:
        return None
    wishes = [
        (Snooze(owed.key, owed.falls_on, asking.person_id, at), Step(0, at).code)
        for owed in (each.obligation for each in sent.all)
        if owed.is_asked(asking.today)
    ]
    await reminders.add_wishes(asking.db, wishes, asking.now)
    return at


def make_calendar(asking: Asking, rules: Rules, obligations: Sequence[Obligation]) -> CalendarFile | None:
    """What is still asked, as a file for the phone's calendar; None where nothing is."""
    owed = tuple(each for each in obligations if each.is_asked(asking.today))
    return CalendarFile(ics.calendar_file(owed, now=asking.now, zone=rules.zone), owed) if owed else None


async def remind_all(asking: Asking, rules: Rules, step_id: int) -> RemindedAll | None:
    """Remind everyone whom a digest names; None where it was another's or is over. Raises AccessDeniedError."""
    step = await _find_step(asking, step_id)
    if step is None or asking.person_id is None:
        return None
    asking.require_anywhere(Right.SUPERVISE)
    group = step.group.removeprefix(reminders.DIGEST)
    duty = (await find_duties(asking.db, rules, {group}, asking.now)).get(group)
    if duty is None:
        return None
    found = await read_digest(asking.db, rules, duty, asking.person_id, asking.now, number=step.id)
    if found is None:
        return RemindedAll(duty)
    missing = [each.obligation for each in found.missing]
    nudged = await nudge(asking.db, rules, missing, asking.now, by=asking.person_id, duties=[duty])
    return RemindedAll(duty, nudged, found)
