"""The catalogue in numbers: its candidates, and where their words stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.model.forms import Form
from knowledge.model.plans import Task
from knowledge.question import Understanding
from knowledge.search.candidates import Candidate, Sort, describe_forms
from knowledge.search.memory import give_back
from knowledge.search.parts import Part, shared_shelf
from knowledge.search.pieces import Pieces
from knowledge.search.postings import TermCounts, count_terms
from knowledge.search.wordbook import END, Numbers, Tokens, Wordbook, shared_wordbook, spread_out

PASSAGES = (Sort.TASK, Sort.DEADLINE)
"""What is found by how much of a question it accounts for."""


@dataclass(frozen=True)
class Index:
    """Where the words of candidates stand.

    Attributes:
        pieces: the pieces of their words.
        terms: the words and pairs of neighbours; `numbers`: figures and years.
        headings: the words and pairs in what stands above candidates; `heading_of` says which is above each.
        passages: the places of tasks and deadlines.
    """

    candidates: tuple[Candidate, ...]
    pieces: Pieces
    terms: TermCounts
    numbers: TermCounts
    headings: TermCounts
    heading_of: Numbers
    passages: Numbers

    @cached_property
    def plan_of(self) -> Numbers:
        """For each candidate the number of its plan, in the order of `plans`."""
        number = {plan: at for at, plan in enumerate(self.plans)}
        return np.array([number[candidate.plan] for candidate in self.candidates], dtype=np.int32)

    @cached_property
    def plans(self) -> Mapping[str, list[int]]:
        """The places of each plan's candidates."""
        places: dict[str, list[int]] = {}
        for place, candidate in enumerate(self.candidates):
            places.setdefault(candidate.plan, []).append(place)
        return places

    def place_of(self, id_: str) -> int | None:
        """The place of the candidate with an id; None where there is none."""
        plan, _, rest = id_.partition("/")
        if plan not in self.plans:
            return None
        if plan not in self._places:
            own = ((place, self.candidates[place]) for place in reversed(self.plans[plan]))
            self._places[plan] = {f"{each.sort}/{each.ref}": place for place, each in own}
        return self._places[plan].get(rest)

    @cached_property
    def _places(self) -> dict[str, dict[str, int]]:
        """The places of candidates by what their ids say behind the plan; of each plan that was asked for."""
        return {}

    def place_of_task(self, plan: str, task: Task) -> int | None:
        """The place of the candidate that is a task of a plan."""
        own = ((place, self.candidates[place]) for place in self.plans.get(plan, ()))
        return next((place for place, each in own if each.sort is Sort.TASK and each.tasks[0] is task), None)

    def words_of(self, place: int) -> frozenset[str]:
        """The words of a candidate."""
        words = self.terms.book.words()
        return frozenset(words[number] for number in self.terms.tokens.pick(np.array([place])).numbers if number != END)


def _parts(understanding: Understanding, forms: Sequence[Form]) -> list[Part]:
    parts = shared_shelf().parts(understanding.plans.values(), understanding.glossary, understanding.fold_words)
    return [*parts, Part.of(describe_forms(forms), understanding.fold_words, shared_wordbook())]


def build_index(understanding: Understanding, forms: Sequence[Form]) -> Index:
    """Count the words of a catalogue."""
    whole, book = Part.joined(_parts(understanding, forms)), shared_wordbook()
    shared_shelf().settle(whole)
    pieces = Pieces(whole.tokens, book)
    give_back()
    passages = np.flatnonzero([candidate.sort in PASSAGES for candidate in whole.candidates])
    return Index(
        candidates=whole.candidates,
        pieces=pieces,
        terms=count_terms(whole.tokens, book),
        numbers=count_terms(_figures(whole.tokens, book), book, pairs=False, is_counted=False),
        headings=count_terms(whole.headings, book, is_counted=False),
        heading_of=whole.heading_of,
        passages=passages,
    )


def _figures(tokens: Tokens, book: Wordbook) -> Tokens:
    """The figures and years in texts."""
    tables = book.tables()
    sizes = np.bincount(tables.of_figure, minlength=len(tables.folded))
    spots = np.flatnonzero(sizes[tokens.numbers])
    words = tokens.numbers[spots]
    found = tables.figures[spread_out((np.cumsum(sizes) - sizes)[words], sizes[words])]
    owners = np.repeat(tokens.owners()[spots], sizes[words])
    return Tokens(found, np.cumsum(np.bincount(owners, minlength=tokens.size)))
