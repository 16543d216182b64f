"""Reminders: who may be due one, the steps that were decided, wishes, hours and mutes.

Whether something is owed is never kept here: it is read from units, roles, reports and extensions at the moment of the
question. What is kept is each step that was decided, once for ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, delete, exists, func, literal, not_, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.model.obligations import DEFAULT_HOUR, Recipient, Skip, SkipReason, Snooze, StepKey
from knowledge.model.units import UnitKind
from storage.mail import Kind
from storage.messages import MessageState
from storage.schema import (
    chats,
    drafts,
    duties_done,
    outbox,
    people,
    reminder_preferences,
    reminder_steps,
    reminder_wishes,
    requests,
    roles,
    submissions,
    units,
)
from storage.units import below, path_ids

NOTHING = "none"  # why a step was decided without a message: nobody below owed anything
STEPS_KEPT_FOR = timedelta(days=400)
WISHES_KEPT_FOR = timedelta(days=60)
DIGEST = "digest:"
_AT_ONCE = 500

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the tree: a unit and all below it (by path), parts further down excepted."""

    path: str
    excepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """Which units something concerns: those that meet every condition given.

    Attributes:
        parts: parts of the tree; empty for all of it.
        kinds: kinds of unit.
        parent_id: only the units right below this one.
        without_id: all but this unit.
        registered_by: those registered on that day at the latest, and not dissolved by then.
    """

    parts: tuple[Part, ...] = ()
    kinds: frozenset[UnitKind] | None = None
    parent_id: int | None = None
    without_id: int | None = None
    registered_by: date | None = None

    def covers(self, unit: Post | Owing) -> bool:
        """Whether it concerns this unit, its end aside."""
        if self.kinds is not None and unit.unit_kind not in self.kinds:
            return False
        if self.parent_id is not None and unit.parent_id != self.parent_id:
            return False
        if self.without_id is not None and unit.unit_id == self.without_id:
            return False
        if self.registered_by is not None and (
            unit.registered_on > self.registered_by
            or (unit.dissolved_on is not None and unit.dissolved_on <= self.registered_by)
        ):
            return False
        return not self.parts or any(
            unit.path.startswith(part.path) and not unit.path.startswith(part.excepted) for part in self.parts
        )

    @property
    def root_ids(self) -> tuple[int, ...]:
        """The units under one of which everything lies; empty where that is not so."""
        if self.parent_id is not None:
            return (self.parent_id,)
        return tuple(path_ids(part.path)[-1] for part in self.parts)


