"""Campaigns in a chat: an admin opens a larger form for a subtree, step by step, and closes it."""

from __future__ import annotations

from typing import Final

import msgspec

from bot.access import Right
from bot.features.campaigns import service, taps, words
from bot.features.campaigns.dialogs import (
    KEEPER,
    CampaignState,
    ChoosingCampaignForm,
    ChoosingCampaignUnit,
    NamingCampaign,
)
from bot.features.campaigns.service import CampaignProblem, Unit
from bot.hands import reach
from bot.hands.asking import Asking, acting, get_chat, open_acting, privately
from bot.hands.feature import Dialog, Feature, always
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.road.turn import Turn
from bot.services.campaigns import ManagedCampaign, list_open
from bot.taps import BeginCampaign, ListCampaigns
from bot.words import reports as report_words
from knowledge.calendar.deadlines import impossible_day
from knowledge.meanings import Meaning, Place, Understood
from knowledge.meanings.wishes import CampaignWish, read_campaign_wish

MOST_CHOICES: Final = 8
MOST_LISTED: Final = 20


def _require_manager(asking: Asking) -> None:
    """Raises TapRefusedError where the asker may open no campaigns: the button is not theirs."""
    if not asking.asker.may_anywhere(Right.MANAGE):
        raise TapRefusedError(report_words.not_yours_tap())


# Opening one -------------------------------------------------------------------------------------------------------


@acting
async def on_begin(turn: Turn, asking: Asking, _tap: BeginCampaign) -> None:
    _require_manager(asking)
    turn.say(words.choose_form(asking.forms.for_campaigns))


@acting
async def on_form(turn: Turn, asking: Asking, tap: taps.ChooseCampaignForm) -> None:
    """The form was chosen; for which subtree?"""
    _require_manager(asking)
    forms = asking.forms.for_campaigns
    if tap.number >= len(forms):
        raise TapRefusedError(report_words.button_over())
    state = await KEEPER.find(asking.db, asking.chat_id)
    if isinstance(state, ChoosingCampaignForm):
        await _go_on(turn, asking, forms[tap.number].id, state.said)
        return
    await KEEPER.keep(asking, ChoosingCampaignUnit(form=forms[tap.number].id))
    turn.say(words.choose_unit((await service.list_managed(asking))[:MOST_CHOICES]))


async def act_first(turn: Turn, found: Understood, text: str) -> bool:
    """Take words that wish something done with campaigns: "mở đợt sơ kết cho các xã", "đóng đợt", "đợt nào đang mở".

    Whoever serves no unit hears that from reports.
    """
    said = read_campaign_wish(text) if turn.is_private and found.means is Meaning.BEGIN_REPORT else None
    if said is None:
        return False
    asking = await open_acting(turn)
    if not asking.asker.may_anywhere(Right.MANAGE):
        if said.wish is CampaignWish.LIST or not asking.asker.may_anywhere(Right.SEE):
            return False
        turn.say(words.only_admins(closing=said.wish is CampaignWish.CLOSE))
        return True
    if said.wish is not CampaignWish.OPEN:
        await _list(turn, asking)
        return True
    state = await KEEPER.find(asking.db, asking.chat_id)
    is_button = not said.name  # typed where it is asked whether to open what is named
    if is_button and isinstance(state, NamingCampaign) and state.name and state.due_on is not None:
        await _open(turn, asking, state)
        return True
    forms = asking.forms.for_campaigns
    form = service.find_form(forms, text)
    if form is not None:
        await _go_on(turn, asking, form.id, text)
    else:
        await KEEPER.keep(asking, ChoosingCampaignForm(said=text))
        turn.say(words.choose_form(forms))
    return True


async def _go_on(turn: Turn, asking: Asking, form: str, text: str) -> None:
    """Go on with what words say of a campaign of that form, up to what they do not say."""
    said = service.read_said(text, asking.today)
    units = await service.list_managed(asking)
    if said.unit:
        looked_up = await reach.search(asking, said.unit, Right.MANAGE)
        units = list(looked_up.meant)
        if len(units) != 1:
            await KEEPER.keep(asking, ChoosingCampaignUnit(form=form, said=text))
            turn.say(words.units_found(units, said.unit, more=looked_up.has_more))
            return
    if len(units) != 1:
        await KEEPER.keep(asking, ChoosingCampaignUnit(form=form, said=text))
        turn.say(words.choose_unit(units[:MOST_CHOICES]))
        return
    await _choose_kinds(turn, asking, ChoosingCampaignUnit(form=form, said=text), units[0])


