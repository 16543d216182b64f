"""The order of names as people read them: Vietnamese letters in the order of the alphabet, numbers by their size."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from knowledge.model.words import ALPHABET

_PLACES: Final = {letter: place for place, letter in enumerate(ALPHABET, start=200)}
_TONES: Final = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_PARTS: Final = re.compile(r"(\d+)")

NameKey = tuple[tuple[tuple[int, int, tuple[int, ...]], ...], tuple[int, ...]]


def order_of(name: str) -> NameKey:
    """What to sort a name by: "CS2" before "CS10", Đ after D, tones only where the letters are the same."""
    tones: list[int] = []
    parts = [
        (0, int(part), ()) if part.isdecimal() else (1, 0, _letters(part, tones))
        for part in _PARTS.split(name.strip().lower())
        if part
    ]
    return tuple(parts), tuple(tones)


def _letters(text: str, tones: list[int]) -> tuple[int, ...]:
    places = []
    for letter in unicodedata.normalize("NFC", text):
        marks = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in marks if mark in _TONES), "")
        bare = unicodedata.normalize("NFC", marks.replace(tone, "")) if tone else letter
        tones.append(_TONES.get(tone, 0))
        places.append(_PLACES.get(bare, min(ord(bare[0]), 199) if ord(bare[0]) < 128 else 300 + ord(bare[0])))
    return tuple(places)
