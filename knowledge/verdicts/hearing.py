"""How much of what is asked a line of a plan holds."""

from __future__ import annotations

from collections.abc import Callable, Container

from knowledge.model.answers import Answer, Passage

HEARD, WELL_HEARD = 0.5, 0.75
"""Shares (0–1) of a question's words that a line must hold before it is told: the first line, and one behind it."""

Fold = Callable[[str], tuple[str, ...]]


def words_of(passage: Passage, fold: Fold) -> tuple[str, ...]:
    """The folded words by which a line is known: its own, those of its bodies, and its keywords."""
    task, due = passage.task, passage.deadline
    if task is not None:
        return fold(" ".join((task.summary, *task.lead, *task.with_, *task.keywords)))
    if due is None:
        return ()
    return fold(" ".join((due.what, due.when, due.who, due.to or "", due.via or "", *due.keywords)))


def share_heard(answer: Answer, passage: Passage, fold: Fold, without: Container[str]) -> float:
    """The share of the words of an answer's question that a line holds; 1 where nothing is left of them.

    Args:
        fold: makes the folded words of a text of the catalogue.
        without: words that only stand for what is asked.
    """
    asked = [word for word in answer.question.content if word not in without and word.isalpha()]
    held = set(words_of(passage, fold))
    return sum(word in held for word in asked) / len(asked) if asked else 1.0
