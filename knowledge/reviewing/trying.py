"""Questions asked of what is known and of what would be known with a new plan: those whose answer changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.answer import Adviser, build_adviser
from knowledge.model.answers import Fact
from knowledge.model.plans import Plan, PlanState

MOST_ASKED: Final = 150
"""Questions that are asked of both."""


@dataclass(frozen=True)
class ChangedAnswer:
    """A question whose answer changes, with the targets that it tells before and after; none where it tells none."""

    question: str
    before: tuple[Fact, ...]
    after: tuple[Fact, ...]


@dataclass(frozen=True)
class Tried:
    """How many questions were asked, and whose answers change."""

    asked: int
    changed: tuple[ChangedAnswer, ...]


def try_plan(before: Adviser, old: Plan, new: Plan) -> Tried:
    """Ask, as an officer whom the old plan governs, what changes once the new plan stands in its place.

    Asked are the names of what either plan measures, and the questions of the project's own that speak of it without
    naming another issuer. Takes a second or two.
    """
    replaced = msgspec.structs.replace(old, state=PlanState.REPLACED, replaced_by=new.id)
    known = (replaced if plan.id == old.id else plan for plan in before.plans.values())
    after = build_adviser((*known, new))
    asked = list(_choose(before, after, old, new))
    changed = []
    for question in asked:
        then, now = before.ask(question, own=(old.id,)).facts, after.ask(question, own=(new.id,)).facts
        if _said(then) != _said(now):
            changed.append(ChangedAnswer(question, then, now))
    return Tried(len(asked), tuple(changed))


def _choose(before: Adviser, after: Adviser, old: Plan, new: Plan) -> Iterator[str]:
    """The questions, each matter in one wording."""
    subjects = list(dict.fromkeys(target.indicator for target in (*new.targets, *old.targets)))
    names = {subject.id: subject.name for subject in (*before.glossary.subjects, *after.glossary.subjects)}
    yield from (names[subject] for subject in subjects if subject in names)
    yield from _own_questions(before, old, frozenset(subjects), MOST_ASKED - len(subjects))


def _own_questions(adviser: Adviser, old: Plan, subjects: frozenset[str], most: int) -> Iterator[str]:
    seen: set[tuple[object, ...]] = set()
    for text in _questions():
        if len(seen) >= most:
            return
        read = adviser.understanding.read(text)
        matter = (read.subjects, read.scopes, read.years)
        is_of_another = bool(read.issuers) and old.id not in read.plans
        if is_of_another or not subjects.intersection(read.subjects) or matter in seen:
            continue
        seen.add(matter)
        yield text


@cache
def _questions() -> Sequence[str]:
    """The questions that the project learned from, one wording each."""
    lines = (files("knowledge.learning") / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = (json.loads(line) for line in lines if line.strip())
    return tuple(dict.fromkeys(row["q"] for row in rows if row["kind"] == "target"))


def _said(facts: Iterable[Fact]) -> frozenset[tuple[str, str | None, str]]:
    """What an answer tells, whichever plan it is from."""
    return frozenset((fact.target.figure, fact.target.horizon, fact.target.population) for fact in facts)
