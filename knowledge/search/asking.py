"""What the ranker has to know of a question, taken from the question as it was read."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.model.questions import Question
from knowledge.question import Understanding
from knowledge.search.ranker import Asked

LONGEST = 80
"""Words of a message that are looked at."""


def make_asked(understanding: Understanding, question: Question, kinds: Mapping[str, float]) -> Asked:
    """The question for the ranker; one that leans on another with the words of both.

    Args:
        kinds: the probability (0–1) of each kind of question.
    """
    if question.inherited:
        words = question.spoken
    else:
        words = tuple(syllable.folded for syllable in understanding.speller.spell(question.text))
    return Asked(
        words=words[:LONGEST],
        kinds=kinds,
        plans=question.plans,
        subjects=question.subjects,
        years=question.years,
        rows=(*question.items, *question.numbers),
    )
