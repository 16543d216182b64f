"""The tree of units: /donvi, its pages, searches and changes; and the buttons of /moi, which walks the same tree."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Final

from bot import access
from bot.access import AccessDeniedError, Asker, Right
from bot.features.people import commands as people
from bot.features.people import words as people_views
from bot.features.people.commands import get_asker
from bot.features.units import service as tree
from bot.features.units import template as unit_template
from bot.features.units import words as views
from bot.hands.feature import Command, Dialog, Feature, Meant, RawTap, Viewer, without_words
from bot.road.turn import Turn
from bot.words import commands as command_views
from bot.words import meanings as meaning_words
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from storage import dialogs, units
from storage.units import Unit

DIALOG_NAME: Final = "units"
LONGEST_SEARCH: Final = 100

Act = Callable[[Turn, list[str]], Awaitable[None]]


def _today(turn: Turn) -> date:
    return turn.now.astimezone(turn.settings.timezone).date()


async def on_units(turn: Turn) -> None:
    """/donvi: where to begin; /donvi and a name or code searches."""
    asker = await get_asker(turn)
    if not asker.may_anywhere(Right.SEE):
        raise AccessDeniedError(Right.SEE)
    await show_start(turn, asker, Right.SEE)


async def on_invite(turn: Turn) -> None:
    """/moi: for which unit, then for which role; /moi and a name or code goes straight to the unit."""
    asker = await get_asker(turn)
    if not asker.may_anywhere(Right.SUPERVISE):
        raise AccessDeniedError(Right.SUPERVISE)
    await show_start(turn, asker, Right.SUPERVISE)


async def show_start(turn: Turn, asker: Asker, right: Right) -> None:
    """What the command's words find, or the unit to begin from, or several of them."""
    wanted = " ".join(turn.args or [])[:LONGEST_SEARCH]
    if wanted:
        await _search(turn, asker, wanted, right)
        return
    await _show_tops(turn, asker, 0, right)


