"""Which plans speak: of an issuer the one in force first, of the asker's levels the nearest, of all others a few."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from knowledge.issuers import Issuers, holds, is_current, standing
from knowledge.model.plans import Plan
from knowledge.model.questions import Question

MOST_OTHERS: Final = 3
"""Plans told beside the asker's own where no plan is named; one more is told rather than counted."""

MOST_ON_PAGE: Final = 8
"""Plans told on each further page."""

Speaks = Callable[[Plan, Question], bool]
"""Whether a plan speaks on what a question asks."""

OF_YEARS: Final = frozenset({"range", "after_year", "before_year", "around_year"})
"""Cues by which a year named means others too."""


class Voice(NamedTuple):
    """What of the plans of one issuer is told.

    Attributes:
        speaking: the plans whose facts answer; where none speaks on the matter, the one that is asked.
        beside: plans of another time that speak on it too, to be told in a line.
        silent: the plan in force that sets nothing where one of before speaks.
        speaks: whether `speaking` really do.
    """

    speaking: tuple[Plan, ...]
    beside: tuple[Plan, ...] = ()
    silent: Plan | None = None
    speaks: bool = True


class Selection(NamedTuple):
    """The voices to be told, in order.

    Attributes:
        own: how many of them are the asker's own nearest level (0 or 1).
        more: how many plans speak beyond those.
        shown: how many voices of others were told so far, with these.
    """

    voices: tuple[Voice, ...]
    own: int = 0
    more: int = 0
    shown: int = 0

    @property
    def plans(self) -> list[Plan]:
        """The plans that speak, in order."""
        return list({plan.id: plan for voice in self.voices for plan in voice.speaking}.values())

    @property
    def own_ids(self) -> frozenset[str]:
        """The plans of the asker's own level."""
        return frozenset(plan.id for voice in self.voices[: self.own] for plan in voice.speaking)


