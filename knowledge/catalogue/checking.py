"""Whether a plan fits the plans and subjects that are known: nothing unknown, nothing said twice."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from knowledge.catalogue.mending import near, nearest
from knowledge.errors import CatalogueError
from knowledge.glossary import Glossary
from knowledge.model.plans import ANNUAL, OwnSubject, Plan, PlanState, Target
from knowledge.subjects.joining import join_subjects
from knowledge.subjects.proposing import propose_for
from knowledge.text import fold, spelling, words
from knowledge.words import EACH_MONTH, EACH_YEAR

_SIZED = re.compile(r"(?:from|under)_\d+")


def check_plan(
    name: str, plan: Plan, others: Iterable[Plan], glossary: Glossary, *, replaces: Collection[str] = ()
) -> None:
    """Check a plan against those that are known; one of its own id does not count.

    Args:
        name: of the plan's file, for whoever has to mend it.
        replaces: the ids of plans whose names it may bear, since it is to stand in their place.
        glossary: the subjects and populations that are known without any plan's own.

    Raises:
        CatalogueError: it names an unknown subject or population, a subject or a name of its own means something else
            already, or it is a known plan under another id.
    """
    known = [other for other in others if other.id != plan.id]
    _check_subjects(name, plan, known, glossary)
    _check_populations(name, plan, glossary)
    for other in known:
        _check_number(name, plan, other)
        if other.id not in replaces:
            _check_names(name, plan, other)


def list_notes(name: str, plan: Plan) -> list[str]:
    """What may be a slip in a plan, and is no reason to refuse it: a yearly pace that only the words tell, or only the
    keys. Of the pace in a stage alone the words have to say so: a heading may tell that targets are yearly.

    Args:
        name: of the plan's file, for whoever has to mend it.
    """
    notes = []
    for number, target in enumerate(plan.targets):
        where = f"{name}: $.targets[{number}] (id {target.id}): note:"
        is_yearly = target.horizon == ANNUAL or target.each_year
        if not is_yearly and _says(target.figure, EACH_YEAR) and not _says(target.figure, EACH_MONTH):
            mend = "each_year = true" if target.year is not None else f"horizon = '{ANNUAL}'"
            notes.append(f"{where} its figure speaks of every year, its keys do not; if it is yearly, write {mend}")
        elif (
            target.each_year
            and target.year is not None
            and not any(_says(said, EACH_YEAR) for said in _words_of(target))
        ):
            notes.append(f"{where} its keys say that it is yearly, none of its words does; see which is right")
    return notes


def _says(text: str, phrases: Iterable[str]) -> bool:
    said = f" {' '.join(words(fold(text)))} "
    return any(f" {phrase} " in said for phrase in phrases)


def _words_of(target: Target) -> Iterable[str]:
    return (said for said in (target.figure, target.population, target.note, target.quote) if said)


def _check_subjects(name: str, plan: Plan, known: list[Plan], glossary: Glossary) -> None:
    theirs = {each.id: (each, other.id) for other in known for each in other.subjects}
    named = {subject.id for subject in glossary.subjects} | theirs.keys() | {each.id for each in plan.subjects}
    for number, target in enumerate(plan.targets):
        if target.indicator not in named:
            where = f"$.targets[{number}].indicator (id {target.id})"
            said = f"the subject {target.indicator} is unknown" if target.indicator else "it names no subject"
            slip = nearest(target.indicator, sorted(named)) if target.indicator else ""
            proposed = propose_for(plan, number, known, named)
            mend = f"{slip} Otherwise {proposed}" if slip else proposed
            raise CatalogueError(name, f"{where}: {said}; {mend}")
    try:
        joined = join_subjects((*known, plan), glossary)
    except CatalogueError as error:
        raise CatalogueError(name, f"{error.problem}; write its words") from None
    meant: dict[tuple[str, ...], set[str]] = {}
    for subject in joined.glossary.subjects:
        for said in (subject.name, *subject.phrases):
            meant.setdefault(_key(said), set()).add(subject.id)
    for number, own in enumerate(plan.subjects):
        where = f"$.subjects[{number}] (id {own.id})"
        first, bearer = theirs.get(own.id, (own, ""))
        if not _names(own) & _names(first):
            raise CatalogueError(name, f"{where}: plan {bearer} calls it “{first.name}”; take that name, or another id")
        one = joined.known_as.get(own.id, own.id)
        for said in (own.name, *own.names):
            others = meant.get(_key(said), {one})
            if one not in others:
                mend = f"let targets name {min(others)} as indicator, or remove “{said}”"
                raise CatalogueError(name, f"{where}: “{said}” means the subject {min(others)} already; {mend}")


def _names(own: OwnSubject) -> set[tuple[str, ...]]:
    return {_key(said) for said in (own.name, *own.names)}


def _check_populations(name: str, plan: Plan, glossary: Glossary) -> None:
    known = [scope.id for scope in glossary.scopes]
    for number, target in enumerate(plan.targets):
        for scope in target.scopes:
            if scope not in known and not _SIZED.fullmatch(scope):
                where = f"$.targets[{number}].scopes (id {target.id})"
                raise CatalogueError(name, f"{where}: the population {scope} is unknown; {near(scope, known)}")


def _check_number(name: str, plan: Plan, other: Plan) -> None:
    is_numbered = plan.number is not None and other.number is not None and _key(plan.number) == _key(other.number)
    if is_numbered and plan.issued_on == other.issued_on and _is_of_one(plan, other):
        raise CatalogueError(name, f"$.number: {plan.number} is the plan {other.id}; take that id, or mend the number")


def _check_names(name: str, plan: Plan, other: Plan) -> None:
    if {plan.state, other.state} != {PlanState.IN_FORCE} or _is_of_one(plan, other):
        return
    taken = {_key(alias) for alias in other.aliases}
    for number, alias in enumerate(plan.aliases):
        if _key(alias) in taken and not (_tells(alias, plan) and _tells(alias, other)):
            mend = "remove it, or add what tells this plan apart"
            raise CatalogueError(name, f"$.aliases[{number}]: “{alias}” names the plan {other.id} already; {mend}")


def _is_of_one(plan: Plan, other: Plan) -> bool:
    """Whether two plans have one issuer, or speak for one place: names may mean both then."""
    pairs = ((plan.issuer, other.issuer), (plan.short, other.short), (plan.place, other.place))
    return any(_key(one) == _key(two) for one, two in pairs)


def _tells(alias: str, plan: Plan) -> bool:
    """Whether a name is only the plan's issuer or place in other words."""
    return set(_key(alias)) <= set(_key(f"{plan.issuer} {plan.place}"))


def _key(text: str) -> tuple[str, ...]:
    return tuple(spelling(word) for word in words(text))
