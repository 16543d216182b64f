"""Which of the plans' own subjects a question means: surely, perhaps, or none of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from knowledge.lexer import GAP
from knowledge.model.answers import Answer, AnswerKind, Caveat, Choice, ChoiceKind
from knowledge.model.questions import Question
from knowledge.question import Understanding
from knowledge.search.postings import TermCounts
from knowledge.subjects.counting import weights_of
from knowledge.subjects.nearness import Alike, Measured, Near, Nearness, measured_of
from knowledge.subjects.words import load_alike
from knowledge.words import targets_on

MOST_OFFERED = 3
"""Subjects offered where it is not sure which is meant."""

SURE, SURE_IN_OTHER_WORDS = 0.66, 0.8
"""Share (0–1) of a question's words that a subject told outright accounts for: in the plan's words, and where words
that mean nearly the same help."""

LEAD, LEAD_IN_OTHER_WORDS = 0.12, 0.3
"""By how much such a subject must be nearer than any other."""

LEAST_NAMED = 0.6
"""Share (0–1) of a subject's name, or of what its targets are measured on, that must stand in the question."""

SURE_BY_NAME, LEAD_BY_NAME, WHOLE = 0.5, 0.04, 0.95
"""Share (0–1) of a question's words that a subject named word for word has to account for, by how much it must be
nearer than any other, and the share of a name from which it is all of it."""

MISSED, MISSED_BY_NAME = 1.6, 2.8
"""What a word may count at most that a subject told outright leaves unexplained; and one that is named."""

FURTHER = 0.03
"""By how much more of a question another may account for, in its very words, than the subject told outright."""

OFFERED, FAINTLY = 0.36, 0.25
"""Shares (0–1) from which a subject is offered, and from which it stands beside a doubt."""

LEAST_BESIDE_KNOWN = 0.55
"""Share (0–1) of a question's words from which a subject is offered though another is named."""

LEAST_WEIGHT = 1.2
"""What the words must count that a subject offered accounts for: one that is not common, at least."""

CLOSE = 0.85
"""Share (0–1) of the nearest's score that an own subject must come to, or nothing of its own is offered."""

ABREAST = 0.65
"""Share (0–1) of the nearest's score from which others are offered beside it."""

NAMED_EVERYWHERE = 2
"""The greatest rank of subjects that stand in every sentence, as members do."""

OTHER_KINDS = ("task", "responsible", "deadline", "document", "indicator")
"""Kinds of question that no figure answers."""

FEW_WORDS = 8
"""Syllables of a message that does no more than name something."""

FIGURE_KINDS, LEAST_OF_FIGURE = ("target", "verdict", "comparison", "result"), 0.3
"""Kinds of question that figures answer, and the probability (0–1) from which it may be one."""

SURE_OF_OTHER = 0.6
"""Probability (0–1) from which a question is of one of them."""


@dataclass(frozen=True)
class MeantSubjects:
    """The subjects that a question may mean, the nearest first; `sure`: it is the first."""

    near: tuple[Near, ...]
    sure: bool


