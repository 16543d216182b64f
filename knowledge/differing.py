"""By how much two targets differ, where their figures may be compared at all."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from knowledge.model.answers import Answer, Fact
from knowledge.model.plans import Comparator
from knowledge.model.questions import Question

_BOUNDS = {
    Comparator.AT_LEAST: Comparator.AT_LEAST,
    Comparator.MORE_THAN: Comparator.AT_LEAST,
    Comparator.AT_MOST: Comparator.AT_MOST,
    Comparator.LESS_THAN: Comparator.AT_MOST,
}
"""Comparators that bind to one side, by a name of that side."""


class FiguresApart(msgspec.Struct, frozen=True):
    """Two targets of one unit, the one to start from first; where `over_time`, they are two years of one plan."""

    first: Fact
    second: Fact
    over_time: bool

    @property
    def amount(self) -> Decimal:
        """How much the second is above the first, in their unit; negative where it is below."""
        first, second = self.first.target.value, self.second.target.value
        assert first is not None
        assert second is not None
        return second - first

    @property
    def bound(self) -> Comparator | None:
        """The side to which both are bound: AT_LEAST or AT_MOST; None where they are exact."""
        return _BOUNDS.get(self.first.target.comparator)


def find_difference(said: Answer) -> FiguresApart | None:
    """The difference of the two figures told, where a question asks for it; None where they cannot be compared.

    They can where both are single numbers of one unit and one kind of bound, for one population unless two are named.
    """
    question = said.question
    if not _asks(question) or not said.groups:
        return None
    facts = said.groups[0].facts if said.groups[0].subject in question.subjects else said.facts
    if len(question.years) == 2:
        of_years = tuple(fact for fact in facts if fact.target.year in question.years)
        facts = of_years if len(of_years) == 2 else facts
    elif question.asks("ends"):
        facts = _ends_of(facts)
    if len(facts) != 2 or not _are_comparable(facts, question):
        return None
    first, second = sorted(facts, key=lambda fact: fact.target.order)
    over_time = first.plan.id == second.plan.id and first.target.horizon != second.target.horizon
    return FiguresApart(first, second, over_time)


def _asks(question: Question) -> bool:
    """Whether the question asks for the difference of two figures: in so many words, or of two years or plans."""
    two = len(question.years) == 2 or len(question.plans) == 2 or len(question.scopes) == 2
    return question.asks("apart") or (
        (two or question.asks("around_year", "pair", "ends")) and question.asks("against")
    )


def _ends_of(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The first and the last stage of one plan; all facts where they are of several, or some have no stage."""
    staged = sorted((fact for fact in facts if fact.target.year is not None), key=lambda fact: fact.target.order)
    is_one = len({fact.plan.id for fact in facts}) == 1 and len(staged) == len(facts) > 2
    return (staged[0], staged[-1]) if is_one else facts


def _are_comparable(facts: Sequence[Fact], question: Question) -> bool:
    one, other = (fact.target for fact in facts)
    if None in {one.value, other.value} or one.value_max or other.value_max:
        return False
    if any(fact.covering for fact in facts) or (one.unit, one.each_year) != (other.unit, other.each_year):
        return False
    if _BOUNDS.get(one.comparator) != _BOUNDS.get(other.comparator):
        return False
    alike = one.population == other.population or (bool(one.scopes) and set(one.scopes) == set(other.scopes))
    return alike or len(question.scopes) == 2
