"""Kinds of unions that a plan says nothing of: that it sets any is denied, whatever in it sounds like them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.answers import Answer, AnswerKind, Caveat, Passage
from knowledge.model.plans import Plan, Target, Task
from knowledge.model.questions import Question
from knowledge.text import fold
from knowledge.wordlists import WordLists

MOST_TOLD: Final = 3
"""Tasks told where a figure of such a kind is asked for."""


class _Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of words; the file says of each what it is."""

    kinds: tuple[str, ...]
    founding: tuple[str, ...]
    founded: tuple[str, ...]
    longer: tuple[str, ...]


_WORDS: Final = WordLists.of(read_toml(files("knowledge") / "unsaid_kinds.toml", _Lists))
_FOUNDING: Final = _WORDS.composed(r"(?<!\w)%founding%(?: %founded%){0,3} (?P<kind>%kinds%)(?!\w)")

_SAID: Final = _WORDS.composed(r"(?P<longer>(?<!\w)%longer% )?(?<!\w)(?P<kind>%kinds%)(?!\w)")


def find_kind(spoken: Sequence[str]) -> str:
    """The kind of union that a question wants founded or counted, folded; empty where there is none."""
    found = _FOUNDING.search(" ".join(spoken))
    return found["kind"] if found else ""


class UnsaidKinds:
    """The kinds of unions that the plans of a catalogue speak of."""

    def __init__(self, plans: Mapping[str, Plan]) -> None:
        """`plans` by id."""
        self._plans = plans

    def told(self, found: Answer, plans: Callable[[], Sequence[str]], silent: Callable[[Question], Answer]) -> Answer:
        """An answer, or a denial where no plan asked speaks of the kind of union that is to be founded.

        Args:
            plans: gives the plans (ids) that may be meant; `silent` is the denial.
        """
        question = found.question
        kind = find_kind(question.spoken)
        if not kind or question.elsewhere or self._tells(found, kind):
            return found
        asked = plans()
        if not any(kind in self._kinds_of[plan] for plan in asked):
            return silent(msgspec.structs.replace(question, subjects=()))
        if found.kind is not AnswerKind.TARGETS:
            return found
        said = tuple(
            Passage(plan=self._plans[plan], task=task)
            for plan in asked
            for task in self._plans[plan].tasks
            if kind in _kinds_in(_text_of(task))
        )
        caveat = Caveat.NO_FIGURE
        return Answer(kind=AnswerKind.PASSAGES, question=question, passages=said[:MOST_TOLD], caveat=caveat)

    @staticmethod
    def _tells(found: Answer, kind: str) -> bool:
        texts = [_text_of(passage.task) for passage in found.passages if passage.task is not None]
        texts += [_text_of(fact.target) for fact in found.facts]
        return found.kind in {AnswerKind.ROWS, AnswerKind.GREETING} or any(kind in _kinds_in(text) for text in texts)

    @cached_property
    def _kinds_of(self) -> Mapping[str, frozenset[str]]:
        """The kinds of which each plan speaks."""
        said: dict[str, tuple[Task | Target, ...]] = {
            plan.id: (*plan.tasks, *plan.targets) for plan in self._plans.values()
        }
        return {plan: _kinds_in("\n".join(_text_of(each) for each in of)) for plan, of in said.items()}


def _text_of(said: Task | Target) -> str:
    if isinstance(said, Task):
        return ". ".join((said.summary, *said.keywords))
    return ". ".join((said.population, said.figure, said.quote or ""))


def _kinds_in(text: str) -> frozenset[str]:
    return frozenset(match["kind"] for match in _SAID.finditer(fold(text)) if match["longer"] is None)