class OwnSubjects:
    """Finds which of the plans' own subjects a question means, beside those of the glossary."""

    def __init__(self, understanding: Understanding, terms: TermCounts) -> None:
        """`terms` are the words and pairs of the catalogue, as counted for its index."""
        glossary, fold = understanding.glossary, understanding.fold_words
        alike = Alike(load_alike().alike, fold)
        phrases = (phrase for scope in glossary.scopes for phrase in scope.phrases if GAP not in phrase)
        common = [[phrase] for phrase in (*load_alike().common, *phrases)]
        weights = weights_of(terms, Alike(common, fold))
        subjects = {subject.id: subject for subject in glossary.subjects}
        own = understanding.own_subjects
        measured = measured_of(subjects, understanding.plans.values(), own, fold, alike)
        self._understanding = understanding
        self._glossary = glossary
        self._own = own
        self._nearness = Nearness(measured, weights, alike)
        self._shares = [fold(phrase) for phrase in load_alike().shares]

    def meant(self, question: Question) -> MeantSubjects | None:
        """The subjects that may be meant; None where no plan's own is near, or another place is named."""
        spoken = self._nearness.spoken(question.spoken, frozenset(question.content))
        found = sorted(self._nearness.find(spoken), key=lambda near: -self._score(near, question))
        own = [near for near in found if near.measured.is_own]
        if not own or (not question.plans and not self._holds_all(own[0], question.elsewhere)):
            return None
        first, scores = own[0], {near.measured.subject: self._score(near, question) for near in found}
        score = scores[first.measured.subject]
        lead = score - max((scores[near.measured.subject] for near in found if near is not first), default=0.0)
        is_named = self._is_named(first, question)
        sure = self._is_of_kind(first.measured, question) and self._is_set(first, own, question)
        sure = sure and not any(near.literal > first.literal + FURTHER for near in found)
        sure = sure and (is_named or not any(self._is_named(near, question) for near in own))
        sure = sure and (self._is_sure_by_name(first, lead) if is_named else self._is_sure(first, lead))
        if not sure and not is_named and (first.explained < FAINTLY or first.weight < LEAST_WEIGHT):
            return None
        near = tuple(near for near in found if scores[near.measured.subject] >= ABREAST * score)
        if first not in near[:MOST_OFFERED] or score < CLOSE * scores[near[0].measured.subject]:
            return None
        return MeantSubjects((first, *(other for other in near if other is not first)) if sure else near, sure)

    def _holds_all(self, near: Near, places: Sequence[str]) -> bool:
        """Whether places or bodies named are words of the subject itself: dues paid through a bank."""
        return all(
            near.measured.pairs.issuperset(itertools.pairwise(words)) and near.measured.words.issuperset(words)
            for words in map(self._understanding.fold_words, places)
        )

    @staticmethod
    def _is_sure(near: Near, lead: float) -> bool:
        """Whether a subject that is not named is meant, and no other."""
        if max(near.named, near.told) < LEAST_NAMED or near.weight < 2 * LEAST_WEIGHT or near.missed > MISSED:
            return False
        plainly = near.literal >= SURE and lead >= LEAD
        return plainly or (near.explained >= SURE_IN_OTHER_WORDS and lead >= LEAD_IN_OTHER_WORDS)

    @staticmethod
    def _is_sure_by_name(near: Near, lead: float) -> bool:
        """Whether a subject that is named is meant: it accounts for the question, and no other does so as well."""
        return near.explained >= SURE_BY_NAME and lead >= LEAD_BY_NAME and near.missed <= MISSED_BY_NAME

    @staticmethod
    def _is_named(near: Near, question: Question) -> bool:
        """Whether one of its names stands there, not only something like it."""
        return near.measured.subject in question.subjects and near.named >= WHOLE

    @staticmethod
    def _is_set(first: Near, own: Sequence[Near], question: Question) -> bool:
        """Whether the plans named set it, or at least nothing of their own that is near, too."""
        there = [near for near in own if near.measured.plans.intersection(question.plans)]
        return first in there or not any(near.explained >= OFFERED for near in there)

    def _score(self, near: Near, question: Question) -> float:
        there = bool(near.measured.plans.intersection(question.plans))
        return near.score + (0.1 if self._is_named(near, question) else 0.0) + (0.15 if there else 0.0)

    def _is_of_kind(self, measured: Measured, question: Question) -> bool:
        """Whether what is asked for is of the kind that its targets state: no share where things are counted."""
        spoken = question.spoken
        asks_share = any(spoken[at : at + len(share)] == share for share in self._shares for at in range(len(spoken)))
        return not asks_share or any("%" in unit or "/" in unit or not unit for unit in measured.units)

    def names_any(self, question: Question) -> bool:
        """Whether one of the plans' own subjects is named."""
        return not self._own.isdisjoint(question.subjects)

    # --- What is answered ---------------------------------------------------------------------------------------------

    def weigh(self, found: Answer, question: Question, kinds: Mapping[str, float], tell: Tell) -> Answer:
        """The answer found, or that of a plan's own subject, or a choice of those that may be meant.

        Args:
            question: as it was read and completed.
            kinds: the probability (0–1) of each kind of question.
            tell: makes the answer of the question's subjects.
        """
        if self._stands(found, question, kinds):
            return found
        meant = self.meant(question)
        if meant is None:
            return self._with_plans_own(found, question, kinds)
        if self._names_several(meant, question):
            return found
        own = next(near for near in meant.near if near.measured.is_own)
        told = {group.subject for group in found.groups} | {
            group.subject for absence in found.absences for group in absence.instead
        }
        is_answered = bool(found.groups) and told.isdisjoint(self._own)
        on_offer = (near.measured for near in meant.near[:MOST_OFFERED] if near.measured.is_own)
        is_there = not question.plans or any(not each.plans.isdisjoint(question.plans) for each in on_offer)
        if not is_there and (found.status == "answered" or not (meant.sure and self._is_named(own, question))):
            return found
        if not self._asks_figure(question, kinds) and not self._is_bare(own, found, question):
            return found
        if meant.sure:
            return tell(self._of_subject(own, question))
        shown = max((near.explained for near in meant.near if near.measured.subject in told), default=0.0)
        if is_answered and own.explained < max(shown + LEAD, LEAST_BESIDE_KNOWN):
            return found
        offers = self._offers([near.measured.subject for near in meant.near], question)
        if own.explained >= (LEAST_BESIDE_KNOWN if question.topics else OFFERED):
            return Answer(kind=AnswerKind.CHOOSE, question=question, choices=offers)
        return self._in_doubt(found, question, offers) if found.kind is AnswerKind.SILENT else found

    def _of_subject(self, own: Near, question: Question) -> Question:
        """The question as one for this subject."""
        elsewhere = () if self._holds_all(own, question.elsewhere) else question.elsewhere
        nothing: dict[str, tuple[str, ...]] = dict.fromkeys(("themes", "topics", "others", "leftover", "strange"), ())
        return msgspec.structs.replace(question, subjects=(own.measured.subject,), elsewhere=elsewhere, **nothing)

    def _with_plans_own(self, found: Answer, question: Question, kinds: Mapping[str, float]) -> Answer:
        """A silence on a plan that has subjects of its own: they are offered, as one of them may be meant."""
        asks = found.kind is AnswerKind.SILENT and self._asks_figure(question, kinds)
        offers = self._offers([], question) if asks and question.leftover and not question.topics else ()
        return self._in_doubt(found, question, offers) if offers else found

    @staticmethod
    def _in_doubt(found: Answer, question: Question, offers: Sequence[Choice]) -> Answer:
        """A silence that may be one of understanding."""
        choices = tuple(dict.fromkeys((*offers, *found.choices)))[:MOST_OFFERED]
        return Answer(kind=AnswerKind.SILENT, question=question, choices=choices, caveat=Caveat.UNSURE)

    def _is_bare(self, own: Near, found: Answer, question: Question) -> bool:
        """Whether a few words name what a subject measures and ask nothing else, or its name stands there."""
        named = self._is_named(own, question) or (found.kind is AnswerKind.SILENT and question.length <= FEW_WORDS)
        return named and own.explained >= SURE

    @staticmethod
    def _asks_figure(question: Question, kinds: Mapping[str, float]) -> bool:
        """Whether a figure is asked for, or a few words name a thing and no more."""
        likely = sum(kinds.get(kind, 0.0) for kind in FIGURE_KINDS) >= LEAST_OF_FIGURE
        return (
            likely or question.asks("figure", "asked_figure", "planned", "annual", "frequency") or bool(question.years)
        )

    def _stands(self, found: Answer, question: Question, kinds: Mapping[str, float]) -> bool:
        """Whether what was found answers something that no figure does, or names alone explain it whole."""
        if found.kind in {AnswerKind.GREETING, AnswerKind.OVERVIEW}:
            return True
        if found.kind is AnswerKind.TARGETS and self._own.isdisjoint(question.subjects):
            ranks = [self._glossary.subject(subject).rank for subject in question.subjects]
            return max(ranks, default=0) > NAMED_EVERYWHERE and not question.leftover
        of_other = sum(kinds.get(kind, 0.0) for kind in OTHER_KINDS)
        if self.names_any(question) and question.asks("figure", "asked_figure"):
            return question.asks("form") or bool(question.items or question.sections)
        if found.kind in {AnswerKind.SILENT, AnswerKind.CHOOSE, AnswerKind.TARGETS}:
            return of_other >= SURE_OF_OTHER and not question.asks("figure", "asked_figure")
        return found.caveat is None and not (question.asks("asked_figure", "figure") and of_other < SURE_OF_OTHER)

    def _names_several(self, meant: MeantSubjects, question: Question) -> bool:
        """Whether two subjects are named, each by its name."""
        named = [near for near in meant.near if self._is_named(near, question)]
        if meant.sure and meant.near[0].explained >= WHOLE:
            return False
        return len(named) > 1 and len(named) == len(question.subjects)

    def _offers(self, subjects: Sequence[str], question: Question) -> tuple[Choice, ...]:
        """These subjects on offer, and behind them what else the plans named have of their own."""
        beside = (
            each.subject
            for each in self._nearness.measured
            if each.is_own and not each.plans.isdisjoint(question.plans) and self._is_of_kind(each, question)
        )
        every = tuple(dict.fromkeys((*subjects[:MOST_OFFERED], *beside)))[:MOST_OFFERED]
        years = tuple(map(str, question.years[:1]))
        return tuple(self._offer(subject, years) for subject in every)

    def _offer(self, subject_id: str, where: Sequence[str]) -> Choice:
        """A subject on offer, by the shortest of its names that means it alone."""
        subject = self._glossary.subject(subject_id)
        name = next((name for name in (subject.short, subject.name) if self._means(name, subject_id)), subject.short)
        return Choice(kind=ChoiceKind.SUBJECT, label=name, question=targets_on(name, *where))

    def _means(self, name: str, subject_id: str) -> bool:
        return self._understanding.read(targets_on(name)).subjects == (subject_id,)


Tell = Callable[[Question], Answer]
