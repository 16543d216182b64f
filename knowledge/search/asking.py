"""What the ranker has to know of a question, taken from the question as it was read."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.model.answers import Answer, AnswerKind
from knowledge.question import Understanding
from knowledge.search.candidates import Sort
from knowledge.search.index import Index
from knowledge.search.ranker import RankedQuestion

LONGEST = 80
"""Words of a message that are looked at."""


class ShownCandidates:
    """Tells which candidates an answer shows, by their ids."""

    def __init__(self, index: Index) -> None:
        """`index` of the catalogue that answers are made of."""
        self._index = index

    def ids(self, answer: Answer) -> frozenset[str]:
        """The ids of what it shows as its answer; not what stands nearest to an absence."""
        if answer.kind is AnswerKind.OVERVIEW:
            return frozenset(f"{group.subject}/{Sort.OVERVIEW}/targets" for group in answer.groups)
        found = {f"{fact.plan.id}/{Sort.TARGET}/{group.subject}" for group in answer.groups for fact in group.facts}
        found |= {f"{row.form.plan}/{Sort.ROW}/{row.row.key}" for row in answer.rows}
        if answer.kind is AnswerKind.DOCUMENTS:
            found |= {f"{plan.id}/{Sort.DOCUMENT}/identity" for plan in answer.documents}
        for passage in answer.passages:
            if passage.deadline is not None:
                found.add(f"{passage.plan.id}/{Sort.DEADLINE}/{passage.deadline.id}")
            elif passage.task is not None:
                place = self._index.place_of_task(passage.plan.id, passage.task)
                found.add(self._index.candidates[place].id if place is not None else "")
        return frozenset(found)


def make_asked(
    understanding: Understanding, named: Answer, kinds: Mapping[str, float], shown: frozenset[str] = frozenset()
) -> RankedQuestion:
    """The question for the ranker; one that leans on another with the words of both.

    Args:
        named: the answer that names alone make, with the question as resolved.
        kinds: the probability (0–1) of each kind of question.
        shown: the ids of the candidates that this answer shows.
    """
    question = named.question
    if question.inherited:
        words = question.spoken
    else:
        words = tuple(syllable.folded for syllable in understanding.speller.spell(question.text))
    return RankedQuestion(
        words=words[:LONGEST],
        kinds=kinds,
        plans=question.plans,
        subjects=question.subjects,
        years=question.years,
        rows=(*question.items, *question.numbers),
        shown=shown,
        road=str(named.kind),
        unexplained=len(question.leftover),
        strange=len(question.strange),
        apart=bool(question.elsewhere or question.topics or question.others),
    )
