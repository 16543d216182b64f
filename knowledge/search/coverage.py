"""Passages and rows found by how much of a question they account for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from knowledge.model.questions import Question
from knowledge.remembering import remembered
from knowledge.search.postings import MOST_KEPT, Floats, TermCounts
from knowledge.search.ranks import greatest
from knowledge.search.wordbook import Numbers, fold_number

Item = TypeVar("Item")

BESIDE_SHARE = 0.2
"""How much words count that need not be accounted for, and pairs in which they stand."""

MOST_AT_WHOLE, MOST_CHOSEN = 4_000, 300
"""Passages that are all looked at; of more, those that are chosen by the rarest terms."""

MOST_REMEMBERED = 1_000_000
"""Places kept of where terms stand."""

SIZE_COST = 0.002
"""What each word of a passage takes from its score: of two that hold the same, the shorter says it more plainly."""


class CoveredPassage(NamedTuple, Generic[Item]):
    """A passage and how well it fits: `coverage` is the share (0–1) of the question's words that it holds, weighted by
    how rare they are; `pairs` the same for neighbouring words; `score` orders passages of one question."""

    item: Item
    coverage: float
    pairs: float
    score: float


class Coverage(Generic[Item]):
    """Finds passages by weighted shares of single words and neighbouring pairs.

    Both sides are folded, and pairs are indexed too: without marks a pair tells apart what a single syllable cannot. A
    number is one word however it is written.
    """

    def __init__(self, items: Sequence[Item], counts: TermCounts, places: Numbers | None = None) -> None:
        """Weigh every term: the rarer, the more.

        Args:
            counts: the terms of texts, each counted once in a text or more often.
            places: which of the texts the items are, in their order, rising; None where they are all.
        """
        self._items, self._counts, self._places = items, counts, places
        self._position: Numbers | None = None
        self._spreads = counts.spreads
        if places is not None:
            self._position = np.full(counts.size, -1, dtype=np.int32)
            self._position[places] = np.arange(len(places), dtype=np.int32)
            self._spreads = counts.spreads_of(self._position >= 0)
        self._counted: Sequence[int] = np.ascontiguousarray(self._spreads, dtype=np.int64).data
        size = len(items)
        self._by_spread = [math.log(1 + (size - spread + 0.5) / (spread + 0.5)) for spread in range(size + 1)]
        self._forms = counts.rows.number_forms()
        words = counts.count_words()
        for forms in self._forms.values():
            rows = [counts.spots([row]).at for form in forms if (row := counts.rows.get(form)) is not None]
            held, times = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *rows]), return_counts=True)
            words[held] -= times - 1
        self._costs = SIZE_COST * (words if places is None else words[places])
        self._lists: tuple[list[int], Numbers] | None = None
        if len(counts.at) <= MOST_KEPT:
            self._lists = ([0, *np.cumsum(self._spreads).tolist()], self._at_items(counts.at))
        self._rows = remembered(self._find_rows, 4096)
        self._standing = remembered(self._find_standing, max(MOST_REMEMBERED // max(size, 1), 16))

    def knows(self, pair: tuple[str, str]) -> bool:
        """Whether some passage holds these two words side by side."""
        return self.spread(" ".join(pair)) > 0

    def knows_neighbours(self, words: Sequence[str]) -> list[bool]:
        """Of each word and the one behind it, whether some passage holds them side by side."""
        if not self._forms.keys().isdisjoint(words):
            return list(map(self.knows, itertools.pairwise(words)))
        rows = self._counts.rows.of_neighbours(words)
        return [row >= 0 and self._counted[row] > 0 for row in rows.tolist()]

    def spread(self, term: str) -> int:
        """In how many passages a term stands."""
        rows = self._rows(term)
        return self._counted[rows[0]] if len(rows) == 1 else len(self._standing(term)) if rows else 0

    def _weight(self, term: str) -> float:
        """How much a term tells; most where no passage holds it."""
        return self._by_spread[self.spread(term)]

    def _find_rows(self, term: str) -> list[int]:
        """The rows of a term in all the ways its numbers are written."""
        words = term.split(" ")
        if self._forms.keys().isdisjoint(words):
            row = self._counts.rows.find(term)
            return [] if row is None else [row]
        return self._counts.find(map(" ".join, itertools.product(*(self._forms.get(word, (word,)) for word in words))))

    def _find_standing(self, term: str) -> Numbers:
        """The places among the items where a term stands, in rising order."""
        rows = self._rows(term)
        if self._lists is not None:
            ends, at = self._lists
            parts = [at[ends[row] : ends[row + 1]] for row in rows] or [at[:0]]
            return parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))
        at = self._at_items(self._counts.spots(rows).at)
        return np.unique(at) if len(rows) > 1 else at

    def _at_items(self, texts: Numbers) -> Numbers:
        """The places of those texts that are items, in their order."""
        if self._position is None:
            return texts
        at = self._position[texts]
        return at[at >= 0]

    def find(
        self, words: Sequence[str], core: frozenset[str], keep: Numbers | None = None, limit: int = 5
    ) -> list[CoveredPassage[Item]]:
        """The best passages for the words, in the question's own order.

        `core` are the words that have to be accounted for; the others only help to order what is found. `keep` are the
        places of some items, in rising order, which are looked at alone.
        """
        pairs = list(itertools.pairwise(words))
        core_words = [word for word in words if word in core]
        core_pairs = [" ".join(pair) for pair in pairs if core.issuperset(pair)]
        beside = [word for word in words if word not in core]
        beside += [" ".join(pair) for pair in pairs if not core.issuperset(pair)]
        if keep is None and len(self._items) > MOST_AT_WHOLE:
            keep = self._choose([*core_words, *core_pairs])
        held, held_pairs, held_beside = self._overlaps((core_words, core_pairs, beside), keep)
        costs = self._costs if keep is None else self._costs[keep]
        scores = held + held_pairs + BESIDE_SHARE * held_beside - costs
        likely = np.flatnonzero(held > 0)
        best = likely[greatest(scores[likely], limit)]
        whole, whole_pairs = self._whole(core_words) or 1.0, self._whole(core_pairs) or 1.0
        places = best if keep is None else keep[best]
        found = (places, held[best] / whole, held_pairs[best] / whole_pairs, scores[best])
        return [
            CoveredPassage(self._items[at], coverage, of_pairs, score)
            for at, coverage, of_pairs, score in zip(*(each.tolist() for each in found), strict=True)
        ]

    def _choose(self, terms: Iterable[str]) -> Numbers:
        """The items of many that are looked at, in rising order: by the terms that tell most."""
        rows = [row for term in dict.fromkeys(terms) for row in self._rows(term)]
        spots = self._counts.spots(self._counts.selective(rows))
        weights = np.array([self._by_spread[spread] for spread in self._spreads[spots.rows].tolist()])
        scores = _sums(spots.at, np.repeat(weights, spots.sizes), self._counts.size)
        scores = scores if self._places is None else scores[self._places]
        best = greatest(scores, MOST_CHOSEN)
        return np.sort(best[scores[best] > 0])

    def _overlaps(self, groups: Sequence[Iterable[str]], keep: Numbers | None) -> list[Floats]:
        """The weight of the terms in each group that each passage holds, or each of some."""
        asked = [list(dict.fromkeys(terms)) for terms in groups]
        if keep is None or len(self._items) <= MOST_AT_WHOLE:
            overlaps = map(self._overlap, asked)
            return [overlap if keep is None else overlap[keep] for overlap in overlaps]
        picked = self._counts.tokens.pick(keep if self._places is None else self._places[keep])
        spots = self._counts.spots_at(list(itertools.chain(*asked)), picked, folds_numbers=True)
        weights = np.repeat([self._weight(term) for terms in asked for term in terms], spots.sizes)
        ends = np.concatenate([np.zeros(1, dtype=np.intp), np.cumsum(spots.sizes)])
        bounds = [int(ends[upto]) for upto in itertools.accumulate(map(len, asked), initial=0)]
        return [_sums(spots.at[begin:end], weights[begin:end], len(keep)) for begin, end in itertools.pairwise(bounds)]

    def _overlap(self, terms: Iterable[str]) -> Floats:
        """The weight of the terms that each passage holds."""
        standing = list(map(self._standing, terms)) or [np.zeros(0, dtype=np.int32)]
        sizes = list(map(len, standing))
        weights = np.repeat([self._by_spread[size] for size in sizes], sizes)
        return _sums(np.concatenate(standing), weights, len(self._items))

    def _whole(self, terms: Iterable[str]) -> float:
        """The weight of terms; most of those that no passage holds."""
        return sum(map(self._weight, dict.fromkeys(terms)))


def _sums(at: Numbers, worth: Numbers, size: int) -> Floats:
    """What stands at each of so many places, added up."""
    return np.bincount(at, worth, size).astype(np.float64, copy=False)


def content_of(question: Question) -> frozenset[str]:
    """The words of a question that a passage has to account for; a fraction may be a wrong one that is asked about."""
    whole = [word for word in question.content if "/" not in word]
    return frozenset(fold_number(word) for word in whole or question.content)