class Speakers:
    """Chooses the plans that answer a question from those of a catalogue."""

    def __init__(self, plans: Mapping[str, Plan], issuers: Issuers) -> None:
        """`plans` by id."""
        self._plans = plans
        self._issuers = issuers
        self._usual: dict[tuple[str, ...], list[list[Plan]]] = {}
        """The tiers of plans where a question asks for no term, by their ids."""

    def focus(self, question: Question, speaks: Speaks) -> Question:
        """The question with the plans of the issuers it names that speak on it; a plan named by itself stays."""
        if not question.issuers:
            return question
        found = [
            plan.id
            for voice in self.named(question, speaks)
            for plan in (*voice.speaking, *((voice.silent,) if voice.silent else ()))
        ]
        return msgspec.structs.replace(question, plans=tuple(dict.fromkeys(found)))

    def select(
        self, question: Question, own: Sequence[str], speaks: Speaks, likely: Iterable[Plan] | None = None
    ) -> Selection:
        """The voices that answer: of the plans named, or of the asker's levels and a few others.

        Args:
            own: plans (ids) that govern the asker's unit, the nearest level first.
            likely: the only plans that may speak, where that is known beforehand.
        """
        levels = self._levels(question, own, speaks)
        if question.plans:
            nearest = {plan.id for plan in self._issuers.pool(own[:1])}
            voices = self.named(question, speaks)
            voices.sort(key=lambda voice: not nearest.intersection(plan.id for plan in voice.speaking))
            is_own = bool(voices) and not nearest.isdisjoint(plan.id for plan in voices[0].speaking)
            end = _end_of_page(len(voices), question.skip, MOST_ON_PAGE)
            more = sum(len(voice.speaking) for voice in voices[end:])
            return Selection(tuple(voices[question.skip : end]), int(is_own and not question.skip), more, shown=end)
        return self._unnamed(question, levels, speaks, likely)

    def named(self, question: Question, speaks: Speaks) -> list[Voice]:
        """A voice for every plan that a question names by itself, and for every place or body."""
        pools = [self._issuers.pool(name) for name in question.issuers]
        ids = [{plan.id for plan in pool} for pool in pools]
        voices: list[Voice] = []
        heard: set[int] = set()
        for plan_id in question.plans:
            at = next((at for at, known in enumerate(ids) if plan_id in known), None)
            if at is None:
                voices.append(Voice((self._plans[plan_id],)))
            elif at not in heard:
                heard.add(at)
                voices.append(self.hear(pools[at], question, speaks))
        return voices

    def hear(self, pool: Sequence[Plan], question: Question, speaks: Speaks) -> Voice:
        """What plans of one issuer say: those of the term asked for, in force, or of before where these are silent."""
        plans = [plan for plan in pool if plan.targets] or list(pool)
        if len(plans) == 1:
            return Voice(tuple(plans), speaks=speaks(plans[0], question))
        if len(question.years) > 1 and not question.cues & OF_YEARS:
            return self._of_each_year(plans, question, speaks)
        tiers = self._tiers(plans, question)
        if question.subjects and question.asks("over_time") and (both := _both(tiers, question, speaks)):
            return Voice(both)
        heard = (tuple(plan for plan in tier if speaks(plan, question)) for tier in tiers)
        speaking = next(filter(None, heard), None)
        if speaking is None:
            return Voice((_asked_first(tiers, question.years),), speaks=False)
        present = [plan for tier in tiers for plan in tier if is_current(plan)]
        ever = (
            msgspec.structs.replace(question, years=(), cues=question.cues - OF_YEARS) if question.years else question
        )
        if is_current(speaking[0]) or not present:
            later = [plan for tier in tiers for plan in tier if standing(plan) > standing(speaking[0])]
            return Voice(speaking, _first(later, question, ever, speaks))
        beside = tuple(plan for plan in present if speaks(plan, ever))
        within = not question.years or any(holds(present[0], year) for year in question.years)
        is_silent = not beside and within and not question.asks("former") and not _is_of_term(speaking[0], question)
        return Voice(speaking, beside[:1], present[0] if is_silent else None)

    def _tiers(self, plans: Sequence[Plan], question: Question) -> list[list[Plan]]:
        if question.asks("former", "range"):
            return _tiers(plans, question)
        ids = tuple(plan.id for plan in plans)
        if ids not in self._usual:
            self._usual[ids] = _tiers(plans, question)
        return self._usual[ids]

    def _of_each_year(self, plans: Sequence[Plan], question: Question, speaks: Speaks) -> Voice:
        """Several years, each told by the plan that holds it."""
        voices = [self.hear(plans, msgspec.structs.replace(question, years=(year,)), speaks) for year in question.years]
        heard = [voice for voice in voices if voice.speaks] or voices[:1]
        speaking = {plan.id: plan for voice in heard for plan in voice.speaking}
        beside = {plan.id: plan for voice in heard for plan in voice.beside if plan.id not in speaking}
        silent = next((voice.silent for voice in heard if voice.silent and voice.silent.id not in speaking), None)
        return Voice(tuple(speaking.values()), tuple(beside.values())[:1], silent, heard[0].speaks)

    def _levels(self, question: Question, own: Sequence[str], speaks: Speaks) -> list[tuple[frozenset[str], Voice]]:
        """What the asker's own plans say, and those of the levels above, each with all plans of its issuer."""
        found: list[tuple[frozenset[str], Voice]] = []
        if question.plans:
            return found
        for plan_id in own:
            pool = self._issuers.pool([plan_id])
            ids = frozenset(plan.id for plan in pool)
            if pool and not any(ids <= known for known, _ in found):
                found.append((ids, self.hear(pool, question, speaks)))
        return found

    def _unnamed(
        self,
        question: Question,
        levels: Sequence[tuple[frozenset[str], Voice]],
        speaks: Speaks,
        likely: Iterable[Plan] | None,
    ) -> Selection:
        taken = {plan_id for ids, _ in levels for plan_id in ids}
        own = _present_first([voice for _, voice in levels if any(plan.targets for plan in voice.speaking)])
        setting = [plan for plan in self._plans.values() if plan.targets]
        others = self._others(setting, taken, MOST_OTHERS + 2)
        if len(others) <= MOST_OTHERS + 1:
            heard = self._hear_each(others, question, speaks)
        else:
            wide = self._others(setting if likely is None else likely, taken)
            heard = [voice for voice in self._hear_each(wide, question, speaks) if voice.speaks]
            if not heard and not any(voice.speaks for voice in own):
                heard = self._hear_each(wide or others, question, speaks)
        known = {plan.id for voice in own for plan in voice.speaking}
        rest: list[Voice] = []
        for voice in sorted(heard, key=lambda voice: max(standing(voice.speaking[0]), 1)):
            if not known.issuperset(plan.id for plan in voice.speaking):
                known |= {plan.id for plan in voice.speaking}
                rest.append(voice)
        first = own if not question.skip else []
        end = _end_of_page(len(rest), question.skip, MOST_ON_PAGE if question.skip else MOST_OTHERS)
        told = (*first, *rest[question.skip : end])
        return Selection(
            told,
            own=int(bool(first) and not levels[0][0].isdisjoint(plan.id for plan in first[0].speaking)),
            more=sum(len(voice.speaking) for voice in rest[end:]),
            shown=end,
        )

    def _others(self, plans: Iterable[Plan], taken: set[str], most: int | None = None) -> list[str]:
        """A plan for every other issuer of these plans, `most` at most."""
        each = dict.fromkeys(self._issuers.representative(plan.id) for plan in plans if plan.id not in taken)
        return list(itertools.islice(each, most))

    def _hear_each(self, issuers: Iterable[str], question: Question, speaks: Speaks) -> list[Voice]:
        return [self.hear(self._issuers.pool([plan_id]), question, speaks) for plan_id in issuers]


