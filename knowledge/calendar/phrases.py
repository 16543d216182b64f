"""Phrases among the words of a text: met with their marks, or by their letters where all was typed without marks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from knowledge.calendar.words import HeardWord
from knowledge.text import fold, spelling


@cache
def _phrases(phrases: tuple[str, ...]) -> dict[str, list[list[tuple[str, str]]]]:
    """Phrases as the spellings and letters of their words, under the letters of the first."""
    found: dict[str, list[list[tuple[str, str]]]] = {}
    for phrase in phrases:
        cut = [_spelled(word) for word in phrase.split()]
        found.setdefault(cut[0][1], []).append(cut)
    return found


@lru_cache(maxsize=4096)
def _spelled(word: str) -> tuple[str, str]:
    return spelling(word), fold(word)


def places(tokens: Sequence[HeardWord], phrases: tuple[str, ...], is_bare: bool) -> list[int]:
    """Where one of the phrases begins; without marks only where `is_bare`."""
    return [at for at in range(len(tokens)) if begins(tokens[at:], phrases, is_bare)]


def begins(tokens: Sequence[HeardWord], phrases: tuple[str, ...], is_bare: bool) -> bool:
    """Whether the words begin with one of the phrases; without marks only where `is_bare`."""
    for phrase in _phrases(phrases).get(_spelled(tokens[0].word)[1], ()) if tokens else ():
        said = [_spelled(token.word) for token in tokens[: len(phrase)]]
        if said == phrase or (is_bare and [plain for _, plain in said] == [plain for _, plain in phrase]):
            return True
    return False


def has(tokens: Sequence[HeardWord], phrases: tuple[str, ...], is_bare: bool) -> bool:
    """Whether one of the phrases stands among the words; without marks only where `is_bare`."""
    return bool(places(tokens, phrases, is_bare))
