"""Where words stand among many texts, and how alike a question is to each of them: BM25, shares, pieces of words."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Parts = Mapping[str, npt.NDArray[Any]]

SATURATION, LENGTH_SHARE = 1.2, 0.75
"""BM25's k1 and b."""

MOST_REMEMBERED = 4_000_000
"""Numbers kept of words met before, for each body of texts: 16 MB in short floats, 32 in long ones."""

UNKNOWN_WEIGHT = 3.0
"""What a word counts that no text holds."""


def terms_of(words: Sequence[str]) -> list[str]:
    """The words and the pairs of neighbours."""
    return [*words, *map(" ".join, itertools.pairwise(words))]


class Spots:
    """Where some terms stand: by term and in the order of texts, the places in `TermCounts.at` and beside it."""

    def __init__(self, spots: npt.NDArray[np.intp], at: npt.NDArray[np.intp], size: int) -> None:
        """`at` are the texts that stand at the spots, of `size`."""
        self._spots, self._at, self._size = spots, at, size

    def part(self, begin: int, end: int) -> Spots:
        """Those of them from one on to another."""
        return Spots(self._spots[begin:end], self._at[begin:end], self._size)

    def sum_up(self, worth: Floats) -> Floats:
        """For each text what it is worth at these spots, added up; `worth` lies beside `TermCounts.at`."""
        if not self._spots.size:
            return np.zeros(self._size)
        return np.bincount(self._at, worth.take(self._spots), self._size).astype(np.float64, copy=False)


class TermCounts:
    """How often each term stands in each of `size` texts: a row for each term, the texts that hold it in order.

    Attributes:
        rows: the number of each term's row.
        ends: where each row ends in `at` and `times`; it begins where the one before ends.
        at: the places of the texts.
        times: how often the term stands there.
        spreads: by row, in how many texts the term stands.
    """

    PARTS = ("terms", "ends", "at", "times", "size")

    def __init__(
        self, terms: Sequence[str], ends: npt.NDArray[Any], at: npt.NDArray[Any], times: npt.NDArray[Any], size: int
    ) -> None:
        """Take the parts as they are; `of` counts texts."""
        self.size = size
        self.rows = dict(zip(terms, range(len(terms)), strict=True))
        self.ends = ends.astype(np.intp)
        self.spreads = np.diff(self.ends, prepend=0)
        self.at = at.astype(np.intp)
        self.times = times.astype(np.intp)
        self._bounds = [0, *self.ends.tolist()]
        self._places = np.arange(len(self.at))

    @classmethod
    def of(cls, texts: Iterable[Iterable[str]], rarest: int = 1) -> TermCounts:
        """Count the terms of texts; those that fewer than `rarest` texts hold are left out."""
        held: dict[str, list[tuple[int, int]]] = {}
        size = 0
        for place, text in enumerate(texts):
            size += 1
            for term, times in Counter(iter(text)).items():
                held.setdefault(term, []).append((place, times))
        kept = {term: found for term, found in held.items() if len(found) >= rarest}
        flat = np.array([pair for found in kept.values() for pair in found], dtype=np.intp).reshape(-1, 2)
        ends = np.cumsum([len(found) for found in kept.values()], dtype=np.intp)
        return cls(list(kept), ends, flat[:, 0], flat[:, 1], size)

    def find(self, terms: Iterable[str]) -> list[int]:
        """The rows of those terms that some text holds, each once, in the order of the terms."""
        return [row for term in dict.fromkeys(terms) if (row := self.rows.get(term)) is not None]

    def _slices(self, rows: Iterable[int]) -> list[slice]:
        """Where rows lie in `at` and `times`."""
        return [slice(self._bounds[row], self._bounds[row + 1]) for row in rows]

    def greatest(self, worth: Mapping[str, float]) -> Floats:
        """For each text the most that one of the terms which it holds is worth; 0 where it holds none of them."""
        found = np.zeros(self.size)
        rising = sorted((each, row) for term, each in worth.items() if (row := self.rows.get(term)) is not None)
        if rising:
            slices = self._slices([row for _, row in rising])
            at = np.concatenate([self.at[own] for own in slices])
            found[at] = np.repeat([each for each, _ in rising], [own.stop - own.start for own in slices])
        return found

    def spots(self, rows: Sequence[int]) -> Spots:
        """Where the terms of these rows stand."""
        slices = self._slices(rows)
        spots = np.concatenate([self._places[own] for own in slices]) if slices else self._places[:0]
        return Spots(spots, self.at.take(spots), self.size)

    def sum_up(self, rows: Sequence[int], worth: Floats, factors: Sequence[float] | None = None) -> Floats:
        """For each text what it is worth in these rows, added up.

        Args:
            worth: beside each place of `at`, what the term is worth there.
            factors: for each of the rows, what that is multiplied with.
        """
        if not rows:
            return np.zeros(self.size)
        slices = self._slices(rows)
        found = np.concatenate([worth[own] for own in slices])
        if factors is not None:
            found *= np.repeat(factors, [own.stop - own.start for own in slices])
        sums = np.bincount(np.concatenate([self.at[own] for own in slices]), found, self.size)
        return sums.astype(np.float64, copy=False)

    def parts(self) -> dict[str, npt.NDArray[Any]]:
        """The parts as small arrays, by the names of `PARTS`."""
        return {
            "terms": np.frombuffer("\n".join(self.rows).encode(), dtype=np.uint8),
            "ends": self.ends.astype(np.int32),
            "at": _small(self.at),
            "times": _small(self.times),
            "size": np.array(self.size),
        }

    @classmethod
    def from_parts(cls, parts: Parts) -> TermCounts:
        """The counts in such arrays."""
        terms = parts["terms"].tobytes().decode().split("\n") if parts["ends"].size else []
        return cls(terms, parts["ends"], parts["at"], parts["times"], int(parts["size"]))


