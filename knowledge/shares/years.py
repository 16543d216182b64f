"""The year that some words name. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.shares.words import load_words
from knowledge.text import fold

_WORDS: Final = load_words()
_YEAR_DIGITS: Final = r"20[0-9]{2}"
_NAMED_YEAR: Final = _WORDS.composed(r"\b%year%\s+([0-9]{4})\b")
_BARE_YEAR: Final = _WORDS.composed(
    rf"(?<![\d.,])({_YEAR_DIGITS})(?=\s*(?:$|[:,;])|\s+(?:[0-9]|%to%|%evenly%|%by_members%|%as_last_year%|%unchanged%))"
)
_YEARS_AROUND: Final = 10
_YEARS: Final = tuple(
    (step, _WORDS.composed(rf"\b%{name}%\b")) for step, name in ((0, "this_year"), (1, "next_year"), (-1, "past_year"))
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
    return [int(found[1]) for found in _NAMED_YEAR.finditer(_fold_each(text))]


def take_year(text: str, today: date) -> tuple[int | None, str]:
    """The year that some words name, and the words without it: "kết nạp năm sau" → 2027 (said in 2026), "kết nạp"."""
    words = _Text(text)
    named = words.take(_NAMED_YEAR)
    if named is None:
        bare = _BARE_YEAR.search(_fold_each(words.said))
        is_near = bare is not None and abs(int(bare[1]) - today.year) <= _YEARS_AROUND
        named = words.take(_BARE_YEAR) if is_near else None
    if named is not None:
        return int(named[1]), words.said
    for step, pattern in _YEARS:
        if words.take(pattern) is not None:
            return today.year + step, words.said
    return None, words.said
