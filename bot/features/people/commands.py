"""Joining by code or phone number, inviting, ending roles, and /toi: who somebody is here."""

from __future__ import annotations

from typing import Final

from bot import access
from bot.access import Right
from bot.features.people import (
    bulk_words,
    codes,
    errands,
    handing,
    handing_words,
    inviting,
    joined_lists,
    pasted,
    service,
    taps,
    words,
)
from bot.features.people.handing import HandedOver
from bot.features.people.service import PhoneMatch
from bot.hands import errands as slow_work
from bot.hands import menus
from bot.hands.asking import Asking, acting, open_asking, privately
from bot.hands.carried import words_of
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer, without_words
from bot.hands.registry import Registry
from bot.hands.taps import On, or_gone
from bot.road.turn import Surroundings, Turn
from bot.taps import ChooseRole, InviteAll, InviteTo, OpenTree, ShowHome, ShowJoined, ShowStaff, offer_examples
from bot.words.calling import find_called
from knowledge.meanings import Meaning

INLINE_START: Final = "hoi"  # the code that the button over inline cards opens the chat with


# Joining -----------------------------------------------------------------------------------------------------------


async def on_start(turn: Turn) -> None:
    """/start: what its code opens, a role or a command; else the card of one's own day, or a welcome to strangers.

    An unknown code gets a polite line first.
    """
    if not turn.is_private:
        turn.say(turn.addressed(words.welcome_group(turn.bot.username)))
        return
    asking = await open_asking(turn)
    code = pasted.read_started(" ".join(turn.args or []), turn.bot.username)
    if await _open_command(turn, code):
        return
    if code and code != INLINE_START:
        if await _join_by_code(turn, asking, code):
            return
        turn.say(words.unknown_code())
    if asking.asker.held:
        await turn.resource(Registry).hand_over(turn, ShowHome())
        await menus.show(turn)
        return
    turn.say(words.welcome(offer_examples()))
    if not asking.asker.is_admin and await service.has_roster(asking.db):
        turn.say(words.how_to_join())
    await menus.show(turn)


async def _open_command(turn: Turn, code: str) -> bool:
    """Act on the command that a link opens the chat with; False where it is none."""
    command = turn.resource(Registry).find_command(code)
    if command is None or not command.by_link:
        return False
    turn.args = []
    await command.handle(turn)
    await menus.show(turn)
    return True


async def _join_by_code(turn: Turn, asking: Asking, code: str) -> bool:
    """Take the role that a code opens, and say so; False where it opens nothing."""
    if await handing.is_own(asking, code):
        turn.say(handing_words.own_code())
        return True
    joined = await codes.join_by_code(asking, code)
    if joined is None:
        return False
    if isinstance(joined, codes.LockedOut):
        turn.say(words.too_many_codes(joined.until.astimezone(asking.zone)))
    elif isinstance(joined, HandedOver):
        await _tell_handed_over(turn, joined)
    else:
        turn.say(words.joined(joined))
        inviter = joined.invited_by
        if joined.is_new and inviter is not None and inviter.telegram_id is not None:
            turn.say_to(inviter.telegram_id, words.someone_joined(joined))
        await joined_lists.renew(turn, [joined.unit.path])
    await turn.resource(Registry).hand_over(turn, ShowHome())
    await menus.show(turn)
    return True


async def _tell_handed_over(turn: Turn, what: HandedOver) -> None:
    """Tell whoever has it now, whoever had it, and those above."""
    turn.say(handing_words.taken(what))
    gone = what.before.telegram_id
    if gone is not None:
        turn.say_to(gone, handing_words.given(what))
        await menus.show(turn, access.Sender(gone, what.before.name), chat_id=gone)
    for each in what.above:
        if each.telegram_id is not None:
            turn.say_to(each.telegram_id, handing_words.told_above(what))
    await joined_lists.renew(turn, [unit.path for unit in what.units])


async def hear(turn: Turn) -> bool:
    """A shared phone number, or an invitation pasted or forwarded: its code, or the link that carries it."""
    message = turn.message
    if message is None or not turn.is_private:
        return False
    if message.contact is not None:
        return message.forward_origin is None and await _on_contact(turn, await open_asking(turn))
    links = [entity.url for entity in (*message.entities, *message.caption_entities) if entity.url]
    code = pasted.find_code(words_of(message), turn.bot.username, links)
    if code is None or code == INLINE_START:
        return False
    if await _open_command(turn, code):
        return True
    if not await _join_by_code(turn, await open_asking(turn), code):
        turn.say(words.unknown_code())
    return True


