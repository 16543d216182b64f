"""The hand-written mechanisms of question understanding, each of which can be switched off by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import msgspec

from knowledge.glossary import Glossary, Subject

Change = Callable[[Glossary], Glossary]


def _as_it_is(glossary: Glossary) -> Glossary:
    return glossary


@dataclass(frozen=True)
class Mechanism:
    """One mechanism, and what stands in its place while it is off.

    Attributes:
        name: where it is: the key of the glossary, or module and function.
        without: the glossary without it.
        instead: by dotted name, what the code has in place of it.
    """

    name: str
    without: Change = _as_it_is
    instead: Mapping[str, Any] = field(default_factory=dict)

    @contextmanager
    def off(self) -> Iterator[None]:
        """Within, the code does without it; AttributeError where the code knows no such name."""
        with ExitStack() as stack:
            for name, replacement in self.instead.items():
                stack.enter_context(mock.patch(name, replacement))
            yield


def _nothing(*_: object, **__: object) -> None:
    return None


def _never(*_: object, **__: object) -> bool:
    return False


def _none(*_: object, **__: object) -> tuple[()]:
    return ()


def _same(given: object, *_: object, **__: object) -> object:
    return given


def _second(_self: object, given: object, *_: object, **__: object) -> object:
    return given


_RULES: Mapping[str, Mapping[str, Any]] = {
    "knowledge.naming.NamedAnswers": {
        "_elsewhere": _nothing,
        "_rows": _nothing,
        "_topics": _nothing,
        "_references": _nothing,
        "_documents": _nothing,
        "_by_figure": _nothing,
        "_sections": _nothing,
        "_overview": _nothing,
        "_subjects": _nothing,
        "_choices": _nothing,
        "_about_passages": _nothing,
        "_themed": _none,
        "_is_overview": _never,
        "_beyond_documents": _never,
        "_belongs_to_passages": _never,
        "_beside": _none,
        "overview": _nothing,
        "identity": _nothing,
    },
    "knowledge.weighing.Scales": {
        "_asks_results": _never,
        "_unreported": _second,
        "_is_settled": _never,
        "_may_mean_another": _never,
        "_is_by_the_way": _never,
        "_is_outranked": _never,
        "_quotes_the_law": _never,
        "_likeliest": _second,
        "_is_explained": _never,
        "_names_the_likeliest": _never,
        "_is_another": _never,
        "_is_apart": _never,
        "_joined": _second,
        "_doubting": _second,
    },
    "knowledge.weighing": {"_shows": _never, "holds_figure": _never, "is_denial": _never},
    "knowledge.elsewhere": {"find_bodies": _none},
    "knowledge.answer.Adviser": {"_drop_lesser_plans": _second, "_grown": _second},
    "knowledge.search.learned.Opinion": {"of": _same, "among": _same},
    "knowledge.asides.AsideFinder": {"find": lambda *_: set()},
    "knowledge.question": {
        "write_digits": _same,
        "find_spoken": lambda *_: {},
        "find_portion": _nothing,
        "find_bodies_of_asker": lambda *_: (),
        "_reaches_across": _never,
        "is_joined": _never,
        "_OF_SIZE": frozenset(),
    },
    "knowledge.question.Understanding": {
        "_with_slips": lambda *_: [],
        "_explains_away": _never,
        "_is_of": _never,
        "is_nearly_filler": _never,
        "belongs": _never,
        "_sharing": lambda *_: set(),
    },
    "knowledge.place_slips.PlaceSlips": {"find": lambda *_: iter(())},
    "knowledge.vocabulary.Vocabulary": {"near": _nothing, "split": _nothing},
    "knowledge.lexer": {"decode_telex": _nothing, "decode_vni": _nothing},
    "knowledge.passages.Passages": {
        "_goes_to": _never,
        "_favours": lambda _self, keys, _question: [1.0] * len(keys),
        "_is_one_syllable": _never,
        "_is_strange": _never,
    },
    "knowledge.rows.Rows": {"_part": _none},
    "knowledge.targets.TargetSelector": {"_quoted": _second, "_covering": lambda *_: []},
}
"""Roads and rules by where they are, and what each says while it is off: nothing, never, or what it was given."""

_OF_SUBJECTS: Mapping[str, Any] = {
    "terms": (),
    "near": (),
    "also": (),
    "over": (),
    "legal_rates": (),
    "by_year": None,
    "in_total": None,
}


def mechanisms(glossary: Glossary) -> Iterator[Mechanism]:
    """Every mechanism: the lists of the glossary, then roads and rules of the code."""
    yield from _lists(glossary)
    for place, rules in _RULES.items():
        for name, replacement in rules.items():
            yield Mechanism(f"{place.removeprefix('knowledge.')}.{name}", instead={f"{place}.{name}": replacement})


def _lists(glossary: Glossary) -> Iterator[Mechanism]:
    yield Mechanism("guards", _with(guards=()))
    yield Mechanism("abbreviations", _with(abbreviations={}))
    yield Mechanism("measures", _with(measures=()))
    for room in ("cues", "asides", "elsewhere"):
        for name in getattr(glossary, room).__struct_fields__:
            yield Mechanism(f"{room}.{name}", _within(room, name))
    for subject in glossary.subjects:
        if len(subject.phrases) > 1:
            yield Mechanism(f"subjects.{subject.id}.phrases", _of_subject(subject, phrases=subject.phrases[:1]))
        for name, nothing in _OF_SUBJECTS.items():
            if getattr(subject, name):
                yield Mechanism(f"subjects.{subject.id}.{name}", _of_subject(subject, **{name: nothing}))
    for at, scope in enumerate(glossary.scopes):
        if scope.phrases:
            bare = msgspec.structs.replace(scope, phrases=())
            scopes = (*glossary.scopes[:at], bare, *glossary.scopes[at + 1 :])
            yield Mechanism(f"scopes.{scope.id}", _with(scopes=scopes))
    for theme in glossary.themes:
        themes = tuple(other for other in glossary.themes if other is not theme)
        yield Mechanism(f"themes.{theme.name}", _with(themes=themes))


def _with(**parts: object) -> Change:
    return lambda glossary: msgspec.structs.replace(glossary, **parts)


def _within(room: str, name: str) -> Change:
    def change(glossary: Glossary) -> Glossary:
        emptied = msgspec.structs.replace(getattr(glossary, room), **{name: ()})
        return msgspec.structs.replace(glossary, **{room: emptied})

    return change


def _of_subject(subject: Subject, **parts: object) -> Change:
    bare = msgspec.structs.replace(subject, **parts)
    return lambda glossary: msgspec.structs.replace(
        glossary, subjects=tuple(bare if other.id == bare.id else other for other in glossary.subjects)
    )
