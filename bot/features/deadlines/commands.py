"""/dathan: a deadline for the units below, in one message or step by step, shown back before it is kept."""

from __future__ import annotations

from msgspec.structs import replace

from bot.access import Right
from bot.features.deadlines import service, taps, words
from bot.features.deadlines.dialogs import DIALOG, DeadlineDraft, DeadlineStep
from bot.hands.asking import Asking, get_chat, open_asking, privately
from bot.hands.feature import Command, Dialog, Feature, Meant, Viewer, always
from bot.hands.scopes import Addressed, OfferedScopes, ask_scope, find_scopes, offer_scopes
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.road.turn import Turn
from bot.rules import Rules
from bot.words.talk import button_gone
from knowledge.calendar.outcomes import Unclear
from knowledge.meanings import Meaning, Place

# Saying it -----------------------------------------------------------------------------------------------------------


@privately
async def begin_from_words(turn: Turn, asking: Asking, text: str) -> None:
    """Begin from plain words: a deadline in them is shown back at once, like one behind the command."""
    await _begin(turn, asking, text if service.names_deadline(text, asking.today) else "")


@privately
async def on_set(turn: Turn, asking: Asking) -> None:
    """Begin; a deadline behind the command is taken at once."""
    await _begin(turn, asking, turn.behind_command)


async def _begin(turn: Turn, asking: Asking, text: str) -> None:
    draft = await service.begin(asking)
    await DIALOG.keep(asking, draft)
    if text:
        await _take_all(turn, asking, draft, text)
        return
    shown = await service.list_set(asking, turn.resource(Rules))
    if shown:
        turn.say(words.set_deadlines(shown))
    turn.say(words.ask_what())


async def hear(turn: Turn) -> bool:
    """The answer to what was asked: what, when, or another part of the tree."""
    draft, message = DIALOG.read(turn.in_dialog), turn.message
    if draft is None or message is None or not message.text:
        return False
    if turn.meant is not None and turn.meant.means is not Meaning.ANSWER:
        return False
    asking, text = await open_asking(turn), message.text.strip()
    asking.require_anywhere(Right.SUPERVISE)
    match draft.step:
        case DeadlineStep.WHAT if draft.rule:
            await _propose(turn, asking, service.take_what(draft, text))
        case DeadlineStep.WHAT:
            await _take_all(turn, asking, draft, text)
        case DeadlineStep.WHEN:
            addressed = await service.take_other_addressees(asking, draft, text)
            await _take_when(turn, asking, addressed, _read_when(turn, asking, addressed, addressed.text or text))
        case DeadlineStep.UNIT:
            found = await find_scopes(asking, text)
            if found is None:
                return False
            _say_scopes(turn, draft, found)
        case DeadlineStep.CONFIRM:
            addressed = await service.take_other_addressees(asking, draft, text)
            if not addressed.text:
                await _propose(turn, asking, addressed.draft)
            elif isinstance(taken := _read_when(turn, asking, addressed, addressed.text), Unclear):
                return False
            else:
                await _take_when(turn, asking, addressed, taken)
    return True


async def _take_all(turn: Turn, asking: Asking, draft: DeadlineDraft, text: str) -> None:
    """What and when in one message; only what, or only when, where the other is not there."""
    addressed = await service.take_addressees(asking, draft, text)
    working_days = turn.resource(Rules).working_days
    draft, trouble = service.take_all(addressed.draft, addressed.text, asking.today, working_days)
    if addressed.offered is not None:
        await _ask_scope(turn, asking, draft, addressed.offered, addressed.said)
        return
    if draft.step is DeadlineStep.CONFIRM:
        await _propose(turn, asking, draft)
        return
    await DIALOG.keep(asking, draft)
    if trouble is not None:
        turn.say(words.unclear(trouble, what=draft.what))
    elif draft.step is DeadlineStep.WHAT:
        turn.say(words.ask_what_for(service.describe_rule(draft)))
    else:
        turn.say(words.ask_when(draft.what))


def _read_when(turn: Turn, asking: Asking, addressed: Addressed[DeadlineDraft], text: str) -> DeadlineDraft | Unclear:
    return service.take_when(addressed.draft, text, asking.today, turn.resource(Rules).working_days)


async def _take_when(
    turn: Turn, asking: Asking, addressed: Addressed[DeadlineDraft], taken: DeadlineDraft | Unclear
) -> None:
    """Another date, and the question for whom it is where that was not clear."""
    if isinstance(taken, Unclear):
        turn.say(words.unclear(taken, what=addressed.draft.what))
    elif addressed.offered is None:
        await _propose(turn, asking, taken)
    else:
        await _ask_scope(turn, asking, taken, addressed.offered, addressed.said)


async def _ask_scope(turn: Turn, asking: Asking, draft: DeadlineDraft, offered: OfferedScopes, said: str) -> None:
    """Ask for whom it is."""
    draft = replace(draft, step=DeadlineStep.UNIT)
    await DIALOG.keep(asking, draft)
    _say_scopes(turn, draft, offered, said=said)


