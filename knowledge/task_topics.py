"""Tasks asked for by everyday words for what they are about, where nothing else was surely found; data: the TOML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.answers import Answer, AnswerKind, Caveat, Passage
from knowledge.model.plans import Plan
from knowledge.model.questions import Question
from knowledge.remembering import remembered
from knowledge.said_topics import SaidTopics, Words
from knowledge.text import fold, has_phrase, words

MOST_TOLD: Final = 3
"""Tasks told at once."""

SURE_OF_TASK: Final = 0.5
"""Probability (0–1) from which a question surely asks for what is to be done, or by whom."""

PERHAPS_TASK: Final = 0.3
"""The same, from which it may do so where all that was found is a document's name."""

CLEARLY_TASK: Final = 0.8
"""The same, from which a small word for a number ("mấy anh em") asks for none."""

NEAR: Final = 0.75
"""Share (0–1) of the best task's score from which another is told beside it."""

IN_SUMMARY, IN_KEYWORDS = 2.0, 1.0
"""What words of a topic count in a task's summary, and in its keywords."""

MOST_REMEMBERED: Final = 2000
"""Topics of plans whose tasks are kept."""

MARKED: Final = "="
"""Before a phrase that is met only with its marks."""

TASKS: Final = ("task", "responsible")
"""Kinds of questions that tasks answer."""


class _Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a topic is spoken of, and what stands in the tasks that are of it."""

    said: tuple[str, ...]
    tells: tuple[str, ...]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; it says of each list what it is."""

    other: tuple[str, ...]
    never: tuple[str, ...]
    topics: tuple[_Topic, ...]


@cache
def _data() -> _Data:
    return read_toml(files("knowledge") / "task_topics.toml", _Data)


