"""Filling in a report in the chat: of which unit and period, then step by step to what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from telegram import Message

from bot.access import Right
from bot.features.submissions import dialogs, sending, service, standing
from bot.features.submissions.address import find_page
from bot.features.submissions.dialogs import Choosing, Filling, Sent
from bot.features.submissions.sending import Delivered
from bot.features.submissions.service import Due, Unit
from bot.features.submissions.taps import DropDraft, FillDraft, Purpose
from bot.features.submissions.telling import list_told
from bot.features.submissions.words import around as words
from bot.features.submissions.words import receipts, steps
from bot.hands import reach
from bot.hands.asking import Asking, acting
from bot.hands.registry import Registry
from bot.road.turn import Turn
from bot.services import campaigns, drafts, proofs
from bot.services.drafts import Locked, NotOpened, OpenDraft, ReportClosed
from bot.services.reports import NotAsked, NotOpenYet
from bot.taps import AskExtension
from bot.words import reports as report_words
from knowledge.reports import filling
from knowledge.reports.sheet import SheetAction, SheetEvent, SheetNote, SheetOutcome

MOST_CHOICES: Final = 8


# Which unit and which period ------------------------------------------------------------------------------------


async def choose_unit(turn: Turn, asking: Asking, choosing: Choosing) -> None:
    """Offer the asker's own units, or a few below them; admins find campaigns here as well."""
    own = reach.list_own(asking)
    can_search = reach.reaches_below(asking) or len(own) > MOST_CHOICES
    offered = await reach.list_offered(asking, most=MOST_CHOICES)
    may_manage = choosing.purpose is Purpose.REPORT and asking.asker.may_anywhere(Right.MANAGE)
    count = len(await campaigns.list_open(asking)) if may_manage else None
    choice = words.choose_unit(offered, choosing.purpose, can_search=can_search, campaigns=count)
    await standing.show(turn, asking, choosing, [choice])


async def find_unit(turn: Turn, asking: Asking, choosing: Choosing, said: str) -> Unit | None:
    """The unit that was typed; where there is none or are several, that is said and None comes back."""
    found = await reach.search(asking, said, active=choosing.purpose is not Purpose.HISTORY)
    if len(found.meant) == 1:
        return found.meant[0]
    choice = words.units_found(found.meant, choosing.purpose, said, more=found.has_more)
    await standing.show(turn, asking, choosing, [choice])
    return None


