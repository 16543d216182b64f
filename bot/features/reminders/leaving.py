"""A last look as a reminder leaves: what is owed is read again, and only what still stands is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.features.reminders.digests import DigestContent, read_digest
from bot.road.turn import Later
from bot.rules import Rules
from bot.services.drafts import list_begun
from bot.services.duties import AHEAD, Duty, list_duties
from bot.services.officer_records import OfficerRecords, read_officer_records
from bot.services.progress import read_first
from bot.services.reminding import ReminderBody
from knowledge.model.forms import Figures, Form
from knowledge.model.obligations import BUSY_FOR, Item
from knowledge.model.periods import Period
from knowledge.reminders import WAITS_AT_MOST, decide_reminders
from knowledge.reports.sheet import total_rows
from knowledge.share_progress import ShareProgress
from storage import people, reminders, submissions
from storage.messages import Outgoing
from storage.reminder_recipients import Addressee
from storage.reminders import DecidedStep
from storage.submissions import Submission


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing still owed: with the number of its step, whether it was begun, and who asked for the reminder.

    `form` is what is to be filled in, `before` the figures of the period before; None where there are none.
    """

    item: Item
    number: int
    has_draft: bool = False
    form: Form | None = None
    before: Figures | None = None
    asked_by: str = ""

    @property
    def can_say_no_change(self) -> bool:
        """Whether **Không có biến động** makes sense."""
        return self.form is not None and bool(self.form.no_change)

    @property
    def can_tell_changes(self) -> bool:
        """Whether **Có thay đổi** does: every total follows from the period before."""
        return self.can_say_no_change and self.form is not None and total_rows(self.form, self.before) is not None


@dataclass(frozen=True, slots=True)
class ReminderContent:
    """A reminder as it stands when it leaves, the most pressing first.

    `shares` tell how far the units it is about are in the first goal that each was given.
    """

    items: tuple[DueItem, ...]
    is_late: bool
    shares: tuple[ShareProgress, ...] = ()


@dataclass(frozen=True)
class _Snapshot:
    """Everything about the messages that leave in one transaction."""

    duties: dict[str, Duty] = field(default_factory=dict)
    records: OfficerRecords = field(default_factory=lambda: OfficerRecords({}, {}, set(), {}))
    steps: dict[int, DecidedStep] = field(default_factory=dict)
    drafts: set[tuple[str, str, int]] = field(default_factory=set)
    before: dict[tuple[str, Period, int], Submission] = field(default_factory=dict)
    askers: dict[int, str] = field(default_factory=dict)
    shares: dict[int, ShareProgress] = field(default_factory=dict)


