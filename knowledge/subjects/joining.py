"""Subjects of all plans made one list: the same measure in several plans is one subject, so that figures compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import msgspec

from knowledge.errors import CatalogueError
from knowledge.glossary import OWN_RANK, Glossary, Subject
from knowledge.lexer import GAP, Speller
from knowledge.model.plans import OwnSubject, Plan
from knowledge.vocabulary import Vocabulary


@dataclass(frozen=True)
class JoinedSubjects:
    """Plans whose targets name subjects of the glossary beside them.

    Attributes:
        plans: as given, but that a target names its subject by the one id under which all plans have it.
        glossary: the glossary with the subjects that plans brought.
        own: the ids of those subjects.
        known_as: ids that plans gave to a subject that goes by another one here.
    """

    plans: tuple[Plan, ...]
    glossary: Glossary
    own: frozenset[str]
    known_as: dict[str, str]


def join_subjects(plans: Iterable[Plan], glossary: Glossary) -> JoinedSubjects:
    """The plans and the glossary with what plans call their own.

    Two own subjects are one if they have the same id, or if the name of one is a name of the other. One whose id is in
    the glossary, or whose name is a phrase of a subject there, is that subject and adds its names to it. A name that
    already means another subject of the glossary is left out.

    Raises:
        CatalogueError: a target names a subject that nobody knows.
    """
    listed = tuple(plans)
    joining = _Joining(glossary)
    for plan in listed:
        for each in plan.subjects:
            joining.add(plan.id, each)
    known = {subject.id for subject in glossary.subjects} | joining.ids
    for plan in listed:
        mine = {each.id for each in plan.subjects}
        for target in plan.targets:
            if target.indicator not in known and target.indicator not in mine:
                raise CatalogueError(plan.id, f"target {target.id} names the unknown subject {target.indicator}")
    if not joining.ids:
        return JoinedSubjects(listed, glossary, frozenset(), {})
    joined = tuple(joining.renamed(plan) for plan in listed)
    return JoinedSubjects(joined, joining.glossary(), joining.own, dict(joining.known_as))


@dataclass
class _Own:
    """A subject that some plan brought: under which id all have it, and everything it is called."""

    id: str
    name: str
    short: str | None
    names: dict[str, None] = field(default_factory=dict)


class _Joining:
    """Subjects as they come, plan by plan."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._speller = Speller(glossary.abbreviations, Vocabulary())
        self._known: dict[tuple[str, ...], set[str]] = {}
        for subject in glossary.subjects:
            for text in (subject.name, subject.short, *subject.phrases):
                if GAP not in text:
                    self._known.setdefault(self._folded(text), set()).add(subject.id)
        self._of_glossary = {subject.id for subject in glossary.subjects}
        self._own: dict[str, _Own] = {}
        self._added: dict[str, dict[str, None]] = {}
        self._by_name: dict[tuple[str, ...], str] = {}
        self._by_any: dict[tuple[str, ...], str] = {}
        self.known_as: dict[str, str] = {}
        self.ids: set[str] = set()

    @property
    def own(self) -> frozenset[str]:
        """The ids of the subjects that are not the glossary's."""
        return frozenset(self._own)

    def _folded(self, text: str) -> tuple[str, ...]:
        return self._speller.plain(text.removeprefix("="))

    def add(self, plan_id: str, subject: OwnSubject) -> None:
        """Take a subject of a plan.

        Raises:
            CatalogueError: its name or one of its names holds no word.
        """
        texts = tuple(dict.fromkeys((subject.name, *filter(None, (subject.short,)), *subject.names)))
        if not all(map(self._folded, texts)):
            raise CatalogueError(plan_id, f"subject {subject.id} has a name without words")
        self.ids.add(subject.id)
        one = self._the_same(subject)
        if one != subject.id:
            self.known_as[subject.id] = one
        if one in self._of_glossary:
            self._added.setdefault(one, {}).update(dict.fromkeys(texts))
            return
        own = self._own.setdefault(one, _Own(one, subject.name, subject.short))
        own.names.update(dict.fromkeys(texts))
        self._by_name.setdefault(self._folded(subject.name), one)
        for text in texts:
            self._by_any.setdefault(self._folded(text), one)

    def _the_same(self, subject: OwnSubject) -> str:
        """The id under which this subject is had already, or its own."""
        if subject.id in self._of_glossary or subject.id in self._own:
            return subject.id
        if subject.id in self.known_as:
            return self.known_as[subject.id]
        name = self._folded(subject.name)
        known = self._known.get(name, set())
        if len(known) == 1:
            return next(iter(known))
        if name in self._by_any:
            return self._by_any[name]
        of_names = (self._by_name.get(self._folded(text)) for text in subject.names)
        return next(filter(None, of_names), subject.id)

    def renamed(self, plan: Plan) -> Plan:
        """The plan, its targets with the ids that all have."""
        if not any(target.indicator in self.known_as for target in plan.targets):
            return plan
        targets = tuple(
            msgspec.structs.replace(target, indicator=self.known_as.get(target.indicator, target.indicator))
            for target in plan.targets
        )
        return msgspec.structs.replace(plan, targets=targets)

    def glossary(self) -> Glossary:
        """The glossary with all that was taken."""
        subjects = [self._with_names(subject) for subject in self._glossary.subjects]
        for own in self._own.values():
            phrases = self._free(own.names, own.id) or (own.name,)
            subjects.append(
                Subject(id=own.id, name=own.name, short=own.short or own.name, rank=OWN_RANK, phrases=phrases)
            )
        return msgspec.structs.replace(self._glossary, subjects=tuple(subjects))

    def _with_names(self, subject: Subject) -> Subject:
        more = self._free(self._added.get(subject.id, {}), subject.id)
        return msgspec.structs.replace(subject, phrases=(*subject.phrases, *more)) if more else subject

    def _free(self, names: Iterable[str], subject_id: str) -> tuple[str, ...]:
        """Those of the names that mean nothing else yet."""
        found: Sequence[str] = [name for name in names if self._folded(name) not in self._known]
        return tuple(name for name in found if self._by_any.get(self._folded(name), subject_id) == subject_id)
