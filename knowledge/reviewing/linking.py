"""Facts of a known plan and the text that it was made of: which sentence each stands in, and which stand in none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.importing.figures import find_numbers
from knowledge.importing.model import PlanReading, ReadTarget
from knowledge.importing.shadow import shadow
from knowledge.model.plans import Deadline, Plan, Target
from knowledge.text import fold_words

_ENOUGH = 0.5
"""Share of the words of a deadline that its paragraph holds."""


@dataclass(frozen=True)
class Linked:
    """The facts of a plan with the words they stand in, by the ids of targets and deadlines.

    Attributes:
        quotes: the sentence of each fact that was found.
        missing: the ids of those that were not.
    """

    quotes: dict[str, str]
    missing: tuple[str, ...]


def link(plan: Plan, reading: PlanReading) -> Linked:
    """Find the targets and deadlines of a plan in a reading of its text."""
    quotes = {}
    for target in plan.targets:
        found = _find_target(target, reading)
        if found is not None:
            quotes[target.id] = found
    for deadline in plan.deadlines:
        found = _find_deadline(deadline, reading)
        if found is not None:
            quotes[deadline.id] = found
    every = [*(target.id for target in plan.targets), *(deadline.id for deadline in plan.deadlines)]
    return Linked(quotes, tuple(fact for fact in every if fact not in quotes))


def _find_target(target: Target, reading: PlanReading) -> str | None:
    """The sentence of the target that was read with the same figure and year and most of the same words."""
    same = [read for read in reading.targets if _is_same(target, read)]
    if same:
        return max(same, key=lambda read: _shared(target.population, read.indicator)).quote
    holding = [text for text in _texts(reading) if _holds(text, target)]
    return max(holding, key=lambda text: _shared(target.population, text), default=None)


def _is_same(target: Target, read: ReadTarget) -> bool:
    figure = (target.value, target.value_max, target.horizon)
    return figure == (read.value, read.value_max, read.horizon) and _shared(target.population, read.indicator) > 0


def _holds(text: str, target: Target) -> bool:
    """Whether a paragraph holds the numbers of a target; its words, where it has none."""
    if not target.values:
        return _shared(target.population, text) >= _ENOUGH
    numbers = {number.value for number in find_numbers(shadow(text))}
    return numbers.issuperset(target.values) and _shared(target.population, text) > 0


def _find_deadline(deadline: Deadline, reading: PlanReading) -> str | None:
    texts = [(text, _shared(f"{deadline.what} {deadline.when}", text)) for text in _texts(reading)]
    text, share = max(texts, key=lambda each: each[1], default=("", 0.0))
    return text if share >= _ENOUGH else None


def _texts(reading: PlanReading) -> Iterator[str]:
    yield from (passage.text for passage in reading.passages)
    yield from (read.quote for read in (*reading.deadlines, *reading.tasks))


def _shared(words: str, text: str) -> float:
    """The share (0–1) of words that a text holds."""
    wanted, held = set(fold_words(words)), set(fold_words(text))
    return len(wanted & held) / len(wanted) if wanted else 0.0