@dataclass(frozen=True, slots=True)
class About:
    """What is owed: a form's period, or (without a form) a duty that is marked as done under its group."""

    group: str
    form: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Come:
    """A step that has come for everyone who is reminded at one of these hours, at `at` at the latest."""

    step: str
    hours: tuple[time, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Post:
    """An officer at a unit: whoever may submit for it."""

    person_id: int
    granted_at: datetime
    unit_id: int
    unit_name: str
    unit_kind: UnitKind
    parent_id: int | None
    path: str
    registered_on: date
    dissolved_on: date | None


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who can be written to, and how they want to be reminded."""

    person_id: int
    chat_id: int
    name: str
    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A supervisor of a unit who has joined."""

    person_id: int
    unit_id: int
    path: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class Owing:
    """A unit that something concerns, and whether it has done it; `extended_to` is the date granted instead."""

    unit_id: int
    unit_name: str
    unit_kind: UnitKind
    parent_id: int | None
    path: str
    registered_on: date
    dissolved_on: date | None
    done_at: datetime | None
    extended_to: date | None


@dataclass(frozen=True, slots=True)
class Extension:
    """A later date granted to a unit, and when."""

    due_on: date
    granted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step that was decided. `message_key` is its message's in the outbox, `skipped` why there is none."""

    id: int
    group: str
    unit_id: int
    due_on: date
    recipient: int
    step: str
    message_key: str | None
    skipped: str | None
    decided_at: datetime

    @property
    def key(self) -> StepKey:
        """Its natural key."""
        return StepKey(join_key(self.group, self.unit_id), self.due_on, self.recipient, self.step)


@dataclass(frozen=True, slots=True)
class Preferences:
    """When somebody is reminded (local time of day), and until when not at all."""

    remind_at: time = DEFAULT_HOUR
    muted_until: datetime | None = None


def join_key(group: str, unit_id: int) -> str:
    """The key of an obligation; a digest has no unit (0)."""
    return group if unit_id == 0 else f"{group}:{unit_id}"


def split_key(obligation: str) -> tuple[str, int]:
    """Group and unit of an obligation's key."""
    if obligation.startswith(DIGEST):
        return obligation, 0
    group, _, unit_id = obligation.rpartition(":")
    return group, int(unit_id)


def _chunks(values: Collection[Value]) -> Iterator[list[Value]]:
    every = list(values)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def _insert(db: AsyncConnection, table: Any) -> Any:
    return sqlite.insert(table) if db.dialect.name == "sqlite" else postgresql.insert(table)


def _hour(value: str) -> time:
    return time.fromisoformat(value)


# --- Who may be due a reminder ---------------------------------------------------------------------------------------


def _in_scope(scope: Scope, today: date) -> list[ColumnElement[bool]]:
    last = max(today, scope.registered_by) if scope.registered_by is not None else today
    conditions: list[ColumnElement[bool]] = [or_(units.c.dissolved_on.is_(None), units.c.dissolved_on > last)]
    if scope.kinds is not None:
        conditions.append(units.c.kind.in_(sorted(kind.value for kind in scope.kinds)))
    if scope.parent_id is not None:
        conditions.append(units.c.parent_id == scope.parent_id)
    if scope.without_id is not None:
        conditions.append(units.c.id != scope.without_id)
    if scope.registered_by is not None:
        conditions.append(units.c.registered_on <= scope.registered_by)
    if scope.parts:
        conditions.append(
            or_(*(and_(below(part.path), *(not_(below(path)) for path in part.excepted)) for part in scope.parts))
        )
    return conditions


def _done(about: About) -> Any:
    """When the unit of the row did it: a scalar subquery, NULL where it still owes it."""
    if about.form:
        return (
            select(submissions.c.first_sent_at)
            .where(
                submissions.c.form == about.form,
                submissions.c.period == about.period,
                submissions.c.unit_id == units.c.id,
                submissions.c.is_current,
                submissions.c.state == "sent",
            )
            .scalar_subquery()
        )
    return (
        select(duties_done.c.done_at)
        .where(duties_done.c.group_key == about.group, duties_done.c.unit_id == units.c.id)
        .scalar_subquery()
    )


def _extended(about: About) -> Any:
    """The date granted to the unit of the row, the latest of several; NULL where none was."""
    return (
        select(func.max(requests.c.new_due_on))
        .where(
            requests.c.form == about.form,
            requests.c.period == about.period,
            requests.c.unit_id == units.c.id,
            requests.c.kind == "extension",
            requests.c.state == "approved",
        )
        .scalar_subquery()
    )


async def find_officers_due(
    db: AsyncConnection, about: About, scope: Scope, come: Come, *, due_on: date, granted_on: date | None, today: date
) -> set[int]:
    """People for whom a step has come that was not decided yet, and whose unit still owes it.

    Args:
        due_on: the common date.
        granted_on: only units to which this later date was granted; None for those that keep the common one.
    """
    hour = func.coalesce(reminder_preferences.c.remind_at, f"{DEFAULT_HOUR:%H:%M}")
    query = (
        select(roles.c.person_id)
        .distinct()
        .select_from(units)
        .join(roles, roles.c.unit_id == units.c.id)
        .join(people, people.c.id == roles.c.person_id)
        .outerjoin(reminder_preferences, reminder_preferences.c.person_id == roles.c.person_id)
        .where(
            *_in_scope(scope, today),
            roles.c.role == "officer",
            roles.c.ended_at.is_(None),
            roles.c.granted_at <= come.at,
            people.c.telegram_id.is_not(None),
            hour.in_([f"{each:%H:%M}" for each in come.hours]),
            _done(about).is_(None),
            not_(
                exists().where(
                    reminder_steps.c.group_key == about.group,
                    reminder_steps.c.unit_id == units.c.id,
                    reminder_steps.c.due_on == (granted_on or due_on),
                    reminder_steps.c.recipient == roles.c.person_id,
                    reminder_steps.c.step == come.step,
                )
            ),
        )
    )
    if about.form:
        granted = _extended(about)
        query = query.where(granted == granted_on if granted_on else func.coalesce(granted, due_on) <= due_on)
    found: set[int] = set()
    async for some in (await db.stream_scalars(query)).partitions(_AT_ONCE):
        found.update(some)
    return found


async def list_hours(db: AsyncConnection) -> list[time]:
    """The times of day at which anybody is reminded."""
    rows = await db.execute(select(reminder_preferences.c.remind_at).distinct())
    return sorted({DEFAULT_HOUR, *(_hour(value) for value in rows.scalars())})


async def find_wishers(db: AsyncConnection, now: datetime, since: datetime) -> dict[int, date]:
    """People whose wish to be reminded came between `since` and `now` and was not decided yet; what it is about is due
    on that day at the latest."""
    rows = await db.execute(
        select(reminder_wishes.c.recipient, func.max(reminder_wishes.c.due_on))
        .group_by(reminder_wishes.c.recipient)
        .where(
            reminder_wishes.c.wished_at <= now,
            reminder_wishes.c.wished_at > since,
            not_(
                exists().where(
                    reminder_steps.c.group_key == reminder_wishes.c.group_key,
                    reminder_steps.c.unit_id == reminder_wishes.c.unit_id,
                    reminder_steps.c.due_on == reminder_wishes.c.due_on,
                    reminder_steps.c.recipient == reminder_wishes.c.recipient,
                    reminder_steps.c.step == reminder_wishes.c.step,
                )
            ),
        )
    )
    return {row[0]: row[1] for row in rows}


async def list_extended_dates(db: AsyncConnection, first: date, last: date) -> dict[tuple[str, str], set[date]]:
    """The dates granted instead of the common ones, by form and period."""
    rows = await db.execute(
        select(requests.c.form, requests.c.period, requests.c.new_due_on)
        .distinct()
        .where(
            requests.c.kind == "extension",
            requests.c.state == "approved",
            requests.c.new_due_on >= first,
            requests.c.new_due_on <= last,
        )
    )
    found: dict[tuple[str, str], set[date]] = {}
    for form, period, day in rows:
        found.setdefault((form, period), set()).add(day)
    return found


async def list_plan_places(db: AsyncConnection) -> list[tuple[str, str]]:
    """Where in the tree plans govern: path and plan of every unit that has one of its own."""
    rows = await db.execute(select(units.c.path, units.c.plan).where(units.c.plan != "").order_by(units.c.path))
    return [(path, plan) for path, plan in rows]


# --- What stands about some people -----------------------------------------------------------------------------------


async def list_readers(db: AsyncConnection, person_ids: Collection[int]) -> dict[int, Reader]:
    """Those of these people who can be written to."""
    found: dict[int, Reader] = {}
    for some in _chunks(sorted(set(person_ids))):
        rows = await db.execute(
            select(
                people.c.id,
                people.c.telegram_id,
                people.c.name,
                reminder_preferences.c.remind_at,
                reminder_preferences.c.muted_until,
                chats.c.heard_at,
                chats.c.unreachable_at,
            )
            .outerjoin(reminder_preferences, reminder_preferences.c.person_id == people.c.id)
            .outerjoin(chats, chats.c.chat_id == people.c.telegram_id)
            .where(people.c.id.in_(some), people.c.telegram_id.is_not(None))
        )
        for row in rows:
            recipient = Recipient(
                row.id,
                _hour(row.remind_at) if row.remind_at else DEFAULT_HOUR,
                row.muted_until,
                row.heard_at,
                reachable=row.unreachable_at is None,
            )
            found[row.id] = Reader(row.id, row.telegram_id, row.name, recipient)
    return found


_UNIT = (
    units.c.id,
    units.c.name,
    units.c.kind,
    units.c.parent_id,
    units.c.path,
    units.c.registered_on,
    units.c.dissolved_on,
)


async def list_posts(db: AsyncConnection, person_ids: Collection[int]) -> list[Post]:
    """The units for which these people may submit."""
    return await _list_posts(db, roles.c.person_id, person_ids)


async def list_posts_at(db: AsyncConnection, unit_ids: Collection[int]) -> list[Post]:
    """The officers of these units who have joined."""
    return await _list_posts(db, roles.c.unit_id, unit_ids)


async def _list_posts(db: AsyncConnection, column: Any, ids: Collection[int]) -> list[Post]:
    found: list[Post] = []
    for some in _chunks(sorted(set(ids))):
        rows = await db.execute(
            select(roles.c.person_id, roles.c.granted_at, *_UNIT)
            .join(units, units.c.id == roles.c.unit_id)
            .join(people, people.c.id == roles.c.person_id)
            .where(
                column.in_(some),
                roles.c.role == "officer",
                roles.c.ended_at.is_(None),
                people.c.telegram_id.is_not(None),
            )
            .order_by(roles.c.id)
        )
        found += [Post(*row[:4], UnitKind(row[4]), *row[5:]) for row in rows]
    return found


async def list_sent(
    db: AsyncConnection, reports: Collection[tuple[str, str]], unit_ids: Collection[int]
) -> dict[tuple[str, str, int], datetime]:
    """When these units sent these reports (form and period); those still owed or sent back are left out."""
    found: dict[tuple[str, str, int], datetime] = {}
    for form, period in sorted(set(reports)):
        for some in _chunks(sorted(set(unit_ids))):
            rows = await db.execute(
                select(submissions.c.unit_id, submissions.c.first_sent_at).where(
                    submissions.c.form == form,
                    submissions.c.period == period,
                    submissions.c.unit_id.in_(some),
                    submissions.c.is_current,
                    submissions.c.state == "sent",
                )
            )
            found |= {(form, period, unit_id): sent_at for unit_id, sent_at in rows}
    return found


async def list_extensions(
    db: AsyncConnection, reports: Collection[tuple[str, str]], unit_ids: Collection[int]
) -> dict[tuple[str, str, int], Extension]:
    """The dates granted to these units for these reports, the latest of several each."""
    found: dict[tuple[str, str, int], Extension] = {}
    if not reports:
        return found
    for some in _chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(requests.c.form, requests.c.period, requests.c.unit_id, requests.c.new_due_on, requests.c.decided_at)
            .where(
                tuple_(requests.c.form, requests.c.period).in_(sorted(set(reports))),
                requests.c.unit_id.in_(some),
                requests.c.kind == "extension",
                requests.c.state == "approved",
                requests.c.new_due_on.is_not(None),
            )
            .order_by(requests.c.new_due_on, requests.c.id.desc())
        )
        found |= {(form, period, unit): Extension(due_on, at) for form, period, unit, due_on, at in rows}
    return found


