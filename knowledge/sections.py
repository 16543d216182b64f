"""Places in a plan's text: "II.3", "III.1a", "Đề cương II.3, ý 5"; what holds what, and which is meant by a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from functools import cached_property

from knowledge.model.plans import Plan, Task
from knowledge.text import fold

_PLACE = re.compile(r"(?P<named>(?:[a-z]{2,} )*)(?P<number>(?:[ivx]+|\d+)(?:[.-]\w+)*)")
WORDS_OF_A_TITLE = 9
"""Words at the beginning of a task that say what it is about."""

_ROMAN = re.compile(r"[ivx]+")


def first_of_sections(plan: Plan) -> Mapping[str, Task]:
    """The first task of each section, which is its heading where others stand beneath it."""
    return {task.section: task for task in reversed(plan.tasks)}


def section_above(section: str, known: Container[str] = ()) -> str:
    """The section that holds this one ("III.2.1" → "III.2"); empty at the top.

    Args:
        known: sections of the plan, among which the nearest above is found where numbers alone don't tell:
            "Đề cương II.3, ý 5" → "Đề cương II.3", "III.1a" → "III.1".
    """
    beginnings = (section[:size] for size in range(1, len(section)))
    above = [other for other in beginnings if other in known and _holds(other, section)]
    dotted = "" if " " in section.rpartition(".")[2] else section.rpartition(".")[0]
    return max([*above, dotted], key=len)


def _holds(above: str, section: str) -> bool:
    """Whether a beginning of a section's number is the number of what holds it."""
    rest = section[len(above) :]
    return not rest[0].isalnum() or (above[-1].isdigit() and rest[0].isalpha())


def tasks_below(plan: Plan) -> Mapping[str, tuple[Task, ...]]:
    """For each section that holds others the tasks right beneath it, in their order."""
    known = first_of_sections(plan)
    above = {section: section_above(section, known) for section in known}
    below: dict[str, list[Task]] = {}
    for task in plan.tasks:
        if above[task.section]:
            below.setdefault(above[task.section], []).append(task)
    return {section: tuple(tasks) for section, tasks in below.items()}


class Sections:
    """The places of one plan, looked at once: what stands at a number, under a heading, or under the name of a topic.

    Where a part of the text has a name of its own (the outline, "Đề cương"), numbers and topics are looked for within
    it if the name is spoken, else outside.
    """

    def __init__(self, plan: Plan, words_of: Callable[[str], Sequence[str]]) -> None:
        """`words_of` folds a text of the catalogue as questions are folded."""
        self._plan = plan
        self._words_of = words_of

    @cached_property
    def below(self) -> Mapping[str, tuple[Task, ...]]:
        """See `tasks_below`."""
        return tasks_below(self._plan)

    def names_a_part(self, spoken: Collection[str]) -> bool:
        """Whether a part of the text that has a name of its own is spoken of ("đề cương")."""
        words = set(spoken)
        return any(words.issuperset(name) for name in self._part_names)

    def numbered(self, numbers: Iterable[str], spoken: Collection[str]) -> tuple[Task, ...]:
        """The tasks whose place is one of these numbers, folded ("ii.3", "iv", "10"); else those whose number ends so.

        Args:
            spoken: the folded words of the question.
        """
        wanted, words = set(numbers), set(spoken)
        if not wanted:
            return ()
        exact = [(task, named) for task, whole, named, number in self._places if wanted & {whole, number}]
        tails = {_tail(number) for number in wanted}
        for hits in (exact, [(task, named) for task, _, named, number in self._places if _tail(number) in tails]):
            within = [task for task, named in hits if named and words.issuperset(named)]
            outside = [task for task, named in hits if not named]
            if found := within or outside or (hits is exact and [task for task, _ in hits]):
                return tuple(found)
        return ()

    def titled(self, topics: Iterable[Sequence[str]], spoken: Collection[str]) -> Task | None:
        """The task that heads what is named by a topic ("phần tài chính"): its first words hold it in one run.

        Args:
            topics: folded words of what may be the topic, the longest first.
            spoken: the folded words of the question.
        """
        inside, words = self.names_a_part(spoken), set(spoken)
        heads = [(task, head) for task, part, head in self._heads if words.issuperset(part) and bool(part) == inside]
        for topic in topics:
            found = [task for task, head in heads if f" {' '.join(topic)} " in head]
            if found:
                return min(found, key=lambda task: (len(task.section), task.section))
        return None

    @cached_property
    def _places(self) -> list[tuple[Task, str, tuple[str, ...], str]]:
        return [(task, fold(task.section), *_place(task.section)) for task in self._plan.tasks]

    @cached_property
    def _part_names(self) -> frozenset[tuple[str, ...]]:
        return frozenset(named for _, _, named, _ in self._places if named)

    @cached_property
    def _heads(self) -> list[tuple[Task, tuple[str, ...], str]]:
        """Each task with the name of the part that it stands in and its first words."""
        return [
            (
                task,
                _place(task.section.partition(",")[0])[0],
                f" {' '.join(self._words_of(task.summary)[:WORDS_OF_A_TITLE])} ",
            )
            for task in self._plan.tasks
        ]


def _tail(number: str) -> str:
    head, _, rest = number.partition(".")
    return rest if rest and _ROMAN.fullmatch(head) else number


def _place(section: str) -> tuple[tuple[str, ...], str]:
    """The name of the part that it stands in, and its number there."""
    folded = fold(section)
    found = _PLACE.fullmatch(folded)
    return (tuple(found["named"].split()), found["number"]) if found else ((), folded)
