"""Ranks the candidates of the catalogue for a question, with what was learned from questions people asked.

What is learned lies in three parts: pairs of words (a word of a question and a word of what answers it: "ốm" and
"hoàn cảnh khó khăn"), questions once asked with what answered them, and boosted trees that weigh these beside plain
likeness, the plan, the year and the kind of question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from knowledge.model.answers import AnswerKind
from knowledge.remembering import remembered
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.index import Index
from knowledge.search.lore import Answered, Lore, WordPairs
from knowledge.search.pieces import Pieces
from knowledge.search.postings import Floats, Postings, TermCounts, terms_of
from knowledge.search.ranks import greatest, ranks, stacked
from knowledge.search.trees import Forest
from knowledge.search.within import Within
from knowledge.search.wordbook import Numbers, Picked, numbers_in

MOST_AT_WHOLE = 4_000
"""Candidates of a catalogue that is looked at whole."""

MOST_CHOSEN = 200
"""Candidates of a larger one that are chosen by plain BM25: of all, of the plans named, of the subjects named …"""

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


_VOICES = np.array([[1.0], [0.5], [2.0], [1.0], [1.2], [1.2], [1.0], [2.0], [-0.6]])
"""How much each voice counts when it is decided by plain likeness which candidates the trees look at: BM25 of all and
within the plan, being shown, likeness in letters, pairs, questions once asked, subject, row, and a plan not named."""

_IS_SCALED = np.array([[True], [True], [False], [True], [True], [True], [False], [False], [False]])
"""Which voices count as a share of the greatest."""


class Features:
    """The catalogue's candidates, ready to be compared with questions. Everything but the trees.

    A small catalogue is looked at whole. Of a large one, plain BM25 and what is named or was asked before choose a few
    hundred candidates, and only of those everything is worked out.
    """

    def __init__(self, index: Index) -> None:
        """`index` of the candidates."""
        self.index = index
        self.candidates = index.candidates
        self.is_small = len(self.candidates) <= MOST_AT_WHOLE
        self._terms = Postings(index.terms)
        self._headings = Postings(index.headings, np.bincount(index.heading_of, minlength=index.headings.size))
        self._pieces = index.pieces
        self._within = Within(self._terms, index.plan_of)
        self._plan_numbers = {plan: number for number, plan in enumerate(index.plans)}
        self._of_subject: dict[str, list[int]] = defaultdict(list)
        self._of_row: dict[str, list[int]] = defaultdict(list)
        for place, candidate in enumerate(self.candidates):
            if candidate.sort is Sort.TARGET:
                self._of_subject[candidate.ref].append(place)
            for number in candidate.numbers:
                self._of_row[number].append(place)
        sorts = {sort: number for number, sort in enumerate(Sort)}
        self._fixed = np.stack(
            [
                np.array([sorts[c.sort] for c in self.candidates], dtype=np.float64),
                np.bincount(index.numbers.at, minlength=len(self.candidates)) > 0,
                np.array([c.has_bodies for c in self.candidates], dtype=np.float64),
                np.array([c.cites for c in self.candidates], dtype=np.float64),
                np.log(np.maximum(self._terms.lengths, 1.0)),
            ]
        )

    def words_of(self, place: int) -> frozenset[str]:
        """The words of a candidate that pairs are learned of."""
        return frozenset(word for word in self.index.words_of(place) if len(word) > 1)

    def _marks(self, places: Iterable[int]) -> Floats:
        found = np.zeros(len(self.candidates))
        for place in places:
            found[place] += 1.0
        return found

    def _choose(self, asked: RankedQuestion, rows: Sequence[int], nearest: Floats, named: Sequence[str]) -> Numbers:
        """The candidates of a large catalogue of which everything is worked out, in their order."""
        counts = self.index.terms
        plain = self._terms.score(counts.spots(counts.selective(rows)))
        subject = [place for each in asked.subjects for place in self._of_subject.get(each, ())]
        row = [place for each in asked.rows for place in self._of_row.get(str(each), ())]
        shown = [place for id_ in asked.shown if (place := self.index.place_of(id_)) is not None]
        of_plans = [place for plan in named for place in self.index.plans[plan]]
        named_so = [np.array(each, dtype=np.intp) for each in (subject, row, shown, of_plans)]
        best = [places[greatest(plain[places], MOST_CHOSEN)] for places in named_so]
        return np.unique(np.concatenate([greatest(plain, MOST_CHOSEN), np.flatnonzero(nearest), *best]))

    def weigh(
        self, asked: RankedQuestion, pairs: Pairs, nearest: Floats, extra: int = 0
    ) -> tuple[npt.NDArray[np.intp], Floats]:
        """The candidates worth looking at and their features, a row each.

        Args:
            pairs: pairs of words learned.
            nearest: the votes of questions once asked.
            extra: how many more candidates to take than usual.
        """
        alone = list(dict.fromkeys(asked.words))
        of_alone, of_pairs = self.index.terms.rows.of(asked.words)
        rows, known = [*of_alone, *of_pairs], len(of_alone)
        named = [plan for plan in asked.plans if plan in self._plan_numbers]
        chosen: Picked | None = None
        if self.is_small:
            of_terms = self.index.terms.spots(rows)
        else:
            chosen = self.index.terms.tokens.pick(self._choose(asked, rows, nearest, named))
            terms = [term for term in dict.fromkeys(terms_of(asked.words)) if term in self._terms]
            of_terms = self.index.terms.spots_at(terms, chosen)
            of_terms = of_terms._replace(rows=np.array(rows, dtype=np.intp))
        of_words = of_terms.first(known)
        looked_at = np.arange(len(self.candidates)) if chosen is None else chosen.places
        count = len(looked_at)

        def among(of_all: Floats) -> Floats:
            return of_all if chosen is None else of_all[chosen.places]

        bm25 = self._terms.score(of_terms)
        likeness = (
            self._pieces.likeness(asked.words) if chosen is None else self._pieces.likeness_at(asked.words, chosen)
        )
        local, local_share = self._within.score(len(alone), known, of_terms)
        spread = pairs.spread(asked.words, chosen)
        by_pairs = spread.sum(axis=0) / max(len(asked.words), 4) if len(spread) else np.zeros(count)
        plan = np.zeros(count)
        if named:
            is_named = np.full(len(self._plan_numbers), -1.0)
            is_named[[self._plan_numbers[each] for each in named]] = 1.0
            plan = is_named[among(self.index.plan_of)]
        subject = among(self._marks(p for s in asked.subjects for p in self._of_subject.get(s, ())))
        row = among(self._marks(p for n in asked.rows for p in self._of_row.get(str(n), ())))
        places = map(self.index.place_of, asked.shown)
        shown = among(self._marks(place for place in places if place is not None))
        apart = np.maximum(-plan, 0.0)
        voices = stacked(bm25, local, shown, likeness, by_pairs, among(nearest), np.minimum(subject, 1.0), row, apart)
        most = np.maximum.reduce(voices, axis=1, keepdims=True)
        most = np.where(_IS_SCALED & (most > 0), most, 1.0)
        plain = np.add.reduce(voices / most * _VOICES, axis=0)
        best = greatest(plain, MOST_WEIGHED + extra)
        own_voices = voices.take(best, axis=1)
        scaled = own_voices / most
        places_of_best = looked_at[best]
        years = {str(year) for year in asked.years}
        others = set(numbers_in(" ".join(asked.words))) - years
        rest = stacked(
            self._terms.explain(len(alone), of_words)[best],
            self._headings.overlap(self._headings.spots_of(asked.words))[self.index.heading_of[places_of_best]],
            plan[best],
            subject[best],
            self._hold(years, places_of_best),
            self._hold(others, places_of_best),
            local_share[best],
        )
        pairs_own = spread.take(best, axis=1) if len(spread) else np.zeros((1, len(best)))
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
        own_columns = stacked(
            own_voices[0],
            scaled[0],
            ranks(bm25, best),
            own_voices[3],
            ranks(likeness, best),
            *rest[:4],
            rest[3] * len(asked.subjects),
            *rest[4:6],
            own_voices[7],
            own_voices[4],
            np.sort(pairs_own, axis=0)[-3:].sum(axis=0),
            scaled[4],
            own_voices[5],
            scaled[5],
            *self._fixed.take(places_of_best, axis=1),
            own_voices[1],
            scaled[1],
            ranks(local, best),
            rest[6],
            own_voices[2],
        )
        columns = np.empty((len(own_columns) + len(of_all), len(best)))
        columns[: len(own_columns)] = own_columns
        columns[len(own_columns) :] = np.array(of_all, dtype=np.float64)[:, None]
        return places_of_best, columns.T

    def _hold(self, numbers: Collection[str], places: Numbers) -> Floats:
        """How many of the numbers each of the candidates holds."""
        if not numbers:
            return np.zeros(len(places))
        counts = self.index.numbers
        spots = counts.spots(counts.find(numbers))
        return spots.sum_up(spots.times)[places]


class Pairs:
    """Pairs of words learned, spread over the candidates; remembered for each term of a question if those are few."""

    def __init__(self, counts: TermCounts, pairs: Mapping[str, Mapping[str, float]]) -> None:
        """Take the words of the candidates, and `pairs`: a term of a question → a word of what answers it → weight."""
        self._counts = counts
        self._pairs = WordPairs.of(pairs)
        self._of_all: dict[str, Numbers] = {}
        self._worth = remembered(self._find_worth, 1024)

    def spread(self, words: Sequence[str], picked: Picked | None) -> Floats:
        """For each term that has pairs, a row with the best of them in each candidate, of all or of some."""
        terms = [term for term in dict.fromkeys(terms_of(words)) if term in self._pairs]
        if not terms:
            return np.zeros((0, 0))
        if picked is None:
            return self._pairs.levels.take(np.concatenate(list(map(self._row, terms)))).reshape(len(terms), -1)
        worth = list(map(self._worth, terms))
        numbers = np.unique(np.concatenate([own for own, _ in worth]))
        of_word = np.zeros(len(self._counts.book), dtype=np.intp)
        of_word[numbers] = np.arange(1, len(numbers) + 1)
        held = of_word[picked.numbers]
        spots = np.flatnonzero(held)
        begins = np.searchsorted(spots, picked.ends - picked.sizes)
        filled = np.flatnonzero(np.diff(begins, append=len(spots)))
        found = np.zeros((len(terms), picked.size))
        by_word = np.zeros((len(terms), len(numbers) + 1))
        for row, (own, weights) in enumerate(worth):
            by_word[row, of_word[own]] = weights
        if len(filled):
            found[:, filled] = np.maximum.reduceat(by_word[:, held[spots]], begins[filled], axis=1)
        return found

    def _row(self, term: str) -> Numbers:
        """The best of a term's pairs in each candidate, by its place among the levels of weights."""
        found = self._of_all.get(term)
        if found is None:
            words, marks = self._pairs.row(term)
            best = np.maximum.reduce(self._holders.take(words, axis=0) * marks[:, None], axis=0, initial=0)
            found = self._of_all[term] = best
        return found

    @cached_property
    def _holders(self) -> npt.NDArray[np.uint8]:
        """A row for each word that terms go with: 1 for the candidates that hold it."""
        found = np.zeros((len(self._pairs.words), self._counts.size), dtype=np.uint8)
        rows = map(self._counts.rows.get, self._pairs.words)
        known = [(word, row) for word, row in enumerate(rows) if row is not None]
        spots = self._counts.spots([row for _, row in known])
        found[np.repeat(np.array([word for word, _ in known], dtype=np.intp), spots.sizes), spots.at] = 1
        return found

    def _find_worth(self, term: str) -> tuple[Numbers, Floats]:
        """The numbers of the words that a term has pairs with, and their weights."""
        found = {self._counts.book.find(word): each for word, each in self._pairs[term].items()}
        found.pop(None, None)
        return np.array(list(found), dtype=np.intp), np.array(list(found.values()))


