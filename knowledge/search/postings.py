"""Where words stand among many texts, and how alike a question is to each of them: BM25 and shares of weight."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.remembering import remembered
from knowledge.search.wordbook import END, MOST_AT_ONCE, Numbers, Picked, Tokens, Wordbook, spread_out

Floats = npt.NDArray[np.float64]

SATURATION, LENGTH_SHARE = 1.2, 0.75
"""BM25's k1 and b."""

MOST_KEPT = 500_000
"""Spots of texts for each of which it is kept what it is worth."""

LEAST_RARE, FEWEST_ROWS = 16, 4
"""What chooses among many texts: terms that stand in no more than one of so many; at least so many terms."""

UNKNOWN_WEIGHT = 3.0
"""What a word counts that no text holds."""


def terms_of(words: Sequence[str]) -> list[str]:
    """The words and the pairs of neighbours."""
    return [*words, *map(" ".join, itertools.pairwise(words))]


class TermRows(Mapping[str, int]):
    """The number of each term's row: words first, then pairs of neighbours, both by their words' numbers."""

    def __init__(self, book: Wordbook, words: Numbers, pairs: npt.NDArray[np.int64]) -> None:
        """`words` are numbers in rising order; so are `pairs`, a first word's number moved up by 32 bits."""
        self._book = book
        self._words = dict(zip(words.tolist(), range(len(words)), strict=True))
        self._pairs = pairs
        self._pair_keys = pairs.data
        self._row = remembered(self.find, 8192)

    def number_forms(self) -> Mapping[str, tuple[str, ...]]:
        """Numbers with the ways in which texts write them, where there is another than the folded one."""
        folded = self._book.tables().folded.tolist()
        words = self._book.words()
        forms: dict[str, list[str]] = {}
        for number in self._words:
            if folded[number] != number:
                forms.setdefault(words[folded[number]], []).append(words[number])
        return {word: (word, *others) for word, others in forms.items()}

    @property
    def word_count(self) -> int:
        """How many rows are of single words."""
        return len(self._words)

    def get(self, term: str, default: int | None = None) -> int | None:  # type: ignore[override]
        """The row of a term; None where no text holds it."""
        row = self._row(term)
        return default if row is None else row

    def find(self, term: str) -> int | None:
        """The row of a term, as `get` finds it; nothing is remembered."""
        first, _, second = term.partition(" ")
        number = self._book.find(first)
        if number is None or not second:
            return self._words.get(number or END)
        other = self._book.find(second)
        if other is None:
            return None
        key = number << 32 | other
        at = bisect_left(self._pair_keys, key)
        return at + len(self._words) if at < len(self._pair_keys) and self._pair_keys[at] == key else None

    def of(self, words: Sequence[str]) -> tuple[list[int], list[int]]:
        """The rows of words and those of their pairs of neighbours that some text holds, each once, in their order."""
        numbers = list(map(self._book.find, words))
        rows = [row for number in dict.fromkeys(numbers) if number and (row := self._words.get(number)) is not None]
        pairs = self._of_pairs(dict.fromkeys(itertools.pairwise(numbers)))
        return rows, pairs[pairs >= 0].tolist()

    def of_neighbours(self, words: Sequence[str]) -> Numbers:
        """The row of each word with the one behind it; -1 where no text holds them so."""
        return self._of_pairs(itertools.pairwise(map(self._book.find, words)))

    def _of_pairs(self, pairs: Iterable[tuple[int | None, int | None]]) -> Numbers:
        """The row of each pair of words, which are given by their numbers; -1 where it has none."""
        keys = np.array([first << 32 | second if first and second else -1 for first, second in pairs], dtype=np.int64)
        if not len(self._pairs):
            return np.full(len(keys), -1)
        at = self._pairs.searchsorted(keys)
        return np.where(self._pairs.take(at, mode="clip") == keys, at + len(self._words), -1)

    def __getitem__(self, term: str) -> int:
        row = self.get(term)
        if row is None:
            raise KeyError(term)
        return row

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and self.get(term) is not None

    def __iter__(self) -> Iterator[str]:
        words = self._book.words()
        yield from (words[number] for number in self._words)
        yield from (f"{words[key >> 32]} {words[key & 0xFFFFFFFF]}" for key in self._pairs.tolist())

    def __len__(self) -> int:
        return len(self._words) + len(self._pairs)


