"""How far units are from what is set for them: at /chitieu, at questions in words, and at the buttons below."""

from __future__ import annotations

from bot.access import Right
from bot.features.targets import following, following_words, giving, reminding, taps, words
from bot.features.targets.errands import (
    KIND,
    OWN,
    PICTURE,
    UNIT,
    UNITS,
    GoalErrand,
    ProgressErrand,
    SharesErrand,
    progress_reply,
    shares_reply,
    unit_reply,
)
from bot.features.targets.meant import find_meant
from bot.hands import errands
from bot.hands.asking import Asking, acting, open_asking, privately
from bot.hands.registry import Registry
from bot.hands.taps import TapRefusedError, or_gone
from bot.labels import load_labels
from bot.road.turn import Turn
from bot.rules import Rules
from bot.services import places
from bot.services.plan_targets import FiguresOf, find_month
from bot.words import figures as figure_words
from bot.words.nudging import nudged
from knowledge.answer import Adviser
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.meanings import Meaning, Understood
from knowledge.meanings.signs import find_plan, names_far_year
from knowledge.meanings.words import load_words
from knowledge.share_question import read_share_question

_ABOUT_OWN = frozenset({Meaning.SHARE, Meaning.OWN_FIGURES})
_MAY_BE_SHARE = frozenset(
    {*_ABOUT_OWN, Meaning.PLAN_QUESTION, Meaning.DUE, Meaning.OWN_STATUS, Meaning.UNKNOWN, Meaning.SUMMARY}
)
"""What short questions are taken for that may mean a share. Of a supervisor, how many reports are missing is none."""


# Questions -----------------------------------------------------------------------------------------------------------


@privately
async def answer_share(turn: Turn, asking: Asking, text: str) -> None:
    """What is asked of a unit's shares and targets: how far it is; where there is nothing to compare, that is said."""
    if await giving.begin_from_words(turn, asking, text):
        return
    if load_labels().find(text) is not None:  # a bare label names no unit
        text = ""
    if not await _answer_words(turn, asking, text):
        if turn.meant is None or turn.meant.means in _ABOUT_OWN:
            turn.say(words.no_share())
        else:
            await turn.resource(Registry).get_meant(Meaning.UNKNOWN).act(turn, text)


async def act_first(turn: Turn, found: Understood, text: str) -> bool:
    """Take a short question how far one has come, where the asker serves a unit that has a share; what it means to
    others is not that.
    """
    if not turn.is_private or found.means not in _MAY_BE_SHARE or not load_words().asks_reached_shortly(text):
        return False
    if find_plan(text, turn.resource(Adviser).understanding).plan or names_far_year(text, turn.today):
        return False
    asking = await open_asking(turn)
    if not await following.has_shares(asking):
        return False
    await answer_share(turn, text)
    return True


async def _answer_words(turn: Turn, asking: Asking, text: str) -> bool:
    """Answer of the unit and period that the words name; False where nothing can be said."""
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(figure_words.not_a_member())
        return True
    rules = turn.resource(Rules)
    question, unit = await find_meant(asking, rules, turn.resource(Adviser).understanding, text)
    month = find_month(question.period, asking.today)
    if month is None:
        turn.say(figure_words.period_not_open())
        return True
    if unit is None:
        turn.say(figure_words.no_unit(question.place))
        return True
    if await places.is_large(asking.db, unit):
        await errands.ask(turn, asking, KIND, ProgressErrand(unit.id, month.code, question.year or 0, text[:200]))
        turn.say(words.working())
        turn.call_later("sendChatAction", chat_id=turn.chat_id, action="typing")
        return True
    about = FiguresOf(asking.db, rules, unit, get_form(MONTHLY_FORM), month, asking.today)
    reply = await progress_reply(asking, about, question.year, read_share_question(text))
    if reply is None:
        return False
    turn.say(reply)
    return True


# Buttons -------------------------------------------------------------------------------------------------------------


