"""Where words stand among many texts, and how alike a question is to each of them: BM25, shares, pieces of words."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SATURATION, LENGTH_SHARE = 1.2, 0.75
"""BM25's k1 and b."""

UNKNOWN_WEIGHT = 3.0
"""What a word counts that no text holds."""


def terms_of(words: Sequence[str]) -> list[str]:
    """The words and the pairs of neighbours."""
    return [*words, *(f"{first} {second}" for first, second in itertools.pairwise(words))]


class Postings:
    """An inverted index over `size` texts, each given as its terms."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        """Count every term of every text."""
        self.size = len(texts)
        self.lengths = np.array([len(text) for text in texts], dtype=np.float64)
        mean = self.lengths.mean() if self.size else 1.0
        counted: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, text in enumerate(texts):
            for term, count in Counter(text).items():
                counted[term].append((number, count))
        self.weights = {
            term: math.log(1 + (self.size - len(held) + 0.5) / (len(held) + 0.5)) for term, held in counted.items()
        }
        self._at: dict[str, npt.NDArray[np.intp]] = {}
        self._scores: dict[str, Floats] = {}
        for term, held in counted.items():
            at = np.array([number for number, _ in held], dtype=np.intp)
            counts = np.array([count for _, count in held], dtype=np.float64)
            norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * self.lengths[at] / mean)
            self._at[term] = at
            self._scores[term] = self.weights[term] * counts * (SATURATION + 1) / (counts + norm)

    def score(self, terms: Iterable[str]) -> Floats:
        """BM25 of each text for these terms."""
        found = np.zeros(self.size)
        for term in set(terms):
            if term in self._at:
                found[self._at[term]] += self._scores[term]
        return found

    def explain(self, terms: Iterable[str]) -> Floats:
        """The share (0–1) of the terms' weight that each text holds."""
        asked = set(terms)
        whole = sum(self.weights.get(term, UNKNOWN_WEIGHT) for term in asked)
        return self.overlap(asked) / (whole or 1.0)

    def overlap(self, terms: Iterable[str]) -> Floats:
        """The weight of the terms that each text holds."""
        found = np.zeros(self.size)
        for term in set(terms):
            if term in self._at:
                found[self._at[term]] += self.weights[term]
        return found


SHORTEST_PIECE, LONGEST_PIECE = 3, 4


@lru_cache(maxsize=16384)
def pieces_of(word: str) -> tuple[str, ...]:
    """The pieces of three and four letters of a word with a blank on either side."""
    padded = f" {word} "
    return tuple(
        padded[at : at + size]
        for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1)
        for at in range(len(padded) - size + 1)
    )


class Pieces:
    """Texts as pieces of words, to tell how alike a question is in its letters (cosine of TF-IDF)."""

    def __init__(self, texts: Sequence[Sequence[str]], rarest: int = 1) -> None:
        """`rarest`: how many texts must hold a piece for it to count."""
        counts = [Counter(piece for word in text for piece in pieces_of(word)) for text in texts]
        seen = Counter(piece for each in counts for piece in each)
        self.size = len(texts)
        self._rarity = {
            piece: math.log((1 + self.size) / (1 + times)) + 1 for piece, times in seen.items() if times >= rarest
        }
        held: dict[str, tuple[list[int], list[float]]] = {piece: ([], []) for piece in self._rarity}
        for number, each in enumerate(counts):
            values = self._values(each)
            for piece, value in values.items():
                held[piece][0].append(number)
                held[piece][1].append(value)
        self._held = {
            piece: (np.array(at, dtype=np.intp), np.array(values)) for piece, (at, values) in held.items() if at
        }

    def _values(self, counts: Counter[str]) -> dict[str, float]:
        raw = {
            piece: (1 + math.log(count)) * self._rarity[piece]
            for piece, count in counts.items()
            if piece in self._rarity
        }
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {piece: value / length for piece, value in raw.items()}

    def likeness(self, words: Sequence[str]) -> Floats:
        """The cosine (0–1) between the words and each text."""
        found = np.zeros(self.size)
        for piece, value in self._values(Counter(piece for word in words for piece in pieces_of(word))).items():
            if piece in self._held:
                at, values = self._held[piece]
                found[at] += value * values
        return found