async def _on_contact(turn: Turn, asking: Asking) -> bool:
    message = turn.message
    if message is None or message.contact is None or not await service.has_roster(asking.db):
        return False
    is_own = message.contact.user_id == asking.asker.telegram_id
    if not is_own or message.via_bot is not None:
        turn.say(words.not_own_contact())
        return True
    match, held = await service.join_by_phone(asking, message.contact.phone_number)
    match match:
        case PhoneMatch.JOINED:
            turn.say(words.joined_by_phone(held))
            await joined_lists.renew(turn, [each.unit.path for each in held])
            await turn.resource(Registry).hand_over(turn, ShowHome())
            await menus.show(turn)
        case PhoneMatch.ALREADY:
            turn.say(words.already_joined(held))
        case PhoneMatch.CHANGED:
            turn.say(handing_words.phone_changed())
        case PhoneMatch.TAKEN:
            turn.say(words.phone_taken())
        case PhoneMatch.UNKNOWN:
            turn.say(words.phone_unknown())
    return True


async def _never(_turn: Turn) -> bool:
    """There is nothing to leave: nobody is asked for a code or a number."""
    return False


async def _nothing(_turn: Turn) -> None:
    """Nor anything to ask again."""


# Inviting, and ending roles ----------------------------------------------------------------------------------------


async def on_invite(turn: Turn) -> None:
    """/moi: for which unit, then for which role; /moi and a name or code goes straight to the unit."""
    begin = OpenTree(Right.SUPERVISE, " ".join(turn.args or []))
    await turn.resource(Registry).hand_over(turn, begin)


@privately
async def on_invite_words(turn: Turn, asking: Asking, _text: str) -> None:
    """Words about an invitation: whoever serves nothing yet is told how to join, others invite."""
    turn.args = []
    if asking.asker.held or asking.asker.is_admin:
        await on_invite(turn)
    else:
        turn.say(words.how_to_be_let_in())


@privately
async def on_choose_role(turn: Turn, asking: Asking, tap: ChooseRole) -> None:
    """A unit was chosen: for which role?"""
    unit, roles = await service.find_invitable(asking, tap.unit)
    turn.say(words.choose_role(unit, roles, edits=turn.tapped))


@privately
async def on_make_invitation(turn: Turn, asking: Asking, tap: taps.MakeInvitation) -> None:
    """A role was chosen: the invitation."""
    role = tap.letter.role
    unit = await asking.get_unit(service.right_to_give(role), tap.unit)
    fresh = await service.invite(asking, unit, role)
    turn.say(words.invitation(fresh, bot_name=turn.bot.username, edits=turn.tapped))


@privately
async def on_invite_to(turn: Turn, asking: Asking, tap: InviteTo) -> None:
    """**Mời** beside a unit: a code for the role it needs, below the list that names the unit."""
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    fresh = await service.invite(asking, unit, inviting.choose_role(unit))
    turn.say(words.invitation(fresh, bot_name=turn.bot.username))


@privately
async def on_invite_all(turn: Turn, asking: Asking, tap: InviteAll) -> None:
    """**Mời cả loạt**: the files are made aside."""
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    await slow_work.ask(turn, asking, errands.INVITATIONS, errands.InvitationsErrand(unit.id, turn.bot.username))
    turn.answer_tap(bulk_words.working_toast())
    turn.say(bulk_words.working())


@privately
async def on_joined(turn: Turn, asking: Asking, tap: ShowJoined) -> None:
    """**Ai đã tham gia**."""
    await joined_lists.show(turn, asking, tap.unit)


@privately
async def on_turn_joined(turn: Turn, asking: Asking, tap: taps.TurnJoined) -> None:
    """Another page of it."""
    await joined_lists.turn_over(turn, asking, tap.unit, tap.page)


@privately
async def on_staff(turn: Turn, asking: Asking, tap: ShowStaff) -> None:
    """Who serves a unit, each to be ended or replaced."""
    unit, held = await service.list_replaceable(asking, tap.unit)
    turn.say(words.staff(unit, held, edits=turn.tapped))


@privately
async def on_role(turn: Turn, asking: Asking, tap: taps.ShowRole) -> None:
    """One person's role at a unit."""
    held = await service.find_role(asking, tap.unit, tap.person, tap.letter.role)
    if held is None:
        turn.answer_tap(words.role_gone(), alert=True)
    else:
        turn.say(words.role_page(held, edits=turn.tapped))


@privately
async def on_end(turn: Turn, asking: Asking, tap: taps.EndRole) -> None:
    """End a role."""
    await _end(turn, asking, tap)


@privately
async def on_replace(turn: Turn, asking: Asking, tap: taps.ReplaceRole) -> None:
    """End a role, and invite somebody else for it at once."""
    await _end(turn, asking, tap)