def _small(numbers: npt.NDArray[np.intp]) -> npt.NDArray[Any]:
    return numbers.astype(np.min_scalar_type(int(numbers.max()) if numbers.size else 0))


class Postings:
    """BM25 and shares of weight over texts whose terms were counted."""

    def __init__(self, counts: TermCounts) -> None:
        """Weigh every term: the rarer, the more."""
        self.counts = counts
        self.size = counts.size
        self.lengths = np.bincount(counts.at, counts.times, counts.size)
        by_spread = [math.log(1 + (self.size - spread + 0.5) / (spread + 0.5)) for spread in range(self.size + 1)]
        weights = np.array(by_spread)[counts.spreads]
        self._most, self._by_row, self._spreads = by_spread[0], weights.tolist(), counts.spreads.tolist()
        self._weights = np.repeat(weights, counts.spreads)
        norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * self.lengths / (self.lengths.mean() if self.size else 1))
        self._scores = self._weights * counts.times * (SATURATION + 1) / (counts.times + norm[counts.at])

    def __contains__(self, term: str) -> bool:
        """Whether some text holds the term."""
        return term in self.counts.rows

    def spread(self, term: str) -> int:
        """In how many texts a term stands."""
        row = self.counts.rows.get(term)
        return 0 if row is None else self._spreads[row]

    def weight(self, term: str) -> float:
        """How much a term tells: the rarer, the more; most where no text holds it."""
        row = self.counts.rows.get(term)
        return self._most if row is None else self._by_row[row]

    def spots(self, terms: Iterable[str]) -> Spots:
        """Where those of the terms stand that some text holds, each once, in the order of the terms."""
        return self.counts.spots(self.counts.find(terms))

    def score(self, spots: Spots) -> Floats:
        """BM25 of each text for the terms that stand at these spots."""
        return spots.sum_up(self._scores)

    def overlap(self, spots: Spots) -> Floats:
        """The weight of the terms at these spots that each text holds."""
        return spots.sum_up(self._weights)

    def explain(self, terms: Iterable[str], spots: Spots) -> Floats:
        """The share (0–1) of the terms' weight that each text holds; `spots` are where they stand."""
        rows = map(self.counts.rows.get, dict.fromkeys(terms))
        whole = sum(UNKNOWN_WEIGHT if row is None else self._by_row[row] for row in rows)
        return self.overlap(spots) / (whole or 1.0)


