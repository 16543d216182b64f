"""Joining, inviting, ending roles, being forgotten; and who somebody is, for menus, answers and /toi."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Asker, Held, Right
from bot.hands.asking import Asking
from bot.hands.feature import Viewer
from bot.words.calling import Called
from knowledge.phones import parse_phone
from storage import audit, invites, people, reminders, units
from storage.people import Person, Role, RoleName
from storage.units import Unit

MOST_SHOWN: Final = 3
"""Units of which /toi tells everything; more would not fit a phone."""


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody has a role now.

    `invited_by` made the invitation; `is_new` is False where they held the role before; `of_roster` where they were
    found on the unit's roster by their name.
    """

    person: Person
    unit: Unit
    role: RoleName
    invited_by: Person | None = None
    is_new: bool = True
    of_roster: bool = False


class PhoneMatch(StrEnum):
    """What came of a shared phone number."""

    JOINED = "joined"
    ALREADY = "already"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class FreshInvitation:
    """A one-time code that nobody used yet. `until` is local."""

    unit: Unit
    role: RoleName
    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class HeldRole:
    """Somebody's role at a unit."""

    unit: Unit
    person: Person
    role: RoleName


@dataclass(frozen=True, slots=True)
class ServedUnit:
    """A unit that somebody serves.

    Attributes:
        above: the unit right above it.
        roles: theirs there, the strongest first; `since` is the local day on which they got the first of them.
        colleagues: who else serves this very unit.
        supervisors: who supervises it from above, as far as their names are known.
    """

    unit: Unit
    above: Unit | None
    roles: tuple[RoleName, ...]
    since: date
    colleagues: tuple[tuple[Role, Person], ...]
    supervisors: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Who somebody is here.

    Attributes:
        person_id: their row among the people.
        served: the units they serve, at most `MOST_SHOWN`; `others` are the rest of their roles.
        remind_at: the local hour at which they are reminded.
        muted_until: the local moment until which they are not.
    """

    person_id: int
    served: tuple[ServedUnit, ...]
    others: tuple[Held, ...]
    remind_at: time
    muted_until: datetime | None


def right_to_give(role: RoleName) -> Right:
    """What one must be allowed to do for a unit to give that role there, or to take it away."""
    return Right.MANAGE if role is RoleName.ADMIN else Right.SUPERVISE


async def find_invitable(asking: Asking, unit_id: int) -> tuple[Unit, list[RoleName]]:
    """A unit, and the roles that the asker may give there.

    Raises:
        AccessDeniedError: they may give none.
    """
    unit = await asking.get_unit(Right.SUPERVISE, unit_id)
    return unit, [role for role in RoleName if asking.asker.may(right_to_give(role), unit)]


async def invite(asking: Asking, unit: Unit, role: RoleName) -> FreshInvitation:
    """A one-time code for a role at a unit; it is shown once and not kept.

    Raises:
        AccessDeniedError: the asker may not give that role there, or the unit is dissolved.
    """
    now = asking.now
    access.require(asking.asker, right_to_give(role), unit if unit.is_active(asking.today) else None)
    acting = await access.get_acting_id(asking.db, asking.asker, now)
    code = await make_invite(asking.db, unit, role, now, by=acting, days=invites.DAYS)
    return FreshInvitation(unit, role, code, (now + timedelta(days=invites.DAYS)).astimezone(asking.zone))


async def make_invite(
    db: AsyncConnection, unit: Unit, role: RoleName, now: datetime, *, by: int | None, days: int
) -> str:
    """The code itself, for whoever may give the role; `by` is None for the operator."""
    code = await invites.create(db, unit.id, role, now, created_by=by, lasts=timedelta(days=days))
    await audit.note(db, "invite.created", now, by=by, unit_id=unit.id, details={"role": role, "days": days})
    return code


async def join_by_phone(asking: Asking, number: str) -> tuple[PhoneMatch, tuple[Held, ...]]:
    """Tie whoever proved to own a number to the officer of the roster who has it; what they serve then.

    Of somebody who serves a unit already, a number that nobody has is the new one.

    Args:
        number: as Telegram gives it for the sender's own contact, with the country's code.
    """
    db, now, who = asking.db, asking.now, asking.asker
    phone = parse_phone("+" + number.strip().lstrip("+"))
    roster = await people.find_by_phone(db, phone) if phone else None
    if roster is None and phone and who.id is not None and who.held:
        await people.change(db, who.id, phone=phone)
        await audit.note(db, "person.phone_changed", now, by=who.id, subject=f"person:{who.id}")
        return PhoneMatch.CHANGED, who.held
    if roster is None:
        return PhoneMatch.UNKNOWN, ()
    if roster.telegram_id == who.telegram_id:
        return PhoneMatch.ALREADY, who.held
    if roster.telegram_id is not None:
        return PhoneMatch.TAKEN, ()
    if not await people.list_roles(db, roster.id):
        return PhoneMatch.UNKNOWN, ()
    if await become(asking, roster, by="phone") == roster.id and not roster.name:
        await people.change(db, roster.id, name=who.name)
    _, roles = await people.find_with_roles(db, who.telegram_id)
    return PhoneMatch.JOINED, tuple(Held(role.role, unit) for role, unit in roles)


async def become(asking: Asking, roster: Person, *, by: str) -> int:
    """Make the asker somebody of the roster who has not joined; who that is then. `by` tells how that was known."""
    db, now, who = asking.db, asking.now, asking.asker
    if who.id is None:
        await people.join(db, roster.id, who.telegram_id, now)
        person_id = roster.id
    else:
        await people.merge(db, who.id, roster.id, now)
        person_id = who.id
    await audit.note(db, "person.joined", now, by=person_id, subject=f"person:{person_id}", details={"by": by})
    return person_id


async def list_replaceable(asking: Asking, unit_id: int) -> tuple[Unit, list[HeldRole]]:
    """A unit, and the roles held there that the asker may take away.

    Raises:
        AccessDeniedError: they may take none.
    """
    unit = await asking.get_unit(Right.SUPERVISE, unit_id)
    return unit, [
        HeldRole(unit, person, held.role)
        for held, person in await people.list_staff(asking.db, unit.id)
        if asking.asker.may(right_to_give(held.role), unit)
    ]


async def find_role(asking: Asking, unit_id: int, person_id: int, role: RoleName) -> HeldRole | None:
    """Somebody's role at a unit; None where it is not held (any more).

    Raises:
        AccessDeniedError: the asker may not give or take that role there.
    """
    unit = await asking.get_unit(right_to_give(role), unit_id)
    staff = await people.list_staff(asking.db, unit.id)
    holder = next((who for held, who in staff if held.person_id == person_id and held.role is role), None)
    return HeldRole(unit, holder, role) if holder is not None else None


async def end_role(asking: Asking, held: HeldRole) -> bool:
    """Take a role away; False where it was not held (any more).

    The unused invitations that this person made open nothing after that, unless it was an officer's role.

    Raises:
        AccessDeniedError: the asker may not give or take that role there.
    """
    db, now, person_id = asking.db, asking.now, held.person.id
    access.require(asking.asker, right_to_give(held.role), held.unit)
    acting = await access.get_acting_id(db, asking.asker, now)
    if not await people.end_role(db, person_id, held.unit.id, held.role, now, by=acting):
        return False
    if held.role is not RoleName.OFFICER:
        await invites.revoke_by_creator(db, person_id, now)
    await audit.note(
        db,
        "role.ended",
        now,
        by=acting,
        unit_id=held.unit.id,
        subject=f"person:{person_id}",
        details={"role": held.role},
    )
    return True


async def has_roster(db: AsyncConnection) -> bool:
    """Whether there are any units at all: without them nobody can join."""
    return bool(await units.list_children(db, None, most=1))


def list_audiences(asker: Asker) -> frozenset[Viewer]:
    """Whose commands somebody sees: an admin's are everybody's, a supervisor's are an officer's too. Pure."""
    held = {each.role for each in asker.held}
    if asker.is_admin or RoleName.ADMIN in held:
        return frozenset(Viewer)
    if RoleName.SUPERVISOR in held:
        return frozenset({Viewer.EVERYONE, Viewer.SUPERVISOR, Viewer.OFFICER})
    return frozenset({Viewer.EVERYONE, *(Viewer(role.value) for role in held)})


async def find_own_plans(db: AsyncConnection, asker: Asker) -> tuple[str, ...]:
    """The ids of the plans that govern somebody's unit, the nearest level first.

    With several units, those of their oldest role that has one.
    """
    for held in asker.held:
        plans = await units.get_governing_plans(db, held.unit.id)
        if plans:
            return plans
    return ()


async def read_profile(asking: Asking) -> Profile | None:
    """Who somebody is here; None where they serve nothing."""
    person, roles = await people.find_with_roles(asking.db, asking.asker.telegram_id)
    if person is None or not roles:
        return None
    by_unit: dict[int, list[tuple[Role, Unit]]] = {}
    for role, unit in roles:
        by_unit.setdefault(unit.id, []).append((role, unit))
    told = list(by_unit.values())[:MOST_SHOWN]
    wanted = await reminders.get_preferences(asking.db, person.id)
    until = wanted.muted_until
    return Profile(
        person_id=person.id,
        served=tuple([await _read_served(asking, person, held) for held in told]),
        others=tuple(Held(role.role, unit) for held in list(by_unit.values())[MOST_SHOWN:] for role, unit in held),
        remind_at=wanted.remind_at,
        muted_until=until.astimezone(asking.zone) if until is not None and until > asking.now else None,
    )


async def keep_called(asking: Asking, called: Called) -> Asker:
    """Keep how the asker chose to be addressed; of whoever is not among the people nothing is kept."""
    if asking.person_id is not None:
        await people.keep_called(asking.db, asking.person_id, called.value)
    return replace(asking.asker, called=called.value)


async def _read_served(asking: Asking, person: Person, held: list[tuple[Role, Unit]]) -> ServedUnit:
    unit = held[0][1]
    strongest = list(RoleName)
    supervisors: list[Person] = []
    above = await units.find_unit_by_id(asking.db, unit.parent_id) if unit.parent_id is not None else None
    if above is not None:
        supervisors = await people.list_supervisors(asking.db, above.id)
    staff = await people.list_staff(asking.db, unit.id)
    return ServedUnit(
        unit=unit,
        above=above,
        roles=tuple(sorted({role.role for role, _ in held}, key=strongest.index, reverse=True)),
        since=min(role.granted_at for role, _ in held).astimezone(asking.zone).date(),
        colleagues=tuple((role, who) for role, who in staff if who.id != person.id),
        supervisors=tuple(who for who in supervisors if who.name and who.id != person.id),
    )


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Remove who this account is; what was sent for a unit stays, without a name."""
    known = await people.find_by_telegram(db, telegram_id)
    await invites.forget_person(db, telegram_id)
    now = datetime.now(UTC)
    if await people.forget(db, telegram_id, now) and known is not None:
        await invites.revoke_by_creator(db, known.id, now)
