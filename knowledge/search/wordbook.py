"""Words as numbers: every text of the catalogue as runs of numbers, and what is known of a word by its number."""

from __future__ import annotations

import itertools
import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]

END = 0
"""The number of no word: it ends a run of words."""

MOST_AT_ONCE = 1_000_000
"""Words that are counted in one stretch: what bounds the memory it takes, and how long it holds others up."""

SHORTEST_PIECE, LONGEST_PIECE = 3, 4

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def pieces_of(word: str) -> tuple[str, ...]:
    """The pieces of three and four letters of a word with a blank on either side."""
    padded = f" {word} "
    return tuple(
        padded[at : at + size]
        for size in range(SHORTEST_PIECE, LONGEST_PIECE + 1)
        for at in range(len(padded) - size + 1)
    )


def numbers_in(text: str) -> list[str]:
    """The figures and years that stand in a text."""
    return _NUMBER.findall(text)


def fold_number(word: str) -> str:
    """A number without separators and leading zeros, so that 05 and 5, 1.000 and 1000 are one word."""
    if not word[:1].isdecimal():
        return word
    digits = re.sub(r"[.,](?=\d{3})", "", word)
    return str(int(digits)) if digits.isdecimal() else word


class _Numbering(dict[str, int]):
    """Numbers for strings, given in the order in which they are met."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()

    def __missing__(self, text: str) -> int:
        with self._lock:
            return self.setdefault(text, len(self))


@dataclass(frozen=True)
class WordTables:
    """What is known of words, by their numbers.

    Attributes:
        of_piece: for each piece of each word, in the order of the words, the word's number; `pieces` are the pieces'.
        of_figure: for each figure in each word the word's number; `figures` are the figures' numbers as words.
        folded: the number of the word with its number folded (see `fold_number`).
    """

    of_piece: Numbers
    pieces: Numbers
    of_figure: Numbers
    figures: Numbers
    folded: Numbers


class Wordbook:
    """The numbers of words. It only grows, so that texts once numbered stay true; several threads may use it."""

    def __init__(self) -> None:
        """A book that knows only `END`."""
        self._words = _Numbering()
        self._pieces = _Numbering()
        self._words[""] = END
        self._lock = Lock()
        self._of_piece, self._piece_at = array("i"), array("i")
        self._of_figure, self._figure_at = array("i"), array("i")
        self._folded = array("i")
        self._tables: WordTables | None = None

    def __len__(self) -> int:
        """How many numbers are given, `END` among them."""
        return len(self._words)

    def number(self, words: Iterable[str]) -> Iterator[int]:
        """The numbers of words; new ones are given to those not met before."""
        return map(self._words.__getitem__, words)

    def find(self, word: str) -> int | None:
        """The number of a word; None where it was never met."""
        return self._words.get(word)

    def find_piece(self, piece: str) -> int | None:
        """The number of a piece of a word; None where no word has it."""
        return self._pieces.get(piece)

    def words(self) -> list[str]:
        """The words by their numbers."""
        return list(self._words)

    def tables(self) -> WordTables:
        """What is known of all words met so far."""
        with self._lock:
            if self._tables is None or len(self._tables.folded) < len(self._words):
                self._grow()
                of_piece, pieces, of_figure, figures, folded = (
                    np.array(each, dtype=np.int32)
                    for each in (self._of_piece, self._piece_at, self._of_figure, self._figure_at, self._folded)
                )
                self._tables = WordTables(of_piece, pieces, of_figure, figures, folded)
            return self._tables

    def _grow(self) -> None:
        """Look at the words that are new, and at those that are met only so."""
        while len(self._folded) < len(self._words):
            first = len(self._folded)
            for number, word in enumerate(list(itertools.islice(self._words, first, None)), first):
                own = [self._pieces[piece] for piece in pieces_of(word)] if word else []
                self._piece_at.extend(own)
                self._of_piece.extend([number] * len(own))
                figures = list(self.number(numbers_in(word)))
                self._figure_at.extend(figures)
                self._of_figure.extend([number] * len(figures))
                self._folded.append(self._words[fold_number(word)])


@cache
def shared_wordbook() -> Wordbook:
    """The book in which all catalogues of this process are numbered."""
    return Wordbook()


def spread_out(starts: Numbers, sizes: Numbers) -> Numbers:
    """The places from each start on, as many as its size, one stretch behind the other."""
    ends = np.cumsum(sizes)
    return np.repeat(starts - ends + sizes, sizes) + np.arange(ends[-1] if len(ends) else 0)


@dataclass(frozen=True)
class Tokens:
    """Texts as numbers of words; each text is runs, and each run is ended by `END`.

    Attributes:
        numbers: of the words of all texts.
        ends: where each text ends; it begins where the one before ends.
    """

    numbers: Numbers
    ends: Numbers

    @classmethod
    def of(cls, texts: Iterable[Iterable[Sequence[str]]], book: Wordbook) -> Tokens:
        """Number texts, each given as its runs of words."""
        numbers: list[int] = []
        ends: list[int] = []
        for runs in texts:
            for run in runs:
                numbers += book.number(run)
                numbers.append(END)
            ends.append(len(numbers))
        return cls(np.array(numbers, dtype=np.min_scalar_type(len(book))), np.array(ends, dtype=np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Tokens]) -> Tokens:
        """The texts of all parts, one part behind the other."""
        if not parts:
            return cls(np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.int64))
        before = itertools.accumulate((len(part.numbers) for part in parts), initial=0)
        ends = [part.ends + offset for part, offset in zip(parts, before, strict=False)]
        return cls(np.concatenate([part.numbers for part in parts]), np.concatenate(ends))

    @property
    def size(self) -> int:
        """How many texts there are."""
        return len(self.ends)

    @property
    def sizes(self) -> Numbers:
        """How many numbers each text has, ends of runs among them."""
        return np.diff(self.ends, prepend=0)

    def emptied(self) -> Tokens:
        """As many texts without words."""
        return Tokens(self.numbers[:0].copy(), np.zeros_like(self.ends))

    def pick(self, places: Numbers) -> Picked:
        """The texts at these places."""
        ends = self.ends[places]
        begins = np.where(places > 0, self.ends[places - 1], 0)
        sizes = ends - begins
        return Picked(self.numbers[spread_out(begins, sizes)], np.cumsum(sizes), places)

    def words(self) -> Numbers:
        """The words that stand in some text, in rising order."""
        return np.flatnonzero(np.bincount(self.numbers, minlength=1)[1:]) + 1

    def pairs(self) -> npt.NDArray[np.int64]:
        """The pairs of neighbours that stand in some text, in rising order, a first word moved up by 32 bits."""
        found = [np.zeros(0, dtype=np.int64)]
        for begin in range(0, len(self.numbers) - 1, MOST_AT_ONCE):
            numbers = self.numbers[begin : begin + MOST_AT_ONCE + 1].astype(np.int64)
            beside = (numbers[:-1] != END) & (numbers[1:] != END)
            found.append(np.unique(numbers[:-1][beside] << 32 | numbers[1:][beside]))
        return np.unique(np.concatenate(found))

    def owners(self) -> Numbers:
        """For each number the place of its text."""
        return np.repeat(np.arange(self.size, dtype=np.int32), self.sizes)


@dataclass(frozen=True)
class Picked(Tokens):
    """Some of many texts; `places` are theirs among all."""

    places: Numbers

    def owners(self) -> Numbers:
        """For each number the place of its text among these."""
        return self._owners

    @cached_property
    def _owners(self) -> Numbers:
        return super().owners()