async def _show_tops(turn: Turn, asker: Asker, page: int, right: Right) -> None:
    tops = [unit for unit in await access.list_tops(turn.db, asker, right) if unit.is_active(_today(turn))]
    if not tops:
        if not asker.is_admin:
            raise AccessDeniedError(right)
        turn.say(views.no_units())
    elif len(tops) == 1:
        await _show(turn, asker, tops[0], 0)
    else:
        page = min(page, (len(tops) - 1) // tree.PAGE)
        shown = tops[page * tree.PAGE : (page + 1) * tree.PAGE]
        turn.say(views.tops(shown, page=page, count=len(tops), size=tree.PAGE, edits=turn.tapped))


async def _show(turn: Turn, asker: Asker, unit: Unit, page: int) -> None:
    shown = await tree.show_unit(turn.db, asker, unit, page, _today(turn))
    plan = turn.resource(Adviser).plans.get(shown.plan or "")
    turn.say(views.unit_page(shown, plan, edits=turn.tapped))


async def _search(turn: Turn, asker: Asker, text: str, right: Right) -> None:
    """Show the unit that is meant, or those that may be."""
    found = await tree.find(turn.db, asker, text, right)
    exact = [unit for unit in found.units if units.code_key(unit.code) == units.code_key(text)]
    meant = exact or found.units
    if len(meant) == 1:
        await _show(turn, asker, meant[0], 0)
    else:
        turn.say(views.found(found))


# Buttons -----------------------------------------------------------------------------------------------------------


async def _on_view(turn: Turn, args: list[str]) -> None:
    asker = await get_asker(turn)
    unit = await access.get_unit(turn.db, asker, Right.SEE, args[0])
    await _show(turn, asker, unit, _number(args[1]))


async def _on_tops(turn: Turn, args: list[str]) -> None:
    await _show_tops(turn, await get_asker(turn), _number(args[0]), Right.SEE)


async def _on_find(turn: Turn, _args: list[str]) -> None:
    asker = await get_asker(turn)
    if not asker.may_anywhere(Right.SEE):
        raise AccessDeniedError(Right.SEE)
    await _ask(turn, "find", None)
    turn.say(views.ask_search())


async def _on_change(turn: Turn, args: list[str]) -> None:
    unit = await _get_managed(turn, args[0])
    turn.say(views.change_menu(unit, edits=turn.tapped))


async def _on_move(turn: Turn, args: list[str]) -> None:
    unit = await _get_managed(turn, args[0])
    await _ask(turn, "mv", unit)
    turn.say(views.ask_new_parent(unit))


async def _on_merge(turn: Turn, args: list[str]) -> None:
    unit = await _get_managed(turn, args[0])
    await _ask(turn, "mg", unit)
    turn.say(views.ask_merged_into(unit))


async def _on_rename(turn: Turn, args: list[str]) -> None:
    unit = await _get_managed(turn, args[0])
    await _ask(turn, "rn", unit)
    turn.say(views.ask_name(unit))


async def _on_target(turn: Turn, args: list[str]) -> None:
    unit, target = await _get_managed(turn, args[1]), await _get_managed(turn, args[2])
    await _confirm(turn, args[0], unit, target, edits=turn.tapped)


async def _on_confirmed(turn: Turn, args: list[str]) -> None:
    asker = await get_asker(turn)
    unit, target = await _get_managed(turn, args[1]), await _get_managed(turn, args[2])
    if args[0] == "mv":
        done = await tree.move(turn.db, asker, unit, target, turn.now) is not None
    else:
        done = await tree.merge(turn.db, asker, unit, target, turn.now, _today(turn))
    if not done:
        turn.answer_tap(views.impossible(), alert=True)
        return
    shown = unit if args[0] == "mv" else target
    await _show(turn, asker, await units.get_unit(turn.db, shown.id), 0)


async def _on_dissolve(turn: Turn, args: list[str]) -> None:
    unit = await _get_managed(turn, args[0])
    below = await units.count_subtree(turn.db, unit.id, active_on=_today(turn)) - 1
    turn.say(views.confirm_dissolve(unit, max(below, 0), edits=turn.tapped))


async def _on_dissolved(turn: Turn, args: list[str]) -> None:
    asker = await get_asker(turn)
    unit = await _get_managed(turn, args[0])
    await tree.dissolve(turn.db, asker, unit, turn.now, _today(turn))
    await _show(turn, asker, await units.get_unit(turn.db, unit.id), 0)


async def _on_revive(turn: Turn, args: list[str]) -> None:
    asker = await get_asker(turn)
    unit = await tree.revive(turn.db, asker, await _get_managed(turn, args[0]), turn.now)
    await _show(turn, asker, unit, 0)


async def _on_template(turn: Turn, _args: list[str]) -> None:
    if not (await get_asker(turn)).may_anywhere(Right.MANAGE):
        raise AccessDeniedError(Right.MANAGE)
    turn.say(views.template_file(unit_template.build_template(views.template())))


async def _on_replace(turn: Turn, args: list[str]) -> None:
    await people.on_end(turn, args, replace=True)


# By the first word of the data: what to do, and how many words follow it.
_ACTS: Final[dict[str, tuple[Act, int]]] = {
    "v": (_on_view, 2),
    "t": (_on_tops, 1),
    "f": (_on_find, 0),
    "i": (people.on_choose_role, 1),
    "c": (people.on_create, 2),
    "s": (people.on_staff, 1),
    "p": (people.on_role, 3),
    "e": (people.on_end, 3),
    "r": (_on_replace, 3),
    "m": (_on_change, 1),
    "mv": (_on_move, 1),
    "mg": (_on_merge, 1),
    "rn": (_on_rename, 1),
    "q": (_on_target, 3),
    "y": (_on_confirmed, 3),
    "ds": (_on_dissolve, 1),
    "DS": (_on_dissolved, 1),
    "rv": (_on_revive, 1),
    "T": (_on_template, 0),
}


async def on_tap(turn: Turn, rest: str) -> None:
    """A button of the tree. Its data is the sender's word: every id in it is checked against their rights."""
    name, *args = rest.split(":")
    act, wanted = _ACTS.get(name, (None, 0))
    if act is None or len(args) != wanted or not turn.is_private:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    if name in {"q", "y"} and args[0] not in {"mv", "mg"}:
        turn.answer_tap(command_views.button_gone(), alert=True)
        return
    await act(turn, args)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


async def _get_managed(turn: Turn, unit_id: str) -> Unit:
    return await access.get_unit(turn.db, await get_asker(turn), Right.MANAGE, unit_id)


# What was asked in words -------------------------------------------------------------------------------------------


async def _ask(turn: Turn, act: str, unit: Unit | None) -> None:
    assert turn.chat_id is not None
    state = {"act": act, "unit": unit.id if unit is not None else 0}
    await dialogs.open_dialog(turn.db, turn.chat_id, DIALOG_NAME, state, turn.now)


async def _hear(turn: Turn) -> bool:
    message = turn.message
    if message is None or message.text is None or turn.chat_id is None:
        return False
    dialog = await dialogs.find_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    if dialog is None:
        return False
    text = " ".join(message.text.split())
    asker = await get_asker(turn)
    await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME)
    act = dialog.state.get("act")
    if act == "find":
        await _search(turn, asker, text[:LONGEST_SEARCH], Right.SEE)
        return True
    unit = await access.get_unit(turn.db, asker, Right.MANAGE, str(dialog.state.get("unit")))
    if act == "rn":
        if len(text) > 250 or "\n" in message.text.strip():
            await _ask(turn, "rn", unit)
            turn.say(views.name_too_long())
            return True
        await _show(turn, asker, await tree.rename(turn.db, asker, unit, text, turn.now), 0)
        return True
    await _choose_target(turn, asker, str(act), unit, text[:LONGEST_SEARCH])
    return True


