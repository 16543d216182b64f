"""Phrases of reports as data, made into patterns over a message with and without its marks."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec

from knowledge.catalogue import read_toml
from knowledge.text import fold
from knowledge.wordlists import WordLists


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lists: dict[str, list[str]]
    months: dict[str, int]
    english_months: dict[str, int]
    abbreviations: dict[str, str]
    table_short: dict[str, str]


DATA = read_toml(files("knowledge.reports") / "words.toml", _Data)


_LISTS = WordLists(DATA.lists)
folded, phrases, composed = _LISTS.folded, _LISTS.phrases, _LISTS.composed


@cache
def either(name: str, *, plain: bool) -> str:
    """A list as the alternatives of a pattern, the longest first; `plain`: single words without marks too.

    "<name>" in a phrase stands for any phrase of that list.
    """
    vague = frozenset(DATA.lists["ambiguous"])
    return "|".join(
        " +".join(_word(word, bare=" " in phrase or (plain and fold(word) not in vague)) for word in phrase.split())
        for phrase in sorted(DATA.lists[name], key=lambda phrase: (-len(phrase), phrase))
    )


def _word(word: str, *, bare: bool) -> str:
    if word.startswith("<"):
        return f"(?:{either(word[1:-1], plain=bare)})"
    shapes = dict.fromkeys((word, fold(word))) if bare else (word,)
    return f"(?:{'|'.join(map(re.escape, shapes))})(?:zz)?"


@cache
def pattern(name: str, *, plain: bool) -> re.Pattern[str]:
    """The phrases of a list as whole words."""
    return re.compile(rf"(?<!\w)(?:{either(name, plain=plain)})(?!\w)")
