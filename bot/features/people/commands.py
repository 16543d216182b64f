"""Joining by code or phone number, inviting, and who somebody is: for menus, answers and being forgotten."""

from __future__ import annotations

import re
from datetime import timedelta
from html import escape
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Message

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.features.people import service
from bot.features.people import words as views
from bot.features.people.service import Joined, PhoneMatch
from bot.features.questions.taps import offer_examples
from bot.hands import menus
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer, without_words
from bot.road.turn import Turn
from bot.words import commands as command_views
from bot.words import meanings as meaning_words
from knowledge.meanings import Meaning
from storage import invites, people
from storage.people import RoleName
from storage.units import Unit

_BARE_CODE = re.compile(r"(?=\S*\d)(?=\S*[A-Z])(?=\S*[a-z])[A-Za-z0-9_-]{24}")


async def get_asker(turn: Turn) -> Asker:
    """Who asks, with their roles.

    Raises:
        AccessDeniedError: the update comes from nobody in particular.
    """
    if turn.person is None:
        raise AccessDeniedError(Right.SEE)
    return await access.find_asker(turn.db, turn.person)


def tapped(turn: Turn) -> int | None:
    """The message whose button was tapped, to be changed by the answer; None where nothing was tapped."""
    message = turn.incoming.effective_message
    return message.message_id if turn.incoming.callback_query is not None and isinstance(message, Message) else None


async def find_audiences(db: AsyncConnection, person: access.Person) -> frozenset[Viewer]:
    """Who somebody is, for menus and help."""
    held = await service.find_held_roles(db, person)
    return frozenset({Viewer.EVERYONE, *(Viewer(role.value) for role in held)})


async def on_code(turn: Turn, code: str) -> bool:
    """Take the role that a code opens, and say so; False where it opens nothing."""
    if turn.person is None:
        return False
    joined = await service.join_by_code(turn.db, turn.person, code, turn.now)
    if joined is None:
        return False
    turn.say(views.joined(joined))
    _tell_inviter(turn, joined)
    await menus.show(turn)
    return True


def _tell_inviter(turn: Turn, joined: Joined) -> None:
    inviter = joined.invited_by
    if joined.is_new and inviter is not None and inviter.telegram_id is not None:
        turn.say_to(inviter.telegram_id, views.someone_joined(joined))


async def tell_services(turn: Turn) -> bool:
    """Say what somebody serves and may do; False where they serve nothing."""
    known = await people.find_by_telegram(turn.db, turn.person.telegram_id) if turn.person is not None else None
    services = await service.list_services(turn.db, known.id) if known is not None else []
    if services:
        turn.say(views.serving(services))
    return bool(services)


async def may_join(turn: Turn) -> bool:
    """Whether somebody serves nothing yet, and so asks to be let in rather than to invite."""
    asker = await get_asker(turn)
    return not asker.held and not asker.is_admin


async def greet(turn: Turn) -> None:
    """After /start: what somebody serves, or how to join where there is something to join."""
    if turn.person is None:
        return
    if not await tell_services(turn) and not turn.person.is_admin and await service.has_roster(turn.db):
        turn.say(views.how_to_join())


async def _hear(turn: Turn) -> bool:
    """A shared phone number, or a code pasted without its command."""
    message = turn.message
    if message is None or turn.person is None:
        return False
    if message.contact is not None:
        return await _on_contact(turn, message)
    if message.text is not None and _BARE_CODE.fullmatch(message.text.strip()):
        if not await on_code(turn, message.text.strip()):
            turn.say(command_views.unknown_code())
        return True
    return False


async def _on_contact(turn: Turn, message: Message) -> bool:
    assert message.contact is not None
    assert turn.person is not None
    if not await service.has_roster(turn.db):
        return False
    sender = message.from_user
    is_own = sender is not None and message.contact.user_id == sender.id
    if not is_own or message.forward_origin is not None or message.via_bot is not None:
        turn.say(views.not_own_contact())
        return True
    match, services = await service.join_by_phone(turn.db, turn.person, message.contact.phone_number, turn.now)
    match match:
        case PhoneMatch.JOINED:
            turn.say(views.joined_by_phone(services))
            await menus.show(turn)
        case PhoneMatch.ALREADY:
            turn.say(views.already_joined(services))
        case PhoneMatch.TAKEN:
            turn.say(views.phone_taken())
        case PhoneMatch.UNKNOWN:
            turn.say(views.phone_unknown())
    return True


async def _leave(_turn: Turn) -> bool:
    return False


async def _resume(_turn: Turn) -> None:
    return