async def list_done(
    db: AsyncConnection, groups: Collection[str], unit_ids: Collection[int]
) -> dict[tuple[str, int], datetime]:
    """Which of these units did which of these duties, and when."""
    found: dict[tuple[str, int], datetime] = {}
    if not groups:
        return found
    wanted = set(groups)
    for some in _chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(duties_done.c.group_key, duties_done.c.unit_id, duties_done.c.done_at).where(
                duties_done.c.unit_id.in_(some)
            )
        )
        found |= {(group, unit_id): at for group, unit_id, at in rows if group in wanted}
    return found


async def list_drafts(
    db: AsyncConnection, reports: Collection[tuple[str, str]], unit_ids: Collection[int]
) -> set[tuple[str, str, int]]:
    """Which of these units have begun and not sent one of these reports."""
    found: set[tuple[str, str, int]] = set()
    wanted = set(reports)
    if not wanted:
        return found
    for some in _chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(drafts.c.form, drafts.c.period, drafts.c.unit_id).where(drafts.c.unit_id.in_(some))
        )
        found |= {(form, period, unit_id) for form, period, unit_id in rows if (form, period) in wanted}
    return found


async def list_supervisors(db: AsyncConnection) -> list[Supervisor]:
    """Everyone who supervises a unit and has joined; admins stand in where nobody supervises at or above."""
    rows = await db.execute(
        select(roles.c.person_id, roles.c.unit_id, units.c.path, roles.c.granted_at, roles.c.role)
        .join(units, units.c.id == roles.c.unit_id)
        .join(people, people.c.id == roles.c.person_id)
        .where(
            roles.c.role.in_(("supervisor", "admin")),
            roles.c.ended_at.is_(None),
            people.c.telegram_id.is_not(None),
        )
        .order_by(roles.c.id)
    )
    found = [(Supervisor(*row[:4]), row.role == "supervisor") for row in rows]
    proper = [supervisor for supervisor, is_proper in found if is_proper]
    supervised = {supervisor.unit_id for supervisor in proper}
    return proper + [
        admin for admin, is_proper in found if not is_proper and supervised.isdisjoint(path_ids(admin.path))
    ]


