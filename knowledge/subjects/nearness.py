"""How near the words of a question come to the subjects that plans set targets on; learned from no question."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from knowledge.glossary import Subject
from knowledge.lexer import GAP
from knowledge.model.plans import Plan, Target
from knowledge.remembering import remembered

Words = tuple[str, ...]

MOST_WEIGHT, COMMON = 4.0, 1.2
"""What the rarest word counts, and how rare (in natural logarithms) a word must be to count at all."""

IN_ORDER, ALONE, ALIKE, ALIKE_ALONE = 1.0, 0.65, 0.75, 0.5
"""How much a word is accounted for: beside its neighbour, by itself, by a phrase that means nearly the same, by such a
word of one syllable."""

LEAST_WEIGHT, RARELY_ASKED = 0.6, 2.5
"""What a word counts at least that is rare (in natural logarithms) in questions, though many texts hold it."""

OF_PAIRS = 0.75
"""How much of the weight of two neighbours each of them has: "tự quản" says more than its syllables."""

OF_PHRASES = 1.5
"""What each word of a phrase counts at least for which there are others that mean the same."""

STRANGE = 2.0
"""What a word counts at least, where it is not accounted for, that was never met beside its neighbours."""

SPEAKS_ALONE = 3.0
"""Weight from which a word says as much alone as beside its neighbours."""

MOST_RUNS = 4096
"""Texts of subjects of which the weights are remembered."""

MOST_COMPARED = 12
"""Subjects that are compared word by word."""


class Alike:
    """Phrases that mean nearly the same, met in folded words."""

    def __init__(self, groups: Iterable[Iterable[str]], fold: Callable[[str], Words]) -> None:
        """`fold` tells the folded words of a phrase."""
        self._by_first: dict[str, list[tuple[Words, int]]] = defaultdict(list)
        for number, group in enumerate(groups):
            for phrase in dict.fromkeys(map(fold, group)):
                self._by_first[phrase[0]].append((phrase, number))

    def find(self, words: Sequence[str]) -> list[tuple[int, int, int]]:
        """Where phrases stand: begin, end and the number of their group."""
        return [
            (at, at + len(phrase), number)
            for at, word in enumerate(words)
            for phrase, number in self._by_first.get(word, ())
            if tuple(words[at : at + len(phrase)]) == phrase
        ]


class Weights:
    """What words count: much where neither questions nor texts hold them often."""

    def __init__(
        self,
        texts: Callable[[str], int],
        size: int,
        asked: Counter[str],
        count: int,
        common: Alike | None = None,
        small: Collection[str] = (),
    ) -> None:
        """`texts` tells how many of `size` texts hold a word or a pair, `asked` how many of `count` questions.

        Args:
            common: names of those whom nearly every target is about ("công đoàn cơ sở").
            small: words of grammar, which make no pair.
        """
        self._texts, self._size = texts, max(size, 1)
        self._asked, self._count = asked, max(count, 1)
        self._common = common or Alike((), tuple)
        self._small = frozenset(small)

    def of(self, term: str) -> float:
        """The weight of a word or of two neighbours (0–`MOST_WEIGHT`); numbers and single letters have none."""
        if not term.replace(" ", "").isalpha() or len(term) < 2:
            return 0.0
        in_texts = math.log(self._size / (self._texts(term) + 1))
        in_questions = math.log(self._count / (self._asked[term] + 1))
        least = LEAST_WEIGHT if in_questions >= RARELY_ASKED else 0.0
        return min(max(min(in_texts, in_questions) - COMMON, least), MOST_WEIGHT)

    def strange(self, words: Sequence[str], weights: Sequence[float]) -> frozenset[int]:
        """The places of words that count and were never met beside a neighbour of theirs that counts, too."""
        found = set[int]()
        for at, weight in enumerate(weights):
            pairs = [(other, other + 1) for other in (at - 1, at) if 0 <= other < len(words) - 1]
            own = [f"{words[one]} {words[two]}" for one, two in pairs if weights[one] and weights[two]]
            if weight and own and not any(self._texts(pair) or self._asked[pair] for pair in own):
                found.add(at)
        return frozenset(found)

    def is_free(self, words: Sequence[str], begin: int, end: int) -> bool:
        """Whether no name of those whom nearly every target is about reaches into a stretch of the words."""
        return all(begin >= last or end <= first for first, last, _ in self._common.find(words))

    def along(
        self,
        words: Sequence[str],
        content: Container[str] | None = None,
        known: Container[tuple[str, str]] = frozenset(),
    ) -> tuple[float, ...]:
        """The weight of each word where it stands: its own, or nearly that of a pair that some text holds.

        Args:
            content: the words that may count; None for all.
            known: neighbours that count together even where neither would by itself ("hiến kế").
        """
        every = list(map(self.of, words))
        found = [w if content is None or word in content else 0.0 for word, w in zip(words, every, strict=True)]
        is_free = [True] * len(words)
        for begin, end, _ in self._common.find(words):
            found[begin:end] = [0.0] * (end - begin)
            is_free[begin:end] = [False] * (end - begin)
        own = [weight > 0 for weight in found]
        for at, pair in enumerate(itertools.pairwise(words)):
            if not self._small.isdisjoint(pair):
                continue
            counts = pair in known or ((own[at] or own[at + 1]) and min(every[at : at + 2]) > 0)
            if counts and is_free[at] and is_free[at + 1] and self._texts(" ".join(pair)):
                weight = OF_PAIRS * self.of(" ".join(pair))
                found[at : at + 2] = [max(weight, found[at]), max(weight, found[at + 1])]
        return tuple(found)


@dataclass(frozen=True)
class Spoken:
    """The words of a question, what each counts, and the groups of phrases that stand there (`Alike.find`).

    `strange` are the places of words that stand beside none of their neighbours in any text or question met before,
    `apart` of those that belong to the name of a body: they name no subject.
    """

    words: Words
    weights: tuple[float, ...]
    alike: tuple[tuple[int, int, int], ...]
    strange: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()

    @property
    def held(self) -> frozenset[str]:
        """The words by which a subject may be named."""
        return frozenset(word for at, word in enumerate(self.words) if at not in self.apart)

    def missing(self, at: int) -> float:
        """What a word counts that is not accounted for: one that is strange, much."""
        return max(self.weights[at], STRANGE) if at in self.strange else self.weights[at]

    @property
    def whole(self) -> float:
        """What all words count together."""
        return sum(self.weights)


@dataclass(frozen=True)
class Measured:
    """A subject with all words that plans have for it."""

    subject: str
    is_own: bool
    plans: frozenset[str]
    units: frozenset[str]
    labels: tuple[Words, ...]
    runs: tuple[Words, ...]
    words: frozenset[str]
    pairs: frozenset[tuple[str, str]]
    groups: frozenset[int]


class Near(NamedTuple):
    """How near a question is to a subject.

    Attributes:
        explained: share (0–1) of the question's words, weighed, that the subject accounts for.
        named: the greatest share (0–1) of one of its names that stands in the question.
        told: the same of what its targets are measured on.
        literal: what of `explained` stands there in the very words.
        weight: what the words accounted for count.
        missed: what the words count for which the subject does not account.
    """

    measured: Measured
    explained: float
    named: float
    told: float
    literal: float
    weight: float
    missed: float

    @property
    def score(self) -> float:
        """By this subjects are ordered."""
        return self.explained + 0.25 * max(self.named, self.told)


def measured_of(
    subjects: Mapping[str, Subject],
    plans: Iterable[Plan],
    own: frozenset[str],
    fold: Callable[[str], Words],
    alike: Alike,
    *,
    every: bool = False,
) -> tuple[Measured, ...]:
    """The subjects on which some plan sets a target, in the order in which plans do; or `every` one."""
    targets: dict[str, list[tuple[str, Target]]] = defaultdict(list)
    for plan in plans:
        for target in plan.targets:
            targets[target.indicator].append((plan.id, target))
    found = []
    for subject_id in subjects if every else targets:
        subject, set_ = subjects[subject_id], targets.get(subject_id, [])
        names = dict.fromkeys((subject.name, subject.short, *subject.phrases))
        labels = [fold(part.removeprefix("=")) for name in names for part in name.split(GAP)]
        runs = dict.fromkeys(fold(f"{target.population} {target.note or ''}") for _, target in set_)
        texts = tuple(filter(None, (*labels, *runs)))
        found.append(
            Measured(
                subject=subject_id,
                is_own=subject_id in own,
                plans=frozenset(plan for plan, _ in set_),
                units=frozenset(target.unit or "" for _, target in set_),
                labels=tuple(filter(None, labels)),
                runs=tuple(runs),
                words=frozenset(word for run in texts for word in run),
                pairs=frozenset(pair for run in texts for pair in itertools.pairwise(run)),
                groups=frozenset(number for run in texts for _, _, number in alike.find(run)),
            )
        )
    return tuple(found)


class Nearness:
    """Compares questions with subjects."""

    def __init__(self, measured: Sequence[Measured], weights: Weights, alike: Alike) -> None:
        """`measured` are the subjects that can be asked about."""
        self.measured = tuple(measured)
        self._weights = weights
        self._alike = alike
        self._run = remembered(self._weigh_run, MOST_RUNS)
        self._own_pairs = frozenset(pair for each in self.measured if each.is_own for pair in each.pairs)
        self._holding: dict[str | int, list[int]] = defaultdict(list)
        for place, each in enumerate(self.measured):
            keys: tuple[str | int, ...] = (*each.words, *each.groups)
            for key in keys:
                self._holding[key].append(place)

    def _weigh_run(self, run: Words) -> tuple[tuple[float, ...], float, tuple[tuple[int, int, int], ...]]:
        """What the words of a text of the catalogue count, each and together, and the groups that stand there."""
        weights = self._weights.along(run, None, self._own_pairs)
        return weights, sum(weights), tuple(self._alike.find(run))

    def spoken(
        self,
        words: Sequence[str],
        content: Container[str] | None = None,
        without: Iterable[Words] = (),
        bodies: Iterable[Words] = (),
    ) -> Spoken:
        """The words of a question, weighed (see `Weights.along`).

        Args:
            words: folded.
            content: the words that may count; None for all.
            without: phrases that count nothing.
            bodies: names of bodies; two neighbours that stand in one name no subject.
        """
        weights, alike = list(self._weights.along(words, content, self._own_pairs)), self._alike.find(words)
        for begin, end, _ in alike:
            if end - begin > 1 and self._weights.is_free(words, begin, end):
                weights[begin:end] = [max(weight, OF_PHRASES) for weight in weights[begin:end]]
        for phrase in without:
            for at in range(len(words) - len(phrase) + 1):
                if tuple(words[at : at + len(phrase)]) == phrase:
                    weights[at : at + len(phrase)] = [0.0] * len(phrase)
        known = {pair for body in bodies for pair in itertools.pairwise(body)}
        begins = (at for at, pair in enumerate(itertools.pairwise(words)) if pair in known)
        apart = frozenset(place for at in begins if weights[at] for place in (at, at + 1))
        return Spoken(tuple(words), tuple(weights), tuple(alike), self._weights.strange(words, weights), apart)

    def find(self, spoken: Spoken) -> list[Near]:
        """The subjects nearest to the question, the nearest first."""
        if not spoken.whole:
            return []
        sums: dict[int, float] = defaultdict(float)
        for word, weight in dict(zip(spoken.words, spoken.weights, strict=True)).items():
            for place in self._holding.get(word, ()) if weight else ():
                sums[place] += weight
        for begin, end, number in spoken.alike:
            for place in self._holding.get(number, ()):
                sums[place] += ALIKE_ALONE * sum(spoken.weights[begin:end])
        likely = sorted(sums, key=lambda place: (-sums[place], place))[:MOST_COMPARED]
        found = [self._compare(spoken, self.measured[place]) for place in likely]
        return sorted(found, key=lambda near: -near.score)

    def _compare(self, spoken: Spoken, measured: Measured) -> Near:
        words, whole = spoken.words, spoken.whole
        literal = [0.0] * len(words)
        for at, word in enumerate(words):
            if word in measured.words:
                before = at > 0 and (words[at - 1], word) in measured.pairs
                behind = at + 1 < len(words) and (word, words[at + 1]) in measured.pairs
                is_whole = before or behind or spoken.weights[at] >= SPEAKS_ALONE
                literal[at] = IN_ORDER if is_whole else ALONE
        credit_of = list(literal)
        for begin, end, number in spoken.alike:
            if number in measured.groups:
                credit = ALIKE if end - begin > 1 else ALIKE_ALONE
                for at in range(begin, end):
                    credit_of[at] = max(credit_of[at], credit)
        weight = sum(map(float.__mul__, spoken.weights, credit_of))
        own_words = sum(map(float.__mul__, spoken.weights, literal))
        groups = {number for _, _, number in spoken.alike}
        held = spoken.held
        return Near(
            measured,
            explained=weight / whole,
            named=max((self._share(label, held, groups) for label in measured.labels), default=0.0),
            told=max((self._share(run, held, groups) for run in measured.runs), default=0.0),
            literal=own_words / whole,
            weight=weight,
            missed=sum(spoken.missing(at) for at, credit in enumerate(credit_of) if not credit),
        )

    def _share(self, run: Words, held: frozenset[str], groups: set[int]) -> float:
        """How much of a text, weighed, stands in a question."""
        credit_of = [IN_ORDER if word in held else 0.0 for word in run]
        weights, whole, alike = self._run(run)
        for begin, end, number in alike:
            if number in groups:
                credit_of[begin:end] = [max(credit, ALIKE) for credit in credit_of[begin:end]]
        return sum(map(float.__mul__, weights, credit_of)) / whole if whole else 0.0
