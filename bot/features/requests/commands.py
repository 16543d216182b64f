"""What needs the supervisor, in a chat: requests asked and decided, reports sent back."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.access import Right
from bot.features.requests import service, words
from bot.features.requests.dialogs import KEEPER, Explaining, Refusing, Remarking
from bot.features.requests.service import CampaignIsOver, Wish
from bot.features.requests.taps import DecideRequest, LeaveRequest, RefuseRequest
from bot.hands.asking import Asking, acting, get_chat, open_acting, privately
from bot.hands.feature import Dialog, Feature, always
from bot.hands.taps import On, TapRefusedError, or_gone
from bot.road.turn import Turn
from bot.services.campaigns import is_closed
from bot.services.reports import find_report
from bot.taps import AskExtension, AskReopening, SendReportBack
from bot.words import reports as report_words
from knowledge.calendar.outcomes import Unclear
from knowledge.meanings import Place


@acting
async def on_extension(turn: Turn, asking: Asking, tap: AskExtension) -> None:
    """**Xin gia hạn**: the next message is its reason."""
    unit = await asking.get_unit(Right.SUBMIT, tap.unit)
    form = or_gone(asking.forms.find(tap.form, tap.period), report_words.button_over())
    if tap.period.kind is not form.period:
        raise TapRefusedError(report_words.button_over())
    await _ask_why(turn, asking, await service.find_extension(asking, unit, form, tap.period, tap.until))


@acting
async def on_reopening(turn: Turn, asking: Asking, tap: AskReopening) -> None:
    """**Xin mở lại**: the same for a report that is locked."""
    report = or_gone(await find_report(asking, Right.SUBMIT, tap.submission), report_words.button_over())
    await _ask_why(turn, asking, await service.find_reopening(asking, report))


async def _ask_why(turn: Turn, asking: Asking, wish: Wish | CampaignIsOver | None) -> None:
    if isinstance(wish, Wish):
        await KEEPER.keep(asking, wish.explaining)
        turn.say(words.ask_reason(wish))
    else:
        turn.say(words.nothing_to_ask(wish))


@acting
async def on_send_back(turn: Turn, asking: Asking, tap: SendReportBack) -> None:
    """**Gửi trả**: the next message tells the unit what to correct."""
    report = await service.find_to_send_back(asking, tap.submission)
    if report is None:
        turn.say(words.sent_back_already())
        return
    if await is_closed(asking, report.form, report.period):
        turn.say(words.campaign_closed())
        return
    await KEEPER.keep(asking, Remarking(submission_id=tap.submission))
    turn.say(words.ask_remark(report))


@acting
async def on_decision(turn: Turn, asking: Asking, tap: DecideRequest) -> None:
    """**Đồng ý**: once, and told to everyone it concerns; **Từ chối** asks first why."""
    waiting = None if tap.approved else await service.find_to_refuse(asking, tap.request)
    if waiting is not None:
        await KEEPER.keep(asking, Refusing(request_id=tap.request))
        turn.say(words.ask_refusal_reason(waiting))
    else:
        await _decide(turn, asking, tap.request, approved=tap.approved)


@acting
async def on_refusal(turn: Turn, asking: Asking, tap: RefuseRequest) -> None:
    """One of the usual reasons, or none."""
    state = await KEEPER.find(asking.db, asking.chat_id)
    if isinstance(state, Refusing) and state.request_id == tap.request:
        await KEEPER.close(asking.db, asking.chat_id)
    await _decide(turn, asking, tap.request, approved=False, remark=words.refusal_reason(tap.why))


async def _decide(turn: Turn, asking: Asking, request_id: int, *, approved: bool, remark: str = "") -> None:
    admins = turn.settings.admin_ids
    decided = or_gone(
        await service.decide(asking, request_id, approved=approved, admin_ids=admins, remark=remark),
        report_words.not_yours_tap(),
    )
    if not decided.is_new:
        raise TapRefusedError(words.decided_already(decided))
    if turn.tapped is not None:
        turn.answer_tap(words.noted(approved=decided.is_approved))
    else:
        turn.say(words.refused())
    number = decided.request.id
    for telegram_id in decided.deciders:
        turn.say_to(telegram_id, replace(words.decided(decided), edits_key=f"request:{number}:{telegram_id}"))
    for person in decided.officers:
        if person.telegram_id is not None:
            turn.say_to(person.telegram_id, replace(words.decision(decided), key=f"decision:{number}:{person.id}"))


# The dialog among others -------------------------------------------------------------------------------------------


async def _take(turn: Turn, asking: Asking, state: Explaining | Remarking | Refusing, text: str) -> None:
    """A reason or a remark."""
    if isinstance(state, Explaining):
        await _take_reason(turn, asking, state, text)
    elif isinstance(state, Refusing):
        await _take_refusal(turn, asking, state, text)
    else:
        await _take_remark(turn, asking, state, text)


async def _take_reason(turn: Turn, asking: Asking, state: Explaining, text: str) -> None:
    """Put the request to whoever may decide it."""
    wish = await service.find_explained(asking, state)
    if not isinstance(wish, Wish):
        await KEEPER.close(asking.db, asking.chat_id)
        turn.say(words.nothing_to_ask(wish))
        return
    reason, day = service.read_wish(text, wish, asking.today)
    if not service.is_explained(reason):
        turn.say(words.reason_too_short())
        return
    if isinstance(day, Unclear):
        turn.say(words.no_such_day(day.words))
        return
    if day is not None and not wish.may_end(day, asking.today):
        turn.say(words.date_too_early(wish.find_soonest(asking.today)))
        return
    asked = await service.ask(asking, wish, reason, day or wish.until, turn.settings.admin_ids)
    await KEEPER.close(asking.db, asking.chat_id)
    if not asked.is_new:
        turn.say(words.asked_already(at=asked.request.asked_at, zone=asking.zone))
        return
    for telegram_id in asked.deciders:
        told = words.to_decide(asked, by=asking.asker.name)
        turn.say_to(telegram_id, replace(told, key=f"request:{asked.request.id}:{telegram_id}"))
    turn.say(words.asked(asked))


async def _take_refusal(turn: Turn, asking: Asking, state: Refusing, text: str) -> None:
    """Refuse with the reason that was typed; a colleague may have answered meanwhile."""
    if not service.is_explained(text):
        turn.say(words.reason_too_short())
        return
    await KEEPER.close(asking.db, asking.chat_id)
    if await service.find_to_refuse(asking, state.request_id) is None:
        turn.say(words.answered_meanwhile())
        return
    await _decide(turn, asking, state.request_id, approved=False, remark=text)


async def _take_remark(turn: Turn, asking: Asking, state: Remarking, text: str) -> None:
    """Send the report back with what was written."""
    if not service.is_explained(text):
        turn.say(words.reason_too_short())
        return
    await KEEPER.close(asking.db, asking.chat_id)
    done = await service.send_back(asking, state.submission_id, text)
    if done is None:
        turn.say(words.sent_back_already())
        return
    joined = [person for person in done.officers if person.telegram_id is not None]
    for person in joined:
        if person.telegram_id is not None:
            told = words.to_correct(done, by=asking.asker.name)
            turn.say_to(person.telegram_id, replace(told, key=f"returned:{done.report.submission.id}:{person.id}"))
    turn.say(words.sent_back(done.report, reached=len(joined)))


leave = KEEPER.leaving(report_words.step_left)
hear = KEEPER.hearing(_take, leave)


@privately
async def on_leave(turn: Turn, _asking: Asking, _tap: LeaveRequest) -> None:
    await leave(turn)


async def resume(turn: Turn) -> None:
    """After a question in between: ask for the reason or the remark again."""
    state = await KEEPER.find(turn.db, get_chat(turn))
    if state is None:
        return
    asking = await open_acting(turn)
    if isinstance(state, Remarking):
        report = await find_report(asking, Right.SUPERVISE, state.submission_id)
        if report is not None:
            turn.say(words.ask_remark(report))
        return
    if isinstance(state, Refusing):
        waiting = await service.find_to_refuse(asking, state.request_id)
        if waiting is not None:
            turn.say(words.ask_refusal_reason(waiting))
        return
    wish = await service.find_explained(asking, state)
    if isinstance(wish, Wish):
        turn.say(words.ask_reason(wish))


FEATURE: Final = Feature(
    "requests",
    taps=(
        On(AskExtension, on_extension),
        On(AskReopening, on_reopening),
        On(SendReportBack, on_send_back),
        On(DecideRequest, on_decision),
        On(RefuseRequest, on_refusal),
        On(LeaveRequest, on_leave),
    ),
    dialogs=(Dialog(hear=hear, leave=leave, resume=resume, feature=KEEPER.feature, place=always(Place.REPORTING)),),
)
