"""Handing over: a role to whoever comes after, or everything somebody is here to another account of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.access import Right
from bot.features.people.service import HeldRole, right_to_give
from bot.hands.asking import Asking
from storage import audit, invites, people, requests, units
from storage.invites import Invite, Passes
from storage.people import Person, RoleName
from storage.units import Unit

ACCOUNT_LASTS: Final = timedelta(days=1)
"""A code that opens everything somebody has is good for a shorter time than one for a role."""


@dataclass(frozen=True, slots=True)
class Passing:
    """A one-time code by which something is handed over: the role in `held`, or where None the whole account."""

    code: str
    until: datetime
    held: HeldRole | None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What was handed over, and who is told.

    Attributes:
        before: whoever had it, as they were; the same person with another account, where the account was handed over.
        above: the supervisors who are told.
        units: the units concerned.
    """

    passes: Passes
    before: Person
    after: Person
    units: tuple[Unit, ...]
    role: RoleName
    above: tuple[Person, ...]


async def find_passable(asking: Asking, unit_id: int, person_id: int, role: RoleName) -> HeldRole | None:
    """A role that the asker may hand over: their own, or one that they could give and take away.

    None where nobody holds it (any more).

    Raises:
        AccessDeniedError: it is neither.
    """
    is_own = person_id == asking.person_id
    unit = await asking.get_unit(Right.SEE if is_own else right_to_give(role), unit_id)
    staff = await people.list_staff(asking.db, unit.id)
    holder = next((who for held, who in staff if held.person_id == person_id and held.role is role), None)
    return HeldRole(unit, holder, role) if holder is not None and unit.is_active(asking.today) else None


async def pass_role(asking: Asking, held: HeldRole) -> Passing:
    """A code that moves this role to whoever uses it; the code made for it before opens nothing any more."""
    db, now = asking.db, asking.now
    about = (Passes.ROLE, held.person.id)
    await invites.revoke_passing(db, *about, now, at=(held.unit.id, held.role))
    code = await invites.create(db, held.unit.id, held.role, now, created_by=asking.person_id, passes=about)
    details = {"role": held.role, "from": held.person.id}
    await asking.note("role.passing", unit_id=held.unit.id, subject=f"person:{held.person.id}", details=details)
    return Passing(code, (now + timedelta(days=invites.DAYS)).astimezone(asking.zone), held)


async def pass_account(asking: Asking) -> Passing | None:
    """A code by which the asker goes on with another account; None where they serve nothing."""
    db, now, who = asking.db, asking.now, asking.asker
    if who.id is None or not who.held:
        return None
    first = who.held[0]
    about = (Passes.ACCOUNT, who.id)
    await invites.revoke_passing(db, *about, now)
    code = await invites.create(
        db, first.unit.id, first.role, now, created_by=who.id, lasts=ACCOUNT_LASTS, passes=about
    )
    await asking.note("account.passing", unit_id=first.unit.id, subject=f"person:{who.id}")
    return Passing(code, (now + ACCOUNT_LASTS).astimezone(asking.zone), None)


async def is_own(asking: Asking, code: str) -> bool:
    """Whether this code hands over what the asker has: it is for somebody else, and stays good."""
    return asking.person_id is not None and await invites.passes_from(asking.db, code, asking.person_id, asking.now)


async def can_take(asking: Asking, invite: Invite) -> bool:
    """Whether what a code hands over is still there to be taken."""
    assert invite.passes_from is not None
    held = await people.list_roles(asking.db, invite.passes_from)
    if invite.passes is Passes.ACCOUNT:
        return bool(held)
    return any(each.unit_id == invite.unit_id and each.role is invite.role for each in held)


async def take_role(asking: Asking, invite: Invite, unit: Unit, after: Person) -> HandedOver:
    """End the role of whoever handed it over, once the new one has it; open requests go along."""
    db, now = asking.db, asking.now
    assert invite.passes_from is not None
    before = await people.get_person(db, invite.passes_from)
    await people.end_role(db, before.id, unit.id, invite.role, now, by=after.id)
    if invite.role is not RoleName.OFFICER:
        await invites.revoke_by_creator(db, before.id, now)
    await requests.pass_open(db, unit.id, before.id, after.id)
    details = {"role": invite.role, "from": before.id, "invite": invite.id}
    await audit.note(
        db, "role.passed", now, by=after.id, unit_id=unit.id, subject=f"person:{after.id}", details=details
    )
    above = await _list_above(asking, (unit,), {before.id, after.id})
    return HandedOver(Passes.ROLE, before, after, (unit,), invite.role, above)


async def take_account(asking: Asking, invite: Invite) -> HandedOver:
    """Make the account that used the code the one of whoever made it: roles, number and settings stay theirs."""
    db, now, who = asking.db, asking.now, asking.asker
    assert invite.passes_from is not None
    before = await people.get_person(db, invite.passes_from)
    if who.id is not None:
        await people.merge(db, before.id, who.id, now)
    await people.join(db, before.id, who.telegram_id, now)
    held = await people.list_roles(db, before.id)
    served = await units.get_units(db, [each.unit_id for each in held])
    for unit in served.values():
        await audit.note(db, "account.passed", now, by=before.id, unit_id=unit.id, subject=f"person:{before.id}")
    after = await people.get_person(db, before.id)
    above = await _list_above(asking, tuple(served.values()), {before.id})
    return HandedOver(Passes.ACCOUNT, before, after, tuple(served.values()), invite.role, above)


async def _list_above(asking: Asking, served: tuple[Unit, ...], without: set[int]) -> tuple[Person, ...]:
    found: dict[int, Person] = {}
    for unit in served:
        for person in await people.list_supervisors(asking.db, unit.parent_id or unit.id):
            if person.telegram_id is not None and person.id not in without:
                found[person.id] = person
    return tuple(found.values())