async def choose_period(
    turn: Turn,
    asking: Asking,
    unit: Unit,
    dues: Sequence[Due],
    *,
    page: int | None = None,
    text: str = "",
    heard: tuple[int, ...] = (),
) -> None:
    """Offer reports of a unit: what is missing, as `list_first` orders it, then what was sent, the latest first.

    Args:
        page: which of all that may be reported; None where `dues` are some of these.
    """
    sent = sorted((due for due in dues if not due.is_missing), key=lambda due: due.due_on, reverse=True)
    shown = [*service.list_first(dues), *sent]
    choosing = Choosing(purpose=Purpose.REPORT, text=text, heard=heard)
    pages = max(1, -(-len(shown) // MOST_CHOICES))
    at = min(page or 0, pages - 1)
    others = words.other_periods(unit, page=at if page is not None else None, pages=pages)
    some = shown[at * MOST_CHOICES : (at + 1) * MOST_CHOICES]
    await standing.show(turn, asking, choosing, [words.choose_period(unit, some, asking.today, others)])


# Showing -----------------------------------------------------------------------------------------------------------


async def show_step(
    turn: Turn,
    asking: Asking,
    opened: OpenDraft,
    heard: tuple[int, ...],
    outcome: SheetOutcome | None = None,
    *,
    lead: str = "",
    opening: bool = False,
    under_step: bool = False,
    older: Sequence[Due] = (),
) -> None:
    """Show what the sheet waits for; this chat is filling in that draft, and has seen it as it is now.

    Args:
        outcome: what the last input came to.
        lead: what is said first.
        opening: whether report and unit are named.
        under_step: whether a button under a step was tapped.
        older: what is missing from before, offered beside.
    """
    if opened.renewed is not None:
        lead = words.form_renewed(opened.form, opened.renewed)
        opened = await drafts.renew(asking, opened)
    state = Filling(
        draft_id=opened.draft.id,
        version=opened.draft.version,
        unit_id=opened.unit.id,
        form=opened.form.id,
        period=opened.period.code,
        heard=heard,
    )
    replies = steps.step(opened, outcome, lead=lead, opening=opening, page=find_page(turn.settings, opened))
    if older:
        replies[0] = words.with_older(replies[0], opened, older)
    await standing.show(turn, asking, state, replies, under_step=under_step)
    await proofs.place_heard(asking, opened.unit.id, proofs.about_report(opened.form.id, opened.period), heard)


async def present(turn: Turn, asking: Asking, found: OpenDraft | NotOpened, *, older: Sequence[Due] = ()) -> None:
    """Show a report that was opened, or why it was not; `older` are missing from before."""
    match found:
        case OpenDraft():
            heard = dialogs.heard_in(await dialogs.find(asking.db, asking.chat_id))
            lead = "" if found.is_new else words.continued(found.by)
            await show_step(turn, asking, found, heard, lead=lead, opening=True, older=older)
        case NotOpenYet():
            turn.say(words.not_open_yet(found))
        case NotAsked(unit=unit, form=form, period=period) if form is not None and period is not None:
            turn.say(words.not_asked(unit.name, form, period))
        case NotAsked(unit=unit):
            is_over = unit.dissolved_on is not None and not unit.is_active(asking.today)
            turn.say(
                words.unit_ended(unit.name, unit.dissolved_on)
                if unit.dissolved_on is not None and is_over
                else words.nothing_owed(unit.name)
            )
        case ReportClosed():
            await say_closed(turn, asking, found)
        case Locked():
            await end(turn, asking)
            turn.say(receipts.locked(found))


async def say_closed(turn: Turn, asking: Asking, closed: ReportClosed) -> None:
    """Say why a report is not sent any more, and what there is of it; the dialog ends."""
    await end(turn, asking)
    for reply in words.report_closed(closed, asking.zone):
        turn.say(reply)


async def end(turn: Turn, asking: Asking) -> None:
    """Be in the middle of nothing: the step that stood in the chat goes."""
    await standing.take_away(turn, asking)
    await dialogs.close(asking.db, asking.chat_id)


# Moving ------------------------------------------------------------------------------------------------------------


async def follow(
    turn: Turn,
    asking: Asking,
    opened: OpenDraft,
    outcome: SheetOutcome,
    message: Message | None,
    *,
    heard: tuple[int, ...] = (),
    opening: bool = False,
    under_step: bool = False,
) -> None:
    """Store what an input came to, and say what is next. `message` is what was typed, None for a button.

    `opening` and `under_step` are as in `show_step`.
    """
    match outcome.event:
        case SheetEvent.SEND if message is not None and opened.renewed is None:
            await _send(turn, asking, opened, message, heard)
            return
        case SheetEvent.SEND if opened.renewed is not None:  # what was looked at is not what would be sent
            await show_step(turn, asking, opened, heard, opening=True)
            return
        case SheetEvent.CANCEL:
            await cancel(turn, asking, opened)
            return
        case SheetEvent.EXTENSION:
            ask = AskExtension(opened.unit.id, opened.form.id, opened.period)
            await turn.resource(Registry).hand_over(turn, ask)
            return
        case SheetEvent.OTHER_PERIOD:
            await choose_period(turn, asking, opened.unit, await service.list_due(asking, opened.unit), page=0)
            return
        case SheetEvent.STAYED if outcome.note is SheetNote.AT_START and opened.can_go_up:
            await choose_unit(turn, asking, Choosing(purpose=Purpose.REPORT))
            return
    if outcome.sheet != opened.sheet:
        opened = await drafts.save(asking, opened, outcome.sheet)
    await show_step(turn, asking, opened, heard, outcome, opening=opening, under_step=under_step)


async def cancel(turn: Turn, asking: Asking, opened: OpenDraft) -> None:
    """Leave the report; what was filled in stays, an empty draft goes."""
    await end(turn, asking)
    if not opened.sheet.figures and not opened.sheet.skipped:
        await drafts.throw_away(asking, opened)
        turn.say(report_words.step_left())
        return
    turn.say(words.left())
    turn.say(words.draft_kept(opened))


@acting
async def on_step(turn: Turn, asking: Asking, tap: FillDraft) -> None:
    """A button under a step: it works on the version it was made for only."""
    opened = await drafts.find_marked(asking, tap.mark)
    if opened is None:
        turn.answer_tap(words.finished_tap(), alert=True)
    elif opened.is_closed(asking.now):
        await say_closed(turn, asking, opened.as_closed())
    elif opened.renewed is not None:
        await show_step(
            turn, asking, opened, dialogs.heard_in(await dialogs.find(asking.db, asking.chat_id)), opening=True
        )
    elif tap.mark.version != opened.draft.version:
        turn.answer_tap(words.stale_tap(), alert=tap.mark.version < opened.draft.version - 1)
    elif tap.action is SheetAction.SEND:
        turn.answer_tap(report_words.button_over(), alert=True)
    elif tap.action is SheetAction.OTHER_VALUE:
        turn.answer_tap(steps.type_figure())
    else:
        heard = dialogs.heard_in(await dialogs.find(asking.db, asking.chat_id))
        outcome = filling.decide(opened.form, opened.sheet, opened.previous, tap.action, tap.arg)
        await follow(turn, asking, opened, outcome, None, heard=heard, under_step=True)


@acting
async def on_drop(turn: Turn, asking: Asking, tap: DropDraft) -> None:
    opened = await drafts.find_opened(asking, tap.draft)
    if opened is None or opened.mark.born != tap.born:
        turn.say(words.draft_already_gone())
        return
    await drafts.throw_away(asking, opened)
    turn.say(words.draft_dropped())


# Sending -----------------------------------------------------------------------------------------------------------


async def _send(turn: Turn, asking: Asking, opened: OpenDraft, message: Message, heard: tuple[int, ...]) -> None:
    delivered = await sending.send(asking, opened, carrier=(message.chat.id, message.message_id), sent_at=message.date)
    if not isinstance(delivered, Delivered):
        await present(turn, asking, delivered)
        return
    await standing.settle(turn, asking)
    state = Sent(unit_id=opened.unit.id, form=opened.form.id, period=opened.period.code, heard=heard)
    await dialogs.keep(asking, state)
    for chat_id, reply in list_told(asking, delivered):
        turn.say_to(chat_id, reply)
