"""Moments that plans state beside what is due: when figures are closed, how long a document that they cite lasts.

Several deadlines asked for at once are told together. Data: the TOML beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.answers import Answer, AnswerKind, Caveat, Passage
from knowledge.model.plans import Plan, Task
from knowledge.model.questions import Question
from knowledge.text import fold, has_phrase
from knowledge.wordlists import WordLists

MOST_TOLD: Final = 4
"""Deadlines or programmes told at once."""

SHORTEST_NUMBER: Final = 3
"""Digits of a bare number that may be a document's."""

REPORT: Final = "report"
"""The kind of a deadline by which something is handed in."""

Words = tuple[str, ...]


class _Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists of words; the file says of each what it is."""

    figures: tuple[str, ...]
    closing: tuple[str, ...]
    day: tuple[str, ...]
    closes: tuple[str, ...]
    when: tuple[str, ...]
    both: tuple[str, ...]
    handing_in: tuple[str, ...]
    programme: tuple[str, ...]
    lasting: tuple[str, ...]
    span: tuple[str, ...]
    common: tuple[str, ...]


_WORDS: Final = WordLists.of(read_toml(files("knowledge") / "moments.toml", _Lists))
_SOME: Final = r"(?:\s+[^\s.;:!?]+){0,10}?\s+"
_CLOSING: Final = _WORDS.composed(rf"\b%figures%\b{_SOME}?%closing%\b(?:\s+\w+){{0,3}}?\s+%day%\b")
_WHEN: Final = _WORDS.composed(r"\b%when%\b")
_BOTH: Final = _WORDS.composed(r"\b%both%\b")
_HANDING_IN: Final = _WORDS.composed(r"\b%handing_in%\b")
_LASTING: Final = _WORDS.composed(r"\b%programme%\b.*?\b%lasting%\b")
_SPAN: Final = _WORDS.composed(r"\b%span% 20\d\d\s*[-–]\s*20\d\d")


def asks_closing(text: str) -> bool:
    """Whether a text asks for the day up to which figures count: "số liệu chốt tới ngày nào"; not a day to hand in."""
    return _CLOSING.search(fold(text)) is not None


def asks_both(text: str) -> bool:
    """Whether a text asks for more than one day on which something is handed in: "cơ sở ngày nào, ngành tháng nào"."""
    plain = fold(text)
    return _HANDING_IN.search(plain) is not None and (_BOTH.search(plain) is not None or len(_WHEN.findall(plain)) > 1)


def asks_lasting(text: str) -> bool:
    """Whether a text asks in which years a document is carried out: "chương trình … kéo dài tới năm nào"."""
    return _LASTING.search(fold(text)) is not None


class Moments:
    """The moments that a catalogue's plans state."""

    def __init__(self, plans: Mapping[str, Plan], words_of: Callable[[str], Words]) -> None:
        """`plans` by id; `words_of` folds a text as questions are folded."""
        self._plans = plans
        self._words_of = words_of

    def told(self, found: Answer, plans: Callable[[], Sequence[str]]) -> Answer:
        """An answer, or the moments that are asked for where a plan states them.

        Args:
            plans: gives those (ids) that may be meant, where a moment is asked for.
        """
        question = found.question
        if question.elsewhere and not question.plans:
            return found
        if asks_closing(question.text) and not question.figures:
            passages = tuple(self._closing(plans()))
        elif asks_both(question.text) and found.kind is AnswerKind.PASSAGES:
            passages = self._handed_in(found)
        elif asks_lasting(question.text) and not question.figures and self._is_open(found):
            passages = tuple(self._lasting(question, plans()))
        else:
            return found
        return self._answer(question, passages) if passages else found

    @staticmethod
    def _is_open(found: Answer) -> bool:
        """Whether nothing that was surely named is told already."""
        return found.kind in {AnswerKind.TARGETS, AnswerKind.SILENT, AnswerKind.PASSAGES, AnswerKind.DOCUMENTS}

    @staticmethod
    def _answer(question: Question, passages: Sequence[Passage]) -> Answer:
        return Answer(kind=AnswerKind.PASSAGES, question=question, passages=tuple(passages[:MOST_TOLD]))

    def _closing(self, plans: Iterable[str]) -> Iterator[Passage]:
        """The deadlines that say when figures are closed."""
        signs = list(map(self._words_of, _WORDS.folded("closes")))
        for plan in map(self._plans.__getitem__, plans):
            for due in plan.deadlines:
                if has_phrase(self._words_of(due.what), signs):
                    yield Passage(plan=plan, deadline=due)

    @staticmethod
    def _handed_in(found: Answer) -> tuple[Passage, ...]:
        """All that is handed in by the plan of which a deadline is told; none where that is only one."""
        told = [passage for passage in found.passages if passage.deadline is not None]
        if not told or found.caveat is Caveat.NO_FIGURE:
            return ()
        plan = told[0].plan
        due = tuple(Passage(plan=plan, deadline=each) for each in plan.deadlines if each.kind == REPORT)
        return due if 1 < len(due) <= MOST_TOLD else ()

    def _lasting(self, question: Question, plans: Iterable[str]) -> Iterator[Passage]:
        """The programmes cited with the years that they last: of the number that is named, else those called so."""
        asked = set(plans)
        said = {*map(str, question.numbers), *(reference for reference in question.references if reference.isdigit())}
        numbers = {number for number in said if len(number) >= SHORTEST_NUMBER}
        cited = [each for each in self._programmes if each[0].plan.id in asked]
        named = [passage for passage, refs, _ in cited if any(ref.startswith(n) for ref in refs for n in numbers)]
        if said or question.references:
            yield from named
            return
        spoken = _pairs(question.spoken)
        shared = {id(passage): len(spoken & called) for passage, _, called in cited}
        most = max(shared.values(), default=0)
        yield from (passage for passage, _, _ in cited if most and shared[id(passage)] == most)

    @cached_property
    def _programmes(self) -> list[tuple[Passage, tuple[str, ...], frozenset[Words]]]:
        """The tasks that cite a document with its years: the folded numbers, and the pairs of words it is called by."""
        return [
            (Passage(plan=plan, task=task), tuple(fold(ref) for ref in task.refs), self._called(task))
            for plan in self._plans.values()
            for task in plan.tasks
            if task.refs and len(task.refs) == 1 and _SPAN.search(fold(task.summary))
        ]

    def _called(self, task: Task) -> frozenset[Words]:
        return frozenset(pair for text in task.keywords for pair in _pairs(self._words_of(text)))


def _pairs(words: Sequence[str]) -> frozenset[Words]:
    """The neighbours among words of which neither stands in all documents."""
    common = _WORDS.folded("common")
    pairs = itertools.pairwise(words)
    return frozenset(pair for pair in pairs if not common.issuperset(pair) and not all(len(word) < 2 for word in pair))