@acting
async def on_unit(turn: Turn, asking: Asking, tap: taps.ChooseCampaignUnit) -> None:
    """The subtree was chosen; which kinds of unit in it owe the form?"""
    unit = await asking.get_unit(Right.MANAGE, tap.unit)
    state = await KEEPER.find(asking.db, asking.chat_id)
    if not isinstance(state, ChoosingCampaignUnit):
        raise TapRefusedError(report_words.button_over())
    await _choose_kinds(turn, asking, state, unit)


async def _choose_kinds(turn: Turn, asking: Asking, state: ChoosingCampaignUnit, unit: Unit) -> None:
    said = service.read_said(state.said, asking.today)
    known = NamingCampaign(form=state.form, unit_id=unit.id, name=said.name, due_on=said.due_on)
    if said.kinds is None:
        await KEEPER.keep(asking, known)
        turn.say(words.choose_kinds(unit.name))
    else:
        await _ask_rest(turn, asking, msgspec.structs.replace(known, kinds=said.kinds), unit)


@acting
async def on_kinds(turn: Turn, asking: Asking, tap: taps.ChooseCampaignKinds) -> None:
    """The kinds were chosen; what is it called, and when is it due?"""
    _require_manager(asking)
    state = await KEEPER.find(asking.db, asking.chat_id)
    if not isinstance(state, NamingCampaign):
        raise TapRefusedError(report_words.button_over())
    unit = await asking.get_unit(Right.MANAGE, state.unit_id)
    await _ask_rest(turn, asking, msgspec.structs.replace(state, kinds=tap.kinds), unit)


async def _ask_rest(turn: Turn, asking: Asking, state: NamingCampaign, unit: Unit) -> None:
    """Ask for the name and due day as far as they are not known; where both are, whether to open it."""
    problem = await service.find_problem(asking, state.form, state.name, state.due_on)
    if state.name and state.due_on is not None and problem is None:
        await KEEPER.keep(asking, state)
        new = await service.preview(asking, state)
        if new is not None:
            turn.say(words.confirm(new))
        return
    if problem is CampaignProblem.PAST_DATE:
        state = msgspec.structs.replace(state, due_on=None)
    elif state.due_on is not None and state.name:  # the name is taken, or too long
        state = msgspec.structs.replace(state, name="")
    else:
        problem = None
    await KEEPER.keep(asking, state)
    turn.say(words.ask_name(unit.name, problem, known=state))


@acting
async def on_open(turn: Turn, asking: Asking, _tap: taps.OpenCampaign) -> None:
    _require_manager(asking)
    state = await KEEPER.find(asking.db, asking.chat_id)
    if not isinstance(state, NamingCampaign) or not state.name:
        raise TapRefusedError(report_words.button_over())
    await _open(turn, asking, state)


async def _open(turn: Turn, asking: Asking, state: NamingCampaign) -> None:
    opened = await service.open_campaign(asking, state)
    await KEEPER.close(asking.db, asking.chat_id)
    turn.say(words.opened(or_gone(opened, report_words.not_yours_tap())))


# Closing one -------------------------------------------------------------------------------------------------------


@acting
async def on_list(turn: Turn, asking: Asking, _tap: ListCampaigns) -> None:
    """The campaigns that are open, with how many sent them of how many that owe them."""
    _require_manager(asking)
    await _list(turn, asking)


async def _list(turn: Turn, asking: Asking) -> None:
    found = await list_open(asking)
    shown = [await service.count(asking, each) for each in found[:MOST_LISTED]]
    turn.say(words.list_open(shown, more=len(found) - len(shown)))


@acting
async def on_ask_to_close(turn: Turn, asking: Asking, tap: taps.AskToClose) -> None:
    """**Đóng đợt** in the list: say what that does."""
    turn.say(words.confirm_closing(await _find_open(asking, tap.campaign)))