class TaskTopics:
    """The tasks of plans, found by topics that are spoken of in everyday words."""

    def __init__(self, plans: Mapping[str, Plan], words_of: Callable[[str], Words]) -> None:
        """`plans` by id; `words_of` folds a text as questions are folded."""
        self._plans = plans
        self._words_of = words_of
        self._texts: dict[str, list[tuple[Words, Words]]] = {}
        self._scores = remembered(self._score, MOST_REMEMBERED)

    def told(self, found: Answer, kinds: Mapping[str, float], plans: Callable[[], Sequence[str]]) -> Answer:
        """An answer, or the tasks whose topic is named where it is none, doubted, or passes over what is asked.

        Args:
            kinds: how likely each kind of question is.
            plans: gives the plans (ids) that may be meant.
        """
        question = found.question
        likely = sum(kinds.get(kind, 0.0) for kind in TASKS)
        if not self._is_open(question):
            return found
        topics = self.named_in(question)
        if not topics or not self._may_be_of_task(found, likely, is_certain=max(topics.values()) > 1):
            return found
        told = [passage for plan in plans() for passage in self._of(self._plans[plan], list(topics))]
        if not told or self._tells_any(found, told):
            return found
        beside = found.passages if found.kind is AnswerKind.PASSAGES else ()
        if beside and found.caveat is None:
            if kinds.get("task", 0.0) < CLEARLY_TASK:
                return found
            return msgspec.structs.replace(found, passages=tuple(dict.fromkeys((*beside, told[0]))))
        passages = tuple(dict.fromkeys((*told[: MOST_TOLD - bool(beside)], *beside)))[:MOST_TOLD]
        caveat = None if question.plans and not beside else Caveat.UNSURE
        return Answer(kind=AnswerKind.PASSAGES, question=question, passages=passages, caveat=caveat)

    @staticmethod
    def _tells_any(found: Answer, told: Sequence[Passage]) -> bool:
        """Whether an answer without a doubt tells some of these already."""
        shown = [passage.task for passage in found.passages]
        return found.caveat is None and any(passage.task in shown for passage in told)

    def _is_open(self, question: Question) -> bool:
        """Whether a question names nothing by which it is surely answered, and asks for no time, signer or document."""
        named = question.elsewhere or question.topics or question.references or question.sections
        other = question.asks("when", "signer", "verify", "document") or has_phrase(question.spoken, self._other)
        return not named and not other

    @staticmethod
    def _may_be_of_task(found: Answer, likely: float, *, is_certain: bool) -> bool:
        """Whether an answer may give way; `is_certain`: whether a topic is named in more than one way."""
        question = found.question
        is_task = likely >= SURE_OF_TASK or is_certain
        if question.figures and not is_certain:
            return False
        if question.asks("asked_figure") and likely < CLEARLY_TASK and not question.figures:
            return False
        match found.kind:
            case AnswerKind.SILENT:
                return found.caveat is Caveat.UNSURE or (is_task and not question.asks("planned"))
            case AnswerKind.TARGETS:
                return likely >= SURE_OF_TASK and not found.passages
            case AnswerKind.OVERVIEW:
                return likely >= CLEARLY_TASK and not found.groups
            case AnswerKind.DOCUMENTS:
                return likely >= PERHAPS_TASK or found.caveat is Caveat.UNSURE
            case AnswerKind.PASSAGES:
                is_doubted = found.caveat in {Caveat.UNSURE, Caveat.MAY_BE_ABSENT}
                return is_doubted or (found.caveat is None and likely >= CLEARLY_TASK)
            case _:
                return found.kind is AnswerKind.OUTLINE and found.caveat is Caveat.UNSURE

    def named_in(self, question: Question) -> Mapping[int, int]:
        """The numbers of the topics named in a question, and by how many phrases; within a longer one a shorter one
        says nothing.
        """
        spoken = self._words_of(question.text) if question.inherited else tuple(question.spoken)
        written = tuple(words(question.text.lower()))
        marked = (number for _, number in self._marked.spans(written) if number is not None)
        return Counter((*self._said.named_in(spoken), *marked))

    def _of(self, plan: Plan, topics: Sequence[int]) -> list[Passage]:
        """The tasks of a plan that are of the topics, the best first."""
        scores = map(sum, zip(*(self._scores(plan.id, topic) for topic in topics), strict=True))
        scored = list(zip(scores, plan.tasks, strict=True))
        best = max((score for score, _ in scored), default=0.0)
        if best < IN_SUMMARY:
            return []
        near = sorted((each for each in scored if each[0] >= NEAR * best), key=lambda each: -each[0])
        return [Passage(plan=plan, task=task) for _, task in near]

    def _score(self, plan: str, topic: int) -> list[float]:
        """How much each task of a plan is of a topic."""
        tells = self._topics[topic]
        return [
            sum(
                IN_SUMMARY if has_phrase(summary, [phrase]) else IN_KEYWORDS * has_phrase(keywords, [phrase])
                for phrase in tells
            )
            for summary, keywords in self._texts_of(self._plans[plan])
        ]

    def _texts_of(self, plan: Plan) -> list[tuple[Words, Words]]:
        """What the plan's tasks say, and their keywords; kept."""
        if plan.id not in self._texts:
            fold_words = self._words_of
            self._texts[plan.id] = [
                (fold_words(task.summary), fold_words(" , ".join(task.keywords))) for task in plan.tasks
            ]
        return self._texts[plan.id]

    @cached_property
    def _topics(self) -> list[list[Words]]:
        """What stands in the tasks of each topic."""
        return [[self._words_of(each) for each in topic.tells] for topic in _data().topics]

    @cached_property
    def _said(self) -> SaidTopics:
        """The numbers of the topics by what is said of them; None for what only sounds like one."""
        said = [(each, number) for number, topic in enumerate(_data().topics) for each in topic.said]
        plain = [(self._words_of(each), number) for each, number in said if not each.startswith(MARKED)]
        return SaidTopics([*plain, *((self._words_of(each), None) for each in _data().never)])

    @cached_property
    def _marked(self) -> SaidTopics:
        """The same by what is met only as it is written."""
        said = [(each, number) for number, topic in enumerate(_data().topics) for each in topic.said]
        marked = [(each.removeprefix(MARKED), number) for each, number in said if each.startswith(MARKED)]
        return SaidTopics((tuple(words(each)), number) for each, number in marked)

    @cached_property
    def _other(self) -> list[Words]:
        return [tuple(fold(each).split()) for each in _data().other]
