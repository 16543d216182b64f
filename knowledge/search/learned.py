"""The learned voice among those that answer: kinds of question and a ranking of what the catalogue holds."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from knowledge.learning.linear import LinearModel, load_model
from knowledge.model.forms import Form
from knowledge.model.questions import Question
from knowledge.question import Understanding
from knowledge.search.asking import make_asked
from knowledge.search.candidates import Sort
from knowledge.search.index import Index, collect_candidates
from knowledge.search.ranker import Ranked, Ranker, load_learned


@dataclass(frozen=True)
class Opinion:
    """What the learned voice makes of a question: the probability of each kind, and candidates by probability."""

    kinds: Mapping[str, float]
    ranked: tuple[Ranked, ...]

    @property
    def best(self) -> float:
        """The probability (0–1) that the first candidate answers."""
        return self.ranked[0].p if self.ranked else 0.0

    @property
    def kind(self) -> str:
        """The likeliest kind of question."""
        return max(self.kinds, key=lambda kind: self.kinds[kind])

    def among(self, sorts: Container[Sort]) -> Opinion:
        """The same opinion with candidates of these sorts only."""
        return Opinion(self.kinds, tuple(each for each in self.ranked if each.candidate.sort in sorts))

    def of(self, plans: Container[str]) -> Opinion:
        """The same opinion with candidates of these plans only."""
        return Opinion(self.kinds, tuple(each for each in self.ranked if each.candidate.plan in plans))

    def near(self, share: float, most: int) -> tuple[Ranked, ...]:
        """The first candidate and those of its sort that come to `share` of its probability, `most` at most."""
        if not self.ranked:
            return ()
        first = self.ranked[0]
        alike = (each for each in self.ranked if each.candidate.sort is first.candidate.sort)
        return tuple(each for each in alike if each.p >= share * first.p)[:most]


class Learned:
    """Ranks the catalogue's candidates for questions; built once for a catalogue."""

    def __init__(self, understanding: Understanding, kinds: LinearModel, ranker: Ranker) -> None:
        """See `build_learned`."""
        self._understanding = understanding
        self._kinds = kinds
        self._ranker = ranker

    def judge(self, question: Question) -> Opinion:
        """The kinds of question it may be, and what may answer it."""
        said = " ".join(question.spoken) if question.inherited else question.text
        kinds = self._kinds.predict(said)
        return Opinion(kinds, self._ranker.rank(make_asked(self._understanding, question, kinds)))


def build_learned(understanding: Understanding, forms: Sequence[Form], index: Index) -> Learned:
    """The learned voice over a catalogue and its index, from the models that ship with the product."""
    lore, forest = load_learned()
    ranker = Ranker(collect_candidates(understanding, forms), lore, forest, index, index.asked)
    return Learned(understanding, load_model("questions"), ranker)
