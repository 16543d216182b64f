"""Who issued which plans, and what a name means: a place or a body all plans of its issuer, a number just one plan."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from knowledge.model.plans import Plan, PlanState, find_present
from knowledge.model.questions import Question
from knowledge.text import has_phrase
from knowledge.words import BEFORE_PLACES, BEFORE_SECTORS, BODIES, NUMBERED, ORGANS

Plain = Callable[[str], tuple[str, ...]]
"""The folded syllables of a text, short forms spelled out."""

Kinds = tuple[tuple[int, tuple[str, ...]], ...]
"""Words that tell a kind of body, with its number."""

LONGEST_CITED: Final = 6
"""Words before a number that may tell what document it is."""

LEAST_OF_BODY: Final = 2
"""Words beyond which an issuer's name is a name by itself: "công đoàn" is nobody's."""

_BARE_NUMBER: Final = re.compile(r"[A-Za-zĐđ]?\d+")

_STANDING: Final = {
    PlanState.IN_FORCE: 0,
    PlanState.ISSUER_REORGANISED: 1,
    PlanState.ENDED: 2,
    PlanState.REPLACED: 3,
}


class Name(NamedTuple):
    """What a name means: the issuers of these plans (one plan each), or just these plans."""

    plans: tuple[str, ...]
    of_issuer: bool


def standing(plan: Plan) -> int:
    """How far a plan is from being in force: 0 in force, 1 its issuer was reorganised, 2 ended, 3 replaced."""
    return _STANDING[plan.state]


def is_current(plan: Plan) -> bool:
    """Whether a plan still speaks: neither ended nor replaced."""
    return standing(plan) <= _STANDING[PlanState.ISSUER_REORGANISED]


def tell_apart(plans: Iterable[Plan]) -> dict[str, Plan]:
    """The plans by id; those without a number that share a short name bear their years in it."""
    known = list(plans)
    shared: dict[str, int] = {}
    for plan in known:
        shared[plan.short.casefold()] = shared.get(plan.short.casefold(), 0) + 1
    return {
        plan.id: msgspec.structs.replace(plan, short=_dated(plan))
        if plan.number is None and shared[plan.short.casefold()] > 1
        else plan
        for plan in known
    }


def _dated(plan: Plan) -> str:
    """The short name with the years for which the plan speaks."""
    return f"{plan.short} {plan.covers_from}–{plan.covers_to}"


class Issuers:
    """The plans of a catalogue by their issuers, and the names of both.

    Two issuers are one where their names say the same body, or where they share a name and are bodies of one kind: a
    party committee and a federation of one place are two, and the place's name means both.
    """

    def __init__(
        self, plans: Mapping[str, Plan], plain: Plain, places: Iterable[str] = (), bodies: Iterable[str] = ()
    ) -> None:
        """`plans` by id; `places` and `bodies` are such as name an issuer that no plan calls so."""
        self._plans = plans
        self._plain = plain
        self._before_sectors = sorted(map(plain, BEFORE_SECTORS), key=len, reverse=True)
        self._kinds: Kinds = tuple((kind, plain(each)) for kind, said in enumerate(BODIES) for each in said)
        self._carried = frozenset(
            phrase
            for text in {text for plan in plans.values() for text in plan.carries_out}
            for phrase in _cited(plain(text))
        )
        self._names = {plan.id: self._names_of(plan) for plan in plans.values()}
        self._name_by_places({plain(place): place for place in places})
        self._name_by_bodies({plain(body): body for body in bodies})
        self._name_by_initials()
        bearers = self._find_bearers()
        self._members = self._unite(bearers)
        self.names: dict[str, Name] = {}
        """What each value of a phrase means."""
        self._phrases: dict[tuple[str, str], None] = {}
        values = {words: self._value_of(found) for words, found in bearers.items()}
        for plan in plans.values():
            self._phrases |= {(values[plain(name)], name): None for name in self._names[plan.id] if plain(name)}
        self._handles = {plan.id: self._handle(plan) for plan in plans.values()}
        for plan_id, handle in self._handles.items():
            if handle not in {plans[plan_id].short, plans[plan_id].number} or self._has_siblings(plans[plan_id]):
                value = self._value_of({plan_id: False})
                self._phrases[value, handle] = None
        self.superseded = frozenset(plan.id for plan in plans.values() if self._is_superseded(plan))
        """The plans (ids) that another in force stands for."""

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Every name with its value, a key of `names`; a name that several plans bear stands once."""
        return iter(self._phrases)

    def meant(self, names: Sequence[Name]) -> list[Name]:
        """What names mean beside each other: a number that several plans bear those of the places named, and a place
        nothing beyond the plans of its issuer that are named themselves.
        """
        places = {plan.id for name in names if name.of_issuer for plan in self.pool(name.plans)}
        narrowed = [name if name.of_issuer else Name(_narrowed(name.plans, places), of_issuer=False) for name in names]
        themselves = {plan for name in narrowed if not name.of_issuer for plan in name.plans}
        return [
            name
            for name in narrowed
            if not (name.of_issuer and themselves.intersection(plan.id for plan in self.pool(name.plans)))
        ]

    def by_terms(self, names: list[Name], years: tuple[int, ...]) -> tuple[list[Name], tuple[int, ...]]:
        """Names and years, where the years only tell several terms of one issuer apart: the plans of these terms.

        Example: "Lâm Sơn 2021 và Lâm Sơn 2026" → the plans that begin with 2021 and 2026, and no years.
        """
        asked = list(dict.fromkeys(plan for name in names for plan in name.plans))
        if not years or not asked or len({self._members[plan] for plan in asked}) > 1:
            return names, years
        pool = sorted((plan for plan in self._members[asked[0]] if plan.targets), key=standing, reverse=True)
        begun = {plan.covers_from: plan for plan in pool if plan.covers_from in years}
        spent = {year for plan in begun.values() for year in (plan.covers_from, plan.covers_to)}
        themselves = [plan for name in names if not name.of_issuer for plan in name.plans]
        told = list(dict.fromkeys((*themselves, *(plan.id for _, plan in sorted(begun.items())))))
        if len(told) < 2 or not spent.issuperset(years):
            return names, years
        return [Name((plan,), of_issuer=False) for plan in told], ()

    def plans_of(self, plan_id: str) -> tuple[Plan, ...]:
        """All plans of the issuer of this one, in the catalogue's order."""
        return self._members[plan_id]

    def together(self, plan_ids: Iterable[str]) -> list[str]:
        """The ids of all plans of the issuers of these, in the catalogue's order within each."""
        return list(dict.fromkeys(plan.id for plan_id in plan_ids for plan in self._members[plan_id]))

    def representative(self, plan_id: str) -> str:
        """The plan by which an issuer is remembered: its first that sets targets."""
        members = self._members[plan_id]
        return next((plan for plan in members if plan.targets), members[0]).id

    def follow(self, plan_id: str) -> Plan | None:
        """The plan that speaks for one now: itself, or what replaced it; None where it is not known."""
        return find_present(self._plans, plan_id)

    def pool(self, plan_ids: Iterable[str]) -> tuple[Plan, ...]:
        """All plans of the issuers of these, and of those in force that replaced one of them; unknown ids tell none."""
        found: dict[str, Plan] = {}
        for plan_id in plan_ids:
            found |= {plan.id: plan for plan in self._members.get(plan_id, ())}
        if not any(plan.replaced_by for plan in found.values()):
            return tuple(found.values())
        for plan in list(found.values()):
            after = self.follow(plan.id)
            if after is not None and after.id not in found:
                found |= {each.id: each for each in self._members[after.id] if is_current(each)}
        return tuple(found.values())

    def handle(self, plan: Plan) -> str:
        """What a question has to name so that it is asked of this plan alone."""
        return self._handles[plan.id]

    def label(self, plan: Plan) -> str:
        """What a choice calls it: the short name, with the number where its issuer has other plans."""
        return plan.short if self._handles[plan.id] != plan.number else plan.citation

    def silenced(self, question: Question) -> frozenset[str]:
        """The plans (ids) that another in force stands for, and that the question does not ask for itself."""
        if not self.superseded or question.asks("former", "over_time"):
            return frozenset()
        if not question.years:
            return self.superseded.difference(question.plans)
        asked = {plan for plan in self.superseded if self._is_of_its_term(self._plans[plan], question.years)}
        return self.superseded.difference(question.plans, asked)

    def _is_of_its_term(self, plan: Plan, years: Sequence[int]) -> bool:
        """Whether a year lies in its term, and in that of no plan of its issuer that is in force."""
        if not any(holds(plan, year) for year in years):
            return False
        present = [each for each in self._members[plan.id] if is_current(each) and each.targets]
        return any(holds(plan, year) and not any(holds(each, year) for each in present) for year in years)

    def _is_superseded(self, plan: Plan) -> bool:
        if is_current(plan):
            return False
        after = self.follow(plan.id)
        if after is not None and after is not plan:
            return True
        alike = (each for each in self._members[plan.id] if bool(each.targets) == bool(plan.targets))
        return any(is_current(each) for each in alike)

    def _has_siblings(self, plan: Plan) -> bool:
        """Whether its issuer has several plans that set targets."""
        return bool(plan.targets) and sum(bool(each.targets) for each in self._members[plan.id]) > 1

    def _handle(self, plan: Plan) -> str:
        if not self._has_siblings(plan):
            return plan.short
        if plan.number:
            return plan.number
        return plan.short if any(char.isdigit() for char in plan.short) else _dated(plan)

    # --- Names --------------------------------------------------------------------------------------------------------

    def _find_bearers(self) -> dict[tuple[str, ...], dict[str, bool]]:
        """By the words of every name: the plans that bear it, and whether it is their issuer's."""
        found: dict[tuple[str, ...], dict[str, bool]] = {}
        for plan in self._plans.values():
            of_issuer = (*self._plain(plan.issuer), *self._plain(plan.place))
            place = set(itertools.pairwise(self._plain(plan.place)))
            title = set(self._plain(plan.title)).difference(of_issuer)
            for name in self._names[plan.id]:
                words = self._plain(name)
                numbered = any(any(map(str.isdigit, word)) and word not in of_issuer for word in words)
                titled = not title.isdisjoint(words) and place.isdisjoint(itertools.pairwise(words))
                if words:
                    found.setdefault(words, {})[plan.id] = not (numbered or titled)
        return found

    def _names_of(self, plan: Plan) -> tuple[str, ...]:
        """What officers call the plan or its issuer: aliases, the issuer's name in full and short, the bare number."""
        bodies = (" ".join(self._body_of(plan, ORGANS)), " ".join(self._body_of(plan)))
        named = (body for body in bodies if len(body.split()) > LEAST_OF_BODY)
        return tuple(dict.fromkeys((*plan.aliases, *named, *self._numbered(plan))))

    def _list_borne(self) -> set[tuple[str, ...]]:
        """The names that plans and issuers bear by now."""
        return {self._plain(name) for names in self._names.values() for name in names}

    def _name_by_places(self, places: Mapping[tuple[str, ...], str]) -> None:
        """Name by its place whatever no plan names so: an issuer of which only a plan of before is left."""
        borne = self._list_borne()
        for plan in self._plans.values():
            place = self._without_organs(plan.place.partition(",")[0], BEFORE_PLACES)
            issuer = self._plain(plan.issuer)
            if place in places and place not in borne and has_phrase(issuer, [place]):
                self._names[plan.id] = (*self._names[plan.id], places[place])

    def _name_by_bodies(self, bodies: Mapping[tuple[str, ...], str]) -> None:
        """Name by what they are called for short the issuers whose name holds it, unless others bear it.

        Example: "dệt may" and "ngành dệt may" for "Công đoàn Dệt may Việt Nam"; what is called before a name
        ("công đoàn", "ngành") may be other than the issuer calls itself.
        """
        borne = self._list_borne()
        cores = {words: words[len(self._lead_of(words)) :] for words in bodies}
        free = [words for words, core in cores.items() if len(words) >= LEAST_OF_BODY and words not in borne and core]
        for plan in self._plans.values():
            issuer = self._plain(plan.issuer)
            lead = self._lead_of(issuer)
            for words in free:
                is_sector = bool(lead) and _at(issuer, len(lead), cores[words])
                if is_sector or has_phrase(issuer, [words]):
                    self._names[plan.id] = (*self._names[plan.id], bodies[words])

    def _lead_of(self, name: tuple[str, ...]) -> tuple[str, ...]:
        """What stands before a sector in a name: "công đoàn ngành"; empty where nothing does."""
        return next((words for words in self._before_sectors if _at(name, 0, words)), ())

    def _name_by_initials(self) -> None:
        """Name the unions of sectors by their initials, short and whole: "CĐXD" and "CĐXDVN" are Xây dựng Việt Nam.

        Initials that two issuers share, or that stand for something else, name nobody.
        """
        bearers: dict[str, set[tuple[str, ...]]] = {}
        initials: dict[str, tuple[str, ...]] = {}
        for plan in self._plans.values():
            issuer = self._without_organs(plan.issuer, ORGANS)
            lead = self._lead_of(issuer)
            said = tuple(word[0] for word in issuer)
            if len(lead) < LEAST_OF_BODY or len(said) < len(lead) + LEAST_OF_BODY:
                continue
            whole = "".join(said)
            initials[plan.id] = tuple(dict.fromkeys((whole[: len(lead) + LEAST_OF_BODY], whole)))
            for each in initials[plan.id]:
                bearers.setdefault(each, set()).add(self._body_of(plan))
        borne = self._list_borne()
        for plan_id, found in initials.items():
            own = (each for each in found if len(bearers[each]) == 1 and self._plain(each) == (each,))
            self._names[plan_id] = (*self._names[plan_id], *(each for each in own if (each,) not in borne))

    def _numbered(self, plan: Plan) -> Iterator[str]:
        """The bare number behind its kind, where no alias tells it and no document that is carried out is called so."""
        number = _BARE_NUMBER.match(plan.number or "")
        if number and any(self._plain(alias)[-1:] == self._plain(number[0]) for alias in plan.aliases):
            return
        for kind in dict.fromkeys((plan.kind, " ".join(plan.kind.split()[:2]))) if number else ():
            names = [f"{kind} {number[0]}", f"{kind} {NUMBERED} {number[0]}"] if number else []
            if self._carried.isdisjoint(map(self._plain, names)):
                yield from names

    def _value_of(self, bearers: Mapping[str, bool]) -> str:
        of_issuer = any(bearers.values())
        plans = tuple(dict.fromkeys(self.representative(plan) if of_issuer else plan for plan in bearers))
        value = f"{'issuer' if of_issuer else 'plan'} {' '.join(plans)}"
        self.names[value] = Name(plans, of_issuer)
        return value

    def _unite(self, bearers: Mapping[tuple[str, ...], Mapping[str, bool]]) -> dict[str, tuple[Plan, ...]]:
        """The members of each plan's issuer."""
        above = {plan: plan for plan in self._plans}

        def find(plan: str) -> str:
            while above[plan] != plan:
                above[plan] = above[above[plan]]
                plan = above[plan]
            return plan

        kinds = {plan.id: self._kinds_of(plan) for plan in self._plans.values()}
        by_body: dict[tuple[str, ...], str] = {}
        for plan in self._plans.values():
            above[find(plan.id)] = find(by_body.setdefault(self._body_of(plan), plan.id))
        for found in bearers.values():
            sharing = [plan for plan, of_issuer in found.items() if of_issuer]
            first_of: dict[frozenset[int], str] = {}
            for bearer in sharing:
                above[find(bearer)] = find(first_of.setdefault(kinds[bearer], bearer))
        members: dict[str, list[Plan]] = {}
        for plan in self._plans.values():
            members.setdefault(find(plan.id), []).append(plan)
        together = {root: tuple(found) for root, found in members.items()}
        return {plan: together[find(plan)] for plan in self._plans}

    def _body_of(self, plan: Plan, unsaid: Iterable[str] = (*ORGANS, *BEFORE_PLACES)) -> tuple[str, ...]:
        """The issuer's name without its organs and what stands before a place's name: "Ban Thường vụ", "tỉnh"."""
        return self._without_organs(plan.issuer, unsaid) or self._plain(plan.issuer)

    def _without_organs(self, name: str, unsaid: Iterable[str]) -> tuple[str, ...]:
        words = self._plain(name)
        for said in map(self._plain, unsaid):
            words = tuple(_without(words, said, self._kinds))
        return words

    def _kinds_of(self, plan: Plan) -> frozenset[int]:
        """The kinds of body that the issuer's name tells: a committee of the party, a union, an authority."""
        issuer = self._plain(plan.issuer)
        return frozenset(kind for kind, said in self._kinds if has_phrase(issuer, [said]))


def holds(plan: Plan, year: int) -> bool:
    """Whether a year lies in the years for which the plan speaks."""
    return plan.covers_from <= year <= plan.covers_to


def _narrowed(plans: tuple[str, ...], places: Container[str]) -> tuple[str, ...]:
    """Of several plans of one name those of the places named, otherwise all."""
    return tuple(plan for plan in plans if plan in places) or plans


def _cited(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What stands before every number in a text, with it: "chương trình hành động số 02" and its endings."""
    for at, word in enumerate(words):
        if any(map(str.isdigit, word)):
            yield from (tuple(words[start : at + 1]) for start in range(max(0, at - LONGEST_CITED), at))


def _at(words: Sequence[str], at: int, said: Sequence[str]) -> bool:
    return tuple(words[at : at + len(said)]) == tuple(said)


def _without(words: Sequence[str], said: Sequence[str], kinds: Kinds) -> Iterator[str]:
    """The words without those that are not said of a body, unless they begin the kind of one: "tỉnh ủy"."""
    at = 0
    while at < len(words):
        if _at(words, at, said) and not any(_at(words, at, kind) for _, kind in kinds):
            at += len(said)
        else:
            yield words[at]
            at += 1