class Spots(NamedTuple):
    """Where some terms stand, by term and in the order of texts.

    Attributes:
        rows: the terms' rows, and `sizes`, at how many spots each stands.
        at: the texts, by their places, or by their places among `within`.
        times: how often the term stands there.
        size: how many texts may stand there.
        posts: where these spots lie among all spots of `TermCounts`; None where they were read from texts.
        within: the texts that are looked at alone; None where all are.
    """

    rows: npt.NDArray[np.intp]
    sizes: npt.NDArray[np.intp]
    at: Numbers
    times: Numbers
    size: int
    posts: Numbers | None = None
    within: Numbers | None = None

    def first(self, rows: int) -> Spots:
        """Those of the first rows."""
        end = int(self.sizes[:rows].sum())
        posts = None if self.posts is None else self.posts[:end]
        return Spots(
            self.rows[:rows], self.sizes[:rows], self.at[:end], self.times[:end], self.size, posts, self.within
        )

    def of_texts(self, by_place: npt.NDArray[np.generic]) -> Numbers:
        """What is told of each text, at every spot."""
        return (by_place if self.within is None else by_place[self.within])[self.at]

    def of_rows(self, by_row: npt.NDArray[np.generic]) -> Numbers:
        """What is told of each row of all, at every spot."""
        return np.repeat(by_row[self.rows], self.sizes)

    def sum_up(self, worth: Numbers) -> Floats:
        """For each text what it is worth at these spots, added up; `worth` lies beside the spots."""
        return np.bincount(self.at, worth, self.size).astype(np.float64, copy=False)


class TermCounts:
    """How often each term stands in each text: a row for each term, the texts that hold it in order.

    Attributes:
        tokens: the texts; there are `size`.
        rows: the number of each term's row.
        ends: where each row ends in `at` and `times`; it begins where the one before ends.
        at: the places of the texts.
        times: how often the term stands there.
        spreads: by row, in how many texts the term stands.
    """

    def __init__(self, tokens: Tokens, book: Wordbook, rows: TermRows, spreads: Numbers, at: Numbers, times: Numbers):
        """Take the parts as they are; `count_terms` counts texts."""
        self.tokens, self.book, self.rows, self.at, self.times = tokens, book, rows, at, times
        self.size = tokens.size
        self.spreads = spreads
        self.ends = np.cumsum(spreads)

    @cached_property
    def lengths(self) -> Floats:
        """How many words and pairs of neighbours each text has."""
        found = np.zeros(self.size)
        for _, last, at in self.stretches():
            end = int(self.ends[last - 1])
            found += np.bincount(at, self.times[end - len(at) : end], self.size)
        return found

    def find(self, terms: Iterable[str]) -> list[int]:
        """The rows of those terms that some text holds, each once, in the order of the terms."""
        return [row for term in dict.fromkeys(terms) if (row := self.rows.get(term)) is not None]

    def spots(self, rows: Sequence[int] | Numbers) -> Spots:
        """Where the terms of these rows stand."""
        own = np.asarray(rows, dtype=np.intp)
        sizes = self.spreads[own]
        posts = spread_out(self.ends[own] - sizes, sizes)
        return Spots(own, sizes, self.at[posts], self.times[posts], self.size, posts)

    def whole(self) -> Spots | None:
        """All spots; None where there are more than `MOST_KEPT`."""
        if len(self.at) > MOST_KEPT:
            return None
        rows, posts = np.arange(len(self.spreads)), np.arange(len(self.at))
        return Spots(rows, self.spreads, self.at, self.times, self.size, posts)

    def selective(self, rows: Sequence[int]) -> list[int]:
        """Those of rows whose terms choose among texts: few hold them; at least a few that are rarest."""
        rarest = sorted(rows, key=self.spreads.__getitem__)
        return [row for n, row in enumerate(rarest) if n < FEWEST_ROWS or self.spreads[row] * LEAST_RARE <= self.size]

    def spots_at(self, terms: Sequence[str], picked: Picked, *, folds_numbers: bool = False) -> Spots:
        """Where terms stand in some texts, read from the texts; `rows` are the terms' own places.

        Args:
            terms: each once.
            folds_numbers: whether numbers of the texts are read folded.
        """
        numbers = self.book.tables().folded[picked.numbers] if folds_numbers else picked.numbers
        asked = dict.fromkeys(word for term in terms for word in term.split(" "))
        place_of = {word: place for place, word in enumerate(asked, 1)}
        of_word = np.zeros(len(self.book), dtype=np.int32)
        for word, place in place_of.items():
            number = self.book.find(word)
            if number is not None:
                of_word[number] = place
        single = np.full(len(asked) + 1, -1, dtype=np.int32)
        pair = np.full((len(asked) + 1, len(asked) + 1), -1, dtype=np.int32)
        for row, term in enumerate(terms):
            first, _, second = term.partition(" ")
            if second:
                pair[place_of[first], place_of[second]] = row
            else:
                single[place_of[first]] = row
        found = of_word[numbers]
        spots = np.flatnonzero(found)
        pairs = spots[:-1][np.diff(spots) == 1]
        rows = np.concatenate([single[found[spots]], pair[found[pairs], found[pairs + 1]]])
        owners = picked.owners()[np.concatenate([spots, pairs])]
        table = np.bincount((rows * np.int64(picked.size) + owners)[rows >= 0], minlength=len(terms) * picked.size)
        held = np.flatnonzero(table)
        of_rows, at = np.divmod(held, max(picked.size, 1))
        sizes = np.bincount(of_rows, minlength=len(terms))
        return Spots(np.arange(len(terms)), sizes, at, table[held], picked.size, within=picked.places)

    def stretches(self) -> Iterator[tuple[int, int, Numbers]]:
        """The rows from one on to before another, and the texts that hold their terms; not too many at once."""
        first = 0
        while first < len(self.ends):
            begin = int(self.ends[first - 1]) if first else 0
            last = max(int(np.searchsorted(self.ends, begin + MOST_AT_ONCE)), first + 1)
            yield first, last, self.at[begin : int(self.ends[last - 1])]
            first = last

    def spreads_of(self, by_text: Numbers) -> Numbers:
        """For each row, what its texts count for, added up."""
        found = [np.zeros(0, dtype=np.intp)]
        for first, last, at in self.stretches():
            spreads = self.spreads[first:last]
            found.append(np.add.reduceat(by_text[at], np.cumsum(spreads) - spreads, dtype=np.intp))
        return np.concatenate(found)

    def count_words(self) -> Numbers:
        """How many different words each text holds."""
        end = int(self.spreads[: self.rows.word_count].sum())
        counted = np.zeros(self.size, dtype=np.intp)
        for begin in range(0, end, MOST_AT_ONCE):
            counted += np.bincount(self.at[begin : min(begin + MOST_AT_ONCE, end)], minlength=self.size)
        return counted