@acting
async def on_close(turn: Turn, asking: Asking, tap: taps.CloseCampaign) -> None:
    found = await _find_open(asking, tap.campaign)
    if not await service.close(asking, found):  # by somebody else in this very moment
        raise TapRefusedError(words.closed_already(asking.now, asking.zone))
    turn.say(words.closed(found, turn.tapped))


async def _find_open(asking: Asking, campaign_id: int) -> ManagedCampaign:
    """The campaign; raises TapRefusedError where it is not open, with what became of it."""
    found = or_gone(await service.find_managed(asking, campaign_id), report_words.button_over())
    if found.campaign.closed_at is not None:
        raise TapRefusedError(words.closed_already(found.campaign.closed_at, asking.zone))
    return found


@privately
async def on_keep(turn: Turn, _asking: Asking, _tap: taps.KeepCampaign) -> None:
    turn.say(words.kept_open(turn.tapped))


# The dialog among others -------------------------------------------------------------------------------------------


async def _take(turn: Turn, asking: Asking, state: CampaignState, text: str) -> None:
    """The name of a form or unit, or that of the campaign with its due day."""
    if isinstance(state, ChoosingCampaignForm):
        forms = asking.forms.for_campaigns
        form = service.find_form(forms, text)
        if form is not None:
            await _go_on(turn, asking, form.id, state.said)
        else:
            turn.say(words.choose_form(forms))
    elif isinstance(state, ChoosingCampaignUnit):
        await _take_unit(turn, asking, state, text)
    else:
        await _take_name(turn, asking, state, text)


async def _take_unit(turn: Turn, asking: Asking, state: ChoosingCampaignUnit, text: str) -> None:
    found = await reach.search(asking, text)
    if len(found.meant) == 1:
        await _choose_kinds(turn, asking, state, await asking.get_unit(Right.MANAGE, found.meant[0].id))
    else:
        turn.say(words.units_found(found.meant, text, more=found.has_more))


async def _take_name(turn: Turn, asking: Asking, state: NamingCampaign, text: str) -> None:
    unit = await asking.get_unit(Right.MANAGE, state.unit_id)
    name, due_on = service.read_campaign(text, asking.today)
    name, due_on = name or state.name, due_on or (state.due_on if not impossible_day(text) else None)
    problem = await service.find_problem(asking, state.form, name, due_on)
    if problem is not None:
        turn.say(words.ask_name(unit.name, problem, name, impossible_day(text)))
        return
    named = NamingCampaign(form=state.form, unit_id=unit.id, kinds=state.kinds, name=name, due_on=due_on)
    await KEEPER.keep(asking, named)
    new = await service.preview(asking, named)
    if new is not None:
        turn.say(words.confirm(new))


leave = KEEPER.leaving(report_words.step_left)
hear = KEEPER.hearing(_take, leave)


@privately
async def on_leave(turn: Turn, _asking: Asking, _tap: taps.LeaveCampaign) -> None:
    await leave(turn)


async def resume(turn: Turn) -> None:
    """After a question in between: ask again."""
    state = await KEEPER.find(turn.db, get_chat(turn))
    if state is None:
        return
    asking = await open_acting(turn)
    if isinstance(state, NamingCampaign):
        unit = await asking.get_unit(Right.MANAGE, state.unit_id)
        turn.say(words.ask_name(unit.name, known=state))
    elif isinstance(state, ChoosingCampaignForm):
        turn.say(words.choose_form(asking.forms.for_campaigns))
    else:
        turn.say(words.choose_unit((await service.list_managed(asking))[:MOST_CHOICES]))


FEATURE: Final = Feature(
    "campaigns",
    taps=(
        On(BeginCampaign, on_begin),
        On(taps.ChooseCampaignForm, on_form),
        On(taps.ChooseCampaignUnit, on_unit),
        On(taps.ChooseCampaignKinds, on_kinds),
        On(taps.OpenCampaign, on_open),
        On(taps.LeaveCampaign, on_leave),
        On(ListCampaigns, on_list),
        On(taps.AskToClose, on_ask_to_close),
        On(taps.CloseCampaign, on_close),
        On(taps.KeepCampaign, on_keep),
    ),
    act_first=act_first,
    dialogs=(Dialog(hear=hear, leave=leave, resume=resume, feature=KEEPER.feature, place=always(Place.REPORTING)),),
)
