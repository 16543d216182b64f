"""What shows that work is done: a photo or file after **Đã xong**, kept and passed on to whoever set the deadline."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import msgspec

from bot import access
from bot.access import Right, Sender
from bot.hands.asking import Asking
from bot.hands.carried import CarriedFile
from bot.hands.dialogs import DialogKeeper
from bot.rules import Rules
from bot.services import proofs
from bot.services.duties import Duty, find_duties, read_deadline_id
from storage import deadlines, people, reminders
from storage.dialogs import find_dialog
from storage.proofs import Proof
from storage.units import Unit


class DoneWork(msgspec.Struct, frozen=True):
    """Work that a unit has just done: the duty it met, and its name in the setter's or the plan's words."""

    unit: int
    group: str
    title: str


MOST_SHOWN: Final = 10
KEEPER: Final = DialogKeeper("done", DoneWork)


@dataclass(frozen=True, slots=True)
class ShownEvidence:
    """A photo or file for somebody above; `duty` is None where it is long past."""

    shown: proofs.Shown
    duty: Duty | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A photo or file that was kept, of which unit's work, and the chat of whoever is shown it, if anybody."""

    proof: Proof
    unit: Unit
    work: DoneWork
    shown_to: int | None


async def wait_for(asking: Asking, work: DoneWork, *, asked: bool) -> bool:
    """Take the next photo or file as evidence of that work; False where the chat is in the middle of something else.

    Args:
        asked: somebody tapped that they have one, so whatever else is open gives way.
    """
    if not asked and await find_dialog(asking.db, asking.chat_id) is not None:
        return False
    await KEEPER.keep(asking, work)
    return True


async def take(asking: Asking, work: DoneWork, carried: CarriedFile, admin_ids: Collection[int]) -> Evidence:
    """Keep a photo or file as evidence; raises AccessDeniedError where they serve that unit no more."""
    unit = await asking.get_unit(Right.SUBMIT, work.unit)
    proof = await proofs.keep(asking, carried)
    await proofs.place(asking, proof, unit.id, proofs.about_duty(work.group))
    return Evidence(proof, unit, work, await _find_setter(asking, unit, work.group, admin_ids))


async def list_shown(asking: Asking, rules: Rules, step_id: int) -> list[ShownEvidence] | None:
    """What units below sent of work that was done, the latest last: of the duty of a digest, or of any (0).

    None where the digest was another's. Only of units that the asker supervises now.
    """
    asking.require_anywhere(Right.SUPERVISE)
    group = None
    if step_id:
        step = await reminders.find_step(asking.db, step_id) if asking.person_id is not None else None
        if step is None or step.recipient != asking.person_id:
            return None
        group = step.group.removeprefix(reminders.DIGEST)
    tops = await access.list_tops(asking.db, asking.asker, Right.SUPERVISE)
    found = await proofs.list_of_duties(asking.db, [top.path for top in tops], group=group, most=MOST_SHOWN)
    duties = await find_duties(asking.db, rules, {each.group for each in found}, asking.now)
    return [ShownEvidence(each, duties.get(each.group)) for each in reversed(found)]


async def _find_setter(asking: Asking, unit: Unit, group: str, admin_ids: Collection[int]) -> int | None:
    """The chat of whoever set a deadline, while they may see that unit; None for what a plan asks, or for oneself."""
    deadline_id = read_deadline_id(group)
    deadline = await deadlines.find(asking.db, deadline_id) if deadline_id is not None else None
    setter_id = deadline.set_by if deadline is not None else None
    setter = await people.find_person(asking.db, setter_id) if setter_id is not None else None
    if setter is None or setter.telegram_id is None or setter.telegram_id == asking.chat_id:
        return None
    sender = Sender(setter.telegram_id, "", is_admin=setter.telegram_id in admin_ids)
    asker = await access.find_asker(asking.db, sender)
    return setter.telegram_id if asker.may(Right.SEE, unit) else None
