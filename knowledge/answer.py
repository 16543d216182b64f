"""Answers to questions about plans: facts with their place, an absence, passages, choices, or silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

import msgspec

from knowledge.context import complete, lean
from knowledge.denials import asks_amount, is_denial, without_rash_verdict
from knowledge.forms import load_forms
from knowledge.issuers import is_current
from knowledge.list_question import find_list
from knowledge.model.answers import Answer, AnswerKind, Caveat, Passage
from knowledge.model.forms import Form
from knowledge.model.plans import Plan
from knowledge.model.questions import Question
from knowledge.moments import Moments
from knowledge.naming import NamedAnswers
from knowledge.nearest import with_nearest
from knowledge.outline_parts import OutlineParts
from knowledge.plans import load_plans
from knowledge.question import MOST_REMEMBERED, Understanding, build_understanding
from knowledge.row_question import RowQuestions
from knowledge.search.candidates import Candidate
from knowledge.search.index import build_index
from knowledge.search.learned import Opinion, build_learned
from knowledge.search.memory import give_back
from knowledge.search.ranker import MOST_RANKED
from knowledge.subjects.meant import OwnSubjects
from knowledge.task_topics import TaskTopics
from knowledge.text import has_phrase
from knowledge.unsaid_kinds import UnsaidKinds
from knowledge.verdicts.judging import Judge
from knowledge.weighing import ENOUGH, Scales
from knowledge.words import SENDING

STANDING = frozenset({AnswerKind.PASSAGES, AnswerKind.OUTLINE})
"""Kinds of answers that hold what plans say of a subject beside its figures: who sees to it, until when."""

BESIDE_SUBJECTS = STANDING | {AnswerKind.SILENT, AnswerKind.GREETING, AnswerKind.OVERVIEW, AnswerKind.DOCUMENTS}
"""Kinds of answers that pass over a subject that is named."""

BEYOND_FIGURES = ("who", "when", "due", "roles", "section", "frequency", "document", "form")
"""What may be asked of a subject beside its figures."""

MOST_DUE = 6
"""Deadlines of a body told at once."""

LONGEST_UNKNOWN = 3
"""Letters that nothing explains in a clause that asks for all targets: a word of a dialect."""

LONGEST_FRAGMENT = 5
"""Syllables of a message that may lean on the question before it."""


class Adviser:
    """Answers questions from a set of plans; pure, and cheap to ask."""

    def __init__(self, understanding: Understanding, forms: Sequence[Form]) -> None:
        """Index the plans and forms that can be asked about: about 5 ms a plan, less for those indexed before."""
        self.understanding = understanding
        self.glossary = understanding.glossary
        self.plans = understanding.plans
        self._subjects = frozenset(subject.id for subject in self.glossary.subjects)
        index = build_index(understanding, forms)
        self.names = NamedAnswers(understanding, forms, index)
        self.learned = build_learned(understanding, index)
        self._outlines = OutlineParts(self.plans, self.names.passages.sections, understanding.fold_words)
        self._scales = Scales(self.names)
        self._unsaid = UnsaidKinds(self.plans)
        self._task_topics = TaskTopics(self.plans, understanding.fold_words)
        self._moments = Moments(self.plans, understanding.fold_words)
        self._row_questions = RowQuestions(self.names.rows, understanding.fold_words)
        self._own = OwnSubjects(understanding, index.terms) if understanding.own_subjects else None
        self._judge_quoted = Judge(understanding, self.names.rows)
        give_back()

    def ask(self, text: str, previous: Question | None = None, own: Sequence[str] = ()) -> Answer:
        """The answer to a message; `previous` is the question it may lean on, `own` the plans (ids) that
        govern the asker's unit, the nearest level first."""
        answer = self._ask(text, previous, own)
        leant = previous if answer.question.inherited else None
        judged = self._judge_quoted.judged(text, answer, lambda other: self._ask(other, leant, own))
        return self._with_successors(judged)

    def _ask(self, text: str, previous: Question | None, own: Sequence[str]) -> Answer:
        understanding = self.understanding
        answer, kinds = self._answer(self.resolve(understanding.read_known(text), previous), previous, own)
        if self._own is None or answer.caveat is Caveat.UNKNOWN_NUMBER:
            return answer
        question = self.resolve(understanding.read(text), previous)
        is_sure = answer.status == "answered" and answer.caveat is not Caveat.UNSURE
        if self._own.names_any(question) and not is_sure:
            named, _ = self._answer(question, previous, own)
            if named.kind in STANDING and (named.caveat is None or not question.asks("figure", "asked_figure")):
                return named
        focus, of_subjects = self.names.targets.focus, self._scales.of_subjects
        weighed = self._own.weigh(answer, question, kinds, lambda asked: of_subjects(focus(asked), own))
        told = self._told_by_names(question, own) if weighed.kind in BESIDE_SUBJECTS else None
        return told or weighed

    def _told_by_names(self, question: Question, own: Sequence[str]) -> Answer | None:
        """The targets of plans' own subjects that are named where nothing else is asked; None where none is told."""
        assert self._own is not None
        beyond = question.leftover or question.topics or question.others or question.asks(*BEYOND_FIGURES)
        if beyond or not self._own.names_any(question):
            return None
        found = self.names.find(question, own)
        return found if found.kind is AnswerKind.TARGETS and found.groups else None

    def _answer(
        self, question: Question, previous: Question | None, own: Sequence[str]
    ) -> tuple[Answer, Mapping[str, float]]:
        """The answer to a question as it was read, and how likely each kind of question is."""
        found = self._without_denied_asker(self.names.find(question, own), own)
        question = found.question
        if found.kind is AnswerKind.GREETING:
            return found, {}
        opinion = self._judge(found)
        if previous is not None and self._is_fragment(found, opinion):
            leaned = lean(question, self._known(previous))
            joined = self.names.find(self.names.targets.focus(leaned), own)
            leaning = self._judge(joined)
            if leaning.best >= ENOUGH:
                return self._scales.by_learning(joined.question, leaning, own), opinion.kinds
        weighed = without_rash_verdict(self._scales.weigh(found, opinion, own), opinion.kinds)
        if question.inherited and question.length > LONGEST_FRAGMENT and is_denial(weighed):
            alone, kinds = self._answer(self.resolve(self.understanding.read_known(question.text), None), None, own)
            if alone.status == "answered" and not asks_amount(alone.question, kinds):
                return alone, kinds
        told = self._due(weighed, own) or self._quoted(weighed) or weighed
        told = with_nearest(self._listed(told, question, own) or told, opinion, self.plans)
        plans = partial(self._outlined, question)
        told = self._moments.told(told, plans)
        told = self._row_questions.told(told, lambda: self._scales.rows_of(told, opinion, own))
        part = self._outlines.told(told, plans)
        if part is told:
            part = self._task_topics.told(told, opinion.kinds, plans)
        return self._unsaid.told(part, plans, self.names.silent), opinion.kinds

    def _listed(self, told: Answer, question: Question, own: Sequence[str]) -> Answer | None:
        """All targets of the plan and year named, where they are asked for by that word and nothing else is named."""
        named = question.subjects or question.themes or question.scopes or question.figures or question.items
        guessed = told.kind in {AnswerKind.SILENT, AnswerKind.TARGETS} and told.caveat is not Caveat.RESULTS
        if named or not guessed or not question.plans or question.inherited:
            return None
        clause = find_list(question.text)
        if clause is None or len("".join(self.understanding.read_known(clause).leftover)) > LONGEST_UNKNOWN:
            return None
        return self.names.overview(self.names.silent(question), own)

    def _without_denied_asker(self, found: Answer, own: Sequence[str]) -> Answer:
        """What is found without the body that the asker belongs to, where only that would be denied.

        Example: "mấy ban phải làm việc gì? Tôi ở ban nữ công" asks for no number of women's boards.
        """
        question = found.question
        if not question.of_asker or found.groups or not found.absences:
            return found
        rest = tuple(subject for subject in question.subjects if subject not in question.of_asker)
        return self.names.find(msgspec.structs.replace(question, subjects=rest, themes=(), of_asker=()), own)

    def _outlined(self, question: Question) -> list[str]:
        """The plans (ids) whose outlines may be meant: of the issuers named, else all that still speak."""
        silenced = self.understanding.issuers.silenced(question)
        asked = self.understanding.issuers.together(question.plans) if question.plans else self.plans
        return [plan for plan in asked if plan not in silenced]

    def _unheard(self, told: Answer) -> frozenset[str]:
        """The words of a question that nothing explains and that stand in none of the targets told."""
        if told.kind is not AnswerKind.TARGETS or not told.groups:
            return frozenset()
        fold = self.understanding.fold_words
        said = {word for fact in told.facts for word in fold(f"{fact.target.population} {fact.target.quote or ''}")}
        return frozenset(told.question.leftover) - said

    def _quoted(self, silence: Answer) -> Answer | None:
        """Where no fact answers, the words of a plan that come near: a quotation, and doubted."""
        question = silence.question
        unheard = self._unheard(silence)
        if not (silence.kind is AnswerKind.SILENT or unheard) or silence.elsewhere or question.topics:
            return None
        passages = self.names.passages.quoted(question)
        if not passages or not unheard <= set(self.understanding.fold_words(_text_of(passages))):
            return None
        return Answer(kind=AnswerKind.PASSAGES, question=question, passages=passages, caveat=Caveat.UNSURE)

    def _due(self, silence: Answer, own: Sequence[str]) -> Answer | None:
        """Where nothing was found of what is due at a body: what its plans set, or what others send it.

        Examples: "hạn của Đồng Tháp"; "báo cáo sơ kết gửi Tổng Liên đoàn lúc nào", which a plan of below says.
        """
        question = silence.question
        is_asked = bool(question.issuers) and question.asks("when", "due")
        if silence.kind is not AnswerKind.SILENT or not is_asked or question.subjects or question.leftover:
            return None
        if SENDING.isdisjoint(question.spoken):
            plans = [self.plans[plan] for plan in question.plans]
            told = tuple(Passage(plan=plan, deadline=due) for plan in plans for due in plan.deadlines)
            return Answer(kind=AnswerKind.PASSAGES, question=question, passages=told[:MOST_DUE]) if told else None
        bare = msgspec.structs.replace(question, plans=(), issuers=())
        found = self.names.find(bare, own)
        weighed = self._scales.weigh(found, self._judge(found), own)
        fold = self.understanding.fold_words
        bodies = [
            fold(name) for plan in question.plans for name in (self.plans[plan].issuer, *self.plans[plan].aliases)
        ]
        receivers = [fold(each.deadline.to) for each in weighed.passages if each.deadline and each.deadline.to]
        is_sent = any(has_phrase(receiver, filter(None, bodies)) for receiver in receivers)
        return weighed if weighed.kind is AnswerKind.PASSAGES and is_sent else None

    def _with_successors(self, answer: Answer) -> Answer:
        """An answer with the plans that replaced some that it tells, and those whose issuer has none in force."""
        after = (self.plans.get(plan.replaced_by or "") for plan in (*answer.changed_plans, *answer.documents))
        found = {plan.id: plan for plan in after if plan is not None}
        lapsed = tuple(plan for plan in answer.changed_plans if self._is_last(plan, answer.question))
        if not found and not lapsed:
            return answer
        return msgspec.structs.replace(answer, successors=tuple(found.values()), lapsed=lapsed)

    def _is_last(self, plan: Plan, question: Question) -> bool:
        """Whether a plan of before is what is left of an issuer that a question names."""
        issuers = self.understanding.issuers
        pools = [issuers.pool(name) for name in question.issuers]
        return any(plan in pool and not any(map(is_current, pool)) for pool in pools)

    @staticmethod
    def _is_fragment(found: Answer, opinion: Opinion) -> bool:
        """Whether a few words by themselves lead nowhere: "tính trên doanh nghiệp nào"."""
        question = found.question
        alone = found.kind is AnswerKind.SILENT or (found.kind is AnswerKind.PASSAGES and opinion.best < ENOUGH)
        return alone and not question.inherited and question.length <= LONGEST_FRAGMENT

    def is_greeting(self, text: str) -> bool:
        """Whether a message asks the plans nothing, as `ask` would find of it by itself; weighs nothing."""
        question = self.resolve(self.understanding.read(text), None)
        return self.names.find(question, ()).kind is AnswerKind.GREETING

    def resolve(self, question: Question, previous: Question | None) -> Question:
        """The question completed from the one before where it is only a fragment."""
        known = self._known(previous) if previous is not None else None
        completed = complete(self._drop_lesser_plans(question), known)
        if completed.inherited and completed.subjects and not question.subjects:
            completed = self._turned(completed, question)
        return self.names.targets.focus(self._grown(completed))

    def _known(self, question: Question) -> Question:
        """A question of before without the plans and subjects that are no longer there."""
        issuers = (tuple(plan for plan in name if plan in self.plans) for name in question.issuers)
        return msgspec.structs.replace(
            question,
            plans=tuple(plan for plan in question.plans if plan in self.plans),
            issuers=tuple(name for name in issuers if name),
            subjects=tuple(subject for subject in question.subjects if subject in self._subjects),
        )

    def _turned(self, completed: Question, fragment: Question) -> Question:
        """A fragment that asks for the yearly pace of a total, or the total of a pace, asks for another subject."""
        turned = []
        for subject in map(self.glossary.subject, completed.subjects):
            other = subject.by_year if fragment.asks("annual") else subject.in_total if fragment.asks("total") else None
            turned.append(other or subject.id)
        return msgspec.structs.replace(completed, subjects=tuple(turned))

    def _grown(self, question: Question) -> Question:
        """The question with the total for the pace where the growth from one year to another is asked of a plan that
        sets totals: "từ 2023 đến 2025 tăng bao nhiêu đoàn viên" is no yearly number.
        """
        if not question.asks("apart") or len(question.years) != 2 or question.asks("annual"):
            return question
        setting = {target.indicator for plan in question.plans for target in self.plans[plan].targets}
        totals = [self.glossary.subject(subject).in_total for subject in question.subjects]
        subjects = (
            total if total in setting else named for named, total in zip(question.subjects, totals, strict=True)
        )
        return msgspec.structs.replace(question, subjects=tuple(dict.fromkeys(filter(None, subjects))))

    def ask_further(self, question: Question, kind: AnswerKind, skip: int, own: Sequence[str] = ()) -> Answer | None:
        """The plans that were only counted in an answer of that kind to a question; None where none is left.

        Args:
            skip: from which on, as that answer said (`Answer.further`).
        """
        asked = msgspec.structs.replace(self.names.targets.focus(self._known(question)), skip=skip)
        found = self.names.further(asked, kind, own)
        return self._with_successors(found) if found is not None else None

    def is_unsure(self, answer: Answer) -> bool:
        """Whether an answer may not be what was meant, so that another reading of the question could be of use."""
        return self._scales.is_unsure(answer, self._judge(self.names.find(answer.question, ())))

    def shortlist(self, question: Question, most: int) -> tuple[Candidate, ...]:
        """What may answer a question, the likeliest first: the closed list for another reading of it."""
        return tuple(each.candidate for each in self._judge(self.names.find(question, ()), most).ranked)

    def pick(self, question: Question, ids: Sequence[str], own: Sequence[str] = ()) -> Answer | None:
        """The answer made of the candidates with these ids, as another reading picked them; None where none is known.

        Everything in it comes from the catalogue, as in any answer.
        """
        picked = self.learned.picked(question, ids)
        return self._with_successors(self._scales.by_picking(question, picked, own)) if picked.ranked else None

    def doubt(self, question: Question) -> Answer:
        """A silence with the nearest candidates on offer, for a question to which another reading found no answer."""
        return self._scales.in_doubt(question, self._judge(self.names.find(question, ())))

    def _judge(self, found: Answer, most: int = MOST_RANKED) -> Opinion:
        """The learned voice beside what names found; where plans are named, only they and their issuers' others."""
        question = found.question
        opinion = self.learned.judge(found, most)
        issuers = self.understanding.issuers
        if question.plans:
            named = (plan.id for name in question.issuers for plan in issuers.pool(name))
            opinion = opinion.of({*issuers.together(question.plans), *named})
        silenced = issuers.silenced(question)
        if not silenced:
            return opinion
        return opinion.of(self.plans.keys() - silenced).unless_vain(opinion, ENOUGH)

    def _drop_lesser_plans(self, question: Question) -> Question:
        """A review is named by what every plan does ("sơ kết"): beside another plan's name it means that plan's."""
        if question.asks("signer"):
            return question
        review = [plan for plan in question.plans if not self.plans[plan].targets]
        others = [plan for plan in question.plans if self.plans[plan].targets]
        if not review or not others:
            return question
        issuers = set(self.understanding.issuers.together(review))
        same = issuers.issuperset(others)
        return msgspec.structs.replace(question, plans=tuple(review if same else others))


def _text_of(passages: Sequence[Passage]) -> str:
    return " ".join(passage.task.summary for passage in passages if passage.task is not None)


def build_adviser(plans: tuple[Plan, ...], gone: tuple[str, ...] = ()) -> Adviser:
    """The adviser over a catalogue; the last ones are remembered if they are small, as several may ask for the same.

    Args:
        gone: names of places and bodies whose plans were withdrawn.
    """
    if len(plans) <= MOST_REMEMBERED:
        return _build_adviser(plans, gone)
    adviser = _build_adviser.__wrapped__(plans, gone)
    adviser.ask(plans[0].title)  # what is made with a first question is made now, beside the work
    return adviser


@lru_cache(maxsize=2)
def _build_adviser(plans: tuple[Plan, ...], gone: tuple[str, ...]) -> Adviser:
    return Adviser(build_understanding(plans, gone), load_forms())


def load_adviser() -> Adviser:
    """The adviser over the catalogue that ships with the product, built once."""
    return build_adviser(load_plans())
