"""Ranks the candidates of the catalogue for a question, with what was learned from questions people asked.

What is learned lies in three parts: pairs of words (a word of a question and a word of what answers it: "ốm" and
"hoàn cảnh khó khăn"), questions once asked with what answered them, and boosted trees that weigh these beside plain
likeness, the plan, the year and the kind of question.
"""

from __future__ import annotations

import io
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.model.answers import AnswerKind
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.postings import (
    Pieces,
    Postings,
    TermCounts,
    Within,
    count_pieces,
    terms_of,
)
from knowledge.search.ranks import greatest, ranks, stacked
from knowledge.search.trees import Forest

Floats = npt.NDArray[np.float64]

MOST_WEIGHED = 60
"""Candidates that the trees look at; the rest is left out by plain likeness."""

MOST_RANKED = 15
"""Candidates that a ranking holds unless more are asked for."""

NEAREST = 15
"""Questions once asked that have a voice."""

KINDS = (
    "comparison",
    "deadline",
    "document",
    "indicator",
    "overview",
    "responsible",
    "result",
    "silent",
    "target",
    "task",
    "verdict",
)
"""Kinds of question, in the order of the features; "silent" are law, people and chatter."""

ROADS = tuple(str(kind) for kind in AnswerKind)
"""Kinds of answer that names make, in the order of the features."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"20\d\d")


@dataclass(frozen=True)
class RankedQuestion:
    """A question as the ranker sees it.

    `words` are its folded words with short forms spelled out; `kinds` the probability of each kind of question.
    `shown` are the ids of the candidates that are named word for word, `road` the kind of answer they make;
    `unexplained` and `strange` count the words that no name accounts for (see `Question`); `apart`
    tells that a place or matter is named which no plan speaks of.
    """

    words: tuple[str, ...]
    kinds: Mapping[str, float]
    plans: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()
    shown: frozenset[str] = frozenset()
    road: str = ""
    unexplained: int = 0
    strange: int = 0
    apart: bool = False


@dataclass(frozen=True)
class Ranked:
    """A candidate and the probability (0–1) that it answers."""

    candidate: Candidate
    p: float


Answered = tuple[tuple[str, ...], tuple[str, ...]]
"""Words of a question, and the ids of the candidates that answered it."""


@dataclass
class Lore:
    """What was learned: word pairs (term of a question → word of a fact → weight) and questions with their answers."""

    pairs: Mapping[str, Mapping[str, float]]
    questions: Sequence[Answered]


@dataclass(frozen=True)
class Counted:
    """The candidates of a catalogue in numbers: how often what stands in each of them, in their order.

    Attributes:
        terms: words and pairs of neighbours; `headings`: those of what stands above.
        pieces: pieces of words.
        numbers: figures and years.
    """

    terms: TermCounts
    headings: TermCounts
    pieces: TermCounts
    numbers: TermCounts

    @classmethod
    def of(cls, candidates: Sequence[Candidate]) -> Counted:
        """Count the words of candidates."""
        texts = [[word for run in c.runs for word in run] for c in candidates]
        return cls(
            TermCounts.of([t for run in c.runs for t in terms_of(run)] for c in candidates),
            TermCounts.of([t for run in c.heading for t in terms_of(run)] for c in candidates),
            count_pieces(texts),
            TermCounts.of(dict.fromkeys(_NUMBER.findall(" ".join(text))) for text in texts),
        )


_VOICES = np.array([[1.0], [0.5], [2.0], [1.0], [1.2], [1.2], [1.0], [2.0], [-0.6]])
"""How much each voice counts when it is decided by plain likeness which candidates the trees look at: BM25 of all and
within the plan, being shown, likeness in letters, pairs, questions once asked, subject, row, and a plan not named."""

_IS_SCALED = np.array([[True], [True], [False], [True], [True], [True], [False], [False], [False]])
"""Which voices count as a share of the greatest."""


class Features:
    """The catalogue's candidates, ready to be compared with questions. Everything but the trees."""

    def __init__(self, candidates: Sequence[Candidate], counted: Counted) -> None:
        """`counted` are the candidates in numbers."""
        self.candidates = tuple(candidates)
        self.places = {candidate.id: place for place, candidate in enumerate(self.candidates)}
        self._terms = Postings(counted.terms)
        self._headings = Postings(counted.headings)
        self._pieces = Pieces(counted.pieces)
        self._numbers = counted.numbers
        self._ones = np.ones(len(self._numbers.at))
        self._within = Within(self._terms, [c.plan for c in self.candidates])
        sorts = list(Sort)
        plans = np.array([candidate.plan for candidate in self.candidates])
        self._of_plan = {str(plan): np.where(plans == plan, 1.0, -1.0) for plan in np.unique(plans)}
        self._of_subject: dict[str, list[int]] = defaultdict(list)
        self._of_row: dict[str, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.candidates):
            if candidate.sort is Sort.TARGET:
                self._of_subject[candidate.ref].append(place)
            for number in candidate.numbers:
                self._of_row[number].append(place)
        self._fixed = np.stack(
            [
                np.array([sorts.index(c.sort) for c in self.candidates], dtype=np.float64),
                np.bincount(self._numbers.at, minlength=len(self.candidates)) > 0,
                np.array([c.has_bodies for c in self.candidates], dtype=np.float64),
                np.array([c.cites for c in self.candidates], dtype=np.float64),
                np.log(np.maximum(self._terms.lengths, 1.0)),
            ]
        )

    def greatest(self, worth: Mapping[str, float]) -> Floats:
        """For each candidate what the best of its words is worth."""
        return self._terms.counts.greatest(worth)

    def words_of(self, place: int) -> frozenset[str]:
        """The words of a candidate that pairs are learned of."""
        return frozenset(word for run in self.candidates[place].runs for word in run if len(word) > 1)

    def _hold(self, numbers: Iterable[str]) -> Floats:
        """How many of the numbers each candidate holds."""
        return self._numbers.sum_up(self._numbers.find(numbers), self._ones)

    def _marks(self, places: Iterable[int]) -> Floats:
        found = np.zeros(len(self.candidates))
        for place in places:
            found[place] += 1.0
        return found

    def weigh(
        self, asked: RankedQuestion, spread: Floats, nearest: Floats, extra: int = 0
    ) -> tuple[npt.NDArray[np.intp], Floats]:
        """The candidates worth looking at and their features, a row each.

        Args:
            spread: for each term of the question that has pairs, a row with the best of them in each candidate.
            nearest: the votes of questions once asked.
            extra: how many more candidates to take than usual.
        """
        count = len(self.candidates)
        terms, alone = terms_of(asked.words), list(dict.fromkeys(asked.words))
        of_terms = self._terms.spots(terms)
        of_words = of_terms.part(0, sum(map(self._terms.spread, alone)))
        bm25, likeness = self._terms.score(of_terms), self._pieces.likeness(asked.words)
        local, local_share = self._within.score(alone, of_words, of_terms)
        pairs = spread.sum(axis=0) / max(len(asked.words), 4) if len(spread) else np.zeros(count)
        named = [self._of_plan[plan] for plan in asked.plans if plan in self._of_plan]
        plan = np.maximum.reduce(named) if named else np.zeros(count)
        subject = self._marks(p for s in asked.subjects for p in self._of_subject.get(s, ()))
        years = {str(year) for year in asked.years}
        others = set(_NUMBER.findall(" ".join(asked.words))) - years
        year, number = self._hold(years), self._hold(others)
        row = self._marks(p for n in asked.rows for p in self._of_row.get(str(n), ()))
        shown = self._marks(self.places[id_] for id_ in asked.shown if id_ in self.places)
        apart = np.maximum(-plan, 0.0)
        voices = stacked(bm25, local, shown, likeness, pairs, nearest, np.minimum(subject, 1.0), row, apart)
        most = np.maximum.reduce(voices, axis=1, keepdims=True)
        most = np.where(_IS_SCALED & (most > 0), most, 1.0)
        plain = np.add.reduce(voices / most * _VOICES, axis=0)
        chosen = greatest(plain, MOST_WEIGHED + extra)
        own = voices.take(chosen, axis=1)
        scaled = own / most
        explained = self._terms.explain(alone, of_words)
        headings = self._headings.overlap(self._headings.spots(terms))
        rest = stacked(explained, headings, plan, subject, year, number, local_share).take(chosen, axis=1)
        pairs_own = spread.take(chosen, axis=1) if len(spread) else np.zeros((1, len(chosen)))
        of_all = [
            len(asked.shown),
            asked.unexplained,
            asked.strange,
            *(asked.road == road for road in ROADS),
            len(asked.words),
            len(asked.subjects),
            len(named),
            *(asked.kinds.get(kind, 0.0) for kind in KINDS),
        ]
        columns = stacked(
            own[0],
            scaled[0],
            ranks(bm25, chosen),
            own[3],
            ranks(likeness, chosen),
            *rest[:4],
            rest[3] * len(asked.subjects),
            *rest[4:6],
            own[7],
            own[4],
            np.sort(pairs_own, axis=0)[-3:].sum(axis=0),
            scaled[4],
            own[5],
            scaled[5],
            *self._fixed.take(chosen, axis=1),
            own[1],
            scaled[1],
            ranks(local, chosen),
            rest[6],
            own[2],
            *np.repeat(np.array(of_all, dtype=np.float64)[:, None], len(chosen), axis=1),
        )
        return chosen, columns.T


