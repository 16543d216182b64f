"""Which unit a question about shares means."""

from __future__ import annotations

from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services import places
from knowledge.figures_question import FiguresQuestion, Wanted, read_figures
from knowledge.meanings.words import load_words
from knowledge.share_question import goal_words, words_around
from storage.units import Unit


async def find_meant(asking: Asking, rules: Rules, text: str) -> tuple[FiguresQuestion, Unit | None]:
    """The question, and the unit it means; words of goals name one only where a unit is really called so."""
    around = load_words().around | words_around()
    question = read_figures(Wanted.PROGRESS, text, asking.today, around)
    unit = await places.find_meant(asking, rules, question)
    if unit is None and question.place:
        others = around | goal_words(rules.forms.asked)
        less = read_figures(Wanted.PROGRESS, text, asking.today, others)
        if less.place != question.place:
            found = await places.find_meant(asking, rules, less)
            return (less, found) if found is not None else (question, None)
    return question, unit
