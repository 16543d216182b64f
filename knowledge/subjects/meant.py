"""Which of the plans' own subjects a question means: surely, perhaps, or none of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from knowledge.lexer import GAP
from knowledge.model.answers import Answer, AnswerKind, Caveat, Choice, ChoiceKind
from knowledge.model.plans import Plan, Target
from knowledge.model.questions import Question
from knowledge.question import Understanding
from knowledge.search.postings import TermCounts
from knowledge.subjects.asked import AskedFor
from knowledge.subjects.counting import weights_of
from knowledge.subjects.nearness import Alike, Measured, Near, Nearness, Spoken, measured_of
from knowledge.subjects.sureness import Seen, is_displaced, is_preceded
from knowledge.subjects.words import load_alike
from knowledge.text import has_phrase
from knowledge.words import targets_on

MOST_OFFERED = 3
"""Subjects offered where it is not sure which is meant."""

WELL, NEARLY_ALL, WHOLE = 0.66, 0.8, 0.95
"""Shares (0–1): of a question's words that a subject accounts for which is named without a question; the same of a few
words that only name what is measured; and of a name, from which it is all of it."""

LEAD = 0.12
"""By how much more of a question's words (share) one of two must account for to be preferred."""

MISSED_BY_NAME = 2.8
"""What the words may count that a known subject leaves unexplained, and still be what is meant."""

MOST_MISSED = 3.5
"""What words left unexplained may count where a subject is offered without a doubt: less than a word of its own."""

FURTHER = 0.03
"""By how much more of a question another, nearly as near, may account for in its very words than the one told."""

MORE_WORDS = 2
"""By how many words of a question more another may hold, nearly as near, than the one told."""

LEAST_LEFT_OVER = 2
"""Words that nothing explains, from which a known subject may not be what is meant."""

OFFERED, FAINTLY = 0.42, 0.25
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

FEW_WORDS = 12
"""Syllables of a message that does no more than name something."""

FIGURE_KINDS, LEAST_OF_FIGURE = ("target", "verdict", "comparison", "result"), 0.3
"""Kinds of question that figures answer, and the probability (0–1) from which it may be one."""

SURE_OF_OTHER = 0.6
"""Probability (0–1) from which a question is of one of them."""


@dataclass(frozen=True)
class MeantSubjects:
    """The subjects that a question may mean, the nearest first; `sure`: it is the first. `every` are all compared."""

    near: tuple[Near, ...]
    sure: bool
    every: tuple[Near, ...]


