"""How far a unit is from what is set for it: at /chitieu and at questions in words."""

from __future__ import annotations

from bot.access import Right
from bot.features.targets import giving, words
from bot.features.targets.errands import KIND, ProgressErrand, progress_reply
from bot.hands import errands
from bot.hands.asking import Asking, privately
from bot.hands.registry import Registry
from bot.road.turn import Turn
from bot.rules import Rules
from bot.services import places
from bot.services.plan_targets import FiguresOf, find_month
from bot.words import figures as figure_words
from knowledge.figures_question import Wanted, read_figures
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words

_ABOUT_OWN = frozenset({Meaning.SHARE, Meaning.OWN_FIGURES})


@privately
async def answer_share(turn: Turn, asking: Asking, text: str) -> None:
    """What is asked of the asker's unit: how far it is from its plan; where none governs it, that is said."""
    if load_words().hands_down(text):
        await giving.begin(turn, asking, text)
    elif not await _answer_words(turn, asking, text):
        if turn.meant is None or turn.meant.means in _ABOUT_OWN:
            turn.say(words.no_share())
        else:
            await turn.resource(Registry).get_meant(Meaning.UNKNOWN).act(turn, text)


async def _answer_words(turn: Turn, asking: Asking, text: str) -> bool:
    """Answer of the unit and period that the words name; False where nothing can be said."""
    if not asking.asker.may_anywhere(Right.SEE):
        turn.say(figure_words.not_a_member())
        return True
    question = read_figures(Wanted.PROGRESS, text, asking.today, load_words().around)
    month = find_month(question.period, asking.today)
    if month is None:
        turn.say(figure_words.period_not_open())
        return True
    rules = turn.resource(Rules)
    unit = await places.find_meant(asking, rules, question)
    if unit is None:
        turn.say(figure_words.no_unit(question.place))
        return True
    if await places.is_large(asking.db, unit):
        await errands.ask(turn, asking, KIND, ProgressErrand(unit.id, month.code, question.year or 0))
        turn.say(words.working())
        turn.call_later("sendChatAction", chat_id=turn.chat_id, action="typing")
        return True
    about = FiguresOf(asking.db, rules, unit, get_form(MONTHLY_FORM), month, asking.today)
    reply = await progress_reply(about, question.year)
    if reply is None:
        return False
    turn.say(reply)
    return True
