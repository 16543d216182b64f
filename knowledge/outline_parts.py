"""Parts of a report's outline asked for by everyday words: "phần tiền nong trong đề cương phải viết gì"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from importlib.resources import files
from typing import NamedTuple

import msgspec

from knowledge.catalogue import read_toml
from knowledge.model.answers import Answer, AnswerKind, Caveat, Passage
from knowledge.model.plans import Plan, Task
from knowledge.model.questions import Question
from knowledge.sections import WORDS_OF_A_TITLE, Sections, section_above
from knowledge.text import has_phrase

LONGEST_TOPIC = 8
"""Words behind the word for a part among which its topic is named."""

MOST_PARTS = 2
"""Parts side by side that one question may ask for."""

DEEPEST_OFFERED = 2
"""Sections that may hold a part that is offered: "Đề cương II.3" stands in "Đề cương II" and the outline."""

_SIGNS_OF_POINTS = ",("
"""What parts the number of a point or a note from its section's: "Đề cương II.3, ý 5"."""

Words = tuple[str, ...]


class _Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words among the first of a section, and how its topic is spoken of."""

    begins: str
    said: tuple[str, ...]


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; it says of each list what it is."""

    outlines: tuple[str, ...]
    reports: tuple[str, ...]
    heads: tuple[str, ...]
    parts: tuple[str, ...]
    writing: tuple[str, ...]
    other: tuple[str, ...]
    topics: tuple[_Topic, ...]


class _Lists(NamedTuple):
    """The lists of the file, folded."""

    outlines: list[Words]
    reports: list[Words]
    heads: list[Words]
    parts: list[Words]
    writing: list[Words]
    other: list[Words]


@cache
def _data() -> _Data:
    return read_toml(files("knowledge") / "outline_parts.toml", _Data)


