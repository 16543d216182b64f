"""What stands nearest to a question on which the plans seem silent, where that may be one of understanding."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from knowledge.model.answers import Answer, AnswerKind, Caveat, Passage
from knowledge.model.plans import Plan
from knowledge.model.questions import Question
from knowledge.search.candidates import Sort
from knowledge.search.learned import Opinion
from knowledge.weighing import MOST_LEARNED, SURE_OF_KIND, SURE_OF_SILENCE

LIKELY_SILENCE: Final = 0.5
"""Probability (0–1) of silence up to which a question that names no plan may be one on them."""

PERHAPS_SILENT: Final = 0.15
"""Probability (0–1) of silence from which passages that may not be meant may also be of nothing asked about."""

LEAST_NEAR: Final = 0.004
"""Probability (0–1) from which a passage is shown as what stands nearest."""


def with_nearest(found: Answer, opinion: Opinion, plans: Mapping[str, Plan]) -> Answer:
    """The passages nearest to what was asked, told as such, where a silence may be one of understanding; passages that
    are doubted say so where the plans may be silent.

    Who has a worry and never read a plan asks in words of which the plan has none. The silence stays where its reason
    is certain: a figure is asked for, a number, a place or a body that no plan knows is named, or surely nothing
    answers: a law, small talk.

    Args:
        plans: by id.
    """
    if found.kind is AnswerKind.PASSAGES and found.caveat is Caveat.UNSURE and opinion.odds.silent >= PERHAPS_SILENT:
        return msgspec.structs.replace(found, caveat=Caveat.MAY_BE_ABSENT)
    if _is_certain(found) or _is_for_nothing_near(found.question, opinion):
        return found
    texts = opinion.among({Sort.TASK, Sort.DEADLINE})
    near = [each.candidate for each in texts.ranked if each.p >= LEAST_NEAR][:MOST_LEARNED]
    told = tuple(Passage(plan=plans[c.plan], task=c.tasks[0] if c.tasks else None, deadline=c.deadline) for c in near)
    if not told:
        return found
    return Answer(kind=AnswerKind.PASSAGES, question=found.question, passages=told, caveat=Caveat.MAY_BE_ABSENT)


def _is_certain(silence: Answer) -> bool:
    """Whether an answer is no silence, or one for a reason that stands in the question."""
    question = silence.question
    named = question.items or question.parts or question.elsewhere or question.topics or question.others
    return silence.kind is not AnswerKind.SILENT or bool(named) or silence.caveat not in {None, Caveat.UNSURE}


def _is_for_nothing_near(question: Question, opinion: Opinion) -> bool:
    """Whether a figure is asked for, or what no passage of a plan comes near to: a law, small talk."""
    of_figure = opinion.kinds["target"] + (opinion.kinds["verdict"] if question.figures else 0.0) >= SURE_OF_KIND
    most = SURE_OF_SILENCE if question.plans else LIKELY_SILENCE
    return of_figure or opinion.kinds["silent"] >= SURE_OF_KIND or opinion.odds.silent >= most