async def list_owing(
    db: AsyncConnection, about: About, scope: Scope, *, within: str, without: Collection[str], today: date
) -> list[Owing]:
    """The units of a scope that lie at the path `within` but not at those of `without`, done or not, by name."""
    done = _done(about).label("done_at")
    extended = _extended(about).label("extended_to") if about.form else literal(None).label("extended_to")
    rows = await db.execute(
        select(*_UNIT, done, extended)
        .where(*_in_scope(scope, today), below(within))
        .order_by(units.c.folded, units.c.id)
    )
    others = {path_ids(path)[-1] for path in without}
    found = (Owing(row[0], row[1], UnitKind(row[2]), *row[3:]) for row in rows)
    return [unit for unit in found if others.isdisjoint(path_ids(unit.path))]


# --- Steps that were decided -----------------------------------------------------------------------------------------

_STEP = (
    reminder_steps.c.id,
    reminder_steps.c.group_key,
    reminder_steps.c.unit_id,
    reminder_steps.c.due_on,
    reminder_steps.c.recipient,
    reminder_steps.c.step,
    reminder_steps.c.message_key,
    reminder_steps.c.skipped,
    reminder_steps.c.decided_at,
)


async def list_recorded(db: AsyncConnection, recipients: Collection[int], since: datetime) -> set[StepKey]:
    """The keys of the steps decided for these people since a moment."""
    found: set[StepKey] = set()
    columns = (
        reminder_steps.c.group_key,
        reminder_steps.c.unit_id,
        reminder_steps.c.due_on,
        reminder_steps.c.recipient,
        reminder_steps.c.step,
    )
    for some in _chunks(sorted(set(recipients))):
        rows = await db.execute(
            select(*columns).where(reminder_steps.c.recipient.in_(some), reminder_steps.c.decided_at > since)
        )
        found |= {StepKey(join_key(group, unit), due_on, who, step) for group, unit, due_on, who, step in rows}
    return found


