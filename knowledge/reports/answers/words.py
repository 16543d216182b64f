"""The words of such reports, as they are read; those that shake figures or put them right are those of all reports."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.reports.phrases import DATA
from knowledge.text import fold
from knowledge.tokens import PhraseIndex, index_phrases

SHAKING: Final = ("before", "maybe", "beside", "correcting", "surely", "take_back", "not_counted")
"""Lists of all reports that this reader takes up."""

_OF_NAMES: Final = frozenset(
    {
        "name_lead",
        "name_tail",
        "everyday",
        "inside",
        "beginning_yes",
        "everyday_verbs",
        "between_answer",
        "never_alone",
        "leaning",
    }
    | {"not_shaking", "vague", "rough_bare", "year_word", "year_begins"}
)
"""Lists of words that are looked up one by one."""


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lists: dict[str, tuple[str, ...]]
    shorts: dict[str, tuple[str, ...]]
    units: dict[str, tuple[str, ...]]
    tens: dict[str, str]


@cache
def load() -> _Data:
    """The file; it says what each list is."""
    return read_toml(files("knowledge.reports.answers") / "words.toml", _Data)


def _filled_in(phrase: str) -> Iterator[str]:
    """A phrase with each "<name>" in it replaced by every phrase of that list."""
    parts = [
        [each for inner in DATA.lists[word[1:-1]] for each in _filled_in(inner)] if word.startswith("<") else [word]
        for word in phrase.split()
    ]
    yield from (" ".join(words) for words in product(*parts))


@cache
def index() -> PhraseIndex:
    """All phrases of the lists, and of the units of measure as lists of their own."""
    left_out = frozenset(load().lists["not_shaking"])
    shaking = {
        name: [each for phrase in DATA.lists[name] if phrase not in left_out for each in _filled_in(phrase)]
        for name in SHAKING
    }
    lists = {name: phrases for name, phrases in load().lists.items() if name not in _OF_NAMES}
    return index_phrases({**lists, **load().units, **shaking})


@cache
def vague() -> frozenset[str]:
    """Words that mean too many things to be known without their marks where they stand alone."""
    shaking = {phrase for name in SHAKING for phrase in DATA.lists[name] if fold(phrase) in DATA.lists["ambiguous"]}
    return frozenset({*load().lists["vague"], *shaking})


@cache
def folded(name: str) -> frozenset[str]:
    """The phrases of a list without marks."""
    return frozenset(map(fold, load().lists[name]))


@cache
def spoken(name: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a list as words with their marks, the longest first."""
    return tuple(sorted((tuple(each.split()) for each in load().lists[name]), key=lambda words: (-len(words), words)))


@cache
def groups_of(unit: str) -> frozenset[str]:
    """The groups of units of measure that a row's unit is in; none where it is in none.

    Example: "lượt người" → turns, and people whom they are counted in.
    """
    own = _groups(fold(unit))
    of_words = [_groups(word) for word in fold(unit).split()]
    return own.union(*(groups for groups in of_words if groups & own))


def _groups(unit: str) -> frozenset[str]:
    return frozenset(name for name, words in load().units.items() if unit in map(fold, words))


@cache
def _counted() -> frozenset[str]:
    return frozenset(fold(word) for words in load().units.values() for word in words)


def is_counted(word: str) -> bool:
    """Whether a word is one in which something is counted."""
    return fold(word) in _counted()


@cache
def _said_short() -> frozenset[str]:
    return frozenset(fold(word) for words in load().shorts.values() for word in words)


def is_said_short(word: str) -> bool:
    """Whether letters stand for other words already."""
    return fold(word) in _said_short() or is_counted(word)


UNITS: Final = frozenset(load().units)
"""The groups of units of measure."""


@cache
def units_folded(group: str) -> frozenset[str]:
    """The words of a group of units of measure, without marks."""
    return frozenset(map(fold, load().units[group]))
