"""What a new target measures: a known subject it may be, or a new one with id, name, short form and phrases.

Only proposes; a person confirms. No wording of single targets is known here: the few weights of `_odds` were fitted on
the plans that ship with the product, each judged by the others, and on made ones with subjects of their own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.forms import load_forms
from knowledge.glossary import load_glossary
from knowledge.lexer import GAP
from knowledge.model.plans import OwnSubject, Plan
from knowledge.question import Understanding
from knowledge.search.index import build_index
from knowledge.search.postings import TermCounts
from knowledge.subjects.counting import weights_of
from knowledge.subjects.nearness import Alike, Near, Nearness, Words, measured_of
from knowledge.subjects.parts import NamePart, NameParts
from knowledge.subjects.words import load_alike
from knowledge.text import fold, raised

LONGEST_SHORT, LONGEST_NAME, LONGEST_PHRASE = 48, 90, 60
"""Letters of a short form, of a name, and of what else a subject is called."""

MOST_KNOWN, MOST_PHRASES = 3, 4
"""Known subjects told for a target, and phrases beside its name and short form."""

LEAST_TOLD = 0.1
"""Probability (0–1) from which a known subject is told as one that a target may measure."""

SURE = 0.5
"""Probability (0–1) from which a target is proposed to measure a known subject rather than a new one."""

SAME = 0.7
"""Share (0–1) of the rarer words of one target that another holds where both measure the same thing."""

OF_SHARED, AT_FIRST, OF_ASIDES = 0.3, 1.45, 0.7
"""How much counts of a word that other targets of the plan have too, of a phrase with which a target begins, and of one
that tells a circumstance."""

ENOUGH_OF_THE_BEST = 0.6
"""How much of the best phrase a short form must tell, or it is the beginning of that."""

LEAST_PHRASE = 4.0
"""What the words of a phrase must count that tells a subject apart."""


@dataclass(frozen=True)
class NewTarget:
    """What a plan says of a target whose subject is not known: whom or what it measures, in which unit."""

    population: str
    unit: str | None = None


@dataclass(frozen=True)
class Likely:
    """A known subject and the probability (0–1) that the target measures it."""

    subject: str
    p: float


@dataclass(frozen=True)
class SubjectProposal:
    """What is proposed for a target.

    Attributes:
        known: the known subjects it may measure, the likeliest first.
        new: the subject it brings where none of them is likely; several targets of one plan may share it.
    """

    known: tuple[Likely, ...]
    new: OwnSubject

    @property
    def is_known(self) -> bool:
        """Whether it is likelier a known subject than a new one."""
        return bool(self.known) and self.known[0].p >= SURE

    @property
    def indicator(self) -> str:
        """The id that the target would name."""
        return self.known[0].subject if self.is_known else self.new.id


class Proposer:
    """Proposes subjects beside those of a catalogue."""

    def __init__(self, understanding: Understanding, terms: TermCounts) -> None:
        """`terms` are the words and pairs of the catalogue, as counted for its index."""
        lists, plain = load_alike(), understanding.fold_words
        alike = Alike(lists.alike, plain)
        subjects = {subject.id: subject for subject in understanding.glossary.subjects}
        plans, own = understanding.plans.values(), understanding.own_subjects
        self._understanding = understanding
        self._plain = plain
        self._weights = weights_of(terms, Alike([[phrase] for phrase in lists.common], plain))
        measured = measured_of(subjects, plans, own, plain, alike, every=True)
        self._nearness = Nearness(measured, weights_of(terms), alike)
        self._ids = frozenset(subjects)
        texts = (text for subject in subjects.values() for text in (subject.name, subject.short, *subject.phrases))
        self._taken = frozenset(plain(text.removeprefix("=")) for text in texts if GAP not in text)
        self._parts = NameParts(lists)

    @property
    def understanding(self) -> Understanding:
        """What the words of the catalogue mean."""
        return self._understanding

    def propose(self, targets: Sequence[NewTarget], taken: Iterable[str] = ()) -> tuple[SubjectProposal, ...]:
        """A proposal for each target of a plan, in their order.

        Args:
            taken: ids of subjects that the plan brings already.
        """
        groups = self._groups(targets)
        ids = {*self._ids, *taken}
        proposed: dict[int, OwnSubject] = {}
        for first in dict.fromkeys(groups):
            others = [target for at, target in enumerate(targets) if groups[at] != first]
            new = self._new(targets[first], others, ids)
            ids.add(new.id)
            proposed[first] = new
        return tuple(SubjectProposal(self.known(target), proposed[groups[at]]) for at, target in enumerate(targets))

    # --- Known subjects -----------------------------------------------------------------------------------------------

    def known(self, target: NewTarget) -> tuple[Likely, ...]:
        """The known subjects that a target may measure, the likeliest first."""
        named = self._understanding.read(target.population).subjects
        near = self._nearness.find(self._nearness.spoken(self._plain(target.population)))
        found = [Likely(each.measured.subject, _odds(each, named)) for each in near]
        return tuple(sorted(found, key=lambda likely: -likely.p)[:MOST_KNOWN])

    # --- New ones -----------------------------------------------------------------------------------------------------

    def _groups(self, targets: Sequence[NewTarget]) -> list[int]:
        """For each target the place of the first one of the plan that measures the same thing."""
        told = [self._telling(target.population) for target in targets]
        groups: list[int] = []
        for at, words in enumerate(told):
            first = next((other for other in range(at) if _is_same(words, told[other])), at)
            groups.append(groups[first] if first < at else at)
        return groups

    def _telling(self, text: str) -> dict[str, float]:
        """The words of a text that tell it apart, and what they count."""
        words = self._plain(text)
        return {word: weight for word, weight in zip(words, self._weights.along(words), strict=True) if weight}

    def _new(self, target: NewTarget, others: Sequence[NewTarget], ids: set[str]) -> OwnSubject:
        """The subject that a target brings, called by what stands in no other target of the plan."""
        beside = frozenset(word for other in others for word in self._telling(other.population))
        worth = {part.text: self._worth(part, beside) for part in self._parts.windows(target.population)}
        parts = sorted(worth, key=lambda text: (-worth[text], len(text)))
        name = self._parts.beginning(target.population, LONGEST_NAME)
        best = parts[0] if parts else name
        short = next((text for text in parts if len(text) <= LONGEST_SHORT), best)
        if len(short) > LONGEST_SHORT or worth.get(short, 0.0) < ENOUGH_OF_THE_BEST * worth.get(best, 0.0):
            short = self._parts.beginning(best, LONGEST_SHORT)
        names: dict[Words, str] = {}
        for text in (short, *parts):
            words = self._plain(text)
            if len(names) < MOST_PHRASES and len(text) <= LONGEST_PHRASE and self._tells(words, beside):
                names.setdefault(words, text)
        return OwnSubject(id=_free_id(short, ids), name=raised(name), short=raised(short), names=tuple(names.values()))

    def _worth(self, part: NamePart, beside: frozenset[str]) -> float:
        """What a phrase tells of a target, less what others share, and less for every word that tells nothing."""
        words = self._plain(part.text)
        weights = self._weights.along(words)
        told = sum(w * (OF_SHARED if word in beside else 1.0) for word, w in zip(words, weights, strict=True))
        place = AT_FIRST if part.is_first else OF_ASIDES if part.is_aside else 1.0
        return place * told / math.sqrt(2 + len(words)) * (OF_SHARED if words in self._taken else 1.0)

    def _tells(self, words: Words, beside: frozenset[str]) -> bool:
        """Whether a phrase may stand for the subject: it means nothing else and holds a word of its own."""
        weights = self._weights.along(words)
        own = any(weight and word not in beside for word, weight in zip(words, weights, strict=True))
        enough = sum(weights) >= LEAST_PHRASE and (len(words) > 1 or max(weights, default=0.0) >= LEAST_PHRASE)
        return own and enough and words not in self._taken


def _odds(near: Near, named: Sequence[str]) -> float:
    """The probability that a target measures the subject it is near to; `named` are those its words name."""
    is_named = near.measured.subject in named
    alone = is_named and len(named) == 1
    missed = near.missed / (near.missed + near.weight) if near.missed else 0.0
    sum_ = -2.8 + 1.83 * is_named + 1.93 * alone + 0.35 * near.explained + 0.61 * near.literal + 0.32 * near.told
    sum_ -= 2.96 * missed
    return 1 / (1 + math.exp(-sum_))


def _is_same(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two targets measure the same thing: each holds most of what tells the other apart."""
    both = sum(min(one[word], other[word]) for word in one.keys() & other.keys())
    return both > 0 and both >= SAME * max(sum(one.values()), sum(other.values()))