async def record_steps(
    db: AsyncConnection, sent: Mapping[StepKey, str], skipped: Iterable[tuple[StepKey, str]], now: datetime
) -> dict[StepKey, int]:
    """Record steps, each with its message's key or why there is none; returns those that nobody had recorded before.

    Two processes that decide the same at the same moment both call this; each step is given back to one of them only.
    """
    rows = [_step(key, now, message_key=message) for key, message in sent.items()]
    rows += [_step(key, now, skipped=why) for key, why in skipped]
    if not rows:
        return {}
    statement = (
        _insert(db, reminder_steps)
        .on_conflict_do_nothing()
        .returning(
            reminder_steps.c.id,
            reminder_steps.c.group_key,
            reminder_steps.c.unit_id,
            reminder_steps.c.due_on,
            reminder_steps.c.recipient,
            reminder_steps.c.step,
        )
    )
    rows.sort(key=lambda row: (row["recipient"], row["group_key"], row["unit_id"], row["due_on"], row["step"]))
    new = await db.execute(statement, rows)
    return {StepKey(join_key(group, unit), due_on, who, step): id_ for id_, group, unit, due_on, who, step in new}


def _step(key: StepKey, now: datetime, *, message_key: str | None = None, skipped: str | None = None) -> dict[str, Any]:
    group, unit_id = split_key(key.obligation)
    return {
        "group_key": group,
        "unit_id": unit_id,
        "due_on": key.due_on,
        "recipient": key.recipient,
        "step": key.step,
        "message_key": message_key,
        "skipped": skipped,
        "decided_at": now,
    }


