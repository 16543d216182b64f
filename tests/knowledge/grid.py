"""Sound questions with harmless words around them: each must get the first answer of the bare question.

`python -m tests.knowledge.grid` puts all of them and shows where and beside what the answer changed.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from knowledge.answer import load_adviser
from knowledge.meanings import AskerRole, Meaning, Situation, understand
from knowledge.model.answers import Answer

DATA: Final = Path(__file__).parent / "data" / "harmless.toml"
TODAY: Final = date(2026, 11, 28)
ASKED: Final = frozenset({Meaning.PLAN_QUESTION, Meaning.UNKNOWN})
"""Meanings that lead to the answer of the plans."""


class Harmless(msgspec.Struct, frozen=True):
    """Questions, clauses and particles; `{}` marks where the question stands."""

    questions: tuple[str, ...]
    clauses: tuple[str, ...]
    particles: tuple[str, ...]


class Cell(NamedTuple):
    """One question said with one clause and one particle."""

    question: str
    clause: str
    particle: str

    @property
    def said(self) -> str:
        """The whole message."""
        return self.clause.replace("{}", self.particle.replace("{}", self.question))


def read_grid() -> Harmless:
    """The questions and what is put around them."""
    return msgspec.convert(tomllib.loads(DATA.read_text(encoding="utf-8")), Harmless)


def cells(grid: Harmless) -> Iterator[Cell]:
    """Every combination."""
    for question in grid.questions:
        for clause in grid.clauses:
            for particle in grid.particles:
                yield Cell(question, clause, particle)


def first_answer(said: str) -> tuple[str, ...]:
    """What stands first in the reply that a guest gets in a private chat: its sort, and what it is about."""
    found = understand(said, Situation(AskerRole.GUEST, TODAY))
    if found.choices or found.means not in ASKED:
        return ("meaning", found.means, *found.choices)
    return _first(load_adviser().ask(said))


def _first(answer: Answer) -> tuple[str, ...]:
    head = (answer.kind.value, str(answer.caveat or ""))
    if answer.facts:
        fact = answer.facts[0]
        return (*head, fact.plan.id, fact.target.id)
    if answer.passages:
        found = answer.passages[0]
        return (*head, found.plan.id, found.section)
    if answer.absences:
        return (*head, answer.absences[0].plan.id, answer.absences[0].name)
    return (*head, *(plan.id for plan in answer.documents), *(row.row.no for row in answer.rows[:1]))


def changed(chosen: Iterable[Cell]) -> list[Cell]:
    """The combinations that get another first answer than the bare question."""
    bare: dict[str, tuple[str, ...]] = {}
    lost = []
    for cell in chosen:
        wanted = bare.get(cell.question) or bare.setdefault(cell.question, first_answer(cell.question))
        if first_answer(cell.said) != wanted:
            lost.append(cell)
    return lost


def main() -> int:
    """Put all combinations; 0 where at least 97 % keep their answer."""
    everything = list(cells(read_grid()))
    lost = changed(everything)
    kept = 1 - len(lost) / len(everything)
    print(f"{len(everything) - len(lost)} of {len(everything)} kept ({kept:.1%})")
    for part in Cell._fields:
        for value, count in Counter(getattr(cell, part) for cell in lost).most_common(8):
            print(f"{count:5} {part}: {value}")
    return 0 if kept >= 0.97 else 1


if __name__ == "__main__":
    sys.exit(main())