async def _choose_target(turn: Turn, asker: Asker, act: str, unit: Unit, text: str) -> None:
    found = await tree.find(turn.db, asker, text, Right.MANAGE, active_on=_today(turn))
    exact = [each for each in found.units if units.code_key(each.code) == units.code_key(text)]
    sure = exact or list(found.units)
    if not sure:
        await _ask(turn, act, unit)
        turn.say(views.found(found, verb=act))
    elif len(sure) == 1:
        await _confirm(turn, act, unit, sure[0])
    else:
        turn.say(views.choose_target(found, unit, act=act))


async def _confirm(turn: Turn, act: str, unit: Unit, target: Unit, *, edits: int | None = None) -> None:
    today = _today(turn)
    if act == "mv":
        below = max(await units.count_subtree(turn.db, unit.id, active_on=today) - 1, 0)
        turn.say(views.confirm_move(unit, target, below, edits=edits))
    else:
        children = await units.count_children(turn.db, unit.id, active_on=today)
        turn.say(views.confirm_merge(unit, target, children, edits=edits))


async def _leave(turn: Turn) -> bool:
    if turn.chat_id is None or not await dialogs.close_dialog(turn.db, turn.chat_id, feature=DIALOG_NAME):
        return False
    turn.say(views.left())
    return True


async def _resume(_turn: Turn) -> None:
    return


async def on_invite_words(turn: Turn, _text: str) -> None:
    """Words about an invitation: whoever serves nothing yet is told how to join, others invite."""
    turn.args = []
    if await people.may_join(turn):
        turn.say(meaning_words.how_to_join())
    else:
        await on_invite(turn)


FEATURE = Feature(
    "units",
    commands=(
        Command("moi", on_invite, people_views.INVITE, audience=frozenset({Viewer.SUPERVISOR, Viewer.ADMIN})),
        Command("donvi", on_units, views.UNITS, audience=frozenset({Viewer.ADMIN})),
    ),
    taps=(RawTap("u", on_tap),),
    dialogs=(Dialog(hear=_hear, leave=_leave, resume=_resume, feature=DIALOG_NAME),),
    meanings={
        Meaning.INVITE: Meant(on_invite_words, for_guests=True),
        Meaning.UNITS: Meant(without_words(on_units), shows=True),
    },
)