async def on_choose_role(turn: Turn, args: list[str]) -> None:
    """A unit was chosen: for which role?"""
    asker = await get_asker(turn)
    unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, args[0])
    roles = [role for role in RoleName if asker.may(service.right_to_give(role), unit)]
    turn.say(views.choose_role(unit, roles, edits=turn.tapped))


async def on_create(turn: Turn, args: list[str]) -> None:
    """A role was chosen: the invitation."""
    asker = await get_asker(turn)
    role = views.parse_role_letter(args[1])
    if role is None:
        raise AccessDeniedError(Right.SUPERVISE)
    unit = await access.get_unit(turn.db, asker, service.right_to_give(role), args[0])
    await _invite(turn, asker, unit, role, edits=turn.tapped)


async def _invite(turn: Turn, asker: Asker, unit: Unit, role: RoleName, *, edits: int | None = None) -> None:
    code = await service.invite(turn.db, asker, unit, role, turn.now)
    turn.say(
        views.invitation(
            unit,
            role,
            code,
            turn.now + timedelta(days=invites.DAYS),
            bot_name=turn.bot.username,
            zone=turn.settings.timezone,
            edits=edits,
        )
    )


async def on_staff(turn: Turn, args: list[str]) -> None:
    """Who serves a unit, each to be ended or replaced."""
    asker = await get_asker(turn)
    unit = await access.get_unit(turn.db, asker, Right.SUPERVISE, args[0])
    staff = await service.list_staff(turn.db, unit.id)
    shown = [(role, who) for role, who in staff if asker.may(service.right_to_give(role.role), unit)]
    turn.say(views.staff(unit, shown, edits=turn.tapped))


async def on_role(turn: Turn, args: list[str]) -> None:
    """One person's role at a unit."""
    found = await _find_role(turn, args)
    if found is None:
        turn.answer_tap(views.role_gone(), alert=True)
        return
    _, unit, person, role = found
    turn.say(views.role_page(unit, person, role, edits=turn.tapped))


async def on_end(turn: Turn, args: list[str], *, replace: bool = False) -> None:
    """End a role; with `replace`, invite somebody else for it at once."""
    found = await _find_role(turn, args)
    if found is None:
        turn.answer_tap(views.role_gone(), alert=True)
        return
    asker, unit, person, role = found
    if await service.end_role(turn.db, asker, unit, person.id, role, turn.now) is None:
        turn.answer_tap(views.role_gone(), alert=True)
        return
    if person.telegram_id is not None:
        turn.say_to(person.telegram_id, views.your_role_ended(unit, role))
        await menus.show(turn, access.Person(person.telegram_id, person.name), chat_id=person.telegram_id)
    turn.say(views.role_ended(unit, person, role, edits=turn.tapped))
    if replace:
        await _invite(turn, asker, unit, role)


async def _find_role(turn: Turn, args: list[str]) -> tuple[Asker, Unit, people.Person, RoleName] | None:
    asker = await get_asker(turn)
    role = views.parse_role_letter(args[2])
    if role is None or not (args[1].isascii() and args[1].isdecimal() and len(args[1]) < 19):
        raise AccessDeniedError(Right.SUPERVISE)
    unit = await access.get_unit(turn.db, asker, service.right_to_give(role), args[0])
    staff = await service.list_staff(turn.db, unit.id)
    person = next((who for held, who in staff if held.person_id == int(args[1]) and held.role is role), None)
    return (asker, unit, person, role) if person is not None else None


INLINE_START: Final = "hoi"  # the code that the button over inline cards opens the chat with


async def on_start(turn: Turn) -> None:
    """/start: welcome, or take the role that an invitation's code opens; an unknown code gets a polite line first."""
    if not turn.is_private:
        turn.say(turn.addressed(command_views.welcome_group(turn.bot.username)))
        return
    if turn.args and turn.args[0] != INLINE_START:
        if await on_code(turn, turn.args[0]):
            return
        turn.say(command_views.unknown_code())
    turn.say(command_views.welcome(offer_examples()))
    await greet(turn)
    await menus.show(turn)


async def on_me(turn: Turn) -> None:
    """/toi: who somebody is here and what they may do."""
    if not await tell_services(turn):
        by_settings = turn.person is not None and turn.person.is_admin
        name = turn.person.name if turn.person is not None else ""
        turn.say(meaning_words.admin_of_all() if by_settings else meaning_words.nobody_yet(escape(name)))


FEATURE = Feature(
    "people",
    commands=(
        Command("start", on_start, command_views.START, in_groups=True, place=10),
        Command("toi", on_me, command_views.ME, place=40),
    ),
    dialogs=(Dialog(hear=_hear, leave=_leave, resume=_resume),),
    meanings={Meaning.ME: Meant(without_words(on_me), shows=True, for_guests=True)},
    forget=(service.forget,),
)
