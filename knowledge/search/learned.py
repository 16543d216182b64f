"""The learned reading of questions: probabilities of their kinds, and a ranking of what the catalogue holds."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache, cached_property

from knowledge.learning.linear import LinearModel, load_model
from knowledge.model.answers import Answer
from knowledge.model.questions import Question
from knowledge.question import Understanding
from knowledge.search.asking import ShownCandidates, make_asked
from knowledge.search.candidates import Candidate, Sort
from knowledge.search.gate import Gate, Odds, load_gate
from knowledge.search.index import Index
from knowledge.search.lore import load_asked, load_learned
from knowledge.search.ranker import MOST_RANKED, Ranked, Ranker


class Opinion:
    """What the learned voice makes of a question: the probability of each kind, candidates by probability, the odds.

    Candidates and odds are worked out when first looked at: where names account for every word, nobody does.
    """

    def __init__(
        self, kinds: Mapping[str, float], rank: Callable[[], tuple[Ranked, ...]], weigh: Callable[[], Odds]
    ) -> None:
        """`rank` gives the candidates, the likeliest first; `weigh` the odds."""
        self.kinds = kinds
        self._rank, self._weigh = rank, weigh

    @cached_property
    def ranked(self) -> tuple[Ranked, ...]:
        """The candidates that may answer, the likeliest first."""
        return self._rank()

    @cached_property
    def odds(self) -> Odds:
        """How likely names answer, and how likely nothing does."""
        return self._weigh()

    @property
    def best(self) -> float:
        """The probability (0–1) that the first candidate answers."""
        return self.ranked[0].p if self.ranked else 0.0

    @property
    def first(self) -> Candidate | None:
        """The candidate that is likeliest to answer; None where nothing is ranked."""
        return self.ranked[0].candidate if self.ranked else None

    def among(self, sorts: Container[Sort]) -> Opinion:
        """The same opinion with candidates of these sorts only."""
        return self._only(lambda each: each.candidate.sort in sorts)

    def of(self, plans: Container[str]) -> Opinion:
        """The same opinion with candidates of these plans only."""
        return self._only(lambda each: each.candidate.plan in plans)

    def unless_vain(self, other: Opinion, enough: float) -> Opinion:
        """This one; the other where nothing here is likely enough, and something there is."""
        return Opinion(
            self.kinds, lambda: (other if self.best < enough <= other.best else self).ranked, lambda: self.odds
        )

    def _only(self, is_kept: Callable[[Ranked], bool]) -> Opinion:
        return Opinion(self.kinds, lambda: tuple(filter(is_kept, self.ranked)), lambda: self.odds)

    def near(self, share: float, most: int) -> tuple[Ranked, ...]:
        """The first candidate and those of its sort that come to `share` of its probability, `most` at most."""
        if not self.ranked:
            return ()
        first = self.ranked[0]
        alike = (each for each in self.ranked if each.candidate.sort is first.candidate.sort)
        return tuple(each for each in alike if each.p >= share * first.p)[:most]


class Learned:
    """Ranks the catalogue's candidates for questions; built once for a catalogue."""

    def __init__(self, understanding: Understanding, kinds: LinearModel, ranker: Ranker, gate: Gate) -> None:
        """See `build_learned`."""
        self._understanding = understanding
        self._kinds = kinds
        self._ranker = ranker
        self._gate = gate
        self._shown = ShownCandidates(ranker.index)

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Everything that can be answered with."""
        return self._ranker.index.candidates

    def judge(self, named: Answer, most: int = MOST_RANKED) -> Opinion:
        """The kinds of question it may be, and what may answer it, `most` at most.

        Args:
            named: what names alone answer, with the question as resolved.
        """
        kinds = self._kinds_of(named.question)
        asked = cache(lambda: make_asked(self._understanding, named, kinds, self._shown.ids(named)))
        rank = cache(lambda: self._ranker.rank(asked(), most))
        return Opinion(kinds, rank, lambda: self._gate.judge(asked(), rank()))

    def picked(self, question: Question, ids: Iterable[str]) -> Opinion:
        """An opinion that is sure of these candidates, in this order; ids that no candidate has are left out."""
        places = map(self._ranker.index.place_of, dict.fromkeys(ids))
        found = tuple(Ranked(self.candidates[place], 1.0) for place in places if place is not None)
        return Opinion(self._kinds_of(question), lambda: found, lambda: Odds(named=0.0, silent=0.0))

    def _kinds_of(self, question: Question) -> Mapping[str, float]:
        return self._kinds.predict(" ".join(question.spoken) if question.inherited else question.text)


def build_learned(understanding: Understanding, index: Index) -> Learned:
    """The learned voice over a catalogue and its index, from the models that ship with the product."""
    lore, forest = load_learned()
    ranker = Ranker(index, lore, forest, load_asked())
    return Learned(understanding, load_model("questions"), ranker, load_gate())
