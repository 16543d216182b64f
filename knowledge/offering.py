"""What is offered where a question is not answered: its subjects, and the plans whose targets can be asked for."""

from __future__ import annotations

import itertools

from knowledge.model.answers import Choice, ChoiceKind
from knowledge.model.plans import Plan
from knowledge.model.questions import Question
from knowledge.places import regions_of
from knowledge.question import Understanding
from knowledge.words import targets_of, targets_on

MOST_NEAR = 2
"""Subjects, and passages, offered where there is no answer."""

MOST_OVERVIEWS = 6
"""Plans whose targets are offered."""


class Offers:
    """Offers subjects and plans that stand near to what was asked."""

    def __init__(self, understanding: Understanding) -> None:
        """`understanding` knows the plans that can be asked about, and the names of places."""
        self._understanding = understanding
        self._glossary = understanding.glossary
        self._plans = understanding.plans
        self._issuers = understanding.issuers

    def subjects(self, question: Question) -> list[Choice]:
        """The subjects named: those of the plans in whose place another lies that is named, where they set them."""
        around = [self._plans[plan] for plan in self._around(question)]
        offered = []
        for subject in map(self._glossary.subject, question.subjects[:MOST_NEAR]):
            setting = [plan for plan in around if any(target.indicator == subject.id for target in plan.targets)]
            names = [targets_on(subject.short, self._issuers.handle(plan)) for plan in setting]
            offered += [Choice(kind=ChoiceKind.SUBJECT, label=name, question=name) for name in names] or [
                Choice(kind=ChoiceKind.SUBJECT, label=subject.short, question=targets_on(subject.short))
            ]
        return offered

    def overviews(self, question: Question | None = None) -> list[tuple[Plan, Choice]]:
        """The plans to ask about: those first that are named, then those in whose issuer's name a place said stands."""
        superseded = self._issuers.superseded
        present = (plan for plan in self._plans.values() if plan.targets and plan.id not in superseded)
        offered = sorted(present, key=lambda plan: self._distance(plan, question)) if question is not None else present
        return [
            (
                plan,
                Choice(
                    kind=ChoiceKind.OVERVIEW,
                    label=self._issuers.label(plan),
                    question=targets_of(self._issuers.handle(plan)),
                ),
            )
            for plan in itertools.islice(offered, MOST_OVERVIEWS)
        ]

    def openers(self, question: Question | None = None) -> tuple[Choice, ...]:
        """The questions for all targets of these plans."""
        return tuple(choice for _, choice in self.overviews(question))

    def _around(self, question: Question) -> list[str]:
        """The plans (ids) in whose place a place lies that is named, or a part of whose figure is asked for."""
        named = question.plans if question.asks("part") else ()
        around = [name for place in regions_of(question.elsewhere) for name in self._understanding.names_in(place)]
        return list(dict.fromkeys((*named, *(plan for name in around for plan in name.plans))))

    def _distance(self, plan: Plan, question: Question) -> int:
        if plan.id in (*question.plans, *self._around(question)):
            return 0
        fold = self._understanding.fold_words
        issuer = " ".join(fold(plan.issuer))
        return 1 if any(" ".join(fold(place)) in issuer for place in question.elsewhere) else 2
