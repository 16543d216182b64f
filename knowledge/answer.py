"""Question + plans + who asks → what can be said: facts with their place, an absence, passages, choices, or silence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec

from knowledge.context import complete, lean
from knowledge.forms import load_forms
from knowledge.model.answers import Answer, Kind
from knowledge.model.forms import Form
from knowledge.model.questions import Question
from knowledge.naming import Names
from knowledge.question import Understanding, load_understanding
from knowledge.search.index import load_index
from knowledge.search.learned import Opinion, build_learned
from knowledge.weighing import MOST, Scales

LONGEST_FRAGMENT = 5
"""Syllables of a message that may lean on the question before it."""


class Adviser:
    """Answers questions from a set of plans; pure, and cheap to ask."""

    def __init__(self, understanding: Understanding, forms: Sequence[Form]) -> None:
        """Take the plans and forms that can be asked about; quick where their index is kept (`knowledge.search`)."""
        self.understanding = understanding
        self.glossary = understanding.glossary
        self.plans = understanding.plans
        index = load_index(understanding, forms)
        self.names = Names(understanding, forms, index)
        self.learned = build_learned(understanding, forms, index)
        self._scales = Scales(self.names)

    def ask(self, text: str, previous: Question | None = None, own_plan: str | None = None) -> Answer:
        """The answer to a message; `previous` is the question it may lean on, `own_plan` that of the asker's unit."""
        question = self.resolve(self.understanding.read(text), previous)
        answer = self.answer(question, own_plan)
        is_fragment = not question.inherited and question.length <= LONGEST_FRAGMENT
        if answer.kind is Kind.SILENT and previous is not None and is_fragment:
            return self._leaning(answer, previous, own_plan)
        return answer

    def is_greeting(self, text: str) -> bool:
        """Whether a message asks the plans nothing, as `ask` would find of it by itself; weighs nothing."""
        question = self.resolve(self.understanding.read(text), None)
        return self.names.find(question, None).kind is Kind.GREETING

    def _leaning(self, found: Answer, previous: Question, own_plan: str | None) -> Answer:
        """What a fragment without an answer of its own asks of the question before it; the silence where nothing."""
        joined = lean(found.question, previous)
        opinion = self._judge(joined)
        return self._scales.by_learning(joined, opinion, own_plan) if opinion.best >= MOST else found

    def resolve(self, question: Question, previous: Question | None) -> Question:
        """The question completed from the one before where it is only a fragment."""
        completed = complete(self._drop_lesser_plans(question), previous)
        if completed.inherited and completed.subjects and not question.subjects:
            return self._turned(completed, question)
        return completed

    def _turned(self, completed: Question, fragment: Question) -> Question:
        """A fragment that asks for the yearly pace of a total, or the total of a pace, asks for another subject."""
        turned = []
        for subject in map(self.glossary.subject, completed.subjects):
            other = subject.by_year if fragment.asks("annual") else subject.in_total if fragment.asks("total") else None
            turned.append(other or subject.id)
        return msgspec.structs.replace(completed, subjects=tuple(turned))

    def answer(self, question: Question, own_plan: str | None = None) -> Answer:
        """The answer to a question already resolved: what is named word for word, weighed against what was learned."""
        found = self.names.find(question, own_plan)
        if found.kind is Kind.GREETING:
            return found
        return self._scales.weigh(found, self._judge(question), own_plan)

    def _judge(self, question: Question) -> Opinion:
        """The learned voice on a question; where plans are named, only they and their issuers' others speak."""
        opinion = self.learned.judge(question)
        if not question.plans:
            return opinion
        issuers = {self.plans[plan].issuer for plan in question.plans}
        return opinion.of({plan.id for plan in self.plans.values() if plan.issuer in issuers})

    def _drop_lesser_plans(self, question: Question) -> Question:
        """A review is named by what every plan does ("sơ kết"): beside another plan's name it means that plan's."""
        if question.asks("signer"):
            return question
        review = [plan for plan in question.plans if not self.plans[plan].targets]
        others = [plan for plan in question.plans if self.plans[plan].targets]
        if not review or not others:
            return question
        issuers = {self.plans[plan].issuer for plan in review}
        same = all(self.plans[plan].issuer in issuers for plan in others)
        return msgspec.structs.replace(question, plans=tuple(review if same else others))


@cache
def load_adviser() -> Adviser:
    """The adviser over the catalogue that ships with the product, built once."""
    return Adviser(load_understanding(), load_forms())
