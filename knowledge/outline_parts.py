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
from knowledge.said_topics import SaidTopics, Words
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


class _Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words among the first of a section, and how its topic is spoken of; `beside`: of what is said of it elsewhere."""

    begins: str
    said: tuple[str, ...]
    beside: str = ""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file as written; it says of each list what it is."""

    outlines: tuple[str, ...]
    reports: tuple[str, ...]
    heads: tuple[str, ...]
    parts: tuple[str, ...]
    writing: tuple[str, ...]
    other: tuple[str, ...]
    topics: tuple[_Topic, ...]


class _Named(NamedTuple):
    """Where a topic stands, folded."""

    begins: Words
    beside: Words


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

        A part that is named is told whole, though a point of it was found; a point that was surely found is more
        than the part in which it may stand.

        Args:
            plans: gives the plans (ids) among whose outlines is looked, where a part of one is asked for.
        """
        if not self._asks_to_write(found.question):
            return found
        after = self._behind_heads(found.question)
        outlined = has_phrase(found.question.spoken, self._lists.outlines)
        is_row = found.kind is AnswerKind.ROWS and found.caveat is None
        if (found.groups and not outlined) or is_row:
            return found
        among = [plan for plan in map(self._plans.__getitem__, plans()) if self._outline(plan)]
        if told := self._find(found.question, after, among):
            return told
        if self._is_point(found) or not self._is_doubtful(found):
            return found
        guessed = self._find(found.question, [found.question.spoken], among)
        if guessed is not None and (outlined or not found.question.asks("asked_figure")):
            return msgspec.structs.replace(guessed, caveat=Caveat.UNSURE)
        return (self._offer(found, among) if after else None) or found

    @staticmethod
    def _is_doubtful(found: Answer) -> bool:
        return found.kind is AnswerKind.SILENT or found.caveat in {Caveat.UNSURE, Caveat.MAY_BE_ABSENT}

    def _is_point(self, found: Answer) -> bool:
        """Whether it surely tells a single point of an outline."""
        if found.kind is not AnswerKind.PASSAGES or found.caveat is not None:
            return False
        plan, task = found.passages[0].plan, found.passages[0].task
        if task is None or task not in self._outline(plan) or task.section in self._sections[plan.id].below:
            return False
        return len(list(self._holders(plan, task.section))) >= DEEPEST_OFFERED

    def _find(self, question: Question, runs: Sequence[Sequence[str]], plans: Sequence[Plan]) -> Answer | None:
        """The part whose topic is named in one of the runs; of parts within one another the innermost is meant.

        Where the outline itself is not spoken of, what the plan says of the topic before it is told, too.
        """
        topics = list(dict.fromkeys(topic for run in runs for topic in self._named_before_writing(run)))
        for plan in plans if topics else ():
            found = [(topic, task) for topic in topics if (task := self._begun(plan, self._topics[topic].begins))]
            sections = {task.section: (topic, task) for topic, task in found}
            above = {holder for section in sections for holder in self._holders(plan, section)}
            innermost = [each for section, each in sections.items() if section not in above]
            if not 0 < len(innermost) <= MOST_PARTS:
                continue
            outlined = has_phrase(question.spoken, self._lists.outlines)
            besides = () if outlined else (self._beside(plan, self._topics[topic].beside) for topic, _ in innermost)
            beside = list(filter(None, dict.fromkeys(besides)))
            if len(innermost) == 1 and not beside:
                return self._whole(question, plan, innermost[0][1])
            told = (*(task for _, task in innermost), *beside)
            passages = tuple(Passage(plan=plan, task=task) for task in told)
            return Answer(kind=AnswerKind.PASSAGES, question=question, passages=passages)
        return None

    def _named_before_writing(self, run: Sequence[str]) -> list[int]:
        """The numbers of the topics named before the word for writing; where none is, those named anywhere."""
        ends = [begin for (begin, _), _ in self._writing.spans(run)]
        return (self._said.named_in(run[: min(ends)]) if ends else []) or self._said.named_in(run)

    def _beside(self, plan: Plan, begins: Words) -> Task | None:
        """What a plan says of a topic outside its outline, by words among its first."""
        if not begins:
            return None
        outline = {task.section for task in self._outline(plan)}
        tasks = (task for task in plan.tasks if task.section not in outline)
        return next((t for t in tasks if has_phrase(self._words_of(t.summary)[:WORDS_OF_A_TITLE], [begins])), None)

    def _offer(self, found: Answer, plans: Sequence[Plan]) -> Answer | None:
        """The parts of the outline, where one was asked for whose topic is not known."""
        question = found.question
        if not has_phrase(question.spoken, self._lists.outlines):
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

    def _asks_to_write(self, question: Question) -> bool:
        """Whether the outline is spoken of, or it is asked what to write in the report."""
        spoken = question.spoken
        numbered = question.sections or question.parts or question.items or question.references or question.figures
        if numbered or question.elsewhere or question.topics:
            return False
        if question.asks("when") or has_phrase(spoken, self._lists.other):
            return False
        if has_phrase(spoken, self._lists.outlines):
            return True
        return has_phrase(spoken, self._lists.reports) and has_phrase(spoken, self._lists.writing)

    def _behind_heads(self, question: Question) -> list[Words]:
        """The words behind each word for a part."""
        spoken = question.spoken
        heads = self._lists.heads if has_phrase(spoken, self._lists.outlines) else self._lists.parts
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
    def _topics(self) -> list[_Named]:
        fold = self._fold
        return [_Named(fold(each.begins), fold(each.beside)) for each in _data().topics]

    @cached_property
    def _said(self) -> SaidTopics:
        topics = enumerate(_data().topics)
        return SaidTopics((self._fold(said), number) for number, topic in topics for said in topic.said)

    @cached_property
    def _writing(self) -> SaidTopics:
        return SaidTopics((each, None) for each in self._lists.writing)

    @cached_property
    def _lists(self) -> _Lists:
        data = _data()
        named = (data.outlines, data.reports, data.heads, data.parts, data.writing, data.other)
        return _Lists(*(list(map(self._fold, phrases)) for phrases in named))

    def _fold(self, text: str) -> Words:
        return tuple(self._words_of(text))