class _Lists:
    """Rows gathered stretch by stretch; what is not needed of the room taken is never touched."""

    def __init__(self, most: int, *, is_counted: bool) -> None:
        """Take room for so many texts in all rows together."""
        self._at = np.empty(most, dtype=np.int32)
        self._times = np.empty(most, dtype=np.uint8) if is_counted else None
        self._filled = 0
        self._spreads = [np.zeros(0, dtype=np.int64)]

    def add(self, keys: npt.NDArray[np.int64], bits: int) -> Numbers:
        """Take the rows of keys, each a term's own moved up by the bits of a text's; the terms, in rising order."""
        keys.sort()
        begins = _begins(keys)
        held = keys[begins]
        upto = self._filled + len(held)
        self._at[self._filled : upto] = held & ((1 << bits) - 1)
        if self._times is not None:
            self._times[self._filled : upto] = np.minimum(np.diff(begins, append=len(keys)), _MOST_TIMES)
        self._filled = upto
        held >>= bits
        first = _begins(held)
        self._spreads.append(np.diff(first, append=len(held)))
        return held[first]

    def counts(self, tokens: Tokens, book: Wordbook, rows: TermRows) -> TermCounts:
        """What was gathered."""
        at = self._at[: self._filled]
        times = np.broadcast_to(np.uint8(1), at.shape) if self._times is None else self._times[: self._filled]
        return TermCounts(tokens, book, rows, np.concatenate(self._spreads), at, times)


_MOST_TIMES = 0xFF
"""Times that a term is counted in one text: BM25 hardly grows beyond."""


def _begins(keys: Numbers) -> Numbers:
    """Where other keys begin than stand before."""
    return np.flatnonzero(np.concatenate([np.ones(min(len(keys), 1), dtype=np.bool_), keys[1:] != keys[:-1]]))


def _stretches(numbers: Numbers) -> list[tuple[int, int]]:
    """Ranges of numbers of which each stretch holds about `MOST_AT_ONCE`."""
    counted = np.zeros(1, dtype=np.int64)
    for begin in range(0, len(numbers), MOST_AT_ONCE):
        some = np.bincount(numbers[begin : begin + MOST_AT_ONCE], minlength=len(counted))
        some[: len(counted)] += counted
        counted = some
    marks = range(MOST_AT_ONCE, len(numbers), MOST_AT_ONCE)
    ends = dict.fromkeys([*(np.searchsorted(np.cumsum(counted), marks) + 1).tolist(), len(counted)])
    return list(itertools.pairwise([END + 1, *(end for end in ends if end > END + 1)]))