def _free_id(short: str, ids: set[str]) -> str:
    """An id made of a short form that no subject has yet."""
    base = "_".join(re.findall(r"[a-z0-9]+", fold(short))) or "subject"
    return next(each for each in _numbered(base) if each not in ids)


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}_{number}"
        number += 1


def make_proposer(plans: Iterable[Plan]) -> Proposer:
    """A proposer beside these plans, the glossary and the forms that ship with the product.

    Args:
        plans: those of the catalogue, without the one that is to enter.
    """
    understanding = Understanding(plans, load_glossary())
    return Proposer(understanding, build_index(understanding, load_forms()).terms)


def propose_for(plan: Plan, number: int, others: Iterable[Plan], named: Collection[str]) -> str:
    """What to write for the subject of a target, for whoever has to mend a plan's file.

    Args:
        number: the place of the target in the plan.
        others: the plans of the catalogue.
        named: the ids of subjects that are known, the plan's own among them; its targets of the rest are seen together.
    """
    open_ = [target for target in plan.targets if target.indicator not in named]
    proposed = make_proposer(others).propose([NewTarget(each.population, each.unit) for each in open_], named)
    proposal = proposed[open_.index(plan.targets[number])]
    known = ", ".join(f"{each.subject} ({each.p:.0%})" for each in proposal.known if each.p >= LEAST_TOLD)
    new = proposal.new
    names = ", ".join(f'"{name}"' for name in new.names)
    mend = f'add it under [[subjects]]: id = "{new.id}", name = "{new.name}", short = "{new.short}", names = [{names}]'
    return f"it may be {known}. If it is new, {mend}" if known else mend
