"""Inviting many: a code for each unit below one where nobody has joined, and the list of who has joined."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import Right, Sender, find_asker, require
from bot.features.people.service import FreshInvitation
from bot.hands.asking import Asking
from bot.settings import Settings
from knowledge.forms import FormBook
from storage import invites, joining, units
from storage.joining import JoiningList
from storage.people import Person, RoleName
from storage.purge import Stale
from storage.units import Unit

MOST_INVITED: Final = 300
"""Units in one pair of files; those without a code come first, so the next files hold the rest."""
PAGE: Final = 30


@dataclass(frozen=True, slots=True)
class Invited:
    """A unit with its fresh code, and whom to call there, as far as the roster knows."""

    fresh: FreshInvitation
    contact: Person | None


@dataclass(frozen=True, slots=True)
class Invitations:
    """Codes for units below one.

    Attributes:
        left: how many units there was no room for.
        again: how many of the units had a code before that can still be used.
    """

    unit: Unit
    made: tuple[Invited, ...]
    until: datetime
    left: int
    again: int


@dataclass(frozen=True, slots=True)
class UnitState:
    """A unit in the list: whether it has joined, whether a code for it can still be used, whom to call there."""

    unit: Unit
    has_joined: bool
    is_invited: bool
    contact: Person | None


@dataclass(frozen=True, slots=True)
class Joining:
    """A page of who has joined below a unit, those that have not first."""

    unit: Unit
    joined: int
    every: int
    shown: tuple[UnitState, ...]
    page: int
    looked_at: datetime

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.every // PAGE))


def choose_role(unit: Unit) -> RoleName:
    """The role that a unit's first person gets: figures are entered at the grassroots, and looked after above. Pure."""
    return RoleName.OFFICER if unit.kind.is_grassroots else RoleName.SUPERVISOR


async def invite_all(asking: Asking, unit: Unit) -> Invitations:
    """Codes for the units below one where nobody has joined, `MOST_INVITED` at most; none where all have.

    Codes that were given out before can be used until they expire.

    Raises:
        AccessDeniedError: the asker may not invite there.
    """
    require(asking.asker, Right.SUPERVISE, unit)
    db, now = asking.db, asking.now
    joined, every = await joining.count_joined(db, unit, asking.today)
    found = await joining.list_unjoined(db, unit, asking.today, now, most=MOST_INVITED)
    wanted = [(each, choose_role(each)) for each, _ in found]
    contacts = await joining.find_contacts(db, [each.id for each, _ in wanted])
    codes = await invites.create_all(db, [(each.id, role) for each, role in wanted], now, created_by=asking.person_id)
    until = (now + timedelta(days=invites.DAYS)).astimezone(asking.zone)
    if codes:
        await asking.note("invites.created", unit_id=unit.id, details={"units": len(codes), "days": invites.DAYS})
    return Invitations(
        unit,
        tuple(
            Invited(FreshInvitation(each, role, code, until), contacts.get(each.id))
            for (each, role), code in zip(wanted, codes, strict=True)
        ),
        until,
        left=every - joined - len(found),
        again=sum(is_invited for _, is_invited in found),
    )


async def read_joining(asking: Asking, unit: Unit, page: int) -> Joining:
    """A page of who has joined below a unit.

    Raises:
        AccessDeniedError: the asker may not invite there.
    """
    require(asking.asker, Right.SUPERVISE, unit)
    joined, every = await joining.count_joined(asking.db, unit, asking.today)
    page = min(page, max(0, (every - 1) // PAGE))
    found = await joining.list_states(asking.db, unit, asking.today, asking.now, most=PAGE, skip=page * PAGE)
    contacts = await joining.find_contacts(asking.db, [each.id for each, has_joined, _ in found if not has_joined])
    return Joining(
        unit,
        joined,
        every,
        tuple(UnitState(each, has_joined, invited, contacts.get(each.id)) for each, has_joined, invited in found),
        page,
        asking.now.astimezone(asking.zone),
    )


async def keep_list(asking: Asking, found: Joining, key: str) -> None:
    """Remember the message of a list, so that it is changed as people join."""
    await joining.keep_list(asking.db, JoiningList(asking.chat_id, found.unit.id, key, found.page, asking.now))


async def turn_list(asking: Asking, found: Joining) -> None:
    """Remember the page that the list of this chat shows now."""
    await joining.turn_list(asking.db, asking.chat_id, found.unit.id, found.page)


@dataclass(frozen=True, slots=True)
class ChangedList:
    """A list that stands in a chat, in the message of that key, as it is now."""

    chat_id: int
    key: str
    found: Joining


async def list_changed(
    db: AsyncConnection, paths: Collection[str], now: datetime, settings: Settings, forms: FormBook
) -> list[ChangedList]:
    """The lists in which the units at these paths stand, as they are now, of those who may still look at them."""
    found = []
    for kept in await joining.list_lists_around(db, paths):
        sender = Sender(kept.chat_id, "", is_admin=kept.chat_id in settings.admin_ids)
        asking = Asking(db, await find_asker(db, sender), kept.chat_id, now, settings.timezone, forms)
        unit = await units.find_unit_by_id(db, kept.unit_id)
        if unit is not None and asking.asker.may(Right.SUPERVISE, unit):
            found.append(ChangedList(kept.chat_id, kept.key, await read_joining(asking, unit, kept.page)))
    return found


async def forget_lists(db: AsyncConnection, telegram_id: int) -> None:
    """Forget the lists in somebody's chat."""
    await joining.forget_chat(db, telegram_id)


def list_stale(now: datetime) -> list[Stale]:
    """Lists that nobody looks at any more."""
    return joining.stale(now)
