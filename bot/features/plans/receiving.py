"""A plan's file sent by one of ADMIN_IDS: fetched before its turn, read aside, looked over with buttons, approved."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
from telegram import Bot, Message, Update

from bot.features.plans import managing, reading_aside, review_words, reviews, step_words, taps, words
from bot.features.plans.dialogs import MENDING, FactMending
from bot.features.plans.entering import ReviewChangedError
from bot.features.plans.reading_aside import READING, FileErrand
from bot.features.plans.reviews import ReviewView
from bot.hands import errands, tables
from bot.hands.asking import Asking, open_asking, privately
from bot.hands.errands import Made, Maker, Workplace
from bot.hands.feature import Dialog
from bot.hands.tables import SentTable
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.living import LivingCatalogue
from bot.road.reply import Reply
from bot.road.turn import Surroundings, Turn
from bot.rules import Rules
from bot.taps import ReadAnnex
from knowledge.answer import Adviser
from knowledge.errors import CatalogueError
from knowledge.importing.files import KNOWN_TYPES
from knowledge.model.plan_reviews import ReviewMatter
from knowledge.reviewing.comparing import compare
from knowledge.reviewing.trying import try_plan
from knowledge.spreadsheets.model import ENDINGS

Decided = TypeVar("Decided")

LARGEST_FILE: Final = 20 * 2**20
"""Bytes that the chat hands over."""

TRYING: Final = "plans.try"
"""An errand."""


class TryErrand(msgspec.Struct, frozen=True):
    """A review whose plan is to be tried against the plan of that mark."""

    review: int
    plan: str


# A file comes --------------------------------------------------------------------------------------------------------


def join(around: Surroundings) -> None:
    """Let files of ADMIN_IDS be fetched before their turn."""
    admins = around.settings.admin_ids
    around.hooks.prepare(lambda update: _is_fetched(update, admins), _fetch)


def _is_plan_file(message: Message | None) -> bool:
    if message is None or message.document is None or message.chat.type != message.chat.PRIVATE:
        return False
    return Path(message.document.file_name or "").suffix.lower() in KNOWN_TYPES


def _is_too_large(message: Message) -> bool:
    return message.document is not None and (message.document.file_size or 0) > LARGEST_FILE


def _is_fetched(update: Update, admins: frozenset[int]) -> bool:
    message = update.message
    if message is None or not _is_plan_file(message) or _is_too_large(message):
        return False
    return message.from_user is not None and message.from_user.id in admins


async def _fetch(update: Update, bot: Bot) -> bytes:
    assert update.message is not None and update.message.document is not None
    file = await bot.get_file(update.message.document.file_id)
    return bytes(await file.download_as_bytearray())


async def hear_file(turn: Turn) -> bool:
    """Take a plan's file; one that anybody else sends is for nobody here. A bare photo is told how it becomes one."""
    message = turn.message
    if message is None or turn.person is None or not turn.person.is_admin:
        return False
    if message.photo and not message.caption and turn.is_private and turn.in_dialog is None:
        turn.say(review_words.photo())
        return True
    if not _is_plan_file(message):
        return False
    name = (message.document.file_name if message.document is not None else None) or ""
    if _is_too_large(message):
        turn.say(review_words.too_large(LARGEST_FILE >> 20))
    elif not isinstance(turn.prepared, bytes):
        turn.say(review_words.download_failed())
    else:
        await _receive(turn, await open_asking(turn), name, turn.prepared)
    return True


async def _receive(turn: Turn, asking: Asking, name: str, content: bytes) -> None:
    received = await reviews.receive(asking, name, content)
    if received.plan_id is not None:
        turn.say(review_words.made_already(received.plan_id))
    elif received.review_id is not None:
        turn.say(review_words.card(await _view(turn, asking, received.review_id)))
    else:
        number = turn.message.message_id if turn.message is not None else turn.tapped
        told = f"{READING}:{asking.chat_id}:{number}:told"
        turn.say(review_words.reading(name, told))
        await errands.ask(turn, asking, READING, FileErrand(received.file, told))


@privately
async def on_annex(turn: Turn, asking: Asking, tap: ReadAnnex) -> None:
    """A table is the annex of a plan."""
    sent = tables.find_sent(turn)
    if not isinstance(sent, SentTable) or sent.mark != tap.mark:
        raise TapRefusedError(review_words.send_again())
    is_named = Path(sent.name).suffix.lower() in ENDINGS
    await _receive(turn, asking, sent.name if is_named else f"{sent.name}.xlsx", sent.content)


# One thing after the other -------------------------------------------------------------------------------------------


