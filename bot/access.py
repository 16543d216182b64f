"""Access rights: who asks, and what they may do, for every message, button and inline query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Chat, Update

from bot.settings import Settings
from storage import people, units
from storage.people import RoleName
from storage.units import Unit


@dataclass(frozen=True, slots=True)
class Sender:
    """The sender of an update, known by the Telegram id alone: user names change hands.

    Attributes:
        name: the display name, for addressing only; it proves nothing.
        is_anonymous: an anonymous admin of a group, or a channel: no known person.
    """

    telegram_id: int
    name: str
    is_admin: bool = False
    is_anonymous: bool = False


def identify(update: Update, settings: Settings) -> Sender | None:
    """The sender of an update; None where there is none, as with channel posts."""
    user = update.effective_user
    if user is None:
        return None
    message = update.effective_message
    hidden = message is not None and update.callback_query is None and message.sender_chat is not None
    return Sender(
        telegram_id=user.id,
        name=user.full_name,
        is_admin=not hidden and user.id in settings.admin_ids,
        is_anonymous=hidden,
    )


def is_private(update: Update) -> bool:
    """Whether it comes from a chat with one person: the only place where figures are taken."""
    chat = update.effective_chat
    return chat is not None and chat.type == Chat.PRIVATE


class Right(StrEnum):
    """A right for a unit. Asking questions needs none.

    SEE: read its figures. SUBMIT: send them. SUPERVISE: sum up, send back, nudge, answer requests, invite, set
    deadlines, broadcast. MANAGE: change units, open campaigns, read the audit, invite admins.
    """

    SEE = "see"
    SUBMIT = "submit"
    SUPERVISE = "supervise"
    MANAGE = "manage"


_RIGHTS: Final[dict[RoleName, frozenset[Right]]] = {
    RoleName.OFFICER: frozenset({Right.SEE, Right.SUBMIT}),
    RoleName.SUPERVISOR: frozenset({Right.SEE, Right.SUBMIT, Right.SUPERVISE}),
    RoleName.ADMIN: frozenset(Right),
}


class AccessDeniedError(Exception):
    """Somebody may not do this for that unit, or the unit does not exist: they are not told which."""

    def __init__(self, right: Right) -> None:
        super().__init__(right.value)
        self.right = right


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, with the unit it is held at."""

    role: RoleName
    unit: Unit


@dataclass(frozen=True, slots=True)
class Asker:
    """A person with everything that decides what they may do.

    Attributes:
        id: their row among the people; None for those not known there.
        is_admin: named in ADMIN_IDS: may do everything everywhere.
        held: the roles they hold, each good for its unit and all below.
        called: how they chose to be addressed; None where they chose nothing.
    """

    telegram_id: int
    name: str
    id: int | None = None
    is_admin: bool = False
    held: tuple[Held, ...] = ()
    called: str | None = None

    def may(self, right: Right, unit: Unit) -> bool:
        """Whether they may do that for this unit."""
        return self.is_admin or any(right in _RIGHTS[held.role] and unit.lies_in(held.unit) for held in self.held)

    def may_anywhere(self, right: Right) -> bool:
        """Whether there is any unit for which they may."""
        return self.is_admin or any(right in _RIGHTS[held.role] for held in self.held)

    def units(self, right: Right) -> tuple[Unit, ...]:
        """The topmost units of their roles for which they may: each stands for all below it; in the order of units.

        For ADMIN_IDS this names only where they hold roles; `list_tops` names all.
        """
        own = sorted(
            {held.unit for held in self.held if right in _RIGHTS[held.role]}, key=lambda unit: (unit.order, unit.id)
        )
        return tuple(unit for unit in own if not any(unit is not other and unit.lies_in(other) for other in own))

    def units_as(self, role: RoleName) -> tuple[Unit, ...]:
        """The units at which they hold that very role, in the order in which it was given."""
        return tuple(held.unit for held in self.held if held.role is role)


async def find_asker(db: AsyncConnection, person: Sender) -> Asker:
    """The asker behind a sender, with their roles; an anonymous sender has none."""
    if person.is_anonymous:
        return Asker(person.telegram_id, person.name)
    known, roles = await people.find_with_roles(db, person.telegram_id)
    if known is None:
        return Asker(person.telegram_id, person.name, is_admin=person.is_admin)
    held = tuple(Held(role.role, unit) for role, unit in roles)
    return Asker(person.telegram_id, known.name or person.name, known.id, person.is_admin, held, known.called)


def require(asker: Asker, right: Right, unit: Unit | None) -> Unit:
    """The unit itself, if the asker has that right for it.

    Raises:
        AccessDeniedError: they may not, or there is no such unit (None).
    """
    if unit is None or not asker.may(right, unit):
        raise AccessDeniedError(right)
    return unit


async def get_unit(db: AsyncConnection, asker: Asker, right: Right, unit_id: int | str) -> Unit:
    """The unit of an id that came from outside (a button's data), if the asker has that right for it.

    Raises:
        AccessDeniedError: they may not, there is no such unit, or it is no id at all.
    """
    text = str(unit_id)
    known = text.isascii() and text.isdecimal() and len(text) < 19
    return require(asker, right, await units.find_unit_by_id(db, int(text)) if known else None)


async def list_tops(db: AsyncConnection, asker: Asker, right: Right) -> list[Unit]:
    """The topmost units for which somebody may: for ADMIN_IDS the roots of all trees."""
    if asker.is_admin:
        return await units.list_children(db, None)
    return list(asker.units(right))


async def get_acting_id(db: AsyncConnection, asker: Asker, now: datetime) -> int:
    """The id of the row under which somebody's actions are kept; an admin by the settings gets one at the first."""
    if asker.id is not None:
        return asker.id
    return (await people.ensure(db, asker.telegram_id, asker.name, now)).id