class OutlineParts:
    """The outlines of the plans, their parts found by topics that are spoken of in everyday words."""

    def __init__(
        self, plans: Mapping[str, Plan], sections: Mapping[str, Sections], words_of: Callable[[str], Words]
    ) -> None:
        """`sections` are those of each plan (by id); `words_of` folds a text as questions are folded."""
        self._plans = plans
        self._sections = sections
        self._words_of = words_of

    def told(self, found: Answer, plans: Callable[[], Sequence[str]]) -> Answer:
        """What is to be written in the part that is asked for; else what was found.

        A point of an outline that was surely found is more than the part in which it stands.

        Args:
            plans: gives the plans (ids) among whose outlines is looked, where a part of one is asked for.
        """
        after = self._behind_heads(found.question)
        told = found.groups and not has_phrase(found.question.spoken, self._lists.outlines)
        if not after or told or self._is_point(found):
            return found
        among = [plan for plan in map(self._plans.__getitem__, plans()) if self._outline(plan)]
        return self._find(found.question, after, among) or self._offer(found, among) or found

    def _is_point(self, found: Answer) -> bool:
        """Whether it surely tells a single point of an outline."""
        if found.kind is not AnswerKind.PASSAGES or found.caveat is not None:
            return False
        plan, task = found.passages[0].plan, found.passages[0].task
        if task is None or task not in self._outline(plan) or task.section in self._sections[plan.id].below:
            return False
        return len(list(self._holders(plan, task.section))) >= DEEPEST_OFFERED

    def _find(self, question: Question, after: Sequence[Words], plans: Sequence[Plan]) -> Answer | None:
        """The part whose topic is named; of parts within one another the innermost is meant."""
        topics = [begins for begins, said in self._topics if any(has_phrase(run, said) for run in after)]
        for plan in plans if topics else ():
            sections = {task.section: task for task in filter(None, (self._begun(plan, each) for each in topics))}
            above = {holder for section in sections for holder in self._holders(plan, section)}
            innermost = [task for section, task in sections.items() if section not in above]
            if len(innermost) == 1:
                return self._whole(question, plan, innermost[0])
            if 1 < len(innermost) <= MOST_PARTS:
                passages = tuple(Passage(plan=plan, task=task) for task in innermost)
                return Answer(kind=AnswerKind.PASSAGES, question=question, passages=passages)
        return None

    def _offer(self, found: Answer, plans: Sequence[Plan]) -> Answer | None:
        """The parts of the outline, where one was asked for whose topic is not known and nothing sure was found."""
        question = found.question
        doubtful = found.kind is AnswerKind.SILENT or found.caveat is Caveat.UNSURE
        if not doubtful or not has_phrase(question.spoken, self._lists.outlines):
            return None
        for plan in plans:
            tasks = self._outline(plan)
            main = [task for task in tasks[1:] if self._is_main(plan, task)]
            if main:
                passages = tuple(Passage(plan=plan, task=task) for task in (tasks[0], *main))
                return Answer(
                    kind=AnswerKind.OUTLINE,
                    question=question,
                    section=tasks[0].section,
                    passages=passages,
                    caveat=Caveat.UNSURE,
                )
        return None

    def _behind_heads(self, question: Question) -> list[Words]:
        """The words behind each word for a part, where it is asked what to write in one; none where it is not."""
        spoken = question.spoken
        numbered = question.sections or question.parts or question.items or question.references or question.figures
        if numbered or question.elsewhere or question.topics:
            return []
        if question.asks("when") or has_phrase(spoken, self._lists.other):
            return []
        if has_phrase(spoken, self._lists.outlines):
            heads = self._lists.heads
        elif has_phrase(spoken, self._lists.reports) and has_phrase(spoken, self._lists.writing):
            heads = self._lists.parts
        else:
            return []
        return [
            tuple(spoken[at : at + len(head) + LONGEST_TOPIC])
            for at in range(len(spoken))
            for head in heads
            if tuple(spoken[at : at + len(head)]) == head
        ]

    def _whole(self, question: Question, plan: Plan, task: Task) -> Answer:
        below = self._sections[plan.id].below.get(task.section, ())
        passages = tuple(Passage(plan=plan, task=each) for each in (task, *below))
        if not below:
            return Answer(kind=AnswerKind.PASSAGES, question=question, passages=passages)
        return Answer(kind=AnswerKind.OUTLINE, question=question, section=task.section, passages=passages)

    def _begun(self, plan: Plan, begins: Words) -> Task | None:
        """The outermost part among whose first words these stand."""
        found = [
            task
            for task in self._outline(plan)
            if has_phrase(self._words_of(task.summary)[:WORDS_OF_A_TITLE], [begins])
        ]
        return min(found, key=lambda task: len(task.section), default=None)

    def _outline(self, plan: Plan) -> list[Task]:
        """The tasks of the part of a plan's text that is its outline, the outline as a whole first."""
        names = self._lists.outlines
        return [
            task
            for task in plan.tasks
            if any(tuple(self._words_of(task.section)[: len(name)]) == name for name in names)
        ]

    def _holders(self, plan: Plan, section: str) -> Iterator[str]:
        known = {task.section for task in plan.tasks}
        while section := section_above(section, known):
            yield section

    def _is_main(self, plan: Plan, task: Task) -> bool:
        """Whether a part is one of the main ones, or stands right below one; not a point or a note in one."""
        is_point = any(sign in task.section for sign in _SIGNS_OF_POINTS)
        return not is_point and len(list(self._holders(plan, task.section))) <= DEEPEST_OFFERED

    @cached_property
    def _topics(self) -> list[tuple[Words, list[Words]]]:
        return [(self._fold(topic.begins), list(map(self._fold, topic.said))) for topic in _data().topics]

    @cached_property
    def _lists(self) -> _Lists:
        data = _data()
        named = (data.outlines, data.reports, data.heads, data.parts, data.writing, data.other)
        return _Lists(*(list(map(self._fold, phrases)) for phrases in named))

    def _fold(self, text: str) -> Words:
        return tuple(self._words_of(text))
