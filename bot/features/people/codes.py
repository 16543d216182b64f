"""Codes that are sent: what they open is taken, or handed over."""

from __future__ import annotations

from typing import Final

from bot.features.people import handing
from bot.features.people.handing import HandedOver
from bot.features.people.service import Joined, become
from bot.hands.asking import Asking
from knowledge.text import fold_words
from storage import audit, invites, people, units
from storage.invites import Invite, Passes
from storage.invites import LockedOut as LockedOut  # noqa: PLC0414 - for handlers, which see no storage
from storage.people import Person, RoleName
from storage.units import Unit

_NAME_WORDS: Final = 2
"""A name of one word is anybody's."""


async def join_by_code(asking: Asking, code: str) -> Joined | HandedOver | LockedOut | None:
    """Take the role that a code opens, or what somebody hands over with it.

    None alike for every code that opens nothing. The one who used a code may send it again.
    """
    db, now, who = asking.db, asking.now, asking.asker
    before = await invites.find_used(db, code, who.telegram_id)
    found = before or await invites.redeem(db, code, who.telegram_id, now)
    if isinstance(found, LockedOut):
        return found
    unit = await units.find_unit_by_id(db, found.unit_id) if found else None
    if found is None or unit is None:
        return None
    if not unit.is_active(asking.today) and found.passes is not Passes.ACCOUNT:  # of an account it is but the first
        return None
    if before is None and found.passes is not None and not await handing.can_take(asking, found):
        return None
    if before is None and found.passes is Passes.ACCOUNT:
        return await handing.take_account(asking, found)
    roster = await _find_on_roster(asking, found, unit) if before is None and found.passes is None else None
    if roster is not None:
        person_id = await become(asking, roster, by="name")
        await people.change(db, person_id, name=roster.name)  # Telegram's is whatever its owner typed
        person = await people.get_person(db, person_id)
    else:
        person = await people.ensure(db, who.telegram_id, who.name, now)
    if before is not None:
        is_held = any(held.unit.id == unit.id and held.role is found.role for held in who.held)
        return Joined(person, unit, found.role, is_new=False) if is_held else None
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
    if found.passes is Passes.ROLE:
        return await handing.take_role(asking, found, unit, person)
    inviter = await people.find_person(db, found.created_by) if found.created_by is not None else None
    return Joined(person, unit, found.role, inviter, is_new, roster is not None)


async def _find_on_roster(asking: Asking, invite: Invite, unit: Unit) -> Person | None:
    """Whoever a file named at this very unit, has not joined, and has the asker's name, in whatever order.

    Telegram's name is whatever its owner typed, so nothing comes with it that the code does not open anyway: who holds
    a role elsewhere, or one above the code's, stays on the roster.
    """
    name = sorted(fold_words(asking.asker.name))
    if len(name) < _NAME_WORDS:
        return None
    staff = {person.id: person for _, person in await people.list_staff(asking.db, unit.id)}
    alike = [each for each in staff.values() if each.telegram_id is None and sorted(fold_words(each.name)) == name]
    if len(alike) != 1:
        return None
    opened = {invite.role, RoleName.OFFICER}
    held = await people.list_roles(asking.db, alike[0].id)
    return alike[0] if all(each.unit_id == unit.id and each.role in opened for each in held) else None
