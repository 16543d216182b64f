"""Units right below somebody, found by how they are called in a message: a code, a name, a part of it, a slip. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from rapidfuzz import fuzz

from knowledge.shares.words import load_words
from knowledge.text import fold

_NOT_WORDS: Final = re.compile(r"[^a-z0-9]+")
_ALIKE: Final = 84.0
"""How alike (0–100) a name must be to be offered."""
_SAME: Final = 93.0
"""How alike it must be to be meant."""
_APART: Final = 6.0
"""How much less alike every other name must be then."""
_MOST: Final = 8


class Fit(IntEnum):
    """How well words name a unit, the worst first."""

    NONE = 0
    ALIKE = 1
    PART = 2
    NAME = 3


@dataclass(frozen=True, slots=True)
class Below:
    """A unit right below, as far as it is named."""

    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """The units that words may mean; sure where it is one and nothing has to be asked."""

    units: tuple[int, ...] = ()
    fit: Fit = Fit.NONE
    is_sure: bool = False


def plain(text: str) -> str:
    """A name without marks, case and signs: "CĐCS Trường An" → "cdcs truong an"."""
    return _NOT_WORDS.sub(" ", fold(text)).strip()


@dataclass(frozen=True, slots=True)
class Known:
    """A unit as it is searched for: everything folded but `spelled`, the words of its name with their marks."""

    id: int
    code: str
    name: str
    core: str
    words: frozenset[str]
    spelled: tuple[str, ...]


class NamesBelow:
    """The names of the units right below, to be searched."""

    def __init__(self, units: Iterable[Below]) -> None:
        """Index them; their order is that in which they are offered."""
        self.kinds = sorted((" ".join(each) for each in load_words().phrases("kinds")), key=len, reverse=True)
        self.known = [self._index(each) for each in units]
        self.codes = {each.code: each.id for each in reversed(self.known)}
        self.numbered = {pair for each in self.known for pair in _find_numbered(each.spelled)}
        self._found: dict[str, NamedUnits] = {}

    def _index(self, unit: Below) -> Known:
        name = plain(unit.name)
        return Known(
            unit.id,
            plain(unit.code),
            name,
            self._core(name),
            frozenset((f"{name} {plain(unit.code)}").split()),
            tuple(re.findall(r"[^\W_]+", unit.name)),
        )

    def _core(self, name: str) -> str:
        """A name without the words for its kind in front."""
        rest, shorter = name, True
        while shorter:
            kind = next((each for each in self.kinds if rest.startswith(f"{each} ")), "")
            rest, shorter = rest[len(kind) :].strip(), bool(kind)
        return rest or name

    def find(self, words: str) -> NamedUnits:
        """The units that some words may mean."""
        said = plain(words)
        if said not in self._found:
            self._found[said] = self._find(said) if said else NamedUnits()
        return self._found[said]

    def _find(self, said: str) -> NamedUnits:
        core = self._core(said)
        if core in self.kinds:
            return NamedUnits()
        if said in self.codes:
            return NamedUnits((self.codes[said],), Fit.NAME, is_sure=True)
        named = [each.id for each in self.known if said == each.name] or [
            each.id for each in self.known if core == each.core
        ]
        if named:
            return _match(named, Fit.NAME)
        if core in self.codes:
            return NamedUnits((self.codes[core],), Fit.NAME, is_sure=True)
        needed = set(core.split())
        if any(len(word) > 1 and not word.isdecimal() for word in needed):
            parts = [each.id for each in self.known if needed <= each.words]
            if parts:
                return _match(parts, Fit.PART)
        return self._find_alike(core)

    def _find_alike(self, core: str) -> NamedUnits:
        if len(core) < 4:
            return NamedUnits()
        scored = sorted(
            ((fuzz.ratio(core, each.core), -place, each.id) for place, each in enumerate(self.known)), reverse=True
        )
        near = [(score, unit) for score, _, unit in scored if score >= _ALIKE][:_MOST]
        if not near:
            return NamedUnits()
        is_alone = len(near) == 1 or near[0][0] - near[1][0] >= _APART
        if near[0][0] >= _SAME and is_alone:
            return NamedUnits((near[0][1],), Fit.ALIKE, is_sure=True)
        return NamedUnits(tuple(unit for _, unit in near), Fit.ALIKE)


def _find_numbered(name: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The digits of a name with the word before each, and with the first letters of its last two words."""
    words = [fold(each) for each in name]
    for at, word in enumerate(words[1:], 1):
        if word.isdecimal():
            yield words[at - 1], word
            yield "".join(each[0] for each in words[max(0, at - 2) : at]), word


def _match(units: Sequence[int], fit: Fit) -> NamedUnits:
    return NamedUnits(tuple(units[:_MOST]), fit, is_sure=len(units) == 1)
