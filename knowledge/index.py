"""The index over passages: tasks, deadlines and rows of forms, found by how much of a question they account for."""

from __future__ import annotations

import itertools
import math
import re
from collections import defaultdict
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
        self._items: list[Item] = []
        self._sizes: list[int] = []
        self._holding: dict[str, list[int]] = {}
        self._holding_pair: dict[tuple[str, str], list[int]] = {}
        for number, (item, runs) in enumerate(passages):
            single = {word for run in runs for word in run}
            self._items.append(item)
            self._sizes.append(len(single))
            for word in single:
                self._holding.setdefault(word, []).append(number)
            for pair in {pair for run in runs for pair in itertools.pairwise(run)}:
                self._holding_pair.setdefault(pair, []).append(number)

    def knows(self, pair: tuple[str, str]) -> bool:
        """Whether some passage holds these two words side by side."""
        return pair in self._holding_pair

    def spread(self, word: str) -> int:
        """In how many passages a word stands."""
        return len(self._holding.get(word, ()))

    def weight(self, word: str) -> float:
        """How much a word tells: the rarer, the more; most where no passage knows it."""
        return _rarity(len(self._items), self.spread(word))

    def _pair_weight(self, pair: tuple[str, str]) -> float:
        return _rarity(len(self._items), len(self._holding_pair.get(pair, ())))

    def find(
        self, words: Sequence[str], core: frozenset[str], keep: frozenset[Item] | None = None, limit: int = 5
    ) -> list[Found[Item]]:
        """The best passages for the words, in the question's own order.

        `core` are the words that have to be accounted for; the others only help to order what is found. `keep`
        restricts to some items.
        """
        held: dict[int, float] = defaultdict(float)
        held_pairs: dict[int, float] = defaultdict(float)
        beside: dict[int, float] = defaultdict(float)
        whole = whole_pairs = 0.0
        for word in dict.fromkeys(words):
            weight = self.weight(word)
            whole += weight if word in core else 0.0
            _add(held if word in core else beside, self._holding.get(word, ()), weight)
        for pair in dict.fromkeys(itertools.pairwise(words)):
            weight = self._pair_weight(pair)
            is_core = core.issuperset(pair)
            whole_pairs += weight if is_core else 0.0
            _add(held_pairs if is_core else beside, self._holding_pair.get(pair, ()), weight)
        found = [
            Found(
                self._items[number],
                weight / (whole or 1.0),
                held_pairs[number] / whole_pairs if whole_pairs else 0.0,
                weight + held_pairs[number] + BESIDE_SHARE * beside[number] - 0.002 * self._sizes[number],
            )
            for number, weight in held.items()
            if keep is None or self._items[number] in keep
        ]
        return sorted(found, key=lambda f: -f.score)[:limit]


def _add(sums: dict[int, float], numbers: Iterable[int], weight: float) -> None:
    for number in numbers:
        sums[number] += weight


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