async def find_step(db: AsyncConnection, step_id: int) -> Recorded | None:
    """The step of that id, for ids that somebody else sent."""
    if not 0 < step_id < 2**63:
        return None
    row = (await db.execute(select(*_STEP).where(reminder_steps.c.id == step_id))).first()
    return Recorded(*row) if row else None


async def find_steps(db: AsyncConnection, step_ids: Collection[int]) -> dict[int, Recorded]:
    """The steps of these ids."""
    found: dict[int, Recorded] = {}
    for some in _chunks(sorted(set(step_ids))):
        rows = await db.execute(select(*_STEP).where(reminder_steps.c.id.in_(some)))
        found |= {row.id: Recorded(*row) for row in rows}
    return found


async def list_steps_of(db: AsyncConnection, message_key: str) -> list[Recorded]:
    """Every step that one message carries."""
    rows = await db.execute(
        select(*_STEP).where(reminder_steps.c.message_key == message_key).order_by(reminder_steps.c.id)
    )
    return [Recorded(*row) for row in rows]


async def list_skipped(db: AsyncConnection, unit_ids: Collection[int], since: datetime) -> list[Skip]:
    """What was withheld from officers of these units, and why."""
    found: list[Skip] = []
    for some in _chunks(sorted(set(unit_ids))):
        rows = await db.execute(
            select(*_STEP).where(
                reminder_steps.c.unit_id.in_(some),
                reminder_steps.c.skipped.in_([reason.value for reason in SkipReason]),
                reminder_steps.c.decided_at > since,
            )
        )
        for row in rows:
            step = Recorded(*row)
            found.append(Skip(step.key, SkipReason(step.skipped or ""), step.unit_id))
    return found


async def list_leaving(db: AsyncConnection, most: int = 256) -> list[str]:
    """The bodies of reminders that are on their way at this moment."""
    ahead = (
        select(outbox.c.body, outbox.c.state, outbox.c.kind)
        .where(outbox.c.done_at.is_(None))
        .order_by(outbox.c.priority, outbox.c.id)
        .limit(most)
        .subquery()
    )
    rows = await db.execute(
        select(ahead.c.body).where(ahead.c.state == MessageState.SENDING.value, ahead.c.kind == Kind.REMINDER.value)
    )
    return list(rows.scalars())


async def purge(db: AsyncConnection, now: datetime) -> None:
    """Forget steps after a year, wishes after two months."""
    await db.execute(delete(reminder_steps).where(reminder_steps.c.decided_at < now - STEPS_KEPT_FOR))
    await db.execute(delete(reminder_wishes).where(reminder_wishes.c.wished_at < now - WISHES_KEPT_FOR))


# --- Wishes and preferences ------------------------------------------------------------------------------------------


async def add_wishes(
    db: AsyncConnection, wishes: Iterable[tuple[Snooze, str]], now: datetime, *, asked_by: int | None = None
) -> int:
    """Keep wishes to be reminded, each with its step's code; returns how many are new."""
    rows = []
    for wish, step in wishes:
        group, unit_id = split_key(wish.obligation)
        rows.append(
            {
                "group_key": group,
                "unit_id": unit_id,
                "due_on": wish.due_on,
                "recipient": wish.recipient,
                "step": step,
                "wished_at": wish.at,
                "asked_by": asked_by,
                "made_at": now,
            }
        )
    if not rows:
        return 0
    statement = _insert(db, reminder_wishes).on_conflict_do_nothing().returning(reminder_wishes.c.id)
    return len((await db.execute(statement, rows)).all())


