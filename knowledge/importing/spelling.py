"""Whether scanning left words in a sentence that no Vietnamese has: then its other words may be wrong too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from knowledge.importing.phrases import pattern
from knowledge.importing.shadow import mend_font, shadow
from knowledge.text import is_syllable

_WORD = re.compile(r"[^\W_]+")
_FOREIGN = pattern(r"(?:%foreign%)")


def has_damage(text: str) -> bool:
    """Whether a sentence holds a word that is no syllable, no short form in capitals and no known foreign word."""
    return any(_is_damaged(word) for word in _WORD.findall(text) if not _is_short_form(word))


MOST_DAMAGED: Final = 0.02
"""Share of damaged words from which on no word of a document is relied on."""


def is_damaged_throughout(texts: Iterable[str]) -> bool:
    """Whether so many words of a document are damaged that any figure may bind otherwise than it seems."""
    words = [word for text in texts for word in _WORD.findall(text) if word.isalpha() and len(word) > 1]
    words = [word for word in words if not _is_short_form(word)]
    return bool(words) and sum(map(_is_damaged, words)) > max(3.0, MOST_DAMAGED * len(words))


def _is_short_form(word: str) -> bool:
    """Whether a word is written as short forms are: "CĐCS", "TƯLĐTT", "CNVCLĐ"; "nhằm" in capitals is a syllable."""
    return len(word) > 1 and sum(letter.isupper() for letter in word) > len(word) / 2


@lru_cache(maxsize=8192)
def _is_damaged(word: str) -> bool:
    folded = shadow(word)
    if folded.isdecimal() or _FOREIGN.fullmatch(folded):
        return False
    if is_syllable(mend_font(word).lower()) or is_syllable(folded) or is_syllable(folded.replace("uu", "ưu")):
        return False
    return any(letter in "aeiouy" or letter.isdecimal() for letter in folded) or len(word) > 1