class LastCheck:
    """Reads what is owed again when messages leave: once for all that leave in one transaction.

    The transaction is remembered by itself, so what was read in it is never taken for a later one's.
    """

    def __init__(self) -> None:
        self._transaction: object = None
        self._known = _Snapshot()

    async def look(
        self, db: AsyncConnection, rules: Rules, outgoing: Outgoing, body: ReminderBody, now: datetime
    ) -> ReminderContent | DigestContent | Later | None:
        """The message as it is to leave now, when to look again, or None where nothing of it is owed any more."""
        local = now.astimezone(rules.zone)
        if rules.quiet.covers(local.time()):
            return Later(rules.quiet.next_allowed(local))
        transaction = db.sync_connection.get_transaction() if db.sync_connection else None
        if transaction is not self._transaction or body.steps[0] not in self._known.steps:
            self._known = await self._read(db, rules, body, now)
            self._transaction = transaction
        addressee = self._known.records.addressees.get(body.person)
        if addressee is None or addressee.chat_id != outgoing.chat_id:
            return None
        wrote_at = addressee.recipient.last_wrote_at
        if wrote_at is not None and wrote_at <= now:
            free_at = min(wrote_at + BUSY_FOR, body.at + WAITS_AT_MOST)
            if now < free_at:
                return Later(free_at)
        steps = [self._known.steps[each] for each in body.steps if each in self._known.steps]
        if not steps:
            return None
        if body.digest:
            duty = self._known.duties.get(body.digest)
            if duty is None:
                return None
            return await read_digest(db, rules, duty, body.person, now, number=steps[0].id)
        return self._reminder(rules, addressee, steps, now)

    def find_addressee(self, person_id: int) -> Addressee | None:
        """Whom a message that was looked at is for."""
        return self._known.records.addressees.get(person_id)

    async def _read(self, db: AsyncConnection, rules: Rules, own: ReminderBody, now: datetime) -> _Snapshot:
        """What is known of everyone whose reminder is in hand at this moment."""
        others = [ReminderBody.parse(body) for body in await reminders.list_leaving(db)]
        bodies = [own, *(body for body in others if body is not None)]
        steps = await reminders.find_steps(db, {step for body in bodies for step in body.steps})
        groups = {step.group.removeprefix(reminders.DIGEST) for step in steps.values()}
        today = rules.today(now)
        furthest = max([today + AHEAD, *(body.until for body in bodies if body.until is not None)])
        found = await list_duties(db, rules, today, ahead=furthest - today, only=groups)
        duties = [duty for duty in found if duty.group in groups]
        records = await read_officer_records(db, rules, duties, {body.person for body in bodies}, now)
        reports = [
            (each.form, each.period, each.unit_id)
            for owed in records.obligations.values()
            for each in owed
            if each.period is not None and each.submitted_at is None
        ]
        askers = await people.get_people(db, {by for by in records.wishes.values() if by is not None})
        return _Snapshot(
            {duty.group: duty for duty in duties},
            records,
            steps,
            await list_begun(db, rules.forms, {unit_id for _, _, unit_id in reports}),
            await submissions.list_before(db, reports),
            {person.id: person.name for person in askers.values()},
            await read_first(db, rules, {unit_id for _, _, unit_id in reports}, today),
        )

    def _reminder(
        self, rules: Rules, addressee: Addressee, steps: Sequence[DecidedStep], now: datetime
    ) -> ReminderContent | None:
        """Decided once more, as if these steps had not been recorded: only what still comes of them is said."""
        own = {step.key: step.id for step in steps}
        records, person_id = self._known.records, addressee.person_id
        wishes = {wish: by for wish, by in records.wishes.items() if wish.recipient == person_id}
        decision = decide_reminders(
            records.of(person_id),
            {person_id: replace(addressee.recipient, last_wrote_at=None)},
            {key for key in records.recorded if key.recipient == person_id} - own.keys(),
            now=now,
            working_days=rules.working_days,
            quiet=rules.quiet,
            snoozes=wishes,
            zone=rules.zone,
        )
        items = [item for reminder in decision.reminders for item in reminder.items if own.keys() & set(item.keys)]
        if not items:
            return None
        found = []
        for item in items:
            owed = item.obligation
            before = self._known.before.get((owed.form, owed.period, owed.unit_id)) if owed.period is not None else None
            asked_by = next(
                (by for wish, by in wishes.items() if wish.obligation == owed.key and wish.at == item.step.snoozed_to),
                None,
            )
            found.append(
                DueItem(
                    item,
                    next(own[key] for key in item.keys if key in own),
                    owed.period is not None and (owed.form, owed.period.code, owed.unit_id) in self._known.drafts,
                    rules.forms.find(owed.form, owed.period),
                    before.figures if before is not None else None,
                    self._known.askers.get(asked_by, "") if asked_by is not None else "",
                )
            )
        is_late = now >= min(item.obligation.due_at(rules.zone) for item in items)
        owing = dict.fromkeys(item.obligation.unit_id for item in items)
        shares = tuple(self._known.shares[each] for each in owing if each in self._known.shares)
        return ReminderContent(tuple(found), is_late, shares)