class Within:
    """How well each candidate fits among those of its own plan, where the words that name the plan tell nothing."""

    def __init__(self, terms: Postings, plans: Sequence[str]) -> None:
        """`plans` of the candidates, by their places."""
        counts = terms.counts
        self._counts = counts
        names, self._plan_of = np.unique(np.array(plans), return_inverse=True)
        sizes = np.bincount(self._plan_of, minlength=len(names))
        rows = np.repeat(np.arange(len(counts.spreads)), counts.spreads)
        spread = np.zeros((len(counts.spreads), len(names)))
        np.add.at(spread, (rows, self._plan_of[counts.at]), 1.0)
        weights = np.log(1 + (sizes - spread + 0.5) / (spread + 0.5))
        self._weights = np.where(spread > 0, weights, UNKNOWN_WEIGHT)
        self._overlaps = self._weights[rows, self._plan_of[counts.at]]
        mean = np.bincount(self._plan_of, terms.lengths) / np.maximum(sizes, 1)
        norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * terms.lengths / mean[self._plan_of])
        self._scores = self._overlaps * counts.times * (SATURATION + 1) / (counts.times + norm[counts.at])

    def score(self, words: Sequence[str], of_words: Spots, of_terms: Spots) -> tuple[Floats, Floats]:
        """BM25 within the plan, and the share (0–1) of the words' weight there that the candidate holds.

        Args:
            words: the words of a question, each once; `of_words` is where they stand.
            of_terms: where they and their pairs stand.
        """
        rows = self._counts.find(words)
        whole = self._weights[rows].sum(axis=0) + UNKNOWN_WEIGHT * (len(words) - len(rows))
        shares = of_words.sum_up(self._overlaps) / np.maximum(whole, 1e-9)[self._plan_of]
        return of_terms.sum_up(self._scores), shares


SHORTEST_PIECE, LONGEST_PIECE = 3, 4


def pieces_of(word: str) -> tuple[str, ...]:
    """The pieces of three and four letters of a word with a blank on either side."""
    padded = f" {word} "
    return tuple(
        padded[at : at + size]
        for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1)
        for at in range(len(padded) - size + 1)
    )


def count_pieces(texts: Iterable[Sequence[str]], rarest: int = 1) -> TermCounts:
    """The pieces of the words of texts, for `Pieces`; `rarest`: how many texts must hold a piece for it to count."""
    return TermCounts.of(([piece for word in text for piece in pieces_of(word)] for text in texts), rarest)


class Pieces:
    """Texts as pieces of words, to tell how alike a question is in its letters (cosine of TF-IDF)."""

    def __init__(self, counts: TermCounts, kept: type[np.floating[Any]] = np.float64) -> None:
        """Weigh the pieces counted, and bring every text to length one.

        Args:
            kept: the numbers in which words are remembered; of many texts short ones are read in half the time, and
                tell them apart by seven digits.
        """
        self.counts = counts
        self._kept = kept
        by_spread = [math.log((1 + counts.size) / (1 + spread)) + 1 for spread in range(counts.size + 1)]
        rarity = np.array(by_spread)[counts.spreads]
        self._rarity: list[float] = rarity.tolist()
        raised = np.array([0.0, *(1 + math.log(times) for times in range(1, int(counts.times.max(initial=1)) + 1))])
        raw = raised[counts.times] * np.repeat(rarity, counts.spreads)
        lengths = np.sqrt(np.bincount(counts.at, raw * raw, counts.size))
        self._worth = raw / lengths[counts.at]
        most = max(MOST_REMEMBERED // max(counts.size, 1), 1)
        self._of_word = lru_cache(maxsize=most)(self._weigh_word)
        self._of_piece = lru_cache(maxsize=max(most // 4, 1))(self._weigh_piece)

    def _weigh_word(self, word: str) -> tuple[list[int], float, npt.NDArray[Any]]:
        """The rows of a word's pieces, their squares added up, and what each text has of them."""
        rows = [row for piece in pieces_of(word) if (row := self.counts.rows.get(piece)) is not None]
        found = Counter(rows)
        worth = [times * self._rarity[row] for row, times in found.items()]
        has = self.counts.sum_up(list(found), self._worth, worth)
        return rows, sum(self._rarity[row] ** 2 for row in rows), has.astype(self._kept)

    def _weigh_piece(self, row: int) -> npt.NDArray[Any]:
        """What each text has of the piece of a row."""
        return self.counts.sum_up([row], self._worth).astype(self._kept)

    def likeness(self, words: Sequence[str]) -> Floats:
        """The cosine (0–1) between the words and each text.

        Added up word by word, as words are met again and again; a piece that was counted several times so is lessened
        to its logarithm.
        """
        shared, part = np.zeros((2, self.counts.size), dtype=self._kept)
        asked: list[int] = []
        length = 0.0
        for word in words:
            rows, square, has = self._of_word(word)
            asked += rows
            length += square
            shared += has
        for row, times in Counter(asked).items():
            if times > 1:
                raw, raised = self._rarity[row], 1 + math.log(times)
                shared += np.multiply(self._of_piece(row), (raised - times) * raw, out=part)
                length += (raised * raised - times) * raw * raw
        likeness: Floats = shared.astype(np.float64) / (math.sqrt(length) or 1.0)
        return likeness
