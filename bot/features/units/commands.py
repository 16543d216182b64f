"""The tree of units: /donvi, its pages, searches and changes; /moi walks the same tree."""

from __future__ import annotations

from bot.access import Right
from bot.features.units import merger_words, merging, receiving, service, taps, words
from bot.features.units.dialogs import KEEPER, UnitDialog, UnitQuestion
from bot.features.units.template import build_template
from bot.hands.asking import Asking, open_asking, privately
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer, without_words
from bot.hands.reach import FoundUnits
from bot.hands.taps import On, or_gone
from bot.road.turn import Turn
from bot.rules import Rules
from bot.taps import OpenTree, ShowTops, ShowUnit
from knowledge.answer import Adviser
from knowledge.meanings import Meaning
from knowledge.model.plans import find_present


@privately
async def on_units(turn: Turn, asking: Asking) -> None:
    """/donvi: where to begin; /donvi and a name or code searches."""
    await _begin(turn, asking, OpenTree(Right.SEE, " ".join(turn.args or [])))


@privately
async def on_open(turn: Turn, asking: Asking, tap: OpenTree) -> None:
    """Another command begins in the tree."""
    await _begin(turn, asking, tap)


async def _begin(turn: Turn, asking: Asking, tap: OpenTree) -> None:
    """What the command's words find, or the unit to begin from, or several of them."""
    asking.require_anywhere(tap.right)
    if tap.wanted:
        await _show_found(turn, asking, await service.find(asking, tap.wanted, tap.right))
    else:
        await _show_tops(turn, asking, 0, tap.right)


async def _show_tops(turn: Turn, asking: Asking, page: int, right: Right) -> None:
    tops = await service.list_tops(asking, right, page)
    if tops.count == 1:
        await _show(turn, asking, tops.units[0].id)
    else:
        shown = words.tops(tops, edits=turn.tapped) if tops.count else words.no_units()
        turn.say(words.with_forms(shown) if asking.asker.is_admin else shown)


async def _show(turn: Turn, asking: Asking, unit_id: int, page: int = 0) -> None:
    shown = await service.show_unit(asking, await asking.get_unit(Right.SEE, unit_id), page)
    plan = find_present(turn.resource(Adviser).plans, shown.plan or "")
    reply = words.unit_page(shown, plan, edits=turn.tapped)
    is_top = asking.asker.is_admin and shown.unit.parent_id is None and page == 0
    turn.say(words.with_forms(reply) if is_top else reply)


async def _show_found(turn: Turn, asking: Asking, found: FoundUnits) -> None:
    """Show the unit that is meant, or those that may be."""
    if len(found.meant) == 1:
        await _show(turn, asking, found.meant[0].id)
    else:
        turn.say(words.found(found))


# Buttons -----------------------------------------------------------------------------------------------------------


@privately
async def on_show(turn: Turn, asking: Asking, tap: ShowUnit) -> None:
    await _show(turn, asking, tap.unit, tap.page)


@privately
async def on_tops(turn: Turn, asking: Asking, tap: ShowTops) -> None:
    """A page of the units to begin from."""
    await _show_tops(turn, asking, tap.page, tap.right)


@privately
async def on_search(turn: Turn, asking: Asking, _tap: taps.SearchUnits) -> None:
    asking.require_anywhere(Right.SEE)
    await KEEPER.keep(asking, UnitDialog(UnitQuestion.FIND))
    turn.say(words.ask_search())


@privately
async def on_change(turn: Turn, asking: Asking, tap: taps.ChangeUnit) -> None:
    turn.say(words.change_menu(await asking.get_unit(Right.MANAGE, tap.unit), edits=turn.tapped))


@privately
async def on_move(turn: Turn, asking: Asking, tap: taps.MoveUnit) -> None:
    unit = await asking.get_unit(Right.MANAGE, tap.unit)
    await KEEPER.keep(asking, UnitDialog(UnitQuestion.MOVE, unit.id))
    turn.say(words.ask_new_parent(unit))


@privately
async def on_merge(turn: Turn, asking: Asking, tap: taps.MergeUnit) -> None:
    unit = await asking.get_unit(Right.MANAGE, tap.unit)
    await KEEPER.keep(asking, UnitDialog(UnitQuestion.MERGE, unit.id))
    turn.say(words.ask_merged_into(unit))


@privately
async def on_rename(turn: Turn, asking: Asking, tap: taps.RenameUnit) -> None:
    unit = await asking.get_unit(Right.MANAGE, tap.unit)
    await KEEPER.keep(asking, UnitDialog(UnitQuestion.RENAME, unit.id))
    turn.say(words.ask_name(unit))


@privately
async def on_target(turn: Turn, asking: Asking, tap: taps.ChooseTarget) -> None:
    """Both units of a change are known: ask whether to do it."""
    await _confirm(turn, asking, tap)


async def _confirm(turn: Turn, asking: Asking, tap: taps.ChooseTarget) -> None:
    unit = await asking.get_unit(Right.MANAGE, tap.unit)
    target = await asking.get_unit(Right.MANAGE, tap.target)
    foreseen = await service.foresee(asking, tap.change, unit, target)
    turn.say(words.confirm(foreseen, edits=turn.tapped))