async def _end(turn: Turn, asking: Asking, tap: taps.EndRole | taps.ReplaceRole) -> None:
    held = await service.find_role(asking, tap.unit, tap.person, tap.letter.role)
    if held is None or not await service.end_role(asking, held):
        turn.answer_tap(words.role_gone(), alert=True)
        return
    gone = held.person
    if gone.telegram_id is not None:
        turn.say_to(gone.telegram_id, words.your_role_ended(held))
        await menus.show(turn, access.Sender(gone.telegram_id, gone.name), chat_id=gone.telegram_id)
    turn.say(words.role_ended(held, edits=turn.tapped))
    if isinstance(tap, taps.ReplaceRole):
        fresh = await service.invite(asking, held.unit, held.role)
        turn.say(words.invitation(fresh, bot_name=turn.bot.username))


# Handing over ------------------------------------------------------------------------------------------------------


@acting
async def on_hand_over(turn: Turn, asking: Asking, tap: taps.HandOver) -> None:
    """**Bàn giao**: the link that moves a role."""
    found = await handing.find_passable(asking, tap.unit, tap.person, tap.letter.role)
    held = or_gone(found, words.role_gone())
    passing = await handing.pass_role(asking, held)
    is_own = tap.person == asking.person_id
    turn.say(handing_words.role_link(passing, held, bot_name=turn.bot.username, is_own=is_own))


@privately
async def on_change_account(turn: Turn, asking: Asking, _tap: taps.ChangeAccount) -> None:
    """**Đổi điện thoại/tài khoản**: a link for the new account, and the key that shares a new number."""
    passing = await handing.pass_account(asking)
    if passing is None:
        turn.say(handing_words.nothing_to_pass())
        return
    turn.say(handing_words.account_link(passing, bot_name=turn.bot.username))
    turn.say(handing_words.change_phone())


# Who somebody is ---------------------------------------------------------------------------------------------------


@privately
async def on_me(turn: Turn, asking: Asking) -> None:
    """/toi: who somebody is here and what they may do."""
    asker = asking.asker
    seen = turn.resource(Registry).seen_by(service.list_audiences(asker))
    own = [command for command in seen if Viewer.EVERYONE not in command.audience]
    found = await service.read_profile(asking)
    if found is not None:
        buttons = handing_words.own_buttons(found, asking.today)
        called = find_called(asker.name, asker.called)
        turn.say(words.profile(found, own, buttons, called, is_admin=asker.is_admin))
    elif asker.is_admin:
        turn.say(words.admin_of_all(own))
    else:
        may_join = await service.has_roster(asking.db)
        turn.say(words.nobody_yet(asker.name, asker.telegram_id, may_join=may_join))


@privately
async def on_ask_called(turn: Turn, asking: Asking, _tap: taps.AskCalled) -> None:
    """**Xưng hô**: how the asker is addressed, and the other ways."""
    turn.say(words.choose_called(find_called(asking.asker.name, asking.asker.called)))


@privately
async def on_choose_called(turn: Turn, asking: Asking, tap: taps.ChooseCalled) -> None:
    asker = await service.keep_called(asking, tap.letter.called)
    turn.address(asker)
    turn.say(words.called_kept(asker.name, tap.letter.called, edits=turn.tapped))


def join(around: Surroundings) -> None:
    """Let old lists of who has joined be forgotten."""
    around.hooks.stale.append(inviting.list_stale)


FEATURE = Feature(
    "people",
    commands=(
        Command("start", on_start, in_groups=True, place=10),
        Command("toi", on_me, place=40),
        Command("moi", on_invite, audience=frozenset({Viewer.SUPERVISOR, Viewer.ADMIN}), place=55),
    ),
    taps=(
        On(ChooseRole, on_choose_role),
        On(taps.MakeInvitation, on_make_invitation),
        On(InviteTo, on_invite_to),
        On(InviteAll, on_invite_all),
        On(ShowJoined, on_joined),
        On(taps.TurnJoined, on_turn_joined),
        On(ShowStaff, on_staff),
        On(taps.ShowRole, on_role),
        On(taps.EndRole, on_end),
        On(taps.ReplaceRole, on_replace),
        On(taps.HandOver, on_hand_over),
        On(taps.ChangeAccount, on_change_account),
        On(taps.AskCalled, on_ask_called),
        On(taps.ChooseCalled, on_choose_called),
    ),
    dialogs=(Dialog(hear=hear, leave=_never, resume=_nothing, takes_forwarded=True),),
    meanings={
        Meaning.ME: Meant(without_words(on_me), shows=True, for_guests=True),
        Meaning.INVITE: Meant(on_invite_words, for_guests=True),
    },
    errands=errands.MAKERS,
    forget=(service.forget, inviting.forget_lists),
    join=join,
)
