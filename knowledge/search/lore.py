"""What was learned from questions people asked: pairs of words, questions with their answers, trees; and its file."""

from __future__ import annotations

import io
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from knowledge.search.pieces import Pieces
from knowledge.search.postings import Floats, terms_of
from knowledge.search.trees import Forest
from knowledge.search.wordbook import Numbers, Tokens, shared_wordbook

Answered = tuple[tuple[str, ...], tuple[str, ...]]
"""Words of a question, and the ids of the candidates that answered it."""

_BETWEEN_IDS: Final = "\t"
"""Between ids in the file: they hold blanks ("Đề cương II.1, ý 1")."""


@dataclass
class Lore:
    """What was learned: word pairs (term of a question → word of a fact → weight) and questions with their answers."""

    pairs: Mapping[str, Mapping[str, float]]
    questions: Sequence[Answered]


def pieces_of_asked(questions: Iterable[Answered]) -> Pieces:
    """The pieces of words of questions once asked; what only one of them holds is left out."""
    book = shared_wordbook()
    return Pieces(Tokens.of(((words,) for words, _ in questions), book), book, np.float32, rarest=2)


def learn_pairs(
    questions: Iterable[tuple[Sequence[str], Iterable[frozenset[str]]]], most: float = 4.0, least: float = 0.3
) -> dict[str, dict[str, float]]:
    """How much more often a term of a question goes with a word of what answers it than chance has it.

    Each question is given as its words and the words of each candidate that answers it. log(k·N / (q·n)), at most
    `most`, shrunk by k/(k+4) where the pair was met k times; pairs met once, or below `least`, are left out.
    """
    asked: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    both: Counter[tuple[str, str]] = Counter()
    count = 0
    for words, answers in questions:
        count += 1
        own = set(terms_of(words))
        held = frozenset[str]().union(*answers)
        asked.update(own)
        answered.update(held)
        both.update(itertools.product(own, held))
    pairs: dict[str, dict[str, float]] = defaultdict(dict)
    for (term, word), times in both.items():
        if times < 2:
            continue
        weight = min(most, math.log(times * count / (asked[term] * answered[word]))) * times / (times + 4)
        if weight > least:
            pairs[term][word] = weight
    return dict(pairs)


class WordPairs(Mapping[str, Mapping[str, float]]):
    """Pairs of words in rows of numbers, made into a mapping only for the terms that are asked for.

    Attributes:
        words: all words that some term goes with.
        levels: the weights that there are, in rising order, none in front.
    """

    def __init__(
        self,
        terms: Sequence[str],
        words: Sequence[str],
        ends: Iterable[int],
        at: Numbers,
        marks: Numbers,
        levels: Floats,
    ) -> None:
        """Take the rows as they are kept, a term's behind the other's.

        Args:
            ends: where each term's row ends.
            at: the places of the words, and `marks`, those of their weights among the levels.
        """
        self.words, self.levels = words, levels
        self._at, self._marks = at, marks
        self._rows = dict(zip(terms, itertools.pairwise([0, *ends]), strict=True))

    @classmethod
    def of(cls, pairs: Mapping[str, Mapping[str, float]]) -> WordPairs:
        """The rows of such a mapping."""
        if isinstance(pairs, WordPairs):
            return pairs
        words = sorted({word for held in pairs.values() for word in held})
        number = {word: place for place, word in enumerate(words)}
        at = np.array([number[word] for held in pairs.values() for word in held], dtype=np.intp)
        weights = np.array([0.0, *(weight for held in pairs.values() for weight in held.values())])
        levels, marks = np.unique(weights, return_inverse=True)
        ends = itertools.accumulate(map(len, pairs.values()))
        return cls(list(pairs), words, ends, at, marks[1:].astype(np.min_scalar_type(len(levels))), levels)

    def row(self, term: str) -> tuple[Numbers, Numbers]:
        """The places of the words that a term goes with, and those of their weights among the levels."""
        own = slice(*self._rows[term])
        return self._at[own], self._marks[own]

    def __getitem__(self, term: str) -> Mapping[str, float]:
        at, marks = self.row(term)
        found = zip(at.tolist(), self.levels[marks].tolist(), strict=True)
        return {self.words[place]: weight for place, weight in found}

    def __contains__(self, term: object) -> bool:
        return term in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def pack(lore: Lore, forest: Forest) -> bytes:
    """Lore and trees as the file that `unpack` reads."""
    words = sorted({word for held in lore.pairs.values() for word in held})
    number = {word: place for place, word in enumerate(words)}
    terms = sorted(lore.pairs)
    ends = np.cumsum([len(lore.pairs[term]) for term in terms])
    at = [number[word] for term in terms for word in lore.pairs[term]]
    weights = [round(weight * 60) for term in terms for weight in lore.pairs[term].values()]
    kept = io.BytesIO()
    parts: dict[str, npt.NDArray[Any]] = {
        "terms": _text(terms),
        "words": _text(words),
        "ends": ends.astype(np.int32),
        "at": np.array(at, dtype=np.uint16),
        "weights": np.array(weights, dtype=np.uint8),
        "questions": _text([" ".join(question) for question, _ in lore.questions]),
        "answers": _text([_BETWEEN_IDS.join(ids) for _, ids in lore.questions]),
        **forest.parts,
    }
    np.savez_compressed(kept, allow_pickle=False, **parts)
    return kept.getvalue()


def unpack(data: bytes) -> tuple[Lore, Forest]:
    """Lore and trees from such a file."""
    with np.load(io.BytesIO(data), allow_pickle=False) as parts:
        words, terms = _lines(parts["words"]), _lines(parts["terms"])
        pairs = WordPairs(terms, words, parts["ends"].tolist(), parts["at"], parts["weights"], np.arange(256) / 60.0)
        questions = [tuple(line.split()) for line in _lines(parts["questions"])]
        answers = [tuple(filter(None, line.split(_BETWEEN_IDS))) for line in _lines(parts["answers"])]
        forest = Forest.from_parts({name: parts[name] for name in Forest.PARTS})
        return Lore(pairs, list(zip(questions, answers, strict=True))), forest


def _text(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _lines(data: npt.NDArray[np.uint8]) -> list[str]:
    return data.tobytes().decode().split("\n")


@cache
def load_learned() -> tuple[Lore, Forest]:
    """The lore and the trees that ship with the product, read once."""
    return unpack((files("knowledge.learning") / "models" / "ranking.npz").read_bytes())


@cache
def load_asked() -> Pieces:
    """The pieces of the questions that ship with the product, counted once."""
    return pieces_of_asked(load_learned()[0].questions)
