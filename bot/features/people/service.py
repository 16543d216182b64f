"""Joining, inviting, ending roles, being forgotten; and who somebody is, for menus and answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import access
from bot.access import Asker, Right
from knowledge.phones import parse_phone
from storage import audit, invites, people, units
from storage.people import Person, Role, RoleName
from storage.units import Unit

MOST_DAYS = 90


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody has a role now. `invited_by` made the invitation; `is_new` is False where they held the role before."""

    person: Person
    unit: Unit
    role: RoleName
    invited_by: Person | None = None
    is_new: bool = True


class PhoneMatch(StrEnum):
    """What came of a shared phone number."""

    JOINED = "joined"
    ALREADY = "already"
    UNKNOWN = "unknown"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Service:
    """A role with the unit it is for."""

    unit: Unit
    role: RoleName


def right_to_give(role: RoleName) -> Right:
    """What one must be allowed to do for a unit to give that role there, or to take it away."""
    return Right.MANAGE if role is RoleName.ADMIN else Right.SUPERVISE


async def invite(
    db: AsyncConnection, asker: Asker, unit: Unit, role: RoleName, now: datetime, *, days: int = invites.DAYS
) -> str:
    """A one-time code for a role at a unit; it is shown once and not kept.

    Raises:
        AccessDeniedError: the asker may not give that role there, or the unit is dissolved.
    """
    access.require(asker, right_to_give(role), unit if unit.is_active(now.date()) else None)
    acting = await access.get_acting_id(db, asker, now)
    return await make_invite(db, unit, role, now, by=acting, days=days)


async def make_invite(
    db: AsyncConnection, unit: Unit, role: RoleName, now: datetime, *, by: int | None, days: int
) -> str:
    """The code itself, for whoever may give the role; `by` is None for the operator."""
    code = await invites.create(db, unit.id, role, now, created_by=by, lasts=timedelta(days=days))
    await audit.note(db, "invite.created", now, by=by, unit_id=unit.id, details={"role": role, "days": days})
    return code


async def join_by_code(db: AsyncConnection, who: access.Person, code: str, now: datetime) -> Joined | None:
    """Take the role that a code opens; None alike for every code that opens nothing, and after too many tries.

    The one who used a code may send it again.
    """
    before = await invites.find_used(db, code, who.telegram_id)
    found = before or await invites.redeem(db, code, who.telegram_id, now)
    unit = await units.find_unit_by_id(db, found.unit_id) if found else None
    if found is None or unit is None or not unit.is_active(now.date()):
        return None
    person = await people.ensure(db, who.telegram_id, who.name, now)
    if before is not None:
        held = {(role.unit_id, role.role) for role in await people.list_roles(db, person.id)}
        return Joined(person, unit, found.role, is_new=False) if (unit.id, found.role) in held else None
    is_new = await people.grant(db, person.id, unit.id, found.role, now, by=found.created_by)
    await audit.note(
        db,
        "role.granted",
        now,
        by=person.id,
        unit_id=unit.id,
        subject=f"person:{person.id}",
        details={"role": found.role, "invite": found.id},
    )
    inviter = await people.find_person(db, found.created_by) if found.created_by is not None else None
    return Joined(person, unit, found.role, inviter, is_new)


async def join_by_phone(
    db: AsyncConnection, who: access.Person, number: str, now: datetime
) -> tuple[PhoneMatch, list[Service]]:
    """Tie whoever proved to own a number to the officer of the roster who has it; what they serve then.

    Args:
        number: as Telegram gives it for the sender's own contact, with the country's code.
    """
    phone = parse_phone("+" + number.strip().lstrip("+"))
    roster = await people.find_by_phone(db, phone) if phone else None
    if roster is None:
        return PhoneMatch.UNKNOWN, []
    if roster.telegram_id == who.telegram_id:
        return PhoneMatch.ALREADY, await list_services(db, roster.id)
    if roster.telegram_id is not None:
        return PhoneMatch.TAKEN, []
    if not await people.list_roles(db, roster.id):
        return PhoneMatch.UNKNOWN, []
    known = await people.find_by_telegram(db, who.telegram_id)
    if known is None:
        await people.join(db, roster.id, who.telegram_id, now)
        if not roster.name:
            await people.change(db, roster.id, name=who.name)
        person_id = roster.id
    else:
        await people.merge(db, known.id, roster.id, now)
        person_id = known.id
    await audit.note(db, "person.joined", now, by=person_id, subject=f"person:{person_id}", details={"by": "phone"})
    return PhoneMatch.JOINED, await list_services(db, person_id)


async def list_services(db: AsyncConnection, person_id: int) -> list[Service]:
    """What somebody serves, the oldest role first."""
    roles = await people.list_roles(db, person_id)
    found = await units.get_units(db, [role.unit_id for role in roles])
    return [Service(found[role.unit_id], role.role) for role in roles]


async def list_staff(db: AsyncConnection, unit_id: int) -> list[tuple[Role, Person]]:
    """Who serves this very unit, the oldest role first."""
    roles = await people.list_roles_at(db, unit_id)
    found = await people.get_people(db, [role.person_id for role in roles])
    return [(role, found[role.person_id]) for role in roles]


async def end_role(
    db: AsyncConnection, asker: Asker, unit: Unit, person_id: int, role: RoleName, now: datetime
) -> Person | None:
    """Take a role away; whose it was, or None where it was not held (any more).

    The unused invitations that this person made open nothing after that, unless it was an officer's role.

    Raises:
        AccessDeniedError: the asker may not give or take that role there.
    """
    access.require(asker, right_to_give(role), unit)
    acting = await access.get_acting_id(db, asker, now)
    if not await people.end_role(db, person_id, unit.id, role, now, by=acting):
        return None
    if role is not RoleName.OFFICER:
        await invites.revoke_by_creator(db, person_id, now)
    await audit.note(
        db,
        "role.ended",
        now,
        by=acting,
        unit_id=unit.id,
        subject=f"person:{person_id}",
        details={"role": role},
    )
    return await people.get_person(db, person_id)


async def has_roster(db: AsyncConnection) -> bool:
    """Whether there are any units at all: without them nobody can join."""
    return bool(await units.list_children(db, None, most=1))


async def find_held_roles(db: AsyncConnection, person: access.Person) -> frozenset[RoleName]:
    """The kinds of role somebody has, each with those it includes: an admin's are all three."""
    asker = await access.find_asker(db, person)
    held = {each.role for each in asker.held}
    if asker.is_admin or RoleName.ADMIN in held:
        return frozenset(RoleName)
    if RoleName.SUPERVISOR in held:
        return frozenset({RoleName.SUPERVISOR, RoleName.OFFICER})
    return frozenset(held)


async def find_own_plan(db: AsyncConnection, person: access.Person) -> str | None:
    """The id of the plan that governs somebody's unit; with several units, that of their oldest role that has one."""
    asker = await access.find_asker(db, person)
    for held in asker.held:
        plan = await units.get_governing_plan(db, held.unit.id)
        if plan is not None:
            return plan
    return None


async def forget(db: AsyncConnection, telegram_id: int) -> None:
    """Remove who this account is; what was sent for a unit stays, without a name."""
    known = await people.find_by_telegram(db, telegram_id)
    await invites.forget_person(db, telegram_id)
    now = datetime.now(UTC)
    if await people.forget(db, telegram_id, now) and known is not None:
        await invites.revoke_by_creator(db, known.id, now)