async def _view(turn: Turn, asking: Asking, review_id: int) -> ReviewView:
    found = await reviews.find_view(asking, review_id, turn.resource(Adviser), turn.resource(Rules))
    return or_gone(found, review_words.gone())


def _say(turn: Turn, reply: Reply) -> None:
    """Say it in the place of the message that was tapped; below that, its buttons gone, where either has a picture."""
    tapped = turn.incoming.effective_message
    if turn.tapped is not None and isinstance(tapped, Message) and (reply.photo is not None or tapped.photo):
        turn.call_later(
            "editMessageReplyMarkup",
            chat_id=tapped.chat.id,
            message_id=tapped.message_id,
            reply_markup={"inline_keyboard": []},
        )
        reply = replace(reply, edits=None)
    turn.say(reply)


async def _step(asking: Asking, view: ReviewView, *, after: int | None = None, edits: int | None = None) -> Reply:
    """What is to be decided next, with its picture where it was read from one."""
    picture = await reviews.find_picture(asking, view, view.next_asked)
    return step_words.step(view, picture, after=after, edits=edits)


async def _go_on(turn: Turn, asking: Asking, review_id: int, *, after: int | None = None) -> None:
    """What is to be decided next, `after` a row that was looked at alone; what was being corrected in words is left."""
    await MENDING.close(asking.db, asking.chat_id)
    _say(turn, await _step(asking, await _view(turn, asking, review_id), after=after, edits=turn.tapped))


async def _refuse(turn: Turn, asking: Asking, review_id: int) -> TapRefusedError:
    """Show how the review is by now; what tells whoever tapped that somebody else was quicker."""
    await _go_on(turn, asking, review_id)
    return TapRefusedError(review_words.decided_meanwhile())


async def _decide(turn: Turn, asking: Asking, review_id: int, deciding: Awaitable[Decided]) -> Decided:
    """Do what was tapped; where somebody else was quicker, show how the review is by now instead."""
    try:
        return await deciding
    except ReviewChangedError:
        raise await _refuse(turn, asking, review_id) from None


@privately
async def on_open(turn: Turn, asking: Asking, tap: taps.OpenReview) -> None:
    """The card, also to come back to later."""
    await MENDING.close(asking.db, asking.chat_id)
    _say(turn, review_words.card(await _view(turn, asking, tap.review), edits=turn.tapped))


@privately
async def on_go_on(turn: Turn, asking: Asking, tap: taps.GoOn) -> None:
    await _go_on(turn, asking, tap.review)


@privately
async def on_list(turn: Turn, asking: Asking, tap: taps.ListFacts) -> None:
    _say(turn, review_words.facts(await _view(turn, asking, tap.review), tap.page, edits=turn.tapped))


@privately
async def on_fact(turn: Turn, asking: Asking, tap: taps.ShowFact) -> None:
    await MENDING.close(asking.db, asking.chat_id)
    view = await _view(turn, asking, tap.review)
    number = next((number for number, row in enumerate(view.listed) if row.place == tap.place), None)
    if number is None:
        raise await _refuse(turn, asking, tap.review)
    picture = await reviews.find_picture(asking, view, view.listed[number])
    _say(turn, review_words.fact(view, number, picture, edits=turn.tapped))


@privately
async def on_take_out(turn: Turn, asking: Asking, tap: taps.DropFact) -> None:
    view = await _view(turn, asking, tap.review)
    await _decide(turn, asking, tap.review, reviews.take_out(asking, view, tap.place))
    _say(turn, review_words.card(await _view(turn, asking, tap.review), edits=turn.tapped))


@privately
async def on_take_back(turn: Turn, asking: Asking, tap: taps.TakeBack) -> None:
    view = await _view(turn, asking, tap.review)
    await _decide(turn, asking, tap.review, reviews.take_back(asking, view, tap.place))
    _say(turn, review_words.card(await _view(turn, asking, tap.review), edits=turn.tapped))


@privately
async def on_judge(turn: Turn, asking: Asking, tap: taps.JudgeFact) -> None:
    view = await _view(turn, asking, tap.review)
    await _decide(turn, asking, tap.review, reviews.judge(asking, view, [tap.place], is_right=tap.is_right))
    await _go_on(turn, asking, tap.review, after=tap.place)


@privately
async def on_judge_together(turn: Turn, asking: Asking, tap: taps.JudgeTogether) -> None:
    view = await _view(turn, asking, tap.review)
    targets = view.waiting(ReviewMatter.TARGET)
    shown = [row.place for row in targets if tap.first <= row.place <= tap.last]
    await _decide(turn, asking, tap.review, reviews.judge(asking, view, shown, is_right=tap.is_right))
    await _go_on(turn, asking, tap.review)


