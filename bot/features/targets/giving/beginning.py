"""Which messages hand shares down, or change them, whatever else their words may mean. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from knowledge.meanings import Meaning
from knowledge.meanings.words import load_words
from knowledge.shares.reading import Change, ReadShares

_NO_CHANGE: Final = frozenset({Meaning.REPORT, Meaning.BEGIN_REPORT, Meaning.EXTENSION, Meaning.SET_DEADLINE})
"""Meanings of messages that name a unit and numbers, and change no shares."""


class Begun(StrEnum):
    """How a message begins: it hands shares down, or changes such as stand."""

    GIVES = "gives"
    CHANGES = "changes"


def find_beginning(text: str, means: Meaning) -> Begun | None:
    """How a message begins by its words; None where it begins neither.

    Args:
        means: what it was taken for.
    """
    if load_words().hands_down(text):
        return Begun.GIVES
    return Begun.CHANGES if load_words().changes_shares(text) and means not in _NO_CHANGE else None


def is_sure(read: ReadShares) -> bool:
    """Whether a message surely says shares: it names a unit, or serves all of them, and all of it was understood."""
    names = any(each.match.is_sure for each in read.shares)
    return (names or (read.spread is not None and not read.shares)) and not read.unread


def changes(read: ReadShares) -> bool:
    """Whether it says of any share by how much it changes."""
    said = [*(each.change for each in read.shares), *([read.change] if read.spread is not None else [])]
    return any(each is not Change.TO for each in said)
