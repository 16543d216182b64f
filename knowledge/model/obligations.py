"""Plain values of what is owed, by whom, until when, and what was decided about reminding them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from knowledge.model.owing import exists_on
from knowledge.model.periods import Period

# Days from the due date at which someone is reminded: before it, on its morning, and after it while overdue.
DEFAULT_STEPS = (-7, -3, -1, 0, 1, 3, 7)
DEFAULT_HOUR = time(8, 30)
BUSY_FOR = timedelta(minutes=10)
"""Whoever wrote to the bot is not interrupted for so long."""
TRIED_AGAIN_AFTER = timedelta(hours=20)
"""After a refusal nobody is written to unasked for so long: a day, less the hours by which reminders differ."""


class ObligationKind(StrEnum):
    """Where an obligation comes from: a form's period, a plan in force, or a date someone set by hand."""

    FORM = "form"
    PLAN = "plan"
    DEADLINE = "deadline"


class StepKey(NamedTuple):
    """The natural key of one reminder; for a supervisor's digest `obligation` is `digest:` and the group."""

    obligation: str
    due_on: date
    recipient: int
    step: str

    @property
    def code(self) -> str:
        """The key as one line, unique in the database."""
        return f"{self.obligation}|{self.due_on.isoformat()}|{self.recipient}|{self.step}"


@dataclass(frozen=True, slots=True)
class Step:
    """One point at which someone is reminded: `days` from the due date, or a moment put off to by its reader."""

    days: int
    snoozed_to: datetime | None = None

    @property
    def code(self) -> str:
        """The stable text: `-7`, `0`, `+3`, or `z` and the moment in UTC."""
        if self.snoozed_to is not None:
            return f"z{self.snoozed_to.astimezone(ZoneInfo('UTC')):%Y%m%dT%H%M}"
        return f"{self.days:+}" if self.days else "0"


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that one unit owes by one date, as `knowledge.model.owing` says.

    `key` names unit, form and period (or unit, deadline and occurrence) and does not change when the date does;
    `group` is the same for every unit that owes the same thing, and is what a supervisor's digest is about.
    `due_on` is the date set, `extended_to` the one granted instead; `due_time` None means the end of the day.
    `officers` may submit it, `supervisors` hear when it is overdue. No step earlier than `owed_from` was ever due: the
    unit was registered, or the date set, at that moment. `title` is what stands in the form or was typed by whoever set
    the deadline.
    """

    key: str
    group: str
    kind: ObligationKind
    unit_id: int
    unit_name: str
    title: str
    due_on: date
    due_time: time | None = None
    extended_to: date | None = None
    form: str = ""
    period: Period | None = None
    officers: tuple[int, ...] = ()
    supervisors: tuple[int, ...] = ()
    steps: tuple[int, ...] = DEFAULT_STEPS
    owed_from: datetime | None = None
    submitted_at: datetime | None = None
    dissolved_on: date | None = None

    @property
    def falls_on(self) -> date:
        """The date that counts: the extended one where an extension was granted."""
        return self.extended_to or self.due_on

    def due_at(self, zone: ZoneInfo) -> datetime:
        """The first moment at which it is late."""
        if self.due_time is None:
            return datetime.combine(self.falls_on + timedelta(days=1), time(), zone)
        return datetime.combine(self.falls_on, self.due_time, zone)

    def is_asked(self, today: date) -> bool:
        """Whether its unit is still asked for it: it has not submitted it, and exists today."""
        return self.submitted_at is None and exists_on(today, self.dissolved_on)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person and how they want to be reminded.

    `since` is when they joined (no earlier step is theirs), `last_wrote_at` their last message to the bot; who blocked
    the bot is not `reachable`, and `refused_at` is when that was last seen.
    """

    id: int
    remind_at: time = DEFAULT_HOUR
    muted_until: datetime | None = None
    last_wrote_at: datetime | None = None
    since: datetime | None = None
    reachable: bool = True
    refused_at: datetime | None = None

    def is_tried(self, now: datetime) -> bool:
        """Whether it is worth writing to them: a refusal holds for a day, and is then put to test."""
        return self.reachable or (self.refused_at is not None and now - self.refused_at >= TRIED_AGAIN_AFTER)

    def is_busy(self, now: datetime) -> bool:
        """Whether they are writing to the bot just now: they are not interrupted."""
        return self.last_wrote_at is not None and timedelta(0) <= now - self.last_wrote_at < BUSY_FOR


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The hours in which nothing is sent unasked; `start` equal to `end` means none. Local time."""

    start: time = time(21)
    end: time = time(7)

    def covers(self, moment: time) -> bool:
        """Whether that time of day is quiet."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end

    def hour(self, wanted: time) -> time:
        """The wanted time of day, or the end of the quiet hours where it lies in them."""
        return self.end if self.covers(wanted) else wanted

    def next_allowed(self, local: datetime) -> datetime:
        """That local moment, or the next minute at which something may be sent."""
        if not self.covers(local.time()):
            return local
        ends = datetime.combine(local.date(), self.end, local.tzinfo)
        return ends if ends > local else ends + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Snooze:
    """A reader's wish to hear of an obligation again at a moment of their choice."""

    obligation: str
    due_on: date
    recipient: int
    at: datetime


class SkipReason(StrEnum):
    """Why a reminder that fell due is not sent, and shown to the supervisor instead."""

    MUTED = "muted"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Skip:
    """A reminder that fell due and is not sent; to be recorded so that it does not come later."""

    key: StepKey
    reason: SkipReason
    unit_id: int


@dataclass(frozen=True, slots=True)
class Item:
    """One obligation inside a message.

    `keys` are to be recorded with the message. `days_left` counts from today and is negative when overdue.
    `is_last_call` tells that no further step comes before the deadline. `is_late` tells that the step's own day has
    passed, as after an outage.
    """

    obligation: Obligation
    step: Step
    keys: tuple[StepKey, ...]
    days_left: int
    is_last_call: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """One message to one person, naming everything due to them this morning, the most pressing first.

    `step` is the latest among the items and words the message. `urgency`: 0 the last call before a deadline, 1 before
    it, 2 overdue.
    """

    recipient: int
    items: tuple[Item, ...]
    step: Step
    urgency: int
    is_last_call: bool
    scheduled_at: datetime

    @property
    def keys(self) -> tuple[StepKey, ...]:
        """Every key that this message uses up."""
        return tuple(key for item in self.items for key in item.keys)


@dataclass(frozen=True, slots=True)
class Digest:
    """One message to one supervisor: who below still owes one thing past its date.

    `expected` counts the obligations of the group below this supervisor that were handed in, submitted ones included.
    Some of the missing are no longer asked, as their units were dissolved after the due date; never all of them.
    Urgency 3: after every reminder.
    """

    supervisor: int
    group: str
    title: str
    missing: tuple[Obligation, ...]
    expected: int
    step: Step
    keys: tuple[StepKey, ...]
    scheduled_at: datetime
    urgency: int = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be said now, to whom, what is withheld, and when there is something to decide again."""

    reminders: tuple[Reminder, ...] = ()
    digests: tuple[Digest, ...] = ()
    skipped: tuple[Skip, ...] = ()
    next_wakeup: datetime | None = field(default=None, compare=False)