@privately
async def on_go_through(turn: Turn, asking: Asking, tap: taps.GoThrough) -> None:
    """One after the other, what could be decided together."""
    await _go_on(turn, asking, tap.review, after=tap.place)


@privately
async def on_skip_together(turn: Turn, asking: Asking, tap: taps.SkipTogether) -> None:
    view = await _view(turn, asking, tap.review)
    shown = [row.place for row in view.left_over if tap.first <= row.place <= tap.last]
    await _decide(turn, asking, tap.review, reviews.leave_out(asking, view, shown))
    await _go_on(turn, asking, tap.review)


@privately
async def on_number(turn: Turn, asking: Asking, tap: taps.JudgeNumber) -> None:
    view = await _view(turn, asking, tap.review)
    if not tap.is_target:
        await _decide(turn, asking, tap.review, reviews.leave_out(asking, view, [tap.place]))
    else:
        known = tuple(turn.resource(Adviser).plans.values())
        if not await _decide(turn, asking, tap.review, reviews.make_target(asking, view, tap.place, known)):
            raise TapRefusedError(step_words.no_target())
    await _go_on(turn, asking, tap.review, after=tap.place)


@privately
async def on_skip(turn: Turn, asking: Asking, tap: taps.SkipNumbers) -> None:
    view = await _view(turn, asking, tap.review)
    await _decide(turn, asking, tap.review, reviews.leave_out(asking, view, [row.place for row in view.left_over]))
    await _go_on(turn, asking, tap.review)


@privately
async def on_confirm_subjects(turn: Turn, asking: Asking, tap: taps.ConfirmSubjects) -> None:
    view = await _view(turn, asking, tap.review)
    shown = [row.place for row in view.subjects if tap.first <= row.place <= tap.last]
    await _decide(turn, asking, tap.review, reviews.confirm(asking, view, shown))
    await _go_on(turn, asking, tap.review)


@privately
async def on_offer_subjects(turn: Turn, asking: Asking, tap: taps.OfferSubjects) -> None:
    view = await _view(turn, asking, tap.review)
    row = next((row for row in view.subjects if row.place == tap.place), None)
    if row is None:
        raise await _refuse(turn, asking, tap.review)
    await MENDING.keep(asking, FactMending(tap.review, tap.place, row.verdict))
    _say(turn, step_words.choose_subject(view, row, edits=turn.tapped))


@privately
async def on_choose_subject(turn: Turn, asking: Asking, tap: taps.ChooseSubject) -> None:
    view = await _view(turn, asking, tap.review)
    await _decide(turn, asking, tap.review, reviews.choose_subject(asking, view, tap.place, tap.number))
    await _go_on(turn, asking, tap.review)


@privately
async def on_confirm_duties(turn: Turn, asking: Asking, tap: taps.ConfirmDuties) -> None:
    view = await _view(turn, asking, tap.review)
    shown = [duty.place for duty in view.duties if tap.first <= duty.place <= tap.last]
    await _decide(turn, asking, tap.review, reviews.confirm(asking, view, shown))
    await _go_on(turn, asking, tap.review)


@privately
async def on_drop_duty(turn: Turn, asking: Asking, tap: taps.DropDuty) -> None:
    view = await _view(turn, asking, tap.review)
    await _decide(turn, asking, tap.review, reviews.leave_out(asking, view, [tap.place]))
    await _go_on(turn, asking, tap.review)


# In words ------------------------------------------------------------------------------------------------------------


@privately
async def on_mend(turn: Turn, asking: Asking, tap: taps.MendFact) -> None:
    view = await _view(turn, asking, tap.review)
    row = view.find_shown(tap.place)
    if row is None:
        raise await _refuse(turn, asking, tap.review)
    await MENDING.keep(asking, FactMending(tap.review, tap.place, row.verdict))
    _say(turn, step_words.ask_mending(view, row, edits=turn.tapped))


async def take_mending(turn: Turn, asking: Asking, state: FactMending, said: str) -> None:
    """What is right of a fact, in words."""
    view = await reviews.find_view(asking, state.review, turn.resource(Adviser), turn.resource(Rules))
    row = view.find_shown(state.place) if view is not None else None
    if view is None or row is None or row.verdict is not state.was:
        await MENDING.close(asking.db, asking.chat_id)
        turn.say(Reply(review_words.gone()) if view is None else step_words.overtaken(await _step(asking, view)))
        return
    if not await reviews.mend(asking, view, state.place, said, turn.resource(Adviser).understanding):
        turn.say(step_words.not_understood(row))
        return
    await MENDING.close(asking.db, asking.chat_id)
    view = await _view(turn, asking, state.review)
    now = view.review.get_row(state.place)
    assert now is not None
    turn.say(step_words.noted(view, now, await _step(asking, view, after=now.place)))