async def _propose(turn: Turn, asking: Asking, draft: DeadlineDraft, edits: int | None = None) -> None:
    shown = await service.propose(asking, turn.resource(Rules), draft)
    if not shown.upcoming:
        await DIALOG.keep(asking, replace(draft, step=DeadlineStep.WHEN, rule=""))
        turn.say(words.already_past())
        return
    await DIALOG.keep(asking, replace(draft, step=DeadlineStep.CONFIRM, audience=shown.audience))
    turn.say(words.proposal(shown, edits))


async def resume(turn: Turn) -> None:
    """Say again what was asked."""
    draft = await DIALOG.find(turn.db, get_chat(turn), turn.now)
    if draft is not None:
        turn.say(words.resume(draft))


# Buttons while it is being set ---------------------------------------------------------------------------------------


@privately
async def on_leave(turn: Turn, asking: Asking, _tap: taps.LeaveDeadline) -> None:
    await DIALOG.close(asking.db, asking.chat_id)
    turn.say(words.left_dialog(turn.tapped))


@privately
async def on_ask_what(turn: Turn, asking: Asking, _tap: taps.AskWhatAgain) -> None:
    """Another thing to be done."""
    draft = await DIALOG.get_pending(asking, Right.SUPERVISE)
    await DIALOG.keep(asking, replace(draft, step=DeadlineStep.WHAT, what="", rule=""))
    turn.say(words.ask_what())


@privately
async def on_ask_when(turn: Turn, asking: Asking, _tap: taps.AskWhenAgain) -> None:
    draft = await DIALOG.get_pending(asking, Right.SUPERVISE)
    await DIALOG.keep(asking, replace(draft, step=DeadlineStep.WHEN))
    turn.say(words.ask_when(draft.what))


@privately
async def on_audience(turn: Turn, asking: Asking, tap: taps.ChooseAudience) -> None:
    """Other units of the same part of the tree."""
    draft = await DIALOG.get_pending(asking, Right.SUPERVISE, tap.token)
    await _propose(turn, asking, replace(draft, audience=tap.audience), turn.tapped)


@privately
async def on_offer_scopes(turn: Turn, asking: Asking, tap: taps.OfferDeadlineScopes) -> None:
    """Parts of the tree to choose from; one may also be typed."""
    draft = await DIALOG.get_pending(asking, Right.SUPERVISE, tap.token)
    await DIALOG.keep(asking, replace(draft, step=DeadlineStep.UNIT))
    _say_scopes(turn, draft, await offer_scopes(asking, draft.unit), turn.tapped)


def _say_scopes(
    turn: Turn, draft: DeadlineDraft, offered: OfferedScopes, edits: int | None = None, *, said: str = ""
) -> None:
    turn.say(ask_scope(offered, lambda choice: taps.ChooseDeadlineScope(draft.token, choice), edits, said=said))


@privately
async def on_scope(turn: Turn, asking: Asking, tap: taps.ChooseDeadlineScope) -> None:
    draft = await DIALOG.get_pending(asking, Right.SUPERVISE, tap.token)
    await _propose(turn, asking, await service.choose_scope(asking, draft, tap.choice), turn.tapped)


@privately
async def on_keep(turn: Turn, asking: Asking, tap: taps.KeepDeadline) -> None:
    draft = await DIALOG.get_pending(asking, Right.SUPERVISE, tap.token)
    if not draft.what or not draft.rule:
        raise TapRefusedError(button_gone())
    shown = await service.propose(asking, turn.resource(Rules), draft)
    if not shown.upcoming:
        await _propose(turn, asking, draft)
        return
    deadline_id = await service.keep(asking, draft, shown)
    await DIALOG.close(asking.db, asking.chat_id)
    turn.say(words.kept(shown, deadline_id, turn.tapped))


# Buttons of one that was set -----------------------------------------------------------------------------------------


@privately
async def on_end(turn: Turn, asking: Asking, tap: taps.EndDeadline) -> None:
    """**Bỏ hạn này**: by whoever supervises the unit it was set at."""
    deadline = or_gone(await service.end(asking, tap.deadline))
    turn.say(words.ended(deadline, turn.tapped))


@privately
async def on_announce(turn: Turn, asking: Asking, tap: taps.AnnounceDeadline) -> None:
    """**Báo ngay**: everyone who owes it hears of it now, instead of at the first step."""
    nudged = or_gone(await service.announce(asking, turn.resource(Rules), tap.deadline))
    turn.say(words.announced(nudged))


FEATURE = Feature(
    "deadlines",
    commands=(Command("dathan", on_set, audience=frozenset({Viewer.SUPERVISOR, Viewer.ADMIN}), place=53),),
    taps=(
        On(taps.LeaveDeadline, on_leave),
        On(taps.AskWhatAgain, on_ask_what),
        On(taps.AskWhenAgain, on_ask_when),
        On(taps.ChooseAudience, on_audience),
        On(taps.OfferDeadlineScopes, on_offer_scopes),
        On(taps.ChooseDeadlineScope, on_scope),
        On(taps.KeepDeadline, on_keep),
        On(taps.EndDeadline, on_end),
        On(taps.AnnounceDeadline, on_announce),
    ),
    dialogs=(
        Dialog(
            hear,
            DIALOG.leaving(words.left_dialog),
            resume,
            feature=DIALOG.feature,
            place=always(Place.DEADLINE),
            leaves_when_sure=True,
        ),
    ),
    meanings={Meaning.SET_DEADLINE: Meant(begin_from_words)},
)