def _end_of_page(count: int, start: int, size: int) -> int:
    """Where a page of so many ends; what a single one would be left for is told with it."""
    return count if count <= start + size + 1 else start + size


def _present_first(levels: Sequence[Voice]) -> list[Voice]:
    """The asker's levels, with plans of before behind those in force of every level, where one of these speaks."""
    if not any(voice.speaks and is_current(voice.speaking[0]) for voice in levels):
        return list(levels)
    found = [Voice((voice.silent,), speaks=False) if voice.silent else voice for voice in levels]
    return [*found, *(voice._replace(silent=None) for voice in levels if voice.silent)]


def _tiers(plans: Sequence[Plan], question: Question) -> list[list[Plan]]:
    """The plans in the order in which they are asked: of the term named, in force, of before by their years."""
    ordered = sorted(plans, key=lambda plan: (-plan.covers_from, plan.covers_to))
    present = [[plan for plan in ordered if standing(plan) == rank] for rank in (0, 1)]
    before = [
        [plan for plan in ordered if not is_current(plan) and plan.covers_to == year]
        for year in sorted({plan.covers_to for plan in ordered}, reverse=True)
    ]
    if question.asks("former") and not any(before):
        last = present[0] or present[1]
        present, before = [last[:1]], [[plan] for plan in ordered if plan is not last[0]]
    tiers = [*before, *present] if question.asks("former") else [*present, *before]
    of_term = [plan for plan in ordered if _is_of_term(plan, question)]
    rest = [[plan for plan in tier if plan not in of_term] for tier in tiers]
    return [tier for tier in (of_term, *rest) if tier]


def _is_of_term(plan: Plan, question: Question) -> bool:
    """Whether a question names just the years of a plan: "2021–2025"."""
    years = sorted(question.years)
    return question.asks("range") and years == [plan.covers_from, plan.covers_to]


def _asked_first(tiers: Sequence[Sequence[Plan]], years: Sequence[int]) -> Plan:
    """The plan that a question is asked of where none speaks on it: the first whose years hold one that is named."""
    plans = [plan for tier in tiers for plan in tier]
    return next((plan for plan in plans if any(holds(plan, year) for year in years)), plans[0])


def _both(tiers: Sequence[Sequence[Plan]], question: Question, speaks: Speaks) -> tuple[Plan, ...]:
    """The plans of before and those in force that speak, the former first; none where only one of them does."""
    heard = [[plan for plan in tier if speaks(plan, question)] for tier in tiers]
    present = next((tier for tier in heard if tier and is_current(tier[0])), [])
    before = next((tier for tier in heard if tier and not is_current(tier[0])), [])
    return (*before, *present) if before and present else ()


def _first(plans: Sequence[Plan], question: Question, ever: Question, speaks: Speaks) -> tuple[Plan, ...]:
    """The first plan that speaks on the years asked for, otherwise on the matter at all."""
    found = next((plan for asked in (question, ever) for plan in plans if speaks(plan, asked)), None)
    return (found,) if found is not None else ()