class OwnSubjects:
    """Finds which of the plans' own subjects a question means, beside those of the glossary."""

    def __init__(self, understanding: Understanding, terms: TermCounts) -> None:
        """`terms` are the words and pairs of the catalogue, as counted for its index."""
        glossary, fold = understanding.glossary, understanding.fold_words
        alike = Alike(load_alike().alike, fold)
        scopes = (scope for scope in glossary.scopes if scope.level)
        phrases = (phrase for scope in scopes for phrase in scope.phrases if GAP not in phrase)
        common = [[phrase] for phrase in (*load_alike().common, *phrases)]
        weights = weights_of(terms, Alike(common, fold))
        subjects = {subject.id: subject for subject in glossary.subjects}
        own = understanding.own_subjects
        measured = measured_of(subjects, understanding.plans.values(), own, fold, alike)
        self._understanding = understanding
        self._glossary = glossary
        self._own = own
        self._nearness = Nearness(measured, weights, alike)
        self._asked_for = AskedFor(understanding, measured)
        self._populations = frozenset(scope.id for scope in glossary.scopes)
        self._frames = [fold(phrase) for phrase in load_alike().frames]
        self._present = [fold(phrase) for phrase in load_alike().present]
        self._nationwide = [fold(phrase) for phrase in load_alike().nationwide]
        self._nation = fold(load_alike().nation)
        self._acts = [[fold(phrase) for phrase in group] for group in load_alike().acts]
        self._owning = frozenset(word for phrase in load_alike().owning for word in fold(phrase))
        self._small = frozenset(word for joint in load_alike().joints for word in fold(joint))

    def meant(self, question: Question) -> MeantSubjects | None:
        """The subjects that may be meant; None where no plan's own is near, or another place is named."""
        spoken, found = self._find(question)
        own = [near for near in found if near.measured.is_own]
        is_elsewhere = bool(own) and not question.plans and not self._holds_all(own[0].measured, question.elsewhere)
        if is_elsewhere:
            spoken, found = self._find(question, question.elsewhere)
            own = [near for near in found if near.measured.is_own]
        issued = self._issued(own[0].measured, question.elsewhere) if own and is_elsewhere else frozenset[str]()
        if not own or (is_elsewhere and not issued):
            return None
        if issued:
            question = msgspec.structs.replace(question, plans=tuple(issued))
        first, scores = own[0], {near.measured.subject: self._score(near, question) for near in found}
        score = scores[first.measured.subject]
        seen = self._seen(first, found, spoken, question)
        is_named = seen.is_named
        may_be = self._asked_for.is_of_kind(first.measured, question.spoken) and self._is_set(first, own, question)
        alone = is_named or not (is_elsewhere or any(self._is_named(near, question) for near in own))
        sure = may_be and alone and seen.is_sure
        if not sure and not is_named and (first.explained < FAINTLY or first.weight < LEAST_WEIGHT):
            return None
        near = tuple(near for near in found if near is first or scores[near.measured.subject] >= ABREAST * score)
        alone = self._alone_counts(first, (near[0].measured.subject,), question) and first.explained >= OFFERED
        is_close = first in near[:MOST_OFFERED] and score >= CLOSE * scores[near[0].measured.subject]
        if not is_close and not alone:
            return None
        if first not in near[:MOST_OFFERED]:
            near = (*near[: MOST_OFFERED - 1], first)
        ordered = (first, *(other for other in near if other is not first)) if sure else near
        return MeantSubjects(ordered, sure, tuple(found))

    def _find(self, question: Question, places: Sequence[str] = ()) -> tuple[Spoken, list[Near]]:
        """The question without the places or bodies that it names, and the subjects nearest to it."""
        spoken = self._spoken(question, places)
        return spoken, sorted(self._nearness.find(spoken), key=lambda near: -self._score(near, question))

    def _spoken(self, question: Question, places: Sequence[str] = ()) -> Spoken:
        fold, plans = self._understanding.fold_words, self._understanding.plans
        without = (*self._frames, *map(fold, places))
        bodies = [fold(plans[plan].issuer) for plan in question.plans]
        return self._nearness.spoken(question.spoken, frozenset(question.content), without, bodies)

    def _holds_all(self, measured: Measured, places: Sequence[str]) -> bool:
        """Whether places or bodies named are words of the subject itself: dues paid through a bank."""
        return all(
            measured.pairs.issuperset(itertools.pairwise(words)) and measured.words.issuperset(words)
            for words in map(self._understanding.fold_words, places)
        )

    def _issued(self, measured: Measured, places: Sequence[str]) -> frozenset[str]:
        """The plans that set a subject and have the places or bodies named in their issuer's name."""
        fold, plans = self._understanding.fold_words, self._understanding.plans
        words = [self._nation if fold(place) in self._nationwide else fold(place) for place in places]
        names = {plan: [fold(name) for name in (plans[plan].issuer, *plans[plan].aliases)] for plan in measured.plans}
        return frozenset(
            plan for plan, own in names.items() if all(any(has_phrase(name, [each]) for name in own) for each in words)
        )

    def _seen(self, first: Near, found: Sequence[Near], spoken: Spoken, question: Question) -> Seen:
        """What speaks for the first of the plans' own."""
        others = [near for near in found if near is not first]
        plans = first.measured.plans.intersection(question.plans) or first.measured.plans
        score = self._score(first, question)
        beside = [near.explained for near in others if not plans.isdisjoint(near.measured.plans)]
        return Seen(
            first,
            lead=first.explained - max(beside, default=0.0),
            ahead=score - max((self._score(near, question) for near in others), default=0.0),
            is_there=not first.measured.plans.isdisjoint(question.plans),
            is_named=self._is_named(first, question),
            is_counted=self._asked_for.is_counted(first.measured, question.spoken),
            is_rivalled=any(
                (near.literal > first.literal + FURTHER or _holds_more(near, first, question))
                and self._score(near, question) >= CLOSE * score
                for near in others
            ),
            is_displaced=is_displaced(first.measured, spoken, self._small, self._owning),
            is_preceded=is_preceded(first.measured, spoken, self._small),
            is_done_otherwise=self._is_done_otherwise(first.measured, question),
        )

    def _is_done_otherwise(self, measured: Measured, question: Question) -> bool:
        """Whether another act is asked about than a subject's names and targets tell."""
        asked = {number for number, group in enumerate(self._acts) if has_phrase(question.spoken, group)}
        runs = (*measured.labels, *measured.runs)
        told = {number for number, group in enumerate(self._acts) if any(has_phrase(run, group) for run in runs)}
        return bool(asked and told) and asked.isdisjoint(told)

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
        counted = self._asked_for.is_counted(near.measured, question.spoken)
        return near.score + 0.1 * self._is_named(near, question) + 0.15 * there + 0.08 * counted

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
        found = self._checked(found, question, tell)
        weighed = self._weighed(found, question, kinds, tell)
        return (self._hardly_heard(found, question) or found) if weighed is found else weighed

    def _weighed(self, found: Answer, question: Question, kinds: Mapping[str, float], tell: Tell) -> Answer:
        if self._stands(found, question, kinds):
            return found
        meant = self.meant(question)
        if meant is None:
            return self._with_plans_own(found, question, kinds)
        own = next(near for near in meant.near if near.measured.is_own)
        if self._names_several(meant, question) or self._is_explained(found, own, meant.every, question):
            return found
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
            return tell(self._of_subject(own.measured, question))
        shown = max((near.explained for near in meant.every if near.measured.subject in told), default=0.0)
        missed = min((near.missed for near in meant.every if near.measured.subject in told), default=MOST_MISSED)
        is_other = missed > MISSED_BY_NAME or self._alone_counts(own, told, question)
        least = OFFERED if is_other else max(shown + LEAD, LEAST_BESIDE_KNOWN)
        if is_answered and own.explained < least:
            return found
        offers = self._offers([near.measured.subject for near in meant.near], question)
        is_doubtful = bool(question.topics) or own.missed > MOST_MISSED
        if own.explained >= (LEAST_BESIDE_KNOWN if is_doubtful else OFFERED):
            return Answer(kind=AnswerKind.CHOOSE, question=question, choices=offers)
        return self._in_doubt(question, offers) if _is_nothing(found, question) else found

    def _checked(self, found: Answer, question: Question, tell: Tell) -> Answer:
        """What was told though no name of it stands there: one of the plans' own is told whole, and nothing that is
        counted otherwise than it is asked for, or has another word in its name's place. What stands in every sentence
        is hardly named: "đoàn viên … mấy tiếng" does not ask how many members there are."""
        told = {group.subject for group in found.groups}
        if found.kind is not AnswerKind.TARGETS or not told:
            return found
        measured = [each for each in self._nearness.measured if each.subject in told]
        named = [each for each in measured if each.subject in question.subjects]
        if named:
            is_other = all(self._is_counted_apart(each, question) for each in named)
            return self._in_doubt(question, self._offers([], question)) if is_other else found
        if not any(self._may_mean(each, question) for each in measured):
            return self._in_doubt(question, self._offers([], question))
        return tell(self._of_subject(measured[0], question)) if len(measured) == 1 and measured[0].is_own else found

    def _is_counted_apart(self, measured: Measured, question: Question) -> bool:
        """Whether money or a share is asked for and things are counted, or anything else of what stands everywhere."""
        if self._asked_for.is_of_kind(measured, question.spoken):
            return False
        is_everywhere = self._glossary.subject(measured.subject).rank <= NAMED_EVERYWHERE
        return is_everywhere or self._asked_for.wants_no_count(measured, question.spoken)

    def _hardly_heard(self, found: Answer, question: Question) -> Answer | None:
        """A doubt where no plan is named and a known subject was told that accounts for little of what was said, while
        one of the plans' own comes as near; both are offered. None where what was found is to be told."""
        told = {group.subject for group in found.groups}
        is_known = found.kind is AnswerKind.TARGETS and bool(told) and told.isdisjoint(self._own)
        is_of_plan = question.plans or found.question.plans
        if not is_known or is_of_plan or len(question.leftover) < LEAST_LEFT_OVER:
            return None
        near = self._find(question)[1]
        shown = max((each.explained for each in near if each.measured.subject in told), default=0.0)
        own = [each for each in near if each.measured.is_own and each.explained >= max(FAINTLY, shown - LEAD)]
        if shown >= OFFERED or not own:
            return None
        nearest = max(own, key=lambda each: self._score(each, question))
        return self._in_doubt(question, self._offers([*sorted(told), nearest.measured.subject], question))

    def _may_mean(self, measured: Measured, question: Question) -> bool:
        """Whether a subject that is not named may be meant."""
        if not measured.is_own:
            asked, spoken = self._asked_for, question.spoken
            return not asked.wants_no_count(measured, spoken) and not asked.is_counted_otherwise(measured, spoken)
        is_other = is_displaced(measured, self._spoken(question), self._small, self._owning)
        return not is_other and self._asked_for.is_of_kind(measured, question.spoken)

    def _alone_counts(self, own: Near, others: Collection[str], question: Question) -> bool:
        """Whether an own subject is counted as it is asked for, and none of the others is."""
        measured = (each for each in self._nearness.measured if each.subject in others)
        counts = self._asked_for.is_counted
        return counts(own.measured, question.spoken) and not any(counts(each, question.spoken) for each in measured)

    def _of_subject(self, own: Measured, question: Question) -> Question:
        """The question as one for this subject: what its targets are measured on narrows nothing, nor does the year
        with which they compare."""
        issued = () if question.plans or not question.elsewhere else tuple(self._issued(own, question.elsewhere))
        known = self._understanding
        named = issued or question.plans
        if has_phrase(question.spoken, self._present):
            named = tuple(known.issuers.together(named))
        elsewhere = () if issued or self._holds_all(own, question.elsewhere) else question.elsewhere
        nothing: dict[str, tuple[str, ...]] = dict.fromkeys(("themes", "topics", "others", "leftover", "strange"), ())
        targets = self._targets_of(own.subject)
        readings = [self._understanding.read(target.population) for target in targets]
        told = {scope for reading in readings for scope in reading.scopes}
        told.difference_update(*(target.scopes for target in targets))
        bases = {year for reading in readings for year in reading.years}.difference(t.year for t in targets)
        return msgspec.structs.replace(
            question,
            subjects=(own.subject,),
            plans=tuple(plan for plan in known.plans if plan in named and plan in own.plans) or question.plans,
            elsewhere=elsewhere,
            scopes=tuple(scope for scope in question.scopes if scope not in told and scope in self._populations),
            years=tuple(year for year in question.years if year not in bases),
            **nothing,
        )

    def _targets_of(self, subject: str) -> list[Target]:
        """The targets that plans set on a subject."""
        return [t for plan in self._understanding.plans.values() for t in plan.targets if t.indicator == subject]

    def _with_plans_own(self, found: Answer, question: Question, kinds: Mapping[str, float]) -> Answer:
        """A silence on a plan that has subjects of its own: they are offered, as one of them may be meant."""
        asks = _is_nothing(found, question) and self._asks_figure(question, kinds)
        offers = self._offers([], question) if asks and question.leftover and not question.topics else ()
        return self._in_doubt(question, offers) if offers else found

    @staticmethod
    def _in_doubt(question: Question, offers: Sequence[Choice]) -> Answer:
        """A silence that may be one of understanding; only what is near is offered."""
        return Answer(kind=AnswerKind.SILENT, question=question, choices=tuple(offers), caveat=Caveat.UNSURE)

    def _is_bare(self, own: Near, found: Answer, question: Question) -> bool:
        """Whether a few words name what a subject measures and ask nothing else, or its name stands there; less of them
        where the plan that sets it is named too."""
        is_there = not own.measured.plans.isdisjoint(question.plans)
        least = OFFERED if is_there else NEARLY_ALL
        few = found.kind is AnswerKind.SILENT and question.length <= FEW_WORDS and own.explained >= least
        return few or (self._is_named(own, question) and own.explained >= WELL)

    def _asks_figure(self, question: Question, kinds: Mapping[str, float]) -> bool:
        """Whether a figure may be asked for."""
        likely = sum(kinds.get(kind, 0.0) for kind in FIGURE_KINDS) >= LEAST_OF_FIGURE
        return likely or self._counts(question) or question.asks("planned", "annual", "versus") or bool(question.years)

    def _counts(self, question: Question) -> bool:
        """Whether it is asked how much or how many."""
        return question.asks("figure", "asked_figure", "frequency") or self._asked_for.is_how_many(question.spoken)

    def _stands(self, found: Answer, question: Question, kinds: Mapping[str, float]) -> bool:
        """Whether what was found answers something that no figure does, or names alone explain it whole."""
        if found.kind is AnswerKind.GREETING or (found.kind is AnswerKind.OVERVIEW and question.asks("overview")):
            return True
        of_other = sum(kinds.get(kind, 0.0) for kind in OTHER_KINDS)
        counts = self._counts(question)
        if self.names_any(question) and counts:
            return question.asks("form") or bool(question.items or question.sections)
        if found.kind in {AnswerKind.SILENT, AnswerKind.CHOOSE, AnswerKind.TARGETS}:
            return of_other >= SURE_OF_OTHER and not counts and question.length > FEW_WORDS
        return found.caveat is None and not (counts and of_other < SURE_OF_OTHER)

    def _is_explained(self, found: Answer, own: Near, near: Sequence[Near], question: Question) -> bool:
        """Whether known subjects that are named account for the question as well as one of the plans' own."""
        if found.kind is not AnswerKind.TARGETS or self.names_any(question) or question.leftover:
            return False
        ranks = [self._glossary.subject(subject).rank for subject in question.subjects]
        known = max((each.explained for each in near if each.measured.subject in question.subjects), default=0.0)
        if own.explained >= OFFERED and self._alone_counts(own, question.subjects, question):
            return False
        return max(ranks, default=0) > NAMED_EVERYWHERE and own.explained < known + LEAD

    def _names_several(self, meant: MeantSubjects, question: Question) -> bool:
        """Whether two subjects are named, each by its name."""
        named = [near for near in meant.near if self._is_named(near, question)]
        if meant.sure and meant.near[0].explained >= WHOLE:
            return False
        return len(named) > 1 and len(named) == len(question.subjects)

    def _offers(self, subjects: Sequence[str], question: Question) -> tuple[Choice, ...]:
        """These subjects on offer, and behind them what else the plans named have of their own."""
        is_of_kind = self._asked_for.is_of_kind
        beside = (
            each.subject
            for each in self._nearness.measured
            if each.is_own and not each.plans.isdisjoint(question.plans) and is_of_kind(each, question.spoken)
        )
        every = tuple(dict.fromkeys((*subjects[:MOST_OFFERED], *beside)))[:MOST_OFFERED]
        return tuple(self._offer(subject, question) for subject in every)

    def _offer(self, subject_id: str, question: Question) -> Choice:
        """A subject on offer, by the shortest of its names that means it alone; asked of the plan and year named."""
        subject = self._glossary.subject(subject_id)
        name = next((name for name in (subject.short, subject.name) if self._means(name, subject_id)), subject.short)
        plans = [self._understanding.plans[plan] for plan in question.plans]
        setting = [plan for plan in plans if any(target.indicator == subject_id for target in plan.targets)]
        place = self._place_of(setting[0], name) if len(setting) == 1 else ""
        year = str(question.years[0]) if question.years else ""
        return Choice(kind=ChoiceKind.SUBJECT, label=name, question=targets_on(name, year, place))

    def _place_of(self, plan: Plan, name: str) -> str:
        """What a plan is called behind the name of a subject, so that no word of it asks for anything else."""
        read = self._understanding.read
        called = (plan.short, *plan.aliases)
        return next((each for each in called if not read(targets_on(name, each)).leftover), plan.short)

    def _means(self, name: str, subject_id: str) -> bool:
        return self._understanding.read(targets_on(name)).subjects == (subject_id,)


def _is_nothing(found: Answer, question: Question) -> bool:
    """Whether it is a silence, or only tells that a subject is not set, though more words were said."""
    is_absence = found.kind is AnswerKind.TARGETS and not found.groups
    return found.kind is AnswerKind.SILENT or (is_absence and bool(question.leftover))


Tell = Callable[[Question], Answer]


def _holds_more(near: Near, first: Near, question: Question) -> bool:
    """Whether another subject holds more of what is said, words that count nothing as well: "cấp cơ sở", "cấp tỉnh"."""
    spoken = set(question.spoken)
    return len(spoken & near.measured.words) >= len(spoken & first.measured.words) + MORE_WORDS
