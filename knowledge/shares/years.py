"""The year that some words name. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from knowledge.shares.words import load_words
from knowledge.text import fold

_YEAR_DIGITS: Final = r"20[0-9]{2}"
_YEARS_AROUND: Final = 10


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How a year is named, how it stands alone, and the words for those around the present one, by their distance."""

    named: re.Pattern[str]
    bare: re.Pattern[str]
    around: tuple[tuple[int, re.Pattern[str]], ...]


@cache
def _patterns() -> _Patterns:
    """Made when shares are first read: the lists are long, and most programs read none."""
    composed = load_words().composed
    names = ((0, "this_year"), (1, "next_year"), (-1, "past_year"))
    return _Patterns(
        composed(r"\b%year%\s+([0-9]{4})\b"),
        composed(
            rf"(?<![\d.,])({_YEAR_DIGITS})"
            r"(?=\s*(?:$|[:,;])|\s+(?:[0-9]|%to%|%evenly%|%by_members%|%as_last_year%|%unchanged%))"
        ),
        tuple((step, composed(rf"\b%{name}%\b")) for step, name in names),
    )


def _fold_each(text: str) -> str:
    """The text folded letter by letter, so that places in it are those of the text."""
    return "".join(each if len(each := fold(letter)) == 1 else letter for letter in text)


@dataclass(slots=True)
class _Text:
    """Words with the same words folded, to be taken apart."""

    said: str

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take a pattern out; None where it is not there."""
        found = pattern.search(_fold_each(self.said))
        if found is not None:
            self.said = f"{self.said[: found.start()]} {self.said[found.end() :]}".strip()
        return found


def list_named_years(text: str) -> list[int]:
    """The years that some words name as such, near or not: "Kết nạp năm 2026" → 2026."""
    return [int(found[1]) for found in _patterns().named.finditer(_fold_each(text))]


def take_year(text: str, today: date) -> tuple[int | None, str]:
    """The year that some words name, and the words without it: "kết nạp năm sau" → 2027 (said in 2026), "kết nạp"."""
    words = _Text(text)
    named = words.take(_patterns().named)
    if named is None:
        bare = _patterns().bare.search(_fold_each(words.said))
        is_near = bare is not None and abs(int(bare[1]) - today.year) <= _YEARS_AROUND
        named = words.take(_patterns().bare) if is_near else None
    if named is not None:
        return int(named[1]), words.said
    for step, pattern in _patterns().around:
        if words.take(pattern) is not None:
            return today.year + step, words.said
    return None, words.said
