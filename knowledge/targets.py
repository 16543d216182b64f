"""Targets: which of a plan's figures answer a question, and what is said where none does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from knowledge.glossary import Glossary
from knowledge.issuers import Issuers, holds
from knowledge.model.answers import Absence, Beside, Choice, ChoiceKind, Fact, Group, Why
from knowledge.model.plans import ANNUAL, Plan, Target
from knowledge.model.questions import Question
from knowledge.speaking import OF_YEARS, Selection, Speakers
from knowledge.text import fold, words
from knowledge.words import both

MOST_CHOICES = 6

MOST_NAMED = 2
"""Plans that a question on offer names."""


class FoundTargets(NamedTuple):
    """The targets that answer a question, the plans that set none, and whose they are."""

    groups: tuple[Group, ...]
    absences: tuple[Absence, ...]
    selection: Selection


class TargetSelector:
    """Selects targets by subject, plan, population and year; an absence where a plan sets none."""

    def __init__(self, plans: Mapping[str, Plan], glossary: Glossary, issuers: Issuers) -> None:
        """`plans` by id."""
        self.plans = plans
        self.glossary = glossary
        self.issuers = issuers
        self._speakers = Speakers(plans, issuers)
        self._targets: dict[tuple[str, str], list[Target]] = {}
        self._setting: dict[str, dict[str, Plan]] = {}
        self._years: dict[str, tuple[frozenset[int], bool]] = {}
        """The years by which a plan's targets are to be met, and whether some have none."""
        for plan in plans.values():
            years = {target.year for target in plan.targets}
            self._years[plan.id] = frozenset(year for year in years if year is not None), None in years
            for target in plan.targets:
                self._targets.setdefault((plan.id, target.indicator), []).append(target)
                self._setting.setdefault(target.indicator, {})[plan.id] = plan

    def focus(self, question: Question) -> Question:
        """The question with those plans of the issuers it names that speak on what it asks."""
        return self._speakers.focus(question, self._speaks_on if question.subjects else self._speaks_at_all)

    def setting(self, subject_id: str) -> list[Plan]:
        """The plans that set a target on a subject, in the catalogue's order."""
        return list(self._setting.get(subject_id, {}).values())

    def plans_asked(self, question: Question, own: Sequence[str]) -> list[Plan]:
        """The plans named, the asker's own first."""
        nearest = {plan.id for plan in self.issuers.pool(own[:1])}
        return sorted((self.plans[plan] for plan in question.plans), key=lambda plan: plan.id not in nearest)

    def of_question(self, question: Question, own: Sequence[str]) -> FoundTargets:
        """The facts for every subject asked about, and the plans that set none.

        Args:
            own: plans (ids) that govern the asker's unit, the nearest level first.
        """
        likely = {
            plan.id: plan
            for subject in question.subjects
            for each in (subject, *self.glossary.subject(subject).also)
            for plan in self.setting(each)
        }
        so = self._is_whose(question) and any(self._sets_so(plan, question) for plan in likely.values())
        selection = self._speakers.select(question, own, self._sets_so if so else self._speaks_on, likely.values())
        plans, own_ids = selection.plans, selection.own_ids
        groups: list[Group] = []
        absences: list[Absence] = []
        for subject_id in question.subjects:
            subject = self.glossary.subject(subject_id)
            facts: list[Fact] = []
            also: dict[str, list[Fact]] = {}
            for plan in plans:
                found, why = self._of_plan(plan, subject_id, question)
                facts.extend(found)
                more = [f for other in subject.also for f in self._of_plan(plan, other, question)[0]]
                for fact in more:
                    also.setdefault(fact.target.indicator, []).append(fact)
                if (
                    not found
                    and not more
                    and (
                        question.plans
                        or plan.id in own_ids
                        or (why is not Why.SUBJECT and not self._anywhere(plans, subject_id, question))
                    )
                ):
                    absences.append(self._absence(plan, subject_id, why, question, own=plan.id in own_ids))
            facts = facts if question.asks("verify", "reach") else self._quoted(facts, question)
            if facts:
                beside = self._beside(selection, facts, subject_id, question)
                groups.append(Group(subject=subject_id, name=subject.name, facts=tuple(facts), beside=beside))
                absences += self._silences(selection, facts, subject_id, question)
            groups.extend(
                Group(subject=other, name=self.glossary.subject(other).name, facts=tuple(found))
                for other, found in also.items()
            )
        if len(question.subjects) > 1:
            absences = [a for a in absences if not any(f.plan.id == a.plan.id for g in groups for f in g.facts)]
            absences = list({absence.plan.id: absence for absence in reversed(absences)}.values())[::-1]
        if not groups and not absences:
            absences = [self._absence(plan, question.subjects[0], Why.SUBJECT, question) for plan in plans]
        if not question.plans:
            setting = [
                a for a in absences if a.own or a.leads or (a.instead and a.instead[0].subject in question.subjects)
            ]
            absences = setting or absences
        return FoundTargets(tuple(groups), tuple(absences), selection)

    def _speaks_on(self, plan: Plan, question: Question) -> bool:
        """Whether a plan sets a target on one of the subjects, for whom and for when it is asked."""
        return any(
            self._of_plan(plan, each, question)[0]
            for subject in question.subjects
            for each in (subject, *self.glossary.subject(subject).also)
        )

    @staticmethod
    def _is_whose(question: Question) -> bool:
        """Whether it is asked which plans set a figure: one is quoted, nothing named, and it is not to be judged."""
        return bool(question.figures) and not question.plans and not question.asks("verify", "reach")

    def _sets_so(self, plan: Plan, question: Question) -> bool:
        """Whether a plan sets a quoted figure on one of the subjects, for whom and for when it is asked."""
        found = (fact for subject in question.subjects for fact in self._of_plan(plan, subject, question)[0])
        return any(question.quoted_from(fact.target) for fact in found)

    def _speaks_at_all(self, plan: Plan, question: Question) -> bool:
        """Whether a plan sets any target for the years asked about."""
        return not question.years or bool(self.overview(plan, (), question))

    def _beside(
        self, selection: Selection, facts: Sequence[Fact], subject_id: str, question: Question
    ) -> tuple[Beside, ...]:
        """What plans of another time set on the subject, beside those whose facts are told."""
        told = {fact.plan.id for fact in facts}
        ever = msgspec.structs.replace(question, years=(), cues=frozenset())
        found: list[Beside] = []
        for voice in selection.voices:
            after = [plan.id for plan in voice.speaking if plan.id in told]
            for plan in voice.beside if after else ():
                asked = (question, ever) if question.years else (ever,)
                others = next((set_ for each in asked if (set_ := self._of_plan(plan, subject_id, each)[0])), [])
                if others:
                    found.append(Beside(after=after[-1], facts=tuple(others)))
        return tuple(found)

    def _silences(
        self, selection: Selection, facts: Sequence[Fact], subject_id: str, question: Question
    ) -> Iterator[Absence]:
        """The plans in force that set nothing on the subject where those of before are told."""
        told = {fact.plan.id for fact in facts}
        for voice in selection.voices:
            if voice.silent is not None and told.intersection(plan.id for plan in voice.speaking):
                absence = self._absence(voice.silent, subject_id, Why.SUBJECT, question)
                yield msgspec.structs.replace(absence, instead=(), leads=True)

    def of_overview(self, question: Question, subjects: tuple[str, ...], own: Sequence[str]) -> Selection:
        """Whose targets answer a question for all of them, or for all of some subjects."""
        selecting = any(self.glossary.scope(scope).selects for scope in question.scopes)
        if not subjects and not selecting and not question.asks(*OF_YEARS):
            return self._speakers.select(question, own, self._is_of_years)
        return self._speakers.select(question, own, lambda plan, asked: bool(self.overview(plan, subjects, asked)))

    def _is_of_years(self, plan: Plan, question: Question) -> bool:
        """Whether a plan sets any target for one of the years asked about, or any at all."""
        years, lasts = self._years[plan.id]
        asked = question.years
        return any(year in years or (lasts and holds(plan, year)) for year in asked) if asked else lasts or bool(years)

    def with_figures(self, question: Question, own: Sequence[str]) -> tuple[tuple[Group, ...], Selection]:
        """Every target that sets a quoted figure, whatever its subject."""
        found: dict[str, list[Fact]] = {}
        selection = self._speakers.select(question, own, self._sets_figure)
        for plan in selection.plans:
            for target in plan.targets:
                if question.quoted_from(target) and self._tells(target, question):
                    found.setdefault(target.indicator, []).append(Fact(plan=plan, target=target))
        groups = tuple(
            Group(subject=subject, name=self.glossary.subject(subject).name, facts=tuple(facts))
            for subject, facts in found.items()
        )
        return groups, selection

    def _sets_figure(self, plan: Plan, question: Question) -> bool:
        """Whether a plan sets a quoted figure."""
        return any(question.quoted_from(target) and self._tells(target, question) for target in plan.targets)

    @staticmethod
    def _tells(target: Target, question: Question) -> bool:
        """Whether a target's population holds what else the question says."""
        told = words(fold(target.population))
        return all(word in told for word in question.leftover) or len(question.leftover) < 2

    def overview(self, plan: Plan, subjects: tuple[str, ...], question: Question) -> list[Fact]:
        """All targets of a plan that the question leaves in: of some subjects, a population, a year, or annual only."""
        targets = [t for t in plan.targets if not subjects or t.indicator in subjects]
        selecting = [scope for scope in question.scopes if self.glossary.scope(scope).selects]
        if selecting:
            targets = [t for t in targets if any(self._measures(t, scope) for scope in selecting)]
        if question.years:
            years = _spanned(targets, question)
            staged = [t for t in targets if t.year in years]
            lasting = [t for t in targets if any(_lasts(plan, t, year) for year in question.years)]
            shown = [t for t in lasting if t.horizon is None or not staged]
            return [Fact(plan=plan, target=target) for target in (*staged, *shown)]
        if question.asks("annual") and any(t.horizon == ANNUAL for t in targets):
            targets = [t for t in targets if t.horizon == ANNUAL]
        elif question.asks("stages"):
            targets = [t for t in targets if t.year is not None]
        return [Fact(plan=plan, target=target) for target in targets]

    def further(
        self, question: Question, groups: tuple[Group, ...], absences: tuple[Absence, ...]
    ) -> tuple[Choice, ...]:
        """Other years and other plans of the same subject, then the section."""
        if not question.subjects:
            return ()
        subject = self.glossary.subject(question.subjects[0])
        silenced = self.issuers.silenced(question)
        siblings = set(self.issuers.together(plan for plan in question.plans if self.plans[plan].targets))
        setting = [plan for plan in self.setting(subject.id) if plan.id not in silenced]
        setting.sort(key=lambda plan: plan.id not in siblings)
        everywhere = [(plan, target) for plan in setting for target in self._targets[plan.id, subject.id]]
        shown = {(f.plan.id, f.target.id) for g in groups for f in g.facts}
        asked_of = set(question.plans)
        named = question.plans[0] if len(question.plans) == 1 else None
        place = both(self.issuers.handle(self.plans[plan]) for plan in question.plans[:MOST_NAMED])
        where = f" {place}" if place else ""
        choices: dict[str, Choice] = {}
        for plan, target in everywhere:
            if (not asked_of or plan.id in asked_of) and (plan.id, target.id) not in shown and target.year is not None:
                year = str(target.year)
                choices[year] = Choice(kind=ChoiceKind.YEAR, label=year, question=f"{subject.short} {year}{where}")
        ordered = [choices[horizon] for horizon in sorted(choices)]
        for plan, _ in everywhere:
            if len(ordered) >= MOST_CHOICES:
                break
            if named not in {None, plan.id} and plan.id not in choices:
                asked = len(question.years) == 1 and not absences and self._of_plan(plan, subject.id, question)[0]
                year = f" {question.years[0]}" if asked else ""
                choices[plan.id] = Choice(
                    kind=ChoiceKind.PLAN,
                    label=self.issuers.label(plan),
                    question=f"{subject.short}{year} {self.issuers.handle(plan)}",
                )
                ordered.append(choices[plan.id])
        return tuple(ordered[:MOST_CHOICES])

    def _anywhere(self, plans: Iterable[Plan], subject_id: str, question: Question) -> bool:
        return any(self._of_plan(plan, subject_id, question)[0] for plan in plans)

    def _quoted(self, facts: list[Fact], question: Question) -> list[Fact]:
        """Where a figure is quoted and no plan named, or its year asked for, the targets that set it; otherwise all."""
        if not question.figures or (question.plans and not question.asks("whose", "when", "document")):
            return facts
        matching = [f for f in facts if question.quoted_from(f.target)]
        return matching or facts

    def _of_plan(self, plan: Plan, subject_id: str, question: Question) -> tuple[list[Fact], Why]:
        targets = self._targets.get((plan.id, subject_id))
        if not targets:
            return [], Why.SUBJECT
        measured = self._of_scopes(targets, question.scopes)
        if not measured:
            return [], Why.SCOPE
        facts = self._of_years(plan, measured, _spanned(measured, question))
        if facts:
            return facts, Why.SUBJECT
        return [], Why.SCOPE if self._of_years(plan, targets, _spanned(targets, question)) else Why.YEAR

    def _of_scopes(self, targets: list[Target], scopes: Sequence[str]) -> list[Target]:
        selecting = [scope for scope in scopes if self.glossary.scope(scope).selects]
        narrowing = [scope for scope in scopes if not self.glossary.scope(scope).selects]
        if selecting:
            targets = [target for target in targets if any(self._measures(target, scope) for scope in selecting)]
        narrowed = [target for target in targets if any(self._measures(target, scope) for scope in narrowing)]
        levels = {scope for scope in narrowing if self.glossary.scope(scope).level}
        if levels and not narrowed:
            return [target for target in targets if not any(self.glossary.scope(s).level for s in target.scopes)]
        return narrowed or targets

    def _measures(self, target: Target, scope_id: str) -> bool:
        scope = self.glossary.scope(scope_id)
        return any(own in target.scopes for own in (scope_id, *scope.within, *scope.covers))

    def _of_years(self, plan: Plan, targets: list[Target], years: Sequence[int]) -> list[Fact]:
        ordered = sorted(targets, key=lambda target: target.order)
        if not years:
            return [Fact(plan=plan, target=target) for target in ordered]
        facts: list[Fact] = []
        for year in years:
            exact = [t for t in ordered if t.year == year]
            lasting = [t for t in ordered if _lasts(plan, t, year)]
            facts.extend(Fact(plan=plan, target=target) for target in (*exact, *lasting))
            if not exact and not lasting:
                facts.extend(self._covering(plan, ordered, year))
        exactly = {fact.target.id for fact in facts if not fact.covering}
        told = [fact for fact in facts if not (fact.covering and fact.target.id in exactly)]
        return [fact for at, fact in enumerate(told) if fact not in told[:at]]

    @staticmethod
    def _covering(plan: Plan, targets: list[Target], year: int) -> list[Fact]:
        paced = [t for t in targets if t.each_year and t.year is not None and t.year >= year >= plan.covers_from]
        return [Fact(plan=plan, target=paced[0], covering=True)] if paced else []

    def _absence(self, plan: Plan, subject_id: str, why: Why, question: Question, *, own: bool = False) -> Absence:
        subject = self.glossary.subject(subject_id)
        instead: list[Group] = []
        for other in (subject_id, *subject.also, *subject.near):
            targets = [target for target in plan.targets if target.indicator == other]
            if targets and len(instead) < 2:
                facts = self._of_years(plan, targets, ())
                instead.append(Group(subject=other, name=self.glossary.subject(other).name, facts=tuple(facts)))
        return Absence(
            plan=plan,
            why=why,
            name=subject.short,
            years=question.years,
            scopes=self._selecting(question),
            instead=tuple(instead),
            own=own,
        )

    def _selecting(self, question: Question) -> tuple[str, ...]:
        scopes = (self.glossary.scope(scope) for scope in question.scopes)
        return tuple(scope.name for scope in scopes if scope.selects or scope.level)


def _lasts(plan: Plan, target: Target, year: int) -> bool:
    """Whether a target without a year of its own holds in that year: a yearly one, or one for the whole term."""
    return target.year is None and plan.covers_from <= year <= plan.covers_to


def _spanned(targets: Iterable[Target], question: Question) -> tuple[int, ...]:
    """The years asked for: a span ("2023 – 2045") or a side ("sau 2030") of years means the stages that lie in it."""
    stages = sorted({t.year for t in targets if t.year is not None})
    if question.asks("range") and len(question.years) == 2:
        first, last = sorted(question.years)
        return tuple(stage for stage in stages if first <= stage <= last) or question.years
    if question.asks("around_year") or (question.asks("after_year") and question.asks("before_year")):
        return tuple(stages)
    if question.asks("after_year") and len(question.years) == 1:
        return tuple(stage for stage in stages if stage > question.years[0]) or question.years
    if question.asks("before_year") and len(question.years) == 1:
        return tuple(stage for stage in stages if stage <= question.years[0]) or question.years
    return question.years