_leave = MENDING.leaving(step_words.mending_left)

DIALOGS = (
    Dialog(hear=hear_file, leave=_leave, takes_forwarded=True),
    Dialog(hear=MENDING.hearing(take_mending, _leave), leave=_leave, feature=MENDING.feature),
)


# The end -------------------------------------------------------------------------------------------------------------


@privately
async def on_compare(turn: Turn, asking: Asking, tap: taps.CompareReview) -> None:
    """**So với …**: what is new, changed and gone against the plan that may be replaced."""
    view = await _view(turn, asking, tap.review)
    old = reviews.find_compared(view, tap.plan)
    if old is None:
        raise await _refuse(turn, asking, tap.review)
    difference = compare(old, reviews.draft(view, turn.resource(Adviser)))
    _say(turn, review_words.compared(view, old, difference, edits=turn.tapped))


@privately
async def on_try(turn: Turn, asking: Asking, tap: taps.TryQuestions) -> None:
    """**Câu trả lời nào đổi**: asked aside, since it takes a while."""
    if reviews.find_compared(await _view(turn, asking, tap.review), tap.plan) is None:
        raise await _refuse(turn, asking, tap.review)
    turn.say(review_words.trying())
    await errands.ask(turn, asking, TRYING, TryErrand(tap.review, tap.plan))


async def try_aside(place: Workplace, errand: TryErrand) -> Made:
    """Ask questions of what is known and of what would be known."""
    adviser = place.resource(Adviser)
    async with place.reading() as asking:
        view = await reviews.find_view(asking, errand.review, adviser, place.resource(Rules))
    old = reviews.find_compared(view, errand.plan)
    if view is None or old is None:
        return Made([Reply(review_words.gone())])
    tried = await asyncio.to_thread(try_plan, adviser, old, reviews.draft(view, adviser))
    return Made([review_words.tried(view, old, tried)])


@privately
async def on_finish(turn: Turn, asking: Asking, tap: taps.FinishReview) -> None:
    """**Duyệt**: the plan is made, and goes the way of every plan that waits for approval."""
    view = await _view(turn, asking, tap.review)
    known = await reviews.find_known(asking, view)
    if known is not None:
        turn.say(review_words.known_already(known))
        return
    try:
        finishing = reviews.finish(asking, view, turn.resource(Adviser).understanding)
        plan = await _decide(turn, asking, tap.review, finishing)
    except CatalogueError as error:
        turn.say(words.does_not_fit(error.problem))
        raise TapRefusedError(words.refused()) from None
    turn.after_commit(turn.resource(LivingCatalogue).renew)
    await managing.on_approve(turn, taps.ApprovePlan(taps.mark_of_waiting(plan.id)))


@privately
async def on_ask_dropping(turn: Turn, asking: Asking, tap: taps.AskDropping) -> None:
    _say(turn, review_words.confirm_dropping(await _view(turn, asking, tap.review), edits=turn.tapped))


@privately
async def on_drop(turn: Turn, asking: Asking, tap: taps.DropReview) -> None:
    view = await _view(turn, asking, tap.review)
    try:
        await reviews.discard(asking, view)
    except ReviewChangedError:
        raise TapRefusedError(review_words.gone()) from None
    _say(turn, review_words.dropped(view, edits=turn.tapped))


MAKERS: Final[dict[str, Maker[Any]]] = {
    **reading_aside.MAKERS,
    TRYING: Maker(TryErrand, try_aside, failed=review_words.trying_failed()),
}

TAPS = (
    On(ReadAnnex, on_annex),
    On(taps.OpenReview, on_open),
    On(taps.GoOn, on_go_on),
    On(taps.ListFacts, on_list),
    On(taps.ShowFact, on_fact),
    On(taps.DropFact, on_take_out),
    On(taps.TakeBack, on_take_back),
    On(taps.JudgeFact, on_judge),
    On(taps.MendFact, on_mend),
    On(taps.JudgeNumber, on_number),
    On(taps.JudgeTogether, on_judge_together),
    On(taps.SkipTogether, on_skip_together),
    On(taps.GoThrough, on_go_through),
    On(taps.SkipNumbers, on_skip),
    On(taps.ConfirmSubjects, on_confirm_subjects),
    On(taps.OfferSubjects, on_offer_subjects),
    On(taps.ChooseSubject, on_choose_subject),
    On(taps.ConfirmDuties, on_confirm_duties),
    On(taps.DropDuty, on_drop_duty),
    On(taps.CompareReview, on_compare),
    On(taps.TryQuestions, on_try),
    On(taps.FinishReview, on_finish),
    On(taps.AskDropping, on_ask_dropping),
    On(taps.DropReview, on_drop),
)
