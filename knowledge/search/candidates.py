"""Everything the catalogue can answer with, as candidates that can be ranked beside each other."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

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


class Candidate(msgspec.Struct, frozen=True, gc=False):
    """One thing that can be answered.

    Attributes:
        sort: what it is; `plan` is the id of the plan that says it.
        ref: what it is within its plan: a subject, a deadline, a section with its place ("III.2#0"), a row's key.
        numbers: numbers of a form's row by which it may be asked for.
        has_bodies: whether it says who is to do it; `cites`: whether it cites documents.
    """

    sort: Sort
    plan: str
    ref: str
    numbers: tuple[str, ...] = ()
    has_bodies: bool = False
    cites: bool = False
    targets: tuple[Target, ...] = ()
    tasks: tuple[Task, ...] = ()
    deadline: Deadline | None = None
    row: Indicator | None = None
    form: Form | None = None

    @property
    def id(self) -> str:
        """ "plan/sort/ref", the same as long as the catalogue names it so."""
        return f"{self.plan}/{self.sort}/{self.ref}"

    @property
    def lines(self) -> frozenset[int]:
        """The lines of the plan's text from which it was read."""
        rows = [self.row] if self.row else []
        if self.form and self.row:
            rows += [row for row in self.form.indicators if row.parent == self.row.key]
        due = self.deadline.lines if self.deadline else ()
        held = [target.lines for target in self.targets] + [task.lines for task in self.tasks]
        return frozenset(itertools.chain(due, *held, *(row.lines for row in rows)))


class Described(NamedTuple):
    """A candidate with what its words stand in: its texts, what stands above it, and what stands below it and lends its
    first words, all of them one run."""

    candidate: Candidate
    texts: tuple[str, ...]
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()

    def runs(self, plain: Plain) -> Iterator[Words]:
        """Its words, in runs across which no pair of words reaches; `plain` brings a text to words."""
        yield from filter(None, map(plain, self.texts))
        if self.below:
            yield tuple(word for text in self.below for word in plain(text)[:LONGEST_OF_A_CHILD])


def describe_plan(plan: Plan, glossary: Glossary) -> Iterator[Described]:
    """Every candidate of a plan itself."""
    return itertools.chain(_targets(plan, glossary), _tasks(plan), _deadlines(plan), _sections(plan), _whole(plan))


def describe_forms(forms: Iterable[Form]) -> Iterator[Described]:
    """Every candidate of the forms that plans brought."""
    return itertools.chain.from_iterable(_rows(form, form.plan) for form in forms if form.plan is not None)


def _given(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _targets(plan: Plan, glossary: Glossary) -> Iterator[Described]:
    by_subject: dict[str, list[Target]] = defaultdict(list)
    for target in plan.targets:
        by_subject[target.indicator].append(target)
    for subject_id, targets in by_subject.items():
        subject = glossary.subject(subject_id)
        texts = [subject.name, subject.short, *subject.phrases]
        texts += [text for t in targets for text in (t.population, t.figure, t.note or "")]
        yield Described(
            Candidate(sort=Sort.TARGET, plan=plan.id, ref=subject_id, targets=tuple(targets)), _given(*texts)
        )


def _tasks(plan: Plan) -> Iterator[Described]:
    first = first_of_sections(plan)
    counted: dict[str, int] = defaultdict(int)
    headings: dict[str, tuple[str, ...]] = {"": ()}

    def heading_of(section: str) -> tuple[str, ...]:
        """What stands above a section and above what is above that, the nearest first."""
        if section not in headings:
            above = section_above(section, first)
            own = (first[above].summary,) if above in first else ()
            headings[section] = (*own, *heading_of(above))
        return headings[section]

    for task in plan.tasks:
        place = counted[task.section]
        counted[task.section] += 1
        yield Described(
            Candidate(
                sort=Sort.TASK,
                plan=plan.id,
                ref=f"{task.section}#{place}",
                has_bodies=bool(task.lead or task.with_),
                cites=bool(task.refs),
                tasks=(task,),
            ),
            _given(task.summary, *task.keywords, *task.lead, *task.with_, *task.refs),
            above=_given(*heading_of(task.section)),
        )


def _deadlines(plan: Plan) -> Iterator[Described]:
    for due in plan.deadlines:
        yield Described(
            Candidate(sort=Sort.DEADLINE, plan=plan.id, ref=due.id, has_bodies=True, deadline=due),
            _given(due.what, due.who, due.when, due.to, due.via, *due.keywords),
        )


def _sections(plan: Plan) -> Iterator[Described]:
    first = first_of_sections(plan)
    for section, tasks in tasks_below(plan).items():
        if len(tasks) < 2:
            continue
        yield Described(
            Candidate(sort=Sort.SECTION, plan=plan.id, ref=section, tasks=tasks),
            _given(first[section].summary if section in first else None),
            below=tuple(task.summary for task in tasks),
        )


def _whole(plan: Plan) -> Iterator[Described]:
    if plan.targets:
        yield Described(
            Candidate(sort=Sort.OVERVIEW, plan=plan.id, ref="targets", targets=plan.targets),
            _given(plan.short, plan.place),
        )
    identity = [plan.kind, plan.title, plan.issuer, plan.number, plan.signer, plan.signer_title, plan.issued_at]
    yield Described(
        Candidate(sort=Sort.DOCUMENT, plan=plan.id, ref="identity", has_bodies=True, cites=True),
        _given(*identity, *plan.carries_out, *plan.recipients),
    )


def _rows(form: Form, plan: str) -> Iterator[Described]:
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
        yield Described(
            Candidate(sort=Sort.ROW, plan=plan, ref=row.key, numbers=(row.no,), row=row, form=form),
            _given(*texts, row.unit),
            above=_given(part.title if part else None, form.title),
        )
    for part in form.parts:
        if part.number is not None:
            names = [row.short for row in tops if row.part == part.id]
            yield Described(
                Candidate(sort=Sort.PART, plan=plan, ref=part.number, form=form),
                _given(part.title, *names),
                above=_given(form.title),
            )
