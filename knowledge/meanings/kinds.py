"""Kinds of sayings whose meaning is told by what stands in them together: who is reminded, what is asked of whose past.

Each kind stands in `kinds.toml`; it speaks for its meaning, whatever words stand around.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

from knowledge.catalogue import read_toml
from knowledge.meanings.model import AskerRole, Meaning
from knowledge.meanings.words import plain

FILE: Final = "kinds.toml"
LONGEST: Final = 300
"""Letters; longer texts say more than one thing."""
_GAP: Final = r"(?: \S+){0,3}"


class _Kind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind as written: the meaning, by whom it is said, what stands in it together, and what does not."""

    name: str
    means: Meaning
    who: tuple[AskerRole, ...]
    together: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: tuple[_Kind, ...]


class _Read:
    """A kind, as patterns over plain words with a blank on both sides."""

    def __init__(self, kind: _Kind) -> None:
        self.means, self.who = kind.means, frozenset(kind.who)
        self._together = [_one_of(some) for some in kind.together]
        self._without = _one_of(kind.without) if kind.without else None

    def fits(self, said: str) -> bool:
        if self._without is not None and self._without.search(said):
            return False
        return all(each.search(said) for each in self._together)


def _one_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of these phrases; ".." stands for up to three other words, "#" for a number."""
    written = (_GAP.join(f" {_words(part)}" for part in phrase.split("..")) for phrase in phrases)
    return re.compile(f"(?:{'|'.join(written)})(?= )")


def _words(part: str) -> str:
    return " ".join(r"\d+\S*" if word == "#" else re.escape(plain(word)) for word in part.split())


@cache
def _load() -> tuple[_Read, ...]:
    return tuple(_Read(kind) for kind in read_toml(files(__package__) / FILE, _Data).kinds)


def find_kind(text: str, role: AskerRole) -> Meaning | None:
    """The meaning of the first kind that a text said by such a person is of; None for none. Pure.

    Example: "tháng 9 em khai bao nhiêu lao động" from an officer → `Meaning.OWN_FIGURES`.
    """
    if len(text) > LONGEST:
        return None
    said = f" {plain(text)} "
    who = AskerRole.SUPERVISOR if role.supervises else role
    return next((kind.means for kind in _load() if who in kind.who and kind.fits(said)), None)
