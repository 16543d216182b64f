"""Everything the catalogue can answer with, as candidates that can be ranked beside each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from knowledge.glossary import Glossary
from knowledge.model.forms import Form, Indicator
from knowledge.model.plans import Deadline, Plan, Target, Task
from knowledge.sections import first_of_sections, section_above, tasks_below

Words = tuple[str, ...]
Plain = Callable[[str], Words]
"""Folded words of a text of the catalogue, short forms spelled out."""

LONGEST_OF_A_CHILD = 8
"""Words that a task lends to the section above it."""


class Sort(StrEnum):
    """What sort of thing a candidate is; the order is part of what was learned."""

    TARGET = "target"
    DEADLINE = "deadline"
    TASK = "task"
    ROW = "row"
    DOCUMENT = "document"
    OVERVIEW = "overview"
    SECTION = "section"
    PART = "part"


@dataclass(frozen=True)
class Candidate:
    """One thing that can be answered.

    Attributes:
        id: "plan/sort/ref", the same as long as the catalogue names it so.
        ref: what it is within its plan: a subject, a deadline, a section with its place ("III.2#0"), a row's key.
        texts: what its words stand in.
        above: what stands above it.
        below: what stands below it and lends its first words, all of them one run.
        plain: brings a text to words.
        lines: the lines of the plan's text from which it was read.
        numbers: numbers of a form's row by which it may be asked for.
        has_bodies: whether it says who is to do it; `cites`: whether it cites documents.
    """

    id: str
    sort: Sort
    plan: str
    ref: str
    texts: tuple[str, ...]
    plain: Plain = field(repr=False, compare=False)
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    lines: frozenset[int] = frozenset()
    numbers: tuple[str, ...] = ()
    has_bodies: bool = False
    cites: bool = False
    targets: tuple[Target, ...] = ()
    tasks: tuple[Task, ...] = ()
    deadline: Deadline | None = None
    row: Indicator | None = None
    form: Form | None = None

    @cached_property
    def runs(self) -> tuple[Words, ...]:
        """Its words, in runs across which no pair of words reaches; needed only where an index is built."""
        lent = tuple(word for text in self.below for word in self.plain(text)[:LONGEST_OF_A_CHILD])
        return (*_runs(self.plain, self.texts), *((lent,) if self.below else ()))

    @cached_property
    def heading(self) -> tuple[Words, ...]:
        """The words of what stands above it."""
        return _runs(self.plain, self.above)


def collect(plans: Iterable[Plan], forms: Iterable[Form], glossary: Glossary, plain: Plain) -> tuple[Candidate, ...]:
    """Every candidate of these plans and of the forms that they brought."""
    found: list[Candidate] = []
    for plan in plans:
        found += _targets(plan, glossary, plain)
        found += _tasks(plan, plain)
        found += _deadlines(plan, plain)
        found += _sections(plan, plain)
        found += _whole(plan, plain)
    for form in forms:
        if form.plan is not None:
            found += _rows(form, form.plan, plain)
    return tuple(found)


def _runs(plain: Plain, texts: Iterable[str]) -> tuple[Words, ...]:
    return tuple(words for text in texts if (words := plain(text)))


def _given(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _targets(plan: Plan, glossary: Glossary, plain: Plain) -> Iterator[Candidate]:
    by_subject: dict[str, list[Target]] = defaultdict(list)
    for target in plan.targets:
        by_subject[target.indicator].append(target)
    for subject_id, targets in by_subject.items():
        subject = glossary.subject(subject_id)
        texts = [subject.name, subject.short, *subject.phrases]
        texts += [text for t in targets for text in (t.population, t.figure, t.note or "")]
        yield Candidate(
            id=f"{plan.id}/target/{subject_id}",
            sort=Sort.TARGET,
            plan=plan.id,
            ref=subject_id,
            texts=_given(*texts),
            plain=plain,
            lines=frozenset(line for t in targets for line in t.lines),
            targets=tuple(targets),
        )


def _tasks(plan: Plan, plain: Plain) -> Iterator[Candidate]:
    first = first_of_sections(plan)
    counted: dict[str, int] = defaultdict(int)
    for task in plan.tasks:
        heading: list[str] = []
        above = section_above(task.section, first)
        while above:
            heading += [first[above].summary] if above in first else []
            above = section_above(above, first)
        place = counted[task.section]
        counted[task.section] += 1
        yield Candidate(
            id=f"{plan.id}/task/{task.section}#{place}",
            sort=Sort.TASK,
            plan=plan.id,
            ref=f"{task.section}#{place}",
            texts=_given(task.summary, *task.keywords, *task.lead, *task.with_, *task.refs),
            plain=plain,
            above=_given(*heading),
            lines=frozenset(task.lines),
            has_bodies=bool(task.lead or task.with_),
            cites=bool(task.refs),
            tasks=(task,),
        )


def _deadlines(plan: Plan, plain: Plain) -> Iterator[Candidate]:
    for due in plan.deadlines:
        yield Candidate(
            id=f"{plan.id}/deadline/{due.id}",
            sort=Sort.DEADLINE,
            plan=plan.id,
            ref=due.id,
            texts=_given(due.what, due.who, due.when, due.to, due.via, *due.keywords),
            plain=plain,
            lines=frozenset(due.lines),
            has_bodies=True,
            deadline=due,
        )


def _sections(plan: Plan, plain: Plain) -> Iterator[Candidate]:
    first = first_of_sections(plan)
    for section, tasks in tasks_below(plan).items():
        if len(tasks) < 2:
            continue
        yield Candidate(
            id=f"{plan.id}/section/{section}",
            sort=Sort.SECTION,
            plan=plan.id,
            ref=section,
            texts=_given(first[section].summary if section in first else None),
            plain=plain,
            below=tuple(task.summary for task in tasks),
            lines=frozenset(line for task in tasks for line in task.lines),
            tasks=tasks,
        )


def _whole(plan: Plan, plain: Plain) -> Iterator[Candidate]:
    if plan.targets:
        yield Candidate(
            id=f"{plan.id}/overview/targets",
            sort=Sort.OVERVIEW,
            plan=plan.id,
            ref="targets",
            texts=_given(plan.short, plan.place),
            plain=plain,
            lines=frozenset(line for target in plan.targets for line in target.lines),
        )
    identity = [plan.kind, plan.title, plan.issuer, plan.number, plan.signer, plan.signer_title, plan.issued_at]
    yield Candidate(
        id=f"{plan.id}/document/identity",
        sort=Sort.DOCUMENT,
        plan=plan.id,
        ref="identity",
        texts=_given(*identity, *plan.carries_out, *plan.recipients),
        plain=plain,
        has_bodies=True,
        cites=True,
    )


def _rows(form: Form, plan: str, plain: Plain) -> Iterator[Candidate]:
    parts = {part.id: part for part in form.parts}
    below: dict[str, list[Indicator]] = defaultdict(list)
    for row in form.indicators:
        if row.parent:
            below[row.parent].append(row)
    tops = [row for row in form.indicators if row.parent is None]
    for row in tops:
        subrows: Sequence[Indicator] = below[row.key]
        texts = [row.name, *row.aliases, *(s.name for s in subrows), *(a for s in subrows for a in s.aliases)]
        part = parts.get(row.part or "")
        yield Candidate(
            id=f"{plan}/row/{row.key}",
            sort=Sort.ROW,
            plan=plan,
            ref=row.key,
            texts=_given(*texts, row.unit),
            plain=plain,
            above=_given(part.title if part else None, form.title),
            numbers=(row.no,),
            lines=frozenset(line for each in (row, *subrows) for line in each.lines),
            row=row,
            form=form,
        )
    for part in form.parts:
        if part.number is not None:
            names = [row.short for row in tops if row.part == part.id]
            yield Candidate(
                id=f"{plan}/part/{part.number}",
                sort=Sort.PART,
                plan=plan,
                ref=part.number,
                texts=_given(part.title, *names),
                plain=plain,
                above=_given(form.title),
                form=form,
            )
