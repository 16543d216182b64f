"""The index over passages: tasks, deadlines and rows of forms, found by how much of a question they account for."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from knowledge.model.questions import Question

Item = TypeVar("Item")

BESIDE_SHARE = 0.2
"""How much words count that need not be accounted for, and pairs in which they stand."""


@dataclass(frozen=True)
class Found(Generic[Item]):
    """A passage and how well it fits: `coverage` is the share (0–1) of the question's words that it holds, weighted by
    how rare they are; `pairs` the same for neighbouring words; `score` orders passages of one question."""

    item: Item
    coverage: float
    pairs: float
    score: float


class PassageIndex(Generic[Item]):
    """Finds passages by weighted shares of single words and neighbouring pairs.

    Both sides are folded, and pairs are indexed too: without marks a pair tells apart what a single syllable cannot.
    """

    def __init__(self, passages: Iterable[tuple[Item, Sequence[Sequence[str]]]]) -> None:
        """Each passage is an item and its runs of folded words; pairs do not reach across runs."""
        self._passages: list[tuple[Item, frozenset[str], frozenset[tuple[str, str]]]] = []
        spread: Counter[str] = Counter()
        pair_spread: Counter[tuple[str, str]] = Counter()
        for item, runs in passages:
            single = frozenset(word for run in runs for word in run)
            pairs = frozenset(pair for run in runs for pair in itertools.pairwise(run))
            self._passages.append((item, single, pairs))
            spread.update(single)
            pair_spread.update(pairs)
        self._spread, self._pair_spread = spread, pair_spread

    def knows(self, pair: tuple[str, str]) -> bool:
        """Whether some passage holds these two words side by side."""
        return self._pair_spread[pair] > 0

    def spread(self, word: str) -> int:
        """In how many passages a word stands."""
        return self._spread[word]

    def weight(self, word: str) -> float:
        """How much a word tells: the rarer, the more; most where no passage knows it."""
        return _rarity(len(self._passages), self._spread[word])

    def _pair_weight(self, pair: tuple[str, str]) -> float:
        return _rarity(len(self._passages), self._pair_spread[pair])

    def find(
        self, words: Sequence[str], core: frozenset[str], keep: frozenset[Item] | None = None, limit: int = 5
    ) -> list[Found[Item]]:
        """The best passages for the words, in the question's own order.

        `core` are the words that have to be accounted for; the others only help to order what is found. `keep`
        restricts to some items.
        """
        asked = list(dict.fromkeys(words))
        pairs = list(dict.fromkeys(itertools.pairwise(words)))
        weights = {word: self.weight(word) for word in asked}
        known = {pair: self._pair_weight(pair) for pair in pairs if self._pair_spread[pair]}
        whole = sum(weight for word, weight in weights.items() if word in core) or 1.0
        core_pairs = {pair for pair in pairs if core.issuperset(pair)}
        whole_pairs = sum(self._pair_weight(pair) for pair in core_pairs)
        found = []
        for item, single, own in self._passages:
            if keep is not None and item not in keep:
                continue
            held = sum(weight for word, weight in weights.items() if word in single and word in core)
            if not held:
                continue
            beside = sum(weight for word, weight in weights.items() if word in single and word not in core)
            held_pairs = sum(weight for pair, weight in known.items() if pair in own)
            held_core = sum(weight for pair, weight in known.items() if pair in own and pair in core_pairs)
            score = held + held_core + BESIDE_SHARE * (beside + held_pairs - held_core) - 0.002 * len(single)
            found.append(Found(item, held / whole, held_core / whole_pairs if whole_pairs else 0.0, score))
        return sorted(found, key=lambda f: -f.score)[:limit]


def _rarity(count: int, spread: int) -> float:
    return math.log(1 + (count - spread + 0.5) / (spread + 0.5))


def fold_number(word: str) -> str:
    """A number without separators and leading zeros, so that 05 and 5, 1.000 and 1000 are one word."""
    digits = re.sub(r"[.,](?=\d{3})", "", word)
    return str(int(digits)) if digits.isdigit() else word


def content_of(question: Question) -> frozenset[str]:
    """The words of a question that a passage has to account for; a fraction may be a wrong one that is asked about."""
    whole = [word for word in question.content if "/" not in word]
    return frozenset(fold_number(word) for word in whole or question.content)
