"""Reminding at once, at a supervisor's wish: everyone who misses something, everyone of a deadline just set."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.rules import Rules
from bot.services.duties import LOOKED_UP, Duty, list_duties, occurrences_of
from bot.services.officer_records import read_officer_records
from bot.services.reminding import portions, write_reminders
from knowledge.model.obligations import Obligation, Snooze, Step
from storage import owing, reminder_recipients, reminders
from storage.deadlines import SetDeadline
from storage.joining import find_contacts
from storage.people import Person

NUDGED_AT_ONCE: Final = 200
"""Units at once; of more, some in each transaction."""
ASK_AGAIN_AFTER: Final = timedelta(hours=12)
"""A supervisor's "remind all" is passed on to each person once in that time."""


@dataclass(frozen=True, slots=True)
class SilentUnit:
    """A unit where nobody can be written to; not `has_officer` where none has joined. `contact` is whom to call."""

    unit_id: int
    name: str
    has_officer: bool
    contact: Person | None


@dataclass(frozen=True, slots=True)
class QuietOfficer:
    """Somebody who turned reminders off for a while, with a unit that misses something."""

    name: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Nudged:
    """What came of a supervisor's wish that everyone missing be reminded; counts of people, and of units.

    `muted` are those who turned reminders off, each once.
    `silent` are the units where nobody can be written to: those without an officer, and those out of reach;
    those first where somebody can be called. `leaves_at` is when it goes out (local), where quiet hours keep it from
    going at once; `waits_overnight` where that is tomorrow. `busy` of those reminded are writing to the bot just
    now and get it some minutes later.
    """

    reminded: int = 0
    muted: tuple[QuietOfficer, ...] = ()
    unreachable: int = 0
    again: int = 0
    without_officer: int = 0
    silent: tuple[SilentUnit, ...] = ()
    leaves_at: datetime | None = None
    waits_overnight: bool = False
    busy: int = 0


@dataclass(frozen=True, slots=True)
class Reachable:
    """Who answers for what a unit owes, and can be reminded of it; counts of people.

    Attributes:
        reached: those who can be written to; `muted` of them have turned reminders off, `lately` of them were reminded
            at a supervisor's wish in the last `ASK_AGAIN_AFTER`.
        wished_at: when that was wished last; None where nobody did.
        leaves_at: when it goes out (local), where quiet hours still keep it back.
    """

    reached: int = 0
    muted: int = 0
    lately: int = 0
    wished_at: datetime | None = None
    leaves_at: datetime | None = None

    @property
    def can_be_reminded(self) -> bool:
        """Whether a wish would reach anybody now."""
        return self.reached > self.muted + self.lately

    @property
    def is_muted(self) -> bool:
        """Whether all who can be written to have turned reminders off."""
        return bool(self.reached) and self.muted == self.reached


@dataclass(frozen=True, slots=True)
class LatelyNudged:
    """What a supervisor's wish has come to among units that miss something; ids of units.

    `at` is when it was wished last, `leaves_at` when it goes out (local) where quiet hours still keep it back.
    `reminded` are those where somebody was, `muted` those where all have turned reminders off, `silent` those where
    nobody can be written to.
    """

    at: datetime
    leaves_at: datetime | None
    reminded: frozenset[int]
    muted: frozenset[int]
    silent: frozenset[int]


def find_lately(reach: Mapping[int, Reachable]) -> LatelyNudged | None:
    """What was done lately about units of which this is known; None where nothing was. Pure."""
    asked = {unit: (each.wished_at, each.leaves_at) for unit, each in reach.items() if each.wished_at is not None}
    if not asked:
        return None
    last, leaves_at = max(asked.values(), key=lambda each: each[0])
    return LatelyNudged(
        last,
        leaves_at,
        frozenset(asked),
        frozenset(unit for unit, each in reach.items() if each.is_muted),
        frozenset(unit for unit, each in reach.items() if not each.reached),
    )


