"""How alike a question is to texts in its letters: pieces of words, so that a slip leaves most of a word."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from knowledge.remembering import remembered
from knowledge.search.postings import Floats
from knowledge.search.wordbook import MOST_AT_ONCE, Numbers, Picked, Tokens, Wordbook, pieces_of, spread_out

MOST_LISTED = 500_000
"""Words of texts whose pieces are listed, so that all texts can be compared with a question."""

MOST_REMEMBERED = 4_000_000
"""Numbers kept of words met before, for each body of texts: 16 MB in short floats, 32 in long ones."""


class Pieces:
    """Texts as pieces of words, to tell how alike a question is (cosine of TF-IDF)."""

    def __init__(
        self, tokens: Tokens, book: Wordbook, kept: type[np.floating[Any]] = np.float64, rarest: int = 1
    ) -> None:
        """Weigh the pieces, and measure every text.

        Args:
            kept: the numbers in which words are remembered; of many texts short ones are read in half the time, and
                tell them apart by seven digits.
            rarest: how many texts must hold a piece for it to count.
        """
        self._tokens, self._book, self._kept = tokens, book, kept
        self.size = tokens.size
        self._words = _WordPieces(book)
        held = [_count(part, self._words) for part in _parts(tokens)]
        spreads = sum((np.bincount(pieces, minlength=self._words.count) for pieces, _, _ in held), np.zeros(1, np.intp))
        by_spread = np.array([math.log((1 + self.size) / (1 + spread)) + 1 for spread in range(self.size + 1)])
        self._rarity: Floats = np.where(spreads >= rarest, by_spread[spreads], 0.0)
        most = max((int(times.max(initial=1)) for _, times, _ in held), default=1)
        self._raised = np.array([0.0, *(1 + math.log(times) for times in range(1, most + 1))])
        lengths: list[Numbers] = [np.zeros(0)]
        for pieces, times, sizes in held:
            raw = self._raised[times] * self._rarity[pieces]
            lengths.append(np.bincount(np.repeat(np.arange(len(sizes)), sizes), raw * raw, len(sizes)))
        self._lengths = np.sqrt(np.concatenate(lengths))
        self._lengths[self._lengths == 0] = 1.0
        self._lists = self._listed(held) if len(tokens.numbers) <= MOST_LISTED else None
        most_kept = max(MOST_REMEMBERED // max(self.size, 1), 1)
        self._of_word = remembered(self._weigh_word, most_kept)
        self._of_piece = remembered(self._weigh_piece, max(most_kept // 4, 1))

    def _listed(self, held: Sequence[tuple[Numbers, ...]]) -> _Lists:
        """By piece, the texts that hold it and what each has of it."""
        none = np.zeros(0, dtype=np.uint8)
        pieces, times, sizes = (np.concatenate(each) for each in zip(*(held or [(none, none, none)]), strict=True))
        order = np.argsort(pieces, kind="stable")
        at = np.repeat(np.arange(len(sizes)), sizes)[order]
        worth = (self._raised[times] * self._rarity[pieces])[order] / self._lengths[at]
        return _Lists(np.cumsum(np.bincount(pieces, minlength=self._words.count)).tolist(), at, worth)

    def _known(self, word: str) -> list[int]:
        """The numbers of a word's pieces that count."""
        found = map(self._book.find_piece, pieces_of(word))
        return [at for at in found if at is not None and at < len(self._rarity) and self._rarity[at]]

    def _sum_up(self, factors: Mapping[int, float]) -> npt.NDArray[Any]:
        """For each text what it has of pieces, each multiplied with its factor, added up."""
        assert self._lists is not None
        ends, at, worth = self._lists
        slices = [slice(ends[piece - 1] if piece else 0, ends[piece]) for piece in factors]
        if not slices:
            return np.zeros(self.size, dtype=self._kept)
        found = np.concatenate([worth[own] for own in slices])
        found *= np.repeat(list(factors.values()), [own.stop - own.start for own in slices])
        return np.bincount(np.concatenate([at[own] for own in slices]), found, self.size).astype(self._kept)

    def _weigh_word(self, word: str) -> tuple[list[int], float, npt.NDArray[Any]]:
        """A word's pieces, their squares added up, and what each text has of them."""
        pieces = self._known(word)
        has = self._sum_up({at: times * float(self._rarity[at]) for at, times in Counter(pieces).items()})
        return pieces, float(sum(self._rarity[at] ** 2 for at in pieces)), has

    def _weigh_piece(self, piece: int) -> npt.NDArray[Any]:
        """What each text has of a piece."""
        return self._sum_up({piece: 1.0})

    def likeness(self, words: Sequence[str]) -> Floats:
        """The cosine (0–1) between the words and each text; of many texts, `likeness_at` tells it.

        Added up word by word, as words are met again and again; a piece that was counted several times so is lessened
        to its logarithm.
        """
        shared, part = np.zeros((2, self.size), dtype=self._kept)
        asked: list[int] = []
        length = 0.0
        for word in words:
            pieces, square, has = self._of_word(word)
            asked += pieces
            length += square
            shared += has
        for piece, times in Counter(asked).items():
            if times > 1:
                raw, raised = float(self._rarity[piece]), 1 + math.log(times)
                shared += np.multiply(self._of_piece(piece), (raised - times) * raw, out=part)
                length += (raised * raised - times) * raw * raw
        likeness: Floats = shared.astype(np.float64) / (math.sqrt(length) or 1.0)
        return likeness

    def likeness_at(self, words: Sequence[str], picked: Picked) -> Floats:
        """The same of some texts; nothing is remembered."""
        asked = Counter(piece for word in words for piece in self._known(word))
        if not asked:
            return np.zeros(picked.size)
        pieces = list(asked)
        raised = np.array([1 + math.log(times) for times in asked.values()]) * self._rarity[pieces]
        worth = self._raised[self._words.times(pieces, picked)] * self._rarity[pieces, None]
        likeness: Floats = raised @ worth / self._lengths[picked.places] / math.sqrt(raised @ raised)
        return likeness