class Pairs:
    """Pairs of words learned, spread over the candidates; remembered for each term of a question."""

    def __init__(self, features: Features, pairs: Mapping[str, Mapping[str, float]]) -> None:
        """`pairs`: a term of a question → a word of what answers it → weight."""
        self._features = features
        self._pairs = pairs
        self._spread: dict[str, Floats] = {}

    def spread(self, words: Sequence[str]) -> Floats:
        """For each term that has pairs, a row with the best of them in each candidate."""
        rows = [row for term in dict.fromkeys(terms_of(words)) if (row := self._row(term)) is not None]
        return stacked(*rows) if rows else np.zeros((0, 0))

    def _row(self, term: str) -> Floats | None:
        """The best of a term's pairs in each candidate; None where it has no pairs."""
        found = self._spread.get(term)
        if found is None and term in self._pairs:
            found = self._spread[term] = self._features.greatest(self._pairs[term])
        return found


def count_asked(questions: Iterable[Answered]) -> TermCounts:
    """The pieces of words of questions once asked; what only one of them holds is left out."""
    return count_pieces((words for words, _ in questions), rarest=2)


class Votes:
    """Questions once asked: those most alike vote for what answered them."""

    def __init__(self, questions: Sequence[Answered], places: Mapping[str, int], asked: TermCounts) -> None:
        """`places` of the candidates by id; answers that the catalogue no longer holds have no say.

        Args:
            asked: the pieces of the questions (see `count_asked`).
        """
        self._pieces = Pieces(asked, np.float32)
        self._answers = [tuple(places[id_] for id_ in ids if id_ in places) for _, ids in questions]
        self._size = len(places)

    def count(self, words: Sequence[str]) -> Floats:
        """The votes for each candidate: the likeness of the nearest questions, added up."""
        found = np.zeros(self._size)
        alike = self._pieces.likeness(words)
        few = min(NEAREST, len(alike))
        nearest = np.argpartition(-alike, few - 1)[:few] if few else np.zeros(0, dtype=np.intp)
        for at, share in zip(nearest.tolist(), alike[nearest].tolist(), strict=True):
            for place in self._answers[at]:
                found[place] += share
        return found


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


