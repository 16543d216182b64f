"""Passages and rows found by how much of a question they account for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from knowledge.model.questions import Question
from knowledge.search.postings import Postings, TermCounts, terms_of
from knowledge.search.ranks import greatest

Item = TypeVar("Item")

BESIDE_SHARE = 0.2
"""How much words count that need not be accounted for, and pairs in which they stand."""

SIZE_COST = 0.002
"""What each word of a passage takes from its score: of two that hold the same, the shorter says it more plainly."""


class CoveredPassage(NamedTuple, Generic[Item]):
    """A passage and how well it fits: `coverage` is the share (0–1) of the question's words that it holds, weighted by
    how rare they are; `pairs` the same for neighbouring words; `score` orders passages of one question."""

    item: Item
    coverage: float
    pairs: float
    score: float


def count_terms(passages: Iterable[Iterable[Sequence[str]]]) -> TermCounts:
    """The words and neighbours of passages, each given as its runs of folded words; no pair reaches across runs."""
    return TermCounts.of(dict.fromkeys(term for run in runs for term in terms_of(run)) for runs in passages)


class Coverage(Generic[Item]):
    """Finds passages by weighted shares of single words and neighbouring pairs.

    Both sides are folded, and pairs are indexed too: without marks a pair tells apart what a single syllable cannot.
    """

    def __init__(self, items: Sequence[Item], counts: TermCounts) -> None:
        """`counts` are the terms of the items (see `count_terms`), in their order."""
        self._items = items
        self._postings = Postings(counts)
        single = [row for term, row in counts.rows.items() if " " not in term]
        self._costs = SIZE_COST * counts.sum_up(single, np.ones(len(counts.at)))
        self._places_of = lru_cache(maxsize=64)(self._find_places)

    def _find_places(self, items: frozenset[Item]) -> npt.NDArray[np.bool_]:
        """Which of the items are among these."""
        return np.array([item in items for item in self._items], dtype=np.bool_)

    def knows(self, pair: tuple[str, str]) -> bool:
        """Whether some passage holds these two words side by side."""
        return " ".join(pair) in self._postings

    def spread(self, word: str) -> int:
        """In how many passages a word stands."""
        return self._postings.spread(word)

    def find(
        self, words: Sequence[str], core: frozenset[str], keep: frozenset[Item] | None = None, limit: int = 5
    ) -> list[CoveredPassage[Item]]:
        """The best passages for the words, in the question's own order.

        `core` are the words that have to be accounted for; the others only help to order what is found. `keep`
        restricts to some items.
        """
        pairs = list(itertools.pairwise(words))
        core_words = [word for word in words if word in core]
        core_pairs = [" ".join(pair) for pair in pairs if core.issuperset(pair)]
        beside = [word for word in words if word not in core]
        beside += [" ".join(pair) for pair in pairs if not core.issuperset(pair)]
        held, held_pairs = self._overlap(core_words), self._overlap(core_pairs)
        scores = held + held_pairs + BESIDE_SHARE * self._overlap(beside) - self._costs
        is_likely = held > 0
        if keep is not None:
            is_likely &= self._places_of(keep)
        likely = np.flatnonzero(is_likely)
        best = likely[greatest(scores[likely], limit)]
        whole, whole_pairs = self._whole(core_words) or 1.0, self._whole(core_pairs) or 1.0
        found = (best, held[best] / whole, held_pairs[best] / whole_pairs, scores[best])
        return [
            CoveredPassage(self._items[at], coverage, of_pairs, score)
            for at, coverage, of_pairs, score in zip(*(each.tolist() for each in found), strict=True)
        ]

    def _overlap(self, terms: Iterable[str]) -> npt.NDArray[np.float64]:
        """The weight of the terms that each passage holds."""
        return self._postings.overlap(self._postings.spots(terms))

    def _whole(self, terms: Iterable[str]) -> float:
        return sum(map(self._postings.weight, dict.fromkeys(terms)))


def fold_number(word: str) -> str:
    """A number without separators and leading zeros, so that 05 and 5, 1.000 and 1000 are one word."""
    if not word[:1].isdecimal():
        return word
    digits = re.sub(r"[.,](?=\d{3})", "", word)
    return str(int(digits)) if digits.isdecimal() else word


def content_of(question: Question) -> frozenset[str]:
    """The words of a question that a passage has to account for; a fraction may be a wrong one that is asked about."""
    whole = [word for word in question.content if "/" not in word]
    return frozenset(fold_number(word) for word in whole or question.content)