@privately
async def on_rearrange(turn: Turn, asking: Asking, tap: taps.Rearrange) -> None:
    """Move or merge."""
    unit = await asking.get_unit(Right.MANAGE, tap.unit)
    target = await asking.get_unit(Right.MANAGE, tap.target)
    shown = or_gone(await service.rearrange(asking, tap.change, unit, target), words.impossible())
    await _show(turn, asking, shown.id)
    if tap.change is taps.Rearrangement.MERGE:
        for each in await merging.list_told(asking, turn.resource(Rules), unit, target):
            turn.say_to(each.chat_id, merger_words.told(each))


@privately
async def on_ask_dissolve(turn: Turn, asking: Asking, tap: taps.AskDissolve) -> None:
    unit = await asking.get_unit(Right.MANAGE, tap.unit)
    turn.say(words.confirm_dissolve(unit, await service.count_below(asking, unit), edits=turn.tapped))


@privately
async def on_dissolve(turn: Turn, asking: Asking, tap: taps.DissolveUnit) -> None:
    """End a unit and all below it."""
    unit = await service.dissolve(asking, await asking.get_unit(Right.MANAGE, tap.unit))
    await _show(turn, asking, unit.id)


@privately
async def on_revive(turn: Turn, asking: Asking, tap: taps.ReviveUnit) -> None:
    unit = await service.revive(asking, await asking.get_unit(Right.MANAGE, tap.unit))
    await _show(turn, asking, unit.id)


@privately
async def on_template(turn: Turn, asking: Asking, _tap: taps.FetchTemplate) -> None:
    asking.require_anywhere(Right.MANAGE)
    turn.say(words.template_file(build_template(words.template())))


# What was asked in words -------------------------------------------------------------------------------------------


async def hear(turn: Turn) -> bool:
    """Take the next words for what was asked."""
    asked = KEEPER.read(turn.in_dialog)
    if asked is None or turn.message is None or turn.message.text is None:
        return False
    asking = await open_asking(turn)
    await KEEPER.close(asking.db, asking.chat_id)
    text = " ".join(turn.message.text.split())
    match asked.act:
        case UnitQuestion.FIND:
            await _show_found(turn, asking, await service.find(asking, text, Right.SEE))
        case UnitQuestion.RENAME:
            await _rename(turn, asking, asked, text, is_one_line="\n" not in turn.message.text.strip())
        case UnitQuestion.MOVE | UnitQuestion.MERGE:
            await _choose_target(turn, asking, asked, text)
    return True


async def _rename(turn: Turn, asking: Asking, asked: UnitDialog, name: str, *, is_one_line: bool) -> None:
    unit = await asking.get_unit(Right.MANAGE, asked.unit)
    if len(name) > service.LONGEST_NAME or not is_one_line:
        await KEEPER.keep(asking, asked)
        turn.say(words.name_too_long(service.LONGEST_NAME))
        return
    renamed = await service.rename(asking, unit, name)
    await _show(turn, asking, renamed.id)


async def _choose_target(turn: Turn, asking: Asking, asked: UnitDialog, text: str) -> None:
    unit = await asking.get_unit(Right.MANAGE, asked.unit)
    change = taps.Rearrangement(asked.act.value)
    found = await service.find(asking, text, Right.MANAGE, only_active=True)
    if not found.meant:
        await KEEPER.keep(asking, asked)
        turn.say(words.target_not_found(found))
    elif len(found.meant) == 1:
        await _confirm(turn, asking, taps.ChooseTarget(change, unit.id, found.meant[0].id))
    else:
        turn.say(words.choose_target(found, unit, change))


async def _never(_turn: Turn) -> bool:
    """A file opens nothing that could be left."""
    return False


FEATURE = Feature(
    "units",
    commands=(Command("donvi", on_units, audience=frozenset({Viewer.ADMIN}), place=56),),
    taps=(
        On(OpenTree, on_open),
        On(ShowUnit, on_show),
        On(ShowTops, on_tops),
        On(taps.SearchUnits, on_search),
        On(taps.ChangeUnit, on_change),
        On(taps.MoveUnit, on_move),
        On(taps.MergeUnit, on_merge),
        On(taps.RenameUnit, on_rename),
        On(taps.ChooseTarget, on_target),
        On(taps.Rearrange, on_rearrange),
        On(taps.AskDissolve, on_ask_dissolve),
        On(taps.DissolveUnit, on_dissolve),
        On(taps.ReviveUnit, on_revive),
        On(taps.FetchTemplate, on_template),
        On(taps.ReadList, receiving.on_read),
        On(taps.TakeList, receiving.on_take),
        On(taps.ShowFiguresWay, receiving.on_figures),
        On(taps.LeaveList, receiving.on_leave),
    ),
    dialogs=(
        Dialog(hear=receiving.hear_file, leave=_never, takes_forwarded=True),
        Dialog(hear=hear, leave=KEEPER.leaving(words.left), feature=KEEPER.feature),
    ),
    meanings={Meaning.UNITS: Meant(without_words(on_units), shows=True)},
)
