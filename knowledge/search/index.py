"""The catalogue in numbers: its candidates, and where their words stand.

What is slow is to bring texts to words; that is done once for each plan and kept in the process, so that a catalogue of
which one plan changed is indexed in the time that counting takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from threading import Lock

import numpy as np

from knowledge.glossary import Glossary
from knowledge.model.forms import Form
from knowledge.model.plans import Plan, Task
from knowledge.question import Understanding
from knowledge.search.candidates import Candidate, Described, Plain, Sort, describe_forms, describe_plan
from knowledge.search.postings import TermCounts, count_terms
from knowledge.search.wordbook import END, Numbers, Tokens, Wordbook, shared_wordbook, spread_out

PASSAGES = (Sort.TASK, Sort.DEADLINE)
"""What is found by how much of a question it accounts for."""


@dataclass(frozen=True)
class Part:
    """Candidates with their texts in numbers.

    Attributes:
        tokens: of the candidates, in their order.
        headings: of what stands above them, each heading once.
        heading_of: for each candidate the place of its heading.
    """

    candidates: tuple[Candidate, ...]
    tokens: Tokens
    headings: Tokens
    heading_of: Numbers

    @classmethod
    def of(cls, described: Iterable[Described], plain: Plain, book: Wordbook) -> Part:
        """Number the texts of candidates."""
        every = list(described)
        headings = {above: number for number, above in enumerate(dict.fromkeys(each.above for each in every))}
        return cls(
            tuple(each.candidate for each in every),
            Tokens.of((each.runs(plain) for each in every), book),
            Tokens.of((filter(None, map(plain, above)) for above in headings), book),
            np.array([headings[each.above] for each in every], dtype=np.int32),
        )

    @classmethod
    def joined(cls, parts: Sequence[Part]) -> Part:
        """The candidates of all parts, one part's behind the other's."""
        before = np.cumsum([0, *(part.headings.size for part in parts)])
        return cls(
            tuple(candidate for part in parts for candidate in part.candidates),
            Tokens.joined([part.tokens for part in parts]),
            Tokens.joined([part.headings for part in parts]),
            np.concatenate([part.heading_of + offset for part, offset in zip(parts, before, strict=False)]),
        )


class _Shelf:
    """The parts of the plans of the last catalogue, each with what it was made of."""

    def __init__(self) -> None:
        self._kept: Mapping[str, tuple[tuple[object, ...], Part]] = {}
        self._lock = Lock()

    def parts(self, plans: Iterable[Plan], glossary: Glossary, plain: Plain, book: Wordbook) -> list[Part]:
        """A part for each plan; those of plans that are as they were are not made anew."""
        with self._lock:
            kept = {}
            for plan in plans:
                subjects = dict.fromkeys(target.indicator for target in plan.targets)
                source = (plan, glossary.abbreviations, tuple(map(glossary.subject, subjects)))
                was = self._kept.get(plan.id)
                if was is None or was[0] != source:
                    part = Part.of(describe_plan(plan, glossary), plain, book)
                elif was[0][0] is plan:
                    part = was[1]
                else:
                    candidates = tuple(each.candidate for each in describe_plan(plan, glossary))
                    part = replace(was[1], candidates=candidates)
                kept[plan.id] = (source, part)
            self._kept = kept
            return [part for _, part in kept.values()]


_SHELF = _Shelf()


@dataclass(frozen=True)
class Index:
    """Where the words of candidates stand.

    Attributes:
        book: the words' numbers.
        tokens: the words of each candidate.
        terms: the words and pairs of neighbours; `numbers`: figures and years.
        headings: the words and pairs in what stands above candidates; `heading_of` says which is above each.
        passages: the words and pairs of tasks and deadlines, numbers folded.
    """

    candidates: tuple[Candidate, ...]
    book: Wordbook
    tokens: Tokens
    terms: TermCounts
    numbers: TermCounts
    headings: TermCounts
    heading_of: Numbers
    passages: TermCounts

    def __post_init__(self) -> None:
        """Remember the places of a few plans' candidates."""
        object.__setattr__(self, "_by_id", lru_cache(maxsize=64)(self._places_by_id))

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
        plan = id_.partition("/")[0]
        return self._by_id(plan).get(id_) if plan in self.plans else None

    def place_of_task(self, plan: str, task: Task) -> int | None:
        """The place of the candidate that is a task of a plan."""
        own = ((place, self.candidates[place]) for place in self.plans.get(plan, ()))
        return next((place for place, each in own if each.sort is Sort.TASK and each.tasks[0] is task), None)

    def words_of(self, place: int) -> frozenset[str]:
        """The words of a candidate."""
        words = self.book.words()
        return frozenset(words[number] for number in self.tokens.pick(np.array([place])).numbers if number != END)

    def _places_by_id(self, plan: str) -> Mapping[str, int]:
        return {self.candidates[place].id: place for place in self.plans[plan]}


def collect_candidates(understanding: Understanding, forms: Sequence[Form]) -> tuple[Candidate, ...]:
    """Every candidate of a catalogue."""
    return tuple(candidate for part in _parts(understanding, forms) for candidate in part.candidates)


def _parts(understanding: Understanding, forms: Sequence[Form]) -> list[Part]:
    plain, book = understanding.fold_words, shared_wordbook()
    parts = _SHELF.parts(understanding.plans.values(), understanding.glossary, plain, book)
    return [*parts, Part.of(describe_forms(forms), plain, book)]


def build_index(understanding: Understanding, forms: Sequence[Form]) -> Index:
    """Count the words of a catalogue."""
    whole, book = Part.joined(_parts(understanding, forms)), shared_wordbook()
    tables = book.tables()
    passages = np.flatnonzero([candidate.sort in PASSAGES for candidate in whole.candidates])
    of_passages = whole.tokens.pick(passages)
    folded = tables.folded.astype(whole.tokens.numbers.dtype)[of_passages.numbers]
    return Index(
        candidates=whole.candidates,
        book=book,
        tokens=whole.tokens,
        terms=count_terms(whole.tokens, book),
        numbers=count_terms(_figures(whole.tokens, book), book, pairs=False).held(),
        headings=count_terms(whole.headings, book),
        heading_of=whole.heading_of,
        passages=count_terms(Tokens(folded, of_passages.ends), book).held(),
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
