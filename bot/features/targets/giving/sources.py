"""What a unit can hand down in a year: what it was given, what its plan sets, what it named, what forms add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Final

from bot.hands.asking import Asking
from bot.rules import Rules
from bot.services.plan_targets import FiguresOf, find_holder, find_month, owns_counts
from knowledge.forms import MONTHLY_FORM, get_form
from knowledge.glossary import Glossary
from knowledge.model.forms import MeasureKind, last_opened
from knowledge.model.plans import PERCENT, Comparator, Plan, PlanState, Target
from knowledge.model.shares import Goal
from knowledge.progress import speaks_of
from knowledge.shares.matching import plain
from storage import shares
from storage.units import Unit

LONGEST_NAME: Final = 200
_NEVER: Final = frozenset({Comparator.AT_MOST, Comparator.LESS_THAN, Comparator.QUALITATIVE})
_MARK: Final = 12
_BASE: Final = "/"
"""Stands in the unit of a rate, which is no amount to be divided."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be handed down.

    Attributes:
        goal: where it was opened already.
        own: what the unit itself is to reach; None where nobody set it for that year.
        given: what it has handed down of it, to `units` units.
        target: what the plan sets, for that year or, where `own` is None, for a later one.
    """

    name: str
    measured_in: str
    year: int
    goal: Goal | None = None
    plan: Plan | None = None
    target: Target | None = None
    indicator: str = ""
    own: Decimal | None = None
    given: Decimal = Decimal(0)
    units: int = 0

    @property
    def mark(self) -> str:
        """What a button carries for it."""
        if self.goal is not None:
            return f"g{self.goal.id}"
        key = f"{self.plan.id}|{self.target.id}" if self.plan is not None and self.target is not None else self.name
        return sha256(key.encode()).hexdigest()[:_MARK]


async def list_sources(asking: Asking, rules: Rules, glossary: Glossary, unit: Unit, year: int) -> list[Source]:
    """What a unit can hand down in a year: what is known already first, what its plan sets beyond that, and what forms
    in force add up, of which nobody set it anything yet.
    """
    found = [
        await describe(asking, rules, held.goal, held.share.value, unit)
        for held in await shares.list_goals_of(asking.db, unit, year)
    ]
    known = {each.goal.id for each in found if each.goal is not None}
    opened = await shares.list_goals(asking.db, unit.id, year)
    found += [await describe(asking, rules, goal, None, unit) for goal in opened if goal.id not in known]
    taken = {(each.goal.plan_id, each.goal.target) for each in found if each.goal is not None}
    of_plan = await _list_of_plan(asking, rules, glossary, unit, year)
    found += [each for each in of_plan if each.plan and each.target and (each.plan.id, each.target.id) not in taken]
    known_counts = {(each.indicator, each.measured_in) for each in found}
    counted = _list_counted(rules, year)
    return [*found, *(each for each in counted if (each.indicator, each.measured_in) not in known_counts)]


def _list_counted(rules: Rules, year: int) -> Iterator[Source]:
    """What forms in force add up over a year: a unit may hand it down though no plan sets it an amount."""
    flows = (each for form in rules.forms.asked for each in form.measures if each.kind is MeasureKind.FLOW)
    for measure in {each.indicator: each for each in flows}.values():
        yield Source(measure.name, measure.units[0], year, indicator=measure.indicator)


async def describe(asking: Asking, rules: Rules, goal: Goal, own: Decimal | None, unit: Unit) -> Source:
    """A goal that was opened, as a unit stands to it."""
    given = [share.value for share in await shares.list_given(asking.db, goal.id, unit.id) if share.value is not None]
    plan = rules.plans.get(goal.plan_id or "")
    target = next((each for each in plan.targets if each.id == goal.target), None) if plan is not None else None
    return Source(
        goal.name,
        goal.measured_in,
        goal.year,
        goal,
        plan,
        target,
        goal.indicator or "",
        own,
        sum(given, Decimal(0)),
        len(given),
    )


async def _list_of_plan(asking: Asking, rules: Rules, glossary: Glossary, unit: Unit, year: int) -> list[Source]:
    """What the first plan sets that speaks for the unit in that year: counts where they are the unit's own."""
    held = await find_holder(asking.db, unit, rules)
    if held is None:
        return []
    governing, holder = held
    form = get_form(MONTHLY_FORM)
    month = find_month(None, asking.today) or last_opened(form, asking.today)
    about = FiguresOf(asking.db, rules, unit, form, month, asking.today)
    has_counts = unit.id == holder.id and await owns_counts(about, holder, governing)
    for plan in governing:
        if plan.state in {PlanState.ENDED, PlanState.REPLACED} or not plan.covers_from <= year <= plan.covers_to:
            continue
        found = [each for each in _choose(plan, year) if has_counts or each.unit == PERCENT]
        if found:
            measured = {measure.indicator for each in rules.forms.asked for measure in each.measures}
            found.sort(key=lambda each: (each.unit == PERCENT, each.indicator not in measured))
            return list(_name(plan, found, glossary, year))
    return []


def _choose(plan: Plan, year: int) -> Iterator[Target]:
    """The targets that speak of a year, and of the subjects that have none, the next that lies ahead."""
    usable = [
        each
        for each in plan.targets
        if each.value is not None and each.comparator not in _NEVER and each.unit and _BASE not in each.unit
    ]
    now = [each for each in usable if speaks_of(plan, each, year)]
    yield from now
    spoken = {(each.indicator, each.scopes, each.unit) for each in now}
    ahead = sorted(
        (each for each in usable if each.year is not None and each.year > year), key=lambda each: each.year or 0
    )
    for target in ahead:
        key = (target.indicator, target.scopes, target.unit)
        if key not in spoken and not target.each_year:
            spoken.add(key)
            yield target


def _name(plan: Plan, targets: Sequence[Target], glossary: Glossary, year: int) -> Iterator[Source]:
    often = Counter(each.indicator for each in targets)
    own = {each.id: each.short or each.name for each in plan.subjects}
    subjects = {each.id: each.short for each in glossary.subjects} | own
    for target in targets:
        short = subjects.get(target.indicator, target.population)
        name = short if often[target.indicator] == 1 else f"{short}: {target.population}"
        is_now = speaks_of(plan, target, year)
        yield Source(
            name[:LONGEST_NAME],
            target.unit or "",
            year,
            plan=plan,
            target=target,
            indicator=target.indicator,
            own=target.value if is_now else None,
        )


def find_named(sources: Iterable[Source], subjects: Sequence[str], folded: str) -> list[Source]:
    """The sources that some words name, by the subjects that were understood in them or by their name. Pure."""
    every = list(sources)
    exact = [each for each in every if folded and folded == plain(each.name)]
    if exact:
        return exact
    of_subject = [each for each in every if each.indicator and each.indicator in subjects]
    if of_subject:
        return of_subject
    words = folded.split()
    return [each for each in every if words and set(words) <= set(plain(each.name).split())]