async def list_wishes(db: AsyncConnection, recipients: Collection[int], since: datetime) -> dict[Snooze, int | None]:
    """The wishes of these people that came or come after `since`, with who asked for them."""
    found: dict[Snooze, int | None] = {}
    for some in _chunks(sorted(set(recipients))):
        rows = await db.execute(
            select(
                reminder_wishes.c.group_key,
                reminder_wishes.c.unit_id,
                reminder_wishes.c.due_on,
                reminder_wishes.c.recipient,
                reminder_wishes.c.wished_at,
                reminder_wishes.c.asked_by,
            ).where(reminder_wishes.c.recipient.in_(some), reminder_wishes.c.wished_at > since)
        )
        for group, unit, due_on, recipient, at, asked_by in rows:
            found[Snooze(join_key(group, unit), due_on, recipient, at)] = asked_by
    return found


async def get_preferences(db: AsyncConnection, person_id: int) -> Preferences:
    """Somebody's hour and mute; the usual where they set none."""
    row = (
        await db.execute(
            select(reminder_preferences.c.remind_at, reminder_preferences.c.muted_until).where(
                reminder_preferences.c.person_id == person_id
            )
        )
    ).first()
    return Preferences(_hour(row.remind_at), row.muted_until) if row else Preferences()


async def keep_preferences(db: AsyncConnection, person_id: int, kept: Preferences, now: datetime) -> None:
    """Set somebody's hour and mute."""
    new = _insert(db, reminder_preferences).values(
        person_id=person_id,
        remind_at=f"{kept.remind_at:%H:%M}",
        muted_until=kept.muted_until,
        changed_at=now,
    )
    await db.execute(
        new.on_conflict_do_update(
            index_elements=["person_id"],
            set_={
                "remind_at": new.excluded.remind_at,
                "muted_until": new.excluded.muted_until,
                "changed_at": new.excluded.changed_at,
            },
        )
    )


async def list_muted_below(
    db: AsyncConnection, paths: Collection[str], now: datetime
) -> list[tuple[Post, str, datetime]]:
    """Officers at these paths or below who want no reminders now: the post, the name, until when."""
    if not paths:
        return []
    rows = await db.execute(
        select(
            roles.c.person_id,
            roles.c.granted_at,
            *_UNIT,
            people.c.name.label("person"),
            reminder_preferences.c.muted_until,
        )
        .join(units, units.c.id == roles.c.unit_id)
        .join(people, people.c.id == roles.c.person_id)
        .join(reminder_preferences, reminder_preferences.c.person_id == roles.c.person_id)
        .where(
            or_(*(below(path) for path in paths)),
            roles.c.role == "officer",
            roles.c.ended_at.is_(None),
            people.c.telegram_id.is_not(None),
            reminder_preferences.c.muted_until > now,
        )
        .order_by(units.c.folded, roles.c.id)
    )
    return [(Post(*row[:4], UnitKind(row[4]), *row[5:9]), row.person, row.muted_until) for row in rows]


async def list_unreachable_below(db: AsyncConnection, paths: Collection[str]) -> list[tuple[str, str]]:
    """Officers at these paths or below whom Telegram does not let us reach: name and unit."""
    if not paths:
        return []
    rows = await db.execute(
        select(people.c.name, units.c.name)
        .select_from(roles)
        .join(units, units.c.id == roles.c.unit_id)
        .join(people, people.c.id == roles.c.person_id)
        .join(chats, chats.c.chat_id == people.c.telegram_id)
        .where(
            or_(*(below(path) for path in paths)),
            roles.c.role == "officer",
            roles.c.ended_at.is_(None),
            chats.c.unreachable_at.is_not(None),
        )
        .order_by(units.c.folded, roles.c.id)
    )
    return [(name, unit) for name, unit in rows]


async def forget_person(db: AsyncConnection, person_id: int) -> None:
    """Remove somebody's hour, mute and wishes."""
    await db.execute(delete(reminder_preferences).where(reminder_preferences.c.person_id == person_id))
    await db.execute(delete(reminder_wishes).where(reminder_wishes.c.recipient == person_id))
