"""Places in a plan's text: "II.3", "III.1a", "Đề cương II.3, ý 5"; what holds what, and which is meant by a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from knowledge.model.plans import Plan, Task
from knowledge.text import fold

_PLACE = re.compile(r"(?P<named>(?:[a-z]{2,} )*)(?P<number>(?:[ivx]+|\d+)(?:[.-]\w+)*)")
WORDS_OF_A_TITLE = 9
"""Words at the beginning of a task that say what it is about."""

_ROMAN = re.compile(r"[ivx]+")


def first_of_sections(plan: Plan) -> Mapping[str, Task]:
    """The first task of each section, which is its heading where others stand beneath it."""
    return {task.section: task for task in reversed(plan.tasks)}


def section_above(section: str, known: Iterable[str] = ()) -> str:
    """The section that holds this one ("III.2.1" → "III.2"); empty at the top.

    Args:
        known: sections of the plan, among which the nearest above is found where numbers alone don't tell:
            "Đề cương II.3, ý 5" → "Đề cương II.3", "III.1a" → "III.1".
    """
    above = [other for other in known if _holds(other, section)]
    dotted = "" if " " in section.rpartition(".")[2] else section.rpartition(".")[0]
    return max([*above, dotted], key=len)


def _holds(above: str, section: str) -> bool:
    rest = section.removeprefix(above)
    if rest in {"", section}:
        return False
    return not rest[0].isalnum() or (above[-1].isdigit() and rest[0].isalpha())


def tasks_below(plan: Plan) -> Mapping[str, tuple[Task, ...]]:
    """For each section that holds others the tasks right beneath it, in their order."""
    known = first_of_sections(plan)
    below: dict[str, list[Task]] = {}
    for task in plan.tasks:
        if above := section_above(task.section, known):
            below.setdefault(above, []).append(task)
    return {section: tuple(tasks) for section, tasks in below.items()}


def numbered(tasks: Sequence[Task], numbers: Iterable[str], spoken: Collection[str]) -> tuple[Task, ...]:
    """The tasks whose place is one of these numbers, folded ("ii.3", "iv", "10"); else those whose number ends so.

    Where a part of the text has a name of its own (the outline, "Đề cương") the number counts within it if the name is
    spoken, else outside.

    Args:
        spoken: the folded words of the question.
    """
    wanted, words = set(numbers), set(spoken)
    places = [(task, fold(task.section), *_place(task.section)) for task in tasks]
    exact = [(task, named) for task, whole, named, number in places if wanted & {whole, number}]
    tails = {_tail(number) for number in wanted}
    for hits in (exact, [(task, named) for task, _, named, number in places if _tail(number) in tails]):
        within = [task for task, named in hits if named and words.issuperset(named)]
        if found := within or [task for task, named in hits if not named] or (hits is exact and [t for t, _ in hits]):
            return tuple(found)
    return ()


def titled(
    plan: Plan, topics: Iterable[Sequence[str]], spoken: Collection[str], words_of: Callable[[str], Sequence[str]]
) -> Task | None:
    """The task that heads what is named by a topic ("phần tài chính"): the first words of its text hold it in one run.

    As for numbers, a part of the text that has a name of its own is looked into if the name is spoken, else left out.

    Args:
        topics: folded words of what may be the topic, the longest first.
        spoken: the folded words of the question.
        words_of: folds a text of the catalogue as the question was folded.
    """
    inside = names_a_part(plan, spoken)
    tasks = [
        task
        for task in plan.tasks
        if set(spoken).issuperset(_part(task.section)) and bool(_part(task.section)) == inside
    ]
    heads = [(task, f" {' '.join(words_of(task.summary)[:WORDS_OF_A_TITLE])} ") for task in tasks]
    for topic in topics:
        found = [task for task, head in heads if f" {' '.join(topic)} " in head]
        if found:
            return min(found, key=lambda task: (len(task.section), task.section))
    return None


def _part(section: str) -> tuple[str, ...]:
    """The name of the part that a section stands in; empty where it has none of its own."""
    return _place(section.partition(",")[0])[0]


def names_a_part(plan: Plan, spoken: Collection[str]) -> bool:
    """Whether a part of the plan's text that has a name of its own is spoken of ("đề cương")."""
    named = {place for task in plan.tasks if (place := _place(task.section)[0])}
    return any(set(spoken).issuperset(name) for name in named)


def _tail(number: str) -> str:
    head, _, rest = number.partition(".")
    return rest if rest and _ROMAN.fullmatch(head) else number


def _place(section: str) -> tuple[tuple[str, ...], str]:
    """The name of the part that it stands in, and its number there."""
    folded = fold(section)
    found = _PLACE.fullmatch(folded)
    return (tuple(found["named"].split()), found["number"]) if found else ((), folded)