class Ranker:
    """Ranks candidates with lore and trees."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        lore: Lore,
        forest: Forest,
        counted: Counted,
        asked: TermCounts,
    ) -> None:
        """What was learned of other candidates is left out.

        Args:
            counted: the candidates in numbers; `asked`: the pieces of the questions learned from (see `count_asked`).
        """
        self.features = Features(candidates, counted)
        self._pairs = Pairs(self.features, lore.pairs)
        self._votes = Votes(lore.questions, self.features.places, asked)
        self._forest = forest

    def rank(self, asked: RankedQuestion, most: int = MOST_RANKED) -> tuple[Ranked, ...]:
        """The candidates that may answer, the likeliest first; none for a message without words."""
        if not asked.words or not self.features.candidates:
            return ()
        chosen, rows = self.features.weigh(asked, self._pairs.spread(asked.words), self._votes.count(asked.words))
        likely = self._forest.predict(rows)
        order = np.argsort(-likely, kind="stable")[:most]
        return tuple(Ranked(self.features.candidates[chosen[at]], float(likely[at])) for at in order)


class _KeptPairs(Mapping[str, Mapping[str, float]]):
    """Pairs as they lie in a file, made into a mapping only for the terms that are asked for."""

    def __init__(
        self,
        terms: Sequence[str],
        words: Sequence[str],
        ends: npt.NDArray[np.int32],
        at: npt.NDArray[np.uint16],
        weights: Floats,
    ) -> None:
        """See `pack`."""
        self._words, self._at, self._weights = words, at, weights
        self._rows = dict(zip(terms, itertools.pairwise([0, *ends.tolist()]), strict=True))

    def __getitem__(self, term: str) -> Mapping[str, float]:
        first, last = self._rows[term]
        found = zip(self._at[first:last].tolist(), self._weights[first:last].tolist(), strict=True)
        return {self._words[at]: weight for at, weight in found}

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
        "answers": _text([" ".join(ids) for _, ids in lore.questions]),
        **forest.parts,
    }
    np.savez_compressed(kept, allow_pickle=False, **parts)
    return kept.getvalue()


def unpack(data: bytes) -> tuple[Lore, Forest]:
    """Lore and trees from such a file."""
    with np.load(io.BytesIO(data), allow_pickle=False) as parts:
        words, terms = _lines(parts["words"]), _lines(parts["terms"])
        pairs = _KeptPairs(terms, words, parts["ends"], parts["at"], parts["weights"] / 60.0)
        questions = [tuple(line.split()) for line in _lines(parts["questions"])]
        answers = [tuple(line.split()) for line in _lines(parts["answers"])]
        forest = Forest.from_parts({name: parts[name] for name in Forest.PARTS})
        return Lore(pairs, list(zip(questions, answers, strict=True))), forest


def _text(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def _lines(data: npt.NDArray[np.uint8]) -> list[str]:
    return data.tobytes().decode().split("\n")


def read_learned() -> bytes:
    """The bytes of the trained ranking that ships with the product."""
    return (files("knowledge.learning") / "models" / "ranking.npz").read_bytes()


@cache
def load_learned() -> tuple[Lore, Forest]:
    """The lore and the trees that ship with the product, read once."""
    return unpack(read_learned())
