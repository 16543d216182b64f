"""**Đã rõ** and **Có ý kiến** under a share, and how an opinion is decided on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.features.targets.giving import choosing, opinions, words
from bot.features.targets.giving import told_words as said
from bot.features.targets.giving.commands import change_one, take_choice, take_goal, take_typed
from bot.features.targets.giving.dialogs import (
    KEEPER,
    Changing,
    ChoosingGoal,
    Keeping,
    NamingGoal,
    Objecting,
    SettingShares,
    State,
)
from bot.features.targets.giving.taps import (
    AnswerByChange,
    AnswerByKeeping,
    KeepWithoutRemark,
    LeaveOpinion,
    SayClear,
    SayOpinion,
)
from bot.hands.asking import Asking, acting, get_chat, open_acting, privately
from bot.hands.meaning import is_question, is_said_aside
from bot.hands.taps import TapRefusedError, or_gone
from bot.road.turn import Turn
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.model.shares import ShareAnswer
from knowledge.reports import filling
from knowledge.reports.sheet import SheetAction

SURE_QUESTION: Final = 0.6
"""Probability (0–1) from which words that say no shares are a question in between."""


@acting
async def on_clear(turn: Turn, asking: Asking, tap: SayClear) -> None:
    """**Đã rõ**, of one unit's share or of all shares that came in one message."""
    if tap.goal:
        noted = await opinions.say_all_clear(asking, tap.goal, tap.share) > 0
    else:
        noted = await opinions.say_clear(asking, tap.share)
    turn.answer_tap(said.noted() if noted else said.noted_already())


@acting
async def on_opinion(turn: Turn, asking: Asking, tap: SayOpinion) -> None:
    """**Có ý kiến**: the next message is it."""
    about = or_gone(await opinions.find_own(asking, tap.share), said.noted_already())
    if about.share.answer is ShareAnswer.OBJECTED:
        raise TapRefusedError(said.noted_already())
    await KEEPER.keep(asking, Objecting(share=tap.share))
    turn.say(said.ask_opinion(about))


@acting
async def on_answer_by_change(turn: Turn, asking: Asking, tap: AnswerByChange) -> None:
    """**Sửa chỉ tiêu**: the next message is the number."""
    about = or_gone(await opinions.find_opinion(asking, tap.share), said.decided_already())
    await KEEPER.keep(asking, Changing(share=tap.share))
    turn.say(said.ask_number(about))


@acting
async def on_answer_by_keeping(turn: Turn, asking: Asking, tap: AnswerByKeeping) -> None:
    """**Giữ nguyên**: the next message is the remark."""
    about = or_gone(await opinions.find_opinion(asking, tap.share), said.decided_already())
    await KEEPER.keep(asking, Keeping(share=tap.share))
    turn.say(said.ask_remark(about))


@acting
async def on_keep_without(turn: Turn, asking: Asking, tap: KeepWithoutRemark) -> None:
    await KEEPER.close(asking.db, asking.chat_id)
    await _keep(turn, asking, tap.share, "")


async def _keep(turn: Turn, asking: Asking, share_id: int, remark: str) -> None:
    kept = or_gone(await opinions.keep(asking, share_id, remark), said.decided_already())
    turn.say(said.kept(kept))
    for person in kept.hearers:
        if person.telegram_id is not None:
            turn.say_to(person.telegram_id, replace(said.decision(kept), key=f"share-kept:{share_id}:{person.id}"))


async def _say_opinion(turn: Turn, asking: Asking, share_id: int, text: str) -> None:
    opinion = await opinions.say(asking, share_id, text, turn.settings.admin_ids)
    if opinion is None:
        turn.say(said.said_already())
        return
    for chat_id in opinion.deciders:
        turn.say_to(chat_id, replace(said.to_decide(opinion), key=f"share-opinion:{share_id}:{chat_id}"))
    turn.say(said.said(opinion))


@privately
async def on_leave(turn: Turn, _asking: Asking, _tap: LeaveOpinion) -> None:
    await leave(turn)


# The dialog among others ---------------------------------------------------------------------------------------------


async def leave(turn: Turn) -> bool:
    """Leave whatever is under way, and say so; False where nothing is."""
    state = await KEEPER.find(turn.db, get_chat(turn))
    if state is None or not await KEEPER.close(turn.db, get_chat(turn)):
        return False
    is_answer = isinstance(state, Objecting | Changing | Keeping)
    turn.say(said.dropped() if is_answer else words.left())
    return True


async def hear(turn: Turn) -> bool:
    """The next words of what is under way; a question in between is one."""
    state, text = KEEPER.read(turn.in_dialog), turn.message.text if turn.message is not None else None
    if state is None or not text:
        return False
    if filling.find_action(text) is SheetAction.CANCEL:
        return await leave(turn)
    if is_said_aside(text):
        return False
    asking = await open_acting(turn)
    if isinstance(state, SettingShares | ChoosingGoal) and is_question(turn.meant):
        if load_words().asks_back(text):
            return False
        is_sure = (
            turn.meant is not None and turn.meant.means is Meaning.PLAN_QUESTION and turn.meant.sure >= SURE_QUESTION
        )
        if is_sure and not await choosing.says_shares(asking, state.unit, text):
            return False
    try:
        await _take(turn, asking, state, text)
    except TapRefusedError as refused:
        turn.say(words.refused(refused.toast))
    return True


async def _take(turn: Turn, asking: Asking, state: State, text: str) -> None:
    match state:
        case SettingShares():
            await take_typed(turn, asking, state, text)
        case ChoosingGoal():
            await take_choice(turn, asking, state, text)
        case NamingGoal():
            await take_goal(turn, asking, state, text)
        case Objecting() | Keeping() if not opinions.is_said(text):
            turn.say(said.too_short())
        case Objecting():
            await KEEPER.close(asking.db, asking.chat_id)
            await _say_opinion(turn, asking, state.share, text)
        case Keeping():
            await KEEPER.close(asking.db, asking.chat_id)
            await _keep(turn, asking, state.share, text)
        case Changing():
            about = or_gone(await opinions.find_opinion(asking, state.share), said.decided_already())
            await change_one(turn, asking, about, text)


async def resume(turn: Turn) -> None:
    """After a question in between: what still waits."""
    state = await KEEPER.find(turn.db, get_chat(turn), turn.now)
    if state is not None:
        turn.say(words.resume(state if isinstance(state, SettingShares) else None))