class Votes:
    """Questions once asked: those most alike vote for what answered them."""

    def __init__(self, questions: Sequence[Answered], index: Index, asked: Pieces) -> None:
        """Answers that the catalogue no longer holds have no say.

        Args:
            index: of the candidates.
            asked: the pieces of the questions (see `pieces_of_asked`).
        """
        self._pieces = asked
        places = {id_: index.place_of(id_) for id_ in {id_ for _, ids in questions for id_ in ids}}
        self._answers = [tuple(at for id_ in ids if (at := places[id_]) is not None) for _, ids in questions]
        self._size = len(index.candidates)

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


class Ranker:
    """Ranks candidates with lore and trees."""

    def __init__(self, index: Index, lore: Lore, forest: Forest, asked: Pieces) -> None:
        """What was learned of other candidates is left out.

        Args:
            index: of the candidates.
            asked: the pieces of the questions learned from (see `pieces_of_asked`).
        """
        self.index = index
        self.features = Features(index)
        self._pairs = Pairs(index.terms, lore.pairs)
        self._votes = Votes(lore.questions, index, asked)
        self._forest = forest

    def rank(self, asked: RankedQuestion, most: int = MOST_RANKED) -> tuple[Ranked, ...]:
        """The candidates that may answer, the likeliest first; none for a message without words."""
        if not asked.words or not self.index.candidates:
            return ()
        chosen, rows = self.features.weigh(asked, self._pairs, self._votes.count(asked.words))
        likely = self._forest.predict(rows)
        order = np.argsort(-likely, kind="stable")[:most]
        return tuple(Ranked(self.index.candidates[chosen[at]], float(likely[at])) for at in order)
