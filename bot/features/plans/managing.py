"""The life of a plan for ADMIN_IDS: approved, replaced, withdrawn, brought back, set for units."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from bot.features.plans import service, taps, words
from bot.features.plans.dialogs import DIALOG, PlanUnits
from bot.features.plans.service import KnownPlan, PlanChangedError
from bot.hands import reach
from bot.hands.asking import Asking, open_acting, privately
from bot.hands.feature import Dialog
from bot.hands.meaning import is_question
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.living import LivingCatalogue
from bot.road.turn import Turn
from bot.rules import Rules
from knowledge.answer import Adviser
from knowledge.errors import CatalogueError
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.model.plans import Plan
from knowledge.model.stored_plans import PlanStatus

Done = TypeVar("Done")


def _answered(turn: Turn) -> Mapping[str, Plan]:
    return turn.resource(Adviser).plans


async def _find(turn: Turn, asking: Asking, named: str) -> KnownPlan:
    """The plan that a button names, for somebody who may change its life."""
    service.require_operator(asking)
    return or_gone(await service.find(asking.db, _answered(turn), named, for_admin=True), words.refused())


async def _do(turn: Turn, doing: Awaitable[Done]) -> Done:
    """Do it, and have it seen at once; where the plan is no longer as the button showed it, say so, change nothing."""
    try:
        done = await doing
    except PlanChangedError:
        raise TapRefusedError(words.refused()) from None
    except CatalogueError as error:
        turn.say(words.does_not_fit(error.problem))
        raise TapRefusedError(words.refused()) from None
    turn.after_commit(turn.resource(LivingCatalogue).renew)
    return done


@privately
async def on_approve(turn: Turn, asking: Asking, tap: taps.ApprovePlan) -> None:
    """**Duyệt**: at once, or once it is said which plan it replaces."""
    known = await _find(turn, asking, tap.plan)
    replaceable = service.list_replaceable(turn.resource(Rules), known.plan)
    if not tap.replaces and replaceable and known.status is PlanStatus.READ:
        turn.say(words.ask_what_it_replaces(known.plan, replaceable, edits=turn.tapped))
        return
    old = None
    if tap.replaces not in {"", "-"}:
        old = (await _find(turn, asking, tap.replaces)).plan
    replaces = old.id if old is not None else None
    begins_on = await _do(turn, service.approve(asking, known.plan.id, replaces))
    places = await service.list_governed(asking.db, turn.resource(Rules), known.plan, replaces)
    is_over = service.is_over(known.plan, asking.today)
    told = service.NewsReach()
    if not is_over:
        told = await service.foresee_telling(asking.db, places, without=asking.person_id or 0)
    turn.say(words.approved(known.plan, old, told, begins_on=begins_on, is_over=is_over, edits=turn.tapped))


@privately
async def on_drop(turn: Turn, asking: Asking, tap: taps.DropPlan) -> None:
    known = await _find(turn, asking, tap.plan)
    if known.status is not PlanStatus.READ:
        raise TapRefusedError(words.refused())
    await _do(turn, service.discard(asking, known.plan.id))
    turn.say(words.dropped(known.plan, edits=turn.tapped))


@privately
async def on_offer_replacing(turn: Turn, asking: Asking, tap: taps.OfferReplacing) -> None:
    known = await _find(turn, asking, tap.plan)
    successors = service.list_successors(_answered(turn), known.plan)
    turn.say(words.choose_successor(known.plan, successors, tap.page, edits=turn.tapped))


@privately
async def on_replace(turn: Turn, asking: Asking, tap: taps.ReplacePlan) -> None:
    old, new = (await _find(turn, asking, tap.plan)).plan, (await _find(turn, asking, tap.by)).plan
    await _do(turn, service.replace(asking, old.id, new.id))
    turn.say(words.replaced(old, new, edits=turn.tapped))


@privately
async def on_ask_withdrawing(turn: Turn, asking: Asking, tap: taps.AskWithdrawing) -> None:
    known = await _find(turn, asking, tap.plan)
    back = [plan for plan in _answered(turn).values() if plan.replaced_by == known.plan.id]
    turn.say(words.confirm_withdrawing(known.plan, back, edits=turn.tapped))


@privately
async def on_withdraw(turn: Turn, asking: Asking, tap: taps.WithdrawPlan) -> None:
    known = await _find(turn, asking, tap.plan)
    back = await _do(turn, service.withdraw(asking, known.plan.id))
    again = [plan for plan in _answered(turn).values() if plan.id in back]
    turn.say(words.withdrawn(known.plan, again, edits=turn.tapped))


@privately
async def on_restore(turn: Turn, asking: Asking, tap: taps.RestorePlan) -> None:
    known = await _find(turn, asking, tap.plan)
    await _do(turn, service.restore(asking, known.plan.id))
    turn.say(words.restored(known.plan, edits=turn.tapped))


async def show(turn: Turn, known: KnownPlan, *, edits: int | None = None) -> None:
    """The page of a plan, for whoever may change its life."""
    known = await service.with_places(turn.db, known, _answered(turn))
    has_file = await service.find_original(turn.db, known.plan.id) is not None
    turn.say(words.plan(known, has_file=has_file, manages=True, edits=edits))


# The units that a plan is set for ------------------------------------------------------------------------------------


@privately
async def on_ask_units(turn: Turn, asking: Asking, tap: taps.AskPlanUnits) -> None:
    await _ask_units(turn, asking, await _find(turn, asking, tap.plan))


async def _ask_units(turn: Turn, asking: Asking, known: KnownPlan) -> None:
    await DIALOG.keep(asking, PlanUnits(known.mark))
    turn.say(words.plan_units(await service.with_places(asking.db, known, _answered(turn)), edits=turn.tapped))


async def take_unit(turn: Turn, asking: Asking, state: PlanUnits, said: str) -> None:
    """A unit by its name or code."""
    known = await _find(turn, asking, state.plan)
    found = await reach.search(asking, said)
    if not found.meant:
        turn.say(words.no_unit(known.mark, said))
    elif len(found.meant) == 1:
        await _set_unit(turn, asking, known, found.meant[0].id)
    else:
        turn.say(words.choose_unit(known.mark, found.meant, has_more=found.has_more))


@privately
async def on_set_unit(turn: Turn, asking: Asking, tap: taps.SetPlanUnit) -> None:
    await _set_unit(turn, asking, await _find(turn, asking, tap.plan), tap.unit)


async def _set_unit(turn: Turn, asking: Asking, known: KnownPlan, unit_id: int) -> None:
    unit = await service.set_unit(asking, known.plan.id, unit_id)
    waiting = not known.is_answered_from
    told = service.NewsReach()
    if not waiting and not service.is_over(known.plan, asking.today):
        told = await service.tell_unit(asking, known.plan, words.news(known.plan, None), unit)
    turn.say(words.unit_set(known, unit, told, waiting=waiting))


@privately
async def on_clear_unit(turn: Turn, asking: Asking, tap: taps.ClearPlanUnit) -> None:
    known = await _find(turn, asking, tap.plan)
    unit = or_gone(await service.clear_unit(asking, known.plan.id, tap.unit, _answered(turn)), words.refused())
    turn.answer_tap(words.unit_cleared(unit))
    await _ask_units(turn, asking, known)


@privately
async def on_back(turn: Turn, asking: Asking, tap: taps.BackToPlan) -> None:
    """The page of the plan in the place of what was asked of it."""
    await DIALOG.close(asking.db, asking.chat_id)
    await show(turn, await _find(turn, asking, tap.plan), edits=turn.tapped)


_leave = DIALOG.leaving(words.units_done)

_hear_unit = DIALOG.hearing(take_unit, _leave)


async def hear_unit(turn: Turn) -> bool:
    """A unit's name for the open dialog; what asks something and names no unit is answered as it is anywhere."""
    text = turn.message.text if turn.message is not None else None
    if DIALOG.read(turn.in_dialog) is None or not text:
        return False
    meant = turn.meant
    asks = is_question(meant) and (load_words().is_asking(text) or (meant is not None and meant.means is Meaning.PLANS))
    if asks and not (await reach.search(await open_acting(turn), text)).meant:
        return False
    return await _hear_unit(turn)


async def _ask_again(turn: Turn) -> None:
    """Which units the plan is set for, once more, behind what was asked in between."""
    state = DIALOG.read(turn.in_dialog)
    if state is not None:
        asking = await open_acting(turn)
        await _ask_units(turn, asking, await _find(turn, asking, state.plan))


UNITS_DIALOG = Dialog(hear=hear_unit, leave=_leave, resume=_ask_again, feature=DIALOG.feature)

TAPS = (
    On(taps.ApprovePlan, on_approve),
    On(taps.DropPlan, on_drop),
    On(taps.OfferReplacing, on_offer_replacing),
    On(taps.ReplacePlan, on_replace),
    On(taps.AskWithdrawing, on_ask_withdrawing),
    On(taps.WithdrawPlan, on_withdraw),
    On(taps.RestorePlan, on_restore),
    On(taps.AskPlanUnits, on_ask_units),
    On(taps.SetPlanUnit, on_set_unit),
    On(taps.ClearPlanUnit, on_clear_unit),
    On(taps.BackToPlan, on_back),
)
