"""The learned voice among those that answer: kinds of question and a ranking of what the catalogue holds."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from knowledge.learning.linear import LinearModel, load_model
from knowledge.model.answers import Answer
from knowledge.model.forms import Form
from knowledge.question import Understanding
from knowledge.search.asking import Shown, make_asked
from knowledge.search.candidates import Sort, collect
from knowledge.search.gate import Gate, Odds, load_gate
from knowledge.search.ranker import Ranked, Ranker, load_learned


@dataclass(frozen=True)
class Opinion:
    """What the learned voice makes of a question: the probability of each kind, candidates by probability, the odds."""

    kinds: Mapping[str, float]
    ranked: tuple[Ranked, ...]
    odds: Odds

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
        return replace(self, ranked=tuple(each for each in self.ranked if each.candidate.sort in sorts))

    def of(self, plans: Container[str]) -> Opinion:
        """The same opinion with candidates of these plans only."""
        return replace(self, ranked=tuple(each for each in self.ranked if each.candidate.plan in plans))

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
        self._shown = Shown(ranker.features.candidates)

    def judge(self, named: Answer) -> Opinion:
        """The kinds of question it may be, and what may answer it.

        Args:
            named: what names alone answer, with the question as resolved.
        """
        question = named.question
        said = " ".join(question.spoken) if question.inherited else question.text
        kinds = self._kinds.predict(said)
        asked = make_asked(self._understanding, named, kinds, self._shown.ids(named))
        ranked = self._ranker.rank(asked)
        return Opinion(kinds, ranked, self._gate.judge(asked, ranked))


def build_learned(understanding: Understanding, forms: Sequence[Form]) -> Learned:
    """The learned voice over a catalogue, from the models that ship with the product."""
    candidates = collect(understanding.plans.values(), forms, understanding.glossary, understanding.fold_words)
    lore, forest = load_learned()
    return Learned(understanding, load_model("questions"), Ranker(candidates, lore, forest), load_gate())
