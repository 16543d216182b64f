"""Passages and rows found by how much of a question they account for."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from knowledge.model.questions import Question
from knowledge.search.postings import Floats, Postings, TermCounts, count_terms
from knowledge.search.ranks import greatest
from knowledge.search.wordbook import Numbers, Tokens, fold_number, shared_wordbook

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


def count_runs(passages: Iterable[Iterable[Sequence[str]]]) -> TermCounts:
    """The words and neighbours of passages, each given as its runs of folded words; no pair reaches across runs."""
    book = shared_wordbook()
    return count_terms(Tokens.of(passages, book), book).held()


class Coverage(Generic[Item]):
    """Finds passages by weighted shares of single words and neighbouring pairs.

    Both sides are folded, and pairs are indexed too: without marks a pair tells apart what a single syllable cannot.
    """

    def __init__(self, items: Sequence[Item], counts: TermCounts) -> None:
        """`counts` are the terms of the items (see `count_runs`), in their order."""
        self._items = items
        self._postings = Postings(counts)
        self._costs = SIZE_COST * counts.word_counts

    def knows(self, pair: tuple[str, str]) -> bool:
        """Whether some passage holds these two words side by side."""
        return " ".join(pair) in self._postings

    def spread(self, word: str) -> int:
        """In how many passages a word stands."""
        return self._postings.spread(word)

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
        held, held_pairs, held_beside = (self._overlap(terms, keep) for terms in (core_words, core_pairs, beside))
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

    def _overlap(self, terms: Iterable[str], keep: Numbers | None) -> Floats:
        """The weight of the terms that each passage holds, or each of some."""
        spots = self._postings.spots(terms)
        return self._postings.overlap(spots if keep is None else spots.among(keep))

    def _whole(self, terms: Iterable[str]) -> float:
        return sum(map(self._postings.weight, dict.fromkeys(terms)))


def content_of(question: Question) -> frozenset[str]:
    """The words of a question that a passage has to account for; a fraction may be a wrong one that is asked about."""
    whole = [word for word in question.content if "/" not in word]
    return frozenset(fold_number(word) for word in whole or question.content)
