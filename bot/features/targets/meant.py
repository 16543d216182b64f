"""Which unit a question about shares means."""

from __future__ import annotations

from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services import places
from knowledge.figures_question import FiguresQuestion, Wanted, read_figures
from knowledge.meanings.words import load_words
from knowledge.question import Understanding
from knowledge.share_question import goal_words, words_around
from knowledge.text import fold
from storage.units import Unit


async def find_meant(
    asking: Asking, rules: Rules, plans: Understanding, text: str
) -> tuple[FiguresQuestion, Unit | None]:
    """The question, and the unit it means; words of goals name one only where a unit is really called so."""
    around = load_words().around | words_around()
    question = read_figures(Wanted.PROGRESS, text, asking.today, around)
    unit = await places.find_meant(asking, rules, question)
    if unit is None and question.place:
        others = around | goal_words(rules.forms.asked) | _subject_words(plans, text)
        less = read_figures(Wanted.PROGRESS, text, asking.today, others)
        if less.place != question.place:
            found = await places.find_meant(asking, rules, less)
            return (less, found) if found is not None else (question, None)
    return question, unit


def _subject_words(plans: Understanding, text: str) -> frozenset[str]:
    """The folded words by which the subjects that a question names are called."""
    subjects = [plans.glossary.subject(each) for each in plans.read(text).subjects]
    called = (name for each in subjects for name in (each.name, each.short, *each.phrases))
    return frozenset(word for name in called for word in fold(name).split())