@privately
async def on_show_shares(turn: Turn, asking: Asking, tap: taps.ShowShareProgress) -> None:
    unit = await asking.get_unit(Right.SEE, tap.unit)
    if await places.is_large(asking.db, unit):
        await _make_aside(turn, asking, OWN, SharesErrand(unit.id, tap.year))
        return
    reply = await shares_reply(asking, turn.resource(Rules), unit, tap.year, edits=turn.tapped)
    turn.say(or_gone(reply, following_words.goal_gone()))


@privately
async def on_show_units(turn: Turn, asking: Asking, tap: taps.ShowUnitsOfGoal) -> None:
    unit = await asking.get_unit(Right.SEE, tap.unit)
    goal = or_gone(await following.find_goal(asking, tap.goal, unit), following_words.goal_gone())
    if await places.is_large(asking.db, unit):
        await _make_aside(turn, asking, UNITS, GoalErrand(goal.id, unit.id, tap.page))
        return
    found = await following.read_units(asking, turn.resource(Rules), goal, unit, tap.page)
    turn.say(following_words.units_of_goal(found, edits=turn.tapped))


@privately
async def on_show_unit(turn: Turn, asking: Asking, tap: taps.ShowUnitOfGoal) -> None:
    unit = await asking.get_unit(Right.SEE, tap.unit)
    goal = or_gone(await following.find_goal(asking, tap.goal, unit), following_words.goal_gone())
    if await places.is_large(asking.db, unit):
        await _make_aside(turn, asking, UNIT, GoalErrand(goal.id, unit.id, tap.page))
        return
    turn.say(await unit_reply(asking, turn.resource(Rules), goal, unit, tap.page, edits=turn.tapped))


async def _make_aside(turn: Turn, asking: Asking, kind: str, errand: SharesErrand | GoalErrand) -> None:
    await errands.ask(turn, asking, kind, errand)
    turn.answer_tap(words.working_toast())


@acting
async def on_nudge(turn: Turn, asking: Asking, tap: taps.NudgeUnitOfGoal) -> None:
    unit = await asking.get_unit(Right.SUPERVISE, tap.unit)
    goal = or_gone(await following.find_goal(asking, tap.goal, unit), following_words.goal_gone())
    above = await following.find_parent(asking, unit)
    if above is None or not asking.asker.may(Right.SUPERVISE, above):
        raise TapRefusedError(following_words.goal_gone())
    rules = turn.resource(Rules)
    report = await reminding.nudge_report(asking, rules, goal, unit)
    if report is not None:
        turn.answer_tap(nudged(report, unit.name), alert=True)
        return
    about = await reminding.find_addressees(asking, rules, goal, unit)
    if not about.chats:
        toast = following_words.noted_today if about.again else following_words.nobody_there
        raise TapRefusedError(toast(unit.name))
    progress = None
    if not await places.is_large(asking.db, unit):
        found = await following.read_one(asking, rules, goal, unit)
        progress = found.shares[0].progress if found.shares else None
    for chat_id, key in about.chats:
        turn.say_to(chat_id, following_words.note(unit, progress, goal, asking.asker.name, key=key, at=about.at))
    await asking.note("share.nudged", unit_id=unit.id, subject=goal.name[:80])
    turn.answer_tap(following_words.noted(len(about.chats), unit.name), alert=True)


@privately
async def on_draw(turn: Turn, asking: Asking, tap: taps.DrawUnitsOfGoal) -> None:
    """**Ảnh gửi nhóm**: drawn aside."""
    unit = await asking.get_unit(Right.SEE, tap.unit)
    goal = or_gone(await following.find_goal(asking, tap.goal, unit), following_words.goal_gone())
    await errands.ask(turn, asking, PICTURE, GoalErrand(goal.id, unit.id))
    turn.answer_tap(following_words.drawing())
    turn.call_later("sendChatAction", chat_id=turn.chat_id, action="upload_photo")
