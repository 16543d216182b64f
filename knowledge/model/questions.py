"""A question as understood: what an officer asks, and what is remembered of a chat for the next fragment."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from knowledge.model.plans import PERCENT, Comparator, Target


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question as understood; also what is remembered of a chat for the next fragment.

    `of_asker` are subjects named only as the body that the asker belongs to.

    `spoken` are its folded syllables without names of plans, `content` those of them that carry meaning, `leftover`
    those that nothing in the glossary accounts for, `strange` those of them that surely mean something else than
    the subject; `others` are known things beside a subject that no target measures. `figures` are numbers the asker
    quotes, `percents` those of them said to be percent, `counts` those said in another unit, `ranges` those of them
    that are the ends of a range, the lower first, `bounds` those bound to one side; `items` are numbers of rows of
    a form, `parts` of its parts ("V"), `sections` of a plan's sections, `references` of documents cited, `numbers`
    such as stand for none of these; `dates` are as the plans write them. `plans` (ids) are those it is asked of;
    `issuers` the places and bodies named, each by a plan of every issuer that the name means: of their plans,
    `plans` holds those that speak on the matter. `skip` counts those told before. `length` counts syllables.
    `inherited`: something was taken from the question before.
    """

    text: str = ""
    subjects: tuple[str, ...] = ()
    of_asker: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    issuers: tuple[tuple[str, ...], ...] = ()
    years: tuple[int, ...] = ()
    elsewhere: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    cues: frozenset[str] = frozenset()
    figures: tuple[Decimal, ...] = ()
    items: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    percents: frozenset[Decimal] = frozenset()
    counts: frozenset[Decimal] = frozenset()
    ranges: tuple[tuple[Decimal, Decimal], ...] = ()
    bounds: tuple[tuple[Decimal, Comparator], ...] = ()
    dates: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    content: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    inherited: bool = False
    length: int = 0
    skip: int = 0

    def fits(self, figure: Decimal, target: Target) -> bool:
        """Whether a figure that is quoted may be in a target's unit: a percentage is none of people, nor "lần" of %."""
        return figure not in (self.counts if target.unit == PERCENT else self.percents)

    def quoted_from(self, target: Target) -> frozenset[Decimal]:
        """The figures quoted that a target states, in its unit or written out; of a range, where it sets that range."""
        stated = {*target.values, *(value * target.size for value in target.values)}
        other = {end for ends in self.ranges if not self._sets_range(ends, target) for end in ends}
        return frozenset(f for f in self.figures if f in stated and f not in other and self.fits(f, target))

    def lies_within(self, figure: Decimal, target: Target) -> bool:
        """Whether a figure quoted by itself lies in the range that a target sets, its ends counted."""
        if target.value is None or target.value_max is None or not self.fits(figure, target):
            return False
        return any(target.value * size <= figure <= target.value_max * size for size in (1, target.size))

    def binds_as(self, figure: Decimal, target: Target) -> bool:
        """Whether a figure that is quoted with a bound ("trở lên") is bound as a target binds it; any without one."""
        quoted = {comparator for value, comparator in self.bounds if value == figure}
        return not quoted or target.comparator in quoted

    @staticmethod
    def _sets_range(ends: tuple[Decimal, Decimal], target: Target) -> bool:
        return any(tuple(value * size for value in target.values) == ends for size in (1, target.size))

    def asks(self, *cues: str) -> bool:
        """Whether any of these cues stands in it."""
        return bool(self.cues.intersection(cues))

    @property
    def asks_signer(self) -> bool:
        """Whether it asks who signed a plan that it names."""
        beside = self.subjects or self.others or self.topics or self.figures
        return bool(self.plans) and not beside and self.asks("signed") and not self.asks("not_signed")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it that could be looked up."""
        named = (
            self.subjects or self.plans or self.years or self.scopes or self.elsewhere or self.topics or self.content
        )
        counted = self.items or self.sections or self.references or self.figures
        return not (named or counted)