async def read_reach(
    db: AsyncConnection, rules: Rules, group: str, unit_ids: Collection[int], now: datetime, *, is_report: bool
) -> dict[int, Reachable]:
    """Who can be reminded of a duty at each of these units, and who was lately; `nudge` would do as it says."""
    posts = [post for post in await reminder_recipients.list_posts_at(db, unit_ids) if post.is_officer or is_report]
    readers = await reminder_recipients.list_readers(db, {post.person_id for post in posts})
    wished: dict[tuple[str, int], datetime] = {}
    for wish, asker in (await reminders.list_wishes(db, readers, now - ASK_AGAIN_AFTER)).items():
        if asker is not None:
            key = wish.obligation, wish.recipient
            wished[key] = max(wish.at, wished.get(key, wish.at))
    found = {}
    for unit_id in unit_ids:
        here = {post.person_id for post in posts if post.unit.id == unit_id}
        tried = [readers[each].recipient for each in here if each in readers and readers[each].recipient.is_tried(now)]
        muted = {who.id for who in tried if who.muted_until is not None and now < who.muted_until}
        asked = [wished.get((reminders.join_key(group, unit_id), who.id)) for who in tried if who.id not in muted]
        last = max((at for at in asked if at is not None), default=None)
        leaves_at = rules.quiet.next_allowed(last.astimezone(rules.zone)) if last is not None else None
        found[unit_id] = Reachable(
            len(tried),
            len(muted),
            sum(at is not None for at in asked),
            last,
            leaves_at if leaves_at is not None and leaves_at > now else None,
        )
    return found


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
    addressees = await reminder_recipients.list_readers(db, {post.person_id for post in posts})
    wished = await reminders.list_wishes(db, addressees, now - ASK_AGAIN_AFTER)
    lately = {(wish.obligation, wish.recipient) for wish, asker in wished.items() if asker is not None}
    muted: dict[int, QuietOfficer] = {}
    wishes, reached, unreachable, again = [], set(), set(), set()
    # A wish is for the moment at which it may be heard: one of the evening would be yesterday's in the morning, and
    # what is yesterday's waits for its reader's own hour.
    local = now.astimezone(rules.zone)
    allowed = rules.quiet.next_allowed(local)
    moment = allowed.astimezone(now.tzinfo).replace(second=0, microsecond=0)
    for owed in missing:
        for post in posts:
            if post.unit.id != owed.unit_id or not (post.is_officer or owed.form):
                continue
            who = addressees[post.person_id].recipient
            if not who.is_tried(now):
                unreachable.add(who.id)
            elif who.muted_until is not None and now < who.muted_until:
                muted.setdefault(who.id, QuietOfficer(addressees[post.person_id].name, owed.unit_name))
            elif (owed.key, who.id) in lately:
                again.add(who.id)
            else:
                wish = Snooze(owed.key, owed.falls_on, who.id, moment)
                wishes.append((wish, Step(0, moment).code))
                reached.add(who.id)
    await reminders.add_wishes(db, wishes, now, asked_by=by)
    if reached:
        known = await list_duties(db, rules, rules.today(now))
        known += [duty for duty in duties or () if duty.group not in {each.group for each in known}]
        for some in portions(sorted(reached)):
            await write_reminders(db, rules, await read_officer_records(db, rules, known, some, now), now)
    leaves_at = allowed if reached and allowed > local else None
    served = {post.unit.id for post in posts}
    within_reach = {post.unit.id for post in posts if post.person_id not in unreachable}
    silent = {each.unit_id: each.unit_name for each in missing if each.unit_id not in within_reach}
    contacts = await find_contacts(db, silent)
    return Nudged(
        len(reached),
        tuple(each for person, each in muted.items() if person not in reached),
        len(unreachable - reached),
        len(again - reached),
        len({each.unit_id for each in missing} - served),
        tuple(
            SilentUnit(unit, silent[unit], unit in served, contacts.get(unit))
            for unit in sorted(silent, key=lambda unit: unit not in contacts)
        ),
        leaves_at,
        leaves_at is not None and leaves_at.date() > local.date(),
        sum(addressees[each].recipient.is_busy(now) for each in reached) if leaves_at is None else 0,
    )


async def announce(
    db: AsyncConnection, rules: Rules, deadline: SetDeadline, now: datetime, *, by: int | None
) -> Nudged:
    """Tell everyone who owes a deadline set by hand of its next day, at once or after the quiet hours."""
    today = rules.today(now)
    duty = next(iter(occurrences_of(rules, deadline, today, today + LOOKED_UP)), None)
    if duty is None:
        return Nudged()
    found = await owing.list_owing(db, duty.key, duty.asked.still_asked(today), within=deadline.unit_path)
    missing = [duty.obligation(each.unit.id, each.unit.name) for each in found if each.done_at is None]
    return await nudge(db, rules, missing, now, by=by, duties=[duty])