def count_terms(tokens: Tokens, book: Wordbook, *, pairs: bool = True, is_counted: bool = True) -> TermCounts:
    """The words of texts, and the pairs of neighbours; no pair reaches across runs.

    Args:
        pairs: whether pairs are looked at too.
        is_counted: whether it matters how often a term stands in a text; if not, the texts are not kept either.
    """
    numbers, owners = tokens.numbers, tokens.owners()
    of_text, of_word = tokens.size.bit_length(), len(book).bit_length()
    lists = _Lists(len(numbers) * (2 if pairs else 1), is_counted=is_counted)
    none = np.zeros(0, dtype=np.int64)
    words, neighbours = [none], [none]
    stretches = _stretches(numbers)
    for low, high in stretches:
        held = np.flatnonzero((numbers >= low) & (numbers < high))
        words.append(lists.add(numbers[held].astype(np.int64) << of_text | owners[held], of_text))
    for low, high in stretches if pairs else ():
        held = np.flatnonzero((numbers[:-1] >= low) & (numbers[:-1] < high) & (numbers[1:] != END))
        keys = (numbers[held].astype(np.int64) << of_word | numbers[held + 1]) << of_text | owners[held]
        neighbours.append(lists.add(keys, of_text))
    both = np.concatenate(neighbours)
    rows = TermRows(book, np.concatenate(words), both >> of_word << 32 | both & ((1 << of_word) - 1))
    return lists.counts(tokens if is_counted else tokens.emptied(), book, rows)


class Postings:
    """BM25 and shares of weight over texts whose terms were counted."""

    def __init__(self, counts: TermCounts, copies: Numbers | None = None) -> None:
        """Weigh every term: the rarer, the more.

        Args:
            copies: how often each text is there, where the same one stands for several.
        """
        self.counts = counts
        self.size = counts.size if copies is None else int(copies.sum())
        self.lengths = counts.lengths
        spreads = counts.spreads if copies is None else counts.spreads_of(copies)
        by_spread = [math.log(1 + (self.size - spread + 0.5) / (spread + 0.5)) for spread in range(self.size + 1)]
        self._weights = np.array(by_spread)[spreads]
        self._most = by_spread[0]
        self.norm = norm_of(self.lengths, self.lengths.mean() if self.size else 1)

    def __contains__(self, term: str) -> bool:
        """Whether some text holds the term."""
        return term in self.counts.rows

    def spread(self, term: str) -> int:
        """In how many texts a term stands."""
        row = self.counts.rows.get(term)
        return 0 if row is None else int(self.counts.spreads[row])

    def weight(self, term: str) -> float:
        """How much a term tells: the rarer, the more; most where no text holds it."""
        row = self.counts.rows.get(term)
        return self._most if row is None else float(self._weights[row])

    def spots(self, terms: Iterable[str]) -> Spots:
        """Where those of the terms stand that some text holds, each once, in the order of the terms."""
        return self.counts.spots(self.counts.find(terms))

    def spots_of(self, words: Sequence[str]) -> Spots:
        """Where those of the words and pairs of neighbours stand that some text holds, each once, words first."""
        of_words, of_pairs = self.counts.rows.of(words)
        return self.counts.spots([*of_words, *of_pairs])

    def score(self, spots: Spots) -> Floats:
        """BM25 of each text for the terms that stand at these spots."""
        if spots.posts is not None and self._worth is not None:
            return spots.sum_up(self._worth[spots.posts])
        return spots.sum_up(bm25(spots, spots.of_rows(self._weights), self.norm))

    @cached_property
    def _worth(self) -> Floats | None:
        """What each spot adds to BM25; None where there are too many to keep."""
        whole = self.counts.whole()
        return None if whole is None else bm25(whole, whole.of_rows(self._weights), self.norm)

    def overlap(self, spots: Spots) -> Floats:
        """The weight of the terms at these spots that each text holds."""
        return spots.sum_up(spots.of_rows(self._weights))

    def explain(self, count: int, spots: Spots) -> Floats:
        """The share (0–1) of the weight of terms that each text holds.

        Args:
            count: of the terms; `spots` are where those stand that some text holds.
        """
        whole = UNKNOWN_WEIGHT * (count - len(spots.rows)) + sum(self._weights[spots.rows].tolist())
        return self.overlap(spots) / (whole or 1.0)


def norm_of(lengths: Floats, mean: float | Floats) -> Floats:
    """What the length of texts adds to BM25's divisor; `mean` is the length to be compared with."""
    norm: Floats = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / mean)
    return norm


def bm25(spots: Spots, weights: Floats, norm: Floats) -> Floats:
    """What each spot adds to BM25 of its text, with the weights of terms at each spot and the norm of each text."""
    worth: Floats = weights * spots.times * (SATURATION + 1) / (spots.times + spots.of_texts(norm))
    return worth
