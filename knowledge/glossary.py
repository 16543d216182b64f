"""The officers' language as data: subjects, populations, short forms and the signs of what is asked."""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml, require_unique
from knowledge.errors import CatalogueError
from knowledge.places import INNER_PLACES
from knowledge.words import enterprises_from, enterprises_under

FILE = "glossary.toml"

OWN_RANK = 6
"""Rank of a subject that one plan brings with it: what nobody else speaks of is meant where it is named."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row of the glossary."""


class Subject(_Entry, frozen=True):
    """What a target measures, and what officers call it.

    `rank` (1–7) decides between subjects named in one sentence; `also` are answered with it, `near` offered in its
    absence, those it stands `over` are not meant beside it; `by_year` and `in_total` are its yearly pace and its total;
    `everyday` are further phrases that name it, whose words by themselves tell nothing of it;
    `terms` are words that may stand around it without asking for anything else; `legal_rates` are percentages that the
    law sets of it, on which no plan speaks.
    """

    id: str
    name: str
    short: str
    rank: int
    phrases: tuple[str, ...]
    everyday: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    by_year: str | None = None
    in_total: str | None = None
    legal_rates: tuple[int, ...] = ()


class Population(_Entry, frozen=True):
    """A population; one that `selects` asks for itself alone, others only narrow where they can.

    `level` marks a level of the organisation: a target of one level says nothing of another.
    """

    id: str
    name: str
    selects: bool
    phrases: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    level: bool = False


class Cues(_Entry, frozen=True):
    """Signs of what is asked; `padding` is politeness and grammar, `filler` changes nothing beside a subject."""

    planned: tuple[str, ...]
    figure: tuple[str, ...]
    asked_figure: tuple[str, ...]
    either: tuple[str, ...]
    verify: tuple[str, ...]
    reach: tuple[str, ...]
    apart: tuple[str, ...]
    against: tuple[str, ...]
    everywhere: tuple[str, ...]
    result: tuple[str, ...]
    total: tuple[str, ...]
    frequency: tuple[str, ...]
    versus: tuple[str, ...]
    overview: tuple[str, ...]
    compare: tuple[str, ...]
    when: tuple[str, ...]
    who: tuple[str, ...]
    whom: tuple[str, ...]
    roles: tuple[str, ...]
    due: tuple[str, ...]
    section: tuple[str, ...]
    document: tuple[str, ...]
    form: tuple[str, ...]
    follow: tuple[str, ...]
    whose: tuple[str, ...]
    annual: tuple[str, ...]
    stages: tuple[str, ...]
    filler: tuple[str, ...]
    padding: tuple[str, ...]


class Asides(_Entry, frozen=True):
    """Words of clauses beside a question: of whoever tells, of what they are doing, and those that ask after all."""

    tellers: tuple[str, ...]
    doings: tuple[str, ...]
    asking: tuple[str, ...]


class Topics(_Entry, frozen=True):
    """What a place in a text is called before the name of its topic, and the words that end such a name."""

    heads: tuple[str, ...]
    ends: tuple[str, ...]


class CountedUnit(_Entry, frozen=True):
    """Words for what is counted in a unit, or in one that ends with its name ("tỷ đồng")."""

    unit: str
    words: tuple[str, ...]


class Elsewhere(_Entry, frozen=True):
    """Places, bodies and topics that no plan of the catalogue speaks for, and other things said beside a subject.

    `people` are those whom no target counts.
    """

    places: tuple[str, ...]
    bodies: tuple[str, ...]
    people: tuple[str, ...]
    others: tuple[str, ...]
    topics: tuple[str, ...]


class Theme(_Entry, frozen=True):
    """A group of subjects that officers ask about together; answered by an overview."""

    name: str
    phrases: tuple[str, ...]
    subjects: tuple[str, ...]


class Glossary(_Entry, frozen=True, kw_only=True, dict=True):
    """Everything of `glossary.toml`."""

    subjects: tuple[Subject, ...]
    scopes: tuple[Population, ...]
    abbreviations: dict[str, str]
    cues: Cues
    asides: Asides
    topics: Topics
    measures: tuple[CountedUnit, ...]
    elsewhere: Elsewhere
    themes: tuple[Theme, ...]
    guards: tuple[str, ...]

    def subject(self, subject_id: str) -> Subject:
        """The subject of that id; KeyError where there is none."""
        return self._subjects[subject_id]

    def scope(self, scope_id: str) -> Population:
        """The population of that id; one counted in workers ("from_40") need not stand in the file."""
        known = self._scopes.get(scope_id)
        size = scope_id.rpartition("_")[2]
        if known is None and scope_id.startswith("from_"):
            return Population(id=scope_id, name=enterprises_from(size), selects=True)
        if known is None and scope_id.startswith("under_"):
            return Population(id=scope_id, name=enterprises_under(size), selects=True)
        if known is None:
            raise KeyError(scope_id)
        return known

    @cached_property
    def _subjects(self) -> dict[str, Subject]:
        return {subject.id: subject for subject in self.subjects}

    @cached_property
    def _scopes(self) -> dict[str, Population]:
        return {scope.id: scope for scope in self.scopes}


@cache
def load_glossary() -> Glossary:
    """The glossary, checked: ids unique, every reference to another entry met.

    Raises:
        CatalogueError: the file is wrong; the message names the key.
    """
    glossary = read_toml(files("knowledge").joinpath(FILE), Glossary)
    elsewhere = msgspec.structs.replace(glossary.elsewhere, places=(*glossary.elsewhere.places, *INNER_PLACES))
    glossary = msgspec.structs.replace(glossary, elsewhere=elsewhere)
    subjects = [subject.id for subject in glossary.subjects]
    scopes = [scope.id for scope in glossary.scopes]
    require_unique(FILE, "subject ids", subjects)
    require_unique(FILE, "scope ids", scopes)
    for subject in glossary.subjects:
        for other in (*subject.also, *subject.near, *subject.over, *filter(None, (subject.by_year, subject.in_total))):
            if other not in subjects:
                raise CatalogueError(FILE, f"subject {subject.id} refers to the unknown subject {other}")
    for theme in glossary.themes:
        for other in theme.subjects:
            if other not in subjects:
                raise CatalogueError(FILE, f"theme {theme.name} refers to the unknown subject {other}")
    for scope in glossary.scopes:
        for other in (*scope.within, *scope.covers):
            if other not in scopes:
                raise CatalogueError(FILE, f"scope {scope.id} refers to the unknown scope {other}")
    return glossary