class _Lists(NamedTuple):
    """Where each piece's list ends, the texts in it, and what each has of the piece."""

    ends: list[int]
    at: Numbers
    worth: Floats


class _WordPieces:
    """The pieces of all words known when it was made."""

    def __init__(self, book: Wordbook) -> None:
        tables = book.tables()
        self._of_piece, self._pieces = tables.of_piece, tables.pieces
        self._sizes = np.bincount(self._of_piece, minlength=len(tables.folded))
        self._begins = np.cumsum(self._sizes) - self._sizes
        self.count = int(self._pieces.max(initial=-1)) + 1

    def of_words(self, words: Numbers) -> tuple[Numbers, Numbers]:
        """The pieces of words, one word's behind the other's, and how many each word has."""
        sizes = self._sizes[words]
        return self._pieces[spread_out(self._begins[words], sizes)], sizes

    def times(self, pieces: Sequence[int], tokens: Tokens) -> Numbers:
        """A row for each of the pieces: how often it stands in each text."""
        number_of = np.full(self.count, -1, dtype=np.int32)
        number_of[list(pieces)] = np.arange(len(pieces))
        number = number_of[self._pieces]
        own = np.flatnonzero(number >= 0)
        sizes = np.bincount(self._of_piece[own], minlength=len(self._sizes))
        spots = np.flatnonzero(sizes[tokens.numbers])
        words = tokens.numbers[spots]
        held = spread_out((np.cumsum(sizes) - sizes)[words], sizes[words])
        owners = np.repeat(tokens.owners()[spots], sizes[words])
        found = np.bincount(number[own][held] * tokens.size + owners, minlength=len(pieces) * tokens.size)
        return found.reshape(len(pieces), tokens.size)


def _parts(tokens: Tokens) -> Iterator[Tokens]:
    """Texts in parts that can be counted at once: a word has about eight pieces."""
    begin = 0
    while begin < tokens.size:
        before = int(tokens.ends[begin - 1]) if begin else 0
        end = max(int(np.searchsorted(tokens.ends, before + MOST_AT_ONCE // 8)), begin + 1)
        upto = tokens.ends[begin:end]
        yield Tokens(tokens.numbers[before : upto[-1]], upto - before)
        begin = end


def _count(tokens: Tokens, words: _WordPieces) -> tuple[Numbers, Numbers, Numbers]:
    """The pieces of each text, how often each stands there, and how many pieces each text has."""
    pieces, sizes = words.of_words(tokens.numbers)
    keys = np.repeat(tokens.owners(), sizes) * np.int64(words.count) + pieces
    keys = keys.astype(np.int32) if tokens.size * words.count < 2**31 else keys
    keys.sort()
    begins = np.flatnonzero(np.diff(keys, prepend=-1))
    times = np.diff(begins, append=len(keys))
    owners, held = np.divmod(keys[begins], words.count)
    counted = np.bincount(owners, minlength=tokens.size)
    kinds = (words.count, int(times.max(initial=0)))
    small = (each.astype(np.min_scalar_type(most)) for each, most in zip((held, times), kinds, strict=True))
    return (*small, counted)  # type: ignore[return-value]
